"""The exact solver against closed forms and against the simulator, with which it shares no code."""

import sys
from dataclasses import replace
from math import comb

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks.county import county
from prep.alerting.chain import Actor, ByHour, CallList, ContactPoint, Group, Resource, Seat
from prep.alerting.exact import exact, single_points
from prep.alerting.result import Part, PartKind
from prep.alerting.scenarios import PRESETS, Scenario, parse
from prep.alerting.simulate import simulate
from prep.terms import Channel, ListMode, ResourceKind
from tests.alerting.networks import MIXED_HOURS, attempt, chain, group, networks, with_actor
from tests.alerting.test_kernel import walked

OFFICE = PRESETS["office"]
MIXED = Scenario("mixed", "mixed", hours=MIXED_HOURS, away_p=0.3)
LONG_S = 1e7
RUNS = 3000
unhurried = settings(
    max_examples=40, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)


def p(network, scenario=OFFICE, key="group"):
    return exact(network, scenario, key).p


def five_deviations(expected):
    return 5 * (expected * (1 - expected) / RUNS) ** 0.5 + 1e-9


def shares(network, scenario):
    result = simulate(network, scenario, runs=RUNS, deadline_s=LONG_S, horizon_s=LONG_S, explain=False)
    return {one.group: one.quorum.p for one in result.groups}


# Without a deadline and with one target per slot, time decides nothing: both must give the same probability.
# Five standard deviations and fixed seeds: a sound program fails here once in 1.7 million comparisons.
@pytest.mark.slow
@unhurried
@given(
    networks(one_target_per_slot=True, plain=True, loops=False),
    st.sampled_from([OFFICE, MIXED, parse("holiday+power_cut")]),
)
def test_simulator_and_exact_solver_agree_without_time(network, scenario):
    for key, found in shares(network, scenario).items():
        expected = p(network, scenario, key)
        assert abs(found - expected) <= five_deviations(expected)


@pytest.mark.slow
@unhurried
@given(networks(loops=False), st.sampled_from([OFFICE, MIXED]))
def test_the_exact_answer_is_an_upper_bound_of_the_timed_one(network, scenario):
    for key, found in shares(network, scenario).items():
        expected = p(network, scenario, key)
        assert found <= expected + five_deviations(expected)


def test_a_county_agrees_without_time():
    network = county(2)
    for key, found in shares(network, PRESETS["night"]).items():
        if key.startswith("m"):
            expected = p(network, PRESETS["night"], key)
            assert found <= expected + five_deviations(expected)


def test_a_board_of_22_seats_that_share_callers_and_areas_is_solved():
    seats = tuple(Seat(f"s{n}", f"s{n}", (f"h{n}", f"d{n}")) for n in range(22))
    callers = ("x", "y", "z")
    calls = tuple(
        attempt(holder, 0.4, slot=seat.key, resources=(f"area{number % 4}",))
        for number, seat in enumerate(seats)
        for holder in seat.holders
    )
    network = chain(*(attempt(caller, 0.7) for caller in callers))
    network = replace(
        network,
        resources=tuple(Resource(f"area{n}", ResourceKind.OPERATOR_AREA, "area", 0.1) for n in range(4)),
        actors=(*network.actors, *(Actor(key, key) for seat in seats for key in seat.holders)),
        lists=(*network.lists, *(CallList(caller, ListMode.PARALLEL, calls) for caller in callers)),
        groups=(Group("board", "board", seats, 14),),
    )
    expected = p(network, key="board")
    assert abs(shares(network, OFFICE)["board"] - expected) <= five_deviations(expected)


def test_repeated_attempts_merge_into_one_chance():
    assert p(chain(*(attempt("a", 0.3) for _ in range(3)))) == pytest.approx(1 - 0.7**3)


def test_a_quorum_of_independent_seats_is_binomial():
    network = replace(chain(*(attempt(key, 0.6) for key in "abcde")), groups=(group(*"abcde", quorum=3),))
    assert p(network) == pytest.approx(sum(comb(5, k) * 0.6**k * 0.4 ** (5 - k) for k in (3, 4, 5)))


