"""Fixes: the planted remedy is found, verified on fresh runs, and nothing useless is offered."""

from dataclasses import replace

import pytest

from benchmarks.county import county
from prep.alerting import defaults
from prep.alerting.candidates import candidates
from prep.alerting.chain import Actor, CallList, ContactPoint, Group, Network, Seat
from prep.alerting.fixes import best_fix, fixes
from prep.alerting.lint import lint
from prep.alerting.list_changes import FixKind
from prep.alerting.scenarios import PRESETS
from prep.alerting.simulate import simulate
from prep.errors import Refused
from prep.terms import ActorKind, Channel, ListMode, State
from tests.alerting.networks import attempt, chain, group

NIGHT = PRESETS["night"]


def called(seats, *, mode=ListMode.PARALLEL, attempts=2, quorum=1, caller=ActorKind.SYSTEM, **point):
    """A source that calls every holder; each has one number."""
    holders = [holder for seat in seats for holder in seat.holders]
    items = [
        defaults.item(Channel.CALL, holder, seat.key, attempt=number + 1, point=f"{holder}/1")
        for seat in seats
        for holder in seat.holders
        for number in range(attempts)
    ]
    age = {"age_days": 0, "evidence": None, **point}
    return Network(
        actors=(Actor("source", "Source", caller), *(defaults.actor(key, key) for key in holders)),
        points=tuple(defaults.point(f"{key}/1", key, **age) for key in holders),
        lists=(CallList("source", mode, tuple(items)),),
        groups=(Group("g", "g", tuple(seats), quorum),),
        sources=("source",),
    )


def offered(network, kind, weakest=()):
    return [one for one in candidates(network, "g", weakest=weakest) if one.kind is kind]


def test_a_deputy_is_the_best_fix_for_a_single_seat():
    fix = best_fix(called([Seat("s", "Chair", ("aino",))]), NIGHT, "g", runs=5000)
    assert fix.kind is FixKind.ADD_DEPUTY
    assert str(fix.sentence) == "Name a deputy for Chair."
    # One person called twice: 41 %, less wrong numbers (3 %). With a deputy, number checked: 1 − 0.61 · 0.59.
    assert fix.before.p == pytest.approx(0.396, abs=0.03)
    assert fix.after.p == pytest.approx(0.642, abs=0.03)
    assert fix.gain_low < fix.gain < fix.gain_high
    assert fix.gain == pytest.approx(fix.after.p - fix.before.p)


def test_the_network_of_a_fix_simulates_to_what_the_fix_says():
    network = called([Seat("s", "Chair", ("aino",))])
    fix = best_fix(network, NIGHT, "g", runs=4000)
    assert [one for one in lint(fix.network) if one.severity is State.FAULT] == []
    found = simulate(fix.network, NIGHT, runs=4000, seed=99).groups[0].quorum
    assert found.low - 0.02 < fix.after.p < found.high + 0.02


def test_a_deputy_comes_after_the_holder_in_the_same_slot_of_every_list():
    network = called([Seat("s", "Chair", ("aino",)), Seat("t", "Other", ("eero",))])
    (first, *_) = offered(network, FixKind.ADD_DEPUTY, weakest=["aino"])
    assert first.subject == "s"
    new = "g/s/new"
    assert [item.target for item in first.network.lists[0].items] == [
        "aino",
        "aino",
        new,
        new,
        "eero",
        "eero",
    ]
    assert {item.slot for item in first.network.lists[0].items[:4]} == {"s"}
    assert first.network.groups[0].seats[0].holders == ("aino", new)


def test_a_seat_with_a_deputy_is_offered_one_more():
    network = called([Seat("s", "Chair", ("aino", "eero"))])
    (only,) = offered(network, FixKind.ADD_DEPUTY)
    assert str(only.sentence) == "Name one more deputy for Chair."


def test_a_vacant_seat_is_filled_and_called_by_whoever_calls_the_others():
    network = called([Seat("s", "Chair", ("aino",)), Seat("t", "Secretary")], quorum=2)
    (filled,) = offered(network, FixKind.FILL_SEAT)
    assert str(filled.sentence) == "Appoint a holder for Secretary; Source calls them."
    assert filled.network.lists[0].items[-1].target == "g/t/new"
    assert best_fix(network, NIGHT, "g", runs=3000).kind is FixKind.FILL_SEAT


def test_a_stale_number_is_checked():
    network = called([Seat("s", "Chair", ("aino", "eero"))], age_days=None)
    found = offered(network, FixKind.VERIFY_NUMBER)
    assert [one.subject for one in found] == ["aino/1", "eero/1"]
    assert str(found[0].sentence) == "Check the number of aino."
    assert found[0].network.points[0].stale_p == 0.0
    assert FixKind.VERIFY_NUMBER in {one.kind for one in fixes(network, NIGHT, "g", runs=4000)}


def test_a_sure_number_needs_no_check():
    network = replace(called([Seat("s", "Chair", ("aino",))]), points=(ContactPoint("aino/1", "aino"),))
    assert offered(network, FixKind.VERIFY_NUMBER) == []


