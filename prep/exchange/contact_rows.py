"""The rows of a list of contacts as values: what each row says of somebody, and what is to be remarked about it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from prep.exchange import cells, days
from prep.exchange.cells import Reading, as_text
from prep.exchange.contact_cells import (
    is_telephone_like,
    read_addresses,
    read_call_sign,
    read_language,
    read_languages,
    read_numbers,
    read_rank,
)
from prep.exchange.findings import Finding, Remark, Severity
from prep.exchange.mapping import ColumnMapping, Match
from prep.exchange.row_reading import RowReader, plain_headings
from prep.exchange.tables import Table, TableRow
from prep.exchange.vocabulary import Field, meanings, plain_word
from prep.exchange.workbook import CellValue
from prep.language import Message, say
from prep.models import Municipality
from prep.registry.contact_values import kind_of_number
from prep.registry.people import LONGEST_NAME
from prep.registry.sites import match_municipality, unknown_municipality
from prep.terms import ContactKind

# The columns of numbers and addresses: what each holds unless the number itself says otherwise, and for what it is.
POINTS: Mapping[str, tuple[ContactKind, str]] = {
    "mobile": (ContactKind.MOBILE, ""),
    "work_phone": (ContactKind.MOBILE, "work"),
    "home_phone": (ContactKind.MOBILE, "home"),
    "landline": (ContactKind.LANDLINE, ""),
    "phone": (ContactKind.MOBILE, ""),
    "satellite": (ContactKind.SATELLITE, ""),
    "email": (ContactKind.EMAIL, ""),
    "radio": (ContactKind.AUTHORITY_RADIO, ""),
    "pager": (ContactKind.PAGER, ""),
    "app": (ContactKind.APP, ""),
}
_ANY_TELEPHONE = frozenset({"work_phone", "home_phone", "phone"})
_PLAIN = ("title", "organisation", "language", "speaks")


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose people a list is about: a municipality by its code, or (None) the county."""

    code: str | None
    name: str


@dataclass(frozen=True, slots=True)
class PointSaid:
    """A number or address that a row tells; ``purpose`` is ``work``, ``home`` or empty."""

    kind: ContactKind
    value: str
    purpose: str


@dataclass(frozen=True, slots=True)
class PostSaid:
    """A post that a row tells, as it is written there; what is None is not told.

    ``ends`` is ``date.max`` where the row says that the term is open.
    """

    role: str
    body: str
    seat: str
    is_deputy: bool | None
    rank: int | None
    starts: date | None
    ends: date | None
    decided_by: str | None
    decided_on: date | None
    decision_section: str | None


@dataclass(frozen=True, slots=True)
class AwaySaid:
    """Days on which somebody is away; ``starts`` None: not told, ``ends`` ``date.max``: until further notice."""

    starts: date | None
    ends: date


@dataclass(frozen=True, slots=True)
class ContactRow:
    """What one row says. What it does not say is left out, and stays as it is in the registry."""

    row: int
    # By which prep named the person in a file that it wrote.
    number: int | None
    name: str
    municipality: str | None
    # title, organisation, language, speaks.
    said: Mapping[str, Any]
    points: tuple[PointSaid, ...]
    post: PostSaid | None
    away: AwaySaid | None

    @property
    def key(self) -> tuple[str | None, tuple[str, ...]]:
        """What a row is known by where no number tells it: the municipality, and the names in any order."""
        return self.municipality, name_key(self.name)

    @property
    def tells_only_a_name(self) -> bool:
        return not (self.said or self.points or self.post or self.away or self.number)


@dataclass(frozen=True, slots=True)
class Context:
    """What is needed beside the table to read its rows."""

    municipalities: Sequence[Municipality]
    # How the county is called, in each language.
    county: frozenset[str]
    on: date
    # Whose list it is; None when each row tells it.
    owner: Owner | None
    # Whether numbers that cannot be dialled are taken: only in a demonstration.
    allow_invented: bool


def name_key(name: str) -> tuple[str, ...]:
    """The parts of a name in one order: lists write the surname first or last.

    >>> name_key("Esimerkki  Aino") == name_key("aino esimerkki")
    True
    """
    return tuple(sorted(plain_word(name).replace(",", " ").split()))


