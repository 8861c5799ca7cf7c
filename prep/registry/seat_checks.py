"""What is not in order with those who sit in a body: from elsewhere, in two seats, too long, nobody to stand in."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from prep.language import say
from prep.models import Person, SeatTerm
from prep.regions.kinds import SeatBasis
from prep.registry.bodies import SeatStanding
from prep.registry.body_check import Asked, BodyCheck, BodyRule, filled_by
from prep.registry.names import name_of
from prep.terms import BodyKind, State

# In these a seat without a deputy is looked at; in a management group only the chair's.
_WITH_DEPUTIES = frozenset({BodyKind.READINESS_BOARD})


def seat_checks(asked: Asked) -> Iterator[BodyCheck]:
    """Everything about those who sit and stand in."""
    yield from _outside(asked)
    yield from _two_seats(asked)
    yield from _not_seated(asked)
    yield from _term_limit(asked)
    yield from _deputies(asked)
    yield from _circular(asked)


def _outside(asked: Asked) -> Iterator[BodyCheck]:
    for one in asked.standing.seats:
        allowed = _allowed(one)
        if not allowed:
            continue
        for person in (one.holder, *one.deputies):
            if person is None or person.municipality_code in allowed:
                continue
            facts = {"body": asked.name, "seat": asked.seat_name(one), "name": person.name}
            if person.municipality_code is None:
                yield asked.of(
                    one,
                    BodyRule.OUTSIDE,
                    State.UNKNOWN,
                    say(
                        "{body}: whether {name} comes from where the seat “{seat}” is filled is not known",
                        **facts,
                    ),
                    say("Note the person’s municipality."),
                )
            else:
                yield asked.of(
                    one,
                    BodyRule.OUTSIDE,
                    State.FAULT,
                    say("{body}: {name} in the seat “{seat}” is from elsewhere", **facts),
                    say("Have the seat filled by {whom}.", whom=filled_by(one, asked.language)),
                )


def _allowed(seat: SeatStanding) -> frozenset[str]:
    """The municipalities from which a seat is filled; none where it is not filled by municipalities."""
    held = seat.seat
    if held.basis is SeatBasis.CONSTITUENCY and held.constituency is not None:
        return frozenset(one.code for one in held.constituency.municipalities)
    if held.basis is SeatBasis.MUNICIPALITY and held.municipality_code is not None:
        return frozenset({held.municipality_code})
    return frozenset()


def _two_seats(asked: Asked) -> Iterator[BodyCheck]:
    held: dict[int, list[SeatStanding]] = {}
    for one in asked.standing.seats:
        if one.holder is not None:
            held.setdefault(one.holder.id, []).append(one)
    for seats in held.values():
        if len(seats) > 1 and seats[1].holder is not None:
            yield asked.of(
                seats[1],
                BodyRule.TWO_SEATS,
                State.FAULT,
                say(
                    "{body}: {name} holds {n} seats",
                    body=asked.name,
                    name=seats[1].holder.name,
                    n=len(seats),
                ),
                say("Leave one seat to the person, and fill the others with somebody else."),
            )


def _not_seated(asked: Asked) -> Iterator[BodyCheck]:
    """Whoever is named together has to sit in the seat that is theirs."""
    for one in asked.standing.seats:
        if one.seat.basis is not SeatBasis.NOMINATION or one.seat.nominated_role is None:
            continue
        named = [
            role
            for role in asked.roles
            if role.role.key == one.seat.nominated_role and role.holder is not None
        ]
        for role in named:
            if role.holder is not None and role.holder is not one.holder:
                yield asked.of(
                    one,
                    BodyRule.NOT_SEATED,
                    State.FAULT,
                    say(
                        "{body}: {name} is named as “{role}” but does not sit in the seat “{seat}”",
                        body=asked.name,
                        name=role.holder.name,
                        role=name_of(role.role, asked.language),
                        seat=asked.seat_name(one),
                    ),
                    say(
                        "Give the seat to {name}, or name for the role whoever sits in it.",
                        name=role.holder.name,
                    ),
                )


def _term_limit(asked: Asked) -> Iterator[BodyCheck]:
    most = asked.standing.body.longest_terms
    if most is None:
        return
    for one in asked.standing.seats:
        if one.holder is not None and (count := _terms_without_break(one.seat.terms, one.holder)) > most:
            yield asked.of(
                one,
                BodyRule.TERM_LIMIT,
                State.WARNING,
                say(
                    "{body}: {name} sits for the {n}. term without a break",
                    body=asked.name,
                    name=one.holder.name,
                    n=count,
                ),
                say("At most {n} are allowed. Have somebody else named.", n=most),
            )


def _terms_without_break(terms: Sequence[SeatTerm], person: Person) -> int:
    """The terms of a holder that follow one another without a day between, the present one included."""
    own = sorted(
        (term for term in terms if term.person is person and term.rank == 0), key=lambda term: term.starts
    )
    count = 1
    for before, after in reversed(list(pairwise(own))):
        if before.ends is None or (after.starts - before.ends).days > 1:
            break
        count += 1
    return count


def _deputies(asked: Asked) -> Iterator[BodyCheck]:
    body = asked.standing.body
    for one in asked.standing.seats:
        is_judged = body.kind in _WITH_DEPUTIES or (
            body.kind is BodyKind.MANAGEMENT_GROUP and one.seat.is_chair
        )
        if is_judged and one.holder is not None and not one.deputies:
            yield asked.of(
                one,
                BodyRule.NO_DEPUTY,
                State.WARNING,
                say("{body}: “{seat}” has no deputy", body=asked.name, seat=asked.seat_name(one)),
                say("Name a deputy who is reached when {name} is not.", name=one.holder.name),
            )


def _circular(asked: Asked) -> Iterator[BodyCheck]:
    """Two who stand in for each other: when one is away, two seats fall on the other."""
    held = {one.holder.id: one for one in asked.standing.seats if one.holder is not None}
    for one in asked.standing.seats:
        if one.holder is None or len(one.deputies) != 1:
            continue
        other = held.get(one.deputies[0].id)
        if other is None or other is one or [person.id for person in other.deputies] != [one.holder.id]:
            continue
        if one.seat.position < other.seat.position and other.holder is not None:
            yield asked.of(
                one,
                BodyRule.CIRCULAR,
                State.WARNING,
                say(
                    "{body}: {name} and {other} stand in for each other and nobody else does",
                    body=asked.name,
                    name=one.holder.name,
                    other=other.holder.name,
                ),
                say("Name a third person as deputy of one of them."),
            )
