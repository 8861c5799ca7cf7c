"""The rules of a chain, each on a chain whose times can be worked out by hand; kernel and reference both."""

from dataclasses import replace
from math import inf

import pytest

from prep.alerting.chain import Actor, ByHour, CallList, ContactPoint, Group, Resource, Seat
from prep.alerting.reference import Outcome, group_time, simulate_run
from prep.alerting.scenarios import PRESETS, Scenario
from prep.terms import Channel, HourClass, ListMode, ResourceKind
from tests.alerting.networks import MIXED_HOURS, NEVER, attempt, chain, group, with_actor
from tests.alerting.test_kernel import walked

OFFICE = PRESETS["office"]
SMS = {"channel": Channel.SMS, "send_s": 15.0}


def times(network, scenario=OFFICE):
    """When each actor is reached in run 0, by the reference, after the kernel has said the same."""
    run = simulate_run(network, scenario, seed=1, run=0)
    assert run.reached == {key: row[0] for key, row in walked(network, scenario, runs=1)[2].items()}
    return run.reached


def outcomes(network, scenario=OFFICE):
    return [(event.target, event.outcome) for event in simulate_run(network, scenario, seed=1, run=0).story]


def test_a_serial_caller_holds_the_line_until_the_answer_and_the_talk():
    network = chain(attempt("a"), attempt("b"), attempt("c"), mode=ListMode.SERIAL)
    # Each call: 60 s to the answer, 30 s of talk.
    assert times(network) == {"source": 0, "a": 60, "b": 150, "c": 240}


def test_a_parallel_caller_begins_every_slot_at_once():
    network = chain(attempt("a"), attempt("b", delay_s=90.0), attempt("c"))
    assert times(network) == {"source": 0, "a": 60, "b": 90, "c": 60}


def test_a_serial_caller_lets_an_unanswered_call_ring_out():
    network = chain(attempt("a", 0.0, ring_s=45.0), attempt("b"), mode=ListMode.SERIAL)
    assert times(network) == {"source": 0, "a": inf, "b": 105}


def test_a_message_holds_the_line_only_while_it_is_sent():
    network = chain(
        attempt("a", delay_s=600.0, **SMS), attempt("b", 0.0, **SMS), attempt("c"), mode=ListMode.SERIAL
    )
    assert times(network) == {"source": 0, "a": 600, "b": inf, "c": 90}


def test_a_call_that_cannot_get_through_is_given_up_at_once_and_frees_the_slot():
    network = chain(
        attempt("a", resources=("net",), fail_s=5.0, gap_s=600.0, slot="x"),
        attempt("b", slot="x"),
        mode=ListMode.SERIAL,
        resources=(Resource("net", ResourceKind.MOBILE_CORE, "net", 1.0),),
    )
    assert times(network) == {"source": 0, "a": inf, "b": 65}
    assert outcomes(network)[0] == ("a", Outcome.BLOCKED)


def test_the_sender_of_a_message_does_not_learn_that_it_was_lost():
    network = chain(
        attempt("a", resources=("net",), gap_s=600.0, slot="x", **SMS),
        attempt("b", slot="x"),
        mode=ListMode.SERIAL,
        resources=(Resource("net", ResourceKind.SMS_GATEWAY, "net", 1.0),),
    )
    assert times(network)["b"] == 660


def test_a_wrong_number_rings_out_however_often_it_is_called():
    network = chain(
        *(attempt("a", point="a/1", gap_s=0.0) for _ in range(3)),
        attempt("b"),
        mode=ListMode.SERIAL,
        points=(ContactPoint("a/1", "a", 1.0),),
    )
    assert times(network) == {"source": 0, "a": inf, "b": 3 * 90 + 60}


def test_the_next_attempt_of_a_slot_waits_for_the_gap_from_the_attempt_before():
    network = chain(attempt("a", 0.0, gap_s=200.0), attempt("a"), attempt("b"))
    assert times(network) == {"source": 0, "a": 260, "b": 60}


def test_a_gap_of_one_slot_does_not_keep_another_slot_waiting_in_a_parallel_list():
    network = chain(attempt("a", 0.0, gap_s=500.0, slot="x"), attempt("b", slot="y"), attempt("c", slot="x"))
    assert times(network) == {"source": 0, "a": inf, "b": 60, "c": 560}


def test_a_serial_caller_waits_for_the_gap_even_if_others_come_later():
    network = chain(
        attempt("a", 0.0, slot="x", gap_s=500.0),
        attempt("b", slot="x"),
        attempt("c", slot="y"),
        mode=ListMode.SERIAL,
    )
    assert times(network) == {"source": 0, "a": inf, "b": 560, "c": 650}


