"""The norm sets that a county can choose from: those that come with prep, and its own, which are stored."""

from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from prep.errors import Conflict, NotFound, Problem, Refused
from prep.evacuation.norms import (
    CONFIRMED_EVERY,
    DEFAULT_NORMS,
    SETTABLE_LIMITS,
    LimitKind,
    NormRow,
    Norms,
    NormStatus,
    Phase,
    norm_set,
    norm_sets,
)
from prep.freshness import intervals
from prep.language import Message, say
from prep.models import County, NormChoice, StoredFigure, StoredNorms
from prep.terms import FreshnessKind, Language

_LONGEST_NAME = 200
_LONGEST_SOURCE = 300
_MOST_SETS = 50


def all_norms(session: Session) -> Mapping[str, Norms]:
    """Every norm set by key: those that come with prep, then the county's own by name.

    In all of them rows are confirmed as often as the county says.
    """
    days = intervals(session)[FreshnessKind.SITE]
    own = {one.key: norms_of(one) for one in stored_sets(session)}
    return {
        key: norms if norms.value(CONFIRMED_EVERY) == days else norms.set_by_county(CONFIRMED_EVERY, days)
        for key, norms in {**norm_sets(), **own}.items()
    }


def one_norms(session: Session, key: str) -> Norms:
    """A norm set of a key.

    Raises
    ------
    NotFound
        If there is none.
    """
    found = all_norms(session)
    if key not in found:
        raise NotFound(
            Problem(
                place=say("Norm set"),
                value=key,
                rule=say("There is no norm set of this name."),
                remedy=say("Use one of {known}.", known=list(found)),
            )
        )
    return found[key]


def county_norms(session: Session) -> Norms:
    """The norm set by which the county's premises are judged: the chosen one, else the one that comes first."""
    found = all_norms(session)
    return found.get(_choice(session), found[DEFAULT_NORMS])


def _choice(session: Session) -> str:
    key = session.scalars(select(NormChoice.key).order_by(NormChoice.county_id).limit(1)).first()
    return key or DEFAULT_NORMS


def choose_norms(session: Session, county: County, key: str) -> None:
    """Judge the county's premises by a norm set from now on.

    Raises
    ------
    NotFound
        If there is none of this key.
    """
    one_norms(session, key)
    row = session.get(NormChoice, county.id)
    if row is None:
        session.add(NormChoice(county_id=county.id, key=key))
    else:
        row.key = key
    session.flush()


def county_of(session: Session) -> County:
    """The county whose sets they are.

    Raises
    ------
    NotFound
        If there is none yet.
    """
    found = session.scalars(select(County).order_by(County.id).limit(1)).first()
    if found is None:
        raise NotFound(
            Problem(
                place=say("County"),
                value=None,
                rule=say("There is no county yet."),
                remedy=say("Build it first: prep init."),
            )
        )
    return found


def stored_sets(session: Session) -> list[StoredNorms]:
    """The county's own norm sets, by name."""
    query = select(StoredNorms).options(selectinload(StoredNorms.figures)).order_by(StoredNorms.name)
    return list(session.scalars(query))


def stored_set(session: Session, key: str) -> StoredNorms:
    """A norm set of the county's own.

    Raises
    ------
    NotFound
        If there is none; one that comes with prep cannot be changed.
    """
    found = next((one for one in stored_sets(session) if one.key == key), None)
    if found is None:
        raise NotFound(
            Problem(
                place=say("Norm set"),
                value=key,
                rule=say("The county has no norm set of this name of its own."),
                remedy=say("A set that comes with prep is not changed: make an own one based on it."),
            )
        )
    return found


def norms_of(stored: StoredNorms) -> Norms:
    """An own norm set as a value: the set that it is based on, with what the county has set instead."""
    base = norm_set(stored.based_on)
    rows = dict(base.rows)
    for figure in stored.figures:
        phase = Phase(figure.phase) if figure.phase else None
        rows[figure.key, phase] = NormRow(
            key=figure.key,
            phase=phase,
            value=figure.value,
            unit=base.row(figure.key, phase).unit,
            status=NormStatus.COUNTY,
            source=dict.fromkeys(Language, figure.source),
        )
    limits = dict(base.limits) | {
        Phase(phase): tuple(LimitKind(kind) for kind in kinds) for phase, kinds in stored.limits.items()
    }
    return replace(
        base,
        key=stored.key,
        names=dict.fromkeys(Language, stored.name),
        limits=limits,
        rows=rows,
        based_on=stored.based_on,
        version=stored.version,
    )


def make_set(session: Session, county: County, *, name: str, based_on: str, note: str = "") -> StoredNorms:
    """A norm set of the county's own, as yet with the figures of the one that it is based on.

    Raises
    ------
    NotFound
        If it is to be based on a set that does not come with prep.
    Refused
        If it has no name, or another set bears it.
    """
    norm_set(based_on)
    kept = _name(session, name, None)
    others = stored_sets(session)
    if len(others) >= _MOST_SETS:
        raise _refused(
            str(len(others)), say("There are at most {n} own sets.", n=_MOST_SETS), say("Remove one first.")
        )
    known = {*norm_sets(), *(one.key for one in others)}
    key = next(f"own-{n}" for n in range(1, _MOST_SETS + 2) if f"own-{n}" not in known)
    made = StoredNorms(county=county, key=key, name=kept, based_on=based_on, limits={}, note=note.strip())
    session.add(made)
    session.flush()
    return made


