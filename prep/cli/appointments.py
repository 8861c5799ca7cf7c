"""``prep appointments``: who was, is or will be in which post."""

from typing import TYPE_CHECKING, Any

import click

from prep.cli.output import as_json, language, open_database, remark, show_json, show_table
from prep.cli.rights import right
from prep.language import say

if TYPE_CHECKING:
    from prep.registry.appointments import Term


@click.group()
def appointments() -> None:
    """Terms of seats and roles: list."""


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
