"""Conditions, hours, turns of duty, absences, follow-ups, call-backs and pauses: every rule by hand."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from math import inf

import pytest

from prep.alerting.chain import ByHour, CallList, Condition, ContactPoint, Handset, paused
from prep.alerting.duty import DutyCalendar, Shift, Span
from prep.alerting.exact import exact
from prep.alerting.hours import alarm_at
from prep.alerting.reference import Outcome, simulate_run
from prep.alerting.scenarios import PRESETS
from prep.alerting.simulate import simulate
from prep.errors import Refused
from prep.terms import Channel, HourClass, If, ListMode
from tests.alerting.networks import attempt, chain, group, with_actor
from tests.alerting.test_kernel import walked

OFFICE = PRESETS["office"]
NOON = datetime(2026, 7, 1, 9, tzinfo=UTC)  # noon in Helsinki, a Wednesday


def run(network, scenario=OFFICE):
    """Run 0 by the reference, after the kernel has said the same."""
    found = simulate_run(network, scenario, seed=1, run=0)
    assert found.reached == {key: row[0] for key, row in walked(network, scenario, runs=1)[2].items()}
    return found


def only_if(item, kind, slot):
    return replace(item, condition=Condition(kind, slot))


@pytest.mark.parametrize("mode", list(ListMode))
def test_a_step_for_silence_waits_until_the_other_is_over(mode):
    # a is called at 0, does not answer, rings 90 s; its wait is 200 s: then b, who answers after 60 s.
    calls = attempt("a", 0.0, gap_s=200), only_if(attempt("b"), If.SILENT, "a")
    assert run(chain(*calls, mode=mode)).reached["b"] == 260.0


@pytest.mark.parametrize("mode", list(ListMode))
def test_a_step_for_silence_is_not_made_after_an_answer(mode):
    found = run(chain(attempt("a"), only_if(attempt("b"), If.SILENT, "a"), mode=mode))
    assert found.reached["b"] == inf
    assert [event.outcome for event in found.story] == [Outcome.REACHED, Outcome.CONDITION]


@pytest.mark.parametrize("mode", list(ListMode))
def test_a_step_for_an_answer_is_made_when_it_comes(mode):
    message = attempt("a", channel=Channel.SMS, delay_s=100, gap_s=600, send_s=15)
    # Serial or not, the caller waits for the answer at 100 s, and b answers 60 s later.
    assert run(chain(message, only_if(attempt("b"), If.ANSWERED, "a"), mode=mode)).reached["b"] == 160.0


def test_a_step_for_an_answer_is_given_up_when_the_wait_is_over():
    message = attempt("a", channel=Channel.SMS, delay_s=900, gap_s=600, send_s=15)
    late = attempt("c", slot="c")
    found = run(chain(message, only_if(attempt("b"), If.ANSWERED, "a"), late, mode=ListMode.SERIAL))
    # The answer came at 900 s, too late for b; the caller had waited until 600 s and then called c.
    assert (found.reached["a"], found.reached["b"], found.reached["c"]) == (900.0, inf, 660.0)


def test_a_step_is_made_only_at_its_hours():
    at_night = replace(attempt("a"), hours=frozenset({HourClass.NIGHT}))
    network = chain(at_night, attempt("b"), mode=ListMode.SERIAL)
    assert run(network).reached == {"source": 0.0, "a": inf, "b": 60.0}
    assert run(network, PRESETS["night"]).reached["a"] == 60.0


def test_a_pause_holds_up_a_system_and_no_person():
    items = paused("source", "x", wait_s=300), attempt("a", slot="x")
    for mode, expected in ((ListMode.PARALLEL, 360.0), (ListMode.SERIAL, 60.0)):
        network = replace(chain(attempt("a")), lists=(CallList("source", mode, items),))
        assert run(network).reached["a"] == expected


def span(first, last):
    return Span(NOON + timedelta(hours=first), NOON + timedelta(hours=last))


def test_whoever_is_absent_is_not_reached_and_is_called_all_the_same():
    network = with_actor(chain(attempt("a", gap_s=120), attempt("b", slot="a")), "a", absences=(span(0, 1),))
    assert run(network, alarm_at(NOON)).reached == {"source": 0.0, "a": inf, "b": 180.0}
    # The end of an absence does not belong to it, and an hour without a date knows none.
    assert run(network, alarm_at(NOON + timedelta(hours=1))).reached["a"] == 60.0
    assert run(network).reached["a"] == 60.0


def on_duty():
    """Whoever is on duty: a before noon, b from noon; on the first of two hours an exception names nobody."""
    calendar = DutyCalendar(
        "duty",
        "Duty officer",
        (Shift(span(-4, 0), "a"), Shift(span(0, 4), "b"), Shift(span(1, 2), None, override=True)),
    )
    items = [replace(attempt(key, slot="officer"), duty="duty") for key in "ab"]
    return chain(*items, duties=(calendar,))


def test_the_one_on_duty_is_called_and_nobody_else():
    network = on_duty()
    for hours, expected in ((-1, "a"), (0, "b"), (3, "b")):
        reached = run(network, alarm_at(NOON + timedelta(hours=hours))).reached
        assert [key for key in "ab" if reached[key] < inf] == [expected]
    # The exception without anybody, and after the last turn.
    for hours in (1, 4):
        assert run(network, alarm_at(NOON + timedelta(hours=hours))).reached["b"] == inf
    # Without a moment whoever has the first turn.
    assert run(network).reached["a"] == 60.0


def test_on_duty_other_shares_hold():
    network = with_actor(
        chain(
            replace(attempt("a", 0.0), works_on_duty=ByHour.always(1.0), duty="duty"),
            duties=on_duty().duties,
        ),
        "a",
        available=ByHour.always(0.0),
        available_on_duty=ByHour.always(1.0),
    )
    assert run(network, alarm_at(NOON - timedelta(hours=1))).reached["a"] == 60.0
    assert exact(network, OFFICE, "group").p == 1.0


def test_all_channels_of_a_telephone_are_silent_with_it():
    items = attempt("a", 1.0, point="1"), attempt("a", 1.0, point="2", channel=Channel.SMS)
    network = chain(
        *items,
        points=(ContactPoint("1", "a", 0.0, "phone"), ContactPoint("2", "a", 0.0, "phone")),
        handsets=(Handset("phone", "a", ByHour.always(0.6)),),
    )
    assert exact(network, OFFICE, "group").p == pytest.approx(0.6)
    assert simulate(network, OFFICE, runs=4000).groups[0].quorum.p == pytest.approx(0.6, abs=0.04)


def called_back(*, relays, wait_s=600.0):
    """The source calls a, who calls b, who calls back; else the source calls b itself."""
    network = chain(attempt("a"), attempt("b"), groups=(group("b", quorum=1),), mode=ListMode.SERIAL)
    first = CallList("source", ListMode.SERIAL, (attempt("a"),))
    follow_up = CallList("source", ListMode.SERIAL, (attempt("b"),), follow_up_s=wait_s)
    back = replace(attempt("source"), calls_back=True)
    lists = (
        first,
        follow_up,
        CallList("a", ListMode.SERIAL, (attempt("b"),)),
        CallList("b", ListMode.SERIAL, (back,)),
    )
    return with_actor(replace(network, lists=lists), "a", relay_p=float(relays))


def test_a_follow_up_is_not_begun_once_somebody_has_called_back():
    found = run(called_back(relays=True))
    assert found.reached == {"source": 0.0, "a": 60.0, "b": 120.0}
    # The call-back itself is taken at 180 s and alerts nobody.
    assert [event.outcome for event in found.story] == [Outcome.REACHED, Outcome.REACHED, Outcome.REPORTED]


def test_without_a_call_back_the_caller_follows_up_after_the_wait():
    assert run(called_back(relays=False)).reached["b"] == 660.0
    # Not before the own list is through: the call to a holds the line for 90 s.
    assert run(called_back(relays=False, wait_s=0.0)).reached["b"] == 150.0


def test_a_call_back_at_the_very_moment_counts():
    # 180 s: a at 60, b at 120, called back at 180.
    assert len(run(called_back(relays=True, wait_s=180.0)).story) == 3
    assert len(run(called_back(relays=True, wait_s=179.0)).story) == 4


def test_a_follow_up_counts_in_the_exact_answer_and_a_call_back_alerts_nobody():
    assert exact(called_back(relays=False), OFFICE, "group").p == 1.0
    lonely = replace(called_back(relays=True), sources=("a",))
    assert run(lonely).reached["source"] == inf


def test_a_span_that_ends_before_it_begins_and_a_moment_without_zone_are_refused():
    with pytest.raises(Refused, match="A span ends after it begins"):
        Span(NOON, NOON)
    with pytest.raises(Refused, match="A moment is given with its zone"):
        Span(NOON.replace(tzinfo=None), NOON)
