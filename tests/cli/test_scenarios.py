"""``prep scenarios`` and the commands that ask about an own scenario."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from prep.alerting.scenario_records import own_scenario, stored_scenarios
from prep.cli import prep
from prep.db import make_engine, read_session
from prep.models import SimulationResult

FILE = """
[[scenario]]
key = "talvimyrsky"
name = "Talvimyrsky"
at = "2026-10-25T03:30+02:00"
away = 0.25
down = ["power_area"]
fails = { internet = 0.3, "operator_area/584/A" = 0.5 }
note = "Sovittu: \\"näin\\""

[[scenario]]
key = "verkot-poikki"
name = "Verkot poikki"
down = ["internet"]

[[scenario]]
key = "milloin-vain"
name = "Milloin vain"
hours = { night = 0.75, office = 0.25 }

[[scenario]]
key = "verkko-palaa"
name = "Verkko palaa"
outages = [
  { part = "mobile_core", until_min = 60 },
  { part = "internet", from_min = 0.5, until_min = 1.7 },
  { part = "internet", from_min = 30 },
]
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "tilanteet.toml"
    path.write_text(FILE, encoding="utf-8")
    return path


def ask(*words: object) -> Result:
    return CliRunner().invoke(prep, [str(word) for word in words])


def kept(url: str) -> list[object]:
    engine = make_engine(url)
    with read_session(engine) as session:
        found: list[object] = [own_scenario(row) for row in stored_scenarios(session)]
    engine.dispose()
    return found


def operator(perho: str) -> str:
    """A single part that the chain of Perho uses."""
    from prep import clock
    from prep.alerting.scenario_records import whole_network

    engine = make_engine(perho)
    with read_session(engine) as session:
        found = [one.key for one in whole_network(session, on=clock.today()).resources]
    engine.dispose()
    return next(key for key in found if key.startswith("operator_area/"))


def test_what_is_exported_is_read_back_as_it_was(perho: str, file: Path, tmp_path: Path) -> None:
    file.write_text(FILE.replace("operator_area/584/A", operator(perho)), encoding="utf-8")
    assert ask("scenarios", "import", file).exit_code == 0
    before = kept(perho)
    assert len(before) == 4
    again = tmp_path / "again.toml"
    again.write_text(ask("scenarios", "export").stdout, encoding="utf-8")
    for one in ("talvimyrsky", "verkot-poikki", "milloin-vain", "verkko-palaa"):
        assert ask("scenarios", "remove", one).exit_code == 0
    assert kept(perho) == []
    assert ask("scenarios", "import", again).exit_code == 0
    assert kept(perho) == before
    assert ask("scenarios", "export", "verkot-poikki").stdout.count("[[scenario]]") == 1


def test_a_scenario_is_listed_and_shown(perho: str, file: Path) -> None:
    file.write_text(FILE.replace(', "operator_area/584/A" = 0.5', ""), encoding="utf-8")
    ask("scenarios", "import", file)
    assert "Hour drawn by shares: office hours 25" in ask("scenarios", "list").stdout
    shown = json.loads(ask("scenarios", "show", "talvimyrsky", "--json").stdout)
    assert shown["at"] == "2026-10-25T03:30:00+02:00"
    assert shown["fails"] == {"internet": 0.3}
    assert shown["unused"] == []
    back = json.loads(ask("scenarios", "show", "verkko-palaa", "--json").stdout)
    assert back["outages"] == [
        {"part": "mobile_core", "from_min": 0, "until_min": 60},
        {"part": "internet", "from_min": 0.5, "until_min": 1.7},
        {"part": "internet", "from_min": 30, "until_min": None},
    ]
    assert "mobile network from 0 to 60 min" in ask("scenarios", "show", "verkko-palaa").stdout.lower()
    assert "People away: 25" in ask("scenarios", "show", "talvimyrsky").stdout


