"""The rows of a list of premises as values: what each row says, and what is to be remarked about its cells."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from prep.exchange import cells, days
from prep.exchange.cells import NOT_KNOWN, NOTHING, Reading, as_text, not_taken, said
from prep.exchange.coordinates import read_coordinate_pair, read_coordinates
from prep.exchange.findings import Finding, Remark, Severity
from prep.exchange.key_holders import KeyHolderSaid, read_key_holders
from prep.exchange.mapping import ColumnMapping
from prep.exchange.row_reading import RowReader, plain_headings
from prep.exchange.tables import Table, TableRow
from prep.exchange.vocabulary import Field, fields, meanings, plain_word, unit_in, words
from prep.exchange.workbook import CellValue
from prep.language import say
from prep.models import Municipality
from prep.registry.sites import match_municipality, unknown_municipality
from prep.terms import SiteStatus, SiteUse

_USE_SEPARATORS = str.maketrans(dict.fromkeys(";/+&\n", ","))
_USE_AND = (" ja ", " sekä ", " och ", " samt ", " and ")


@dataclass(frozen=True, slots=True)
class SiteRow:
    """What one row says. What it does not say is left out, and stays as it is in the registry."""

    row: int
    municipality_code: str
    name: str
    # Column of the table of premises: value; None when the row says that it is not known.
    said: Mapping[str, Any]
    # All uses; None when the row says nothing of uses.
    uses: frozenset[SiteUse] | None = None
    # The capacity that the keeper states for a use, where the row says it.
    capacities: Mapping[SiteUse, int | None] = field(default_factory=dict)
    key_holders: tuple[KeyHolderSaid, ...] | None = None

    @property
    def key(self) -> tuple[str, str]:
        """What a row is known by: the municipality's code, and the name without case and needless spaces."""
        return self.municipality_code, plain_word(self.name)


@dataclass(frozen=True, slots=True)
class Context:
    """What is needed beside the table to read its rows."""

    municipalities: Sequence[Municipality]
    on: date
    # The municipality whose list it is; None when each row tells its own.
    municipality: Municipality | None
    # Whether numbers that cannot be dialled are taken: only in a demonstration.
    allow_invented: bool


def read_site_rows(
    table: Table, mapping: ColumnMapping, context: Context
) -> tuple[list[SiteRow], list[Finding]]:
    """Every row that lands, and every finding; a row that does not land has a finding that says so."""
    rows, findings = [], []
    headings = plain_headings(table)
    for row in table.rows:
        reader = _SiteReader(table, mapping, row, context)
        made = None if reader.repeats_headings(headings) else reader.read()
        if made:
            rows.append(made)
        findings += reader.findings
    return rows, findings


