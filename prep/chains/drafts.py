"""The changes of a draft written into a chain: those that a machine can write, on the chain as it stands now.

Whom to appoint and whether a number is right a person decides; those changes are left to the pages for them.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from prep.alerting.chain import CallList, Network
from prep.alerting.fixes import Change
from prep.alerting.list_changes import FixKind, list_changes
from prep.alerting.records import load_network, person_key
from prep.chain_versions import reference_of
from prep.chains.edits import add_list, change_list
from prep.chains.form import ChainEntry, ItemEntry, ListEntry
from prep.chains.references import References, slot_of
from prep.chains.writing import loose_chain
from prep.errors import Problem, Refused
from prep.language import Message, say
from prep.models import Person, Role, Seat
from prep.registry.appointments import Term
from prep.terms import ActorKind, Channel, ListMode

# What a person has to do: a machine invents nobody and knows no number.
BY_A_PERSON = frozenset({FixKind.FILL_SEAT, FixKind.ADD_DEPUTY, FixKind.VERIFY_NUMBER})


@dataclass(frozen=True, slots=True)
class Ground:
    """On what changes are written: who there is and who stands behind whom on the day.

    ``system`` is the alerting system by which a desk is to alert all seats, where that is one of the changes.
    """

    known: References
    on: date
    system: str = ""

    def behind(self, reference: str) -> list[str]:
        """The keys of those behind a reference, the holder first."""
        row = self.known.rows.get(reference)
        match row:
            case Person():
                return [person_key(row)]
            case Role() | Seat():
                terms: Iterable[Term] = row.terms
                current = sorted((term for term in terms if term.covers(self.on)), key=lambda term: term.rank)
                turns = row.duty_shifts if isinstance(row, Role) else []
                people = [*(term.person for term in current), *(one.person for one in turns if one.person)]
                return list(dict.fromkeys(map(person_key, people)))
            case None:
                return []

    def network(self, entry: ChainEntry) -> Network:
        """The chain as the engine sees it."""
        return load_network([loose_chain(entry, self.known)], on=self.on)


def written(entry: ChainEntry, changes: Iterable[Change], ground: Ground) -> ChainEntry:
    """The chain with all changes that a machine can write, one after the other.

    Raises
    ------
    Refused
        If one of them would change nothing, because the chain is another by now.
    """
    for change in changes:
        if change.kind not in BY_A_PERSON:
            entry = _written(entry, change, ground)
    return entry


def systems_for(entry: ChainEntry, known: References) -> list[str]:
    """The alerting systems of the registry by which a desk can alert the seats: not those that give the alarm."""
    sources = {one.caller for one in entry.list if one.source}
    return [
        reference
        for reference, row in known.rows.items()
        if isinstance(row, Person) and row.kind is ActorKind.SYSTEM and reference not in sources
    ]


def _written(entry: ChainEntry, change: Change, ground: Ground) -> ChainEntry:
    after = _WAYS[change.kind](entry, change, ground)
    if after == entry:
        raise does_not_fit(change.sentence)
    return after


def does_not_fit(sentence: Message) -> Refused:
    """The refusal of a change that the chain cannot take any more."""
    return Refused(
        Problem(
            place=say("Draft of a chain"),
            value=sentence,
            rule=say("A draft is made for a chain as it stood; this change does not fit it any more."),
            remedy=say("Look for changes again."),
        )
    )


def _channel(entry: ChainEntry, change: Change, ground: Ground) -> ChainEntry:
    """One attempt by the channel after all others of its round, for every line that calls the person or a member."""
    channel = Channel(change.detail)
    is_for_all = change.subject == entry.body
    wanted = _members(entry, ground) if is_for_all else {change.subject}

    def wider(one: ListEntry) -> ListEntry:
        used = {(item.target, way) for item in one.items for way in item.channels}
        more = {
            item.target: ItemEntry(
                target=item.target,
                channels=(channel,),
                deputies=item.deputies and (is_for_all or ground.behind(item.target)[:1] != [change.subject]),
            )
            for item in one.items
            if not item.calls_back
            and (item.target, channel) not in used
            and wanted.intersection(ground.behind(item.target))
        }
        return _with(one, (*one.items, *more.values()))

    return _each_list(entry, wider)


def _parallel(entry: ChainEntry, change: Change, ground: Ground) -> ChainEntry:
    return _lists_of(entry, change, ground, lambda one: one.model_copy(update={"mode": ListMode.PARALLEL}))


def _shorter(entry: ChainEntry, change: Change, ground: Ground) -> ChainEntry:
    """Half the wait of each line, as the engine would halve it, and never longer than it was for any channel."""
    network = ground.network(entry)
    halved = next(
        (
            made.network.list_of(change.subject)
            for made in list_changes(network, [one for one in network.lists if one.caller == change.subject])
            if made.kind is FixKind.SHORTER_WAIT
        ),
        None,
    )
    if halved is None:
        return entry
    before = network.list_of(change.subject)

    def sooner(item: ItemEntry) -> ItemEntry:
        slot = slot_of(ground.known.rows[item.target])
        now, then = (_gaps(one, slot) for one in (before, halved))
        if not now or now == then:
            return item
        return item.model_copy(update={"wait_s": int(min(*now, max(then)) if len(now) > 1 else then[0])})

    return _lists_of(entry, change, ground, lambda one: _with(one, map(sooner, one.items)))


def _reorder(entry: ChainEntry, change: Change, ground: Ground) -> ChainEntry:
    """The required seats first; or everybody by the first channel before anybody by the second."""

    def ordered(one: ListEntry) -> ListEntry:
        if any(item.depends_on for item in one.items):
            return one
        if change.detail == "required":
            needed = _required(entry, ground)
            return _with(
                one, sorted(one.items, key=lambda item: not needed.intersection(ground.behind(item.target)))
            )
        longest = max((len(item.channels) for item in one.items), default=0)
        return _with(
            one,
            (
                item.model_copy(update={"channels": item.channels[turn : turn + 1]})
                for turn in range(longest)
                for item in one.items
                if turn < len(item.channels)
            ),
        )

    return _lists_of(entry, change, ground, ordered)


def _direct(entry: ChainEntry, change: Change, ground: Ground) -> ChainEntry:
    """The desk sets off an alerting system first, and the system alerts every seat at once."""
    if ground.system not in systems_for(entry, ground.known):
        raise Refused(
            Problem(
                place=say("Alerting system"),
                value=ground.system or None,
                rule=say("The desk alerts all at once by a system of the registry."),
                remedy=say("Choose one, or add the system to the contacts first."),
            )
        )
    desk = next(
        (
            reference
            for reference, row in ground.known.rows.items()
            if isinstance(row, Person) and person_key(row) == change.subject
        ),
        None,
    )
    if desk is None:
        raise does_not_fit(change.sentence)
    order = ItemEntry(target=ground.system, channels=(Channel.DUTY_CALL,), rounds=2)
    body = ground.known.bodies[entry.body]
    alarms = [
        ItemEntry(target=reference_of(None, None, seat), channels=(Channel.ROBOT_CALL,))
        for seat in body.seats
        if ground.behind(reference_of(None, None, seat))
    ]
    called = any(item.target == desk for one in entry.list for item in one.items)
    entry = _joined(
        entry, desk, before=[order], new=ListEntry(caller=desk, source=not called, mode=ListMode.SERIAL)
    )
    return _joined(
        entry, ground.system, after=alarms, new=ListEntry(caller=ground.system, mode=ListMode.PARALLEL)
    )


def _joined(
    entry: ChainEntry,
    caller: str,
    *,
    new: ListEntry,
    before: Iterable[ItemEntry] = (),
    after: Iterable[ItemEntry] = (),
) -> ChainEntry:
    """The caller's list with lines more, for targets that it does not have yet; a new list if there is none."""
    at = next((at for at, one in enumerate(entry.list) if one.whose == (caller, False)), None)
    if at is None:
        return add_list(entry, _with(new, [*before, *after]))
    one = entry.list[at]
    there = {item.target for item in one.items}
    more = [[item for item in items if item.target not in there] for items in (before, after)]
    return change_list(entry, at, _with(one, [*more[0], *one.items, *more[1]]))


