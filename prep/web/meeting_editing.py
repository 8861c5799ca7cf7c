"""Changing meetings on pages: planned, moved, cancelled, invited to, held, who came."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, render_template
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from prep import clock
from prep.auth.roles import Permission
from prep.errors import Conflict, Problem, Refused, no_such_choice
from prep.language import HELSINKI, Message, say
from prep.models import Body, Meeting, Person, Seat
from prep.registry.meeting_details import (
    MeetingDetails,
    add_meeting,
    change_meeting,
    note_attendance,
    remove_meeting,
)
from prep.registry.meetings import local
from prep.terms import ActorKind, MeetingStatus
from prep.web import editing
from prep.web.bodies import body_of
from prep.web.database import reading
from prep.web.days import day_typed
from prep.web.editing import Edit
from prep.web.forms import Form, sent_back, typed
from prep.web.meetings import meeting_of
from prep.web.permissions import permission
from prep.web.saving import saved, saving
from prep.web.sight import may
from prep.web.words import word

pages = Blueprint("meeting_editing", __name__, url_prefix="/toimielimet/<key>/kokoukset")

Answer = str | tuple[str, int] | Response
_FIELDS = ("starts_at", "ends_at", "place", "subject", "status", "invite_by", "invited_on")
_PLACES = {
    "The beginning": "starts_at",
    "The end": "ends_at",
    "The meeting’s place": "place",
    "The subject": "subject",
    "The state of the meeting": "status",
    "The last day of the invitation": "invite_by",
    "The day of the invitation": "invited_on",
}
_GUEST = "vieras"


@dataclass(frozen=True, slots=True)
class Chair:
    """A place that somebody could have taken: in a seat, or (None) as a guest. ``field`` is its tick on the form."""

    seat: Seat | None
    person: Person
    # 0: holds the seat; 1, 2, …: stands in for whoever does; None: a guest, or no longer in the seat.
    rank: int | None

    @property
    def field(self) -> str:
        return f"s{self.seat.id if self.seat else 0}-p{self.person.id}"

    @property
    def pair(self) -> tuple[int | None, int]:
        return self.seat.id if self.seat else None, self.person.id


@pages.get("/uusi")
@permission("body.edit")
def new(key: str) -> str:
    """The form for a meeting more."""
    with reading() as session:
        body = body_of(session, key, Permission.BODY_EDIT)
        return _form_page(body, None, Form({"status": MeetingStatus.PLANNED.value}))


@pages.post("/uusi")
@permission("body.edit")
def add(key: str) -> Answer:
    """A meeting more."""
    values = typed(*_FIELDS)
    try:
        with saving() as session:
            body = body_of(session, key, Permission.BODY_EDIT)
            made = add_meeting(session, body, _details(values), at=clock.now())
            return saved(
                session,
                "meetings.one",
                "added",
                key=key,
                number=made.id,
                back=f"/toimielimet/{key}/kokoukset",
            )
    except Refused as error:
        with reading() as session:
            body = body_of(session, key, Permission.BODY_EDIT)
            return _form_page(body, None, sent_back(values, error, _PLACES)), 422


@pages.get("/<int:number>/muokkaa")
@permission("body.edit")
def edit(key: str, number: int) -> str:
    """The form for a meeting."""
    with reading() as session:
        meeting = _meeting(session, key, number)
        return _form_page(meeting.body, meeting, editing.opened(_values(meeting), meeting))


@pages.post("/<int:number>/muokkaa")
@permission("body.edit")
def change(key: str, number: int) -> Answer:
    """Change what is on record of a meeting."""
    sent = editing.sent(*_FIELDS)

    def write(session: Session, meeting: Meeting) -> Response:
        change_meeting(session, meeting, _details(sent.values), at=clock.now())
        return saved(session, "meetings.one", "saved", key=key, number=number)

    return editing.changed(
        sent,
        find=lambda session: _meeting(session, key, number),
        values=_values,
        change=write,
        places=_PLACES,
        page=lambda _session, meeting, form: _form_page(meeting.body, meeting, form),
    )


@pages.post("/<int:number>/kutsuttu")
@permission("body.edit")
def invited(key: str, number: int) -> Response:
    """Note that the invitation went out today."""
    with saving() as session:
        meeting = _meeting(session, key, number)
        meeting.invited_on = clock.today()
        return saved(session, "meetings.one", "saved", key=key, number=number)


@pages.post("/<int:number>/poista")
@permission("body.edit")
def remove(key: str, number: int) -> Response:
    """Take a meeting out that was recorded by mistake."""
    with saving() as session:
        remove_meeting(session, _meeting(session, key, number))
        return saved(session, "meetings.listed", "gone", key=key)


@pages.get("/<int:number>/lasnaolo")
@permission("body.edit")
def attendance(key: str, number: int) -> str:
    """The form for who came."""
    with reading() as session:
        meeting = _meeting(session, key, number)
        return _attendance_page(session, meeting, editing.opened(_present(meeting), meeting))


@pages.post("/<int:number>/lasnaolo")
@permission("body.edit")
def attended(key: str, number: int) -> Answer:
    """Note who came."""
    with reading() as session:
        pairs = {chair.field: chair.pair for chair in _chairs(_meeting(session, key, number))}
    sent = editing.sent(_GUEST, *pairs)
    try:
        with saving() as session:
            meeting = _meeting(session, key, number)
            meeting.require_version(sent.version)
            present = [pair for field, pair in pairs.items() if sent.values[field]]
            note_attendance(session, meeting, [*present, *_guest(session, sent.values)], at=clock.now())
            return saved(session, "meetings.one", "saved", key=key, number=number)
    except Conflict:
        with reading() as session:
            meeting = _meeting(session, key, number)
            return _attendance_page(session, meeting, _both(sent, meeting, session)), 409
    except Refused as error:
        with reading() as session:
            meeting = _meeting(session, key, number)
            form = editing.with_faults(sent, sent_back(sent.values, error, {"Attendance": "came"}))
            return _attendance_page(session, meeting, form), 422


def _meeting(session: Session, key: str, number: int) -> Meeting:
    return meeting_of(session, key, number, Permission.BODY_EDIT)


def _values(meeting: Meeting) -> dict[str, str]:
    return {
        "starts_at": _written(meeting.starts_at),
        "ends_at": _written(meeting.ends_at) if meeting.ends_at else "",
        "place": meeting.place,
        "subject": meeting.subject,
        "status": meeting.status.value,
        "invite_by": meeting.invite_by.isoformat() if meeting.invite_by else "",
        "invited_on": meeting.invited_on.isoformat() if meeting.invited_on else "",
    }


def _written(at: datetime) -> str:
    return f"{local(at):%Y-%m-%dT%H:%M}"


def _details(values: Mapping[str, str]) -> MeetingDetails:
    return MeetingDetails(
        starts_at=_moment(say("The beginning"), values["starts_at"]),
        ends_at=_moment(say("The end"), values["ends_at"]) if values["ends_at"] else None,
        place=values["place"],
        subject=values["subject"],
        status=_status(values["status"]),
        invite_by=day_typed(say("The last day of the invitation"), values["invite_by"])
        if values["invite_by"]
        else None,
        invited_on=day_typed(say("The day of the invitation"), values["invited_on"])
        if values["invited_on"]
        else None,
    )


def _moment(place: Message, value: str) -> datetime:
    """A day and a time as they are typed, by the clocks of Finland."""
    try:
        if len(value) != len("2026-11-22T09:00"):
            raise ValueError(value)
        # A time that is skipped when the clocks go forward is the hour after.
        return datetime.fromisoformat(value).replace(tzinfo=HELSINKI).astimezone(clock.now().tzinfo)
    except (ValueError, OverflowError) as error:
        raise Refused(
            Problem(
                place=place,
                value=value[:40] or None,
                rule=say("It is a day and a time, such as {example}.", example="2026-11-22T09:00"),
                remedy=say("Choose both, or write them so."),
            )
        ) from error


def _status(value: str) -> MeetingStatus:
    try:
        return MeetingStatus(value)
    except ValueError as error:
        raise Refused(no_such_choice(say("The state of the meeting"), value)) from error


def _chairs(meeting: Meeting) -> Iterator[Chair]:
    """Who could have come: everybody in a seat on the day, then whoever else is noted."""
    day = local(meeting.starts_at).date()
    noted = {(one.seat_id, one.person_id): one for one in meeting.attendances}
    for seat in meeting.body.seats:
        for term in seat.terms:
            if term.covers(day):
                noted.pop((seat.id, term.person_id), None)
                yield Chair(seat, term.person, term.rank)
    for one in noted.values():
        yield Chair(one.seat, one.person, None)


def _present(meeting: Meeting) -> dict[str, str]:
    came = {(one.seat_id, one.person_id) for one in meeting.attendances}
    return {chair.field: "1" if chair.pair in came else "" for chair in _chairs(meeting)}


def _guest(session: Session, values: Mapping[str, str]) -> Iterator[tuple[None, int]]:
    given = values[_GUEST]
    if not given:
        return
    number = int(given) if given.isascii() and given.isdecimal() and len(given) < 10 else 0
    person = session.get(Person, number)
    # The same words for whom nobody may see as for whom there is not.
    if person is None or not may(Permission.CONTACT_READ, person.municipality_code):
        raise Refused(
            Problem(
                place=say("Attendance"),
                value=given[:20],
                rule=say("A guest is somebody of the register."),
                remedy=say("Choose somebody from the list, or add them under “Contacts” first."),
            )
        )
    yield None, number


def _both(sent: Edit, meeting: Meeting, session: Session) -> Form:
    """Both versions of who came, in words."""
    form = editing.both(sent, _present(meeting), meeting, session)
    stored = _present(meeting)
    words = {
        name: say("Noted meanwhile: present") if stored.get(name) else say("Noted meanwhile: not present")
        for name in form.theirs
    }
    return Form(
        form.values,
        opened=form.opened,
        version=form.version,
        theirs=words,
        changed_by=form.changed_by,
    )


def _form_page(body: Body, meeting: Meeting | None, form: Form) -> str:
    return render_template(
        "meeting_form.html",
        body=body,
        meeting=meeting,
        form=form,
        statuses=[(one.value, word(one)) for one in MeetingStatus],
    )


def _attendance_page(session: Session, meeting: Meeting, form: Form) -> str:
    chairs = list(_chairs(meeting))
    taken = {chair.person.id for chair in chairs}
    people = [
        one
        for one in session.scalars(
            select(Person)
            .where(Person.kind == ActorKind.PERSON, Person.erased_at.is_(None), Person.left_on.is_(None))
            .order_by(Person.name)
        )
        if one.id not in taken and may(Permission.CONTACT_READ, one.municipality_code)
    ]
    return render_template(
        "attendance_form.html", meeting=meeting, body=meeting.body, form=form, chairs=chairs, people=people
    )
