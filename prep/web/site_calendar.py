"""When premises can be had, on pages: week by week, what takes them, and a calendar file read in."""

from datetime import date, datetime, timedelta

from flask import Blueprint, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from prep import clock
from prep.auth.permissions import nothing_here
from prep.auth.roles import Permission
from prep.errors import Refused
from prep.evacuation.booking_records import (
    add_booking,
    change_booking,
    keep_calendar,
    leave_calendar,
    remove_booking,
    take_over,
)
from prep.evacuation.calendar_records import booking_of
from prep.exchange.booking_files import MAX_BYTES, BookingFile, read_bookings
from prep.language import HELSINKI, Message, in_language, say
from prep.models import Site, SiteBooking
from prep.terms import BookingKind, Usability
from prep.web import editing, identity
from prep.web.booking_form import DAYS, FIELDS, ONCE, PLACES, RULE, WEEKLY, YEARLY, facts_typed, values_of
from prep.web.database import reading
from prep.web.days import day_asked, day_typed
from prep.web.editing import Edit
from prep.web.forms import Form, sent_back, typed
from prep.web.hours import STATE_OF, days_of
from prep.web.language import page_language
from prep.web.permissions import permission
from prep.web.saving import saved, saving
from prep.web.sight import may
from prep.web.sites import site_of
from prep.web.uploads import FILE, Upload, sent_file, takes_file
from prep.web.words import word

pages = Blueprint("site_calendar", __name__, url_prefix="/evakuointipaikat/<int:number>/kalenteri")

Answer = str | tuple[str, int] | Response
WEEK = "viikko"
_DAY = timedelta(days=1)
_WEEKDAYS = {
    "MO": say("Monday"),
    "TU": say("Tuesday"),
    "WE": say("Wednesday"),
    "TH": say("Thursday"),
    "FR": say("Friday"),
    "SA": say("Saturday"),
    "SU": say("Sunday"),
}


@pages.get("")
@permission("site.read")
def show(number: int) -> str:
    """A week of the premises, and what takes them."""
    today = clock.today()
    asked = day_asked(WEEK) or today
    first = asked - asked.weekday() * _DAY
    with reading() as session:
        site = site_of(session, number)
        return render_template(
            "site_calendar.html",
            site=site,
            days=days_of(site, first),
            first=first,
            last=first + 6 * _DAY,
            today=today,
            before=(first - 7 * _DAY).isoformat(),
            after=(first + 7 * _DAY).isoformat(),
            usabilities=[(STATE_OF[kind], word(kind)) for kind in Usability],
            rows=[_row(one, today) for one in site.bookings],
            form=Form({"known_until": _known_until(site)}),
            may_edit=may(Permission.SITE_EDIT, site.municipality_code),
        )


@pages.post("/pidetaan")
@permission("site.edit")
def keep(number: int) -> Response:
    """Note that the calendar is kept, and to which day it is known."""
    until = request.form.get("known_until", "").strip()
    with saving() as session:
        site = _site(session, number)
        last = day_typed(say("Known to the end of"), until) if until else None
        keep_calendar(session, site, known_until=last, on=clock.today(), by=identity.name())
        return saved(session, "site_calendar.show", "saved", number=number)


@pages.post("/ei-pideta")
@permission("site.edit")
def leave(number: int) -> Response:
    """Note that nobody keeps the calendar any more."""
    with saving() as session:
        leave_calendar(session, _site(session, number))
        return saved(session, "site_calendar.show", "saved", number=number)


@pages.get("/uusi")
@permission("site.edit")
def new(number: int) -> str:
    """The form for something more that takes the premises."""
    first = {
        "kind": BookingKind.TAKEN.value,
        "repeats": ONCE,
        "starts": clock.today().isoformat(),
        "days": " ".join(DAYS[:5]),
    }
    with reading() as session:
        return _form_page(session, _site(session, number), None, Form(first))


@pages.post("/uusi")
@permission("site.edit")
def add(number: int) -> Answer:
    """Take something more into the calendar."""
    values = _typed()
    try:
        with saving() as session:
            add_booking(session, _site(session, number), facts_typed(values))
            return saved(session, "site_calendar.show", "added", number=number)
    except Refused as error:
        with reading() as session:
            return _form_page(session, _site(session, number), None, sent_back(values, error, PLACES)), 422


@pages.get("/<int:booking_number>/muokkaa")
@permission("site.edit")
def edit(number: int, booking_number: int) -> str:
    """The form for what takes the premises."""
    with reading() as session:
        row = _booking(session, number, booking_number)
        return _form_page(session, row.site, row, editing.opened(values_of(row), row))


@pages.post("/<int:booking_number>/muokkaa")
@permission("site.edit")
def change(number: int, booking_number: int) -> Answer:
    """Change what takes the premises."""
    sent = editing.sent(*FIELDS)
    sent = Edit({**sent.values, **_typed()}, sent.opened, sent.version)

    def write(session: Session, row: SiteBooking) -> Response:
        change_booking(session, row, facts_typed(sent.values, zone=row.zone, uid=row.uid))
        return saved(session, "site_calendar.show", "saved", number=number)

    return editing.changed(
        sent,
        find=lambda session: _booking(session, number, booking_number),
        values=values_of,
        change=write,
        places=PLACES,
        page=lambda session, row, form: _form_page(session, row.site, row, form),
    )