def rename_set(session: Session, stored: StoredNorms, *, name: str, note: str) -> None:
    """Give an own norm set another name or note.

    Raises
    ------
    Refused
        If it would have no name, or another set bears it.
    """
    stored.name, stored.note = _name(session, name, stored), note.strip()
    session.flush()


def remove_set(session: Session, stored: StoredNorms) -> None:
    """Remove an own norm set.

    Raises
    ------
    Conflict
        If the county's premises are judged by it.
    """
    if county_norms(session).key == stored.key:
        raise Conflict(
            Problem(
                place=say("Norm set"),
                value=stored.name,
                rule=say("The premises are judged by this set."),
                remedy=say("Choose another default first."),
            )
        )
    session.delete(stored)
    session.flush()


def set_figure(
    session: Session, stored: StoredNorms, key: str, phase: Phase | None, *, value: float, source: str
) -> None:
    """Set a figure of an own norm set, with where it comes from or why.

    Raises
    ------
    Refused
        If there is no such figure, it is not above zero, or no source is given.
    """
    base = norm_set(stored.based_on)
    known = (key, phase) in base.rows
    if not known or key == CONFIRMED_EVERY:
        rule = say("There is no such figure to be set in a norm set.")
        raise _refused(f"{key} {phase or ''}".strip(), rule, say("Choose one from the page of the set."))
    if not 0 < value < 100_000:
        raise _refused(
            f"{value:g}", say("A figure is greater than zero."), say("Write the right number."), _VALUE
        )
    kept = " ".join(source.split())
    if not 1 <= len(kept) <= _LONGEST_SOURCE:
        rule = say("Every figure says where it comes from, in at most {n} characters.", n=_LONGEST_SOURCE)
        raise _refused(kept[:40] or None, rule, say("Write the source or the reason."), _SOURCE)
    figure = _figure(stored, key, phase)
    if figure is None:
        stored.figures.append(StoredFigure(key=key, phase=phase or "", value=value, source=kept))
    elif (figure.value, figure.source) != (value, kept):
        figure.value, figure.source = value, kept
    else:
        return
    _count_on(session, stored)


def unset_figure(session: Session, stored: StoredNorms, key: str, phase: Phase | None) -> None:
    """Go back to the figure of the set that an own one is based on; nothing where it was not set."""
    figure = _figure(stored, key, phase)
    if figure is not None:
        stored.figures.remove(figure)
        _count_on(session, stored)


def set_limits(session: Session, stored: StoredNorms, limits: Mapping[Phase, tuple[LimitKind, ...]]) -> None:
    """Say without which limits nothing counts as known of the capacity, phase by phase.

    Raises
    ------
    Refused
        If a phase has none, or one that cannot be set.
    """
    for phase in Phase:
        kinds = limits.get(phase, ())
        if not kinds or set(kinds) - set(SETTABLE_LIMITS):
            rule = say("In every phase at least one thing limits the number of persons.")
            raise _refused(None, rule, say("Tick at least one in each phase."), _LIMITS_PLACE)
    base = norm_set(stored.based_on).limits
    wanted = {
        phase.value: [kind.value for kind in SETTABLE_LIMITS if kind in limits[phase]]
        for phase in Phase
        if set(limits[phase]) != set(base[phase])
    }
    if wanted != stored.limits:
        stored.limits = wanted
        session.flush()


_SET = say("Norm set")
_VALUE, _SOURCE = say("The figure"), say("Where it comes from")
_NAME, _LIMITS_PLACE = say("The name of the set"), say("What limits")


def _count_on(session: Session, stored: StoredNorms) -> None:
    # A figure of the set is a row of its own: the version of the set counts on with it.
    session.flush()
    stored.version += 1
    session.flush()


def _figure(stored: StoredNorms, key: str, phase: Phase | None) -> StoredFigure | None:
    return next((one for one in stored.figures if (one.key, one.phase) == (key, phase or "")), None)


def _name(session: Session, name: str, stored: StoredNorms | None) -> str:
    kept = " ".join(name.split())
    if not 1 <= len(kept) <= _LONGEST_NAME:
        rule = say("A set has a name of at most {n} characters.", n=_LONGEST_NAME)
        raise _refused(kept[:40] or None, rule, say("Write it."), _NAME)
    taken = {one.name.casefold() for one in stored_sets(session) if one is not stored}
    taken |= {text.casefold() for norms in norm_sets().values() for text in norms.names.values()}
    if kept.casefold() in taken:
        raise _refused(kept, say("Another set bears this name."), say("Choose another name."), _NAME)
    return kept


def _refused(value: str | None, rule: Message, remedy: Message, place: Message = _SET) -> Refused:
    return Refused(Problem(place=place, value=value, rule=rule, remedy=remedy))
