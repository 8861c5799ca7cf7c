"""People and desks: who they are, at which numbers they are reached, and when they are away."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from prep.auth.permissions import Viewer
from prep.auth.roles import Permission
from prep.errors import Problem, Refused
from prep.language import Message, day, say, sort_key
from prep.models import Absence, ContactPoint, County, Installation, Municipality, Person
from prep.registry.contact_values import CALLABLE, kept_form
from prep.terms import ActorKind, ContactKind, Evidence, Language

LONGEST_NAME = 120
LONGEST_TEXT = 200
MOST_POINTS = 12


@dataclass(frozen=True, slots=True)
class PersonDetails:
    """What is known of a person beside numbers and roles.

    Raises
    ------
    Refused
        If the name is missing or something is too long; every problem at once.
    """

    name: str
    title: str = ""
    organisation: str = ""
    municipality: str | None = None
    language: Language = Language.FI
    speaks: frozenset[Language] = frozenset()

    def __post_init__(self) -> None:
        problems = [
            *_text(say("The name"), self.name, longest=LONGEST_NAME, is_needed=True),
            *_text(say("The title"), self.title, longest=LONGEST_TEXT),
            *_text(say("The organisation"), self.organisation, longest=LONGEST_TEXT),
        ]
        if problems:
            raise Refused(problems)


def people(session: Session, *, municipality: str | None = None) -> list[Person]:
    """Everybody of the register in alphabetical order, desks and systems too; not those who were erased."""
    query = select(Person).where(Person.erased_at.is_(None)).options(selectinload(Person.contact_points))
    if municipality is not None:
        query = query.where(Person.municipality_code == municipality)
    return sorted(session.scalars(query), key=lambda one: sort_key(one.name))


def person_seen(session: Session, number: int, *, viewer: Viewer) -> Person | None:
    """Somebody of the register, if whoever asks may see them."""
    found = session.get(Person, number)
    if found is None or found.erased_at is not None:
        return None
    return found if viewer.may(Permission.CONTACT_READ, municipality=found.municipality_code) else None


def callable_points(person: Person) -> list[ContactPoint]:
    """The numbers by which somebody can be called or paged, in calling order."""
    return [point for point in person.contact_points if point.kind in CALLABLE]


def add_person(session: Session, details: PersonDetails) -> Person:
    """Somebody new, with no number and no role yet.

    Raises
    ------
    Refused
        If the municipality is not one of the county.
    """
    _require_place(session, details)
    person = new_person(session.scalars(select(County.id)).one(), details)
    session.add(person)
    session.flush()
    return person


def new_person(county_id: int, details: PersonDetails) -> Person:
    """Somebody new, not in the database yet."""
    person = Person(county_id=county_id, kind=ActorKind.PERSON)
    take_details(person, details)
    return person


def change_person(session: Session, person: Person, details: PersonDetails) -> None:
    """Change what is known of somebody.

    Raises
    ------
    Refused
        If the municipality is not one of the county.
    """
    _require_place(session, details)
    take_details(person, details)
    session.flush()


def details_of(person: Person) -> PersonDetails:
    """What is known of somebody, as values."""
    return PersonDetails(
        name=person.name,
        title=person.title,
        organisation=person.organisation,
        municipality=person.municipality_code,
        language=person.language,
        speaks=frozenset(Language(one) for one in person.speaks),
    )


def take_details(person: Person, details: PersonDetails) -> None:
    """Set what is known of somebody, not written to the database yet."""
    person.name = " ".join(details.name.split())
    person.title = " ".join(details.title.split())
    person.organisation = " ".join(details.organisation.split())
    person.municipality_code = details.municipality
    person.language = details.language
    person.speaks = sorted(one.value for one in details.speaks - {details.language})


def add_point(
    session: Session,
    person: Person,
    kind: ContactKind,
    typed: str,
    *,
    purpose: str = "",
    operator: str | None = None,
) -> ContactPoint:
    """A number or address more, the last in calling order; typed in, and confirmed by nobody yet.

    Raises
    ------
    Refused
        If it is no number or address of its kind, or the person has it already.
    """
    if len(person.contact_points) >= MOST_POINTS:
        raise _refused(
            say("Number or address"),
            typed,
            say("Somebody has at most {n} numbers and addresses.", n=MOST_POINTS),
            say("Remove one that is not used."),
        )
    value = _new_value(session, person, kind, typed)
    kept_purpose = _short(say("The purpose"), purpose)
    kept_operator = _short(say("The operator"), operator or "") or None
    point = append_point(person, kind, value, purpose=kept_purpose)
    point.operator = kept_operator
    session.flush()
    return point


def append_point(person: Person, kind: ContactKind, value: str, *, purpose: str = "") -> ContactPoint:
    """As `add_point` for a value in the form in which it is kept, not written to the database yet."""
    point = ContactPoint(
        position=1 + max((one.position for one in person.contact_points), default=0),
        kind=kind,
        value=value,
        purpose=purpose,
        evidence=Evidence.TYPED,
    )
    person.contact_points.append(point)
    return point


def change_point(
    session: Session,
    point: ContactPoint,
    kind: ContactKind,
    typed: str,
    *,
    purpose: str = "",
    operator: str | None = None,
) -> None:
    """Change a number or address. Where it becomes another, what was confirmed of the old one counts no more.

    Raises
    ------
    Refused
        As `add_point`.
    """
    replace_value(point, kind, _new_value(session, point.person, kind, typed, besides=point))
    point.purpose = _short(say("The purpose"), purpose)
    point.operator = _short(say("The operator"), operator or "") or None
    session.flush()


def replace_value(point: ContactPoint, kind: ContactKind, value: str) -> None:
    """As `change_point` for a value in the form in which it is kept, not written to the database yet."""
    if (kind, value) != (point.kind, point.value):
        point.evidence, point.confirmed_on, point.confirmed_by = Evidence.TYPED, None, None
        point.objection = ""
    point.kind, point.value = kind, value


def remove_point(session: Session, point: ContactPoint) -> None:
    """Take a number or address away; those after it move up."""
    person = point.person
    person.contact_points.remove(point)
    session.flush()


def order_points(session: Session, person: Person, ordered: Sequence[int]) -> None:
    """Put the numbers of a person in another calling order, by their ids.

    Raises
    ------
    Refused
        If they are not exactly the person's.
    """
    points = {point.id: point for point in person.contact_points}
    if sorted(points) != sorted(ordered):
        raise _refused(
            say("The calling order"),
            None,
            say("It names every number of the person once."),
            say("Load the page again and put them in order anew."),
        )
    # Two at one position at the same time are not allowed, not even on the way.
    last = max((point.position for point in points.values()), default=0)
    for place, number in enumerate(ordered, start=1):
        points[number].position = last + place
    session.flush()
    for place, number in enumerate(ordered, start=1):
        points[number].position = place
    session.flush()
    session.expire(person, ["contact_points"])


def confirm_point(point: ContactPoint, *, on: date, by: str, evidence: Evidence = Evidence.CONFIRMED) -> None:
    """Note that a number or address is right as it stands: since when, who says so, and how it is known."""
    point.confirmed_on, point.confirmed_by, point.evidence = on, by, evidence
    point.objection = ""


def add_absence(session: Session, person: Person, *, starts: date, ends: date | None) -> Absence:
    """Days on which somebody is away, the last one included; without it until further notice.

    Raises
    ------
    Refused
        If the end comes before the start, or the days overlap with others on record.
    """
    _require_own_days(person, starts, ends)
    absence = Absence(starts=starts, ends=ends)
    person.absences.append(absence)
    session.flush()
    return absence


def change_absence(session: Session, absence: Absence, *, starts: date, ends: date | None) -> None:
    """Correct the days of an absence, or end one that was until further notice.

    Raises
    ------
    Refused
        As `add_absence`.
    """
    _require_own_days(absence.person, starts, ends, besides=absence)
    absence.starts, absence.ends = starts, ends
    session.flush()


def remove_absence(session: Session, absence: Absence) -> None:
    """Take an absence away that was recorded by mistake."""
    absence.person.absences.remove(absence)
    session.flush()


def is_away(person: Person, *, on: date) -> bool:
    """Whether somebody is away on a day."""
    return any(one.covers(on) for one in person.absences)


def takes_invented(session: Session) -> bool:
    """Whether numbers that cannot be dialled are taken: in an invented county only."""
    return bool(session.scalar(select(Installation.is_demo)))


def _require_own_days(
    person: Person, starts: date, ends: date | None, *, besides: Absence | None = None
) -> None:
    """Go on only if somebody can be away from a day to a day beside all other absences on record."""
    if ends is not None and ends < starts:
        raise _refused(
            say("The absence’s last day"),
            day(ends),
            say("It does not come before the first day, {day}.", day=starts),
            say("Change one of the two."),
        )
    for other in person.absences:
        if other is not besides and other.starts <= (ends or date.max) and starts <= (other.ends or date.max):
            raise _refused(
                say("The absence’s first day"),
                day(starts),
                say("{name} is already away from {day} on.", name=person.name, day=other.starts),
                say("Change or remove that absence."),
            )


def _require_place(session: Session, details: PersonDetails) -> None:
    if details.municipality is not None and session.get(Municipality, details.municipality) is None:
        raise Refused(
            Problem(
                place=say("The municipality"),
                value=details.municipality,
                rule=say("There is no such municipality in this county."),
                remedy=say("Choose one from the list."),
            )
        )


def _new_value(
    session: Session, person: Person, kind: ContactKind, typed: str, *, besides: ContactPoint | None = None
) -> str:
    value = kept_form(kind, typed, allow_invented=takes_invented(session))
    if any(one is not besides and (one.kind, one.value) == (kind, value) for one in person.contact_points):
        raise _refused(
            say("Number or address"),
            typed,
            say("{name} has it already.", name=person.name),
            say("Write another."),
        )
    return value


def _text(place: Message, value: str, *, longest: int, is_needed: bool = False) -> list[Problem]:
    kept = " ".join(value.split())
    if is_needed and not kept:
        return [Problem(place=place, value=None, rule=say("It is needed."), remedy=say("Write it."))]
    if len(kept) > longest:
        return [
            Problem(
                place=place,
                value=kept,
                rule=say("It has at most {n} letters; this has {found}.", n=longest, found=len(kept)),
                remedy=say("Shorten it."),
            )
        ]
    if not kept.isprintable():
        return [
            Problem(
                place=place,
                value=kept,
                rule=say("It holds letters and signs that can be seen."),
                remedy=say("Remove what cannot be seen."),
            )
        ]
    return []


def _short(place: Message, value: str) -> str:
    problems = _text(place, value, longest=LONGEST_TEXT)
    if problems:
        raise Refused(problems)
    return " ".join(value.split())


def _refused(place: Message, value: str | None, rule: Message, remedy: Message) -> Refused:
    return Refused(Problem(place=place, value=value, rule=rule, remedy=remedy))
