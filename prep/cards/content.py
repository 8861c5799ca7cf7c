"""The content library of action cards: what each role does in each disruption, in three languages.

The texts are TOML files in ``prep/cards/texts``: ``roles.toml`` (who), ``common.toml`` (the lines of every
card) and one file per disruption. Here they are read and put together; ``prep.cards.lint`` says whether they
are fit to print. No layout and no database here.
"""

import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import ErrorDetails

from prep.errors import NotFound, Problem, Refused
from prep.language import Message, say
from prep.terms import CardPhase, CardRole, Disruption, Language, SiteUse, TextStatus

TEXTS_DIR = Path(__file__).parent / "texts"
ROLES_FILE = "roles.toml"
COMMON_FILE = "common.toml"

# TOML has no enumerations: these fields take the value written as a string, and only a known one.
_Role = Annotated[CardRole, Field(strict=False)]
_Roles = Annotated[tuple[_Role, ...], Field(strict=False)]
_Phase = Annotated[CardPhase, Field(strict=False)]


class _Row(BaseModel):
    """A table in a file: only the fields named here, each of exactly its type."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")


class Texts(_Row):
    """One text in Finnish, Swedish and English."""

    fi: str
    sv: str
    en: str

    def in_language(self, language: Language) -> str:
        """The text in a language.

        >>> Texts(fi="Myrsky", sv="Storm", en="Storm").in_language(Language.SV)
        'Storm'
        """
        return {Language.FI: self.fi, Language.SV: self.sv, Language.EN: self.en}[language]


class RoleText(_Row):
    """A role: its name, its superior, its task where the card gives none, and what it may not decide."""

    code: _Role
    title: Texts
    reports_to: _Role | None = None
    # For those who report to somebody for whom there is no card.
    reports_outside: Texts | None = None
    mission: Texts
    limits: Texts

    @model_validator(mode="after")
    def _reports_to_one(self) -> "RoleText":
        if (self.reports_to is None) == (self.reports_outside is None):
            raise ValueError("one of reports_to and reports_outside")
        return self


class StepText(Texts):
    """A line to tick."""

    phase: _Phase


class CommonStep(StepText):
    """A line of every card, apart from some roles, or of the cards of some roles only."""

    except_roles: _Roles = ()
    only_roles: _Roles = ()

    def is_for(self, role: CardRole) -> bool:
        return role not in self.except_roles and (not self.only_roles or role in self.only_roles)


class MessageText(Texts):
    """A message to send, with ``{municipality}``, ``{time}``, ``{next_time}`` and ``{place}`` to fill in."""

    key: Annotated[str, Field(min_length=1)]
    to: Literal["residents", "group"]


class LegalBasis(_Row):
    """What the cards of a disruption rest on; ``verified`` is false until it is checked against the act."""

    act: Annotated[str, Field(pattern=r"^\d+/\d+$")]
    section: Annotated[str, Field(min_length=1)]
    text: Texts
    verified: bool = True


class CardRow(_Row):
    """The card of one role in the file of a disruption."""

    role: _Role
    mission: Texts | None = None
    premises_use: Annotated[SiteUse | None, Field(strict=False)] = None
    linked: _Roles = ()
    step: Annotated[tuple[StepText, ...], Field(strict=False)]


class DisruptionText(_Row):
    """The file of one disruption."""

    disruption: Annotated[Disruption, Field(strict=False)]
    version: Annotated[int, Field(ge=1)]
    status: Annotated[TextStatus, Field(strict=False)]
    title: Texts
    legal_basis: Annotated[tuple[LegalBasis, ...], Field(strict=False)] = ()
    message: Annotated[tuple[MessageText, ...], Field(strict=False)] = ()
    # Lines of all its cards, or of some roles.
    step: Annotated[tuple[CommonStep, ...], Field(strict=False)] = ()
    card: Annotated[tuple[CardRow, ...], Field(strict=False)]

    @property
    def file(self) -> str:
        return f"{self.disruption}.toml"


class RolesFile(_Row):
    role: Annotated[tuple[RoleText, ...], Field(strict=False)]


class CommonFile(_Row):
    step: Annotated[tuple[CommonStep, ...], Field(strict=False)]


_File = TypeVar("_File", RolesFile, CommonFile, DisruptionText)


@dataclass(frozen=True, slots=True)
class NumberedStep:
    """A line as it stands on the card; the numbers run through all phases, from 1."""

    number: int
    text: Texts


@dataclass(frozen=True, slots=True)
class PhaseText:
    phase: CardPhase
    steps: tuple[NumberedStep, ...]


@dataclass(frozen=True, slots=True)
class CardText:
    """All the text of one action card (toimintaohjekortti), before names, premises and layout."""

    disruption: Disruption
    role: CardRole
    title: Texts
    role_title: Texts
    mission: Texts
    reports_to: Texts
    limits: Texts
    phases: tuple[PhaseText, ...]
    messages: tuple[MessageText, ...]
    legal_basis: tuple[LegalBasis, ...]
    version: int
    status: TextStatus
    premises_use: SiteUse | None
    linked: tuple[CardRole, ...]

    @property
    def steps(self) -> tuple[NumberedStep, ...]:
        return tuple(step for phase in self.phases for step in phase.steps)

    @property
    def first_hour(self) -> tuple[NumberedStep, ...]:
        """The lines that stand on the front side."""
        return tuple(step for phase in self.phases if phase.phase.is_first_hour for step in phase.steps)


@dataclass(frozen=True, slots=True)
class Library:
    """All texts, checked one by one and against each other."""

    roles: Mapping[CardRole, RoleText]
    common: tuple[CommonStep, ...]
    disruptions: Mapping[Disruption, DisruptionText]

    def cards(self) -> Iterator[CardText]:
        """Every card, in the order of the vocabulary: by disruption, then by role."""
        for disruption in Disruption:
            for role in self.roles_with_card(disruption):
                yield self.card(role, disruption)

    def roles_with_card(self, disruption: Disruption) -> tuple[CardRole, ...]:
        """The roles that have a card for a disruption, in the order of the vocabulary."""
        text = self.disruptions.get(disruption)
        written = {row.role for row in text.card} if text else set()
        return tuple(role for role in CardRole if role in written)

    def card(self, role: CardRole, disruption: Disruption) -> CardText:
        """The card of a role in a disruption.

        Raises
        ------
        NotFound
            No card has been written for this role in this disruption.
        """
        text = self.disruptions.get(disruption)
        row = next((row for row in text.card if row.role is role), None) if text else None
        if text is None or row is None:
            raise NotFound(
                Problem(
                    place=f"{disruption}.toml",
                    value=role.value,
                    rule=say("There is no action card for this role in this disruption."),
                    remedy=say("Choose another role, or write the card in the file of the disruption."),
                )
            )
        who = self.roles[role]
        return CardText(
            disruption=disruption,
            role=role,
            title=text.title,
            role_title=who.title,
            mission=row.mission or who.mission,
            reports_to=self._superior(who),
            limits=who.limits,
            phases=self._phases(row, text.step),
            messages=text.message,
            legal_basis=text.legal_basis,
            version=text.version,
            status=text.status,
            premises_use=row.premises_use,
            linked=row.linked,
        )

    def _superior(self, who: RoleText) -> Texts:
        if who.reports_to is not None:
            return self.roles[who.reports_to].title
        assert who.reports_outside is not None  # noqa: S101  RoleText has one of the two
        return who.reports_outside

    def _phases(self, row: CardRow, shared: tuple[CommonStep, ...]) -> tuple[PhaseText, ...]:
        common = [step for step in (*self.common, *shared) if step.is_for(row.role)]
        by_time = {phase: number for number, phase in enumerate(CardPhase)}
        lines = sorted([*common, *row.step], key=lambda line: by_time[line.phase])
        numbers = iter(range(1, len(lines) + 1))
        return tuple(
            PhaseText(
                phase, tuple(NumberedStep(next(numbers), line) for line in lines if line.phase is phase)
            )
            for phase in CardPhase
        )


@cache
def load_library(directory: Path = TEXTS_DIR) -> Library:
    """The texts in a directory, read once.

    Raises
    ------
    Refused
        A file is missing, is not TOML, or has a field that is missing, unknown or of a wrong kind; a role or
        a disruption is unknown or named twice. All such problems of all files at once.
    """
    return _Reader(directory).library()


def read_disruption(path: Path) -> DisruptionText:
    """The text of one disruption from a file in the form of the shipped ones, whatever the file is called.

    Raises
    ------
    Refused
        As `load_library`.
    """
    reader = _Reader(path.parent)
    text = reader.disruption(path.name, as_named=False)
    if text is None or reader.problems:
        raise Refused(reader.problems)
    return text


class _Reader:
    """Reads a directory and collects what is wrong with it."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.problems: list[Problem] = []

    def library(self) -> Library:
        roles = self._read(ROLES_FILE, RolesFile)
        common = self._read(COMMON_FILE, CommonFile)
        paths = sorted(self.directory.glob("*.toml"))
        names = [path.name for path in paths if path.name not in (ROLES_FILE, COMMON_FILE)]
        disruptions = [text for name in names if (text := self.disruption(name))]
        if roles:
            self._check_roles(roles.role)
        if self.problems or roles is None or common is None:
            raise Refused(self.problems)
        return Library(
            roles=MappingProxyType({row.code: row for row in roles.role}),
            common=common.step,
            disruptions=MappingProxyType({text.disruption: text for text in disruptions}),
        )

    def disruption(self, name: str, *, as_named: bool = True) -> DisruptionText | None:
        text = self._read(name, DisruptionText)
        if text is None:
            return None
        if as_named and text.file != name:
            rule = say("The file does not have the name of its disruption.")
            self._refuse(f"{name}: disruption", text.disruption, rule, say("Rename one of them."))
        once = say("This is written twice in the file.")
        for field, values in (
            ("card.role", [row.role.value for row in text.card]),
            ("message.key", [row.key for row in text.message]),
        ):
            for value in _repeated(values):
                self._refuse(f"{name}: {field}", value, once, say("Keep one of them."))
        return text

    def _check_roles(self, rows: tuple[RoleText, ...]) -> None:
        codes = [row.code.value for row in rows]
        for code in _repeated(codes):
            rule = say("This is written twice in the file.")
            self._refuse(f"{ROLES_FILE}: role.code", code, rule, say("Keep one of them."))
        for role in CardRole:
            if role.value not in codes:
                rule = say("The role has no entry in the file.")
                self._refuse(f"{ROLES_FILE}: role", role.value, rule, say("Add the role."))

    def _read(self, name: str, kind: type[_File]) -> _File | None:
        try:
            return kind.model_validate(tomllib.loads((self.directory / name).read_text("utf-8")))
        except FileNotFoundError:
            rule = say("The file is missing from the texts of the cards.")
            self._refuse(name, None, rule, say("Put the file back."))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            rule = say("The file is not TOML in UTF-8 and cannot be read.")
            self._refuse(name, str(error), rule, say("Mend the file at the place named."))
        except ValidationError as error:
            for one in error.errors():
                self.problems.append(_field_problem(name, one))
        return None

    def _refuse(self, place: str, value: str | None, rule: Message, remedy: Message) -> None:
        self.problems.append(Problem(place=place, value=value, rule=rule, remedy=remedy))


