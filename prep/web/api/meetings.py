"""Meetings of bodies: planned and held, whether each could decide, who came."""

from datetime import date, datetime

from pydantic import Field

from prep.auth.roles import Permission
from prep.registry.meetings import MeetingStanding, meetings_standing
from prep.terms import MeetingStatus, State
from prep.web.api.bodies import reference
from prep.web.api.operations import NUMBER, Asked, Operation, the_key, the_one
from prep.web.api.shapes import Day, Page, Paged, PersonReference, Query, Shape


class Came(Shape):
    """Somebody who was there."""

    person: PersonReference = Field(description="Who. A person who was erased has the name “–”.")
    seat: str | None = Field(description="Key of the seat in which they sat; null for a guest.")


class Meeting(Shape):
    """A meeting (kokous) of a body."""

    id: int = Field(description="Number of the meeting.")
    body: str = Field(description="Key of the body.")
    municipality: str | None = Field(
        description="Code of the municipality of the body; null for the county’s."
    )
    starts_at: datetime = Field(description="When it begins, UTC.")
    ends_at: datetime | None = Field(description="When it ends, UTC; null where not known.")
    place: str = Field(description="Where; may be empty.")
    subject: str = Field(description="On what; may be empty.")
    status: MeetingStatus = Field(description="Planned, held or cancelled.")
    state: State = Field(description="How it stands; unknown: nobody has noted whether it was held.")
    standing: str = Field(description="How it stands, in the language of the request.")
    invite_by: date | None = Field(description="The last day of the invitation; null where not set.")
    invited_on: date | None = Field(description="The day on which the invitation went out; null: not yet.")
    has_quorum: bool | None = Field(description="Whether it could decide; null where that cannot be told.")
    seats_present: int | None = Field(description="Seats that were filled; null where nobody noted it.")
    seats_needed: int | None = Field(description="Seats that it takes to decide; null where not known.")
    files: int = Field(ge=0, description="How many minutes are kept.")
    came: tuple[Came, ...] = Field(description="Who was there; empty where nobody has noted it.")


class MeetingPage(Page[Meeting]):
    """Meetings, by their beginning."""


class MeetingQuery(Paged):
    """Which meetings are wanted."""

    body: str | None = Field(None, max_length=80, description="Only of the body of this key.")
    status: MeetingStatus | None = Field(None, description="Only those planned, held or cancelled.")
    state: State | None = Field(None, description="Only those in this state.")
    first: Day | None = Field(None, description="Only those on or after this day, in Finland.")
    last: Day | None = Field(None, description="Only those on or before this day, in Finland.")


def listed(asked: Asked) -> Page[Meeting]:
    """The meetings of the bodies that the key may see."""
    query: MeetingQuery = asked.query
    wanted = [
        one
        for one in _visible(asked)
        if query.body in (None, one.meeting.body.key)
        and query.status in (None, one.meeting.status)
        and query.state in (None, one.state)
        and (query.first is None or one.day >= query.first)
        and (query.last is None or one.day <= query.last)
    ]
    return asked.page(MeetingPage, wanted, lambda one: _shape(asked, one))


def one(asked: Asked) -> Meeting:
    """One meeting."""
    number = the_key(asked.path)
    return _shape(asked, the_one(_visible(asked), lambda found: str(found.meeting.id) == number))


def _visible(asked: Asked) -> list[MeetingStanding]:
    found = [
        one
        for several in meetings_standing(asked.session, on=asked.on).values()
        for one in several
        if asked.viewer.may(Permission.BODY_READ, municipality=one.meeting.body.municipality_code)
    ]
    return sorted(found, key=lambda one: (one.meeting.starts_at, one.meeting.id))


def _shape(asked: Asked, standing: MeetingStanding) -> Meeting:
    row, quorum = standing.meeting, standing.quorum
    return Meeting(
        id=row.id,
        body=row.body.key,
        municipality=row.body.municipality_code,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        place=row.place,
        subject=row.subject,
        status=row.status,
        state=standing.state,
        standing=asked.words(standing.words),
        invite_by=row.invite_by,
        invited_on=row.invited_on,
        has_quorum=quorum.is_reached if quorum else None,
        seats_present=quorum.present if quorum else None,
        seats_needed=quorum.needed if quorum else None,
        files=standing.files,
        came=tuple(
            Came(person=reference(one.person), seat=one.seat.key if one.seat else None)
            for one in row.attendances
        ),
    )


OPERATIONS = (
    Operation(
        "/meetings", "listMeetings", "bodies", "The meetings of bodies, planned and held.",
        (Permission.BODY_READ,), MeetingPage, listed, MeetingQuery,
    ),
    Operation(
        "/meetings/{id}", "getMeeting", "bodies", "One meeting, with who came.",
        (Permission.BODY_READ,), Meeting, one, Query, parameters={"id": NUMBER},
    ),
)  # fmt: skip
