"""The pictures of a chain: who calls whom, and the curve of reaching."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import cast

from markupsafe import Markup

from prep.alerting.records import person_key, seat_key, slot_key
from prep.alerting.result import GroupReach
from prep.language import in_language, percent, say
from prep.models import Body, Chain, ChainList, Person, Role, RoleTerm, Seat
from prep.registry.appointments import office
from prep.terms import Language, ListMode
from prep.web.chain_reading import Reading, SeatRow
from prep.web.chances import chance_in_words
from prep.web.svg.chain import Link, Node, Part, chain_picture
from prep.web.svg.curve import Curve, Instant, reach_curve
from prep.web.writing import named

_LONGEST_HORIZON_MIN = 240
_BODY = "body"


def picture(reading: Reading, *, on: date, language: Language) -> Markup:
    """The chain from the alarm to the body; seats carry how surely they are reached."""
    nodes = {node.key: node for node in _nodes(reading, on=on, language=language)}
    return chain_picture(
        list(nodes.values()),
        list(_links(reading.chain)),
        title=in_language(say("Who calls whom: {chain}", chain=reading.chain.name), language),
    )


def curves(reading: Reading, *, language: Language, width: float) -> Markup:
    """The share reached by each minute."""
    if reading.reach is None:
        raise ValueError(f"chain {reading.chain.key} was not simulated")
    deadline_min = reading.chain.deadline_min
    horizon_min = horizon(deadline_min)
    lines = [Curve(in_language(say("now"), language), tuple(_instants(reading.reach, horizon_min)))]
    if reading.remedies.fixed:
        name = in_language(say("best fix"), language)
        lines.append(Curve(name, tuple(_instants(reading.remedies.fixed, horizon_min)), is_present=False))
    return reach_curve(
        lines,
        deadline_min=deadline_min,
        horizon_min=horizon_min,
        title=in_language(
            say("Share of runs in which the body is reached, by minutes from the alarm"), language
        ),
        percents=[percent(share, language) for share in (0.0, 0.25, 0.5, 0.75, 1.0)],
        axis=in_language(say("minutes from the alarm"), language),
        deadline=in_language(say("deadline {n} min", n=deadline_min), language),
        width=width,
    )


def horizon(deadline_min: int) -> int:
    """How far the curve goes: four deadlines, an hour at least, and no further than the simulation."""
    return min(max(4 * deadline_min, 60), _LONGEST_HORIZON_MIN)


def _instants(reach: GroupReach, horizon_min: int) -> Iterator[Instant]:
    for at_s in reach.curve.at_s:
        if at_s <= horizon_min * 60:
            share = reach.curve.share_by(at_s)
            yield Instant(at_s / 60, share.p, share.low, share.high)


def _nodes(reading: Reading, *, on: date, language: Language) -> Iterator[Node]:
    chain = reading.chain
    rows = {row.key: row for row in reading.seats}
    for call_list in chain.lists:
        yield _caller(call_list, rows, on=on, language=language)
        for item in call_list.items:
            yield _called(
                item.target_person, item.target_role, item.target_seat, rows, on=on, language=language
            )
    for seat in chain.body.seats:
        yield _seat(seat, rows, language=language)
    yield _body(chain.body, language)


def _caller(call_list: ChainList, rows: Mapping[str, SeatRow], *, on: date, language: Language) -> Node:
    node = _called(
        call_list.caller_person, call_list.caller_role, call_list.caller_seat, rows, on=on, language=language
    )
    if not call_list.is_source:
        return node
    return Node(node.key, node.name, Part.SOURCE, node.note, node.state, node.words)


def _called(
    person: Person | None,
    role: Role | None,
    seat: Seat | None,
    rows: Mapping[str, SeatRow],
    *,
    on: date,
    language: Language,
) -> Node:
    if seat is not None:
        return _seat(seat, rows, language=language)
    if role is not None:
        terms: list[RoleTerm] = role.terms
        holder = office(terms, on=on).holder
        return Node(f"role/{role.id}", named(role, language), Part.CALLER, note=holder.name if holder else "")
    return Node(_key(person, None, None), person.name if person else "", Part.CALLER)


def _seat(seat: Seat, rows: Mapping[str, SeatRow], *, language: Language) -> Node:
    row = rows.get(seat_key(seat))
    if row is None:
        return Node(seat_key(seat), named(seat, language), Part.CALLER)
    vacant = in_language(say("vacant"), language)
    return Node(
        row.key,
        row.name,
        Part.SEAT,
        note=row.holder.name if row.holder else vacant,
        state=row.state,
        words=chance_in_words(row.share, language) if row.share else "",
    )


def _body(body: Body, language: Language) -> Node:
    seats = len(body.seats)
    note = say("{quorum} of {seats} seats", quorum=body.quorum or seats, seats=seats)
    return Node(_BODY, named(body, language), Part.BODY, note=in_language(note, language))


def _links(chain: Chain) -> Iterator[Link]:
    for call_list in chain.lists:
        caller = _key(call_list.caller_person, call_list.caller_role, call_list.caller_seat)
        one_line = call_list.mode is ListMode.SERIAL and len(call_list.items) > 1
        for order, item in enumerate(call_list.items, start=1):
            yield Link(caller, slot_key(item), order if one_line else None)
    for seat in chain.body.seats:
        yield Link(seat_key(seat), _BODY)


def _key(person: Person | None, role: Role | None, seat: Seat | None) -> str:
    if seat is not None:
        return seat_key(seat)
    if role is not None:
        return f"role/{role.id}"
    # The database holds one of the three in every line.
    return person_key(cast(Person, person))
