"""``prep alert``: each question, on the database and on a file; exit statuses; JSON everywhere."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from prep import clock
from prep.alerting.answer_records import draft_changes
from prep.alerting.packages import apply_changes
from prep.alerting.records import load_network
from prep.cli import prep
from prep.db import make_engine, read_session
from prep.errors import Refused
from prep.models import ChainDraft, SimulationResult

EXAMPLE = str(Path(__file__).parents[2] / "docs" / "network-file.example.json")
QUESTIONS = {
    "lint": (),
    "simulate": ("--runs", "200"),
    "exact": (),
    "cuts": ("--order", "2"),
    "fixes": ("--runs", "200"),
    "hours": ("--runs", "100", "--view", "ordinary"),
    "story": (),
    "sweep": ("--runs", "100", "-s", "night", "-s", "office"),
}


def run(*arguments: str) -> Result:
    result = CliRunner().invoke(prep, ["alert", *arguments])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def answer(*arguments: str) -> Any:
    return json.loads(run(*arguments, "--json").stdout)


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_question_is_answered_for_a_file_in_words_and_as_json(instance: Path, question: str) -> None:
    options = ("--file", EXAMPLE, *QUESTIONS[question])
    shown = run(question, *options)
    assert shown.exit_code == 0
    assert shown.stdout.strip()
    assert answer(question, *options) is not None


@pytest.mark.parametrize("question", [*QUESTIONS])
def test_every_question_is_answered_for_the_database(perho: str, question: str) -> None:
    assert run(question, *QUESTIONS[question]).exit_code == 0


def test_no_database_is_needed_for_a_file(instance: Path) -> None:
    run("simulate", "--file", EXAMPLE, "--runs", "100")
    assert not (instance / "prep.db").exists()


def test_lint_answers_1_where_there_is_a_fault(tmp_path: Path, instance: Path) -> None:
    content = json.loads(Path(EXAMPLE).read_text(encoding="utf-8"))
    content["groups"][0]["quorum"] = 3
    path = tmp_path / "faulty.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    result = run("lint", "--file", str(path))
    assert result.exit_code == 1
    assert "quorum_above_seats" in result.stdout
    with pytest.raises(Refused, match="A quorum is never greater than the number of seats"):
        run("simulate", "--file", str(path))


def test_infrastructure_can_be_taken_down_or_made_to_fail(instance: Path) -> None:
    def reached(*more: str) -> Any:
        return answer("exact", "--file", EXAMPLE, "-s", "night", *more)[0]["p"]

    assert reached("--down", "sites") < reached("--fails", "operator_area=0.5") < reached()
    assert reached("--down", "sites", "--down", "power") == reached("--down", "sites")
    with pytest.raises(Refused, match="“atlantis” There is no infrastructure of this key or kind"):
        reached("--down", "atlantis")
    with pytest.raises(Refused, match="“sites” A probability follows the equals sign"):
        reached("--fails", "sites")
    with pytest.raises(Refused, match="“sites” What is out of order has no probability of failing beside it"):
        reached("--down", "sites", "--fails", "sites=0.5")


def test_a_moment_stands_for_its_hour(instance: Path) -> None:
    at_noon = answer("exact", "--file", EXAMPLE, "--at", "2026-11-24T12:00")[0]
    assert at_noon["p"] == answer("exact", "--file", EXAMPLE, "-s", "office")[0]["p"]
    with pytest.raises(Refused, match="“tomorrow” A moment is a day and a time"):
        run("exact", "--file", EXAMPLE, "--at", "tomorrow")


def test_a_group_that_hardly_ever_fails_is_told_as_one_in_so_many(tmp_path: Path, instance: Path) -> None:
    content = json.loads(Path(EXAMPLE).read_text(encoding="utf-8"))
    # The centre never falls out here, and ten desks stand behind the chair.
    content["actors"][0]["relay_p"] = 1.0
    content["actors"] += [{"key": f"d{n}", "kind": "duty_desk"} for n in range(10)]
    content["lists"][0]["steps"] = [
        {
            "slot": "chair",
            "attempts": [{"target": f"d{n}", "channel": "call", "works": 0.8} for n in range(10)],
        }
    ]
    content["groups"][0]["seats"][0]["holders"] = [f"d{n}" for n in range(10)]
    path = tmp_path / "sure.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    told = answer("simulate", "--file", str(path), "-s", "office")["groups"][0]
    # 0.2 to the power of ten is one in 9.8 million.
    assert told["rare_failure"]["low"] < 0.2**10 < told["rare_failure"]["high"]
    assert "fails in one of" in run("simulate", "--file", str(path), "-s", "office").stdout


def test_runs_go_on_until_the_interval_is_as_narrow_as_asked(instance: Path) -> None:
    told = answer("simulate", "--file", EXAMPLE, "-s", "night", "--half-width", "0.01")
    quorum = told["groups"][0]["quorum"]
    assert (quorum["high"] - quorum["low"]) / 2 <= 0.01
    assert told["runs"] in (8000, 16000)


def test_all_chains_together_are_shown_and_not_kept(perho: str) -> None:
    told = answer("simulate", "--together", "--runs", "200")
    assert [one["group"] for one in told["groups"]] == ["management-group-584"]
    assert sum(told["groups_reached"]) == 200
    engine = make_engine(perho)
    with read_session(engine) as session:
        assert session.scalars(select(SimulationResult)).all() == []
    engine.dispose()


def test_the_best_set_of_changes_is_kept_as_a_draft(perho: str) -> None:
    told = answer("fixes", "--budget", "1", "--runs", "500", "-s", "night", "--keep")
    assert len(told["changes"]) == 1
    before, after = (told[key]["groups"]["management-group-584"]["p"] for key in ("before", "after"))
    assert after > before
    engine = make_engine(perho)
    with read_session(engine) as session:
        (draft,) = session.scalars(select(ChainDraft)).all()
        assert draft.chain.key == "perho"
        assert draft.content["changes"][0]["kind"] == told["changes"][0]["kind"]
        assert draft.content["after"]["groups"]["management-group-584"]["runs"] == 500
        # What was kept fits the chain, as its page will want it.
        alone = load_network([draft.chain], on=clock.today())
        assert apply_changes(alone, draft_changes(draft)) != alone
    engine.dispose()


def test_a_draft_needs_a_database(instance: Path) -> None:
    with pytest.raises(Refused, match="Drafts are kept in the database"):
        run("fixes", "--file", EXAMPLE, "--budget", "1", "--runs", "200", "--keep")


def test_a_cost_that_makes_no_sense_is_refused(instance: Path) -> None:
    with pytest.raises(Refused, match="A kind of change and a number belong together"):
        run("fixes", "--file", EXAMPLE, "--budget", "1", "--cost", "gold=1", "--runs", "200")


@pytest.mark.parametrize(
    "options",
    [
        ("fixes", "--keep"),
        ("fixes", "--aim", "all"),
        ("fixes", "--cost", "add_deputy=2"),
        ("story", "--run", "3", "--worst"),
        ("sweep", "--outage", "mobile_down"),
        ("sweep", "--scenario", "night", "--year", "2026"),
    ],
    ids=" ".join,
)
def test_an_option_that_would_change_nothing_is_misuse(instance: Path, options: tuple[str, ...]) -> None:
    assert run(*options, "--file", EXAMPLE).exit_code == 2


def test_a_group_without_a_name_is_not_all_groups(instance: Path) -> None:
    with pytest.raises(Refused, match="The chain has no such group"):
        run("exact", "--file", EXAMPLE, "--group", "")


def test_an_interval_that_stays_wider_than_asked_is_told(instance: Path) -> None:
    result = run("simulate", "--file", EXAMPLE, "-s", "night", "--half-width", "0.0005")
    assert "After 1 000 000 runs the widest interval is still ± 0,1 % points." in " ".join(
        result.stderr.split()
    )


def test_a_group_that_is_silent_already_does_not_look_safe(tmp_path: Path, instance: Path) -> None:
    content = json.loads(Path(EXAMPLE).read_text(encoding="utf-8"))
    content["lists"] = []
    path = tmp_path / "silent.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    assert (
        "Silent already, although nothing more fails: Readiness board." in run("cuts", "-f", str(path)).stdout
    )
    told = run("cuts", "-f", str(path), "--json")
    assert (json.loads(told.stdout), "Silent already" in told.stderr) == ([], True)
    assert "Silent already" not in run("cuts", "-f", EXAMPLE).stdout


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_file_without_a_group_has_no_answer(tmp_path: Path, instance: Path, question: str) -> None:
    path = tmp_path / "nobody.json"
    path.write_text(
        '{"format": "prep-network-1", "sources": [], "actors": [], "lists": [], "groups": []}',
        encoding="utf-8",
    )
    with pytest.raises(Refused, match=r"nobody\.json: There is no group that is to be reached"):
        run(question, "--file", str(path), *QUESTIONS[question])


def test_a_week_is_named_by_its_day(instance: Path) -> None:
    told = answer("hours", "--file", EXAMPLE, "--week", "2026-10-25", "--runs", "100")
    assert len(told["week"][0]["hours"]) == 169
    with pytest.raises(Refused, match="A week is named by one of its days"):
        run("hours", "--file", EXAMPLE, "--week", "43")


def test_a_run_is_told_again_the_same(instance: Path) -> None:
    first = answer("story", "--file", EXAMPLE, "--run", "7", "--seed", "3")
    assert (first["run"], first["seed"]) == (7, 3)
    assert answer("story", "--file", EXAMPLE, "--run", "7", "--seed", "3") == first
