"""What has to be confirmed: the queue of whoever is signed in, confirming without change, and the intervals."""

from collections.abc import Iterable, Mapping

from flask import Blueprint, render_template, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from prep import clock
from prep.auth.permissions import nothing_here
from prep.auth.roles import Permission
from prep.errors import Conflict, Problem, Refused
from prep.freshness import INTERVAL_NAMES, LONGEST_DAYS, SHIPPED_DAYS, intervals, set_interval
from prep.jobs.digests import ask
from prep.language import Message, say, sort_key
from prep.registry.ownership import owners
from prep.registry.review import (
    Item,
    ToConfirm,
    confirm,
    find,
    item_of,
    items_of,
    may_confirm,
    to_confirm,
)
from prep.terms import FreshnessKind, State
from prep.web import identity
from prep.web.address import absolute
from prep.web.choices import Choice, choices, one_of
from prep.web.database import reading
from prep.web.forms import Form, sent_back, typed
from prep.web.language import page_language
from prep.web.people import person_of
from prep.web.permissions import permission, require
from prep.web.review_rows import (
    Group,
    detail_words,
    edit_address,
    groups,
    value_words,
)
from prep.web.saving import done, saved, saving
from prep.web.sight import may, seen_places
from prep.web.words import word
from prep.web.writing import named

pages = Blueprint("review", __name__, url_prefix="/tarkistettavat")

_PLACE, _KIND, _STATE, _WHOSE, _PERSON, _PAGE = "kunta", "laji", "tila", "kenen", "henkilo", "sivu"
_ALL = "kaikki"
_SHARED = "alue"
# So many values stand on a page, and the rest of the last group on it.
_ON_A_PAGE = 60


@pages.get("")
@permission("contact.edit")
def listed() -> str:
    """What whoever is signed in has to confirm today, the worst first."""
    with reading() as session:
        return _page(session)


@pages.post("")
@permission("contact.edit")
def confirm_chosen() -> Response | tuple[str, int]:
    """Confirm what was ticked, or a whole group, as it stood on the page."""
    seen = _seen()
    group = request.form.get("ryhma")
    chosen = {key for key in (request.form.getlist("valittu") if group is None else seen) if key in seen}
    try:
        with saving() as session:
            wanted = _as_seen(session, {key: seen[key] for key in chosen}, group)
            if not wanted:
                raise Refused(
                    Problem(
                        place=say("To confirm"),
                        value=None,
                        rule=say("Nothing was chosen."),
                        remedy=say("Tick what is right as it stands, then confirm."),
                    )
                )
            confirm(session, [item.row for item in wanted], on=clock.today(), by=identity.name())
            return saved(session, "review.listed", "confirmed", **request.args.to_dict())
    except Conflict as error:
        with reading() as session:
            return _page(session, chosen=chosen, problems=error.problems), 409
    except Refused as error:
        with reading() as session:
            return _page(session, problems=error.problems), 422


@pages.post("/pyynto/<int:number>")
@permission("contact.edit")
def ask_person(number: int) -> Response:
    """Send somebody a link by which they confirm what is known of them."""
    with saving() as session:
        person = person_of(session, number, Permission.CONTACT_EDIT)
        if not ask(session, person, address=absolute("")):
            raise Refused(
                Problem(
                    place=person.name,
                    value=None,
                    rule=say("No e-mail address is known to which the link could be sent."),
                    remedy=say("Add one, or confirm what is known by telephone."),
                )
            )
        return done("people.one", "asked", number=number)


@pages.get("/valit")
@permission("contact.edit")
def intervals_form() -> str:
    """Within how many days each kind of value is confirmed again."""
    with reading() as session:
        return _intervals_page(Form(_days(session)))


@pages.post("/valit")
@permission("contact.edit")
def set_intervals() -> Response | tuple[str, int]:
    """Set the intervals of the county."""
    require(Permission.CONTACT_EDIT)
    values = typed(*FreshnessKind)
    try:
        with saving() as session:
            problems: list[Problem] = []
            for kind in FreshnessKind:
                try:
                    set_interval(session, kind, _number(kind, values[kind]))
                except Refused as error:
                    problems += error.problems
            if problems:
                raise Refused(problems)
            return saved(session, "review.intervals_form", "saved")
    except Refused as error:
        places = {INTERVAL_NAMES[kind].template: kind.value for kind in FreshnessKind}
        return _intervals_page(sent_back(values, error, places)), 422


def _seen() -> dict[str, str]:
    """What stood on the page: the keys of the values, each with the stamp of what it said."""
    pairs = (one.rpartition(".") for one in request.form.getlist("nahty"))
    return {key: stamp for key, _, stamp in pairs if key}