def test_the_deputy_of_an_answered_slot_is_not_alerted():
    network = chain(attempt("a", slot="x"), attempt("b", slot="x"))
    assert times(network) == {"source": 0, "a": 60, "b": inf}
    assert outcomes(network)[-1] == ("b", Outcome.NOT_NEEDED)


def test_an_answer_at_the_very_moment_of_the_next_attempt_is_known():
    network = chain(attempt("a", delay_s=90.0, slot="x", gap_s=90.0), attempt("b", slot="x"))
    assert times(network)["b"] == inf


def test_an_answer_after_the_gap_is_too_late_to_spare_the_deputy():
    network = chain(attempt("a", delay_s=91.0, slot="x", gap_s=90.0), attempt("b", slot="x"))
    assert times(network) == {"source": 0, "a": 91, "b": 150}


def test_a_skipped_attempt_costs_a_serial_caller_the_wait_for_the_answer():
    # The message to a is answered at 500 s; the caller waits for the slot's next attempt until then, and only
    # then goes on to c. Without that wait the caller would know the future.
    network = chain(
        attempt("a", delay_s=500.0, slot="x", gap_s=600.0, **SMS),
        attempt("b", slot="x"),
        attempt("c", slot="y"),
        mode=ListMode.SERIAL,
    )
    assert times(network) == {"source": 0, "a": 500, "b": inf, "c": 560}


def test_a_refusal_frees_the_slot_at_once_for_the_deputy():
    network = chain(attempt("a", slot="x", gap_s=600.0), attempt("b", slot="x"))
    network = with_actor(network, "a", refusal_p=1.0)
    assert times(network) == {"source": 0, "a": inf, "b": 120}
    assert outcomes(network)[0] == ("a", Outcome.REFUSED)


def test_a_refusal_after_the_gap_changes_nothing():
    network = chain(attempt("a", slot="x", gap_s=50.0, **SMS), attempt("b", slot="x"))
    network = with_actor(network, "a", refusal_p=1.0)
    assert times(network)["b"] == 110


def test_a_serial_caller_hears_a_refusal_out():
    network = chain(attempt("a"), attempt("b"), mode=ListMode.SERIAL)
    assert times(with_actor(network, "a", refusal_p=1.0))["b"] == 150


def test_an_unavailable_person_answers_on_no_channel():
    network = chain(attempt("a"), attempt("a", **SMS), attempt("a", channel=Channel.RUNNER, gap_s=0.0))
    assert times(with_actor(network, "a", available=NEVER))["a"] == inf


def test_availability_is_drawn_once_for_all_attempts_on_a_person():
    network = chain(*(attempt("a", gap_s=0.0) for _ in range(10)))
    half = with_actor(network, "a", available=ByHour.always(0.5))
    reached = walked(half, OFFICE, runs=2000)[2]["a"] < inf
    # Ten independent attempts would reach 99.9 %; the standard deviation of a half is 1.1 percentage points.
    assert abs(reached.mean() - 0.5) < 0.055


def test_a_pager_delivers_but_reaches_nobody_and_the_deputy_is_called():
    network = chain(attempt("a", channel=Channel.PAGER, slot="x", gap_s=120.0), attempt("b", slot="x"))
    run = simulate_run(network, OFFICE, seed=1, run=0)
    assert times(network) == {"source": 0, "a": inf, "b": 180}
    assert run.noticed["a"] == 60
    assert run.story[0].outcome is Outcome.DELIVERED


def test_a_group_may_count_deliveries_and_then_a_pager_counts():
    network = chain(attempt("a", channel=Channel.PAGER))
    counting = replace(network, groups=(replace(network.groups[0], counts_deliveries=True),))
    for one, expected in ((network, inf), (counting, 60.0)):
        run = simulate_run(one, OFFICE, seed=1, run=0)
        assert group_time(one.groups[0], run) == expected
        assert walked(one, OFFICE, runs=1)[0][0, 0] == expected


def test_a_paged_person_who_does_not_answer_starts_no_list():
    network = two_steps(attempt("a", channel=Channel.PAGER))
    assert times(network)["b"] == inf


def two_steps(first, **more):
    """The source alerts a, who calls b."""
    network = chain(first)
    return replace(
        network,
        actors=(*network.actors, Actor("b", "b")),
        lists=(*network.lists, CallList("a", ListMode.SERIAL, (attempt("b"),))),
        groups=(group("a", "b", quorum=2),),
        **more,
    )


