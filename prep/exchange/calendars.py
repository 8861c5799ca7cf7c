"""Meetings as an iCalendar file (RFC 5545), for calendar programs that read it again and again."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from icalendar import Calendar, Event

from prep import __version__
from prep.language import in_language, say
from prep.models import Meeting
from prep.registry.names import name_of
from prep.terms import Language, MeetingStatus

MIME = "text/calendar; charset=utf-8"
_AGAIN = timedelta(hours=6)
_STATUS = {
    MeetingStatus.PLANNED: "CONFIRMED",
    MeetingStatus.HELD: "CONFIRMED",
    MeetingStatus.CANCELLED: "CANCELLED",
}


def calendar_file(meetings: Iterable[Meeting], *, name: str, at: datetime, language: Language) -> bytes:
    """The file. Who comes and what was noted of a meeting stands in it nowhere.

    A meeting keeps its name for the program through every change; its version tells which is newer.
    """
    made = Calendar()
    made.add("prodid", f"-//prep//prep {__version__}//{language.value.upper()}")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", name)
    made.add("refresh-interval", _AGAIN, parameters={"value": "DURATION"})
    made.add("x-published-ttl", "PT6H")
    for meeting in meetings:
        made.add_component(_event(meeting, at=at, language=language))
    return bytes(made.to_ical())


def _event(meeting: Meeting, *, at: datetime, language: Language) -> Event:
    body = name_of(meeting.body, language)
    event = Event()
    event.add("uid", f"meeting-{meeting.id}-{meeting.body.key}@prep.invalid")
    event.add("dtstamp", at.replace(microsecond=0))
    event.add("dtstart", meeting.starts_at)
    if meeting.ends_at is not None:
        event.add("dtend", meeting.ends_at)
    event.add("sequence", meeting.version - 1)
    event.add("status", _STATUS[meeting.status])
    event.add(
        "summary",
        in_language(say("{body}: {subject}", body=body, subject=meeting.subject), language)
        if meeting.subject
        else in_language(say("{body}, meeting", body=body), language),
    )
    if meeting.place:
        event.add("location", meeting.place)
    return event
