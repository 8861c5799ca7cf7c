"""Mail out: one message to one address over a connection that is verified, or a typed reason why not.

Nothing is tried a second time here: whoever sends knows whether twice is worse than never
(``prep.mail.failures`` says what each reason means for that).
"""

import re
import secrets
import smtplib
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from prep import clock
from prep.config import Settings
from prep.errors import Problem, Refused
from prep.language import say
from prep.mail.failures import refusal, unavailable, uncertain
from prep.mail.server import MailServer, is_address, no_address, server_of
from prep.terms import MailTls

TIMEOUT_S = 10.0
# A server that answers a little at a time is not waited for longer than this many times the limit of one answer.
_LIMITS_IN_ALL = 3
_LONGEST_SUBJECT = 200
_REFERENCE = re.compile(r"[A-Za-z0-9._-]{1,64}")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
# No server has to take more than seven bits a letter.
_POLICY = SMTP.clone(cte_type="7bit")
_OK, _FORWARDED, _GO_ON = 250, 251, 354


@dataclass(frozen=True, slots=True)
class Mail:
    """One message to one address. ``reference`` names it: the same at every try, letters, digits and ``._-``.

    Raises
    ------
    Refused
        If the address is none, or the subject or the text could end a line of the message's head.
    """

    to: str
    subject: str
    text: str
    reference: str = field(default_factory=lambda: secrets.token_hex(16))

    def __post_init__(self) -> None:
        problems = [] if is_address(self.to) else [no_address(say("The recipient’s address"), self.to)]
        if not self.subject.strip() or len(self.subject) > _LONGEST_SUBJECT or not self.subject.isprintable():
            problems.append(
                Problem(
                    place=say("The subject of the message"),
                    value=self.subject,
                    rule=say("It is one line of 1 to {longest} letters.", longest=_LONGEST_SUBJECT),
                    remedy=say("Write it on one line."),
                )
            )
        if _CONTROL.search(self.text):
            problems.append(
                Problem(
                    place=say("The text of the message"),
                    value=None,
                    rule=say("It holds letters, tabs and ends of lines, and nothing that cannot be seen."),
                    remedy=say("Remove the signs that cannot be seen."),
                )
            )
        if problems:
            raise Refused(problems)
        if not _REFERENCE.fullmatch(self.reference):
            raise ValueError(f"no reference: {self.reference!r}")


def send(settings: Settings, message: Mail, *, timeout_s: float = TIMEOUT_S) -> None:
    """Hand one message over to the mail server.

    Raises
    ------
    MailNotSet, MailRefused, MailUnavailable, MailUncertain
        As ``prep.mail.failures`` tells.
    Refused
        If a setting of mail cannot be right.
    """
    server = server_of(settings)
    with _conversation(server, timeout_s) as smtp:
        _expect(server, smtp.mail(server.sender), _OK)
        _expect(server, smtp.rcpt(message.to), _OK, _FORWARDED)
        _expect(server, smtp.docmd("DATA"), _GO_ON)
        try:
            # A line that begins with a dot would end the message (RFC 5321, section 4.5.2).
            smtp.send(re.sub(rb"(?m)^\.", b"..", _letter(server, message)) + b".\r\n")
            answer = smtp.getreply()
        except (OSError, smtplib.SMTPException) as error:
            raise uncertain(server.shown) from error
        _expect(server, answer, _OK)


def probe(settings: Settings, *, timeout_s: float = TIMEOUT_S) -> MailServer:
    """Go as far as one can without a message: connect, encrypt, sign in, leave. Gives the server.

    Raises
    ------
    MailNotSet, MailUnavailable, Refused
        As ``send``.
    """
    server = server_of(settings)
    with _conversation(server, timeout_s) as smtp:
        _expect(server, smtp.noop(), _OK)
    return server


class _Conversation(smtplib.SMTP):
    """A conversation over a connection that is there already."""

    def __init__(self, server: MailServer, connection: socket.socket, timeout_s: float):
        self._connection = connection
        # The name of this machine says nothing to the server, and looking it up can take long.
        greeting = server.sender.rpartition("@")[2]
        super().__init__(server.host, server.port, local_hostname=greeting, timeout=timeout_s)

    def _get_socket(self, *_: object) -> socket.socket:
        return self._connection


@contextmanager
def _conversation(server: MailServer, timeout_s: float) -> Iterator[smtplib.SMTP]:
    try:
        with _connection(server, timeout_s) as connection:
            is_implicit = server.tls is MailTls.IMPLICIT
            line = _encrypted(server, connection) if is_implicit else connection
            smtp = _Conversation(server, line, timeout_s)
            try:
                if server.tls is MailTls.STARTTLS:
                    smtp.starttls(context=_verifying())
                smtp.ehlo_or_helo_if_needed()
                if server.user:
                    smtp.login(server.user, server.password)
                yield smtp
                # The message has gone; how they part does not matter.
                with suppress(OSError, smtplib.SMTPException):
                    smtp.quit()
            finally:
                smtp.close()
    except (OSError, smtplib.SMTPException, UnicodeError) as error:
        raise unavailable(server.shown, error) from error


@contextmanager
def _connection(server: MailServer, timeout_s: float) -> Iterator[socket.socket]:
    """A connection that is cut when the whole of it takes too long: each answer alone may be in time."""
    connection = socket.create_connection((server.host, server.port), timeout=timeout_s)
    # It stays the same connection when the other socket is wrapped in TLS.
    same = connection.dup()

    def cut() -> None:
        with suppress(OSError):
            same.shutdown(socket.SHUT_RDWR)

    watch = threading.Timer(_LIMITS_IN_ALL * timeout_s, cut)
    watch.daemon = True
    watch.start()
    try:
        yield connection
    finally:
        watch.cancel()
        watch.join()
        same.close()
        connection.close()


def _encrypted(server: MailServer, connection: socket.socket) -> socket.socket:
    return _verifying().wrap_socket(connection, server_hostname=server.host)


def _verifying() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _letter(server: MailServer, message: Mail) -> bytes:
    letter = EmailMessage(policy=_POLICY)
    letter["From"] = server.sender
    letter["To"] = message.to
    letter["Subject"] = message.subject
    letter["Date"] = format_datetime(clock.now())
    letter["Message-ID"] = f"<{message.reference}@{server.sender.rpartition('@')[2]}>"
    # RFC 3834: nobody's absence is told to a program.
    letter["Auto-Submitted"] = "auto-generated"
    letter.set_content(message.text)
    return letter.as_bytes()


def _expect(server: MailServer, answer: tuple[int, bytes], *wanted: int) -> None:
    code, words = answer
    if code not in wanted:
        raise refusal(server.shown, code, words)
