"""Mail goes over verified connections only, says why it does not go, and no text becomes a header."""

import email
import email.policy
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prep.config import Settings
from prep.errors import Refused
from prep.mail import Mail, probe, send
from prep.mail.failures import MailNotSet, MailRefused, MailUnavailable, MailUncertain
from prep.mail.server import is_address
from prep.terms import MailTls
from tests.mail.servers import (
    PASSWORD,
    USER,
    Authority,
    Sink,
    free_port,
    mail_server,
    make_authority,
    raw_server,
)

LETTER = Mail(
    to="aino@kunta.example", subject="Yhteystiedot on vahvistettava", text="Hyvä Aino,\n.\nterveisin prep\n"
)


@pytest.fixture
def sink() -> Sink:
    return Sink()


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return make_authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def trusted(authority: Authority, monkeypatch: pytest.MonkeyPatch) -> Authority:
    """The authority is known to this machine, as OpenSSL is told of one."""
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.certificate))
    return authority


def to(
    port: int, tls: MailTls = MailTls.NONE, *, user: str = "", password: str = "", host: str = "localhost"
) -> Settings:
    return Settings(
        instance=Path("none"),
        mail_host=host,
        mail_port=port,
        mail_tls=tls,
        mail_user=user,
        mail_password=password,
        mail_from="prep@alue.example",
    )


@pytest.fixture
def plain(sink: Sink) -> Iterator[int]:
    with mail_server(sink) as port:
        yield port


def test_a_message_arrives_as_it_was_written(plain: int, sink: Sink) -> None:
    send(to(plain), LETTER)
    (envelope,) = sink.taken
    assert (envelope.mail_from, envelope.rcpt_tos) == ("prep@alue.example", ["aino@kunta.example"])
    assert isinstance(envelope.content, bytes)
    assert envelope.content.isascii()
    read = email.message_from_bytes(envelope.content, policy=email.policy.default)
    assert read["Subject"] == LETTER.subject
    assert read["Date"] == "Sun, 22 Nov 2026 08:46:00 +0000"
    assert read["Message-ID"] == f"<{LETTER.reference}@alue.example>"
    assert read["Auto-Submitted"] == "auto-generated"
    assert read.get_content().replace("\r\n", "\n") == LETTER.text


def test_a_line_of_one_dot_does_not_end_the_message(plain: int, sink: Sink) -> None:
    text = "one\n.\nMAIL FROM:<x@y.example>\n..two\n"
    send(to(plain), Mail(to="aino@kunta.example", subject="dots", text=text))
    (envelope,) = sink.taken
    assert isinstance(envelope.content, bytes)
    assert email.message_from_bytes(envelope.content).get_payload().replace("\r\n", "\n") == text  # type: ignore[union-attr]


# aiosmtpd does not see TLS around the whole conversation.
@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
@pytest.mark.parametrize("tls", [MailTls.STARTTLS, MailTls.IMPLICIT])
@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_over_tls_with_a_sign_in(trusted: Authority, sink: Sink, tls: MailTls, host: str) -> None:
    implicit = tls is MailTls.IMPLICIT
    with mail_server(sink, context=trusted.context(), implicit=implicit, auth=True) as port:
        settings = to(port, tls, user=USER, password=PASSWORD, host=host)
        assert probe(settings).shown == f"{host}:{port}"
        assert sink.taken == []
        send(settings, LETTER)
    assert len(sink.taken) == 1


@pytest.mark.parametrize("tls", [MailTls.STARTTLS, MailTls.IMPLICIT])
def test_a_certificate_of_an_unknown_authority_is_refused(
    authority: Authority, sink: Sink, tls: MailTls
) -> None:
    with (
        mail_server(sink, context=authority.context(), implicit=tls is MailTls.IMPLICIT) as port,
        pytest.raises(MailUnavailable, match="certificate of the mail server cannot be trusted"),
    ):
        send(to(port, tls), LETTER)
    assert sink.taken == []


@pytest.mark.parametrize(("host", "ended"), [("elsewhere.example", False), ("localhost", True)])
def test_a_certificate_of_another_name_or_another_time_is_refused(
    tmp_path: Path, sink: Sink, monkeypatch: pytest.MonkeyPatch, host: str, *, ended: bool
) -> None:
    made = make_authority(tmp_path, host=host, ended=ended)
    monkeypatch.setenv("SSL_CERT_FILE", str(made.certificate))
    with (
        mail_server(sink, context=made.context()) as port,
        pytest.raises(MailUnavailable, match="certificate of the mail server cannot be trusted"),
    ):
        send(to(port, MailTls.STARTTLS), LETTER)
    assert sink.taken == []


def test_without_encryption_nothing_goes_where_encryption_is_asked_for(plain: int, sink: Sink) -> None:
    with pytest.raises(MailUnavailable, match="does not offer what the settings ask for"):
        send(to(plain, MailTls.STARTTLS), LETTER)
    with pytest.raises(MailUnavailable, match="No encrypted connection to the mail server comes about"):
        send(to(plain, MailTls.IMPLICIT), LETTER)
    assert sink.taken == []


def test_a_refused_sign_in_says_what_to_check_and_not_the_password(trusted: Authority, sink: Sink) -> None:
    with (
        mail_server(sink, context=trusted.context(), auth=True) as port,
        pytest.raises(
            MailUnavailable, match=r"refuses the sign-in\. Check mail_user and mail_password"
        ) as refused,
    ):
        probe(to(port, MailTls.STARTTLS, user=USER, password=PASSWORD[::-1]))
    assert PASSWORD[::-1] not in str(refused.value)