def _as_seen(session: Session, seen: Mapping[str, str], group: str | None) -> list[Item]:
    """The values that were seen, as they stand now.

    Raises
    ------
    NotFound
        If one is not there, or not theirs to confirm.
    Conflict
        If one says something else by now.
    """
    today, answering = clock.today(), owners(session, on=clock.today(), language=page_language())
    found: list[Item] = []
    changed: list[Item] = []
    for key, stamp in seen.items():
        row = find(session, key)
        if row is None or not may_confirm(row, identity.viewer()):
            raise nothing_here()
        item = item_of(row, on=today)
        (changed if item.stamp != stamp else found).append(item)
    if group is not None:
        found, changed = (
            [item for one in groups(several, answering) if one.key == group for item in one.items]
            for several in (found, changed)
        )
    if changed:
        raise Conflict(
            [
                Problem(
                    place=say("To confirm"),
                    value=value_words(item.row),
                    rule=say("It has been changed since you opened the page, so nothing was confirmed."),
                    remedy=say("Look at it as it stands now, and confirm anew."),
                )
                for item in changed
            ]
        )
    return found


def _page(session: Session, *, chosen: Iterable[str] = (), problems: Iterable[Problem] = ()) -> str:
    kind, state = one_of(FreshnessKind, _KIND), one_of(State, _STATE)
    place, whose = request.args.get(_PLACE, ""), request.args.get(_WHOSE, "")
    due = to_confirm(session, identity.viewer(), on=clock.today(), language=page_language())
    person = None
    if asked := request.args.get(_PERSON):
        person = person_of(session, int(asked) if asked.isdecimal() else 0, Permission.CONTACT_EDIT)
        found = [
            item
            for item in items_of(session, person, on=clock.today())
            if may_confirm(item.row, identity.viewer())
        ]
    else:
        found = list(due.everything if whose == _ALL else due.mine)
    shown = [
        item
        for item in found
        if place in {"", item.municipality or _SHARED}
        and kind in {None, item.kind}
        and state in {None, item.state}
    ]
    leaves = _leaves(groups(shown, due.owners))
    page = min(max(1, request.args.get(_PAGE, 1, type=int)), len(leaves))
    return render_template(
        "review.html",
        groups=leaves[page - 1],
        page=page,
        pages=len(leaves),
        shown=shown,
        due=due,
        person=person,
        is_all=whose == _ALL,
        filters=_filters(session, due, place=place, kind=kind, state=state, whose=whose),
        chosen=set(chosen),
        problems=[problem.in_language(page_language()) for problem in problems],
        value_words=value_words,
        detail_words=detail_words,
        edit_address=edit_address,
        ALL=_ALL,
    )


def _leaves(found: list[Group]) -> list[list[Group]]:
    """Groups on pages; a group is never torn."""
    leaves: list[list[Group]] = [[]]
    on_this = 0
    for group in found:
        if on_this >= _ON_A_PAGE:
            leaves.append([])
            on_this = 0
        leaves[-1].append(group)
        on_this += len(group.items)
    return leaves


def _filters(
    session: Session,
    due: ToConfirm,
    *,
    place: str,
    kind: FreshnessKind | None,
    state: State | None,
    whose: str,
) -> list[tuple[Message, list[Choice]]]:
    everything: tuple[str, Message | str] = ("", say("All"))
    made = []
    if due.is_planner:
        options = [
            ("", say("What falls to the county: {n}", n=len(due.mine))),
            (_ALL, say("Everything in the county: {n}", n=len(due.everything))),
        ]
        made.append((say("Whose"), choices(_WHOSE, options, chosen=whose)))
    places = sorted(seen_places(session, Permission.CONTACT_EDIT), key=lambda one: sort_key(named(one)))
    if len(places) > 1:
        by_name = [(one.code, named(one)) for one in places]
        shared = (_SHARED, say("county and shared"))
        made.append((say("Municipality"), choices(_PLACE, [everything, *by_name, shared], chosen=place)))
    kinds = [everything, *((one.value, INTERVAL_NAMES[one]) for one in FreshnessKind)]
    made.append((say("What"), choices(_KIND, kinds, chosen=kind or "")))
    states = [everything, *((one.value, word(one)) for one in State if one is not State.OK)]
    made.append((say("State"), choices(_STATE, states, chosen=state or "")))
    return made


def _days(session: Session) -> dict[str, str]:
    return {kind.value: str(days) for kind, days in intervals(session).items()}


def _number(kind: FreshnessKind, value: str) -> int:
    kept = value.strip()
    if not (kept.isascii() and kept.isdecimal() and len(kept) < 6):
        raise Refused(
            Problem(
                place=INTERVAL_NAMES[kind],
                value=kept[:40] or None,
                rule=say("It is a number of days from 1 to {most}.", most=LONGEST_DAYS),
                remedy=say("Write a number within these."),
            )
        )
    return int(kept)


def _intervals_page(form: Form) -> str:
    return render_template(
        "review_intervals.html",
        form=form,
        kinds=[(kind.value, INTERVAL_NAMES[kind], SHIPPED_DAYS[kind]) for kind in FreshnessKind],
        may_edit=may(Permission.CONTACT_EDIT),
    )
