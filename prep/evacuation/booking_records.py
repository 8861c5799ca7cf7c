"""Keeping the calendars of premises: whether one is kept and how far, and what takes the premises."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from prep.errors import Problem, Refused
from prep.evacuation.availability import LONGEST
from prep.evacuation.recurrence import read_rule
from prep.language import HELSINKI, Message, say
from prep.models import Site, SiteBooking, SiteCalendar
from prep.terms import BookingKind

MOST_BOOKINGS = 500
MOST_EXCLUDED = 400
_LONGEST_TITLE = 200
_LONGEST_NOTICE_H = 24 * 14
_YEARS = range(2000, 2101)


@dataclass(frozen=True, slots=True)
class BookingFacts:
    """What takes premises: its first turn on the wall of ``zone``, how long it lasts, how it comes again."""

    kind: BookingKind
    starts: datetime
    minutes: int
    title: str = ""
    # As it was written; empty for what comes once.
    rule: str = ""
    excluded: tuple[date, ...] = ()
    zone: str = HELSINKI.key
    notice_h: float | None = None
    uid: str = ""


def keep_calendar(session: Session, site: Site, *, known_until: date | None, on: date, by: str) -> None:
    """Note that what the bookings do not mention is free, to the end of a day or (None) without end."""
    row = site.calendar or SiteCalendar(site=site)
    row.known_until = known_until
    row.confirmed_on, row.confirmed_by = on, by
    session.add(row)
    session.flush()


def leave_calendar(session: Session, site: Site) -> None:
    """Note that nobody keeps the calendar any more: what no booking takes is not known."""
    site.calendar = None
    session.flush()


def add_booking(session: Session, site: Site, facts: BookingFacts) -> SiteBooking:
    """Something more that takes the premises.

    Raises
    ------
    Refused
        If something in it is out of bounds, its rule is none or never comes, or there are too many.
    """
    if len(site.bookings) >= MOST_BOOKINGS:
        raise _refused(
            say("The calendar"),
            str(len(site.bookings)),
            say("Premises have at most {n} bookings.", n=MOST_BOOKINGS),
            say("Remove those that are over, or write what comes again as one rule."),
        )
    row = SiteBooking()
    _write(row, facts)
    site.bookings.append(row)
    session.flush()
    return row


def change_booking(session: Session, row: SiteBooking, facts: BookingFacts) -> None:
    """Change what takes premises.

    Raises
    ------
    Refused
        If something in it is out of bounds, or its rule is none or never comes.
    """
    _write(row, facts)
    session.flush()


def remove_booking(session: Session, row: SiteBooking) -> None:
    """Take away what no longer takes the premises."""
    row.site.bookings.remove(row)
    session.flush()


def take_over(session: Session, site: Site, read: Iterable[BookingFacts]) -> None:
    """The bookings of a calendar file in place of those that were read from the same events before.

    Raises
    ------
    Refused
        As `add_booking`.
    """
    read = list(read)
    uids = {one.uid for one in read}
    for row in [one for one in site.bookings if one.uid and one.uid in uids]:
        site.bookings.remove(row)
    session.flush()
    for facts in read:
        add_booking(session, site, facts)


def _write(row: SiteBooking, facts: BookingFacts) -> None:
    checked(facts)
    starts = facts.starts
    row.kind, row.notice_h = facts.kind, facts.notice_h
    row.title = " ".join(facts.title.split())
    row.starts_on, row.starts_min = starts.date(), starts.hour * 60 + starts.minute
    row.minutes, row.zone, row.uid = facts.minutes, facts.zone, facts.uid
    row.rule = read_rule(facts.rule, starts=starts, zone=ZoneInfo(facts.zone)) if facts.rule else ""
    row.excluded = [day.isoformat() for day in sorted(set(facts.excluded))]


def checked(facts: BookingFacts) -> None:
    """Go on only if everything but the rule of what takes premises is within its bounds.

    Raises
    ------
    Refused
        If it is not.
    """
    if facts.starts.year not in _YEARS:
        raise _refused(
            say("First day"),
            facts.starts.date().isoformat(),
            say("It lies between the years {first} and {last}.", first=str(_YEARS[0]), last=str(_YEARS[-1])),
            say("Choose the day from the calendar."),
        )
    if not 0 < facts.minutes <= LONGEST.days * 1440:
        raise _refused(
            say("Last day"),
            None,
            say("It ends after it begins, and lasts a year at most."),
            say("Write a later end; what lasts longer is marked as out of use in the facts."),
        )
    if len(facts.title) > _LONGEST_TITLE:
        raise _refused(
            say("What for"),
            facts.title[:40],
            say("It has at most {n} letters; this has {found}.", n=_LONGEST_TITLE, found=len(facts.title)),
            say("Shorten it."),
        )
    if (facts.kind is BookingKind.ON_NOTICE) != (facts.notice_h is not None) or not (
        0 < (facts.notice_h or 1) <= _LONGEST_NOTICE_H
    ):
        raise _refused(
            say("Hours from the call"),
            None if facts.notice_h is None else str(facts.notice_h),
            say("With notice it is more than 0 and at most {n} hours, else empty.", n=_LONGEST_NOTICE_H),
            say("Write after how many hours the premises are free."),
        )
    if len(facts.excluded) > MOST_EXCLUDED:
        raise _refused(
            say("Not on these days"),
            str(len(facts.excluded)),
            say("At most {n} days are left out.", n=MOST_EXCLUDED),
            say("Write the time before and after as two bookings."),
        )


def _refused(place: Message, value: str | None, rule: Message, remedy: Message) -> Refused:
    return Refused(Problem(place=place, value=value, rule=rule, remedy=remedy))
