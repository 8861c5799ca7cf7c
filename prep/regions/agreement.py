"""What an agreement promises: its clauses, bodies, seats, roles, duties, indicators, measures and costs."""

from datetime import date
from typing import Annotated

from pydantic import Field, ValidationInfo, field_validator, model_validator
from pydantic_core import PydanticCustomError

from prep.language import Message, say
from prep.regions.base import (
    Count,
    Entry,
    Key,
    MunicipalityCode,
    PositiveCount,
    Share,
    Sourced,
    Text,
    Words,
    at_least,
)
from prep.regions.kinds import (
    BodyLevel,
    BodyScope,
    CommunicationDuty,
    ContradictionKind,
    EvidenceMark,
    OwnerKind,
    Period,
    RoleScope,
    SeatBasis,
    ShareBasis,
    Validity,
)
from prep.terms import BodyKind


class Annex(Entry):
    """An annex of an agreement; whether it binds is said by itself, or not known."""

    key: Key
    name: Words
    binding: bool | None = None


class Agreement(Entry):
    """A cooperation agreement (yhteistyösopimus); ``ends`` is its last day.

    An absent ``starts`` is unknown; an absent ``ends`` is unknown too, unless ``until_further_notice``.
    """

    key: Key
    name: Words
    parties: Words
    starts: date | None = None
    ends: date | None = None
    until_further_notice: bool = False
    start_condition: Words | None = None
    signed_first: date | None = None
    signed_last: date | None = None
    signatures: Count | None = None
    review: Words | None = None
    notice_months: Count | None = None
    notice: Words | None = None
    change: Words | None = None
    renewal: Words | None = None
    reservation: Words | None = None
    evidence: EvidenceMark
    note: Words | None = None
    annexes: tuple[Annex, ...] = ()

    @field_validator("ends", "signed_last", mode="after")
    @classmethod
    def _later_than_its_start(cls, value: date | None, info: ValidationInfo) -> date | None:
        other = "starts" if info.field_name == "ends" else "signed_first"
        start = info.data.get(other)
        if value is not None and start is not None and value < start:
            raise PydanticCustomError("days_in_wrong_order", "ends before it starts", {"start": start})
        return value

    @field_validator("until_further_notice", mode="after")
    @classmethod
    def _has_one_kind_of_end(cls, value: bool, info: ValidationInfo) -> bool:
        if value and info.data.get("ends") is not None:
            raise PydanticCustomError("end_and_no_end", "both a last day and until further notice")
        return value

    def validity(self, *, on: date) -> Validity:
        """How the agreement stands on a day; a day that the pack lacks gives unknown, never in force."""
        if self.ends is not None and on > self.ends:
            return Validity.ENDED
        if self.starts is not None and on < self.starts:
            return Validity.NOT_STARTED
        if self.starts is None or (self.ends is None and not self.until_further_notice):
            return Validity.UNKNOWN
        return Validity.IN_FORCE


class Document(Entry):
    """Another paper that says something of the same matters: minutes, slides."""

    key: Key
    name: Words
    day: date | None = None
    note: Words | None = None


class Clause(Entry):
    """A place in an agreement or document. ``heading`` is as printed there; absent when it is not known."""

    key: Key
    document: Key
    annex: Key | None = None
    number: Text | None = None
    heading: Text | None = None
    subject: Words
    binding: bool | None = None


class Frequency(Entry):
    """How often something happens; without ``max`` at least ``min`` times."""

    min: PositiveCount
    max: PositiveCount | None = None
    period: Period
    per_area: bool = False

    @field_validator("max", mode="after")
    @classmethod
    def _not_below_min(cls, value: int | None, info: ValidationInfo) -> int | None:
        return at_least(value, info.data.get("min"))

    def in_words(self) -> Message:
        """The frequency as a sentence part: ``1–3 times a year``."""
        return self._yearly() if self.period is Period.YEAR else self._by_term()

    def _yearly(self) -> Message:
        match self.min, self.max:
            case 1, None:
                return say("at least once a year")
            case low, None:
                return say("at least {n} times a year", n=low)
            case 1, 1:
                return say("once a year")
            case low, high if low == high:
                return say("{n} times a year", n=low)
            case low, high:
                return say("{low}–{high} times a year", low=low, high=high)

    def _by_term(self) -> Message:
        match self.min, self.max:
            case 1, None:
                return say("at least once a council term")
            case low, None:
                return say("at least {n} times a council term", n=low)
            case 1, 1:
                return say("once a council term")
            case low, high if low == high:
                return say("{n} times a council term", n=low)
            case low, high:
                return say("{low}–{high} times a council term", low=low, high=high)


class Seat(Sourced):
    """A seat (paikka) in a body; an absent number, or ``required``, is not stated."""

    key: Key
    name: Words
    basis: SeatBasis
    constituency: Key | None = None
    nomination: Key | None = None
    organisation: Words | None = None
    number: PositiveCount | None = None
    number_max: PositiveCount | None = None
    required: bool | None = None

    @field_validator("number_max", mode="after")
    @classmethod
    def _not_below_number(cls, value: int | None, info: ValidationInfo) -> int | None:
        return at_least(value, info.data.get("number"))

    @model_validator(mode="after")
    def _is_filled_by_one(self) -> "Seat":
        fillers = {
            SeatBasis.CONSTITUENCY: self.constituency,
            SeatBasis.NOMINATION: self.nomination,
            SeatBasis.ORGANISATION: self.organisation,
        }
        for basis, filler in fillers.items():
            if (filler is not None) != (basis is self.basis):
                raise PydanticCustomError(
                    "seat_basis", "the seat's basis and filler differ", {"basis": self.basis, "field": basis}
                )
        return self