@pytest.mark.parametrize(
    ("wrong", "sentences"),
    [
        ('key = "Iso"\nname = "x"\nhour = "night"', ["scenario[1]", "Key of the scenario: “Iso”"]),
        ('key = "a"\nname = "x"\nat = "2027-03-28T03:30"', ["line 1", "There is no such time on that day"]),
        ('key = "a"\nname = "x"\nat = "2026-10-25T03:30"', ["comes twice on that day", "+02:00"]),
        ('key = "a"\nname = "x"\nhour = "night"\nat = "2026-12-25T04:00"', ["Keep one of “hour”"]),
        ('key = "a"\nname = "x"\nhour = "noon"', ["hour", "“noon”"]),
        ('key = "a"\nname = "x"\naway = 2', ["away"]),
        (
            'key = "a"\nname = "x"\ndown = ["operator_area/9/X"]',
            ["“operator_area/9/X” There is no infrastructure"],
        ),
        (
            'key = "a"\nname = "x"\noutages = [{ part = "operator_area/9/X", from_min = 3 }]',
            ["“operator_area/9/X” There is no infrastructure"],
        ),
        (
            'key = "a"\nname = "x"\noutages = [{ part = "internet", from_min = 30, until_min = 30 }]',
            ["scenario[1]", "“30–30 min” An outage ends later than it begins"],
        ),
        (
            'key = "a"\nname = "x"\noutages = [{ part = "internet", until_min = 241 }]',
            ["scenario[1].outages[1].until_min", "241"],
        ),
        ('key = "a"\nname = "x"\noutages = [{ part = "internet", end = 3 }]', ["outages[1].end"]),
        ('key = "a"\nname = "x"\nhour = "night"\ncolour = "red"', ["colour"]),
        (
            'key = "a"\nname = "x"\nhour = "night"\n\n[[scenario]]\nkey = "a"\nname = "y"\nhour = "night"',
            ["scenario[2]", "stands in the file already"],
        ),
    ],
)
def test_a_file_with_something_wrong_changes_nothing_and_names_the_place(
    perho: str, file: Path, wrong: str, sentences: list[str]
) -> None:
    file.write_text(f"[[scenario]]\n{wrong}\n", encoding="utf-8")
    from prep.errors import PrepError

    result = ask("scenarios", "import", file)
    assert isinstance(result.exception, PrepError)
    for sentence in sentences:
        assert sentence in str(result.exception)
    assert kept(perho) == []


def test_commands_ask_about_an_own_scenario_and_its_answers_are_not_kept(perho: str, file: Path) -> None:
    file.write_text(FILE.replace(', "operator_area/584/A" = 0.5', ""), encoding="utf-8")
    ask("scenarios", "import", file)
    found = json.loads(
        ask("alert", "simulate", "--scenario", "milloin-vain+verkot-poikki", "--runs", 200, "--json").stdout
    )
    assert found[0]["scenario"] == "milloin-vain+verkot-poikki"
    engine = make_engine(perho)
    with read_session(engine) as session:
        assert session.query(SimulationResult).count() == 0
    engine.dispose()
    for words in (
        ("simulate", "--together", "--runs", 200, "--scenario", "talvimyrsky"),
        ("exact", "--scenario", "talvimyrsky"),
        ("cuts", "--order", 1, "--scenario", "talvimyrsky"),
        ("story", "--run", 3, "--scenario", "talvimyrsky"),
        ("hours", "--view", "holidays", "--runs", 100, "--outage", "verkot-poikki"),
    ):
        assert ask("alert", *words).exit_code == 0, words


