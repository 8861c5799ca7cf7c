"""Two versions of a chain compared: nothing is told that did not change, and everything that did."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prep.chains.differences import DifferenceKind, differences
from prep.chains.edits import (
    add_line,
    add_list,
    change_line,
    change_list,
    move_line,
    remove_line,
    remove_list,
)
from prep.chains.form import ChainEntry, ItemEntry, ListEntry
from prep.chains.references import References
from prep.models import Person
from prep.terms import ActorKind, Channel, HourClass, Language, ListMode

KNOWN = References(
    {f"desk:{key}": Person(key=key, kind=ActorKind.DUTY_DESK, name=key.title()) for key in "abcdef"}, {}
)
CALL = (Channel.CALL,)
Change = Callable[[ChainEntry], ChainEntry]


def line(target: str, **more: Any) -> ItemEntry:
    return ItemEntry(target=f"desk:{target}", **{"channels": CALL, **more})


def entry(*targets: str) -> ChainEntry:
    one = ListEntry(caller="desk:a", source=True, items=tuple(map(line, targets)))
    return ChainEntry(key="c", name="Chain", body="b", deadline_min=30, list=(one,))


CHAIN = entry("b", "c", "d")


def told(before: ChainEntry, after: ChainEntry) -> list[str]:
    return [str(one.sentence) for one in differences(before, after, KNOWN, Language.EN)]


def on_first(**more: Any) -> Change:
    return lambda chain: change_list(chain, 0, chain.list[0].model_copy(update=more))


CHANGES: dict[str, tuple[Change, list[str]]] = {
    "a line more": (
        lambda chain: add_line(chain, 0, line("e", rounds=2)),
        ["Call list of A – E: added."],
    ),
    "a line less": (lambda chain: remove_line(chain, 0, 1), ["Call list of A – C: removed."]),
    "the last first": (
        lambda chain: move_line(chain, 0, 2, by=-2),
        ["Call list of A – D: moved from place 3 to 1."],
    ),
    "another channel": (
        lambda chain: change_line(chain, 0, 0, line("b", channels=(Channel.SMS, Channel.CALL))),
        ["Call list of A – B, channels: phone call → text message, phone call."],
    ),
    "all fields of a line": (
        lambda chain: change_line(
            chain,
            0,
            1,
            line(
                "c",
                rounds=3,
                deputies=False,
                wait_s=90,
                if_silent="desk:b",
                hours=(HourClass.NIGHT,),
                calls_back=True,
            ),
        ),
        [
            "Call list of A – C, rounds: 1 → 3.",
            "Call list of A – C, deputies: with deputies → without deputies.",
            "Call list of A – C, wait: – → 1:30 min.",
            "Call list of A – C, condition: – → only if B has not answered.",
            "Call list of A – C, hours: – → night.",
            "Call list of A – C, calls back: no → yes.",
        ],
    ),
    "somebody else in the place": (
        lambda chain: change_line(chain, 0, 0, line("e")),
        ["Call list of A – E: added.", "Call list of A – B: removed."],
    ),
    "a list more": (
        lambda chain: add_list(chain, ListEntry(caller="desk:b")),
        ["Call list of B: added."],
    ),
    "a list less": (lambda chain: remove_list(chain, 0), ["Call list of A: removed."]),
    "all facts of a list": (
        on_first(mode=ListMode.PARALLEL, source=False, handover_s=60),
        [
            "Call list of A, way of alerting: one at a time → all at once.",
            "Call list of A, starts at the alarm: yes → no.",
            "Call list of A, hand-over delay: – → 1 min.",
        ],
    ),
    "facts of the chain": (
        lambda chain: chain.model_copy(
            update={"name": "Other", "deadline_min": 45, "each_constituency": True, "note": "Why"}
        ),
        [
            "Chain, name: Chain → Other.",
            "Chain, deadline: 30 min → 45 min.",
            "Chain, a seat of every constituency is needed: no → yes.",
            "Chain, note: – → Why.",
        ],
    ),
    "nothing": (lambda chain: chain, []),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_is_told_in_words_and_nothing_else(change: str) -> None:
    make, sentences = CHANGES[change]
    assert told(CHAIN, make(CHAIN)) == sentences


def test_a_line_that_others_depend_on_takes_them_along() -> None:
    chain = entry("b")
    chain = add_line(chain, 0, line("c", if_answered="desk:b"))
    changed = change_line(chain, 0, 0, line("d"))
    assert changed.list[0].items[1].if_answered == "desk:d"


def test_the_same_target_twice_is_told_apart_by_its_turn() -> None:
    chain = entry("b", "c", "b")
    changed = change_line(chain, 0, 2, line("b", rounds=5))
    assert told(chain, changed) == ["Call list of A – B, rounds: 1 → 5."]


def test_whom_there_is_not_is_told_by_the_reference() -> None:
    assert told(CHAIN, add_line(CHAIN, 0, ItemEntry(target="person:9", channels=CALL))) == [
        "Call list of A – person:9: added."
    ]


@given(st.lists(st.sampled_from("bcdef"), max_size=6), st.lists(st.sampled_from("bcdef"), max_size=6))
def test_the_two_ways_round_are_each_other_s_mirror(before: list[str], after: list[str]) -> None:
    there = differences(entry(*before), entry(*after), KNOWN, Language.EN)
    back = differences(entry(*after), entry(*before), KNOWN, Language.EN)
    counts = [
        [sum(one.kind is kind for one in found) for kind in kinds]
        for found, kinds in (
            (there, (DifferenceKind.ADDED, DifferenceKind.REMOVED, DifferenceKind.MOVED)),
            (back, (DifferenceKind.REMOVED, DifferenceKind.ADDED, DifferenceKind.MOVED)),
        )
    ]
    assert counts[0] == counts[1]
    assert (not there) == (before == after)
