"""``prep scenarios``: the county's own scenarios, by which chains are questioned."""

from math import isinf
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from prep import clock
from prep.cli.output import as_json, language, open_database, remark, show_json, show_table, text
from prep.cli.rights import right
from prep.language import HELSINKI, say

if TYPE_CHECKING:
    from prep.alerting.own_scenarios import OwnScenario


@click.group()
def scenarios() -> None:
    """Own scenarios: list, show, export, take from a file, remove."""


@right("chain.read")
@scenarios.command("list")
@as_json
def list_scenarios(*, json_wanted: bool) -> None:
    """Every own scenario, and what it says."""
    from prep.alerting.scenario_records import own_scenario, part_names, stored_scenarios, whole_network
    from prep.db import read_session

    with read_session(open_database()) as session:
        found = [own_scenario(row) for row in stored_scenarios(session)]
        names = part_names(whole_network(session, on=clock.today(), language=language())) if found else {}
    if json_wanted:
        show_json([_as_json(one) for one in found])
        return
    show_table(
        [say("Key"), say("Name"), say("What it says")],
        [[one.key, one.name, "; ".join(text(words) for words in one.told(names))] for one in found],
    )
    if not found:
        remark(say("There are no own scenarios yet."))


@right("chain.read")
@scenarios.command()
@click.argument("key")
@as_json
def show(key: str, *, json_wanted: bool) -> None:
    """One own scenario, sentence by sentence, and what of it no chain uses any more."""
    from prep.alerting.own_scenarios import unknown_parts
    from prep.alerting.scenario_records import find_scenario, own_scenario, part_names, whole_network
    from prep.db import read_session

    with read_session(open_database()) as session:
        found = own_scenario(find_scenario(session, key))
        names = part_names(whole_network(session, on=clock.today(), language=language()))
    if json_wanted:
        show_json({**_as_json(found), "unused": unknown_parts(found, names)})
        return
    click.echo(f"{found.key}: {found.name}")
    for words in found.told(names):
        click.echo(text(words))
    if found.note:
        click.echo(found.note)
    if gone := unknown_parts(found, names):
        remark(say("No chain uses {parts} any more: it changes nothing.", parts=", ".join(gone)))


@right("chain.read")
@scenarios.command()
@click.argument("keys", metavar="[KEY]…", nargs=-1)
def export(keys: tuple[str, ...]) -> None:
    """Write own scenarios, or all of them, as a file that “prep scenarios import” reads."""
    from prep.alerting.scenario_records import find_scenario, own_scenario, stored_scenarios
    from prep.db import read_session
    from prep.exchange.scenario_files import scenarios_as_toml

    with read_session(open_database()) as session:
        rows = [find_scenario(session, key) for key in keys] if keys else stored_scenarios(session)
        click.echo(scenarios_as_toml(own_scenario(row) for row in rows), nl=False)


@right("chain.edit")
@scenarios.command("import")
@click.argument("file", type=click.Path(path_type=Path))
def import_file(file: Path) -> None:
    """Take own scenarios from a file; one of the same key is replaced, or nothing is changed."""
    from prep.db import write_session
    from prep.exchange.scenario_files import import_scenarios

    with write_session(open_database(), actor="command: scenarios import", why=str(file)) as session:
        keys = [row.key for row in import_scenarios(session, file, on=clock.today())]
    click.echo(text(say("Scenarios kept: {keys}.", keys=keys)))


@right("chain.edit")
@scenarios.command()
@click.argument("key")
def remove(key: str) -> None:
    """Remove an own scenario."""
    from prep.alerting.scenario_records import find_scenario, remove_scenario
    from prep.db import write_session

    with write_session(open_database(), actor="command: scenarios remove") as session:
        remove_scenario(session, find_scenario(session, key))
    click.echo(text(say("Removed: {keys}.", keys=[key])))


def _as_json(one: "OwnScenario") -> dict[str, Any]:
    return {
        "key": one.key,
        "name": one.name,
        "hours": {hour.value: weight for hour, weight in one.hours},
        "at": one.at and one.at.astimezone(HELSINKI).isoformat(),
        "away": one.away_p,
        "down": one.down,
        "outages": [
            {
                "part": part,
                "from_min": window.starts_s / 60,
                "until_min": None if isinf(window.ends_s) else window.ends_s / 60,
            }
            for part, window in one.windows
        ],
        "fails": dict(one.fails),
        "note": one.note,
    }
