"""Why a message did not go, by what whoever sends does next.

MailNotSet           no mail server is set                                         (Refused)
MailRefused          the server will never take this message                       (Refused)
MailUnavailable      nothing was sent; the same message can be tried again later   (Unavailable)
MailUncertain        the connection broke while the message was taken: it may have gone or not (Unavailable)
"""

import smtplib
import ssl

from prep.errors import Problem, Refused, Unavailable
from prep.language import Message, say
from prep.outages import why

# From here on a server's answer holds for ever (RFC 5321, section 4.2.1).
_NEVER = 500


class MailNotSet(Refused):
    """No mail server is set."""


class MailRefused(Refused):
    """The server will not take this message, however often it is tried; ``code`` is its answer (RFC 5321)."""

    def __init__(self, problem: Problem, *, code: int):
        super().__init__(problem)
        self.code = code


class MailUnavailable(Unavailable):
    """The server cannot be used now; nothing was sent. ``code`` is its answer, None where it gave none."""

    def __init__(self, problem: Problem, *, code: int | None = None):
        super().__init__(problem)
        self.code = code


class MailUncertain(Unavailable):
    """The message may have gone or not."""


def unavailable(shown: str, error: Exception) -> MailUnavailable:
    """What an error of the connection means; ``shown`` is the server as messages name it."""
    value, rule, remedy = _words(error)
    code = getattr(error, "smtp_code", None)
    return MailUnavailable(Problem(place=shown, value=value, rule=rule, remedy=remedy), code=code)


def refusal(shown: str, code: int, words: bytes) -> MailRefused | MailUnavailable:
    """What it means that a server did not say yes: never, or not now."""
    said = f"{code} {words.decode('ascii', 'replace')}"
    if code >= _NEVER:
        return MailRefused(
            Problem(
                place=shown,
                value=said,
                rule=say("The mail server does not take the message."),
                remedy=say("Check the recipient’s address and mail_from; the server’s words say why."),
            ),
            code=code,
        )
    return MailUnavailable(
        Problem(
            place=shown,
            value=said,
            rule=say("The mail server does not take the message now."),
            remedy=say("Try again later; the server’s words say why."),
        ),
        code=code,
    )


def uncertain(shown: str) -> MailUncertain:
    """The answer to a whole message did not come."""
    return MailUncertain(
        Problem(
            place=shown,
            value=None,
            rule=say("The connection broke while the server took the message: it may have gone or not."),
            remedy=say("Ask the recipient before it is sent again."),
        )
    )


def _words(error: Exception) -> tuple[str | None, Message, Message]:
    match error:
        case ssl.SSLCertVerificationError():
            return (
                error.verify_message,
                say("The certificate of the mail server cannot be trusted."),
                say(
                    "Write mail_host as in the certificate, and have this machine trust the authority that made it."
                ),
            )
        case ssl.SSLError():
            return (
                None,
                say("No encrypted connection to the mail server comes about."),
                say("Check mail_tls and mail_port: 587 goes with starttls, 465 with implicit."),
            )
        case smtplib.SMTPAuthenticationError():
            return (
                _said(error),
                say("The mail server refuses the sign-in."),
                say("Check mail_user and mail_password."),
            )
        case smtplib.SMTPNotSupportedError():
            return (
                None,
                say("The mail server does not offer what the settings ask for: encryption or a sign-in."),
                say("Check mail_tls and mail_port, or leave mail_user and mail_password empty."),
            )
        case smtplib.SMTPResponseException():
            return (
                _said(error),
                say("What answers there is no mail server, or it takes nobody in now."),
                say("Check mail_host and mail_port; the server’s words say why."),
            )
        case TimeoutError():
            return None, say("The mail server does not answer in time."), _look()
        case smtplib.SMTPServerDisconnected() if isinstance(error.__context__, TimeoutError):
            return None, say("The mail server does not answer in time."), _look()
        case smtplib.SMTPException() | ConnectionResetError() | BrokenPipeError():
            return None, say("The mail server ended the conversation, or took too long over it."), _look()
        case OSError():
            reason = why(error)
            return None, say("The mail server cannot be reached: {reason}.", reason=reason), _look()
        case _:
            return None, say("What answers there is no mail server, or it takes nobody in now."), _look()


def _said(error: smtplib.SMTPResponseException) -> str:
    words = error.smtp_error
    return f"{error.smtp_code} {words.decode('ascii', 'replace') if isinstance(words, bytes) else words}"


def _look() -> Message:
    return say(
        "Check mail_host, mail_port and mail_tls, and that the server runs and can be reached from here."
    )
