"""Workers: several at once, one that is killed at the worst moment, a server that is out of order."""

import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from itertools import cycle
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import Engine, select

from prep import clock, outbox
from prep.db import read_session, write_session
from prep.jobs.worker import work, work_on
from prep.models import OutboxMessage
from prep.outbox import LEASE, Answer, Letter, Outcome
from prep.terms import OutboxState
from tests.auth.actors import later
from tests.mail.servers import free_port


def fill(engine: Engine, number: int) -> None:
    with write_session(engine, actor="test") as session:
        for n in range(number):
            outbox.write(
                session,
                reason=f"m{n}",
                kind="digest",
                recipient=f"r{n}@kunta.example",
                subject="s",
                body=f"b{n}",
            )


def states(engine: Engine) -> dict[str, OutboxState]:
    with read_session(engine) as session:
        return {row.reason: row.state for row in session.scalars(select(OutboxMessage))}


def test_four_workers_send_each_message_once(engine: Engine) -> None:
    fill(engine, 80)
    sent: list[int] = []
    gate = threading.Barrier(4)

    def channel(letter: Letter) -> Answer:
        sent.append(letter.number)
        return Answer(Outcome.SENT)

    def one() -> None:
        gate.wait()
        work(engine, channel)

    workers = [threading.Thread(target=one) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(sent) == 80
    assert len(set(sent)) == 80
    assert set(states(engine).values()) == {OutboxState.SENT}


def test_a_server_that_is_out_of_order_does_not_use_up_the_tries_of_all(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(engine, 10)
    asked: list[str] = []

    def broken(letter: Letter) -> Answer:
        asked.append(letter.reason)
        return Answer(Outcome.NOT_NOW, "connection refused")

    assert work(engine, broken) == {Outcome.NOT_NOW: 3}
    assert asked == ["m0", "m1", "m2"]
    later(monkeypatch, hours=1)
    assert work(engine, lambda _: Answer(Outcome.SENT)) == {Outcome.SENT: 10}


def test_one_that_is_refused_does_not_hold_up_the_others(engine: Engine) -> None:
    fill(engine, 5)

    def channel(letter: Letter) -> Answer:
        return Answer(Outcome.NEVER if letter.reason == "m1" else Outcome.SENT)

    assert work(engine, channel) == {Outcome.SENT: 4, Outcome.NEVER: 1}
    assert states(engine)["m1"] is OutboxState.FAILED


def test_what_a_channel_does_not_expect_stops_the_worker_and_the_message_is_unknown(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(engine, 2)

    def channel(letter: Letter) -> Answer:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        work(engine, channel)
    assert states(engine) == {"m0": OutboxState.SENDING, "m1": OutboxState.PENDING}
    monkeypatch.setenv("PREP_NOW", (clock.now() + LEASE).isoformat())
    work(engine, lambda _: Answer(Outcome.SENT))
    assert states(engine) == {"m0": OutboxState.UNKNOWN, "m1": OutboxState.SENT}


def test_a_worker_that_is_told_to_stop_finishes_what_it_has_in_hand(engine: Engine) -> None:
    fill(engine, 3)
    stop = threading.Event()
    told: list[Counter[Outcome]] = []

    def channel(letter: Letter) -> Answer:
        stop.set()
        return Answer(Outcome.SENT)

    work_on(engine, channel, stop, tell=told.append)
    assert told == [Counter({Outcome.SENT: 1})]
    assert sorted(states(engine).values()) == [OutboxState.PENDING, OutboxState.PENDING, OutboxState.SENT]


class Killer:
    """A mail server that counts what it was given, and kills its caller at one point of a conversation."""

    POINTS = ("EHLO", "RCPT", "DATA", "QUIT")

    def __init__(self) -> None:
        self.taken: Counter[str] = Counter()
        self.caller: subprocess.Popen[bytes] | None = None
        self.point = ""
        # How many conversations go well before it.
        self.spared = 0

    def _at(self, point: str) -> None:
        if point != self.point or self.caller is None:
            return
        if self.spared:
            self.spared -= 1
            return
        # First: the test goes on as soon as its worker is gone.
        self.point = ""
        self.caller.send_signal(signal.SIGKILL)

    async def handle_EHLO(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, hostname: str, responses: Any
    ) -> Any:
        session.host_name = hostname
        self._at("EHLO")
        return responses

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        envelope.rcpt_tos.append(address)
        self._at("RCPT")
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.taken[envelope.rcpt_tos[0].partition("@")[0]] += 1
        self._at("DATA")
        return "250 OK"

    async def handle_QUIT(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self._at("QUIT")
        return "221 Bye"


@pytest.mark.slow
def test_whenever_a_worker_is_killed_nothing_is_sent_twice_and_nothing_lost_in_silence(
    engine: Engine, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(engine, 40)
    killer = Killer()
    port = free_port()
    controller = Controller(killer, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        for kill, point in zip(range(12), cycle(Killer.POINTS), strict=False):
            killer.point, killer.spared = point, kill % 3
            killer.caller = subprocess.Popen(
                [sys.executable, "-m", "tests.jobs.smtp_worker", database_url, str(port)],
                env=os.environ.copy(),
            )
            assert killer.caller.wait() == -signal.SIGKILL, (kill, point, killer.taken, states(engine))
            # The next one begins after the lease has run out.
            monkeypatch.setenv("PREP_NOW", (clock.now() + LEASE).isoformat())
        killer.point = ""
        last = subprocess.run(
            [sys.executable, "-m", "tests.jobs.smtp_worker", database_url, str(port)], check=False
        )
        assert last.returncode == 0
    finally:
        controller.stop()
    found = states(engine)
    # A killed worker leaves one message of which nobody knows, and says so; all others went once.
    assert Counter(found.values()) == {OutboxState.UNKNOWN: 12, OutboxState.SENT: 28}
    arrived = {reason: killer.taken[f"r{reason[1:]}"] for reason in found}
    assert max(arrived.values()) == 1
    assert all(arrived[reason] == 1 for reason, state in found.items() if state is OutboxState.SENT)
    # Killed while the server took it or after: those had arrived; killed before: those had not.
    unknown = [arrived[reason] for reason, state in found.items() if state is OutboxState.UNKNOWN]
    assert sorted(unknown) == [0] * 6 + [1] * 6
