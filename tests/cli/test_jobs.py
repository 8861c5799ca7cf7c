"""``prep jobs`` writes the week's messages, sends what waits and lists what became of it."""

import json
import os
import signal
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from prep import outbox
from prep.cli import prep
from prep.cli.output import settings
from prep.db import make_engine, write_session
from prep.mail.failures import MailNotSet
from prep.models import Person
from prep.registry.people import add_point
from prep.registry.review import confirm, items
from prep.terms import ContactKind
from tests.mail.servers import Sink, free_port, mail_server

ON = date(2026, 11, 22)


def run(*words: str) -> Result:
    return CliRunner().invoke(prep, ["jobs", *words])


@pytest.fixture
def database(perho: str) -> str:
    """Everything was confirmed today, but what is known of one person, who has an address."""
    engine = make_engine(perho)
    with write_session(engine, actor="test") as session:
        confirm(session, [item.row for item in items(session, on=ON)], on=ON, by="test")
        one = session.query(Person).filter(Person.name == "Eero Sijainen").one()
        add_point(session, one, ContactKind.EMAIL, "eero@perho.example")
    engine.dispose()
    return perho


def set_up(instance: Path, port: int) -> None:
    (instance / "prep.toml").write_text(
        f'mail_host = "localhost"\nmail_port = {port}\nmail_tls = "none"\nmail_from = "prep@alue.example"\n'
    )
    settings.cache_clear()


def test_the_week_s_messages_are_written_sent_and_listed(database: str, instance: Path) -> None:
    written = json.loads(run("digest", "--json").output)
    assert written == {
        "digests": 0,
        "reviews": 1,
        "without_address": [],
        "address": "http://127.0.0.1:8351",
    }
    assert json.loads(run("digest", "--json").output)["reviews"] == 0
    (waiting,) = json.loads(run("list", "--json").output)
    assert (waiting["recipient"], waiting["state"], waiting["tries"]) == ("eero@perho.example", "pending", 0)
    sink = Sink()
    with mail_server(sink) as port:
        set_up(instance, port)
        result = run("run", "--once")
        assert (result.exit_code, result.stderr) == (0, "sent: 1\n")
        assert run("run", "--once").stderr == "Nothing waits to be sent.\n"
    assert [one.rcpt_tos for one in sink.taken] == [["eero@perho.example"]]
    assert b"/vahvistus/" in (sink.taken[0].content or b"")
    (sent,) = json.loads(run("list", "--state", "sent", "--json").output)
    assert sent["sent_at"] == "2026-11-22T08:46:00+00:00"
    assert json.loads(run("list", "--state", "failed", "--json").output) == []
    assert "eero@perho.example" in run("list").output


def test_without_a_mail_server_nothing_is_touched(database: str) -> None:
    run("digest")
    assert isinstance(run("run", "--once").exception, MailNotSet)
    (waiting,) = json.loads(run("list", "--json").output)
    assert (waiting["state"], waiting["tries"]) == ("pending", 0)


def test_a_message_that_the_server_refuses_is_listed_with_its_words(database: str, instance: Path) -> None:
    run("digest")
    with mail_server(Sink(refusals={"eero@perho.example": "550 5.1.1 <eero@perho.example> unknown"})) as port:
        set_up(instance, port)
        assert run("run", "--once").stderr == "failed: 1\n"
    (failed,) = json.loads(run("list", "--json").output)
    assert (failed["state"], failed["answer"]) == ("failed", "550 5.1.1 … unknown")


def test_that_somebody_has_no_address_is_said(database: str) -> None:
    engine = make_engine(database)
    with write_session(engine, actor="test") as session:
        from prep.auth import accounts
        from prep.terms import AccountRole

        planner = accounts.add(session, "sini", "Sini Suunnittelija")
        accounts.give(session, planner, AccountRole.COUNTY_PLANNER, starts=ON - timedelta(days=1))
    engine.dispose()
    result = run("digest")
    assert result.exit_code == 0
    assert result.stderr == (
        "The links in them begin with http://127.0.0.1:8351.\n"
        "They open on this machine only: set public_address to the address that people use.\n"
        "No e-mail address is known of: Sini Suunnittelija.\n"
    )


@pytest.mark.slow
def test_a_worker_that_goes_on_ends_when_it_is_told_to(database: str, instance: Path) -> None:
    run("digest")
    sink = Sink()
    with mail_server(sink) as port:
        set_up(instance, port)
        worker = subprocess.Popen(
            [sys.executable, "-c", "from prep.cli import main; main()", "jobs", "run"],
            env=os.environ.copy(),
            stderr=subprocess.PIPE,
            text=True,
        )
        assert worker.stderr is not None
        assert worker.stderr.readline() == "Sending until stopped; end with Ctrl+C.\n"
        assert worker.stderr.readline() == "sent: 1\n"
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(timeout=30) == 0
        worker.stderr.close()
    assert len(sink.taken) == 1


def test_a_bad_choice_is_misuse(database: str) -> None:
    assert run("list", "--state", "lost").exit_code == 2
    assert run("send").exit_code == 2


def test_the_port_of_nobody_is_tried_again_later(database: str, instance: Path) -> None:
    run("digest")
    set_up(instance, free_port())
    assert run("run", "--once").stderr == "not now, tried again later: 1\n"
    engine = make_engine(database)
    with write_session(engine, actor="test") as session:
        assert [row.attempts for row in outbox.listed(session)] == [1]
    engine.dispose()
