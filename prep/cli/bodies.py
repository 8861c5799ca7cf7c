"""``prep bodies``: bodies, their seats and vacancies."""

import click

from prep import clock
from prep.cli.output import as_json, language, open_database, show_json, show_table
from prep.language import day, say
from prep.terms import State


@click.group()
def bodies() -> None:
    """Bodies, their seats and vacancies."""


@bodies.command("list")
@click.option("--vacant", "only_vacant", is_flag=True, help="Only the vacant seats.")
@as_json
def list_bodies(*, only_vacant: bool, json_wanted: bool) -> None:
    """Every seat with its holder and deputies; vacancies with the day since when."""
    from prep.db import read_session
    from prep.registry.bodies import bodies_standing
    from prep.registry.names import name_of

    today = clock.today()
    with read_session(open_database()) as session:
        rows = [
            {
                "body": name_of(body.body, language()),
                "seat": name_of(one.seat, language()),
                "state": State.FAULT if one.is_vacant else State.OK if one.deputies else State.WARNING,
                "holder": one.holder.name if one.holder else None,
                "vacant_since": one.vacant_since,
                "deputies": [person.name for person in one.deputies],
                "clause": one.seat.clause or body.body.clause or None,
            }
            for body in bodies_standing(session, on=today)
            for one in body.seats
            if one.is_vacant or not only_vacant
        ]
    if json_wanted:
        show_json(rows)
        return
    show_table(
        ["", say("Body"), say("Seat"), say("Holder"), say("Deputies")],
        [
            [
                row["state"],
                row["body"],
                row["seat"],
                row["holder"]
                or (
                    say("vacant since {day}", day=day(row["vacant_since"]))
                    if row["vacant_since"]
                    else say("vacant")
                ),
                ", ".join(row["deputies"]) or say("no deputy"),
            ]
            for row in rows
        ],
    )