class Body(Sourced):
    """A body (toimielin). What is absent, quorum and threshold too, the agreement does not state."""

    key: Key
    kind: BodyKind
    level: BodyLevel | None = None
    scope: BodyScope = BodyScope.REGION
    name: Words
    also_called: tuple[Text, ...] = ()
    parent: Key | None = None
    to_be_established: bool = False
    purpose: Words | None = None
    members: Words | None = None
    led_by: Words | None = None
    convener: Words | None = None
    chair: Words | None = None
    communication: CommunicationDuty | None = None
    meetings: tuple[Frequency, ...] = ()
    quorum: PositiveCount | None = None
    activation_threshold: Words | None = None
    seats: tuple[Seat, ...] = ()


class NamedRole(Sourced):
    """A person whom a party names (nimettävä henkilö), ``count`` for each one in the scope."""

    key: Key
    name: Words
    scope: RoleScope
    count: PositiveCount
    task: Words | None = None


class SharedNomination(Sourced):
    """One person named by several municipalities together; without ``municipalities``, by all of them.

    The seats that the person takes are the seats of basis ``nomination`` that name this key.
    """

    key: Key
    role: Key
    municipalities: tuple[MunicipalityCode, ...] = ()


class Duty(Sourced):
    """What someone must do; without ``owners`` the responsibility is undefined (vastuu määrittelemättä)."""

    key: Key
    text: Words
    owners: Annotated[tuple[Text, ...], Field(min_length=1)] | None = None
    every: Frequency | None = None
    month: Annotated[int, Field(ge=1, le=12)] | None = None


class Indicator(Sourced):
    """A mark by which the cooperation is evaluated (arviointimittari); ``due`` only where it is a day."""

    key: Key
    text: Words
    due: date | None = None
    due_text: Words | None = None


class Measure(Sourced):
    """A measure (toimenpide) of one or more years; without ``owners`` the responsibility is undefined."""

    key: Key
    text: Words
    years: Annotated[tuple[int, ...], Field(min_length=1)]
    owners: Annotated[tuple[Text, ...], Field(min_length=1)] | None = None
    when: Words | None = None
    indicator: Words | None = None


class CostShare(Entry):
    """A party's share of a cost, in [0, 1]."""

    party: OwnerKind
    share: Share
    basis: ShareBasis


class CostRule(Sourced):
    """Who pays. Shares, where there are any, make one whole; populations are those of ``population_day``."""

    key: Key
    principle: Words
    shares: tuple[CostShare, ...] = ()
    population_day: date | None = None

    @model_validator(mode="after")
    def _shares_make_one_whole(self) -> "CostRule":
        whole = sum(share.share for share in self.shares)
        if self.shares and abs(whole - 1) > 1e-9:
            raise PydanticCustomError("shares_not_whole", "shares do not make one", {"sum": f"{whole:g}"})
        return self


class SituationCentre(Sourced):
    """A situation centre (tilannekeskus); ``serves`` holds keys of regions, this one among them."""

    key: Key
    name: Words
    kept_by: Words | None = None
    serves: Annotated[tuple[Key, ...], Field(min_length=1)]
    around_the_clock: bool | None = None
    duty: Words | None = None


class Citation(Sourced):
    """One place where an act is cited; ``as_cited`` is absent where it was cited as it should be.

    ``misprint`` marks a citation whose number is not the act's; ``amended_by`` the act that gave the section
    the form that is cited.
    """

    section: Text | None = None
    subsection: PositiveCount | None = None
    as_cited: Text | None = None
    misprint: bool = False
    amended_by: Text | None = None


class LegalReference(Entry):
    """An act or decree that the agreement leans on, by its number in the statute book."""

    number: PositiveCount
    year: Annotated[int, Field(ge=1734, le=2100)]
    title: Words
    note: Words | None = None
    citations: Annotated[tuple[Citation, ...], Field(min_length=1)]

    @property
    def act(self) -> str:
        return f"{self.number}/{self.year}"

    def normalised(self, citation: Citation) -> str:
        """The citation as it should stand: ``379/2011 27 § 2 mom.``"""
        section = f" {citation.section} §" if citation.section else ""
        subsection = f" {citation.subsection} mom." if citation.subsection else ""
        return f"{self.act}{section}{subsection}"


class StatedValue(Entry):
    """What one agreement or document says, with its clause where that is one of the pack."""

    value: Words
    document: Key
    clause: Key | None = None


class Contradiction(Entry):
    """Where the sources disagree or are silent, and what is done about it."""

    key: Key
    kind: ContradictionKind
    subject: Words
    values: Annotated[tuple[StatedValue, ...], Field(min_length=1)]
    handling: Words
