"""The form of a region pack, and the questions that can be put to one."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Literal, Protocol, TypeVar

from pydantic import Field

from prep.regions.agreement import (
    Agreement,
    Body,
    Clause,
    Contradiction,
    CostRule,
    Document,
    Duty,
    Indicator,
    LegalReference,
    Measure,
    NamedRole,
    Seat,
    SharedNomination,
    SituationCentre,
)
from prep.regions.base import Entry, Key
from prep.regions.places import Constituency, County, Municipality, SourceNote


class _Keyed(Protocol):
    @property
    def key(self) -> str: ...


_Named = TypeVar("_Named", bound=_Keyed)


class RegionPack(Entry):
    """A county with its municipalities and, where there is one, all that its agreement says.

    Read by `prep.regions.packs.load_pack`, which has also checked what refers to what.
    """

    format: Literal[1]
    key: Key
    division_year: Annotated[int, Field(ge=2000, le=2100)]
    county: County
    municipalities: Annotated[tuple[Municipality, ...], Field(min_length=1)]
    sources: tuple[SourceNote, ...] = ()
    constituencies: tuple[Constituency, ...] = ()
    agreements: tuple[Agreement, ...] = ()
    documents: tuple[Document, ...] = ()
    clauses: tuple[Clause, ...] = ()
    bodies: tuple[Body, ...] = ()
    roles: tuple[NamedRole, ...] = ()
    nominations: tuple[SharedNomination, ...] = ()
    duties: tuple[Duty, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    measures: tuple[Measure, ...] = ()
    cost_rules: tuple[CostRule, ...] = ()
    situation_centres: tuple[SituationCentre, ...] = ()
    legal_references: tuple[LegalReference, ...] = ()
    contradictions: tuple[Contradiction, ...] = ()

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(municipality.code for municipality in self.municipalities)

    @property
    def centres(self) -> dict[str, tuple[float, float] | None]:
        """Municipal centres as (latitude, longitude) by code; None where the centre is not known."""
        return {
            one.code: (one.centre.lat, one.centre.lon) if one.centre else None for one in self.municipalities
        }

    def municipality(self, code: str) -> Municipality:
        """The municipality of a code; KeyError when the pack has none."""
        for one in self.municipalities:
            if one.code == code:
                return one
        raise KeyError(code)

    def constituency(self, key: str) -> Constituency:
        return _only(self.constituencies, key)

    def body(self, key: str) -> Body:
        return _only(self.bodies, key)

    def role(self, key: str) -> NamedRole:
        return _only(self.roles, key)

    def nomination(self, key: str) -> SharedNomination:
        return _only(self.nominations, key)

    def clause(self, key: str) -> Clause:
        return _only(self.clauses, key)

    def agreement(self, key: str) -> Agreement:
        return _only(self.agreements, key)

    def agreement_of(self, clause_key: str) -> Agreement | None:
        """The agreement of a clause; None when the clause is of another document."""
        document = self.clause(clause_key).document
        return next((one for one in self.agreements if one.key == document), None)

    def seats_of(self, nomination_key: str) -> tuple[tuple[Body, Seat], ...]:
        """The seats that the person of a shared nomination takes, each with its body."""
        return tuple(
            (body, seat) for body in self.bodies for seat in body.seats if seat.nomination == nomination_key
        )

    def population(self, codes: Iterable[str] | None = None, *, on: date | None = None) -> int | None:
        """People in the municipalities named, or in all, on a day or by each one's newest figure.

        None when a figure is missing: a sum without one of its parts would look whole.
        """
        wanted = self.codes if codes is None else codes
        figures = [self.municipality(code).population(on=on) for code in wanted]
        known = [figure.people for figure in figures if figure is not None]
        return sum(known) if len(known) == len(figures) else None


def _only(entries: Iterable[_Named], key: str) -> _Named:
    for entry in entries:
        if entry.key == key:
            return entry
    raise KeyError(key)