def _field_problem(name: str, error: ErrorDetails) -> Problem:
    place = f"{name}: {_field_path(error['loc'])}"
    kind, found = error["type"], error["input"]
    # A table is too long to repeat; a short value helps to find the place.
    value = str(found) if isinstance(found, str | int | float) else None
    if kind == "missing":
        rule, remedy = say("A field is missing from the card texts."), say("Add the field to the file.")
    elif kind == "extra_forbidden":
        rule = say("The card texts have no such field.")
        remedy = say("Remove the field, or mend its name.")
    elif kind in ("enum", "literal_error"):
        known = error["ctx"]["expected"].replace(" or ", ", ")
        rule = say("The value is not one that the card texts know: {known}.", known=known)
        remedy = say("Write one of those values.")
    elif kind == "value_error":
        rule = say("A role reports either to another role or to somebody outside, not to both or to nobody.")
        remedy = say("Write one of the fields reports_to and reports_outside.")
    else:
        rule = say("The value is not of the kind that the field takes.")
        remedy = say("Mend the value; the other files show how it is written.")
    return Problem(place, value, rule, remedy)


def _field_path(parts: tuple[int | str, ...]) -> str:
    """The place of a field in a file, counted from 1 as a reader counts: ``card 2, step 3, sv``."""
    named: list[str] = []
    for part in parts:
        if isinstance(part, int) and named:
            named[-1] += f" {part + 1}"
        else:
            named.append(str(part))
    return ", ".join(named)


def _repeated(values: list[str]) -> list[str]:
    return [value for value, times in Counter(values).items() if times > 1]