@pages.post("/<int:booking_number>/poista")
@permission("site.edit")
def remove(number: int, booking_number: int) -> Response:
    """Take something out of the calendar."""
    with saving() as session:
        remove_booking(session, _booking(session, number, booking_number))
        return saved(session, "site_calendar.show", "gone", number=number)


@pages.get("/tuonti")
@permission("site.edit")
def choose(number: int) -> str:
    """The form for a calendar file."""
    with reading() as session:
        return _import_page(_site(session, number), Form({}))


@pages.post("/tuonti")
@permission("site.edit")
@takes_file(MAX_BYTES)
def look(number: int) -> Answer:
    """What a calendar file would change; nothing is changed."""
    with reading() as session:
        site = _site(session, number)
        try:
            sent = sent_file(MAX_BYTES)
            read = read_bookings(sent.content, with_titles=_with_titles())
        except Refused as error:
            return _import_page(site, sent_back(typed("nimet"), error, {"The file": FILE})), 422
        return _import_page(site, Form(typed("nimet")), sent, read)


@pages.post("/tuonti/tee")
@permission("site.edit")
@takes_file(MAX_BYTES)
def bring(number: int) -> Answer:
    """Take what a calendar file holds into the calendar."""
    try:
        with saving() as session:
            site = _site(session, number)
            read = read_bookings(sent_file(MAX_BYTES).content, with_titles=_with_titles())
            take_over(session, site, read.bookings)
            return saved(session, "site_calendar.show", "imported", number=number)
    except Refused as error:
        with reading() as session:
            form = sent_back(typed("nimet"), error, {"The file": FILE})
            return _import_page(_site(session, number), form), 422


def _row(row: SiteBooking, today: date) -> tuple[SiteBooking, str, str, bool]:
    """A booking with when it is and how it repeats, in words, and whether it is over."""
    values = values_of(row)
    hours = f" {values['from'].lstrip('0')}–{values['to'].lstrip('0')}" if values["from"] else ""
    first = f"{row.starts_on.day}.{row.starts_on.month}.{row.starts_on.year}"
    ends = date.fromisoformat(values["ends"]) if values["ends"] else None
    last = f"{ends.day}.{ends.month}.{ends.year}" if ends else ""
    span = first if last == first else f"{first}–{last}"
    repeats: dict[str, Message | str] = {
        ONCE: say("once"),
        YEARLY: say("every year"),
        RULE: row.rule,
        WEEKLY: say(
            "every week: {days}", days=[_WEEKDAYS[one] for one in values["days"].split() if one in DAYS]
        ),
    }
    is_over = not any(booking_of(row).spans(_midnight(today), _midnight(today + 3660 * _DAY)))
    return row, f"{span}{hours}", in_language(repeats[values["repeats"]], page_language()), is_over


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=HELSINKI)


def _known_until(site: Site) -> str:
    until = site.calendar.known_until if site.calendar else None
    return until.isoformat() if until else ""


def _site(session: Session, number: int) -> Site:
    return site_of(session, number, Permission.SITE_EDIT)


def _booking(session: Session, number: int, booking_number: int) -> SiteBooking:
    site, found = _site(session, number), session.get(SiteBooking, booking_number)
    if found is None or found.site_id != site.id:
        raise nothing_here()
    return found


def _typed() -> dict[str, str]:
    return {**typed(*FIELDS), "days": " ".join(one for one in DAYS if one in request.form.getlist("days"))}


def _with_titles() -> bool:
    return request.form.get("nimet") == "1"


def _form_page(_session: Session, site: Site, row: SiteBooking | None, form: Form) -> str:
    return render_template(
        "booking_form.html",
        site=site,
        row=row,
        form=form,
        kinds=[(one.value, word(one)) for one in BookingKind],
        ways=[
            (ONCE, say("once")),
            (WEEKLY, say("every week")),
            (YEARLY, say("every year")),
            (RULE, say("by a rule of its own")),
        ],
        weekdays=list(_WEEKDAYS.items()),
        back=url_for("site_calendar.show", number=site.id),
    )


def _import_page(site: Site, form: Form, sent: Upload | None = None, read: BookingFile | None = None) -> str:
    known = {one.uid for one in site.bookings if one.uid}
    return render_template(
        "booking_import.html",
        site=site,
        form=form,
        sent=sent,
        read=read,
        not_read=[(one.event, one.problem.in_language(page_language())) for one in read.not_read]
        if read
        else [],
        with_titles=_with_titles(),
        again=sum(one.uid in known for one in read.bookings) if read else 0,
        largest_mib=MAX_BYTES >> 20,
        back=url_for("site_calendar.show", number=site.id),
    )
