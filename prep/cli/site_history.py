"""``prep sites history``, ``withdraw``, ``relist``: the status of premises over time, off the list and back onto it."""

from typing import TYPE_CHECKING

import click

from prep.cli.output import as_json, open_database, show_json, show_table
from prep.cli.rights import right
from prep.errors import Problem, Refused
from prep.language import say

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from prep.models import Site


@right("site.read")
@click.command("history")
@click.argument("number", type=int)
@as_json
def history(number: int, json_wanted: bool) -> None:
    """Which status premises had from when to when, by whom and why, the latest first.

    NUMBER is the id that “prep sites list --json” tells.
    """
    from prep.db import read_session
    from prep.evacuation.words import word
    from prep.site_history import periods

    with read_session(open_database()) as session:
        found = periods(site_of(session, number).status_changes)
    if json_wanted:
        show_json(
            [
                {
                    "status": one.status,
                    "condition": one.condition,
                    "starts": one.starts,
                    "ends": one.ends,
                    "by": one.by,
                    "why": one.why,
                    "of": one.of,
                }
                for one in found
            ]
        )
        return
    show_table(
        [say("Availability"), say("Since"), say("Until"), say("Who"), say("Why"), say("Kept as")],
        [
            [word(one.status), one.starts or say("not known"), one.ends, one.by, one.why, one.of]
            for one in found
        ],
    )


@right("site.edit")
@click.command("withdraw")
@click.argument("number", type=int)
@click.option("--why", required=True, metavar="TEXT", help="The reason; it stays in the history.")
def withdraw(number: int, why: str) -> None:
    """Take premises off the list that are no longer to be had; what is known of them stays."""
    from prep.db import write_session
    from prep.registry.site_keeping import withdraw_site

    with write_session(open_database(), actor="command: sites withdraw", why=why) as session:
        site = site_of(session, number)
        withdraw_site(session, site)
        show_table([say("Premises"), say("Availability")], [[site.name, say("withdrawn")]])


@right("site.edit")
@click.command("relist")
@click.argument("number", type=int)
@click.option("--why", default="", metavar="TEXT", help="The reason; it stays in the history.")
def relist(number: int, why: str) -> None:
    """Take withdrawn premises back onto the list, with an availability that is not known."""
    from prep.db import write_session
    from prep.registry.site_keeping import relist_site

    with write_session(open_database(), actor="command: sites relist", why=why) as session:
        site = site_of(session, number)
        relist_site(session, site)
        show_table([say("Premises"), say("Availability")], [[site.name, say("not known")]])


def site_of(session: "Session", number: int) -> "Site":
    """The premises of a number.

    Raises
    ------
    Refused
        If there are none.
    """
    from prep.models import Site

    found = session.get(Site, number)
    if found is None:
        raise Refused(
            Problem(
                place=say("Premises"),
                value=str(number),
                rule=say("There are no premises of this number."),
                remedy=say("Their numbers stand in: prep sites list --json."),
            )
        )
    return found
