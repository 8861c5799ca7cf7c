"""Network files: read with defaults, published as a schema, and every bad one refused by name."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from prep.alerting import defaults
from prep.alerting.chain import Condition
from prep.alerting.lint import lint
from prep.alerting.scenarios import PRESETS, parse
from prep.alerting.simulate import simulate
from prep.alerting.windows import Window
from prep.errors import Refused
from prep.exchange.network_files import read_network, read_with_scenarios
from prep.exchange.network_forms import schema_text
from prep.exchange.network_json import MOST_VALUES
from prep.terms import ActorKind, Channel, Evidence, HourClass, If, ResourceKind

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "docs" / "network-file.example.json"


def written(tmp_path, content):
    path = tmp_path / "network.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


def example(**changes):
    return {**json.loads(EXAMPLE.read_text(encoding="utf-8")), **changes}


def test_the_published_schema_is_that_of_the_program():
    assert (ROOT / "docs" / "network-file.schema.json").read_text(encoding="utf-8") == schema_text()


def test_the_scenarios_of_the_example_are_read():
    network, scenarios = read_with_scenarios(EXAMPLE)
    assert scenarios["batteries"].windows == (("sites", Window(1800)),)
    assert scenarios["batteries"].mix == ((HourClass.NIGHT, 1.0),)
    assert scenarios["back-in-an-hour"].kind_windows == ((ResourceKind.POWER_AREA, Window(0, 3600)),)
    shares = [
        simulate(network, parse(f"night{more}", scenarios), runs=2000).groups[0].quorum.p
        for more in ("", "+back-in-an-hour", "+power_area")
    ]
    assert shares[0] > shares[1] >= shares[2]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"key": "Big"}, r"scenarios.0, Key of the scenario: “Big” A key has small letters"),
        ({"key": "night"}, "prep uses this key itself"),
        ({"outages": [{"part": "net"}]}, r"scenarios.0: “net” There is no infrastructure"),
        ({"outages": [{"part": "sites", "starts_s": 60, "ends_s": 60}]}, "“1–1 min” An outage ends later"),
        ({"outages": [{"part": "sites", "ends_s": 14401}]}, r"scenarios.0.outages.0.ends_s"),
        ({"outages": [{"part": "sites", "starts_s": -1}]}, r"scenarios.0.outages.0.starts_s"),
        ({"outages": [{"part": "sites", "until": 3}]}, r"scenarios.0.outages.0.until.*Nothing of this name"),
        ({"outages": [{"part": "sites", "ends_s": 60}, {"part": "sites"}]}, "neither overlap nor touch"),
        ({"outages": [{"part": "sites"}], "down": ["sites"]}, "not both"),
        ({"hours": {"night": 0.5}}, "come to 100 % together"),
        ({"outages": []}, "A scenario says when the alarm comes"),
    ],
)
def test_a_scenario_that_makes_no_sense_is_refused_with_its_place(tmp_path, wrong, sentence):
    one = {"key": "x", "outages": [{"part": "sites", "ends_s": 60}], **wrong}
    with pytest.raises(Refused, match=sentence):
        read_network(written(tmp_path, example(scenarios=[one])))


def test_a_key_is_given_to_one_scenario(tmp_path):
    one = {"key": "x", "down": ["sites"]}
    with pytest.raises(Refused, match=r"scenarios.1: “x” A scenario of this key stands in the file already"):
        read_network(written(tmp_path, example(scenarios=[one, one])))


def test_the_example_is_sound_and_simulates():
    network = read_network(EXAMPLE)
    assert [one.rule for one in lint(network) if one.severity == "fault"] == []
    share = simulate(network, PRESETS["night"], runs=1000).groups[0].quorum
    assert 0 < share.p < 1


def test_what_is_left_out_is_as_assumed():
    network = read_network(EXAMPLE)
    desk = next(one for one in network.actors if one.kind is ActorKind.DUTY_DESK)
    assert desk == replace(defaults.actor(desk.key, desk.name, ActorKind.DUTY_DESK))
    first = network.lists[0].items[0]
    assert (first.channel, first.delay) == (Channel.CALL, defaults.CHANNELS[Channel.CALL].delay)
    assert first.works == defaults.works(Channel.CALL, on_handset=True)
    point = next(one for one in network.points if one.key == first.point)
    expected = defaults.stale_p(age_days=30, evidence=Evidence.CONFIRMED)
    assert (point.stale_p, point.is_verified) == (expected, True)
    area = next(one for one in network.resources if one.kind is ResourceKind.OPERATOR_AREA)
    assert area.failure_p == defaults.RESOURCES[ResourceKind.OPERATOR_AREA].failure_p


def test_conditions_and_second_attempts_are_read():
    items = read_network(EXAMPLE).lists[0].items
    assert [item.condition for item in items if item.condition] == [Condition(If.SILENT, "chair")]
    # The second call to Aino is worth less than the first.
    calls = [item for item in items if (item.target, item.channel) == ("aino", Channel.CALL)]
    assert calls[1].works.night < calls[0].works.night


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"format": "prep-network-2"}, "Only certain values are known here"),
        ({"surprise": 1}, "surprise: “1” Nothing of this name is known here"),
        ({"groups": [{"key": "g", "seats": []}]}, r"groups\.0\.quorum: This has to be told: quorum"),
        ({"groups": [{"key": "g", "seats": [], "quorum": 0}]}, "The number is too small: the least is 1"),
        ({"actors": [{"key": "a", "relay_p": 1.5}]}, r"relay_p: “1\.5” The number is too large"),
        ({"actors": [{"key": "a", "start_delay_s": -1}]}, r"start_delay_s: “-1” The number is too small"),
        ({"actors": [{"key": "a", "absences": [{"starts": "2026-01-01T00:00", "ends": "x"}]}]}, "absences"),
        ({"sources": "desk"}, "This has to be a list"),
        ({"actors": ["desk"]}, r"actors\.0: “desk” This has to be an object"),
        ({"actors": [{"key": "a", "on_duty": "yes"}]}, r"on_duty: “yes” This is either true or false"),
        ({"actors": [{"key": "a", "relay_p": "0.9"}]}, r"relay_p: “0\.9” This has to be a number"),
        ({"actors": [{"key": "a", "relay_p": True}]}, r"relay_p: “true” This has to be a number"),
        ({"actors": [{"key": "x" * 201}]}, "The text is too long: at most 200 characters"),
        ({"actors": [{"key": "a\x1fb"}]}, r"actors\.0\.key: .* no characters that cannot be shown"),
        ({"actors": [{"key": "a", "name": "\ud800"}]}, r"actors\.0\.name: .* no characters that cannot be"),
        (
            {"actors": [{"key": "a", "absences": [{"starts": 5, "ends": "1767225600"}]}]},
            "starts: “5” A moment",
        ),
        ({"groups": [{"key": "g", "seats": [], "quorum": 1, "one_of": [[]]}]}, "one_of.0: .*too few entries"),
        (
            {"resources": [{"key": "r", "kind": "internet", "failure_p_if_parent_down": 1}]},
            r"resources\.0, r",
        ),
    ],
)
def test_a_fault_of_the_form_is_named_with_its_place(tmp_path, change, message):
    with pytest.raises(Refused, match=message):
        read_network(written(tmp_path, example(**change)))


@pytest.mark.parametrize(
    ("works", "message"),
    [
        (1.5, "works: “1.5” The number is too large"),
        (-0.1, "works: “-0.1” The number is too small"),
        ("often", "works: “often” A probability is one number from 0 to 1, or one for each hour class"),
        (True, "works: “true” A probability is one number"),
        ({"office": 2, "evening": 1, "night": 1, "holiday": 1}, "works.office: “2” The number is too large"),
        ({"office": 1, "evening": 1, "night": 1}, "works.holiday: This has to be told: holiday"),
    ],
)
def test_a_wrong_probability_is_told_once_and_by_the_reading_that_was_meant(tmp_path, works, message):
    content = example()
    content["lists"][0]["steps"][0]["attempts"][0]["works"] = works
    with pytest.raises(Refused) as caught:
        read_network(written(tmp_path, content))
    assert [str(one).split(".attempts.0.")[1].startswith(message) for one in caught.value.problems] == [True]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"actors": "' + '\\"' * 200_000, "The file is not sound JSON"),
        ('{"actors": [' + "0," * (MOST_VALUES + 1) + "0]}", "A network file has at most 5.000.000 values"),
        ('{"a": [' + '"",' * (2 * MOST_VALUES + 1) + '""]}', "A network file has at most 5.000.000 values"),
        ('{"sources": [], "sources": ["a"]}', "“sources” A field stands only once in its braces"),
        ("[" * 100_000, "Brackets stand at most 24 deep in each other"),
        ('{"a":' * 30 + "1" + "}" * 30, "Brackets stand at most 24 deep"),
        ('{"format": 1e999}', "is too large a number"),
        ('{"format": NaN}', "NaN is no number"),
        ('{"format": ' + "9" * 5000 + "}", "9… is too large a number"),
        ("", "The file is not sound JSON"),
        ('{"format": "prep', "The file is not sound JSON"),
    ],
)
def test_a_bomb_is_refused_before_anything_is_built_of_it(tmp_path, text, message):
    with pytest.raises(Refused, match=message):
        read_network(written(tmp_path, text))


def test_brackets_within_texts_do_not_count(tmp_path):
    content = example()
    content["actors"][0]["name"] = "[" * 90 + '\\"{'
    assert read_network(written(tmp_path, content)).actors[0].name.startswith("[[[")


def test_a_file_that_is_too_large_is_refused(tmp_path):
    path = tmp_path / "large.json"
    with path.open("wb") as file:
        file.truncate(65 * 2**20)
    with pytest.raises(Refused, match="A network file has at most 64 MB"):
        read_network(path)


def test_many_faults_are_told_up_to_a_limit(tmp_path):
    actors = [{"key": f"a{n}", "relay_p": 2} for n in range(50)]
    with pytest.raises(Refused, match="There are 30 more faults of this kind") as caught:
        read_network(written(tmp_path, example(actors=actors)))
    assert len(caught.value.problems) == 21


def test_a_chain_of_100_000_steps_runs(tmp_path):
    """Every hundredth calls on: a thousand callers in a row, a hundred attempts each."""
    content = example(
        sources=["c0"],
        actors=[{"key": f"c{n}", "kind": "system"} for n in range(1001)],
        handsets=[],
        points=[],
        resources=[],
        scenarios=[],
        lists=[
            {
                "caller": f"c{n}",
                "mode": "parallel",
                "steps": [
                    {
                        "slot": f"s{step}",
                        "attempts": [
                            {
                                "target": f"c{n + 1}",
                                "channel": "app",
                                "works": 1.0,
                                "delay": {"median_s": 1 + step},
                            }
                        ],
                    }
                    for step in range(100)
                ],
            }
            for n in range(1000)
        ],
        groups=[
            {"key": "g", "quorum": 1, "deadline_s": 80_000, "seats": [{"key": "s", "holders": ["c1000"]}]}
        ],
    )
    network = read_network(written(tmp_path, content))
    assert sum(len(one.items) for one in network.lists) == 100_000
    result = simulate(network, PRESETS["office"], runs=100, explain=False, horizon_s=80_000.0)
    # Each passes it on after 10 s, and the fastest of the hundred attempts takes one second.
    assert result.groups[0].quorum.count == 100
    assert result.groups[0].median.value_s == pytest.approx(11 * 1000, abs=1e-3)


def test_a_deep_chain_is_solved_without_running_out_of_stack(tmp_path):
    from prep.alerting.exact import exact

    content = example(
        sources=["c0"],
        actors=[{"key": f"c{n}", "kind": "system"} for n in range(5001)],
        handsets=[],
        points=[],
        resources=[],
        scenarios=[],
        lists=[
            {
                "caller": f"c{n}",
                "steps": [
                    {"slot": "s", "attempts": [{"target": f"c{n + 1}", "channel": "app", "works": 1.0}]}
                ],
            }
            for n in range(5000)
        ],
        groups=[{"key": "g", "quorum": 1, "seats": [{"key": "s", "holders": ["c5000"]}]}],
    )
    assert exact(read_network(written(tmp_path, content)), PRESETS["office"], "g").p == 1.0
