"""Filling seats and named roles: appointing, correcting and ending terms. One form for both kinds of post."""

from collections.abc import Mapping
from datetime import date

from flask import Blueprint, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from prep import clock
from prep.errors import Conflict, Problem, Refused
from prep.language import in_language, say
from prep.models import Person
from prep.registry.appointments import (
    MOST_DEPUTIES,
    Decision,
    Term,
    appoint,
    change_term,
    end_term,
    next_rank,
    remove_term,
)
from prep.web import editing
from prep.web.database import reading
from prep.web.days import day_typed
from prep.web.forms import Form, sent_back, typed
from prep.web.language import page_language
from prep.web.permissions import permission
from prep.web.posts import PostView, candidates, chosen_person, find, find_term
from prep.web.saving import saved_at, saving

pages = Blueprint("appointing", __name__)

Answer = str | tuple[str, int] | Response
_TERM = ("rank", "starts", "ends", "decided_by", "decided_on", "decision_section")
_FIRST_DAY, _LAST_DAY, _DECIDED_ON = say("The first day"), say("The last day"), say("The day of the decision")
_PLACES = {
    "The person": "person",
    "The place in the post": "rank",
    "The first day": "starts",
    "The last day": "ends",
    "The organ that decided": "decided_by",
    "The day of the decision": "decided_on",
    "The section of the minutes": "decision_section",
}


@pages.get("/nimeaminen/<kind>/<int:number>")
@permission("contact.edit")
def form(kind: str, number: int) -> str:
    """The form by which a post is filled: as its holder while it is vacant, else as the next deputy."""
    today = clock.today()
    with reading() as session:
        view = find(session, kind, number)
        values = {"starts": today.isoformat(), "rank": str(next_rank(view.post.terms, on=today))}
        return _appoint_page(session, view, Form(values))


@pages.post("/nimeaminen/<kind>/<int:number>")
@permission("contact.edit")
def fill(kind: str, number: int) -> Answer:
    """Give a post to a person."""
    values = typed("person", *_TERM)
    try:
        with saving() as session:
            view = find(session, kind, number)
            appoint(
                session,
                view.post,
                _person(session, values["person"]),
                starts=day_typed(_FIRST_DAY, values["starts"]),
                ends=_day_or_none(values),
                rank=_rank(values),
                decision=_decision(values),
            )
            return saved_at(session, view.href, "appointed")
    except Refused as error:
        with reading() as session:
            view = find(session, kind, number)
            return _appoint_page(session, view, sent_back(values, error, _PLACES)), 422


@pages.get("/kaudet/<kind>/<int:number>")
@permission("contact.edit")
def edit(kind: str, number: int) -> str:
    """The form by which a term is corrected or ended."""
    with reading() as session:
        term, view = find_term(session, kind, number)
        return _term_page(term, view, editing.opened(_values(term), term))


@pages.post("/kaudet/<kind>/<int:number>")
@permission("contact.edit")
def change(kind: str, number: int) -> Answer:
    """Correct what is on record of a term."""
    sent = editing.sent(*_TERM)
    try:
        with saving() as session:
            term, view = find_term(session, kind, number)
            term.require_version(sent.version)
            change_term(
                session,
                term,
                starts=day_typed(_FIRST_DAY, sent.values["starts"]),
                ends=_day_or_none(sent.values),
                rank=_rank(sent.values),
                decision=_decision(sent.values),
            )
            return saved_at(session, view.href, "saved")
    except Conflict:
        with reading() as session:
            term, view = find_term(session, kind, number)
            return _term_page(term, view, editing.both(sent, _values(term), term, session)), 409
    except Refused as error:
        with reading() as session:
            term, view = find_term(session, kind, number)
            form = editing.with_faults(sent, sent_back(sent.values, error, _PLACES))
            return _term_page(term, view, form), 422


@pages.post("/kaudet/<kind>/<int:number>/paata")
@permission("contact.edit")
def end(kind: str, number: int) -> Answer:
    """End a term on a day."""
    values = typed("ends")
    try:
        with saving() as session:
            term, view = find_term(session, kind, number)
            end_term(session, term, last_day=day_typed(_LAST_DAY, values["ends"]))
            return saved_at(session, view.href, "term-ended")
    except Refused as error:
        with reading() as session:
            term, view = find_term(session, kind, number)
            kept = {**_values(term), **values}
            return _term_page(
                term, view, editing.still_opened(sent_back(kept, error, _PLACES), _values(term), term)
            ), 422


@pages.post("/kaudet/<kind>/<int:number>/poista")
@permission("contact.edit")
def remove(kind: str, number: int) -> Response:
    """Take away a term that was recorded by mistake."""
    with saving() as session:
        term, view = find_term(session, kind, number)
        remove_term(session, term)
        return saved_at(session, view.href, "gone")


def _person(session: Session, given: str) -> Person:
    found = chosen_person(session, given)
    if found is None:
        raise Refused(
            Problem(
                place=say("The person"),
                value=None,
                rule=say("Somebody of the register is appointed."),
                remedy=say("Choose from the list; whoever is not there is added under “Contacts” first."),
            )
        )
    return found


def _rank(values: Mapping[str, str]) -> int:
    given = values["rank"]
    if given.isascii() and given.isdecimal() and len(given) < 3:
        return int(given)
    raise Refused(
        Problem(
            place=say("The place in the post"),
            value=given[:20] or None,
            rule=say("A post has one holder and at most {n} deputies.", n=MOST_DEPUTIES),
            remedy=say("Choose one of these places."),
        )
    )


def _day_or_none(values: Mapping[str, str]) -> date | None:
    return day_typed(_LAST_DAY, values["ends"]) if values["ends"] else None


def _decision(values: Mapping[str, str]) -> Decision:
    return Decision(
        by=" ".join(values["decided_by"].split()),
        on=day_typed(_DECIDED_ON, values["decided_on"]) if values["decided_on"] else None,
        section=" ".join(values["decision_section"].split()),
    )


def _values(term: Term) -> dict[str, str]:
    return {
        "rank": str(term.rank),
        "starts": term.starts.isoformat(),
        "ends": term.ends.isoformat() if term.ends else "",
        "decided_by": term.decided_by,
        "decided_on": term.decided_on.isoformat() if term.decided_on else "",
        "decision_section": term.decision_section,
    }


def _ranks() -> list[tuple[str, str]]:
    words = [say("holder"), *(say("deputy {n}", n=rank) for rank in range(1, MOST_DEPUTIES + 1))]
    return [(str(rank), in_language(one, page_language())) for rank, one in enumerate(words)]


def _appoint_page(session: Session, view: PostView, form: Form) -> str:
    first, others = candidates(session, view, on=clock.today())
    return render_template(
        "appoint.html",
        view=view,
        form=form,
        first=first,
        others=others,
        ranks=_ranks(),
        standing=[term for term in view.post.terms if term.covers(clock.today())],
    )


def _term_page(term: Term, view: PostView, form: Form) -> str:
    return render_template(
        "term.html",
        term=term,
        view=view,
        form=form,
        ranks=_ranks(),
        today=clock.today(),
        here=url_for("appointing.edit", kind=view.kind, number=term.id),
    )
