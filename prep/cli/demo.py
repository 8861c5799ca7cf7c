"""``prep demo``: an invented county, and everything that prep does with it, in one go."""

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from prep import clock
from prep.cli.output import (
    SIGNS,
    STYLES,
    as_json,
    console,
    language,
    remark,
    settings,
    show_json,
    show_table,
    text,
)
from prep.cli.rights import right
from prep.language import Message, in_language, say
from prep.terms import Language

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from prep.demo.build import Simulated
    from prep.exchange.importing import ImportPlan
    from prep.readiness.finding import Finding

CARDS = "cards.pdf"


@right("server")
@click.command()
@click.option(
    "--lang",
    "card_language",
    type=click.Choice([one.value for one in Language]),
    help="The language of the cards; PREP_LANGUAGE if not given, else Finnish.",
)
@as_json
def demo(*, card_language: str | None, json_wanted: bool) -> None:
    """Build an invented county, simulate its alert chains, list what is not in order, print its cards."""
    from prep.db import make_engine
    from prep.demo.database import start_again

    started = time.monotonic()
    folder = settings().instance / "demo"
    folder.mkdir(parents=True, exist_ok=True)
    engine = make_engine(settings().resolved_database_url)
    start_again(engine)
    plan = _build(engine, folder)
    simulated, found = _simulate(engine)
    cards = folder / CARDS
    chosen = Language(card_language) if card_language else settings().language or Language.FI
    printed = _print_cards(engine, cards, chosen)
    if json_wanted:
        show_json(_as_json(simulated, found, plan, cards, printed))
        return
    _show(simulated, found, plan)
    _show_files(folder, cards, printed, seconds=time.monotonic() - started)


def _build(engine: "Engine", folder: Path) -> "ImportPlan":
    from prep.db import write_session
    from prep.demo import build

    today = clock.today()
    _step(1, say("Central Ostrobothnia from the agreement, with invented people …"))
    with write_session(engine, actor="command: demo", why="demonstration") as session:
        build.make_county(session, on=today)
    _step(2, say("A municipality's spreadsheet of premises, read as it is …"))
    with write_session(engine, actor="command: demo", why=build.SPREADSHEET) as session:
        plan, _ = build.import_premises(session, folder, on=today)
    _step(3, say("Alert chains of every management group …"))
    with write_session(engine, actor="command: demo", why="demonstration") as session:
        build.make_chains(session, on=today)
    return plan


def _simulate(engine: "Engine") -> "tuple[list[Simulated], list[Finding]]":
    from prep.cli.alerting.asking import warm_up
    from prep.db import read_session, write_session

    warm_up()
    from prep.demo import build
    from prep.readiness.facts import gather
    from prep.readiness.findings import findings

    _step(4, say("Simulating every chain in {n} situations …", n=len(build.SCENARIOS)))
    with write_session(engine, actor="command: demo", why="demonstration") as session:
        simulated = build.simulate_chains(session, on=clock.today(), language=language())
        session.expunge_all()
    with read_session(engine) as session:
        return simulated, findings(gather(session, on=clock.today()), language=language())


def _print_cards(engine: "Engine", path: Path, card_language: Language) -> Any:
    from prep.cards import document, records, register_records
    from prep.cli.drafts import draft
    from prep.db import write_session

    _step(5, say("Setting all cards …"))
    with write_session(engine, actor="command: demo", why="demonstration") as session:
        at = clock.now()
        cards = records.county_cards(session, language=card_language, on=clock.today(), at=at)
        title = in_language(say("Cards of the demonstration county"), card_language)
        with draft(path) as file:
            printed = document.write(file, cards, title=title, language=card_language, at=at)
            register_records.register(session, cards, at, register_records.Run(path.name, by="demo"))
    return printed


def _step(number: int, message: Message) -> None:
    remark(say("{number}/5 {message}", number=number, message=message))


def _show(simulated: "list[Simulated]", found: "list[Finding]", plan: "ImportPlan") -> None:
    from prep.alerting.scenarios import parse
    from prep.cli.alerting.asking import share_in_short
    from prep.cli.alerting.simulating import show_answers
    from prep.demo.build import RUNS, SCENARIOS, SEED
    from prep.readiness.judgement import JUDGED_BY

    console().print()
    judged = [(one.chain, one.network, one.given) for one in simulated]
    show_answers(
        judged,
        title=say(
            "Can every group be reached? {scenario}, {runs} runs, seed {seed}",
            scenario=parse(JUDGED_BY).name,
            runs=RUNS,
            seed=str(SEED),
        ),
    )
    console().print()
    show_table(
        [say("Group"), *(parse(key).name for key in SCENARIOS)],
        [
            [one.chain.name, *(share_in_short(one.reach[key].quorum, interval=False) for key in SCENARIOS)]
            for one in simulated
        ],
        title=say("The same in other situations: quorum in time"),
    )
    console().print()
    _show_findings(found)
    _show_import(plan)


def _show_findings(found: "list[Finding]") -> None:
    from rich.text import Text

    console().print(Text(text(say("Not in order: {n}", n=len(found))), style="bold"))
    for one in found:
        line = Text(f" {SIGNS[one.state]} ", style=STYLES[one.state])
        line.append(text(one.sentence), style="default")
        if one.detail is not None:
            line.append(f"  {text(one.detail)}", style="dim")
        console().print(line, soft_wrap=not console().is_terminal)
    console().print()


def _show_import(plan: "ImportPlan") -> None:
    from rich.text import Text

    from prep.exchange.findings import Severity

    head = say(
        "{file}: {landed} premises taken in, {refused} rows refused, {findings} findings",
        file=plan.file,
        landed=len(plan.new),
        refused=len(plan.refused),
        findings=len(plan.findings),
    )
    console().print(Text(text(head), style="bold"))
    for one in plan.findings:
        if one.severity is not Severity.NOTE:
            console().print(Text(f"   {one.in_language(language())}"), soft_wrap=not console().is_terminal)
    console().print()


def _show_files(folder: Path, cards: Path, printed: Any, *, seconds: float) -> None:
    lines: list[Message] = [
        say("{n} cards on {sides} sides: {file}", n=printed.cards, sides=printed.sides, file=str(cards)),
        say("The spreadsheet that was read: {folder}", folder=str(folder)),
        say("Everything here is invented. Done in {seconds} s.", seconds=round(seconds, 1)),
        say("See it on pages: make serve, or prep serve; it prints a link that signs you in."),
    ]
    for line in lines:
        console().print(text(line), soft_wrap=True)


def _as_json(
    simulated: "list[Simulated]", found: "list[Finding]", plan: "ImportPlan", cards: Path, printed: Any
) -> dict[str, Any]:
    from prep.cli.alerting.simulating import row_as_json

    return {
        "simulations": [row_as_json((one.chain, one.network, one.given)) for one in simulated],
        "scenarios": {
            one.chain.key: {key: reach.quorum.p for key, reach in one.reach.items()} for one in simulated
        },
        "findings": [
            {
                "kind": one.kind,
                "state": one.state,
                "sentence": one.sentence,
                "detail": one.detail,
                "municipality": one.municipality,
                "about": "/".join(one.about),
            }
            for one in found
        ],
        "import": {
            "new": len(plan.new),
            "refused": len(plan.refused),
            "findings": [one.in_language(language()) for one in plan.findings],
        },
        "cards": {"file": str(cards), "cards": printed.cards, "sides": printed.sides},
    }
