"""How often a body is agreed to meet, on pages: added, changed, taken away."""

from collections.abc import Mapping

from flask import Blueprint, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from prep.auth.permissions import nothing_here
from prep.auth.roles import Permission
from prep.errors import Problem, Refused, no_such_choice
from prep.language import Message, in_language, say
from prep.models import Body, MeetingRule
from prep.regions.kinds import Period
from prep.registry.meeting_rules import MOST_TIMES, RuleDetails, add_rule, change_rule, remove_rule
from prep.web import editing
from prep.web.bodies import body_of
from prep.web.database import reading
from prep.web.forms import Form, sent_back, typed
from prep.web.language import page_language
from prep.web.permissions import permission
from prep.web.saving import saved, saving

pages = Blueprint("frequencies", __name__, url_prefix="/toimielimet/<key>/kokoustiheys")

Answer = str | tuple[str, int] | Response
_FIELDS = ("min", "max", "period", "is_per_area")
_LEAST, _MOST, _PERIOD = say("The least number of meetings"), say("The most"), say("The period")
_PLACES = {
    "The least number of meetings": "min",
    "The most": "max",
    "The period": "period",
    "The agreed frequency": "min",
}
_PERIODS = {Period.YEAR: say("calendar year"), Period.COUNCIL_TERM: say("council term")}


@pages.get("/uusi")
@permission("body.edit")
def new(key: str) -> str:
    """The form for a frequency."""
    with reading() as session:
        return _page(_body(session, key), None, Form({"period": Period.YEAR.value}))


@pages.post("/uusi")
@permission("body.edit")
def add(key: str) -> Answer:
    """A frequency more."""
    values = typed(*_FIELDS)
    try:
        with saving() as session:
            add_rule(session, _body(session, key), _details(values))
            return saved(session, "bodies.one", "added", key=key)
    except Refused as error:
        with reading() as session:
            return _page(_body(session, key), None, sent_back(values, error, _PLACES)), 422


@pages.get("/<int:number>/muokkaa")
@permission("body.edit")
def edit(key: str, number: int) -> str:
    """The form for a frequency that is on record."""
    with reading() as session:
        rule = _rule(session, key, number)
        return _page(rule.body, rule, editing.opened(_values(rule), rule))


@pages.post("/<int:number>/muokkaa")
@permission("body.edit")
def change(key: str, number: int) -> Answer:
    """Change how often a body is agreed to meet."""
    sent = editing.sent(*_FIELDS)

    def write(session: Session, rule: MeetingRule) -> Response:
        change_rule(session, rule, _details(sent.values))
        return saved(session, "bodies.one", "saved", key=key)

    return editing.changed(
        sent,
        find=lambda session: _rule(session, key, number),
        values=_values,
        change=write,
        places=_PLACES,
        page=lambda _session, rule, form: _page(rule.body, rule, form),
    )


@pages.post("/<int:number>/poista")
@permission("body.edit")
def remove(key: str, number: int) -> Response:
    """Take a frequency away that is not agreed."""
    with saving() as session:
        remove_rule(session, _rule(session, key, number))
        return saved(session, "bodies.one", "gone", key=key)


def _body(session: Session, key: str) -> Body:
    return body_of(session, key, Permission.BODY_EDIT)


def _rule(session: Session, key: str, number: int) -> MeetingRule:
    body, found = _body(session, key), session.get(MeetingRule, number)
    if found is None or found.body_id != body.id:
        raise nothing_here()
    return found


def _values(rule: MeetingRule) -> dict[str, str]:
    return {
        "min": str(rule.min),
        "max": str(rule.max or ""),
        "period": rule.period.value,
        "is_per_area": "1" if rule.is_per_area else "",
    }


def _details(values: Mapping[str, str]) -> RuleDetails:
    problems: list[Problem] = []
    least = _count(_LEAST, values["min"], problems)
    most = _count(_MOST, values["max"], problems) if values["max"].strip() else None
    if values["period"] not in set(Period):
        problems.append(no_such_choice(_PERIOD, values["period"]))
    if problems:
        raise Refused(problems)
    return RuleDetails(least, most, Period(values["period"]), is_per_area=bool(values["is_per_area"]))


def _count(place: Message, value: str, problems: list[Problem]) -> int:
    given = value.strip()
    if given.isascii() and given.isdecimal() and len(given) < 5:
        return int(given)
    problems.append(
        Problem(
            place=place,
            value=given[:20] or None,
            rule=say("It is a whole number from 1 to {most}.", most=MOST_TIMES),
            remedy=say("Correct it."),
        )
    )
    return 0


def _page(body: Body, rule: MeetingRule | None, form: Form) -> str:
    return render_template(
        "frequency_form.html",
        body=body,
        rule=rule,
        form=form,
        periods=[(one.value, in_language(words, page_language())) for one, words in _PERIODS.items()],
        back=url_for("bodies.one", key=body.key),
    )