def test_one_who_is_reached_starts_the_own_list_after_the_start_delay():
    network = with_actor(two_steps(attempt("a")), "a", start_delay_s=120.0)
    assert times(network) == {"source": 0, "a": 60, "b": 240}


def test_one_who_does_not_relay_is_reached_all_the_same():
    network = with_actor(two_steps(attempt("a")), "a", relay_p=0.0)
    assert times(network) == {"source": 0, "a": 60, "b": inf}


def test_one_who_refuses_does_not_relay():
    network = with_actor(two_steps(attempt("a")), "a", refusal_p=1.0)
    assert times(network) == {"source": 0, "a": inf, "b": inf}


def test_a_source_knows_at_once_even_if_unavailable():
    network = with_actor(chain(attempt("a")), "source", available=NEVER)
    assert times(network) == {"source": 0, "a": 60}


def test_a_list_is_run_once_from_the_earliest_time_of_its_caller():
    network = chain(attempt("a", delay_s=300.0), attempt("b", delay_s=60.0))
    network = replace(
        network,
        actors=(*network.actors, Actor("c", "c")),
        lists=(
            CallList("a", ListMode.SERIAL, (attempt("c"),)),
            CallList("b", ListMode.SERIAL, (attempt("a", delay_s=100.0),)),
            *network.lists,
        ),
    )
    # b is reached at 60 and reaches a at 160, before the source does at 300.
    assert times(network) == {"source": 0, "a": 160, "b": 60, "c": 220}


def test_the_story_tells_every_attempt_in_the_order_of_time():
    network = with_actor(two_steps(attempt("a")), "a", start_delay_s=120.0)
    story = simulate_run(network, OFFICE, seed=1, run=0).story
    assert [(e.at_s, e.caller, e.target, e.outcome, e.answered_s) for e in story] == [
        (0, "source", "a", Outcome.REACHED, 60),
        (180, "a", "b", Outcome.REACHED, 240),
    ]


def test_a_group_waits_for_quorum_required_seats_and_one_of_each_set():
    network = chain(*(attempt(key, delay_s=at) for key, at in (("a", 10.0), ("b", 20.0), ("c", 300.0))))
    board = replace(group("a", "b", "c", quorum=2), required=frozenset({"seat a"}))
    chosen = replace(board, one_of=(frozenset({"seat b", "seat c"}), frozenset({"seat c"})))
    for one, expected in (
        (board, 20.0),
        (replace(board, required=frozenset({"seat c"})), 300.0),
        (chosen, 300.0),
    ):
        changed = replace(network, groups=(one,))
        assert group_time(one, simulate_run(changed, OFFICE, seed=1, run=0)) == expected
        assert walked(changed, OFFICE, runs=1)[0][0, 0] == expected


def test_a_seat_is_reached_with_the_earliest_of_holder_and_deputies_and_a_vacant_one_never():
    network = chain(attempt("a", delay_s=300.0), attempt("b", delay_s=60.0))
    seats = (Seat("1", "1", ("a", "b")), Seat("2", "2"))
    network = replace(network, groups=(Group("g", "g", seats, 1),))
    assert list(walked(network, OFFICE, runs=1)[1][:, 0]) == [60.0, inf]


def test_one_person_on_two_seats_counts_for_both():
    network = replace(chain(attempt("a")), groups=())
    network = replace(network, groups=(Group("g", "g", (Seat("1", "1", ("a",)), Seat("2", "2", ("a",))), 2),))
    assert walked(network, OFFICE, runs=1)[0][0, 0] == 60.0


@pytest.mark.parametrize(("down", "expected"), [((), 60.0), (("power",), inf)])
def test_a_resource_goes_down_with_its_parent(down, expected):
    resources = (
        Resource("area", ResourceKind.OPERATOR_AREA, "area", 0.0, "power", 1.0),
        Resource("power", ResourceKind.POWER_AREA, "power"),
    )
    network = chain(attempt("a", resources=("area",)), resources=resources)
    assert times(network, Scenario("x", "x", down=frozenset(down)))["a"] == expected


def test_hour_classes_are_drawn_by_their_shares_and_decide_the_answers():
    network = chain(replace(attempt("a"), works=ByHour(1.0, 0.0, 0.0, 0.0)))
    reached = walked(network, Scenario("m", "m", hours=MIXED_HOURS), runs=4000)[2]["a"] < inf
    # 30 % office hours; standard deviation 0.7 percentage points.
    assert abs(reached.mean() - 0.3) < 0.036


def test_the_hour_of_a_pure_scenario_is_its_hour():
    assert simulate_run(chain(attempt("a")), PRESETS["holiday"], seed=1, run=0).hour is HourClass.NIGHT