def test_a_second_channel_shares_the_number_and_comes_after_the_first():
    network = called([Seat("s", "Chair", ("aino",))])
    every = offered(network, FixKind.ADD_CHANNEL, weakest=["source", "aino"])
    found = [one for one in every if one.subject == "aino"]
    assert [str(one.sentence) for one in found] == [
        "Add one more way to reach aino: app alert that overrides silent mode.",
        "Add one more way to reach aino: text message.",
    ]
    added = found[0].network.lists[0].items[-1]
    assert (added.channel, added.slot, added.point) == (Channel.APP_OVERRIDE, "s", "aino/1")


def test_every_member_can_be_given_one_more_channel_at_once():
    network = called([Seat("s", "Chair", ("aino",)), Seat("t", "Secretary", ("eero",))])
    every = [one for one in offered(network, FixKind.ADD_CHANNEL, weakest=["aino"]) if one.subject == "g"]
    assert (
        str(every[0].sentence)
        == "Reach every member by one more channel: app alert that overrides silent mode."
    )
    added = [item.target for item in every[0].network.lists[0].items if item.channel is Channel.APP_OVERRIDE]
    assert added == ["aino", "eero"]


def test_a_desk_round_the_clock_may_alert_all_at_once():
    seats = [Seat(f"s{number}", f"Seat {number}", (f"p{number}",)) for number in range(8)]
    network = called(seats, mode=ListMode.SERIAL, quorum=4, caller=ActorKind.PERSON)
    desk = defaults.actor("desk", "Situation centre", ActorKind.DUTY_DESK)
    network = replace(network, actors=(*network.actors, desk))
    fix = best_fix(network, NIGHT, "g", runs=3000, deadline_s=600.0)
    assert fix.kind is FixKind.DESK_DIRECT
    assert str(fix.sentence) == "Let Situation centre alert all seats at once."
    assert "desk" in fix.network.sources  # nobody called it before
    assert fix.after.p > fix.before.p + 0.2


def test_a_desk_that_calls_one_after_another_may_call_all_at_once():
    seats = [Seat(f"s{number}", f"Seat {number}", (f"p{number}",)) for number in range(8)]
    network = called(seats, mode=ListMode.SERIAL, quorum=4)
    (parallel,) = offered(network, FixKind.PARALLEL)
    assert parallel.network.lists[0].mode is ListMode.PARALLEL
    assert str(parallel.sentence) == "Let Source alert all at once instead of one after another."
    assert best_fix(network, NIGHT, "g", runs=3000, deadline_s=400.0).kind is FixKind.PARALLEL


def test_a_person_has_one_line_and_is_not_told_to_call_in_parallel():
    network = called([Seat("s", "Chair", ("aino",))], mode=ListMode.SERIAL, caller=ActorKind.PERSON)
    assert offered(network, FixKind.PARALLEL) == []


def test_a_long_wait_is_halved_but_never_below_the_ringing():
    slow = attempt("a", 0.2, slot="x", gap_s=1200.0)
    network = chain(slow, attempt("b", slot="x", gap_s=100.0), groups=(group("a", "b", quorum=1, key="g"),))
    (shorter,) = offered(network, FixKind.SHORTER_WAIT)
    assert [item.gap_s for item in shorter.network.lists[0].items] == [600.0, 90.0]
    assert str(shorter.sentence) == "Halve the waits on the call list of Source."
    fix = best_fix(network, PRESETS["office"], "g", runs=2000, deadline_s=700.0)
    assert fix.kind is FixKind.SHORTER_WAIT
    assert fix.after.p == 1.0


def test_where_nothing_fails_nothing_is_offered():
    network = chain(attempt("a"), groups=(group("a", quorum=1, key="g"),))
    assert best_fix(network, PRESETS["office"], "g", runs=500) is None
    assert fixes(network, PRESETS["office"], "g", runs=500) == ()


def test_fixes_come_best_first_and_never_harm():
    found = fixes(county(2), NIGHT, "m0", runs=3000)
    assert found
    assert [fix.gain for fix in found] == sorted((fix.gain for fix in found), reverse=True)
    assert all(fix.gain > 0 for fix in found)


def test_the_same_question_has_the_same_answer_for_any_number_of_threads():
    one, two = (fixes(county(2), NIGHT, "m0", runs=2000, threads=threads) for threads in (1, 2))
    assert one == two


def test_a_faulty_network_is_refused():
    network = chain(attempt("a"), groups=(group("a", quorum=2, key="g"),))
    with pytest.raises(Refused, match="A quorum is never greater"):
        best_fix(network, NIGHT, "g")


@pytest.mark.parametrize("kind", list(FixKind))
def test_every_candidate_of_a_county_is_a_sound_network(kind):
    network = county(1)
    group_key = "board"
    for one in candidates(network, group_key, weakest=["duty/0", "b0a", "desk"]):
        if one.kind is kind:
            assert [f for f in lint(one.network) if f.severity is State.FAULT] == []
