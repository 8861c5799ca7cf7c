"""``prep alert simulate``: an answer for every group, the same for the same seed, kept for the overview."""

import json
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from prep.cli import prep
from prep.db import make_engine, read_session
from prep.errors import NotFound, Refused
from prep.models import SimulationResult


def run(*arguments: str) -> Result:
    result = CliRunner().invoke(prep, ["alert", "simulate", *arguments])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def answers(*arguments: str) -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = json.loads(run("--runs", "500", "--json", *arguments).stdout)
    return told


def kept(url: str) -> list[tuple[str, int, int]]:
    engine = make_engine(url)
    with read_session(engine) as session:
        found = [(one.scenario, one.runs, one.seed) for one in session.scalars(select(SimulationResult))]
    engine.dispose()
    return found


def test_every_group_is_answered_with_interval_weakest_link_and_best_change(perho: str) -> None:
    (told,) = answers("--scenario", "office")
    assert (told["chain"], told["group"], told["scenario"]) == ("perho", "management-group-584", "office")
    assert (told["seed"], told["runs"], told["deadline_min"]) == (1, 500, 30)
    assert 0 < told["all"]["low"] < told["all"]["p"] < told["all"]["high"] < 1
    # All five seats are the quorum.
    assert told["quorum"] == told["all"]
    assert told["weakest"].startswith("Aino ")
    assert "Aino Tekninen johtaja" in told["single_points"]
    assert told["best_change"]["gain_low"] > 0
    assert told["best_change"]["after"] > told["best_change"]["before"]


def test_the_same_seed_gives_the_same_answer_on_any_number_of_threads(perho: str) -> None:
    first = answers("--seed", "7", "--threads", "1")
    assert answers("--seed", "7", "--threads", "3") == first
    assert answers("--seed", "8") != first


def test_the_table_says_on_what_it_rests(perho: str) -> None:
    shown = run("--runs", "500", "--scenario", "night+mobile_down").stdout
    assert shown.startswith("Weekday at 04:00 and Mobile network down, 500 runs, seed 1")
    # Nobody is reached without mobile telephones: told as a bound, never as zero.
    assert "✕  Perhon johtoryhmä  < 0,76 %" in shown.replace("\xa0", " ")
    assert shown.rstrip().endswith("replace them with your own drills.")


def test_answers_are_kept_but_not_those_for_a_deadline_of_ones_own(perho: str) -> None:
    answers("--scenario", "office")
    assert kept(perho) == [("office", 500, 1)]
    (told,) = answers("--scenario", "office", "--deadline-min", "5")
    assert told["deadline_min"] == 5
    assert kept(perho) == [("office", 500, 1)]


def test_a_group_is_found_by_its_chain_or_its_body(perho: str) -> None:
    assert answers("--group", "perho") == answers("--group", "management-group-584")
    with pytest.raises(NotFound, match=r"There is no chain of this key\. Use one of: perho"):
        run("--group", "atlantis")


def test_an_unknown_scenario_is_told_those_there_are(perho: str) -> None:
    with pytest.raises(Refused, match=r"Scenario: “midsummer” No such scenario is known\. Use one of these"):
        run("--scenario", "midsummer")
    with pytest.raises(Refused, match="An alarm comes at one hour only"):
        run("--scenario", "night+office")
    assert kept(perho) == []


@pytest.mark.parametrize(
    "wrong", [("--runs", "99"), ("--deadline-min", "0"), ("--seed", "-1"), ("--threads", "0")]
)
def test_numbers_that_make_no_sense_are_misuse(perho: str, wrong: tuple[str, str]) -> None:
    result = run(*wrong)
    assert result.exit_code == 2
    assert f"Invalid value for '{wrong[0]}'" in result.output
