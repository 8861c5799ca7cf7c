"""The story of a run: readable, the same as the run, and the trace that drills share."""

import json
from dataclasses import replace

from benchmarks.county import county
from prep.alerting.chain import CallList, Resource
from prep.alerting.reference import simulate_run
from prep.alerting.result import ENGINE
from prep.alerting.scenarios import PRESETS
from prep.alerting.story import FORMAT, median_run, tell, worst_run
from prep.language import in_language
from prep.terms import Channel, Language, ListMode, ResourceKind
from tests.alerting.networks import attempt, chain, group

OFFICE = PRESETS["office"]


def small():
    """A centre without Aino's network: it tries her in vain, then Eero by text."""
    network = chain(
        attempt("aino", 0.0, resources=("net",), slot="s"),
        attempt("eero", slot="s", channel=Channel.SMS, delay_s=120),
        mode=ListMode.SERIAL,
        resources=(Resource("net", ResourceKind.MOBILE_CORE, "the network", 1.0),),
        groups=(group("eero", quorum=1),),
    )
    names = {"source": "Centre", "aino": "Aino", "eero": "Eero"}
    return replace(network, actors=tuple(replace(one, name=names[one.key]) for one in network.actors))


def test_a_run_is_told_line_by_line():
    told = tell(small(), OFFICE, seed=1, run=0)
    assert [(line.clock, str(line.sentence)) for line in told.lines] == [
        ("00:00", "Out of order: the network."),
        ("00:00", "Centre tries Aino: phone call; the connection is down."),
        ("00:10", "Centre tries Eero: text message."),
        ("02:10", "Eero answers Centre."),
        ("02:10", "group has its quorum."),
    ]
    assert told.groups == (("group", 130.0),)


def test_a_group_that_is_never_reached_is_said_at_the_end():
    told = tell(chain(attempt("a", 0.0)), OFFICE, seed=1, run=0)
    assert str(told.lines[-1].sentence) == "group is never reached."
    assert told.groups == (("group", None),)


def test_every_line_can_be_said_in_finnish_and_swedish():
    for line in tell(county(1), PRESETS["night"], seed=1, run=3).lines:
        for language in Language:
            assert "{" not in in_language(line.sentence, language)


def test_the_trace_is_the_run_with_identifiers_only():
    network = county(1)
    trace = tell(network, PRESETS["night"], seed=4, run=17).trace
    run = simulate_run(network, PRESETS["night"], seed=4, run=17)
    assert (trace["format"], trace["source"], trace["engine"]) == (FORMAT, "simulation", ENGINE)
    assert (trace["seed"], trace["run"], trace["hour"]) == (4, 17, "night")
    assert [event["at_s"] for event in trace["events"]] == [event.at_s for event in run.story]
    assert set(trace["events"][0]) == {
        "at_s", "caller", "target", "slot", "channel", "outcome", "answered_s",
    }  # fmt: skip
    text = json.dumps(trace, allow_nan=False)
    assert not any(actor.name in text for actor in network.actors)


def test_the_run_in_the_middle_and_the_worst_plausible_one():
    network = chain(replace(attempt("a"), delay=attempt("a").delay.__class__(60, 0.8)))
    times = {
        number: tell(network, OFFICE, seed=1, run=number).groups[0][1]
        for number in (median_run(network, OFFICE, "group"), worst_run(network, OFFICE, "group"))
    }
    middle, worst = times.values()
    # Median 60 s; the 95 % quantile of a log-normal with sigma 0.8 is 60 · exp(0.8 · 1.645) = 224 s.
    assert abs(middle - 60) < 4
    assert abs(worst - 224) < 25


def test_a_list_that_is_skipped_shows_in_the_trace_only():
    twice = CallList("source", ListMode.SERIAL, (attempt("a"), attempt("a")))
    told = tell(replace(chain(attempt("a")), lists=(twice,)), OFFICE, seed=1, run=0)
    assert [event["outcome"] for event in told.trace["events"]] == ["reached", "not_needed"]
    assert len(told.lines) == 3