def test_required_seats_and_one_of_each_set():
    network = chain(*(attempt(key, 0.5) for key in "abc"))
    board = replace(
        group(*"abc", quorum=1), required=frozenset({"seat a"}), one_of=(frozenset({"seat b", "seat c"}),)
    )
    assert p(replace(network, groups=(board,))) == pytest.approx(0.5 * 0.75)


def test_availability_is_shared_by_all_attempts_on_a_person():
    network = with_actor(chain(*(attempt("a", 0.5) for _ in range(2))), "a", available=ByHour.always(0.8))
    assert p(network) == pytest.approx(0.8 * 0.75)


def test_who_starts_the_alarm_waits_for_nobody_who_might_call():
    """The source is a group of its own and stands on the list of somebody who may be away."""
    network = chain(attempt("source"), groups=(group("source", quorum=1),), sources=("source",))
    caller = Actor("caller", "Caller", available=ByHour.always(0.1))
    network = replace(
        network,
        actors=(network.actors[0], caller),
        lists=(CallList("caller", ListMode.PARALLEL, (attempt("source"),)),),
    )
    found = exact(network, OFFICE, "group")
    assert (found.p, found.sensitivities) == (1.0, ())


def test_a_common_cause_is_mixed_outside():
    network = chain(
        *(attempt(key, 0.9, resources=("net",)) for key in "abc"),
        resources=(Resource("net", ResourceKind.MOBILE_CORE, "net", 0.2),),
        groups=(group(*"abc", quorum=3),),
    )
    assert p(network) == pytest.approx(0.8 * 0.9**3)


def test_a_failed_parent_raises_the_failure_of_its_child():
    network = chain(
        attempt("a", resources=("area",)),
        resources=(
            Resource("power", ResourceKind.POWER_AREA, "power", 0.1),
            Resource("area", ResourceKind.OPERATOR_AREA, "area", 0.02, "power", 0.7),
        ),
    )
    assert p(network) == pytest.approx(0.9 * 0.98 + 0.1 * 0.3)
    assert p(network, parse("power_cut")) == pytest.approx(0.3)


def test_hours_are_mixed_by_their_shares():
    network = chain(replace(attempt("a"), works=ByHour(1.0, 0.5, 0.2, 0.0)))
    mixed = Scenario("mixed", "mixed", hours=MIXED_HOURS)
    assert p(network, mixed) == pytest.approx(0.3 * 1.0 + 0.2 * 0.5 + 0.5 * 0.2)
    # Persons of whom a share is away answer that much less.
    assert p(network, MIXED) == pytest.approx(0.7 * 0.5)


def test_deliveries_count_where_a_group_says_so():
    network = chain(attempt("a", 0.6, channel=Channel.PAGER))
    assert p(network) == 0.0
    assert p(replace(network, groups=(replace(network.groups[0], counts_deliveries=True),))) == pytest.approx(
        0.6
    )


def relayed():
    """The source calls a (0.8, relays 0.9), who calls b (0.7); a wrong number of b with 0.1."""
    network = chain(attempt("a", 0.8))
    network = replace(
        network,
        actors=(*network.actors, Actor("b", "b", refusal_p=0.2)),
        points=(ContactPoint("b/1", "b", 0.1),),
        lists=(*network.lists, CallList("a", ListMode.SERIAL, (attempt("b", 0.7, point="b/1"),))),
        groups=(group("b", quorum=1),),
    )
    return with_actor(network, "a", relay_p=0.9)


def test_a_chain_multiplies_along_its_links():
    assert p(relayed()) == pytest.approx(0.8 * 0.9 * 0.7 * 0.9 * 0.8)


def test_every_derivative_is_that_of_the_product():
    whole = 0.8 * 0.9 * 0.7 * 0.9 * 0.8
    for one in exact(relayed(), OFFICE, "group").sensitivities:
        assert one.birnbaum == pytest.approx(whole / one.p)
        assert one.gain == pytest.approx(whole / one.p - whole)