def read_contact_rows(
    table: Table, mapping: ColumnMapping, context: Context
) -> tuple[list[ContactRow], list[Finding]]:
    """Every row that lands, and every finding; a row that does not land has a finding that says so."""
    rows, findings = [], []
    headings = plain_headings(table)
    # What lists write in this column is the same few words over and over.
    known: dict[str, Owner | None] = {}
    for row in table.rows:
        reader = _ContactReader(table, mapping, row, context, known)
        made = None if reader.repeats_headings(headings) else reader.read()
        if made:
            rows.append(made)
        findings += reader.findings
    return rows, findings


class _ContactReader(RowReader):
    """Reads one row of a list of contacts."""

    def __init__(
        self,
        table: Table,
        mapping: ColumnMapping,
        row: TableRow,
        context: Context,
        known: dict[str, Owner | None],
    ):
        super().__init__(table, mapping, row)
        self.context, self.known = context, known

    def read(self) -> ContactRow | None:
        name_match = self.match("name") or self.match("last_name")
        if self.adds_up(name_match, say("The row adds up the others, it is nobody.")):
            return None
        name, owner = self._name(name_match), self._owner()
        if name is None or owner is None:
            return None
        number = self._read("number", cells.read_count)
        return ContactRow(
            row=self.row.number,
            number=number.value,
            name=name,
            municipality=owner.code,
            said=self._said(),
            points=self._points(),
            post=self._post(),
            away=self._away(),
        )

    def _read(self, key: str, read: Any) -> Reading:
        match = self.match(key)
        if match is None:
            return cells.NOTHING
        reading: Reading = self.take(match, read(self.cell(match), self.field(match)))
        return reading

    def _name(self, match: Match | None) -> str | None:
        if self.match("name"):
            name = self._part_of_name("name")
            last, comma, first = name.partition(",")
            if comma and last.strip() and first.strip() and "," not in first:
                name = f"{first.strip()} {last.strip()}"
        else:
            name = f"{self._part_of_name('first_name')} {self._part_of_name('last_name')}".strip()
        fault = self._fault_of_name(name)
        if fault is None:
            return name
        # Why a text was not taken has been said, and the row without its name does not land.
        if name or not any(one.field in _NAMES for one in self.findings):
            self.refuse(match, *fault)
        self.findings = [_refused_if_name(one) for one in self.findings]
        return None

    def _part_of_name(self, key: str) -> str:
        return self._read(key, _one_line).value or ""

    def _fault_of_name(self, name: str) -> tuple[Message, Message] | None:
        if not name:
            return say("The row has no name."), say("Write the name, or leave the row away.")
        if "@" in name or is_telephone_like(name):
            return (
                say("This is a number or an address, not a name."),
                say("Have two columns changed places? Say which column is which."),
            )
        if not any(sign.isalpha() for sign in name):
            return say("A name has letters."), say("Write the name, or leave the row away.")
        if match_municipality(name, self.context.municipalities):
            return (
                say("This is the name of a municipality, not of a person."),
                say("Have two columns changed places? Say which column is which."),
            )
        if len(name) > LONGEST_NAME:
            return (
                say("It has at most {n} letters; this has {found}.", n=LONGEST_NAME, found=len(name)),
                say("Shorten it."),
            )
        return None

    def _owner(self) -> Owner | None:
        match = self.match("municipality")
        text = as_text(self.cell(match)).strip()
        own = self.context.owner
        if not text:
            if own is None:
                self.refuse(match, say("The row does not say which municipality it belongs to."))
            return own
        if text not in self.known:
            self.known[text] = self._owner_called(text)
        found = self.known[text]
        if found is None:
            problem = unknown_municipality("", text, self.context.municipalities)
            self.refuse(match, problem.rule, problem.remedy)
            return None
        if own is not None and found.code != own.code:
            self.refuse(match, say("The row is of another municipality than {own}.", own=own.name))
            return None
        return found

    def _owner_called(self, text: str) -> Owner | None:
        if plain_word(text) in self.context.county or plain_word(text) in meanings("county"):
            return Owner(None, text)
        found = match_municipality(text, self.context.municipalities)
        return Owner(found.code, found.name_fi) if found else None

    def _said(self) -> dict[str, Any]:
        readers = {
            "title": _one_line,
            "organisation": _one_line,
            "language": read_language,
            "speaks": read_languages,
        }
        found = {}
        for key in _PLAIN:
            reading = self._read(key, readers[key])
            if reading.is_said and reading.value is not None:
                found[key] = reading.value
        return found

    def _points(self) -> tuple[PointSaid, ...]:
        found: list[PointSaid] = []
        for match in self.mapping.matches:
            key = match.field.partition(".")[0]
            if key not in POINTS:
                continue
            kind, purpose = POINTS[key]
            for value in self._values(match, kind):
                told = PointSaid(self._kind(match, key, value), value, purpose)
                if value not in {one.value for one in found}:
                    found.append(told)
        return tuple(found)

    def _values(self, match: Match, kind: ContactKind) -> tuple[str, ...]:
        cell, invented = self.cell(match), self.context.allow_invented
        match kind:
            case ContactKind.EMAIL:
                reading = read_addresses(cell, allow_invented=invented)
            case ContactKind.AUTHORITY_RADIO | ContactKind.PAGER | ContactKind.APP:
                reading = read_call_sign(cell, self.field(match))
            case _:
                reading = read_numbers(cell, allow_invented=invented)
        values: tuple[str, ...] = self.take(match, reading).value or ()
        return values

    def _kind(self, match: Match, key: str, value: str) -> ContactKind:
        """What a number is: as it says itself, where it does."""
        kind, _ = POINTS[key]
        if kind not in {ContactKind.MOBILE, ContactKind.LANDLINE}:
            return kind
        told = kind_of_number(value)
        if told is None or told is kind:
            return kind
        if key not in _ANY_TELEPHONE:
            self.remark(match, _OTHER_KIND[told])
        return told

    def _post(self) -> PostSaid | None:
        role, body, seat = (self._read(key, _one_line).value or "" for key in ("role", "body", "seat"))
        if not (role or body or seat):
            return None
        is_deputy, rank = self._read("rank", read_rank).value or (None, None)
        order = self._read("rank_order", cells.read_count).value
        if order is not None:
            is_deputy, rank = order > 0 if is_deputy is None else is_deputy, order
        return PostSaid(
            role=role,
            body=body,
            seat=seat,
            is_deputy=is_deputy,
            rank=rank,
            starts=self._read("starts", days.read_day).value,
            ends=self._read("ends", days.read_last_day).value,
            decided_by=self._read("decided_by", _one_line).value,
            decided_on=self._read("decided_on", self._past_day).value,
            decision_section=self._read("decision_section", _one_line).value,
        )

    def _past_day(self, cell: Any, field: Any) -> Reading:
        return days.read_past_day(cell, field, on=self.context.on)

    def _away(self) -> AwaySaid | None:
        starts = self._read("absent_from", days.read_day).value
        ends = self._read("absent_until", days.read_last_day).value
        if ends is None and starts is not None:
            match = self.match("absent_from")
            self.remark(match, _AWAY_WITHOUT_END)
        return AwaySaid(starts, ends) if ends is not None else None


_NAMES = frozenset({"name", "first_name", "last_name"})
_OTHER_KIND = {
    ContactKind.LANDLINE: Remark(
        Severity.NOTE,
        say("By its first digits it is no mobile number: it was taken as a fixed one."),
        say("Nothing needs to be done; text messages do not reach it."),
    ),
    ContactKind.MOBILE: Remark(
        Severity.NOTE,
        say("By its first digits it is a mobile number: it was taken as one."),
        say("Nothing needs to be done."),
    ),
}
_AWAY_WITHOUT_END = Remark(
    Severity.WARNING,
    say("The row does not say until when: the absence was not taken."),
    say("Write the last day in the column Poissa asti, or toistaiseksi."),
)


def _one_line(cell: CellValue, field: Field) -> Reading:
    reading = cells.read_text(cell, field)
    return replace(reading, value=" ".join(reading.value.split())) if reading.value else reading


def _refused_if_name(finding: Finding) -> Finding:
    """A finding about the name of a row that does not land for it."""
    if finding.field not in _NAMES:
        return finding
    return Finding(
        finding.place, Severity.REFUSED, finding.value, finding.rule, finding.remedy, finding.field
    )
