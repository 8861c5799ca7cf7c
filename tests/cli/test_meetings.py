"""``prep meetings`` lists meetings and holds them against what is agreed."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from prep.cli import prep
from prep.db import make_engine, write_session
from prep.errors import NotFound, Refused
from prep.models import Body, MeetingRule
from prep.regions.kinds import Period
from prep.registry.meeting_details import MeetingDetails, add_meeting


def run(*words: str) -> Result:
    return CliRunner().invoke(prep, ["meetings", "list", *words])


def test_meetings_are_listed_and_held_against_what_is_agreed(perho: str) -> None:
    engine = make_engine(perho)
    with write_session(engine, actor="test") as session:
        for key in ("alueturva-board", "alueturva-secretariat"):
            body = session.scalars(select(Body).where(Body.key == key)).one()
            body.meeting_rules.append(MeetingRule(position=1, min=2, period=Period.YEAR))
        at = datetime(2026, 11, 30, 8, tzinfo=UTC)
        add_meeting(session, body, MeetingDetails(at, subject="Talvi"), at=at)
    engine.dispose()
    found = json.loads(run("--json", "--body", key).output)
    (one,) = found["meetings"]
    assert (one["starts_at"], one["state"], one["has_quorum"]) == (
        "2026-11-30T08:00:00+00:00",
        "unknown",
        None,
    )
    assert {rule["body"] for rule in found["frequencies"]} == {key}
    assert found["frequencies"][0]["planned"] == 1
    everything = json.loads(run("--json").output)
    assert everything["meetings"] == found["meetings"]
    # Of no other body a meeting is on record: that is not known, and not in order.
    assert {one["state"] for one in everything["frequencies"] if one["body"] != key} == {"unknown"}
    output = run().output
    assert "30.11.2026 10.00" in output
    assert "no meeting is on record" in output


def test_a_body_that_is_not_there_is_refused(perho: str) -> None:
    result = run("--body", "choir")
    assert isinstance(result.exception, NotFound)
    assert "The body: “choir” There is none of this key." in str(result.exception)


GROUP = "management-group-584"


def meetings(*words: str) -> Result:
    return CliRunner().invoke(prep, ["meetings", *words])


def only(key: str = GROUP) -> dict:
    (found,) = json.loads(run("--json", "--body", key).output)["meetings"]
    return found


def refusal(result: Result) -> str:
    assert isinstance(result.exception, Refused | NotFound), result.output
    return str(result.exception)


@pytest.fixture
def held(perho: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """A meeting of Perho's group this morning; gives its number."""
    monkeypatch.setenv("PREP_NOW", "2026-11-22T12:00:00+00:00")
    assert meetings("add", GROUP, "--starts", "2026-11-22T09:00", "--subject", "Talvi").exit_code == 0
    return str(only()["id"])


def test_a_meeting_is_added_by_the_clocks_of_finland(held: str) -> None:
    one = only()
    assert (one["starts_at"], one["subject"], one["status"]) == (
        "2026-11-22T07:00:00+00:00",
        "Talvi",
        "planned",
    )
    assert "There is none of this key." in refusal(meetings("add", "choir", "--starts", "2026-12-01T09:00"))
    late = meetings("add", GROUP, "--starts", "2026-12-01T09:00", "--invite-by", "2026-12-02")
    assert "It is not after the meeting" in refusal(late)
    assert len(json.loads(run("--json", "--body", GROUP).output)["meetings"]) == 1


def test_who_came_is_noted_with_the_quorum_and_the_minutes(held: str, tmp_path: Path) -> None:
    minutes = tmp_path / "pöytäkirja.pdf"
    minutes.write_bytes(b"%PDF-1.4\n")
    listed = json.loads(CliRunner().invoke(prep, ["appointments", "list", "--json"]).output)
    deputy = next(one["person"] for one in listed if one["rank"] == 1)
    result = meetings(
        "hold", held, "--present", f"manager={deputy['number']}", "--present", "technical",
        "--minutes", str(minutes), "--label", "secret",
    )  # fmt: skip
    assert result.exit_code == 0, result.exception
    one = only()
    assert (one["status"], one["seats_present"], one["files"]) == ("held", 2, 1)
    assert one["has_quorum"] is False
    assert "held without a quorum" in result.output
    # Another file is added; who came stays.
    minutes.write_bytes(b"%PDF-1.4\n% as signed\n")
    assert meetings("hold", held, "--minutes", str(minutes)).exit_code == 0
    assert (only()["seats_present"], only()["files"]) == (2, 2)


@pytest.mark.parametrize(
    ("words", "rule"),
    [
        (("--present", "drummer"), "The body has no such seat."),
        (("--present", "manager=Aino"), "A contact is named by number."),
        (("--present", "manager=999999"), "People of the register come"),
        (("--guest", "999999"), "People of the register come"),
    ],
)
def test_who_cannot_have_come_is_refused_and_nothing_is_noted(
    held: str, words: tuple[str, ...], rule: str
) -> None:
    assert rule in refusal(meetings("hold", held, *words))
    assert only()["status"] == "planned"


def test_what_is_no_minutes_is_refused(held: str, tmp_path: Path) -> None:
    wrong = tmp_path / "minutes.pdf"
    wrong.write_bytes(b"MZ")
    refusal(meetings("hold", held, "--present", "manager", "--minutes", str(wrong)))
    assert (only()["status"], only()["files"]) == ("planned", 0)
    assert meetings("hold", held).exit_code == 2


def test_a_meeting_is_cancelled_unless_somebody_came(held: str) -> None:
    assert meetings("cancel", held).exit_code == 0
    assert only()["status"] == "cancelled"
    assert "marked as cancelled" in refusal(meetings("hold", held, "--present", "manager"))
    assert "There is none of this number." in refusal(meetings("cancel", "999999"))


def test_invitations_that_are_due_are_told(perho: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PREP_NOW", "2026-11-22T12:00:00+00:00")
    assert "No invitation is due." in meetings("due").stderr
    for day, words in (
        ("10", ("--invite-by", "2026-11-20")),
        ("11", ("--invite-by", "2026-11-25")),
        ("12", ("--invite-by", "2026-12-05")),
        ("13", ("--invite-by", "2026-11-20", "--invited", "2026-11-19")),
        ("14", ()),
    ):
        assert meetings("add", GROUP, "--starts", f"2026-12-{day}T09:00", *words).exit_code == 0
    found = json.loads(meetings("due", "--json").output)
    assert [(one["starts_at"][8:10], one["state"]) for one in found] == [
        ("10", "fault"),
        ("11", "warning"),
        ("14", "unknown"),
    ]
    assert "invitation late since 20.11.2026" in meetings("due").output