# A probability is linear in each fact: the derivative by a resource is P(up) − P(down).
@pytest.mark.slow
@unhurried
@given(networks())
def test_the_derivative_by_a_resource_is_the_difference_it_makes(network):
    def weigh(failure_p):
        alone = Resource("r2", ResourceKind.MOBILE_CORE, "r2", failure_p)
        return replace(network, resources=(*network.resources[:2], alone))

    for key in (one.key for one in network.groups):
        found = {one.fact: one.birnbaum for one in exact(weigh(0.3), OFFICE, key).sensitivities}
        difference = p(weigh(0.0), OFFICE, key) - p(weigh(1.0), OFFICE, key)
        assert found.get(("resource", "r2"), 0.0) == pytest.approx(difference, abs=1e-9)


def test_without_cudd_the_pure_python_diagrams_give_the_same(monkeypatch):
    network = relayed()
    expected = exact(network, OFFICE, "group")
    monkeypatch.setitem(sys.modules, "dd.cudd", None)  # as where no compiled one was built
    found = exact(network, OFFICE, "group")
    assert found.p == pytest.approx(expected.p)
    assert {one.fact: round(one.birnbaum, 9) for one in found.sensitivities} == {
        one.fact: round(one.birnbaum, 9) for one in expected.sensitivities
    }


def test_who_alone_leads_to_a_group_is_a_single_point_of_failure():
    points = {one.part: one for one in single_points(relayed(), OFFICE)}
    assert set(points) == {
        Part(PartKind.ACTOR, "source"),
        Part(PartKind.ACTOR, "a"),
        Part(PartKind.ACTOR, "b"),
        Part(PartKind.POINT, "b/1"),
    }
    assert all(one.groups == ("group",) for one in points.values())


def test_a_second_way_is_no_longer_a_single_point():
    network = relayed()
    direct = CallList(
        "source", ListMode.PARALLEL, (*network.lists[0].items, attempt("b", channel=Channel.SMS))
    )
    network = replace(network, lists=(direct, network.lists[1]))
    assert {one.part.key for one in single_points(network, OFFICE)} == {"source", "b"}


def test_a_deputy_takes_the_single_point_from_the_holder_but_not_from_the_caller():
    network = chain(attempt("a"), attempt("b"), attempt("c"))
    seats = (Seat("1", "1", ("a", "b")), Seat("2", "2", ("c",)))
    network = replace(network, groups=(Group("g", "g", seats, 1),))
    found = {one.part.key: one for one in single_points(network, OFFICE)}
    assert set(found) == {"source", "c"}
    assert (found["c"].groups, found["c"].seats) == ((), (("g", "2"),))
    assert found["source"].groups == ("g",)


def test_a_resource_is_a_single_point_through_what_it_alone_feeds():
    network = chain(
        attempt("a", resources=("area",)),
        resources=(
            Resource("power", ResourceKind.POWER_AREA, "power", 0.1),
            Resource("area", ResourceKind.OPERATOR_AREA, "area", 0.02, "power", 1.0),
        ),
    )
    assert {one.part.key for one in single_points(network, OFFICE)} == {"source", "a", "power", "area"}
    batteries = replace(network.resources[1], failure_p_if_parent_down=0.7)
    network = replace(network, resources=(network.resources[0], batteries))
    assert {one.part.key for one in single_points(network, OFFICE)} == {"source", "a", "area"}


def test_what_cannot_be_reached_anyway_has_no_single_points():
    network = chain(attempt("a", 0.0))
    assert single_points(network, OFFICE) == ()
    assert p(network) == 0.0


# Chains in which anybody may call anybody: who can reach each other is worked out together.
@pytest.mark.slow
@unhurried
@given(networks(one_target_per_slot=True, plain=True, loops=False), st.sampled_from([OFFICE, MIXED]))
def test_the_solver_and_the_kernel_agree_where_the_alarm_can_run_in_circles(network, scenario):
    times, _, _ = walked(network, scenario, runs=RUNS)
    for at, one in enumerate(network.groups):
        expected = p(network, scenario, one.key)
        assert abs((times[at] < float("inf")).mean() - expected) <= five_deviations(expected)
