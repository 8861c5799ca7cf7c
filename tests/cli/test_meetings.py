"""``prep meetings`` lists meetings and holds them against what is agreed."""

import json
from datetime import UTC, datetime

from click.testing import CliRunner, Result
from sqlalchemy import select

from prep.cli import prep
from prep.db import make_engine, write_session
from prep.errors import NotFound
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
