"""What is typed in the forms of a chain, read into its form: every fault at its field, all of them at once."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeVar

from prep.chains.form import (
    LONGEST_DEADLINE_MIN,
    LONGEST_NAME,
    LONGEST_NOTE,
    LONGEST_S,
    MOST_ROUNDS,
    ChainEntry,
    ItemEntry,
    ListEntry,
)
from prep.chains.words import clock_of
from prep.errors import Problem, Refused, no_such_choice
from prep.language import Message, say
from prep.terms import Channel, HourClass, ListMode

Kind = TypeVar("Kind", bound=StrEnum)

LINE = ("target", "channels", "rounds", "deputies", "wait", "condition", "hours", "calls_back")
LIST = ("caller", "mode", "source", "handover", "follow_up")
CHAIN = ("name", "deadline", "each_constituency", "one_of", "note")
_SEVERAL = {"channels", "hours"}
_ANSWERED, _SILENT = "answered", "silent"
# The place of a problem and the field that it means; the first is that of everything else.
PLACES_OF_LINE = {
    "Whom to reach": "target",
    "The channels": "channels",
    "The rounds": "rounds",
    "The wait": "wait",
    "The condition": "condition",
    "The hours": "hours",
}
PLACES_OF_LIST = {
    "Who calls": "caller",
    "The way of alerting": "mode",
    "The hand-over delay": "handover",
    "The follow-up": "follow_up",
}
PLACES_OF_CHAIN = {
    "The name": "name",
    "The body": "body",
    "The deadline": "deadline",
    "The sets of seats": "one_of",
    "The note": "note",
}


def read_line(values: Mapping[str, str], known: Collection[str]) -> ItemEntry:
    """A line as it was typed; ``known`` is whom it may name.

    Raises
    ------
    Refused
        With every fault.
    """
    typed = _Typed(values)
    target = typed.somebody("target", say("Whom to reach"), known)
    channels = typed.several(Channel, "channels", say("The channels"))
    if not values["channels"].split():
        typed.refuse(
            say("The channels"),
            None,
            say("A line has at least one channel."),
            say("Choose how the person is reached, such as a phone call."),
        )
    if len(set(channels)) < len(channels):
        typed.refuse(
            say("The channels"),
            None,
            say("Each channel is named once: they are tried in turn in every round."),
            say("To try again, raise the rounds."),
        )
    rounds = typed.whole("rounds", say("The rounds"), 1, MOST_ROUNDS)
    wait = typed.seconds("wait", say("The wait"))
    hours = typed.several(HourClass, "hours", say("The hours"))
    condition = typed.condition()
    typed.refuse_faults()
    return ItemEntry(
        target=target,
        channels=tuple(channels),
        rounds=rounds,
        deputies=bool(values["deputies"]),
        wait_s=wait,
        hours=tuple(hour for hour in HourClass if hour in hours),
        calls_back=bool(values["calls_back"]),
        **condition,
    )


def read_list(values: Mapping[str, str], known: Collection[str], items: tuple[ItemEntry, ...]) -> ListEntry:
    """A list as it was typed, with the lines that it has.

    Raises
    ------
    Refused
        With every fault.
    """
    typed = _Typed(values)
    caller = typed.somebody("caller", say("Who calls"), known)
    modes = typed.several(ListMode, "mode", say("The way of alerting"))
    handover = typed.seconds("handover", say("The hand-over delay"))
    follow_up = typed.seconds("follow_up", say("The follow-up"))
    typed.refuse_faults()
    return ListEntry(
        caller=caller,
        source=bool(values["source"]),
        mode=modes[0] if modes else ListMode.SERIAL,
        handover_s=handover,
        follow_up_s=follow_up,
        items=items,
    )


def read_chain_facts(values: Mapping[str, str]) -> dict[str, Any]:
    """What is typed of a chain itself: its name, deadline, rules and note.

    Raises
    ------
    Refused
        With every fault.
    """
    typed = _Typed(values)
    facts = {
        "name": typed.text("name", say("The name"), longest=LONGEST_NAME, least=1),
        "deadline_min": typed.whole("deadline", say("The deadline"), 1, LONGEST_DEADLINE_MIN),
        "note": typed.text("note", say("The note"), longest=LONGEST_NOTE),
        "each_constituency": bool(values["each_constituency"]),
        "one_of": tuple(tuple(chosen.split()) for chosen in values["one_of"].split(";") if chosen.split()),
    }
    typed.refuse_faults()
    return facts


def line_values(item: ItemEntry) -> dict[str, str]:
    """A line as it stands in its form."""
    kind = _ANSWERED if item.if_answered else _SILENT if item.if_silent else ""
    return {
        "target": item.target,
        "channels": " ".join(item.channels),
        "rounds": str(item.rounds),
        "deputies": "1" if item.deputies else "",
        "wait": "" if item.wait_s is None else clock_of(item.wait_s),
        "condition": f"{kind} {item.depends_on}" if kind else "",
        "hours": " ".join(item.hours),
        "calls_back": "1" if item.calls_back else "",
    }


def list_values(one: ListEntry) -> dict[str, str]:
    """A list as it stands in its form."""
    return {
        "caller": one.caller,
        "mode": one.mode.value,
        "source": "1" if one.source else "",
        "handover": "" if one.handover_s is None else clock_of(one.handover_s),
        "follow_up": "" if one.follow_up_s is None else clock_of(one.follow_up_s),
    }


def chain_values(entry: ChainEntry) -> dict[str, str]:
    """What a chain says of itself as it stands in its form."""
    return {
        "name": entry.name,
        "deadline": str(entry.deadline_min),
        "each_constituency": "1" if entry.each_constituency else "",
        "one_of": "; ".join(" ".join(chosen) for chosen in entry.one_of),
        "note": entry.note,
    }


def conditions_on(target: str) -> tuple[str, str]:
    """The values by which a line depends on the one for that target: not answered, answered."""
    return f"{_SILENT} {target}", f"{_ANSWERED} {target}"


@dataclass(slots=True)
class _Typed:
    """What was typed, and what is wrong with it so far."""

    values: Mapping[str, str]
    problems: list[Problem] = field(default_factory=list)

    def refuse(self, place: Message, value: str | None, rule: Message, remedy: Message) -> None:
        shown = value[:60] if value else None
        self.problems.append(Problem(place=place, value=shown, rule=rule, remedy=remedy))

    def refuse_faults(self) -> None:
        if self.problems:
            raise Refused(self.problems)

    def somebody(self, name: str, place: Message, known: Collection[str]) -> str:
        given = self.values[name]
        if not given or given not in known:
            self.refuse(
                place,
                given,
                say("Nobody of this county who may be named here is meant."),
                say("Choose one from the list."),
            )
        return given

    def several(self, kinds: type[Kind], name: str, place: Message) -> list[Kind]:
        found = []
        for given in self.values[name].split():
            try:
                found.append(kinds(given))
            except ValueError:
                self.problems.append(no_such_choice(place, given))
        return found

    def whole(self, name: str, place: Message, low: int, high: int) -> int:
        given = self.values[name].strip()
        if given.isascii() and given.isdecimal() and len(given) < 7 and low <= int(given) <= high:
            return int(given)
        self.refuse(
            place,
            given,
            say("It is a whole number from {low} to {high}.", low=low, high=high),
            say("Type such a number."),
        )
        return low

    def seconds(self, name: str, place: Message) -> int | None:
        given = self.values[name].strip()
        if not given:
            return None
        found = _seconds(given)
        if found is None or found > LONGEST_S:
            self.refuse(
                place,
                given,
                say("It is a time from 0 minutes to 24 hours."),
                say(
                    "Type minutes, such as 5 or 1,5, or minutes and seconds, such as 1:30; or leave it empty."
                ),
            )
        return found

    def text(self, name: str, place: Message, *, longest: int, least: int = 0) -> str:
        given = self.values[name].strip()
        if len(given) < least:
            self.refuse(place, None, say("It is not empty."), say("Type it."))
        if len(given) > longest:
            rule = say("It has at most {n} characters; this has {given}.", n=longest, given=len(given))
            self.refuse(place, given, rule, say("Shorten it."))
        return given

    def condition(self) -> dict[str, str]:
        kind, _, target = self.values["condition"].partition(" ")
        names = {_ANSWERED: "if_answered", _SILENT: "if_silent"}
        if not kind:
            return {}
        if kind not in names or not target:
            self.problems.append(no_such_choice(say("The condition"), self.values["condition"]))
            return {}
        return {names[kind]: target}


def _seconds(given: str) -> int | None:
    """Minutes, or minutes and seconds, in seconds; None for what is neither."""
    minutes, mark, rest = given.replace(".", ",").partition("," if ":" not in given else ":")
    parts: Iterable[str] = (minutes, rest) if mark else (minutes,)
    if not all(part.isascii() and part.isdecimal() and len(part) < 7 for part in parts):
        return None
    if mark == ":":
        return int(minutes) * 60 + int(rest) if int(rest) < 60 else None
    tenths = int(rest) * 60 if mark else 0
    whole, left = divmod(tenths, 10 ** len(rest))
    # Parts of a second are no wait.
    return None if left else int(minutes) * 60 + whole
