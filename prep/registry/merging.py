"""Making one of two people who are the same: whoever stays takes over everything that names the other."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from prep.errors import Problem, Refused
from prep.language import Message, say
from prep.models import (
    Absence,
    Attendance,
    CalendarFeed,
    ChainItem,
    ChainList,
    ContactPoint,
    KeyHolder,
    Person,
    PossibleDouble,
    ReviewLink,
)
from prep.registry.appointments import Held, Term, post_name, post_of, terms_of
from prep.registry.doubles import are_two
from prep.registry.people import MOST_POINTS, PersonDetails, details_of, order_points, take_details

FIELDS = ("name", "title", "organisation", "municipality", "language", "speaks")


@dataclass(frozen=True, slots=True)
class Belongings:
    """Everything that names somebody beside their own numbers and absences."""

    terms: tuple[Term, ...]
    chain_lists: tuple[ChainList, ...]
    chain_items: tuple[ChainItem, ...]
    keys: tuple[KeyHolder, ...]
    attendances: tuple[Attendance, ...]


def belongings_of(session: Session, person: Person) -> Belongings:
    """What names a person: terms, chains, keys, meetings."""
    lists = select(ChainList).where(ChainList.caller_person_id == person.id).order_by(ChainList.id)
    items = select(ChainItem).where(ChainItem.target_person_id == person.id).order_by(ChainItem.id)
    keys = select(KeyHolder).where(KeyHolder.person_id == person.id).order_by(KeyHolder.id)
    meetings = select(Attendance).where(Attendance.person_id == person.id).order_by(Attendance.id)
    return Belongings(
        tuple(terms_of(session, person)),
        tuple(session.scalars(lists)),
        tuple(session.scalars(items)),
        tuple(session.scalars(keys)),
        tuple(session.scalars(meetings)),
    )


def conflicts(session: Session, one: Person, other: Person) -> list[Problem]:
    """What stands in the way of making one person of two; it has to be resolved first."""
    problems = list(_of_kind(one, other))
    problems += _of_terms(terms_of(session, one), terms_of(session, other))
    problems += _of_chains(session, one, other)
    return problems


def chosen_details(one: Person, other: Person, *, taken: frozenset[str] = frozenset()) -> PersonDetails:
    """What is known of both: of the other what is ``taken``, and what is not known of the one.

    Raises
    ------
    Refused
        If something of it cannot be kept.
    """
    mine, theirs = details_of(one), details_of(other)
    return PersonDetails(
        **{
            field: getattr(theirs, field)
            if field in taken or not getattr(mine, field)
            else getattr(mine, field)
            for field in FIELDS
        }
    )


def left_day(one: Person, other: Person) -> date | None:
    """From which day on both have left; None where either has not."""
    if one.left_on is None or other.left_on is None:
        return None
    return max(one.left_on, other.left_on)


def suggested_points(one: Person, other: Person) -> list[ContactPoint]:
    """The numbers and addresses of both, each once; of two alike the one that was confirmed last."""
    best: dict[tuple[str, str], ContactPoint] = {}
    for point in (*one.contact_points, *other.contact_points):
        key = (point.kind.value, point.value)
        if key not in best or _age(point) > _age(best[key]):
            best[key] = point
    return list(best.values())


def merge(
    session: Session,
    one: Person,
    other: Person,
    *,
    details: PersonDetails,
    points: Sequence[ContactPoint],
    left_on: date | None = None,
) -> None:
    """Let ``one`` take over everything of ``other``, who is no more afterwards.

    Parameters
    ----------
    details, left_on
        What is known of the person from now on.
    points
        The numbers and addresses of both that are kept, in calling order.

    Raises
    ------
    Refused
        If something stands in the way, see `conflicts`; if there are too many numbers, or none of a kind that was
        chosen; if the person has left and holds a post.
    """
    problems = [*conflicts(session, one, other), *_of_points(points)]
    both = [*terms_of(session, one), *terms_of(session, other)]
    problems += _of_leaving(one, left_on, both)
    if problems:
        raise Refused(problems)
    belongings = belongings_of(session, other)
    take_details(one, details)
    one.left_on = left_on
    for term in belongings.terms:
        term.person = one
    for call_list in belongings.chain_lists:
        call_list.caller_person = one
    for item in belongings.chain_items:
        item.target_person = one
    _take_keys(one, belongings.keys)
    _take_attendances(one, belongings.attendances)
    _take_points(one, other, points)
    _take_absences(one, other)
    links = session.scalars(select(ReviewLink).where(ReviewLink.person_id == other.id)).all()
    feeds = session.scalars(select(CalendarFeed).where(CalendarFeed.person_id == other.id)).all()
    for link in links:
        link.person = one
    for feed in feeds:
        feed.person = one
    _take_decisions(session, one, other)
    session.flush()
    session.expire(other)
    session.delete(other)
    session.flush()
    session.expire(one)
    ordered = [point.id for point in points]
    if [point.id for point in one.contact_points] != ordered:
        order_points(session, one, ordered)


def _of_kind(one: Person, other: Person) -> Iterator[Problem]:
    if one.kind is not other.kind:
        yield Problem(
            place=one.name,
            value=other.name,
            rule=say("A person, a desk and a system are different things."),
            remedy=say("Keep both."),
        )
    if other.key is not None:
        yield Problem(
            place=other.name,
            value=other.key,
            rule=say("Chains and files know it by this key, so it has to stay."),
            remedy=say("Keep this one, and merge the other into it."),
        )


def _of_terms(mine: Iterable[Term], theirs: Sequence[Term]) -> Iterator[Problem]:
    for term in mine:
        for other in theirs:
            if post_of(term) is not post_of(other) or not _held(term).overlaps(_held(other)):
                continue
            yield Problem(
                place=post_name(post_of(term)),
                value=term.person.name,
                rule=say("Both are in it on the same days, and nobody is their own deputy."),
                remedy=say("End or remove one of the two terms first."),
            )


def _of_chains(session: Session, one: Person, other: Person) -> Iterator[Problem]:
    ids = {one.id, other.id}
    query = (
        select(ChainItem)
        .join(ChainList)
        .where(ChainItem.target_person_id.in_(ids), ChainList.caller_person_id.in_(ids))
    )
    for item in session.scalars(query.order_by(ChainItem.id)):
        yield Problem(
            place=item.call_list.chain.name,
            value=one.name,
            rule=say("In this chain one of the two calls the other, and nobody calls themselves."),
            remedy=say("Change the chain first."),
        )


def _of_points(points: Sequence[ContactPoint]) -> Iterator[Problem]:
    if len(points) > MOST_POINTS:
        yield Problem(
            place=say("Numbers and addresses"),
            value=str(len(points)),
            rule=say("Somebody has at most {n} numbers and addresses.", n=MOST_POINTS),
            remedy=say("Keep fewer of them."),
        )
    seen = set()
    for point in points:
        if (point.kind, point.value) in seen:
            yield Problem(
                place=say("Numbers and addresses"),
                value=None,
                rule=say("The same number or address is kept once."),
                remedy=say("Keep one of the two."),
            )
        seen.add((point.kind, point.value))


def _of_leaving(one: Person, left_on: date | None, terms: Iterable[Term]) -> Iterator[Problem]:
    for term in terms:
        if left_on is not None and (term.ends is None or term.ends >= left_on):
            yield Problem(
                place=post_name(post_of(term)),
                value=one.name,
                rule=say("The person has left; the first day without any post is {day}.", day=left_on),
                remedy=say("End or remove one of the two terms first."),
            )


def _held(term: Term) -> Held:
    return Held(None, term.starts, term.ends, term.rank)


def _age(point: ContactPoint) -> date:
    return point.confirmed_on or date.min


def _take_keys(one: Person, keys: Iterable[KeyHolder]) -> None:
    for key in keys:
        if any(other.person_id == one.id for other in key.site.key_holders):
            # Whoever opens the premises already is not named twice.
            key.site.key_holders.remove(key)
        else:
            key.person = one


def _take_attendances(one: Person, attendances: Iterable[Attendance]) -> None:
    for attendance in attendances:
        own = next((a for a in attendance.meeting.attendances if a.person_id == one.id), None)
        if own is None:
            attendance.person = one
        else:
            own.seat_id = own.seat_id or attendance.seat_id
            attendance.meeting.attendances.remove(attendance)


def _take_points(one: Person, other: Person, points: Sequence[ContactPoint]) -> None:
    kept = {point.id for point in points}
    # What is removed keeps its place until everything else is written.
    place = max((point.position for point in one.contact_points), default=0)
    for point in [point for point in one.contact_points if point.id not in kept]:
        one.contact_points.remove(point)
    for point in [point for point in other.contact_points if point.id in kept]:
        place += 1
        other.contact_points.remove(point)
        point.position = place
        one.contact_points.append(point)


def _take_absences(one: Person, other: Person) -> None:
    """Days on which either is away; days that overlap become one absence."""
    for absence in list(other.absences):
        other.absences.remove(absence)
        one.absences.append(absence)
    last = None
    for absence in sorted(one.absences, key=lambda one: one.starts):
        if last is None or not _overlap(last, absence):
            last = absence
        else:
            last.ends = None if last.ends is None or absence.ends is None else max(last.ends, absence.ends)
            one.absences.remove(absence)


def _overlap(one: Absence, other: Absence) -> bool:
    return one.starts <= (other.ends or date.max) and other.starts <= (one.ends or date.max)


def _take_decisions(session: Session, one: Person, other: Person) -> None:
    """Whoever was found to be another person than the one who goes, is another than the one who stays."""
    query = select(PossibleDouble).where(
        or_(PossibleDouble.person_id == other.id, PossibleDouble.other_id == other.id)
    )
    for decision in session.scalars(query).all():
        third = decision.other_id if decision.person_id == other.id else decision.person_id
        session.delete(decision)
        if third != one.id:
            are_two(session, one, session.get_one(Person, third))


def moved(belongings: Belongings) -> list[tuple[Message, int]]:
    """How much of each kind names somebody, in words."""
    counts = (
        (say("terms"), len(belongings.terms)),
        (say("places in alert chains"), len(belongings.chain_lists) + len(belongings.chain_items)),
        (say("keys"), len(belongings.keys)),
        (say("meetings"), len(belongings.attendances)),
    )
    return [(what, n) for what, n in counts if n]
