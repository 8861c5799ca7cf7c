"""``prep bodies``: bodies, their seats and vacancies."""

from datetime import datetime
from typing import TYPE_CHECKING

import click

from prep import clock
from prep.cli.output import DAY, as_json, language, open_database, show_json, show_table
from prep.cli.rights import right
from prep.language import Message, say

if TYPE_CHECKING:
    from prep.models import Body
    from prep.registry.bodies import SeatStanding


@click.group()
def bodies() -> None:
    """Bodies, their seats and vacancies."""


@right("body.read")
@bodies.command("list")
@click.option("--vacant", "only_vacant", is_flag=True, help="Only the vacant seats.")
@click.option("--on", "day", type=DAY, help="As on this day, such as 2026-11-22; left out: today.")
@as_json
def list_bodies(*, only_vacant: bool, day: datetime | None, json_wanted: bool) -> None:
    """Every seat with its holder and deputies; vacancies with the day since when."""
    from prep.db import read_session
    from prep.registry.bodies import bodies_standing
    from prep.registry.names import name_of

    with read_session(open_database()) as session:
        seats = [
            (body.body, one)
            for body in bodies_standing(session, on=day.date() if day else clock.today())
            for one in body.seats
            if one.is_vacant or not only_vacant
        ]
        if json_wanted:
            show_json([_as_json(body, one) for body, one in seats])
            return
        show_table(
            ["", say("Body"), say("Seat"), say("Holder"), say("Deputies")],
            [
                [
                    one.state,
                    name_of(body, language()),
                    name_of(one.seat, language()),
                    one.holder.name if one.holder else _vacant(one),
                    ", ".join(person.name for person in one.deputies) or say("no deputy"),
                ]
                for body, one in seats
            ],
        )


def _as_json(body: "Body", one: "SeatStanding") -> dict[str, object]:
    from prep.registry.names import clause_of

    return {
        "body": body.key,
        "seat": one.seat.key,
        "state": one.state,
        "holder": one.holder.name if one.holder else None,
        "vacant_since": one.vacant_since,
        "deputies": [person.name for person in one.deputies],
        "clause": clause_of(one.seat, language()) or clause_of(body, language()) or None,
    }


def _vacant(one: "SeatStanding") -> Message:
    if one.vacant_since is None:
        return say("vacant")
    return say("vacant since {day}", day=one.vacant_since)
