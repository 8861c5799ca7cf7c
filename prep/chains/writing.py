"""From the form of a chain to its rows: the stored ones brought up to it, or loose ones to be looked at."""

from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from prep.chain_versions import reference_of
from prep.chains.form import ChainEntry, ItemEntry, ListEntry, breaches
from prep.chains.references import References, nobody
from prep.errors import Problem, Refused
from prep.language import Message, say
from prep.models import Body, Chain, ChainItem, ChainList, County, Person, Role, Seat
from prep.terms import If

_Row = TypeVar("_Row", ChainList, ChainItem)


def write_chain(session: Session, entry: ChainEntry, known: References) -> Chain:
    """Bring the chain of the entry's key up to the entry, or make it; rows that say the same already stay.

    A line or list is changed where it stands, so the trail tells what changed and the change can be taken back.

    Raises
    ------
    Refused
        If it names somebody or a body that there is not, or its lists or lines do not fit together.
    """
    refuse_unsound(entry, known)
    home = session.scalars(select(County)).one()
    chain = session.scalar(select(Chain).where(Chain.key == entry.key, Chain.county_id == home.id))
    if chain is None:
        chain = Chain(county_id=home.id, key=entry.key, name=entry.name, deadline_min=entry.deadline_min)
        chain.body = known.bodies[entry.body]
        session.add(chain)
    _fill(chain, entry, known)
    session.flush()
    return chain


def loose_chain(entry: ChainEntry, known: References) -> Chain:
    """The chain as it would stand, as rows that belong to no session and are never stored.

    Raises
    ------
    Refused
        If it names somebody or a body that there is not.
    """
    if found := _unknown(entry, known):
        raise Refused(found)
    chain = Chain(key=entry.key, version=1)
    _fill(chain, entry, known)
    return chain


def refuse_unsound(entry: ChainEntry, known: References) -> None:
    """Go on only if everybody exists, and the lists and lines fit together.

    Raises
    ------
    Refused
        With everything that is wrong, each in its place.
    """
    problems = _unknown(entry, known)
    for one in breaches(entry):
        place = place_of(entry, one.list_number, one.line_number, known)
        problems.append(
            Problem(place=place, value=_shown(one.value, known), rule=one.rule, remedy=one.remedy)
        )
    if problems:
        raise Refused(problems)


def place_of(entry: ChainEntry, list_number: int, line_number: int | None, known: References) -> Message:
    """Where something stands in a chain, in words."""
    caller = _shown(entry.list[list_number].caller, known)
    if line_number is None:
        return say("Call list of {caller}", caller=caller)
    return say("Call list of {caller}, line {n}", caller=caller, n=line_number + 1)


def _unknown(entry: ChainEntry, known: References) -> list[Problem]:
    problems = []
    body = known.bodies.get(entry.body)
    if body is None:
        problems.append(
            Problem(
                place=say("Body of the chain"),
                value=entry.body,
                rule=say("There is no body of this key."),
                remedy=say("Choose a body that is in the registry."),
            )
        )
    for number, one in enumerate(entry.list):
        ends = [(None, one.caller), *((line, item.target) for line, item in enumerate(one.items))]
        for line, reference in ends:
            if reference not in known.rows:
                rule, remedy = nobody(reference, known.rows)
                place = place_of(entry, number, line, known)
                problems.append(Problem(place=place, value=reference, rule=rule, remedy=remedy))
    seats = [seat.key for seat in body.seats] if body is not None else []
    for chosen in entry.one_of:
        problems += [
            Problem(
                place=say("One of these seats is needed"),
                value=key,
                rule=say("The body has no seat of this key."),
                remedy=say("Use some of these: {known}.", known=seats),
            )
            for key in chosen
            if body is not None and key not in seats
        ]
    return problems


def _shown(reference: str, known: References) -> str:
    row = known.rows.get(reference)
    if isinstance(row, Person):
        return row.name
    return row.name_fi if row is not None else reference


def _fill(chain: Chain, entry: ChainEntry, known: References) -> None:
    body: Body = known.bodies[entry.body]
    chain.name, chain.deadline_min, chain.note = entry.name, entry.deadline_min, entry.note
    chain.one_of = [list(chosen) for chosen in entry.one_of]
    chain.each_constituency = entry.each_constituency
    if chain.body is not body:
        chain.body = body
    del chain.lists[len(entry.list) :]
    for position, one in enumerate(entry.list):
        row = _at(chain.lists, position, ChainList)
        _fill_list(row, one, known)


def _fill_list(row: ChainList, one: ListEntry, known: References) -> None:
    row.mode, row.is_source = one.mode, one.source
    row.handover_s, row.follow_up_s = one.handover_s, one.follow_up_s
    _point(row, "caller", one.caller, known)
    del row.items[len(one.items) :]
    for position, item in enumerate(one.items):
        _fill_line(_at(row.items, position, ChainItem), one, position, item, known)


def _fill_line(row: ChainItem, one: ListEntry, position: int, item: ItemEntry, known: References) -> None:
    row.channels = [channel.value for channel in item.channels]
    row.rounds, row.with_deputies, row.wait_s = item.rounds, item.deputies, item.wait_s
    row.hours, row.calls_back = [hour.value for hour in item.hours], item.calls_back
    _point(row, "target", item.target, known)
    kind = If.ANSWERED if item.if_answered else If.SILENT if item.if_silent else None
    earlier = [at for at in range(position) if one.items[at].target == item.depends_on]
    row.condition_kind = kind
    # The nearest line before it that is for the target named.
    row.condition_position = earlier[-1] if kind and earlier else None
    if row.condition_position is None:
        row.condition_kind = None


def _point(row: ChainList | ChainItem, prefix: str, reference: str, known: References) -> None:
    """Let a list or line name somebody, and nobody else."""
    standing = [getattr(row, f"{prefix}_{kind}") for kind in ("person", "role", "seat")]
    if any(one is not None for one in standing) and reference_of(*standing) == reference:
        return
    found = known.rows[reference]
    for kind, model in (("person", Person), ("role", Role), ("seat", Seat)):
        chosen = found if isinstance(found, model) else None
        setattr(row, f"{prefix}_{kind}", chosen)
        setattr(row, f"{prefix}_{kind}_id", chosen.id if chosen is not None else None)


def _at(rows: list[_Row], position: int, model: type[_Row]) -> _Row:
    """The row of a place; a new one at the end."""
    if position == len(rows):
        rows.append(model(position=position))
    rows[position].position = position
    return rows[position]