class _SiteReader(RowReader):
    """Reads one row of a list of premises."""

    def __init__(self, table: Table, mapping: ColumnMapping, row: TableRow, context: Context):
        super().__init__(table, mapping, row)
        self.context = context

    def read(self) -> SiteRow | None:
        if self.adds_up(
            self.match("name"), say("The row adds up the others, it is not one of the premises.")
        ):
            return None
        code, name = self._municipality(), self._name()
        if code is None or name is None:
            return None
        uses, capacities = self._uses()
        holders, remarks = read_key_holders(self._holder_cells(), allow_invented=self.context.allow_invented)
        for key, remark in remarks:
            self.remark(self.mapping.match(key), remark)
        return SiteRow(
            row=self.row.number,
            municipality_code=code,
            name=name,
            said=self._plain_fields() | self._coordinates(),
            uses=uses,
            capacities=capacities,
            key_holders=holders,
        )

    def _municipality(self) -> str | None:
        match = self.mapping.match("municipality")
        text = as_text(self.cell(match)).strip()
        own = self.context.municipality
        if not text:
            if own is None:
                self.refuse(match, say("The row does not say which municipality it belongs to."))
            return own.code if own else None
        found = match_municipality(text, self.context.municipalities)
        if found is None:
            problem = unknown_municipality("", text, self.context.municipalities)
            self.remark(match, Remark(Severity.REFUSED, problem.rule, problem.remedy))
            return None
        if own is not None and found.code != own.code:
            self.refuse(match, say("The row is of another municipality than {own}.", own=own.name_fi))
            return None
        return found.code

    def _name(self) -> str | None:
        match = self.mapping.match("name")
        reading = cells.read_text(self.cell(match), fields()["name"])
        name = " ".join((reading.value or "").split())
        for remark in reading.remarks:
            severity = remark.severity if name else Severity.REFUSED
            self.remark(match, Remark(severity, remark.rule, remark.remedy))
        if not name and not reading.remarks:
            self.refuse(match, say("The row has no name of premises."))
        return name or None

    def _plain_fields(self) -> dict[str, Any]:
        found = {}
        for match in self.mapping.matches:
            one = self.field(match)
            if one.key in _READ_APART:
                continue
            reading = read_field(one, self.cell(match), on=self.context.on, heading=match.heading)
            if reading is not None and self.take(match, reading).is_said:
                found[one.key] = reading.value
        return found

    def _coordinates(self) -> dict[str, Any]:
        pair = self.mapping.match("coordinates")
        north, east = self.mapping.match("lat"), self.mapping.match("lon")
        reading, match = NOTHING, None
        if north and east:
            reading, match = read_coordinates(self.cell(north), self.cell(east)), north
        if not reading.is_said and not reading.remarks and pair:
            reading, match = read_coordinate_pair(self.cell(pair)), pair
        if match is None or not self.take(match, reading).is_said:
            return {}
        lat, lon = reading.value or (None, None)
        return {"lat": lat, "lon": lon}

    def _uses(self) -> tuple[frozenset[SiteUse] | None, dict[SiteUse, int | None]]:
        found: set[SiteUse] = set()
        denied: set[SiteUse] = set()
        capacities: dict[SiteUse, int | None] = {}
        column = self.mapping.match("uses")
        is_said = False
        if column:
            reading = self.take(column, _read_uses(self.cell(column)))
            is_said = reading.is_said
            found |= reading.value or frozenset()
        for use in SiteUse:
            match = self.mapping.match(f"use.{use}")
            if match is None:
                continue
            reading = self.take(match, _read_use(self.cell(match), self.field(match)))
            if not reading.is_said:
                continue
            is_said = True
            if reading.value is False:
                denied.add(use)
            elif reading.value is not None:
                found.add(use)
                if reading.value is not True:
                    capacities[use] = reading.value
        found -= denied
        capacities |= self._capacity_of_one(found)
        return (frozenset(found) if is_said else None), capacities

    def _capacity_of_one(self, uses: set[SiteUse]) -> dict[SiteUse, int | None]:
        match = self.mapping.match("capacity")
        if match is None:
            return {}
        reading = self.take(match, cells.read_count(self.cell(match), self.field(match)))
        if not reading.is_said:
            return {}
        if len(uses) == 1:
            return {next(iter(uses)): reading.value}
        if reading.value is not None:
            rule = say("The row does not say for which use this number holds: it was not taken.")
            remedy = say("Give each use a column of its own, such as Majoituspaikat.")
            self.remark(match, Remark(Severity.WARNING, rule, remedy))
        return {}

    def _holder_cells(self) -> dict[str, CellValue]:
        keys = ("key_holder", "key_holder_phone", "deputy_key_holder", "deputy_key_holder_phone")
        return {key: self.cell(match) for key in keys if (match := self.mapping.match(key))}


def _read_status(cell: CellValue) -> Reading:
    text = plain_word(as_text(cell))
    if not text:
        return NOTHING
    if text in words("unknown"):
        return said(SiteStatus.UNKNOWN)
    if text in meanings("status"):
        return said(SiteStatus(meanings("status")[text]))
    return not_taken(
        say("It is not known what this says of the availability."),
        say("Write käytettävissä, ehdollinen, käytössä, pois käytöstä or ei tiedossa."),
    )


def _read_uses(cell: CellValue) -> Reading:
    text = plain_word(as_text(cell).translate(_USE_SEPARATORS))
    if not text:
        return NOTHING
    if text in words("unknown"):
        return NOT_KNOWN
    for word in _USE_AND:
        text = text.replace(word, ",")
    parts = [part.strip() for part in text.split(",") if part.strip()]
    known = frozenset(SiteUse(meanings("use")[part]) for part in parts if part in meanings("use"))
    strange = [part for part in parts if part not in meanings("use")]
    if not strange:
        return said(known)
    remark = Remark(
        Severity.WARNING,
        say("These are not uses that prep knows: {words}.", words=strange),
        say("Write kokoamispaikka, kokoamiskeskus, evakuointikeskus, majoitus or ateriahuolto."),
    )
    return Reading(known or None, is_said=bool(known), remarks=(remark,))


def _read_use(cell: CellValue, one: Field) -> Reading:
    """Whether premises have a use: yes, no, or the number of places."""
    yes_no = cells.read_yes_no(cell, one)
    if yes_no.is_said or cell is None:
        return yes_no
    return cells.read_count(cell, one)


def read_field(one: Field, cell: CellValue, *, on: date, heading: str = "") -> Reading | None:
    """What a cell says of a plain field; None for one that is read together with others.

    Parameters
    ----------
    on
        The day: one after it is not taken.
    heading
        That of the column: it may say in which unit a bare number of hours is.
    """
    match one.kind:
        case "text":
            return cells.read_text(cell, one)
        case "number":
            return cells.read_number(cell, one)
        case "count":
            return cells.read_count(cell, one)
        case "hours":
            return cells.read_hours(cell, one, unit=unit_in(heading))
        case "yes_no":
            return cells.read_yes_no(cell, one)
        case "past_day":
            return days.read_past_day(cell, one, on=on)
        case "status":
            return _read_status(cell)
    return None


_READ_APART = frozenset({"name", "capacity", "key_holder", "deputy_key_holder"})
