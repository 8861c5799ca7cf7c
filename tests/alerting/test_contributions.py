"""Who makes or breaks it: counted run by run with the same luck, never from pooled counts."""

from dataclasses import replace

import pytest

from prep.alerting.chain import Actor, ByHour, CallList, Resource
from prep.alerting.contributions import Contribution, contributions
from prep.alerting.reference import group_time, simulate_run
from prep.alerting.result import Part, PartKind, Share
from prep.alerting.scenarios import PRESETS, Scenario
from prep.alerting.simulate import simulate
from prep.errors import Refused
from prep.terms import ActorKind, Channel, HourClass, ListMode, ResourceKind
from tests.alerting.networks import attempt, chain, group, with_actor

OFFICE = PRESETS["office"]
RUNS = 3000


def found(network, scenario=OFFICE, **more) -> dict[Part, Contribution]:
    asked = contributions(network, scenario, network.groups[0].key, runs=RUNS, seed=7, **more)
    return {one.part: one for one in asked}


def actor(key: str) -> Part:
    return Part(PartKind.ACTOR, key)


def test_whoever_alone_is_called_makes_every_run_that_succeeds_and_breaks_every_other() -> None:
    network = chain(attempt("a", 0.7))
    reached = simulate(network, OFFICE, runs=RUNS, seed=7).groups[0].quorum
    one = found(network)[actor("a")]
    assert one.made == reached
    assert one.missed == Share(RUNS - reached.count, RUNS)
    # The channel as well: nothing else is uncertain.
    call = found(network)[Part(PartKind.CHANNEL, "call")]
    assert (call.made, call.missed) == (one.made, one.missed)


def test_of_two_who_each_suffice_one_makes_the_runs_in_which_the_other_fails() -> None:
    network = chain(attempt("a", 0.6), attempt("b", 0.3))
    outcomes = [simulate_run(network, OFFICE, seed=7, run=run).reached for run in range(RUNS)]
    limit = network.groups[0].deadline_s
    only_a = sum(one["a"] <= limit < one["b"] for one in outcomes)
    neither = sum(min(one["a"], one["b"]) > limit for one in outcomes)
    one = found(network)[actor("a")]
    assert (one.made.count, one.missed.count) == (only_a, neither)


def test_a_relay_between_makes_what_it_passes_on() -> None:
    network = replace(
        chain(attempt("middle", 0.8)),
        actors=(
            Actor("source", "Source", ActorKind.SYSTEM),
            Actor("middle", "Middle", relay_p=0.5),
            Actor("end", "End"),
        ),
        lists=(
            CallList("source", ListMode.PARALLEL, (attempt("middle", 0.8),)),
            CallList("middle", ListMode.SERIAL, (attempt("end", 0.9),)),
        ),
        groups=(group("end", quorum=1),),
    )
    runs = [simulate_run(network, OFFICE, seed=7, run=run) for run in range(RUNS)]
    limit = network.groups[0].deadline_s
    reached = sum(group_time(network.groups[0], one) <= limit for one in runs)
    told = found(network)
    # Without the middle nobody is reached; without the source neither.
    assert told[actor("middle")].made.count == told[actor("source")].made.count == reached
    # With a middle that is certain, only the end can fail: with 0.9, five standard errors at most.
    sure = told[actor("middle")].missed.count + reached
    assert sure / RUNS == pytest.approx(0.9, abs=5 * (0.09 / RUNS) ** 0.5)


def test_a_shared_cause_does_not_pass_for_a_person_s_merit() -> None:
    # Both hang on one network that is down half of the time; b is reached whenever it is up.
    items = tuple(attempt(key, 1.0, resources=("net",)) for key in ("a", "b"))
    network = chain(*items, resources=(Resource("net", ResourceKind.MOBILE_CORE, "Net", 0.5),))
    told = found(network)[actor("a")]
    # Whoever counted the runs in which a answered would say a half; a changes nothing at all.
    assert (told.made.count, told.missed.count) == (0, 0)


def test_the_hour_does_not_pass_for_a_person_s_merit() -> None:
    night_only = ByHour(0.0, 0.0, 1.0, 0.0)
    network = with_actor(chain(attempt("a"), attempt("b")), "a", available=night_only)
    mix = Scenario("mix", "mix", hours=((HourClass.OFFICE, 0.5), (HourClass.NIGHT, 0.5)))
    told = found(network, mix)
    # b is always there, so a never decides, though at night both always answer.
    assert told[actor("a")].made.count == told[actor("a")].missed.count == 0
    assert told[actor("b")].made.p == pytest.approx(0.5, abs=0.05)


def test_a_channel_is_told_apart_from_another_to_the_same_person() -> None:
    network = chain(attempt("a", 0.5), attempt("a", 0.5, channel=Channel.SMS))
    told = found(network)
    channels = [told[Part(PartKind.CHANNEL, key)] for key in ("call", "sms")]
    for one in channels:
        assert one.made.p == pytest.approx(0.25, abs=0.05)
        assert one.missed.p == pytest.approx(0.25, abs=0.05)


def test_the_same_answer_with_any_number_of_threads_and_a_deadline_of_one_s_own() -> None:
    network = chain(attempt("a", 0.5), attempt("b", 0.5, delay_s=600.0))
    assert found(network, threads=1) == found(network, threads=4)
    early = found(network, deadline_s=300.0)
    assert early[actor("b")].made.count == early[actor("b")].missed.count == 0


def test_a_chain_with_a_fault_is_refused() -> None:
    with pytest.raises(Refused):
        contributions(replace(chain(attempt("a")), sources=()), OFFICE, "group")
