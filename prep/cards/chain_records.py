"""The parts of an alert chain as they are drawn, on the page and on the poster alike."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import cast

from prep.alerting.picture import Link, Part
from prep.alerting.records import person_key, seat_key
from prep.models import Body, Chain, ChainItem, ChainList, Person, Role, RoleTerm, Seat, SeatTerm
from prep.registry.appointments import office
from prep.terms import ListMode

Named = Person | Role | Seat

_BODY = "body"


@dataclass(frozen=True, slots=True)
class Drawn:
    """A box: whom or what it names, and who is in the post on the day; a person or desk is in its own."""

    key: str
    part: Part
    names: Person | Role | Seat | Body
    holder: Person | None = None
    deputies: tuple[Person, ...] = ()


def parts_of(chain: Chain, *, on: date) -> list[Drawn]:
    """The boxes, each once: callers with those they call, the seats of the body, the body."""
    found: dict[str, Drawn] = {}
    for call_list in chain.lists:
        caller = _caller(call_list)
        if call_list.is_source:
            found[_key(caller)] = _drawn(caller, Part.SOURCE, on=on)
        for named in (caller, *(_target(item) for item in call_list.items)):
            found.setdefault(_key(named), _drawn(named, Part.CALLER, on=on))
    for seat in chain.body.seats:
        found[seat_key(seat)] = _drawn(seat, Part.SEAT, on=on)
    found[_BODY] = Drawn(_BODY, Part.BODY, chain.body)
    return list(found.values())


def links_of(chain: Chain) -> Iterator[Link]:
    """The arrows: from each caller in the order of the list, and from every seat to the body."""
    for call_list in chain.lists:
        caller = caller_key(call_list)
        one_line = call_list.mode is ListMode.SERIAL and len(call_list.items) > 1
        for order, item in enumerate(call_list.items, start=1):
            yield Link(caller, _key(_target(item)), order if one_line else None)
    for seat in chain.body.seats:
        yield Link(seat_key(seat), _BODY)


def callers_of(chain: Chain) -> Iterator[tuple[Named, ListMode, list[Named]]]:
    """Who calls whom: each list with its caller, how it is gone through, and those on it in order."""
    for call_list in chain.lists:
        yield _caller(call_list), call_list.mode, [_target(item) for item in call_list.items]


def post_of(named: Named, *, on: date) -> tuple[Named, Person | None, tuple[Person, ...]]:
    """What is named, who holds it on a day, and who stands in."""
    drawn = _drawn(named, Part.CALLER, on=on)
    return named, drawn.holder, drawn.deputies


def caller_key(call_list: ChainList) -> str:
    """The key of the box of whoever calls by this list."""
    return _key(_caller(call_list))


def _caller(call_list: ChainList) -> Named:
    return _named(call_list.caller_person, call_list.caller_role, call_list.caller_seat)


def _target(item: ChainItem) -> Named:
    return _named(item.target_person, item.target_role, item.target_seat)


def _named(person: Person | None, role: Role | None, seat: Seat | None) -> Named:
    # The database holds one of the three in every line.
    return cast(Named, seat or role or person)


def _key(named: Named) -> str:
    match named:
        case Seat():
            return seat_key(named)
        case Role():
            return f"role/{named.id}"
        case _:
            return person_key(named)


def _drawn(named: Named, part: Part, *, on: date) -> Drawn:
    if isinstance(named, Person):
        return Drawn(_key(named), part, named, holder=named)
    terms: list[RoleTerm] | list[SeatTerm] = named.terms
    held = office(terms, on=on)
    return Drawn(_key(named), part, named, held.holder, held.deputies)
