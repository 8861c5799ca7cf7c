"""The register of issued cards: list it, check a code, print again what is wrong, note where copies are."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from prep import clock
from prep.cli.drafts import draft, municipality_named
from prep.cli.output import as_json, language, open_database, remark, settings, show_json, show_table
from prep.cli.rights import right
from prep.errors import NotFound, Problem
from prep.language import Message, in_language, say
from prep.terms import CopyState, State

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from prep.cards.register_records import Issue

COMMAND = "command: cards reprint"


@right("card.read")
@click.command()
@click.option("--wrong", "only_wrong", is_flag=True, help="Only copies in use that are out of date.")
@click.option("--municipality", "place", metavar="M", help="Only one municipality: its code or name.")
@as_json
def register(*, only_wrong: bool, place: str | None, json_wanted: bool) -> None:
    """Which cards were printed, where their copies are, and which are out of date: what changed on them."""
    from prep.cards.content import load_library
    from prep.cards.register_words import STATES, name_of_card
    from prep.db import read_session

    with read_session(open_database()) as session:
        found = [one for one in _issues(session, place) if one.is_wrong or not only_wrong]
        if json_wanted:
            show_json([_as_json(one) for one in found])
            return
        library = load_library()
        show_table(
            [
                say("No."),
                say("Code"),
                say("Card"),
                say("Municipality"),
                say("Copies"),
                say("Where"),
                say("State"),
                say("What has changed"),
            ],
            [
                [
                    one.copies.id,
                    one.copies.code,
                    name_of_card(one.copies.card.title, one.copies.card.role, library, language()),
                    one.copies.card.municipality_code,
                    one.copies.copies,
                    ", ".join(part for part in (one.copies.holder, one.copies.place) if part) or None,
                    _state(one) if one.copies.state is CopyState.OUT else STATES[one.copies.state],
                    _joined(one.standing.changes),
                ]
                for one in found
            ],
        )


@right("card.print", "contact.phone")
@click.command()
@click.option("--municipality", "place", metavar="M", help="Only one municipality: its code or name.")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), required=True, metavar="FILE", help="The PDF to write."
)
@as_json
def reprint(*, place: str | None, output: Path, json_wanted: bool) -> None:
    """Print only the cards whose copies in use are out of date, for those who have them."""
    from prep.cards import document
    from prep.cards.register_records import Run
    from prep.cards.register_records import reprint as enter
    from prep.db import write_session

    at = clock.now()
    with draft(output) as file, write_session(open_database(), actor=COMMAND, why=output.name) as session:
        wrong = [one for one in _issues(session, place) if one.is_to_reprint]
        if not wrong:
            raise _nothing_wrong()
        cards = enter(session, wrong, at, Run(output.name, COMMAND))
        title = in_language(say("Cards printed again"), language())
        printed = document.write(file, cards, title=title, language=language(), at=at, tell=remark)
    copies = sum(one.copies.copies for one in wrong)
    if json_wanted:
        show_json({"cards": printed.cards, "sides": printed.sides, "copies": copies, "file": str(output)})
    else:
        show_table(
            [say("Cards"), say("Sides"), say("Copies in all"), say("File")],
            [[printed.cards, printed.sides, copies, str(output)]],
        )


@right("card.print")
@click.command("copies")
@click.argument("number", type=int)
@click.option("--holder", metavar="WHO", help="Who has them: a post or a unit.")
@click.option("--place", metavar="WHERE", help="Where they are kept.")
@click.option("--state", type=click.Choice([str(one) for one in CopyState]), help="What has become of them.")
@as_json
def copies_at(
    *, number: int, holder: str | None, place: str | None, state: str | None, json_wanted: bool
) -> None:
    """Note where the copies of a number in the register are, or what has become of them."""
    from prep.cards.register_records import change_copies
    from prep.db import write_session
    from prep.models import CardCopies

    with write_session(open_database(), actor="command: cards copies") as session:
        row = session.get(CardCopies, number)
        if row is None:
            raise NotFound(
                Problem(
                    place=say("The register of issued cards"),
                    value=str(number),
                    rule=say("No copies have this number."),
                    remedy=say("“prep cards register” lists them with their numbers."),
                )
            )
        change_copies(
            row,
            holder=row.holder if holder is None else holder,
            place=row.place if place is None else place,
            state=CopyState(state) if state else row.state,
            on=clock.today(),
        )
        shown = {"number": row.id, "holder": row.holder, "place": row.place, "state": row.state}
    if json_wanted:
        show_json(shown)
    else:
        show_table(
            [say("No."), say("Who has them"), say("Where they are"), say("State")], [list(shown.values())]
        )


@right("card.read", status_1="out of date, unknown or mistyped")
@click.command()
@click.argument("code")
@click.option("--offline", is_flag=True, help="Ask no database: only whether the code was typed right.")
@as_json
def check(*, code: str, offline: bool, json_wanted: bool) -> None:
    """Whether the card of a code is current, or what has changed on it since it was printed.

    CODE is what stands below the QR code, or the text of the QR code. With the two check characters it is also told
    whether it was typed right; that needs no database.
    """
    from prep.cards.code import printed, read_code

    typed = read_code(code)
    if offline:
        sure = (
            say("{code} was typed right.", code=printed(typed.code))
            if typed.is_checked
            else say(
                "{code} can be a code. Whether it was typed right, only its two check characters tell.",
                code=code.strip(),
            )
        )
        _tell({"code": typed.code, "typed_right": typed.is_checked or None}, sure, json_wanted=json_wanted)
        return
    from prep.cards.register_words import verdict

    standing = _standing(typed.code)
    _tell(
        {
            "code": typed.code,
            "current": standing.is_current,
            "now": standing.today,
            "changes": list(standing.changes),
        },
        verdict(typed.code, standing.today),
        json_wanted=json_wanted,
    )
    if not json_wanted:
        for change in standing.changes:
            click.echo(f"- {in_language(change, language())}")
    if not standing.is_current:
        click.get_current_context().exit(1)


def _standing(code: str) -> Any:
    from prep.cards.register_records import standings
    from prep.db import read_session
    from prep.models import IssuedCard

    with read_session(open_database()) as session:
        row = session.get(IssuedCard, code)
        if row is None:
            raise NotFound(
                Problem(
                    place=say("The register of issued cards"),
                    value=code,
                    rule=say("No card of this code has been printed here."),
                    remedy=say("Compare the code with the card once more; it may be of another county."),
                )
            )
        found = standings(
            session,
            [row],
            classification=settings().classification,
            on=clock.today(),
            at=clock.now(),
        )
        session.expunge_all()
        return found[code]


def _issues(session: "Session", place: str | None) -> "list[Issue]":
    from prep.cards.register_records import issues

    code = municipality_named(session, place).code if place else None
    return issues(
        session,
        classification=settings().classification,
        on=clock.today(),
        at=clock.now(),
        among=lambda row: code is None or row.municipality_code == code,
    )


def _tell(values: dict[str, Any], words: Message, *, json_wanted: bool) -> None:
    if json_wanted:
        show_json(values)
    else:
        click.echo(in_language(words, language()))


def _state(issue: "Issue") -> State:
    if not issue.is_wrong:
        return State.OK
    return State.WARNING if issue.is_replaced else State.FAULT


def _joined(changes: "tuple[Message, ...]") -> str | None:
    return "; ".join(in_language(change, language()) for change in changes) or None


def _as_json(issue: "Issue") -> dict[str, Any]:
    card, copies = issue.copies.card, issue.copies
    return {
        "number": copies.id,
        "code": copies.code,
        "kind": card.kind,
        "title": card.title,
        "municipality": card.municipality_code,
        "role": card.role,
        "disruption": card.disruption,
        "language": card.language,
        "text_version": card.text_version,
        "printed_at": copies.run.printed_at,
        "file": copies.run.name,
        "copies": copies.copies,
        "holder": copies.holder,
        "place": copies.place,
        "state": copies.state,
        "current": issue.standing.is_current,
        "changes": list(issue.standing.changes),
        "replaced_by": copies.replaced_by_id,
    }


def _nothing_wrong() -> NotFound:
    return NotFound(
        Problem(
            place=say("Cards"),
            value=None,
            rule=say("No copy that is in use is out of date."),
            remedy=say("Nothing has to be printed again; “prep cards register” lists the copies."),
        )
    )
