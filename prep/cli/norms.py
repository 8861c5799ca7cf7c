"""``prep norms``: the norm sets that there are, their figures with sources, and the county's own."""

from typing import TYPE_CHECKING, Any

import click

from prep.cli.output import as_json, language, open_database, remark, show_json, show_table, text
from prep.cli.rights import right
from prep.language import say

if TYPE_CHECKING:
    from prep.evacuation.norms import Norms, Phase

_PHASES = ("hours", "short", "long")


@click.group()
def norms() -> None:
    """Norm sets: list, show, make, set a figure, choose the default."""


@right("site.read")
@norms.command("list")
@as_json
def list_(*, json_wanted: bool) -> None:
    """Every norm set, and by which one premises are judged."""
    from prep.db import read_session
    from prep.evacuation.norm_records import all_norms, county_norms

    with read_session(open_database()) as session:
        found, default = all_norms(session), county_norms(session).key
    rows = [
        (one.key, one.names[language()], one.based_on, one.version, one.key == default)
        for one in found.values()
    ]
    names = ("key", "name", "based_on", "version", "default")
    if json_wanted:
        show_json([dict(zip(names, row, strict=True)) for row in rows])
        return
    columns = [say("Key"), say("Name"), say("Based on"), say("Version"), say("Default")]
    show_table(columns, [[*row[:-1], say("yes") if row[-1] else None] for row in rows])


@right("site.read")
@norms.command()
@click.argument("key")
@as_json
def show(key: str, *, json_wanted: bool) -> None:
    """Every figure of a norm set, with its source and how sure it is."""
    from prep.db import read_session
    from prep.evacuation.norm_records import one_norms
    from prep.evacuation.words import norm_word, unit_word, word

    with read_session(open_database()) as session:
        found = one_norms(session, key)
    if json_wanted:
        show_json(_as_json(found))
        return
    show_table(
        [say("Key"), say("What"), say("Phase"), say("Figure"), say("Unit"), say("Status"), say("Source")],
        [
            [
                row.key,
                norm_word(row.key),
                word(row.phase) if row.phase else None,
                row.value,
                unit_word(row.unit),
                word(row.status),
                row.source[language()],
            ]
            for row in found.rows.values()
        ],
        title=found.names[language()],
    )
    for phase, kinds in found.limits.items():
        remark(say("{phase}: limited by {what}", phase=word(phase), what=[word(kind) for kind in kinds]))


@right("site.edit")
@norms.command()
@click.argument("name")
@click.option("--based-on", metavar="KEY", default="finland", help="A set that comes with prep.")
def make(name: str, based_on: str) -> None:
    """Make an own norm set, based on one that comes with prep."""
    from prep.db import write_session
    from prep.evacuation.norm_records import county_of, make_set

    with write_session(open_database(), actor="command: norms make", why=name) as session:
        key = make_set(session, county_of(session), name=name, based_on=based_on).key
    click.echo(key)


@right("site.edit")
@norms.command("set")
@click.argument("key")
@click.argument("figure")
@click.argument("value", type=float)
@click.option("--phase", type=click.Choice(_PHASES), help="For this phase only.")
@click.option("--source", required=True, help="Where the figure comes from, or why it is set.")
def set_(key: str, figure: str, value: float, phase: str | None, source: str) -> None:
    """Set a figure of an own norm set."""
    from prep.db import write_session
    from prep.evacuation.norm_records import set_figure, stored_set

    with write_session(open_database(), actor="command: norms set", why=source[:200]) as session:
        set_figure(session, stored_set(session, key), figure, _phase(phase), value=value, source=source)
    click.echo(text(say("{figure} of {norms} is {value} now.", figure=figure, norms=key, value=value)))


@right("site.edit")
@norms.command()
@click.argument("key")
def default(key: str) -> None:
    """Judge the county's premises by this norm set from now on."""
    from prep.db import write_session
    from prep.evacuation.norm_records import choose_norms, county_of

    with write_session(open_database(), actor="command: norms default", why=key) as session:
        choose_norms(session, county_of(session), key)
    click.echo(text(say("Premises are judged by {norms} now.", norms=key)))


def _phase(phase: str | None) -> "Phase | None":
    from prep.evacuation.norms import Phase

    return Phase(phase) if phase else None


def _as_json(found: "Norms") -> dict[str, Any]:
    return {
        "key": found.key,
        "name": found.names[language()],
        "based_on": found.based_on,
        "version": found.version,
        "limits": {phase: list(kinds) for phase, kinds in found.limits.items()},
        "figures": [
            {
                "key": row.key,
                "phase": row.phase,
                "value": row.value,
                "unit": row.unit,
                "status": row.status,
                "source": row.source[language()],
            }
            for row in found.rows.values()
        ],
    }