def test_an_outage_for_a_part_of_the_time_counts_and_what_leaves_it_out_says_so(
    perho: str, file: Path
) -> None:
    file.write_text(FILE.replace(', "operator_area/584/A" = 0.5', ""), encoding="utf-8")
    ask("scenarios", "import", file)

    def answer(*words: object) -> dict[str, Any]:
        words = ("alert", "simulate", "--runs", 500, "--json", "--scenario", *words)
        return dict(json.loads(ask(*words).stdout)["groups"][0])

    back = json.loads(
        ask("alert", "simulate", "--runs", 500, "--json", "--scenario", "night+verkko-palaa").stdout
    )[0]
    assert "mobile_core" in back["left_out_of_single_points"]
    whole = answer("office", "--down", "mobile_core")
    timed = answer("office", "--down", "mobile_core=0-3")
    none = answer("office", "--down", "pager_network=0-1")
    assert whole["quorum"]["p"] < timed["quorum"]["p"] < none["quorum"]["p"]

    asked = ("--scenario", "night+verkko-palaa")
    found = json.loads(ask("alert", "exact", *asked, "--json").stdout)[0]
    assert found["bound"] == "upper"
    assert "mobile_core" in found["left_out"]
    assert found["p"] == json.loads(ask("alert", "exact", "--scenario", "night", "--json").stdout)[0]["p"]
    assert "upper bound for this reason too" in " ".join(ask("alert", "exact", *asked).stdout.split())
    assert "fewer failures may be enough" in " ".join(ask("alert", "cuts", *asked).stdout.split())
    listed = ask("alert", "cuts", *asked, "--json")
    assert "mobile_core" in json.loads(listed.stdout)[0]["left_out"]
    assert "fewer failures may be enough" in " ".join(listed.stderr.split())
    assert "fewer failures" not in ask("alert", "cuts", "--scenario", "night").stdout
    told = json.loads(ask("alert", "story", "--run", 3, *asked, "--json").stdout)
    assert {one["at_s"] for one in told["turns"]} <= {0.0, 30.0, 102.0, 1800.0, 3600.0}
    assert "In order again" in ask("alert", "story", "--run", 3, *asked).stdout


@pytest.mark.parametrize(
    ("down", "sentence"),
    [
        ("internet=60-30", "“60–30 min” An outage ends later than it begins"),
        ("internet=30", "“internet=30” The minutes of an outage follow the equals sign"),
        ("internet=a-b", "“a” The beginning and the end of an outage are minutes"),
        ("internet=-300", "within the 240 minutes"),
        ("nothing=0-30", "“nothing” There is no infrastructure"),
        ("nothing", "“nothing” There is no infrastructure"),
    ],
)
def test_an_outage_that_makes_no_sense_is_refused(perho: str, down: str, sentence: str) -> None:
    result = ask("alert", "story", "--run", 3, "--down", down)
    assert sentence in str(result.exception)


def test_a_moment_beside_an_outage_keeps_the_outage(perho: str) -> None:
    def quorum(*words: object) -> float:
        found = json.loads(ask("alert", "simulate", "--runs", 500, "--json", *words).stdout)
        return float(found["groups"][0]["quorum"]["p"])

    at = ("--at", "2026-12-01T10:00")
    down = quorum(*at, "--scenario", "mobile_down")
    assert quorum(*at, "--scenario", "night+mobile_down") == down < quorum(*at)


def test_all_groups_by_several_times_and_beside_another_scenario(perho: str) -> None:
    words = ("simulate", "--runs", 500, "--by", 15, "--by", 60, "--scenario", "night", "--compare", "office")
    found = json.loads(ask("alert", *words, "--json").stdout)
    one = found["groups"][0]
    assert found["compared_with"] == "office"
    assert one["by_min"]["15"]["p"] <= one["by_min"]["60"]["p"]
    change = one["compared"]["quorum"]["p"] - one["quorum"]["p"]
    assert one["compared"]["change"]["p"] == pytest.approx(change)
    assert found["all_groups_by_min"]["60"] == one["by_min"]["60"]
    told = ask("alert", *words).stdout
    assert "In 15 min" in told
    assert "Change, % points" in told


def test_who_makes_or_breaks_it(perho: str) -> None:
    found = json.loads(ask("alert", "contributions", "--runs", 500, "--json").stdout)
    assert {one["kind"] for one in found} == {"actor", "channel"}
    assert found[0]["made"]["p"] + found[0]["missed"]["p"] > 0
    assert "Reached only through it" in ask("alert", "contributions", "--runs", 500).stdout
