"""``prep meetings`` add, hold, cancel, due: planning meetings, and noting how they went."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from prep import clock
from prep.cli.output import DAY, as_json, language, open_database, remark, show_json, show_table
from prep.cli.rights import right
from prep.errors import NotFound, Problem, Refused
from prep.language import HELSINKI, Message, say
from prep.terms import Classification, MeetingStatus

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from prep.models import Meeting

_MOMENT = click.DateTime(["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"])


@right("body.edit")
@click.command()
@click.argument("key", metavar="BODY")
@click.option("--starts", type=_MOMENT, required=True, help="When it begins, by the clocks of Finland.")
@click.option("--ends", type=_MOMENT, help="When it ends.")
@click.option("--place", default="", help="Where.")
@click.option("--subject", default="", help="On what.")
@click.option("--invite-by", type=DAY, help="The last day of the invitation.")
@click.option("--invited", type=DAY, help="The day on which the invitation went out.")
def add(
    key: str,
    starts: datetime,
    ends: datetime | None,
    place: str,
    subject: str,
    invite_by: datetime | None,
    invited: datetime | None,
) -> None:
    """Add a meeting of a BODY; “prep bodies list --json” shows the keys."""
    from sqlalchemy import select

    from prep.db import write_session
    from prep.models import Body
    from prep.registry.meeting_details import MeetingDetails, add_meeting
    from prep.registry.names import name_of

    details = MeetingDetails(
        starts_at=starts.replace(tzinfo=HELSINKI),
        ends_at=ends.replace(tzinfo=HELSINKI) if ends else None,
        place=place,
        subject=subject,
        invite_by=invite_by.date() if invite_by else None,
        invited_on=invited.date() if invited else None,
    )
    with write_session(open_database(), actor="command: meetings add") as session:
        body = session.scalars(select(Body).where(Body.key == key)).first()
        if body is None:
            raise no_body(key)
        made = add_meeting(session, body, details, at=clock.now())
        remark(say("Added: meeting {n} of {body}.", n=str(made.id), body=name_of(body, language())))


@right("body.edit")
@click.command()
@click.argument("number", type=int)
@click.option(
    "--present",
    multiple=True,
    metavar="SEAT[=CONTACT]",
    help="A seat that was taken, by whoever held it that day, or by the contact of this number. May be repeated.",
)
@click.option("--guest", "guests", type=int, multiple=True, metavar="CONTACT", help="A guest, by number.")
@click.option(
    "--minutes", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="A file to keep with it."
)
@click.option(
    "--label",
    type=click.Choice([one.value for one in Classification]),
    default=Classification.INTERNAL.value,
    show_default=True,
    help="Who may load the file.",
)
def hold(
    number: int, present: tuple[str, ...], guests: tuple[int, ...], minutes: Path | None, label: str
) -> None:
    """Note who came to the meeting NUMBER, all of them, and keep its minutes; says whether it could decide."""
    from prep import attachments
    from prep.db import write_session
    from prep.registry.meeting_details import note_attendance
    from prep.registry.meetings import meeting_standing

    if not (present or guests or minutes):
        raise click.UsageError("Give --present, --guest or --minutes.")
    with write_session(open_database(), actor="command: meetings hold") as session:
        meeting = _meeting(session, number)
        if present or guests:
            pairs = [*(_taken(meeting, one) for one in present), *((None, one) for one in guests)]
            note_attendance(session, meeting, pairs, at=clock.now())
        if minutes is not None:
            attachments.add_minutes(
                session,
                meeting,
                name=minutes.name,
                content=_read(minutes, attachments.LARGEST_BYTES),
                by="command: meetings hold",
                classification=Classification(label),
            )
        session.expire_all()
        standing = meeting_standing(session, meeting, on=clock.today())
        quorum = standing.quorum
        show_table(
            ["", say("State"), say("Seats present"), say("Seats needed"), say("Minutes")],
            [
                [
                    standing.state,
                    standing.words,
                    quorum.present if quorum else None,
                    quorum.needed if quorum else None,
                    standing.files,
                ]
            ],
        )


@right("body.edit")
@click.command()
@click.argument("number", type=int)
def cancel(number: int) -> None:
    """Mark the meeting NUMBER as cancelled; “prep meetings list --json” shows the numbers."""
    from dataclasses import replace

    from prep.db import write_session
    from prep.registry.meeting_details import change_meeting, details_of

    with write_session(open_database(), actor="command: meetings cancel") as session:
        meeting = _meeting(session, number)
        cancelled = replace(details_of(meeting), status=MeetingStatus.CANCELLED)
        change_meeting(session, meeting, cancelled, at=clock.now())
        remark(say("Cancelled: meeting {n}, {moment}.", n=str(number), moment=meeting.starts_at))


@right("body.read")
@click.command()
@as_json
def due(*, json_wanted: bool) -> None:
    """Meetings to come whose invitation is late, has to go within a week, or has no last day set."""
    from prep.db import read_session
    from prep.registry.meetings import invitations_due
    from prep.registry.names import name_of

    with read_session(open_database()) as session:
        found = invitations_due(session, on=clock.today())
        if json_wanted:
            show_json(
                [
                    {
                        "id": one.meeting.id,
                        "body": one.meeting.body.key,
                        "starts_at": one.meeting.starts_at,
                        "invite_by": one.meeting.invite_by,
                        "state": one.state,
                    }
                    for one in found
                ]
            )
            return
        show_table(
            ["", say("Number"), say("When"), say("Body"), say("State")],
            [
                [
                    one.state,
                    str(one.meeting.id),
                    one.meeting.starts_at,
                    name_of(one.meeting.body, language()),
                    one.words,
                ]
                for one in found
            ],
        )
    if not found:
        remark(say("No invitation is due."))


def no_body(key: str) -> NotFound:
    """There is no body of this key."""
    return NotFound(
        Problem(
            place=say("The body"),
            value=key[:80],
            rule=say("There is none of this key."),
            remedy=say("Take the key from “prep bodies list --json”."),
        )
    )


def _meeting(session: "Session", number: int) -> "Meeting":
    from prep.models import Meeting

    found = session.get(Meeting, number)
    if found is None:
        raise NotFound(
            Problem(
                place=say("The meeting"),
                value=str(number),
                rule=say("There is none of this number."),
                remedy=say("Take the number from “prep meetings list --json”."),
            )
        )
    return found


def _taken(meeting: "Meeting", given: str) -> tuple[int, int]:
    """A seat and who took it: the contact of the number, else whoever held the seat on the day."""
    from prep.registry.appointments import office
    from prep.registry.meetings import local

    key, _, number = given.partition("=")
    seat = next((one for one in meeting.body.seats if one.key == key), None)
    if seat is None:
        raise _refused(given, say("The body has no such seat."), meeting)
    if number:
        if not (number.isascii() and number.isdecimal() and len(number) < 10):
            raise _refused(given, say("A contact is named by number."), meeting)
        return seat.id, int(number)
    holder = office(seat.terms, on=local(meeting.starts_at).date()).holder
    if holder is None:
        raise _refused(given, say("Nobody held the seat on that day."), meeting)
    return seat.id, holder.id


def _refused(given: str, rule: Message, meeting: "Meeting") -> Refused:
    return Refused(
        Problem(
            place="--present",
            value=given[:80],
            rule=rule,
            remedy=say(
                "Write the key of a seat, or seat=number. The seats are: {keys}.",
                keys=[one.key for one in meeting.body.seats],
            ),
        )
    )


def _read(path: Path, most: int) -> bytes:
    """The bytes of a file; one byte more than are taken is enough to refuse it."""
    from prep.outages import of_file

    try:
        with path.open("rb") as file:
            return file.read(most + 1)
    except OSError as error:
        raise of_file(error) from error
