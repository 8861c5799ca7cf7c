"""``prep appointments``: who was, is or will be in which post."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from prep.cli.output import DAY, as_json, language, open_database, remark, show_json, show_table
from prep.cli.rights import right
from prep.errors import NotFound, Problem
from prep.language import Message, say

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from prep.models import Person
    from prep.registry.appointments import Post, Term


def _post_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Which post is meant."""
    for option in (
        click.option("--municipality", metavar="M", help="Whose role it is; left out: the county's."),
        click.option("--body", metavar="KEY", help="The body in which the seat is."),
        click.option("--post", "key", metavar="KEY", required=True, help="The key of the seat or role."),
    ):
        command = option(command)
    return command


@click.group()
def appointments() -> None:
    """Terms of seats and roles: list, appoint, end."""


@right("contact.read", "body.read")
@appointments.command("list")
@click.option("--municipality", metavar="M", help="Only posts of a municipality, or of the county.")
@click.option("--person", "number", type=int, metavar="NUMBER", help="Only of the contact of this number.")
@click.option("--all", "is_whole", is_flag=True, help="Those that are over or still to come, too.")
@as_json
def list_(municipality: str | None, number: int | None, *, is_whole: bool, json_wanted: bool) -> None:
    """List who is in which post today, with the first and last day."""
    from prep import clock
    from prep.db import read_session
    from prep.exchange.contact_importing import owner_called
    from prep.registry.appointments import every_term, municipality_of_post, post_of

    with read_session(open_database()) as session:
        found = every_term(session, on=None if is_whole else clock.today())
        if municipality is not None:
            owner = owner_called(session, municipality)
            found = [term for term in found if municipality_of_post(post_of(term)) == owner.code]
        if number is not None:
            found = [term for term in found if term.person_id == number]
        if json_wanted:
            show_json([_as_json(term) for term in found])
            return
        _show(found)
    if not found:
        remark(say("Nobody fits this choice."))


@right("contact.edit", "body.edit")
@appointments.command()
@click.argument("number", type=int)
@_post_options
@click.option("--from", "starts", type=DAY, help="The first day; left out: today.")
@click.option("--until", "ends", type=DAY, help="The last day; left out: until further notice.")
@click.option("--deputy", "rank", type=int, default=0, help="1 for the first deputy, 2 for the next.")
@click.option("--organ", default="", help="By which organ it was decided.")
@click.option("--decided", type=DAY, help="On which day it was decided.")
@click.option("--section", default="", help="In which section of the minutes.")
def appoint(
    number: int,
    key: str,
    body: str | None,
    municipality: str | None,
    starts: datetime | None,
    ends: datetime | None,
    rank: int,
    organ: str,
    decided: datetime | None,
    section: str,
) -> None:
    """Appoint the contact NUMBER to the seat or role KEY; whoever holds it leaves it the day before."""
    from prep import clock
    from prep.db import write_session
    from prep.registry import appointments as registry

    with write_session(open_database(), actor="command: appointments appoint") as session:
        term = registry.appoint(
            session,
            _post(session, key, body=body, municipality=municipality),
            _person(session, number),
            starts=starts.date() if starts else clock.today(),
            ends=ends.date() if ends else None,
            rank=rank,
            decision=registry.Decision(organ, decided.date() if decided else None, section),
        )
        remark(say("Appointed: {name}, {post}.", name=term.person.name, post=_words(term)))


@right("contact.edit", "body.edit")
@appointments.command()
@click.argument("number", type=int)
@_post_options
@click.option("--last-day", type=DAY, help="The last day in the post; left out: today.")
def end(number: int, key: str, body: str | None, municipality: str | None, last_day: datetime | None) -> None:
    """End the term of the contact NUMBER in the seat or role KEY."""
    from prep import clock
    from prep.db import write_session
    from prep.registry import appointments as registry

    today = clock.today()
    with write_session(open_database(), actor="command: appointments end") as session:
        post = _post(session, key, body=body, municipality=municipality)
        person = _person(session, number)
        open_terms = [
            one for one in post.terms if one.person is person and (one.ends is None or one.ends >= today)
        ]
        if not open_terms:
            raise _not_found(
                say("The post"),
                key,
                say("The contact is not in it."),
                say("“prep appointments list” tells who is."),
            )
        registry.end_term(session, open_terms[0], last_day=last_day.date() if last_day else today)
        remark(say("Ended: {name}, {post}.", name=person.name, post=_words(open_terms[0])))


def _words(term: "Term") -> str:
    from prep.exchange.contact_posts import post_words

    return post_words(term, language())


def _person(session: "Session", number: int) -> "Person":
    from prep.models import Person

    found = session.get(Person, number)
    if found is None:
        raise _not_found(
            say("The contact"),
            str(number),
            say("There is no such contact."),
            say("“prep contacts list” tells the numbers."),
        )
    return found


def _post(session: "Session", key: str, *, body: str | None, municipality: str | None) -> "Post":
    """The seat of a body, or the role of a municipality or of the county."""
    from sqlalchemy import select

    from prep.exchange.contact_importing import owner_called
    from prep.models import Body, Role, Seat

    found: Post | None
    if body is not None:
        found = session.scalars(select(Seat).join(Body).where(Body.key == body, Seat.key == key)).first()
    else:
        code = owner_called(session, municipality).code if municipality is not None else None
        found = session.scalars(select(Role).where(Role.key == key, Role.municipality_code == code)).first()
    if found is None:
        raise _not_found(
            say("The post"),
            key,
            say("There is no such seat or role there."),
            say(
                "Name the body of a seat (--body), or the municipality of a role; "
                "“prep bodies list --json” tells the keys."
            ),
        )
    return found


def _not_found(place: Message, value: str, rule: Message, remedy: Message) -> NotFound:
    return NotFound(Problem(place=place, value=value, rule=rule, remedy=remedy))


def _show(found: "list[Term]") -> None:
    from prep.exchange.contact_posts import post_words

    show_table(
        [say("Number"), say("Name"), say("Post"), say("First day"), say("Last day")],
        [
            [
                str(term.person_id),
                term.person.name,
                post_words(term, language()),
                term.starts,
                term.ends or say("until further notice"),
            ]
            for term in found
        ],
    )


def _as_json(term: "Term") -> dict[str, Any]:
    from prep.models import Seat
    from prep.registry.appointments import municipality_of_post, post_of

    post = post_of(term)
    return {
        "body": post.body.key if isinstance(post, Seat) else None,
        "post": post.key,
        "municipality": municipality_of_post(post),
        "person": {"number": term.person_id, "name": term.person.name},
        "rank": term.rank,
        "starts": term.starts,
        "ends": term.ends,
        "decided_by": term.decided_by,
        "decided_on": term.decided_on,
        "decision_section": term.decision_section,
    }