_WAYS: dict[FixKind, Callable[[ChainEntry, Change, Ground], ChainEntry]] = {
    FixKind.ADD_CHANNEL: _channel,
    FixKind.PARALLEL: _parallel,
    FixKind.SHORTER_WAIT: _shorter,
    FixKind.REORDER: _reorder,
    FixKind.DESK_DIRECT: _direct,
}


def _members(entry: ChainEntry, ground: Ground) -> set[str]:
    seats = ground.known.bodies[entry.body].seats
    return {key for seat in seats for key in ground.behind(reference_of(None, None, seat))}


def _required(entry: ChainEntry, ground: Ground) -> set[str]:
    seats = [seat for seat in ground.known.bodies[entry.body].seats if seat.is_required]
    return {key for seat in seats for key in ground.behind(reference_of(None, None, seat))}


def _gaps(one: CallList | None, slot: str) -> list[float]:
    return [item.gap_s for item in one.items if item.slot == slot and not item.pause] if one else []


def _with(one: ListEntry, items: Iterable[ItemEntry]) -> ListEntry:
    return one.model_copy(update={"items": tuple(items)})


def _each_list(entry: ChainEntry, change: Callable[[ListEntry], ListEntry]) -> ChainEntry:
    """The chain with its ordinary lists changed; a follow-up stays as it is."""
    lists = tuple(one if one.follow_up_s is not None else change(one) for one in entry.list)
    return entry.model_copy(update={"list": lists})


def _lists_of(
    entry: ChainEntry, change: Change, ground: Ground, made: Callable[[ListEntry], ListEntry]
) -> ChainEntry:
    """The chain with the lists changed whose caller is the subject of a change."""
    return _each_list(entry, lambda one: made(one) if change.subject in ground.behind(one.caller) else one)
