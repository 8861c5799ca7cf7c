"""Whether premises can be had on a day at an hour; both days on which the clocks are changed among them."""

from datetime import UTC, date, datetime, timedelta

import pytest

from prep.errors import Refused
from prep.evacuation.availability import Booking, Calendar, hour_of, usable, week, worst_of
from prep.evacuation.recurrence import read_rule, turns
from prep.language import HELSINKI
from prep.terms import BookingKind, SiteStatus, Usability


def wall(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    """A time on the clock on the wall."""
    return datetime(year, month, day, hour, minute)  # noqa: DTZ001 - of no zone yet


AUTUMN = wall(2026, 8, 10, 8)  # a Monday
SCHOOL = Booking(
    BookingKind.TAKEN,
    AUTUMN,
    8 * 60,
    "school",
    rule="FREQ=WEEKLY;UNTIL=20270531T235959;BYDAY=MO,TU,WE,TH,FR",
    excluded=frozenset({date(2026, 10, 14)}),
)
JULY = Booking(BookingKind.TAKEN, wall(2026, 7, 1), 31 * 1440, "closed in July", rule="FREQ=YEARLY")
ALARM = Booking(BookingKind.ON_NOTICE, wall(2026, 8, 8), 1440, "caretaker", "FREQ=WEEKLY", notice_h=4.0)


def kept(
    *bookings: Booking, status: SiteStatus = SiteStatus.AVAILABLE, until: date | None = None
) -> Calendar:
    return Calendar(status, bookings, is_kept=True, known_until=until)


def at(day: str, hour: int) -> datetime:
    return hour_of(date.fromisoformat(day), hour)


@pytest.mark.parametrize(
    ("day", "hour", "kind"),
    [
        ("2026-12-01", 7, "free"),
        ("2026-12-01", 8, "taken"),
        ("2026-12-01", 15, "taken"),
        ("2026-12-01", 16, "free"),
        ("2026-10-14", 10, "free"),  # left out
        ("2026-12-05", 10, "on_notice"),  # a Saturday
        ("2026-12-06", 10, "free"),
        ("2026-08-09", 10, "free"),  # the day before the first
        ("2027-05-31", 10, "taken"),  # the last, a Monday
        ("2027-06-01", 10, "free"),
        ("2027-06-30", 23, "free"),
        ("2027-07-01", 0, "taken"),
        ("2027-07-31", 23, "taken"),
        ("2027-08-01", 0, "free"),
    ],
)
def test_an_hour_is_free_taken_or_to_be_had_with_notice(day: str, hour: int, kind: str) -> None:
    assert usable(kept(SCHOOL, JULY, ALARM), at(day, hour)).kind == kind


def test_what_is_taken_says_by_what_and_until_when() -> None:
    lesson = Booking(BookingKind.TAKEN, wall(2026, 12, 1, 16), 90, "club")
    found = usable(kept(SCHOOL, lesson), at("2026-12-01", 9))
    assert str(found.sentence) == "taken: school, until 1.12.2026 17.30"
    assert found.free_from == datetime(2026, 12, 1, 15, 30, tzinfo=UTC)
    notice = usable(kept(ALARM), at("2026-12-05", 9))
    assert (str(notice.sentence), notice.notice_h) == ("4 h after the call: caretaker", 4.0)


def test_what_takes_half_an_hour_takes_the_hour() -> None:
    half = Booking(BookingKind.TAKEN, wall(2026, 12, 1, 9, 30), 30, "half")
    found = usable(kept(half), at("2026-12-01", 9))
    assert found.free_from == datetime(2026, 12, 1, 8, tzinfo=UTC)
    assert usable(kept(half), at("2026-12-01", 8)).kind is Usability.FREE


def test_what_nobody_keeps_is_not_known_and_never_free() -> None:
    unkept = Calendar(SiteStatus.AVAILABLE, (SCHOOL,))
    assert usable(unkept, at("2026-12-01", 9)).kind is Usability.TAKEN
    assert usable(unkept, at("2026-12-01", 17)).kind is Usability.UNKNOWN
    assert usable(Calendar(SiteStatus.AVAILABLE), at("2026-12-01", 9)).kind is Usability.UNKNOWN
    # What is to be had with notice is no answer where other bookings are not known.
    assert usable(Calendar(SiteStatus.AVAILABLE, (ALARM,)), at("2026-12-05", 9)).kind is Usability.UNKNOWN


def test_a_calendar_is_not_known_after_its_last_day() -> None:
    calendar = kept(SCHOOL, until=date(2026, 12, 18))
    assert usable(calendar, at("2026-12-18", 23)).kind is Usability.FREE
    later = usable(calendar, at("2026-12-19", 0))
    assert later.kind is Usability.UNKNOWN
    assert str(later.sentence) == "not known: the calendar reaches to 18.12.2026"


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (SiteStatus.AVAILABLE, "free"),
        (SiteStatus.CONDITIONAL, "on_notice"),
        (SiteStatus.IN_USE, "taken"),
        (SiteStatus.OUT, "taken"),
        (SiteStatus.UNKNOWN, "unknown"),
    ],
)
def test_what_the_keeper_says_of_the_premises_goes_before_the_calendar(status: SiteStatus, kind: str) -> None:
    assert usable(kept(status=status), at("2026-12-01", 9)).kind == kind


