"""Settings: one frozen value, from ``prep.toml`` in the instance folder and from ``PREP_*`` variables.

A variable wins over the file, the file over the default. A name that is not a setting is refused: a setting
that is misspelt must not be silently without effect.
"""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import Field, dataclass, field, fields
from enum import EnumType
from pathlib import Path
from typing import Any

from prep.addresses import EVERYWHERE, ServiceUrl, TileUrl, WebAddress, is_loopback
from prep.config.faults import HIDDEN, contradictions, unknown, wrong_kind
from prep.errors import Problem, Refused
from prep.language import Message, say
from prep.outages import why
from prep.terms import Classification, Language, MailTls

_PORTS = range(1, 65_536)
# More proxies one behind the other than anybody has; a typing error is likelier.
_PROXIES = range(10)
_YEARS = range(101)
_MONTHS = range(1201)
_YES = {"true": True, "1": True, "false": False, "0": False}
# Read elsewhere: by prep.clock, and by the tests.
_OTHER_VARIABLES = {"PREP_INSTANCE", "PREP_NOW", "PREP_TEST_DATABASE_URL"}


def _setting(default: Any, sentence: Message, *, within: range = _PORTS, is_secret: bool = False) -> Any:
    metadata = {"sentence": sentence, "within": within, "is_secret": is_secret}
    return field(default=default, metadata=metadata, repr=not is_secret)


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting, with its type, its default and a sentence that says what it does."""

    instance: Path
    database_url: str = _setting(
        "", say("The database; empty means the file prep.db in the instance folder.")
    )
    language: Language | None = _setting(
        None, say("fi, sv or en; empty: the terminal's or the browser's language, else Finnish on pages.")
    )
    host: str = _setting("127.0.0.1", say("The address on which the pages are served."))
    port: int = _setting(8351, say("The port on which the pages are served."), within=_PORTS)
    public_address: WebAddress | None = _setting(
        None,
        say(
            "The address by which people reach the pages, such as https://prep.kunta.example; "
            "empty: the machine itself only."
        ),
    )
    trusted_proxies: int = _setting(
        0,
        say(
            "How many proxies stand one behind the other before the pages and name the caller in "
            "X-Forwarded-For, -Proto and -Host; 0: what such headers say is passed over."
        ),
        within=_PROXIES,
    )
    oidc_issuer: ServiceUrl | None = _setting(
        None,
        say(
            "The organisation’s sign-in service (OpenID Connect): its issuer, letter by letter as it names itself; "
            "empty: people sign in here only."
        ),
    )
    oidc_client_id: str = _setting("", say("The name by which that service knows prep."))
    oidc_client_secret: str = _setting(
        "", say("The secret that goes with that name; it is never shown."), is_secret=True
    )
    oidc_label: str = _setting(
        "", say("What stands on the button of that service; empty: the organisation’s account.")
    )
    oidc_acr: tuple[str, ...] = _setting(
        (),
        say(
            "With one of these levels (acr), separated by spaces, the service has asked for a second factor itself; "
            "without oidc_acr and oidc_amr the account’s own second factor is asked for here."
        ),
    )
    oidc_amr: tuple[str, ...] = _setting(
        (), say("The same by methods (amr): the service has to name at least one of them.")
    )
    feedback_email: str = _setting(
        "", say("The address for feedback on the pages, shown at the foot of each; empty: none.")
    )
    classification: Classification = _setting(
        Classification.INTERNAL,
        say("The handling label of a printed card that has no other: public, internal or secret."),
    )
    mail_host: str = _setting("", say("The server that takes outgoing mail; empty: prep sends none."))
    mail_port: int = _setting(587, say("Its port: mostly 587 with starttls, 465 with implicit."))
    mail_tls: MailTls = _setting(
        MailTls.STARTTLS,
        say(
            "How the connection to it is encrypted: starttls, implicit, or none for a server on this machine."
        ),
    )
    mail_user: str = _setting("", say("The name with which prep signs in to it; empty: without signing in."))
    mail_password: str = _setting("", say("The password that goes with the name."), is_secret=True)
    mail_from: str = _setting("", say("The address that mail from prep comes from."))
    backup_key_file: str = _setting(
        "", say("The file with the key that encrypts backups; empty: backups are not encrypted.")
    )
    audit_retention_years: int = _setting(
        0,
        say("After how many years recorded values are dropped from the audit trail; 0: they are kept."),
        within=_YEARS,
    )

    contact_retention_months: int = _setting(
        24,
        say(
            "After how many months somebody who has left is to be erased from the register; 0: not reminded of."
        ),
        within=_MONTHS,
    )
    map_tiles: TileUrl | None = _setting(
        None,
        say(
            "The map tiles behind the premises, such as https://tiles.kunta.example/{z}/{x}/{y}.png; "
            "empty: outlines only, and no other service is asked.",
            z="{z}",
            x="{x}",
            y="{y}",
        ),
    )
    map_attribution: str = _setting("", say("Whose tiles they are; it stands on the map."))
    number_views: bool = _setting(
        False, say("Whether it is noted in the audit trail who has looked at whose telephone numbers.")
    )

    @property
    def resolved_database_url(self) -> str:
        return self.database_url or f"sqlite:///{self.instance.resolve() / 'prep.db'}"

    @property
    def database_file(self) -> Path | None:
        """The file of the database; None for PostgreSQL."""
        url = self.resolved_database_url
        return Path(url.removeprefix("sqlite:///")) if url.startswith("sqlite:///") else None

    @property
    def address(self) -> WebAddress:
        """By what people reach the pages; without a public address, somebody at this machine."""
        host = EVERYWHERE.get(self.host, self.host).lower()
        return self.public_address or WebAddress("http", host, self.port)

    @property
    def is_for_others(self) -> bool:
        """Whether the pages are reached from other machines than this one."""
        return not is_loopback(self.host) or not self.address.is_loopback


def load_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """The settings in force.

    Raises
    ------
    Refused
        With every unknown name and every value of the wrong kind.
    """
    environment = os.environ if environment is None else environment
    given = _given(environment)
    known = {one.name: one for one in fields(Settings) if one.name != "instance"}
    values, problems = {}, []
    for name, (place, value) in given.items():
        if name not in known:
            problems.append(unknown(place, name, list(known)))
            continue
        try:
            values[name] = _converted(known[name], value)
        except ValueError:
            problems.append(wrong_kind(place, value, known[name]))
    settings = Settings(instance=instance_folder(environment), **values)
    # What goes together is told once each value by itself is right.
    problems = problems or list(contradictions(settings))
    if problems:
        raise Refused(problems)
    return settings


@dataclass(frozen=True, slots=True)
class Origin:
    """One setting with where its value comes from; None where it is the default."""

    name: str
    value: Any
    origin: str | None
    sentence: Message
    is_secret: bool
    # The file or a variable says something else than what the running program began with.
    is_waiting: bool = False

    @property
    def shown(self) -> str:
        """The value as it may be shown: no secret, and no password in an address of a database."""
        if isinstance(self.value, tuple):
            return " ".join(self.value)
        text = "" if self.value is None else str(self.value)
        if self.is_secret:
            return HIDDEN if text else ""
        if "://" not in text:
            return text
        from sqlalchemy.engine import make_url

        return make_url(text).render_as_string(hide_password=True)

    @property
    def line(self) -> str:
        """The line of ``prep.toml`` that gives this value; what may not be shown is left out."""
        if isinstance(self.value, int):
            return f"{self.name} = {str(self.value).lower()}"
        if isinstance(self.value, tuple):
            return f'{self.name} = "{self.shown}"'
        is_whole = self.shown == ("" if self.value is None else str(self.value))
        return f'{self.name} = "{self.shown if is_whole else "…"}"'


def origins(environment: Mapping[str, str] | None = None, *, running: Settings | None = None) -> list[Origin]:
    """Every setting, with its origin and what it does; its value is that of ``running`` where this is given.

    Raises
    ------
    Refused
        As `load_settings`.
    """
    environment = os.environ if environment is None else environment
    read, given = load_settings(environment), _given(environment)
    in_force = running or read
    return [
        Origin(
            name=one.name,
            value=getattr(in_force, one.name),
            origin=given[one.name][0] if one.name in given else None,
            sentence=one.metadata["sentence"],
            is_secret=one.metadata["is_secret"],
            is_waiting=getattr(in_force, one.name) != getattr(read, one.name),
        )
        for one in fields(Settings)
        if one.name != "instance"
    ]


def instance_folder(environment: Mapping[str, str]) -> Path:
    """The folder of the installation: ``PREP_INSTANCE``, else ``instance`` where the command is run."""
    return Path(environment.get("PREP_INSTANCE") or "instance")


def _given(environment: Mapping[str, str]) -> dict[str, tuple[str, Any]]:
    """What the file and the variables say: by name, the place and the value."""
    return {
        **_from_file(instance_folder(environment) / "prep.toml"),
        **{
            name.removeprefix("PREP_").lower(): (name, value)
            for name, value in environment.items()
            # A variable that is empty says nothing.
            if value and name.startswith("PREP_") and name not in _OTHER_VARIABLES
        },
    }


def _from_file(path: Path) -> dict[str, tuple[str, Any]]:
    if not path.exists():
        return {}
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise Refused(
            Problem(
                place=str(path),
                value=None,
                rule=say("The file cannot be read: {reason}.", reason=why(error)),
                remedy=say("Check the name of the file and the right to read it."),
            )
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Refused(
            Problem(
                place=str(path),
                value=str(error),
                rule=say("The settings file is TOML: a name, an equals sign and a value on each line."),
                remedy=say('Mend the line named, for example: language = "fi"'),
            )
        ) from error
    return {name: (f"{path}: {name}", value) for name, value in content.items()}


def _converted(setting: Field[Any], value: Any) -> Any:
    kind = setting.type
    if kind is int:
        # int() would take a half from a number and make one of a truth.
        if isinstance(value, bool | float) or (number := int(value)) not in setting.metadata["within"]:
            raise ValueError(value)
        return number
    if kind is bool:
        return value if isinstance(value, bool) else _yes_or_no(value)
    if kind == Language | None:
        return Language(value) if value else None
    if isinstance(kind, EnumType):
        return kind(value)
    if kind == tuple[str, ...]:
        return _words(value)
    if not isinstance(value, str):
        raise ValueError(value)
    if kind == ServiceUrl | None:
        return ServiceUrl.read(value) if value else None
    if kind == TileUrl | None:
        return TileUrl.read(value) if value else None
    if kind == WebAddress | None:
        return WebAddress.read(value) if value else None
    return value


def _yes_or_no(value: Any) -> bool:
    # A variable knows only texts.
    if not isinstance(value, str) or value.lower() not in _YES:
        raise ValueError(value)
    return _YES[value.lower()]


def _words(value: Any) -> tuple[str, ...]:
    """Words from a text in which spaces stand between them, as a variable gives them, or from a list in the file."""
    words = value.split() if isinstance(value, str) else value
    if not isinstance(words, list) or not all(isinstance(one, str) and one.split() == [one] for one in words):
        raise ValueError(value)
    return tuple(words)
