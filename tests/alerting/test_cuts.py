"""Minimal cut sets by hand, and against trying every set one by one with the exact solver's logic."""

from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import HealthCheck, given, settings

from benchmarks.county import county
from prep.alerting.chain import CallList, ContactPoint, Group, Handset, Resource, Seat
from prep.alerting.cuts import ALL_KINDS, joint_cuts, minimal_cuts, silent_already
from prep.alerting.defaults import HEARD
from prep.alerting.exact import _Possibilities, single_points
from prep.alerting.result import Part, PartKind
from prep.alerting.scenarios import PRESETS, parse
from prep.alerting.ways import Model
from prep.errors import Refused
from prep.terms import Channel, ListMode, ResourceKind
from tests.alerting.networks import attempt, chain, group, networks

OFFICE = PRESETS["office"]
unhurried = settings(
    max_examples=80, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)


def keys(cuts):
    return [tuple(part.key for part in cut.parts) for cut in cuts]


def deputies():
    """Chair a, deputy b, and a telephone network that carries the calls to both."""
    network = chain(
        attempt("a", slot="s", resources=("net",), point="a/1"),
        attempt("b", slot="s", resources=("net",), channel=Channel.SMS),
        resources=(Resource("net", ResourceKind.MOBILE_CORE, "net", 0.1),),
    )
    return replace(
        network,
        points=(ContactPoint("a/1", "a", 0.1, "phone"),),
        handsets=(Handset("phone", "a", HEARD),),
        groups=(Group("g", "Board", (Seat("s", "Chair", ("a", "b")),), 1),),
    )


def test_a_group_to_which_nothing_leads_is_silent_already():
    network = deputies()
    vacant = replace(network.groups[0], key="h", seats=(Seat("t", "Head"),))
    network = replace(network, groups=(*network.groups, vacant))
    assert silent_already(network, OFFICE) == ("h",)
    # The only network on the way to the others is down: nothing more has to fail.
    assert silent_already(network, replace(OFFICE, down=frozenset({"net"}))) == ("g", "h")


def test_a_pair_of_persons_or_what_they_share():
    found = minimal_cuts(deputies(), OFFICE, order=2)["g"]
    assert keys(found) == [("source",), ("net",), ("a", "b"), ("a", "sms"), ("b", "call"), ("call", "sms")]


def test_what_is_only_another_name_for_a_person_is_told_with_the_person():
    pair = next(cut for cut in minimal_cuts(deputies(), OFFICE, order=2)["g"] if len(cut.parts) == 2)
    assert pair.alike == {
        Part(PartKind.ACTOR, "a"): (Part(PartKind.POINT, "a/1"), Part(PartKind.HANDSET, "phone"))
    }


def test_only_the_kinds_that_are_asked_for():
    found = minimal_cuts(deputies(), OFFICE, order=2, kinds=frozenset({PartKind.RESOURCE, PartKind.POINT}))
    assert keys(found["g"]) == [("net",)]


def test_what_the_scenario_holds_down_is_down_throughout():
    assert minimal_cuts(deputies(), parse("mobile_down"), order=2)["g"] == ()


def test_two_telephones_that_silence_three_groups():
    callers = [attempt("x"), attempt("y", slot="x", channel=Channel.SMS)]
    members = [attempt(key) for key in "abc"]
    network = chain(*callers)
    network = replace(
        network,
        actors=(*network.actors, *chain(*members).actors[1:]),
        lists=(*network.lists, *(CallList(one, ListMode.SERIAL, tuple(members)) for one in "xy")),
        groups=tuple(group(key, quorum=1, key=f"g{key}") for key in "abc"),
    )
    persons = frozenset({PartKind.ACTOR})
    found = joint_cuts(network, OFFICE, order=2, kinds=persons)
    assert [(tuple(part.key for part in cut.parts), cut.groups) for cut in found] == [
        (("source",), ("ga", "gb", "gc")),
        (("x", "y"), ("ga", "gb", "gc")),
    ]


def brute(network, group_key, order):
    """Every minimal set by trying: cuts, and no smaller one in it does."""
    model = Model(network, OFFICE)
    wanted = network.group(group_key)

    class Logic(_Possibilities):
        def __init__(self, parts):
            super().__init__(model, None)
            self.out = {(part.kind.value, part.key) for part in parts}

        def fact(self, fact):
            kind, key = fact
            if kind == "alive":
                return ("actor", key) not in self.out
            if kind == "channel":
                return fact not in self.out
            return fact not in self.out and model.possible(fact)

    if not Logic(()).group(wanted):
        return set()
    parts = [part for part in model.parts() if part.kind in (PartKind.ACTOR, PartKind.RESOURCE)]
    found = set()
    for size in range(1, order + 1):
        for some in combinations(parts, size):
            if not any(cut <= set(some) for cut in found) and not Logic(some).group(wanted):
                found.add(frozenset(some))
    return found


@pytest.mark.slow
@unhurried
@given(networks(plain=True))
def test_all_minimal_sets_are_found_and_no_others(network):
    kinds = frozenset({PartKind.ACTOR, PartKind.RESOURCE})
    for one in network.groups:
        found = minimal_cuts(network, OFFICE, order=3, kinds=kinds, groups=[one.key])[one.key]
        assert {frozenset(cut.parts) for cut in found} == brute(network, one.key, 3)


def test_sets_of_one_are_the_single_points():
    network = county(2)
    kinds = frozenset({PartKind.ACTOR, PartKind.RESOURCE, PartKind.POINT})
    singles = {
        key: {cut.parts[0] for cut in cuts}
        for key, cuts in minimal_cuts(network, PRESETS["night"], order=1, kinds=kinds).items()
    }
    points = single_points(network, PRESETS["night"])
    for one in network.groups:
        expected = {point.part for point in points if one.key in point.groups}
        assert {part for part in expected if part.kind is not PartKind.POINT} <= singles[one.key] <= expected


def test_too_many_sets_are_refused():
    network = county(8)
    with pytest.raises(Refused, match=r"At most 400.000.000 sets are tried"):
        joint_cuts(network, OFFICE, order=6, kinds=ALL_KINDS)
