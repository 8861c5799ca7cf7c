"""The versions of alert chains: what a chain said after each change, whoever made the change and by whatever way.

A version is one canonical content in the words of chain files: keys of seats, roles and desks, numbers of persons; no
names. It is kept when the transaction that changed the chain ends, so that no way of changing one can forget it.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import event, select
from sqlalchemy.orm import Session, selectinload

from prep import clock
from prep.models import Chain, ChainItem, ChainList, ChainVersion, Person, Role, Seat
from prep.terms import If

_CHAINS, _LISTS = "changed_chains", "changed_lists"


def watch(session: Session) -> None:
    """Note the chains that this session changes, for `keep`."""
    session.info.update({_CHAINS: set(), _LISTS: set()})
    event.listen(session, "after_flush", _note)
    # What falls out of a collection is deleted without being marked so: only this event tells of it.
    event.listen(session, "persistent_to_deleted", _note_one)


def keep(session: Session) -> None:
    """Keep a version of every chain that this session has left otherwise than it found it.

    The chain's own version counts on with it, so that a form or an answer from before is told apart.
    """
    session.flush()
    chains, lists = session.info[_CHAINS], session.info[_LISTS]
    if not chains and not lists:
        return
    chains |= set(session.scalars(select(ChainList.chain_id).where(ChainList.id.in_(lists))))
    query = select(Chain).where(Chain.id.in_(chains)).options(*_whole()).order_by(Chain.id)
    for chain in session.scalars(query, execution_options={"populate_existing": True}):
        _keep_one(session, chain)
    session.flush()


def content_of(chain: Chain) -> dict[str, Any]:
    """Everything that a chain says, in the words of chain files and always in the same order."""
    return {
        "key": chain.key,
        "name": chain.name,
        "body": chain.body.key,
        "deadline_min": chain.deadline_min,
        "one_of": [list(chosen) for chosen in chain.one_of],
        "each_constituency": chain.each_constituency,
        "note": chain.note,
        "list": [
            {
                "caller": reference_of(one.caller_person, one.caller_role, one.caller_seat),
                "source": one.is_source,
                "mode": one.mode.value,
                "handover_s": one.handover_s,
                "follow_up_s": one.follow_up_s,
                "items": [_line(item, one.items) for item in one.items],
            }
            for one in chain.lists
        ],
    }


def reference_of(person: Person | None, role: Role | None, seat: Seat | None) -> str:
    """The words for whom a list or a line names."""
    if seat is not None:
        return f"seat:{seat.body.key}/{seat.key}"
    if role is not None:
        return f"role:{role.key}@{role.municipality_code}" if role.municipality_code else f"role:{role.key}"
    if person is None:
        raise ValueError("a list or a line of a chain names nobody")
    return f"desk:{person.key}" if person.key else f"person:{person.id}"


def _line(item: ChainItem, items: Iterable[ChainItem]) -> dict[str, Any]:
    earlier = next((one for one in items if one.position == item.condition_position), None)
    named = _target(earlier) if earlier is not None else None
    return {
        "target": _target(item),
        "channels": list(item.channels),
        "rounds": item.rounds,
        "deputies": item.with_deputies,
        "wait_s": item.wait_s,
        "if_answered": named if item.condition_kind is If.ANSWERED else None,
        "if_silent": named if item.condition_kind is If.SILENT else None,
        "hours": list(item.hours),
        "calls_back": item.calls_back,
    }


def _target(item: ChainItem) -> str:
    return reference_of(item.target_person, item.target_role, item.target_seat)


def _note(session: Session, _context: Any) -> None:
    for instance in (*session.new, *session.dirty):
        _note_one(session, instance)


def _note_one(session: Session, instance: Any) -> None:
    match instance:
        case Chain():
            session.info[_CHAINS].add(instance.id)
        case ChainList():
            session.info[_CHAINS].add(instance.chain_id)
        case ChainItem():
            session.info[_LISTS].add(instance.list_id)


def _keep_one(session: Session, chain: Chain) -> None:
    last = session.scalars(
        select(ChainVersion)
        .where(ChainVersion.chain_id == chain.id)
        .order_by(ChainVersion.number.desc())
        .limit(1)
    ).first()
    content = content_of(chain)
    if last is not None and last.content == content and chain.version >= last.number:
        return
    if last is not None and chain.version <= last.number:
        # Only its lists were changed, or the chain was put back after it had been removed.
        chain.version = last.number + 1
    session.add(
        ChainVersion(
            chain_id=chain.id,
            number=chain.version,
            made_at=clock.now(),
            made_by=session.info["actor"],
            content=content,
        )
    )


def _whole() -> list[Any]:
    lists = selectinload(Chain.lists)
    items = lists.selectinload(ChainList.items)
    return [
        selectinload(Chain.body),
        lists.selectinload(ChainList.caller_person),
        lists.selectinload(ChainList.caller_role),
        lists.selectinload(ChainList.caller_seat).selectinload(Seat.body),
        items.selectinload(ChainItem.target_person),
        items.selectinload(ChainItem.target_role),
        items.selectinload(ChainItem.target_seat).selectinload(Seat.body),
    ]