def test_a_night_that_the_clocks_change_in_ends_on_the_wall() -> None:
    """28 to 29 March 2026 has 13 hours from 20 to 10, 24 to 25 October 15."""
    for begins, hours in ((wall(2026, 3, 28, 20), 13), (wall(2026, 10, 24, 20), 15)):
        (span,) = Booking(BookingKind.TAKEN, begins, 14 * 60).spans(
            begins.replace(tzinfo=UTC), begins.replace(tzinfo=UTC) + timedelta(days=1)
        )
        assert span.ends.astimezone(HELSINKI).hour == 10
        assert span.ends - span.starts == timedelta(hours=hours)


def test_a_weekly_booking_stays_at_its_hour_over_both_changes() -> None:
    sunday = Booking(BookingKind.TAKEN, wall(2026, 3, 22, 8), 120, rule="FREQ=WEEKLY")
    for day in ("2026-03-22", "2026-03-29", "2026-10-18", "2026-10-25"):
        kinds = [usable(kept(sunday), at(day, hour)).kind.value for hour in (7, 8, 9, 10)]
        assert kinds == ["free", "taken", "taken", "free"], day


def test_a_booking_of_another_zone_moves_on_the_wall_here() -> None:
    utc = Booking(BookingKind.TAKEN, wall(2026, 3, 22, 8), 60, rule="FREQ=WEEKLY", zone="UTC")
    assert usable(kept(utc), at("2026-03-22", 10)).kind is Usability.TAKEN
    assert usable(kept(utc), at("2026-03-29", 11)).kind is Usability.TAKEN
    assert usable(kept(utc), at("2026-03-29", 10)).kind is Usability.FREE


def test_a_week_has_every_hour_also_where_the_clocks_change() -> None:
    for first, hours in ((date(2026, 3, 23), 167), (date(2026, 10, 19), 169), (date(2026, 11, 30), 168)):
        days = week(kept(SCHOOL), first)
        assert [day for day, _ in days] == [first + timedelta(days=n) for n in range(7)]
        assert sum(one.hours for _, some in days for one in some) == hours
        # What one asks hour by hour says the same.
        for _, some in days:
            for one in some:
                for n in range(one.hours):
                    assert usable(kept(SCHOOL), one.first + timedelta(hours=n)).kind is one.usable.kind
    monday = [(one.hours, one.usable.kind.value) for one in week(kept(SCHOOL), date(2026, 11, 30))[0][1]]
    assert monday == [(8, "free"), (8, "taken"), (8, "free")]


