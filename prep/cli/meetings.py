"""``prep meetings``: the meetings of bodies, and whether there are as many as agreed."""

from typing import TYPE_CHECKING

import click

from prep import clock
from prep.cli.meeting_changes import add, cancel, due, hold, no_body
from prep.cli.output import as_json, language, open_database, show_json, show_table
from prep.cli.rights import right
from prep.language import say

if TYPE_CHECKING:
    from prep.registry.meetings import MeetingStanding, RuleStanding


@click.group()
def meetings() -> None:
    """Meetings of bodies, against what is agreed."""


for command in (add, hold, cancel, due):
    meetings.add_command(command)


@right("body.read")
@meetings.command("list")
@click.option("--body", "key", metavar="KEY", help="Only of this body; “prep bodies list --json” shows keys.")
@as_json
def list_(key: str | None, *, json_wanted: bool) -> None:
    """Every meeting in order of time, then every agreed frequency with what was held and is planned."""
    from sqlalchemy import select

    from prep.db import read_session
    from prep.models import Body
    from prep.registry.meetings import meetings_standing, rules_standing
    from prep.registry.names import name_of

    today = clock.today()
    with read_session(open_database()) as session:
        bodies = [one for one in session.scalars(select(Body).order_by(Body.id)) if key in {None, one.key}]
        if not bodies and key is not None:
            raise no_body(key)
        by_body = meetings_standing(session, on=today)
        several = [one for body in bodies for one in by_body.get(body.id, [])]
        rules = [
            (body.key, name_of(body, language()), rule)
            for body in bodies
            for rule in rules_standing(body, by_body.get(body.id, []), on=today)
        ]
        if json_wanted:
            show_json(
                {
                    "meetings": [_meeting_as_json(one) for one in several],
                    "frequencies": [_rule_as_json(body, rule) for body, _, rule in rules],
                }
            )
            return
        show_table(
            [
                "",
                say("When"),
                say("Body"),
                say("Subject"),
                say("State"),
                say("Seats present"),
                say("Minutes"),
            ],
            [
                [
                    one.state,
                    one.meeting.starts_at,
                    name_of(one.meeting.body, language()),
                    one.meeting.subject or None,
                    one.words,
                    one.quorum.present if one.quorum else None,
                    one.files,
                ]
                for one in several
            ],
        )
        show_table(
            ["", say("Body"), say("Held against what is agreed")],
            [[rule.state, name, rule.words] for _, name, rule in rules],
        )


def _meeting_as_json(one: "MeetingStanding") -> dict[str, object]:
    meeting = one.meeting
    return {
        "id": meeting.id,
        "body": meeting.body.key,
        "starts_at": meeting.starts_at,
        "ends_at": meeting.ends_at,
        "place": meeting.place,
        "subject": meeting.subject,
        "status": meeting.status,
        "state": one.state,
        "invite_by": meeting.invite_by,
        "invited_on": meeting.invited_on,
        "seats_present": one.quorum.present if one.quorum else None,
        "seats_needed": one.quorum.needed if one.quorum else None,
        "has_quorum": one.quorum.is_reached if one.quorum else None,
        "files": one.files,
    }


def _rule_as_json(body: str, rule: "RuleStanding") -> dict[str, object]:
    return {
        "body": body,
        "min": rule.rule.min,
        "max": rule.rule.max,
        "period": rule.rule.period,
        "starts": rule.starts,
        "ends": rule.ends,
        "held": rule.held,
        "planned": rule.planned,
        "state": rule.state,
    }
