"""The pictures of a chain: who calls whom, and the curve of reaching."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

from markupsafe import Markup

from prep.alerting.result import GroupReach
from prep.cards.chain_records import Drawn, links_of, parts_of
from prep.language import in_language, percent, say
from prep.models import Body, Person
from prep.terms import Language
from prep.web.chain_reading import Reading, SeatRow
from prep.web.chances import chance_in_words
from prep.web.svg.chain import Node, chain_picture
from prep.web.svg.curve import Curve, Instant, reach_curve
from prep.web.writing import named

_LONGEST_HORIZON_MIN = 240


def picture(reading: Reading, *, on: date, language: Language) -> Markup:
    """The chain from the alarm to the body; seats carry how surely they are reached."""
    rows = {row.key: row for row in reading.seats}
    return chain_picture(
        [_node(drawn, rows, language) for drawn in parts_of(reading.chain, on=on)],
        list(links_of(reading.chain)),
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


def _node(drawn: Drawn, rows: Mapping[str, SeatRow], language: Language) -> Node:
    """A box in words; a seat of the body with how surely it is reached."""
    match drawn.names:
        case Body() as body:
            seats = len(body.seats)
            needed = say("{quorum} of {seats} seats", quorum=body.quorum or seats, seats=seats)
            return Node(drawn.key, named(body, language), drawn.part, note=in_language(needed, language))
        case Person() as person:
            return Node(drawn.key, person.name, drawn.part)
    holder = drawn.holder.name if drawn.holder else in_language(say("vacant"), language)
    node = Node(drawn.key, named(drawn.names, language), drawn.part, note=holder)
    row = rows.get(drawn.key)
    if row is None:
        return node
    return replace(node, state=row.state, words=chance_in_words(row.share, language) if row.share else "")
