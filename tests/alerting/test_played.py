"""Networks played again after a change: only what it touches is played, and the outcome is that of the whole."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.county import county
from prep.alerting.batches import draw_runs
from prep.alerting.candidates import candidates
from prep.alerting.chain import Actor, CallList, Network, Resource
from prep.alerting.list_changes import FixKind
from prep.alerting.played import Player, only_adds
from prep.alerting.reference import group_time, simulate_run
from prep.alerting.scenarios import PRESETS, Scenario
from prep.alerting.windows import Window
from prep.terms import HourClass, ListMode, ResourceKind
from tests.alerting.networks import MIXED_HOURS, attempt, chain, group, networks

OFFICE, NIGHT = PRESETS["office"], PRESETS["night"]
MIXED = Scenario("mixed", "mixed", MIXED_HOURS)


def player(scenario, runs=300, **options):
    return Player(scenario, draw_runs(scenario, seed=5, numbers=np.arange(runs)), **options)


def changes_of(network):
    actors = [one.key for one in network.actors]
    return [
        one for group in network.groups for one in candidates(network, group.key, weakest=actors, offered=2)
    ]


@settings(max_examples=60, deadline=None)
@given(networks(), st.data())
def test_a_changed_network_has_the_outcome_of_the_whole_in_every_run(network, data):
    found = changes_of(network)
    if not found:
        return
    first = data.draw(st.sampled_from(found)).network
    plays = player(MIXED)
    one = plays.again(plays.play(network), first)
    assert (one.reached == plays.play(first).reached).all()
    # And a change after the change.
    if more := changes_of(first):
        second = data.draw(st.sampled_from(more)).network
        assert (plays.again(one, second).reached == plays.play(second).reached).all()


@pytest.mark.parametrize("scenario", [OFFICE, NIGHT])
def test_every_change_of_a_county_has_the_outcome_of_the_whole(scenario):
    network = county(2)
    plays, fresh = player(scenario), player(scenario)
    before = plays.play(network)
    for one in candidates(network, "m0", weakest=["m0/0", "m0/1", "desk"]):
        assert (plays.again(before, one.network).reached == fresh.play(one.network).reached).all(), (
            one.sentence
        )


def test_the_outcome_is_that_of_the_reference():
    network = county(1)
    plays = player(NIGHT, runs=40)
    found = plays.play(network)
    for at, one in enumerate(network.groups):
        for column, number in enumerate(plays.drawn.number):
            run = simulate_run(network, NIGHT, seed=5, run=int(number))
            assert found.reached[at, column] == (group_time(one, run) <= one.deadline_s)


def test_a_group_that_a_change_does_not_touch_is_left_alone():
    network = county(2)
    plays = player(NIGHT)
    before = plays.play(network)
    (change, *_) = [
        one for one in candidates(network, "m1", weakest=["m1/3"]) if one.kind is FixKind.ADD_DEPUTY
    ]
    after = plays.again(before, change.network)
    same = [
        key.key for key, old, new in zip(network.groups, before.parts, after.parts, strict=True) if old is new
    ]
    assert same == ["board", "m0", "secretariat"]


def test_an_attempt_behind_all_others_only_adds():
    network = chain(attempt("a"), attempt("b"), mode=ListMode.SERIAL, groups=(group("a", "b", quorum=1),))
    one = network.lists[0]
    behind = replace(network, lists=(replace(one, items=(*one.items, attempt("a", slot="a"))),))
    between = replace(network, lists=(replace(one, items=(one.items[0], *one.items)),))
    assert only_adds(network, behind)
    assert not only_adds(network, between)


def test_in_a_list_for_all_at_once_behind_the_own_slot_is_late_enough():
    network = chain(attempt("a"), attempt("b"), groups=(group("a", "b", quorum=1),))
    one = network.lists[0]
    extra = attempt("a", slot="a")
    between = replace(network, lists=(replace(one, items=(one.items[0], extra, one.items[1])),))
    before = replace(network, lists=(replace(one, items=(extra, *one.items)),))
    assert only_adds(network, between)
    assert only_adds(network, before)  # the very same attempt: which of them came first makes no difference
    other = replace(network, lists=(replace(one, items=(attempt("a", 0.5), *one.items)),))
    assert not only_adds(network, other)


def test_a_follow_up_waits_for_the_end_so_nothing_only_adds():
    network = chain(attempt("a"), mode=ListMode.SERIAL)
    follows = CallList("source", ListMode.SERIAL, (attempt("a"),), 600.0)
    network = replace(network, lists=(*network.lists, follows))
    assert not only_adds(network, network)


@settings(max_examples=150, deadline=None)
@given(networks(), st.data())
def test_where_a_change_only_adds_nobody_is_lost(network, data):
    found = [one.network for one in changes_of(network) if only_adds(network, one.network)]
    if not found:
        return
    changed = data.draw(st.sampled_from(found))
    plays = player(MIXED, runs=200)
    before, after = plays.play(network).reached, plays.play(changed).reached
    assert not (before & ~after).any()


def test_some_of_the_runs_keep_their_order_and_their_hours():
    drawn = draw_runs(MIXED, seed=1, numbers=np.arange(100))
    wanted = drawn.number % 3 == 0
    some = drawn.where(wanted)
    assert some.number.tolist() == drawn.number[wanted].tolist()
    for hour, first, last in some.hours:
        (start, end) = next((a, b) for one, a, b in drawn.hours if one is hour)
        assert set(some.number[first:last]) <= set(drawn.number[start:end])
    assert some.hours[-1][2] == len(some.number)
    nobody = drawn.where(np.zeros(100, np.bool_))
    assert nobody.hours == ()


def test_no_hour_without_runs_is_walked_through():
    drawn = draw_runs(MIXED, seed=1, numbers=np.arange(100))
    hour, first, last = drawn.hours[0]
    assert hour is HourClass.OFFICE
    wanted = np.ones(100, np.bool_)
    wanted[first:last] = False
    assert [one for one, _, _ in drawn.where(wanted).hours] == [HourClass.EVENING, HourClass.NIGHT]


def test_under_an_outage_for_a_while_sooner_may_be_too_soon():
    net = Resource("net", ResourceKind.MOBILE_CORE, "net")
    network = Network(
        resources=(net,),
        actors=tuple(Actor(key, key) for key in ("one", "two", "x", "a", "m")),
        lists=(
            CallList("one", ListMode.SERIAL, (attempt("x"),)),
            CallList("two", ListMode.SERIAL, (attempt("a", delay_s=300.0),)),
            CallList("a", ListMode.SERIAL, (attempt("m", resources=("net",)),)),
        ),
        groups=(group("m", quorum=1),),
        sources=("one", "two"),
    )
    longer = replace(network.lists[0], items=(attempt("x"), attempt("a")))
    changed = replace(network, lists=(longer, *network.lists[1:]))
    down = Scenario("down", "down", windows=(("net", Window(100.0, 200.0)),))
    assert only_adds(network, changed)
    plays = player(down, runs=10)
    before = plays.play(network)
    # a is reached at 300 s, after the outage; with the change at 150 s, and the one call to m is blocked.
    assert before.reached.all()
    assert not plays.again(before, changed).reached.any()
