"""The mail server of the settings, checked before anything is sent."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from ipaddress import ip_address

from email_validator import EmailNotValidError, validate_email

from prep.config import Settings
from prep.errors import Problem, Refused
from prep.language import Message, say
from prep.mail.failures import MailNotSet
from prep.terms import MailTls

_LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_HOST = re.compile(rf"{_LABEL}(?:\.{_LABEL})*\.?|[0-9A-Fa-f:.]+")


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed over, and as whom."""

    host: str
    port: int
    tls: MailTls
    user: str
    password: str = field(repr=False)
    sender: str

    @property
    def shown(self) -> str:
        """The server as messages name it."""
        return f"{self.host}:{self.port}"


def is_address(text: str) -> bool:
    """Whether this is one e-mail address and nothing else.

    >>> is_address("aino@kunta.example"), is_address("aino@kunta.example\\nBcc: all@kunta.example")
    (True, False)
    """
    try:
        # Whether the domain takes mail is the mail server's to say.
        validate_email(
            text, check_deliverability=False, allow_smtputf8=False, test_environment=True, strict=True
        )
    except EmailNotValidError:
        return False
    return text.isascii()


def server_of(settings: Settings) -> MailServer:
    """The mail server of the settings.

    Raises
    ------
    MailNotSet
        If none is set.
    Refused
        With every setting of it that cannot be right.
    """
    if not settings.mail_host:
        raise MailNotSet(
            Problem(
                place="mail_host",
                value=None,
                rule=say("No mail server is set, so prep sends no mail."),
                remedy=say("Set mail_host and mail_from; “prep config show” lists the settings of mail."),
            )
        )
    problems = [*_problems(settings)]
    if problems:
        raise Refused(problems)
    return MailServer(
        host=settings.mail_host,
        port=settings.mail_port,
        tls=settings.mail_tls,
        user=settings.mail_user,
        password=settings.mail_password,
        sender=settings.mail_from,
    )


def _problems(settings: Settings) -> Iterator[Problem]:
    if not _HOST.fullmatch(settings.mail_host):
        yield Problem(
            place="mail_host",
            value=settings.mail_host,
            rule=say("It is the name or the address of a machine, without a port."),
            remedy=say("Write it as smtp.kunta.example, and the port into mail_port."),
        )
    if not is_address(settings.mail_from):
        yield no_address("mail_from", settings.mail_from)
    if settings.mail_tls is MailTls.NONE and not _is_this_machine(settings.mail_host):
        yield Problem(
            place="mail_tls",
            value=settings.mail_tls,
            rule=say("Without encryption mail goes only to a server on this machine."),
            remedy=say("Set mail_tls to starttls or implicit."),
        )
    if bool(settings.mail_user) is not bool(settings.mail_password):
        yield Problem(
            place="mail_user, mail_password",
            value=None,
            rule=say("A name and its password go together."),
            remedy=say("Set both, or leave both empty."),
        )
    for name in ("mail_user", "mail_password"):
        text = getattr(settings, name)
        if not (text.isascii() and (text.isprintable() or not text)):
            yield Problem(
                place=name,
                value=None,
                rule=say("A sign-in to a mail server is written with the letters a–z, digits and signs."),
                remedy=say("Ask whoever keeps the mail server for such a name and password."),
            )


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def no_address(place: Message | str, value: str) -> Problem:
    """The refusal of what is no address."""
    return Problem(
        place=place,
        value=value or None,
        rule=say("It is one e-mail address, written with the letters a–z."),
        remedy=say("Write it as aino@kunta.example."),
    )
