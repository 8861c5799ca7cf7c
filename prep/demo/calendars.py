"""Invented calendars of premises: schools by day in term, halls to be had with notice; of all others nobody knows."""

from datetime import date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from prep.evacuation.booking_records import BookingFacts, add_booking, keep_calendar
from prep.models import Site
from prep.terms import BookingKind

_SCHOOLS = ("koulu", "lukio")
_HALLS = ("jäähalli", "palloiluhalli")


def add_calendars(session: Session, *, on: date) -> None:
    """The school year in which a day lies, or that comes after it in summer."""
    year = on.year if on.month >= 7 else on.year - 1
    begins, ends = date(year, 8, 10), date(year + 1, 5, 31)
    for site in session.scalars(select(Site).order_by(Site.id)):
        name = site.name.casefold()
        if name.endswith(_SCHOOLS):
            for facts in _school(begins, ends):
                add_booking(session, site, facts)
            keep_calendar(session, site, known_until=ends, on=on, by="Kiinteistöpäivystys")
        elif name.endswith(_HALLS):
            add_booking(session, site, _hall(begins))
            keep_calendar(session, site, known_until=None, on=on, by="Liikuntapalvelut")


def _school(begins: date, ends: date) -> list[BookingFacts]:
    weekdays = f"FREQ=WEEKLY;UNTIL={ends:%Y%m%d};BYDAY=MO,TU,WE,TH,FR"
    autumn = tuple(date(begins.year, 10, 12) + timedelta(days=n) for n in range(7))
    return [
        BookingFacts(
            BookingKind.TAKEN,
            datetime.combine(begins, time(8)),
            8 * 60,
            "Koulupäivät",
            rule=weekdays,
            excluded=autumn,
        ),
        BookingFacts(
            BookingKind.TAKEN,
            datetime.combine(date(begins.year, 7, 1), time()),
            31 * 1440,
            "Suljettu heinäkuussa",
            rule="FREQ=YEARLY",
        ),
    ]


def _hall(begins: date) -> BookingFacts:
    return BookingFacts(
        BookingKind.ON_NOTICE,
        datetime.combine(begins, time(16)),
        6 * 60,
        "Harjoitusvuorot",
        rule="FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
        notice_h=2.0,
    )
