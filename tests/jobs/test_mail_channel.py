"""What becomes of a message, by what a real mail server does with it."""

import email
import email.policy
from dataclasses import replace

import pytest

from prep.errors import Refused
from prep.jobs.mail_channel import mail_channel
from prep.mail.failures import MailNotSet
from prep.outbox import Letter, Outcome
from tests.jobs.smtp_worker import settings
from tests.mail.servers import Sink, free_port, mail_server, raw_server

LETTER = Letter(
    12, "digest 2026-W47 person 1", "aino@kunta.example", "Vahvistettavaa: 3", "Hei Åke,\n\n– yksi\n", "lease"
)


def test_a_message_arrives_as_it_was_written() -> None:
    sink = Sink()
    with mail_server(sink) as port:
        channel = mail_channel(settings(port))
        assert channel(LETTER).outcome is Outcome.SENT
        assert channel(replace(LETTER, lease="another")).outcome is Outcome.SENT
    first, second = (
        email.message_from_bytes(one.content or b"", policy=email.policy.default) for one in sink.taken
    )
    assert sink.taken[0].rcpt_tos == ["aino@kunta.example"]
    # The lines end as mail wants it.
    assert (first["Subject"], first.get_content()) == ("Vahvistettavaa: 3", "Hei Åke,\r\n\r\n– yksi\r\n")
    # The same message has the same name at every try.
    assert first["Message-ID"] == second["Message-ID"]


@pytest.mark.parametrize(
    ("answer", "outcome"), [("550 no such user", Outcome.NEVER), ("451 try later", Outcome.NOT_NOW)]
)
def test_a_recipient_that_is_refused(answer: str, outcome: Outcome) -> None:
    sink = Sink(refusals={"aino@kunta.example": answer})
    with mail_server(sink) as port:
        found = mail_channel(settings(port))(LETTER)
    assert (found.outcome, found.words) == (outcome, answer)
    assert sink.taken == []


def test_a_server_that_is_not_there_is_asked_again_later() -> None:
    assert mail_channel(settings(free_port()))(LETTER).outcome is Outcome.NOT_NOW


def test_a_server_that_goes_away_with_the_message_may_have_kept_it() -> None:
    lines = [b"220 hi\r\n", b"250 hi\r\n", b"250 ok\r\n", b"250 ok\r\n", b"354 go on\r\n"]
    with raw_server(lines, then="read") as port:
        assert mail_channel(settings(port))(LETTER).outcome is Outcome.PERHAPS


@pytest.mark.parametrize("recipient", ["no address", "a@b.example\nBcc: c@d.example", ""])
def test_what_is_no_address_is_never_sent(recipient: str) -> None:
    with mail_server(Sink()) as port:
        assert mail_channel(settings(port))(replace(LETTER, recipient=recipient)).outcome is Outcome.NEVER


def test_without_a_server_in_the_settings_no_message_is_touched() -> None:
    with pytest.raises(MailNotSet):
        mail_channel(replace(settings(25), mail_host=""))
    with pytest.raises(Refused, match="mail_from"):
        mail_channel(replace(settings(25), mail_from="prep"))
