"""Messages on their way out: with their decision or not at all, in one pair of hands, and never lost in silence."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from prep import clock, outbox
from prep.db import read_session, write_session
from prep.models import AuditEntry, OutboxMessage
from prep.outbox import KEPT, LEASE, MOST_TRIES, Answer, Letter, Outcome
from prep.terms import OutboxState
from tests.auth.actors import later

SENT = Answer(Outcome.SENT, "250 OK")
NOT_NOW = Answer(Outcome.NOT_NOW, "451 try later")


def write(
    session: Session, reason: str = "digest 2026-W47 person 1", body: str = "Hei."
) -> OutboxMessage | None:
    return outbox.write(
        session,
        reason=reason,
        kind="digest",
        recipient="aino@kunta.example",
        subject="Vahvistettavaa",
        body=body,
    )


def written(engine: Engine, *reasons: str, body: str = "Hei.") -> None:
    with write_session(engine, actor="test") as session:
        for reason in reasons:
            write(session, reason, body)


def claim(engine: Engine) -> Letter | None:
    with write_session(engine, actor="test") as session:
        return outbox.claim(session)


def claimed(engine: Engine) -> Letter:
    found = claim(engine)
    assert found is not None
    return found


def settle(engine: Engine, letter: Letter, answer: Answer) -> bool:
    with write_session(engine, actor="test") as session:
        return outbox.settle(session, letter, answer)


def give_up(engine: Engine) -> int:
    with write_session(engine, actor="test") as session:
        return outbox.give_up(session)


def only(engine: Engine) -> OutboxMessage:
    with read_session(engine) as session:
        found = session.scalars(select(OutboxMessage)).one()
        session.expunge(found)
        return found


def test_a_message_is_there_if_and_only_if_its_decision_is(engine: Engine) -> None:
    with pytest.raises(RuntimeError, match="changed my mind"), write_session(engine, actor="test") as session:
        write(session)
        raise RuntimeError("changed my mind")
    assert claim(engine) is None
    written(engine, "a")
    assert claimed(engine).reason == "a"


def test_the_same_reason_never_writes_two(engine: Engine) -> None:
    with write_session(engine, actor="test") as session:
        assert write(session) is not None
        assert write(session, body="Something else.") is None
    with write_session(engine, actor="test") as session:
        assert write(session) is None
    assert only(engine).body == "Hei."


def test_what_is_sent_is_what_was_written(engine: Engine) -> None:
    written(engine, "a")
    letter = claimed(engine)
    assert (letter.recipient, letter.subject, letter.body) == ("aino@kunta.example", "Vahvistettavaa", "Hei.")
    assert settle(engine, letter, SENT)
    row = only(engine)
    assert (row.state, row.attempts, row.answer) == (OutboxState.SENT, 1, "250 OK")
    assert row.sent_at == clock.now()
    assert claim(engine) is None


def test_each_is_taken_once_the_oldest_first(engine: Engine) -> None:
    written(engine, "a", "b", "c")
    assert [claimed(engine).reason for _ in range(3)] == ["a", "b", "c"]
    assert claim(engine) is None


def test_a_message_is_not_due_before_its_time(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    with write_session(engine, actor="test") as session:
        outbox.write(
            session, reason="a", kind="k", recipient="x@y.example", subject="s", body="b",
            due_at=clock.now() + timedelta(hours=1),
        )  # fmt: skip
    assert claim(engine) is None
    later(monkeypatch, hours=1)
    assert claim(engine) is not None


def test_what_cannot_be_sent_now_is_tried_three_times_ever_later(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(engine, "a")
    waits = []
    for attempt in range(1, MOST_TRIES + 1):
        assert settle(engine, claimed(engine), NOT_NOW)
        row = only(engine)
        assert row.attempts == attempt
        if attempt < MOST_TRIES:
            assert row.state is OutboxState.PENDING
            waits.append(row.due_at - clock.now())
            assert claim(engine) is None
            monkeypatch.setenv("PREP_NOW", row.due_at.isoformat())
    assert only(engine).state is OutboxState.FAILED
    later(monkeypatch, days=1)
    assert claim(engine) is None
    # Ten minutes, then an hour, each within a fifth.
    assert timedelta(minutes=8) <= waits[0] <= timedelta(minutes=12)
    assert timedelta(minutes=48) <= waits[1] <= timedelta(minutes=72)


def test_messages_that_failed_together_do_not_come_back_together(engine: Engine) -> None:
    written(engine, *[f"m{n}" for n in range(20)])
    for _ in range(20):
        settle(engine, claimed(engine), NOT_NOW)
    with read_session(engine) as session:
        due = {row.due_at for row in session.scalars(select(OutboxMessage))}
    assert len(due) == 20


@pytest.mark.parametrize(
    ("outcome", "state"), [(Outcome.NEVER, OutboxState.FAILED), (Outcome.PERHAPS, OutboxState.UNKNOWN)]
)
def test_what_will_never_go_and_what_may_have_gone_is_not_tried_again(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, outcome: Outcome, state: OutboxState
) -> None:
    written(engine, "a")
    settle(engine, claimed(engine), Answer(outcome, "550 <aino@kunta.example>: no such user"))
    row = only(engine)
    assert row.state is state
    # The server's words are kept without addresses.
    assert row.answer == "550 … no such user"
    later(monkeypatch, days=1)
    assert give_up(engine) == 0
    assert claim(engine) is None


def test_what_a_dead_worker_took_is_told_as_unknown_and_not_sent_again(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(engine, "a")
    claimed(engine)
    monkeypatch.setenv("PREP_NOW", (clock.now() + LEASE - timedelta(seconds=1)).isoformat())
    assert give_up(engine) == 0
    later(monkeypatch, seconds=1)
    assert give_up(engine) == 1
    assert only(engine).state is OutboxState.UNKNOWN
    assert claim(engine) is None


def test_a_worker_that_only_slept_may_still_say_what_became_of_it(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(engine, "a")
    letter = claimed(engine)
    monkeypatch.setenv("PREP_NOW", (clock.now() + 2 * LEASE).isoformat())
    give_up(engine)
    assert settle(engine, letter, SENT)
    assert only(engine).state is OutboxState.SENT


def test_the_word_of_a_worker_that_was_overtaken_does_not_count(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(engine, "a")
    first = claimed(engine)
    settle(engine, first, NOT_NOW)
    later(monkeypatch, minutes=15)
    second = claimed(engine)
    assert first.lease != second.lease
    assert not settle(engine, first, SENT)
    assert only(engine).state is OutboxState.SENDING
    assert settle(engine, second, SENT)
    # What has been settled is settled.
    assert not settle(engine, second, NOT_NOW)
    assert only(engine).state is OutboxState.SENT


@pytest.mark.parametrize("outcome", [Outcome.SENT, Outcome.NEVER, Outcome.PERHAPS])
def test_a_key_in_a_link_does_not_stay_behind(engine: Engine, outcome: Outcome) -> None:
    key = "aB3-_" + "x" * 38
    written(engine, "a", body=f"Vahvista: https://prep.kunta.example/vahvistus/{key}\nKiitos.")
    letter = claimed(engine)
    assert key in letter.body
    settle(engine, letter, Answer(outcome))
    assert only(engine).body == "Vahvista: https://prep.kunta.example/vahvistus/…\nKiitos."


def test_a_message_that_waits_keeps_its_key(engine: Engine) -> None:
    key = "k" * 43
    written(engine, "a", body=f"https://prep.kunta.example/vahvistus/{key}")
    settle(engine, claimed(engine), NOT_NOW)
    assert key in only(engine).body


def test_what_became_of_each_message_stands_in_the_trail_without_its_recipient(engine: Engine) -> None:
    written(engine, "a")
    settle(engine, claimed(engine), SENT)
    with read_session(engine) as session:
        query = select(AuditEntry.values).where(AuditEntry.action == "message").order_by(AuditEntry.seq)
        first, last = (values or "" for values in session.scalars(query))
    assert '"state": "pending"' in first
    assert '"state": "sent"' in last
    assert "aino" not in first + last


def test_old_messages_are_forgotten_and_those_that_wait_are_not(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(engine, "sent", "waiting")
    settle(engine, claimed(engine), SENT)
    monkeypatch.setenv("PREP_NOW", (clock.now() + KEPT + timedelta(days=1)).isoformat())
    with write_session(engine, actor="test") as session:
        assert outbox.forget(session) == 1
    assert only(engine).reason == "waiting"
