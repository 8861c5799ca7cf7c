"""Meetings of a body: those to come and those that were, held against what is agreed; one of them in full."""

from flask import Blueprint, Response, render_template
from sqlalchemy.orm import Session

from prep import attachments, clock
from prep.auth.permissions import nothing_here
from prep.auth.roles import Permission
from prep.language import say
from prep.models import Meeting
from prep.registry.meetings import (
    MeetingStanding,
    meeting_standing,
    meetings_of,
    next_meeting,
    quorum_of,
    rules_standing,
)
from prep.terms import Classification, MeetingStatus
from prep.web import tables
from prep.web.bodies import body_of
from prep.web.database import reading
from prep.web.permissions import permission
from prep.web.sight import may
from prep.web.tables import Column
from prep.web.words import word

pages = Blueprint("meetings", __name__, url_prefix="/toimielimet/<key>/kokoukset")


@pages.get("")
@permission("body.read")
def listed(key: str) -> str | Response:
    """The meetings of a body, the latest first, and how they stand against what is agreed."""
    today = clock.today()
    with reading() as session:
        body = body_of(session, key)
        several = meetings_of(session, body, on=today)
        made = tables.listing(
            "meetings",
            say("Meetings"),
            _columns(),
            several,
            sorted_by="-starts",
            place=lambda _: body.municipality_code,
        )
        return tables.answer(
            made,
            "meetings.html",
            body=body,
            rules=rules_standing(body, several, on=today),
            coming=next_meeting(several),
            may_edit=may(Permission.BODY_EDIT, body.municipality_code),
        )


@pages.get("/<int:number>")
@permission("body.read")
def one(key: str, number: int) -> str:
    """One meeting: when and where, who came, whether it could decide, its minutes."""
    with reading() as session:
        meeting = meeting_of(session, key, number)
        may_edit = may(Permission.BODY_EDIT, meeting.body.municipality_code)
        return render_template(
            "meeting.html",
            standing=meeting_standing(session, meeting, on=clock.today()),
            body=meeting.body,
            files=[
                one
                for one in attachments.minutes_of(session, meeting)
                if may_edit or one.classification is not Classification.SECRET
            ],
            may_edit=may_edit,
            has_begun=meeting.starts_at <= clock.now(),
            classifications=[(one.value, word(one)) for one in Classification],
            largest_mib=attachments.LARGEST_MIB,
            kinds=attachments.DOCUMENTS,
            MeetingStatus=MeetingStatus,
        )


def meeting_of(session: Session, key: str, number: int, needed: Permission = Permission.BODY_READ) -> Meeting:
    """A meeting of a body.

    Raises
    ------
    NotFound
        If there is none, or whoever asks may not do this: the same words for both.
    """
    body, found = body_of(session, key, needed), session.get(Meeting, number)
    if found is None or found.body_id != body.id:
        raise nothing_here()
    return found


def _columns() -> tuple[Column[MeetingStanding], ...]:
    return (
        Column("starts", say("When"), lambda one: one.meeting.starts_at, names=True),
        Column("subject", say("Subject"), lambda one: one.meeting.subject or None),
        Column("place", say("Place"), lambda one: one.meeting.place or None),
        Column("status", say("Planned or held"), lambda one: word(one.meeting.status), extra=True),
        Column("state", say("State"), lambda one: one.words),
        Column("present", say("Seats present"), _present, is_figure=True),
        Column("came", say("Came, with guests"), _came, is_figure=True, extra=True),
        Column("files", say("Minutes"), lambda one: one.files or None, is_figure=True),
        Column("invite_by", say("Invite by"), lambda one: one.meeting.invite_by, extra=True),
        Column("invited_on", say("Invited"), lambda one: one.meeting.invited_on, extra=True),
    )


def _present(one: MeetingStanding) -> int | None:
    quorum = quorum_of(one.meeting)
    return quorum.present if quorum else None


def _came(one: MeetingStanding) -> int | None:
    return len(one.meeting.attendances) or None