def test_the_worst_of_some_is_what_is_taken_then_what_is_not_known() -> None:
    assert worst_of([Usability.FREE, Usability.ON_NOTICE]) is Usability.ON_NOTICE
    assert worst_of([Usability.UNKNOWN, Usability.ON_NOTICE]) is Usability.UNKNOWN
    assert worst_of([Usability.UNKNOWN, Usability.TAKEN]) is Usability.TAKEN
    assert worst_of([]) is Usability.UNKNOWN


def test_nonsense_is_no_booking() -> None:
    for facts in (
        {"minutes": 0},
        {"minutes": 400 * 1440},
        {"notice_h": 3.0},
        {"starts": datetime(2026, 1, 1, tzinfo=UTC)},
    ):
        with pytest.raises(ValueError, match=r"booking|notice"):
            Booking(**{"kind": BookingKind.TAKEN, "starts": AUTUMN, "minutes": 60, **facts})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "kept_as"),
    [
        ("RRULE:FREQ=WEEKLY;BYDAY=MO", "FREQ=WEEKLY;BYDAY=MO"),
        ("FREQ=DAILY;COUNT=3", "FREQ=DAILY;UNTIL=20260812T080000"),
        ("FREQ=WEEKLY;UNTIL=20261031T220000Z", "FREQ=WEEKLY;UNTIL=20261101T000000"),
        ("FREQ=MONTHLY;BYDAY=-1FR", "FREQ=MONTHLY;BYDAY=-1FR"),
    ],
)
def test_a_rule_is_kept_in_one_form(text: str, kept_as: str) -> None:
    assert read_rule(text, starts=AUTUMN, zone=HELSINKI) == kept_as


@pytest.mark.parametrize(
    "text",
    [
        *("", "x", ";;;", "FREQ=HOURLY", "FREQ=WEEKLY;UNTIL=", "FREQ=DAILY;COUNT=0", "FREQ=DAILY;INTERVAL=0"),
        *(
            "FREQ=DAILY;INTERVAL=99999999999",
            "FREQ=WEEKLY;BYDAY=XX",
            "FREQ=DAILY;BYHOUR=3",
            "FREQ=DAILY,WEEKLY",
        ),
        *("FREQ=DAILY;BYSETPOS=-999999", "FREQ=WEEKLY;X-A=1", "FREQ=WEEKLY;BYDAY=" + "MO," * 300),
    ],
)
def test_what_is_no_rule_is_refused(text: str) -> None:
    with pytest.raises(
        Refused, match=r"It is a rule of RFC 5545 that repeats by days, weeks, months or years"
    ):
        read_rule(text, starts=AUTUMN, zone=HELSINKI)


@pytest.mark.parametrize(
    "text",
    ["FREQ=WEEKLY;UNTIL=20250101", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=DAILY;INTERVAL=7;BYDAY=TU"],
)
def test_a_rule_that_never_comes_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="It comes at least once between its first and its last day"):
        read_rule(text, starts=AUTUMN, zone=HELSINKI)


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=WEEKLY;INTERVAL=3;BYDAY=MO,SA",
        "FREQ=DAILY;INTERVAL=5",
        "FREQ=WEEKLY;WKST=SU;INTERVAL=2;BYDAY=SU,MO",
    ],
)
def test_turns_years_later_are_those_that_counting_from_the_first_gives(rule: str) -> None:
    kept_as = read_rule(rule, starts=AUTUMN, zone=HELSINKI)
    whole = list(turns(kept_as, starts=AUTUMN, first=AUTUMN, last=wall(2031, 1, 1)))
    for first in (wall(2026, 8, 20), wall(2028, 2, 29, 12), wall(2030, 12, 1)):
        some = list(turns(kept_as, starts=AUTUMN, first=first, last=wall(2031, 1, 1)))
        assert some == [one for one in whole if one >= first]
