"""The calendars of premises as they stand in the database, as values to ask."""

from datetime import date, datetime, time, timedelta

from prep.evacuation.availability import Booking, Calendar
from prep.models import Site, SiteBooking


def calendar_of(site: Site) -> Calendar:
    """What is known of when premises can be had."""
    return Calendar(
        status=site.status,
        bookings=tuple(booking_of(row) for row in site.bookings),
        is_kept=site.calendar is not None,
        known_until=site.calendar.known_until if site.calendar else None,
    )


def booking_of(row: SiteBooking) -> Booking:
    """What takes premises, as a value."""
    return Booking(
        kind=row.kind,
        starts=starts_of(row),
        minutes=row.minutes,
        title=row.title,
        rule=row.rule,
        excluded=frozenset(date.fromisoformat(day) for day in row.excluded),
        zone=row.zone,
        notice_h=row.notice_h,
    )


def starts_of(row: SiteBooking) -> datetime:
    """The first turn of a booking, on the wall."""
    return datetime.combine(row.starts_on, time()) + timedelta(minutes=row.starts_min)
