"""Closed forms by hand, and against the simulator in random chains, with which they share no code."""

import os
from dataclasses import replace
from math import comb

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from prep.alerting.chain import (
    Actor,
    ByHour,
    CallList,
    ContactPoint,
    Group,
    Handset,
    Network,
    Resource,
    Seat,
)
from prep.alerting.closed_form import reached_by
from prep.alerting.delay import Delay
from prep.alerting.scenarios import PRESETS, Scenario
from prep.alerting.simulate import simulate
from prep.errors import Refused
from prep.terms import ActorKind, Channel, ListMode, ResourceKind
from tests.alerting.networks import MIXED_HOURS, attempt, chain, group

OFFICE = PRESETS["office"]
MIXED = Scenario("mixed", "mixed", hours=MIXED_HOURS, away_p=0.2)
RUNS = 4000
# A few hundred by default; thousands with PREP_LONG_TESTS=1.
MANY = 2000 if os.environ.get("PREP_LONG_TESTS") else 150
thorough = settings(
    max_examples=MANY, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)


def test_attempts_in_turn_are_a_geometric_law():
    network = chain(*(attempt("a", 0.3, delay_s=60, gap_s=100) for _ in range(3)))
    for time_s, attempts in ((59, 0), (60, 1), (159, 1), (160, 2), (260, 3), (1e6, 3)):
        assert reached_by(network, OFFICE, "group", time_s=time_s) == pytest.approx(1 - 0.7**attempts)


def test_a_serial_line_is_a_binomial_sum():
    # Five people called one after another; an answer takes 60 s and 30 s of talk, silence 90 s: always 90 s.
    calls = [attempt(key, 0.6, delay_s=60, ring_s=90, talk_s=30) for key in "abcde"]
    network = chain(*calls, mode=ListMode.SERIAL, groups=(group(*"abcde", quorum=2),))
    # By 240 s the first three have been tried: 60, 150, 240.
    expected = sum(comb(3, k) * 0.6**k * 0.4 ** (3 - k) for k in (2, 3))
    assert reached_by(network, OFFICE, "group", time_s=240) == pytest.approx(expected)


def test_a_common_cause_is_mixed_outside_and_not_averaged_inside():
    network = chain(
        *(attempt(key, 0.9, resources=("net",)) for key in "abc"),
        resources=(Resource("net", ResourceKind.MOBILE_CORE, "net", 0.2),),
        groups=(group(*"abc", quorum=3),),
    )
    assert reached_by(network, OFFICE, "group", time_s=60) == pytest.approx(0.8 * 0.9**3)


def test_two_channels_in_one_telephone_are_silent_together():
    network = chain(
        attempt("a", 0.8, point="a/1", gap_s=10),
        attempt("a", 0.8, point="a/2", gap_s=10, channel=Channel.SMS, slot="a"),
        points=(ContactPoint("a/1", "a", 0.0, "phone"), ContactPoint("a/2", "a", 0.0, "phone")),
        handsets=(Handset("phone", "a", ByHour.always(0.5)),),
    )
    assert reached_by(network, OFFICE, "group", time_s=1000) == pytest.approx(0.5 * (1 - 0.2**2))


def test_what_is_not_simple_is_refused_with_the_reason():
    network = chain(attempt("a"))
    with pytest.raises(Refused, match="More than one caller takes part"):
        second = CallList("a", ListMode.SERIAL, ())
        reached_by(replace(network, lists=(*network.lists, second)), OFFICE, "group", time_s=1)
    slow = chain(replace(attempt("a"), delay=Delay(60, 0.5)), mode=ListMode.SERIAL)
    with pytest.raises(Refused, match="only fixed delays"):
        reached_by(slow, OFFICE, "group", time_s=1)


@st.composite
def simple_chains(draw) -> Network:
    """One source and up to four seats, each with a holder and perhaps a deputy."""
    serial = draw(st.booleans())
    seats = []
    items = []
    shares = st.sampled_from([0.2, 0.5, 0.9, 1.0])
    times = st.sampled_from([0.0, 20.0, 90.0, 200.0])
    for number in range(draw(st.integers(1, 4))):
        holders = tuple(f"s{number}h{n}" for n in range(draw(st.integers(1, 2))))
        seats.append(Seat(f"s{number}", f"s{number}", holders))
        for holder in holders:
            for _ in range(draw(st.integers(1, 2))):
                item = attempt(
                    holder,
                    slot=f"s{number}",
                    channel=draw(st.sampled_from([Channel.CALL, Channel.SMS, Channel.PAGER])),
                    resources=tuple(draw(st.lists(st.sampled_from(["r0", "r1"]), max_size=1))),
                    gap_s=draw(times),
                    ring_s=draw(times),
                    talk_s=draw(times),
                    point=None if serial else draw(st.sampled_from([None, f"{holder}/1"])),
                )
                delay = Delay(draw(times), 0.0 if serial else draw(st.sampled_from([0.0, 0.8])))
                items.append(replace(item, works=ByHour(*(draw(shares) for _ in range(4))), delay=delay))
    keys = [key for seat in seats for key in seat.holders]
    by_hour = st.builds(ByHour, shares, shares, shares, shares)
    return Network(
        resources=(
            Resource("r0", ResourceKind.POWER_AREA, "r0", 0.2),
            Resource("r1", ResourceKind.OPERATOR_AREA, "r1", 0.1, "r0", 0.6),
        ),
        actors=(
            Actor("source", "Source", ActorKind.SYSTEM, start_delay_s=15.0),
            *(Actor(key, key, available=draw(by_hour)) for key in keys),
        ),
        handsets=tuple(Handset(key, key, draw(by_hour)) for key in keys),
        points=tuple(ContactPoint(f"{key}/1", key, 0.1, key) for key in keys),
        lists=(CallList("source", ListMode.SERIAL if serial else ListMode.PARALLEL, tuple(items)),),
        groups=(
            Group(
                "g",
                "g",
                tuple(seats),
                draw(st.integers(1, len(seats))),
                required=draw(st.frozensets(st.sampled_from([seat.key for seat in seats]), max_size=1)),
            ),
        ),
        sources=("source",),
    )


# Five standard deviations and fixed seeds: a sound program fails here once in 1.7 million comparisons.
@pytest.mark.slow
@thorough
@given(simple_chains(), st.sampled_from([OFFICE, MIXED]), st.sampled_from([50.0, 150.0, 400.0, 2000.0]))
def test_the_simulator_agrees_with_the_closed_form_at_any_time(network, scenario, time_s):
    expected = reached_by(network, scenario, "g", time_s=time_s)
    found = simulate(network, scenario, runs=RUNS, deadline_s=time_s, explain=False).groups[0].quorum.p
    assert abs(found - expected) <= 5 * (expected * (1 - expected) / RUNS) ** 0.5 + 1e-9
