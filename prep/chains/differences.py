"""How two versions of a chain differ, in words: its own facts, lists, and lines field by field."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from prep.alerting.labels import CHANNELS, HOURS, LIST_MODES
from prep.chains.form import ChainEntry, ItemEntry, ListEntry
from prep.chains.references import References
from prep.chains.words import condition_words, duration
from prep.language import Message, in_language, say
from prep.terms import Language

_Part = TypeVar("_Part")


class DifferenceKind(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference: where, what of it, and what was said of it before and is said after; None: nothing."""

    kind: DifferenceKind
    place: Message
    field: Message | None
    before: Message | str | None
    after: Message | str | None

    @property
    def sentence(self) -> Message:
        """The difference as one sentence."""
        match self.kind:
            case DifferenceKind.ADDED:
                return say("{place}: added.", place=self.place)
            case DifferenceKind.REMOVED:
                return say("{place}: removed.", place=self.place)
            case DifferenceKind.MOVED:
                return say(
                    "{place}: moved from place {before} to {after}.",
                    place=self.place,
                    before=self.before,
                    after=self.after,
                )
            case DifferenceKind.CHANGED:
                return say(
                    "{place}, {field}: {before} → {after}.",
                    place=self.place,
                    field=self.field,
                    before=self.before or "–",
                    after=self.after or "–",
                )


def differences(
    before: ChainEntry, after: ChainEntry, known: References, language: Language
) -> tuple[Difference, ...]:
    """Every difference between two versions of one chain, in the order of the chain; empty if they say the same."""
    return tuple(_Comparison(before, after, known, language).all())


@dataclass(frozen=True, slots=True)
class _Comparison:
    before: ChainEntry
    after: ChainEntry
    known: References
    language: Language

    def all(self) -> Iterator[Difference]:
        yield from _fields(say("Chain"), self._facts(self.before), self._facts(self.after))
        pairs, moved = _matched(self.before.list, self.after.list, lambda one: one.whose)
        for old, new in pairs:
            one = self.after.list[new] if new is not None else self.before.list[old or 0]
            place = self._list(one)
            if old is None:
                yield Difference(DifferenceKind.ADDED, place, None, None, self._lines(one))
            elif new is None:
                yield Difference(DifferenceKind.REMOVED, place, None, self._lines(one), None)
            else:
                if new in moved:
                    yield Difference(DifferenceKind.MOVED, place, None, str(old + 1), str(new + 1))
                yield from self._of_list(place, self.before.list[old], self.after.list[new])

    def _of_list(self, place: Message, before: ListEntry, after: ListEntry) -> Iterator[Difference]:
        yield from _fields(place, _list_facts(before), _list_facts(after))
        pairs, moved = _matched(before.items, after.items, lambda item: item.target)
        for old, new in pairs:
            item = after.items[new] if new is not None else before.items[old or 0]
            where = say("{place} – {target}", place=place, target=self._name(item.target))
            if old is None:
                yield Difference(DifferenceKind.ADDED, where, None, None, self._line(item))
            elif new is None:
                yield Difference(DifferenceKind.REMOVED, where, None, self._line(item), None)
            else:
                if new in moved:
                    yield Difference(DifferenceKind.MOVED, where, None, str(old + 1), str(new + 1))
                yield from _fields(
                    where, self._line_facts(before.items[old]), self._line_facts(after.items[new])
                )

    def _facts(self, entry: ChainEntry) -> list[tuple[Message, Message | str | None]]:
        return [
            (say("name"), entry.name),
            (say("body"), self._body(entry)),
            (say("deadline"), duration(60 * entry.deadline_min)),
            (say("one of these seats is needed"), self._sets(entry)),
            (say("a seat of every constituency is needed"), _yes(entry.each_constituency)),
            (say("note"), entry.note or None),
        ]

    def _body(self, entry: ChainEntry) -> str:
        body = self.known.bodies.get(entry.body)
        return getattr(body, f"name_{self.language}", "") or entry.body

    def _sets(self, entry: ChainEntry) -> str | None:
        sets = (
            ", ".join(self._name(f"seat:{entry.body}/{key}") for key in chosen) for chosen in entry.one_of
        )
        return "; ".join(sets) or None

    def _list(self, one: ListEntry) -> Message:
        name = self._name(one.caller)
        if one.follow_up_s is not None:
            return say("Follow-up list of {caller}", caller=name)
        return say("Call list of {caller}", caller=name)

    def _lines(self, one: ListEntry) -> str:
        return "; ".join(in_language(self._line(item), self.language) for item in one.items)

    def _line(self, item: ItemEntry) -> Message:
        return say(
            "{target} by {channels}, rounds {n}",
            target=self._name(item.target),
            channels=_channels(item, self.language),
            n=item.rounds,
        )

    def _line_facts(self, item: ItemEntry) -> list[tuple[Message, Message | str | None]]:
        named = self._name(item.depends_on) if item.depends_on else ""
        hours = ", ".join(in_language(HOURS[hour], self.language) for hour in item.hours)
        return [
            (say("channels"), _channels(item, self.language)),
            (say("rounds"), str(item.rounds)),
            (say("deputies"), say("with deputies") if item.deputies else say("without deputies")),
            (say("wait"), duration(item.wait_s)),
            (say("condition"), condition_words(item, named)),
            (say("hours"), hours or None),
            (say("calls back"), _yes(item.calls_back)),
        ]

    def _name(self, reference: str) -> str:
        return self.known.name(reference, self.language, apart_from=self.after.body)


