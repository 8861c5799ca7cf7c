"""Calendar files of premises: every event lands or is reported."""

from datetime import UTC, date, datetime

import pytest

from prep.errors import Refused
from prep.evacuation.availability import Calendar, usable
from prep.evacuation.booking_records import BookingFacts
from prep.evacuation.recurrence import read_rule
from prep.exchange.booking_files import MOST_EVENTS, read_bookings
from prep.language import HELSINKI
from prep.terms import BookingKind, SiteStatus, Usability


def ics(*events: str, before: str = "") -> bytes:
    made = "".join(f"BEGIN:VEVENT\n{one}\nEND:VEVENT\n" for one in events)
    whole = f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//x//y//\n{before}{made}END:VCALENDAR\n"
    return whole.replace("\n", "\r\n").encode()


LESSON = "UID:1\nSUMMARY:Aino Esimerkki\nDTSTART;TZID=Europe/Helsinki:20261201T080000\nDTEND;TZID=Europe/Helsinki:20261201T093000"


def test_an_event_becomes_a_booking_without_the_names_in_it() -> None:
    (one,) = read_bookings(ics(LESSON), with_titles=False).bookings
    assert (one.kind, one.title, one.minutes, one.uid) == (BookingKind.TAKEN, "", 90, "1")
    assert (one.starts.isoformat(), one.zone) == ("2026-12-01T08:00:00", "Europe/Helsinki")
    (named,) = read_bookings(ics(LESSON), with_titles=True).bookings
    assert named.title == "Aino Esimerkki"


def test_days_durations_zones_rules_and_days_left_out_are_read() -> None:
    read = read_bookings(
        ics(
            "UID:d\nDTSTART;VALUE=DATE:20261224\nDTEND;VALUE=DATE:20261227",
            "UID:one\nDTSTART;VALUE=DATE:20261231",
            "UID:u\nDTSTART:20261201T060000Z\nDURATION:PT2H\nRRULE:FREQ=WEEKLY;UNTIL=20270101T000000Z\nEXDATE:20261208T060000Z",
            "UID:s\nDTSTART;TZID=Europe/Stockholm:20261201T080000\nDTEND;TZID=Europe/Helsinki:20261201T100000",
        ),
        with_titles=True,
    )
    days, day, utc, stockholm = read.bookings
    assert (days.starts.date(), days.minutes) == (date(2026, 12, 24), 3 * 1440)
    assert day.minutes == 1440
    assert (utc.zone, utc.minutes, utc.excluded) == ("UTC", 120, (date(2026, 12, 8),))
    assert (stockholm.zone, stockholm.minutes) == ("Europe/Stockholm", 60)
    assert read.not_read == ()


def test_a_turn_that_was_moved_takes_the_premises_at_its_new_hour_only() -> None:
    read = read_bookings(
        ics(
            f"{LESSON}\nRRULE:FREQ=WEEKLY",
            "UID:1\nRECURRENCE-ID;TZID=Europe/Helsinki:20261208T080000\nDTSTART;TZID=Europe/Helsinki:20261209T080000"
            "\nDTEND;TZID=Europe/Helsinki:20261209T093000",
            "UID:1\nRECURRENCE-ID;TZID=Europe/Helsinki:20261215T080000\nDTSTART;TZID=Europe/Helsinki:20261215T080000"
            "\nDTEND;TZID=Europe/Helsinki:20261215T093000\nSTATUS:CANCELLED",
        ),
        with_titles=False,
    )
    weekly, moved = read.bookings
    assert weekly.excluded == (date(2026, 12, 8), date(2026, 12, 15))
    assert (moved.starts.day, moved.rule, read.without_effect) == (9, "", 1)


def test_what_takes_no_time_is_counted_and_left_out() -> None:
    read = read_bookings(
        ics(f"{LESSON}\nTRANSP:TRANSPARENT", f"{LESSON}\nSTATUS:CANCELLED"), with_titles=False
    )
    assert (read.bookings, read.without_effect) == ((), 2)


@pytest.mark.parametrize(
    "event",
    [
        "UID:2\nDTSTART:2026x",
        "UID:3\nSUMMARY:no beginning",
        "UID:4\nDTSTART:20261201T080000\nDTEND:20261201T070000",
        "UID:5\nDTSTART:20261201T080000",
        "UID:6\nDTSTART:18500101T080000\nDURATION:PT1H",
        "UID:7\nDTSTART:20261201T080000\nDURATION:PT1H\nRRULE:FREQ=SECONDLY",
        "UID:8\nDTSTART:20261201T080000\nDURATION:PT1H\nRDATE:20261202T080000",
        "UID:z\nDTSTART;TZID=Nowhere Standard Time:20261201T080000\nDURATION:PT1H",
        "UID:9\nDTSTART:20261201T080000\nDURATION:P900D",
        "UID:10\nDTSTART:20261201T080000\nDURATION:PT1H\nRRULE:FREQ=WEEKLY\nRRULE:FREQ=DAILY",
    ],
)
def test_what_cannot_be_read_is_reported_and_the_rest_lands(event: str) -> None:
    read = read_bookings(ics(LESSON, event), with_titles=False)
    assert len(read.bookings) == 1
    ((name, problem),) = [(one.event, one.problem) for one in read.not_read]
    assert name == "2."
    assert str(problem.remedy)


@pytest.mark.parametrize(
    "content", [b"", b"not a calendar", b"\x00\xff" * 40, b"BEGIN:VCALENDAR\r\nEND:VEVENT\r\n"]
)
def test_what_is_no_calendar_file_is_refused(content: bytes) -> None:
    with pytest.raises(Refused, match=r"The calendar file: It (is a calendar file|holds no event)"):
        read_bookings(content, with_titles=False)


def test_a_calendar_of_too_many_events_is_refused() -> None:
    with pytest.raises(Refused, match=rf"It has at most {MOST_EVENTS} events; this has {MOST_EVENTS + 1}"):
        read_bookings(ics(*[LESSON] * (MOST_EVENTS + 1)), with_titles=False)


OUTLOOK = """BEGIN:VTIMEZONE
TZID:FLE Standard Time
BEGIN:STANDARD
DTSTART:16010101T040000
TZOFFSETFROM:+0300
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0300
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE
"""


def test_a_zone_as_office_programs_name_it_is_that_of_finland() -> None:
    event = "UID:f\nDTSTART;TZID=FLE Standard Time:20261018T080000\nDTEND;TZID=FLE Standard Time:20261018T090000\nRRULE:FREQ=WEEKLY"
    (one,) = read_bookings(ics(event, before=OUTLOOK), with_titles=False).bookings
    # Before and after the end of summer time it begins at eight on the wall.
    calendar = Calendar(SiteStatus.AVAILABLE, (_booking(one),), is_kept=True)
    for day in (18, 25):
        at = datetime(2026, 10, day, 8, tzinfo=HELSINKI).astimezone(UTC)
        assert usable(calendar, at).kind is Usability.TAKEN


def _booking(facts: BookingFacts):  # type: ignore[no-untyped-def]
    from zoneinfo import ZoneInfo

    from prep.evacuation.availability import Booking

    rule = read_rule(facts.rule, starts=facts.starts, zone=ZoneInfo(facts.zone))
    return Booking(facts.kind, facts.starts, facts.minutes, rule=rule, zone=facts.zone)
