"""``prep mail test`` says in one sentence whether mail goes out, and why it does not."""

import email
import email.policy
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from prep.cli import prep
from prep.cli.output import settings
from prep.errors import Refused
from prep.mail.failures import MailNotSet, MailUnavailable
from tests.mail.servers import Sink, mail_server


@pytest.fixture
def instance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("PREP_INSTANCE", str(tmp_path))
    monkeypatch.setenv("PREP_LANGUAGE", "fi")
    settings.cache_clear()
    yield tmp_path
    settings.cache_clear()


def run(*words: str) -> Result:
    return CliRunner().invoke(prep, ["mail", *words])


def set_up(instance: Path, port: int) -> None:
    (instance / "prep.toml").write_text(
        f'mail_host = "localhost"\nmail_port = {port}\nmail_tls = "none"\nmail_from = "prep@alue.example"\n'
    )
    settings.cache_clear()


def test_one_message_is_sent_in_the_language_of_the_command(instance: Path) -> None:
    sink = Sink()
    with mail_server(sink) as port:
        set_up(instance, port)
        result = run("test", "aino@kunta.example")
    assert result.exit_code == 0, result.output
    assert result.stderr == "Sähköpostipalvelin localhost otti viestin vastaan.\n"
    (envelope,) = sink.taken
    assert isinstance(envelope.content, bytes)
    read = email.message_from_bytes(envelope.content, policy=email.policy.default)
    assert (envelope.rcpt_tos, read["Subject"]) == (["aino@kunta.example"], "Koeviesti prepiltä")
    assert "Mitään ei ole tapahtunut" in read.get_content()
    # No database is needed, and none is made.
    assert sorted(one.name for one in instance.iterdir()) == ["prep.toml"]


def test_without_a_server_with_a_dead_one_and_to_no_address(instance: Path) -> None:
    assert isinstance(run("test", "aino@kunta.example").exception, MailNotSet)
    with mail_server(Sink()) as port:
        set_up(instance, port)
        wrong = run("test", "aino@kunta.example, eero@kunta.example")
    assert isinstance(wrong.exception, Refused)
    assert "It is one e-mail address" in str(wrong.exception)
    dead = run("test", "aino@kunta.example")
    assert isinstance(dead.exception, MailUnavailable)
    assert "The mail server cannot be reached" in str(dead.exception)


def test_a_setting_of_the_wrong_kind_is_named_without_its_secret(instance: Path) -> None:
    (instance / "prep.toml").write_text(
        'mail_tls = "ssl"\nmail_port = 0\nmail_password = 12345\naudit_retention_years = 101\n'
    )
    settings.cache_clear()
    refused = str(run("test", "aino@kunta.example").exception)
    assert "The value is starttls, implicit or none." in refused
    assert "mail_port: “0” The value is a whole number from 1 to 65535." in refused
    assert "audit_retention_years: “101” The value is a whole number from 0 to 100." in refused
    assert "mail_password: “•••” The value is a text in quotes." in refused
    assert "12345" not in refused
