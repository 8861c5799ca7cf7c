"""Calendars of meetings: made, shown once and revoked under “Own account”; read by a program without signing in."""

from flask import Blueprint, redirect, render_template
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from prep import clock
from prep.auth.permissions import nothing_here
from prep.errors import NotFound
from prep.exchange.calendars import MIME, calendar_file
from prep.language import in_language, say
from prep.models import CalendarFeed, Person
from prep.registry import calendar_feeds
from prep.registry.calendar_feeds import PATH
from prep.web import identity, notices
from prep.web.address import absolute
from prep.web.database import reading, writing
from prep.web.misses import count_miss, require_few
from prep.web.permissions import permission

pages = Blueprint("calendars", __name__)


@pages.get("/oma/kalenteri")
@permission("body.read")
def listed() -> str:
    """The own calendars that are good."""
    with reading() as session:
        person = _own(session)
        return render_template(
            "calendars.html",
            person=person,
            feeds=calendar_feeds.feeds_of(session, person) if person else [],
        )


@pages.post("/oma/kalenteri")
@permission("body.read")
def make() -> str:
    """Make an address; it is shown once."""
    with writing(identity.actor()) as session:
        person = _own(session)
        if person is None:
            raise nothing_here()
        made = calendar_feeds.make(session, person)
        return render_template("calendar_made.html", address=absolute(made.path))


@pages.post("/oma/kalenteri/<int:number>/mitatoi")
@permission("body.read")
def revoke(number: int) -> Response:
    """Make an own address useless; another's does not exist here."""
    with writing(identity.actor()) as session:
        person, row = _own(session), session.get(CalendarFeed, number)
        if person is None or row is None or row.person_id != person.id:
            raise nothing_here()
        calendar_feeds.revoke(session, row)
    return redirect(notices.after("calendars.listed", "feed-revoked"), code=303)


@pages.get(f"{PATH}/<token>.ics")
@permission("public")
def read(token: str) -> Response:
    """The meetings of whom the address was made for."""
    require_few()
    try:
        with reading() as session:
            feed = calendar_feeds.look_up(session, token)
            is_noted = calendar_feeds.is_read_anew(feed)
            content, number = _file(session, feed.person), feed.id
    except NotFound:
        count_miss()
        raise
    if is_noted:
        with writing("calendar") as session:
            session.get_one(CalendarFeed, number).last_read_at = clock.now()
    return Response(content, content_type=MIME)


def _file(session: Session, person: Person) -> bytes:
    return calendar_file(
        calendar_feeds.meetings_for(session, person, on=clock.today()),
        name=in_language(say("Preparedness meetings"), person.language),
        at=clock.now(),
        language=person.language,
    )


def _own(session: Session) -> Person | None:
    account = identity.signed_in(session).account
    return calendar_feeds.own_person(session, account, on=clock.today())