@pytest.mark.parametrize(
    ("answer", "kind"), [("550 no such mailbox", MailRefused), ("451 come again", MailUnavailable)]
)
def test_a_recipient_is_refused_for_ever_or_for_now(
    plain: int, sink: Sink, answer: str, kind: type[Exception]
) -> None:
    sink.refusals["aino@kunta.example"] = answer
    with pytest.raises(kind, match=answer) as refused:
        send(to(plain), LETTER)
    assert refused.value.code == int(answer[:3])  # type: ignore[attr-defined]
    assert sink.taken == []


def test_a_dead_server_is_named_with_the_reason() -> None:
    port = free_port()
    with pytest.raises(MailUnavailable, match=rf"localhost:{port}: The mail server cannot be reached"):
        send(to(port), LETTER)


def test_a_silent_server_is_not_waited_for() -> None:
    with (
        raw_server([], then="silent") as port,
        pytest.raises(MailUnavailable, match="does not answer in time"),
    ):
        send(to(port), LETTER, timeout_s=0.2)


def test_a_server_that_talks_without_end_is_cut_off() -> None:
    with raw_server([b"220-"], then="endless") as port, pytest.raises(MailUnavailable):
        send(to(port), LETTER, timeout_s=0.2)


@pytest.mark.parametrize(
    "lines",
    [
        [b"SSH-2.0-OpenSSH_9.2\r\n"],
        [b"HTTP/1.1 400 Bad Request\r\n\r\n"],
        [b"\x00\xff\xfe" * 50],
        [b"x" * 100_000],
        [b"554 closed\r\n"],
        [b"220 ok\r\n", b"\xff\xff\r\n"],
        [b"220 ok\r\n", b"250 ok\r\n", b"garbage\r\n"],
        [b"220 ok\r\n", b"250 ok\r\n"],
    ],
)  # fmt: skip
def test_garbage_is_a_failure_with_words(lines: list[bytes]) -> None:
    with raw_server(lines) as port, pytest.raises(MailUnavailable):
        send(to(port), LETTER, timeout_s=2)


def test_a_connection_that_breaks_while_the_message_is_taken_leaves_it_open_whether_it_went() -> None:
    lines = [b"220 ok\r\n", b"250 ok\r\n", b"250 ok\r\n", b"250 ok\r\n", b"354 go on\r\n"]
    with raw_server(lines, then="read") as port, pytest.raises(MailUncertain, match="may have gone or not"):
        send(to(port), LETTER)
    with raw_server([*lines, b"451 not now\r\n"]) as port, pytest.raises(MailUnavailable) as refused:
        send(to(port), LETTER)
    assert not isinstance(refused.value, MailUncertain)


def test_without_a_server_nothing_is_tried() -> None:
    with pytest.raises(MailNotSet, match="No mail server is set"):
        send(Settings(instance=Path("none")), LETTER)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"mail_host": "smtp.kunta.example"}, "mail_tls: “none” Without encryption mail goes only to"),
        ({"mail_host": "10.0.0.1"}, "mail_tls: “none” Without encryption mail goes only to"),
        (
            {"mail_host": "localhost:25"},
            "mail_host: “localhost:25” It is the name or the address of a machine",
        ),
        ({"mail_host": "local host\r\n"}, "mail_host: .* It is the name or the address of a machine"),
        ({"mail_from": ""}, "mail_from: It is one e-mail address"),
        ({"mail_from": "prep <prep@alue.example>"}, "mail_from: .* It is one e-mail address"),
        ({"mail_user": "prep"}, "A name and its password go together"),
        ({"mail_user": "prep", "mail_password": "näkymätön"}, "mail_password: A sign-in to a mail server"),
    ],
)
def test_settings_that_cannot_be_right_are_refused_before_anything_is_sent(
    change: dict[str, str], message: str
) -> None:
    given = {"mail_host": "localhost", "mail_from": "prep@alue.example", "mail_tls": MailTls.NONE} | change
    with pytest.raises(Refused, match=message) as refused:
        send(Settings(instance=Path("none"), **given), LETTER)  # type: ignore[arg-type]
    assert "näkymätön" not in str(refused.value)


def test_the_password_does_not_show_itself() -> None:
    assert "hush" not in repr(to(25, user=USER, password=PASSWORD))


@given(st.text(max_size=80), st.text(max_size=80))
def test_no_address_and_no_subject_makes_a_second_header(to_whom: str, subject: str) -> None:
    from prep.mail import _letter
    from prep.mail.server import server_of

    try:
        message = Mail(to=to_whom, subject=subject, text="text")
    except Refused:
        return
    letter = _letter(server_of(to(25)), message)
    head = email.message_from_bytes(letter, policy=email.policy.default)
    assert sorted(head.keys()) == [
        "Auto-Submitted", "Content-Transfer-Encoding", "Content-Type", "Date", "From", "MIME-Version",
        "Message-ID", "Subject", "To",
    ]  # fmt: skip


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\x00", "\x0b", "\x85", "\u2028", "%0d%0a\n"])
def test_the_end_of_a_line_is_refused_in_the_head(end: str) -> None:
    for wrong in (
        {"to": f"aino@kunta.example{end}Bcc: all@kunta.example"},
        {"to": f"{end}aino@kunta.example"},
        {"subject": f"one{end}Bcc: all@kunta.example"},
    ):
        with pytest.raises(Refused):
            Mail(**{"to": "aino@kunta.example", "subject": "one", "text": "", **wrong})


@pytest.mark.parametrize(
    "text", ["", "aino", "@kunta.example", "aino@", "a b@kunta.example", "aino@kunta..example", "äinö@kunta.example",
             "aino@-kunta.example", "a@b.example, c@d.example", "<a@b.example>", f"{'a' * 65}@b.example", f"a@{'b.' * 130}example"],
)  # fmt: skip
def test_what_is_no_address(text: str) -> None:
    assert not is_address(text)