def _list_facts(one: ListEntry) -> list[tuple[Message, Message | str | None]]:
    return [
        (say("way of alerting"), LIST_MODES[one.mode]),
        (say("starts at the alarm"), _yes(one.source)),
        (say("hand-over delay"), duration(one.handover_s)),
        (say("follow-up after"), duration(one.follow_up_s)),
    ]


def _channels(item: ItemEntry, language: Language) -> str:
    return ", ".join(in_language(CHANNELS[channel], language) for channel in item.channels)


def _yes(value: bool) -> Message:
    return say("yes") if value else say("no")


def _fields(
    place: Message,
    before: Sequence[tuple[Message, Message | str | None]],
    after: Sequence[tuple[Message, Message | str | None]],
) -> Iterator[Difference]:
    for (field, old), (_, new) in zip(before, after, strict=True):
        if old != new:
            yield Difference(DifferenceKind.CHANGED, place, field, old, new)


def _matched(
    before: Sequence[_Part], after: Sequence[_Part], key: Callable[[_Part], object]
) -> tuple[list[tuple[int | None, int | None]], set[int]]:
    """Which part is which: pairs of places in the order of the new row, and the new places of those that moved.

    Parts of the same key are paired in their order. Of the parts that are in both, as many as possible count as
    having stayed.
    """
    places = [
        (key(part), sum(key(other) == key(part) for other in before[:at])) for at, part in enumerate(before)
    ]
    olds = {name: at for at, name in enumerate(places)}
    pairs: list[tuple[int | None, int | None]] = []
    for at, part in enumerate(after):
        name = key(part), sum(key(other) == key(part) for other in after[:at])
        pairs.append((olds.pop(name, None), at))
    kept = [(old, new) for old, new in pairs if old is not None and new is not None]
    stayed = _longest_rising([old for old, _ in kept])
    moved = {new for number, (_, new) in enumerate(kept) if number not in stayed}
    return [*pairs, *((old, None) for old in olds.values())], moved


def _longest_rising(numbers: Sequence[int]) -> set[int]:
    """The places of a longest rising selection of the numbers; a list is short, so the plain way will do."""
    best: list[list[int]] = []
    for at, number in enumerate(numbers):
        before = [one for one in best if numbers[one[-1]] < number]
        longest: list[int] = max(before, key=_length, default=[])
        best.append([*longest, at])
    found: list[int] = max(best, key=_length, default=[])
    return set(found)


def _length(numbers: Sequence[int]) -> int:
    return len(numbers)
