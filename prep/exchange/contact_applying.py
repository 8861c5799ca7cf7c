"""Making the changes of a list of contacts that were looked at: in one transaction, or not at all."""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from prep import audit
from prep.errors import Problem, Refused
from prep.exchange.contact_plan import AwayStep, ContactPlan, Outcome, PlannedPerson, TermStep
from prep.exchange.importing import Applied
from prep.language import say
from prep.models import Absence, County, Person, Role, RoleTerm, Seat, SeatTerm
from prep.registry.appointments import Post, correct_term, give, require_in_order
from prep.registry.people import append_point, new_person, replace_value, take_details


def apply_contacts(session: Session, plan: ContactPlan, *, on: date) -> Applied:
    """Make the changes of a plan, in the caller's transaction.

    Raises
    ------
    Refused
        If the registry has changed since the plan was made, or the day is another; then nothing is changed.
    """
    if on != plan.on or audit.head(session)[0] != plan.as_of:
        raise Refused(
            Problem(
                place=plan.file,
                value=None,
                rule=say("The registry has changed since the difference was looked at."),
                remedy=say("Look at the difference again, then apply it."),
            )
        )
    county_id = session.scalars(select(County.id)).one()
    changed = [one for one in plan.people if one.outcome is not Outcome.UNCHANGED]
    ids = {one.person_id for one in changed if one.person_id is not None}
    query = select(Person).options(selectinload(Person.contact_points))
    loaded = {one.id: one for one in session.scalars(query) if one.id in ids}
    with session.no_autoflush:
        steps: list[tuple[Person, TermStep]] = []
        for one in changed:
            person = _person(session, one, loaded, county_id)
            steps += [(person, step) for step in one.terms]
        _appoint(session, steps)
    session.flush()
    return Applied(new=len(plan.of(Outcome.NEW)), changed=len(plan.of(Outcome.CHANGED)))


def _person(session: Session, one: PlannedPerson, loaded: Mapping[int, Person], county_id: int) -> Person:
    if one.person_id is None:
        person = new_person(county_id, one.details)
    else:
        person = loaded[one.person_id]
        if one.changes:
            take_details(person, one.details)
    points = {point.id: point for point in person.contact_points} if one.person_id is not None else {}
    for step in one.points:
        if step.replaces is None:
            append_point(person, step.kind, step.value, purpose=step.purpose)
        else:
            replace_value(points[step.replaces], step.kind, step.value)
    if one.away is not None:
        _set_absence(person, one.away)
    # Whole, and not part by part: each part would be looked through again for what comes with it.
    session.add(person)
    return person


def _set_absence(person: Person, step: AwayStep) -> None:
    if step.absence_id is None:
        person.absences.append(Absence(starts=step.starts, ends=step.ends))
    else:
        absence = next(absence for absence in person.absences if absence.id == step.absence_id)
        absence.starts, absence.ends = step.starts, step.ends


def _appoint(session: Session, steps: Sequence[tuple[Person, TermStep]]) -> None:
    """Corrections first, so that two can change places; then what is new, by its days: whoever leaves makes way."""
    posts = _posts(session, {step.post for _, step in steps})
    for _, step in steps:
        if step.term_id is not None:
            term = next(term for term in posts[step.post].terms if term.id == step.term_id)
            correct_term(term, starts=step.starts, ends=step.ends, rank=step.rank, decision=step.decision)
    new = [(person, step) for person, step in steps if step.term_id is None]
    for person, step in sorted(new, key=lambda one: (one[1].starts, one[1].row)):
        session.add(
            give(
                posts[step.post],
                person,
                starts=step.starts,
                ends=step.ends,
                rank=step.rank,
                decision=step.decision,
            )
        )
    for post in posts.values():
        require_in_order(post)


def _posts(session: Session, keys: set[tuple[str, int]]) -> dict[tuple[str, int], Post]:
    found: dict[tuple[str, int], Post] = {}
    seats = select(Seat).options(
        selectinload(Seat.terms).selectinload(SeatTerm.person), selectinload(Seat.body)
    )
    roles = select(Role).options(
        selectinload(Role.terms).selectinload(RoleTerm.person), selectinload(Role.municipality)
    )
    for seat in session.scalars(seats):
        found["seat", seat.id] = seat
    for role in session.scalars(roles):
        found["role", role.id] = role
    return {key: found[key] for key in keys}
