"""What a list of contacts would change, line by line, in words."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from prep.exchange.contact_plan import PlannedPerson, PointStep, TermStep
from prep.exchange.vocabulary import ListKind, heading_of
from prep.language import OWN_NAMES, Message, say
from prep.terms import ContactKind, Language

_POINT_FIELDS = {
    ContactKind.MOBILE: "mobile",
    ContactKind.LANDLINE: "landline",
    ContactKind.EMAIL: "email",
    ContactKind.AUTHORITY_RADIO: "radio",
    ContactKind.PAGER: "pager",
    ContactKind.SATELLITE: "satellite",
    ContactKind.APP: "app",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that changes: what it is, and what stands there before and after; None is nothing."""

    what: Message | str
    before: Message | str | None
    after: Message | str | None


def lines_of(
    person: PlannedPerson,
    *,
    language: Language,
    places: Mapping[str, str],
    shown: Callable[[str], str],
) -> list[Line]:
    """Everything that changes about somebody.

    Parameters
    ----------
    places
        The names of the municipalities by their codes.
    shown
        A number or address as whoever reads it may see it.
    """

    def heading(key: str) -> str:
        return heading_of(key, ListKind.CONTACTS, language)

    return [
        *(
            Line(heading(one.field), _value(one.before, places), _value(one.after, places))
            for one in person.changes
        ),
        *(_of_point(step, heading, shown) for step in person.points),
        *_of_absence(person),
        *(line for step in person.terms for line in _of_term(step, heading)),
    ]


def _of_point(step: PointStep, heading: Callable[[str], str], shown: Callable[[str], str]) -> Line:
    before = shown(step.before) if step.before else None
    return Line(heading(_POINT_FIELDS[step.kind]), before, shown(step.value))


def _of_absence(person: PlannedPerson) -> Iterator[Line]:
    if person.away is not None:
        before = _days(*person.away.before) if person.away.before else None
        yield Line(say("Away"), before, _days(person.away.starts, person.away.ends))


def _of_term(step: TermStep, heading: Callable[[str], str]) -> Iterator[Line]:
    for one in step.changes:
        what = say("{post}: {field}", post=step.post_name, field=heading(one.field))
        yield Line(what, _term_value(one.field, one.before), _term_value(one.field, one.after))
    if step.term_id is None:
        after = say("{rank}, {days}", rank=_rank(step.rank), days=_days(step.starts, step.ends))
        yield Line(step.post_name, None, after)
    for name, last_day in step.makes_way:
        yield Line(step.post_name, name, say("leaves on {day}", day=last_day))


def _value(value: Any, places: Mapping[str, str]) -> Message | str | None:
    match value:
        case Language():
            return OWN_NAMES[value]
        case frozenset():
            return say("{parts}", parts=[OWN_NAMES[one] for one in sorted(value)]) if value else None
        case str():
            return places.get(value, value) or None
        case _:
            return None


def _term_value(field: str, value: Any) -> Message | str | None:
    match value:
        case int() if field == "rank":
            return _rank(value)
        case date():
            return say("{parts}", parts=value)
        case None if field == "ends":
            return say("until further notice")
        case _:
            return value or None


def _rank(rank: int) -> Message:
    return say("deputy {n}", n=rank) if rank else say("holder")


def _days(starts: date, ends: date | None) -> Message:
    if ends is None:
        return say("from {day}", day=starts)
    return say("{starts}–{ends}", starts=starts, ends=ends)
