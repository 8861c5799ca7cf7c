"""The rows of a list of premises as values: what each row says, and what is to be remarked about its cells."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from prep.exchange import cells, days
from prep.exchange.cells import NOT_KNOWN, NOTHING, Reading, as_text, not_taken, said
from prep.exchange.coordinates import read_coordinate_pair, read_coordinates
from prep.exchange.findings import Finding, Remark, Severity
from prep.exchange.key_holders import KeyHolderSaid, read_key_holders
from prep.exchange.mapping import ColumnMapping
from prep.exchange.row_reading import RowReader, plain_headings
from prep.exchange.site_evidence import EvidenceSaid, read_evidence
from prep.exchange.site_units import UnitRow
from prep.exchange.tables import Table, TableRow
from prep.exchange.vocabulary import Field, fields, meanings, plain_word, unit_in, words
from prep.exchange.workbook import CellValue
from prep.language import say
from prep.models import Municipality
from prep.models.sites import UNIT_COLUMNS
from prep.registry.sites import match_municipality, unknown_municipality
from prep.terms import SiteFeature, SiteStatus, SiteUse

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
    evidence: Mapping[SiteFeature, EvidenceSaid | None] = field(default_factory=dict)
    units: tuple[UnitRow, ...] = ()
    # The list has rows of units of the premises only: they have to be in the registry.
    is_units_only: bool = False

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
    """Every row that lands, and every finding; a row that does not land has a finding that says so.

    The rows of units stand with those of their premises, in the order of the list.
    """
    rows: list[SiteRow] = []
    units: list[UnitRow] = []
    findings: list[Finding] = []
    headings = plain_headings(table)
    for row in table.rows:
        reader = _SiteReader(table, mapping, row, context)
        made = None if reader.repeats_headings(headings) else reader.read()
        if isinstance(made, UnitRow):
            units.append(made)
        elif made:
            rows.append(made)
        findings += reader.findings
    return _with_units(rows, units), findings


def _with_units(rows: list[SiteRow], units: list[UnitRow]) -> list[SiteRow]:
    of_site: dict[tuple[str, str], list[UnitRow]] = {}
    for unit in units:
        of_site.setdefault(unit.site_key, []).append(unit)
    # Rows that name the same premises twice are refused later; the units belong to the first.
    found = [replace(row, units=tuple(of_site.pop(row.key, ()))) for row in rows]
    for only in of_site.values():
        first = only[0]
        alone = SiteRow(
            row=first.row,
            municipality_code=first.municipality_code,
            name=first.site_name,
            said={},
            units=tuple(only),
            is_units_only=True,
        )
        found.append(alone)
    return found


class _SiteReader(RowReader):
    """Reads one row of a list of premises."""

    def __init__(self, table: Table, mapping: ColumnMapping, row: TableRow, context: Context):
        super().__init__(table, mapping, row)
        self.context = context

    def read(self) -> SiteRow | UnitRow | None:
        if self.adds_up(
            self.match("name"), say("The row adds up the others, it is not one of the premises.")
        ):
            return None
        code, name = self._municipality(), self._name()
        if code is None or name is None:
            return None
        if unit := " ".join(as_text(self.cell(self.mapping.match("unit"))).split()):
            return self._unit(code, name, unit)
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
            evidence=self._evidence(),
        )

    def _unit(self, code: str, site_name: str, name: str) -> UnitRow | None:
        column = self.mapping.match("unit")
        reading = cells.read_text(name, fields()["unit"])
        if not reading.value:
            for remark in reading.remarks:
                self.remark(column, Remark(Severity.REFUSED, remark.rule, remark.remedy))
            return None
        foreign = [
            match.heading
            for match in self.mapping.matches
            if match.field not in _OF_UNIT and self.cell(match) is not None
        ]
        if foreign:
            rule = say(
                "The row is of a unit; this is told of whole premises, and was not taken: {what}.",
                what=foreign,
            )
            remedy = say("Write it on the row of the premises, where the name of the unit is empty.")
            self.remark(column, Remark(Severity.NOTE, rule, remedy))
        uses, capacities = self._uses()
        return UnitRow(
            row=self.row.number,
            municipality_code=code,
            site_name=site_name,
            name=reading.value,
            said=self._plain_fields(only=_UNIT_FIELDS),
            uses=uses,
            capacities=capacities,
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

    def _plain_fields(self, only: frozenset[str] | None = None) -> dict[str, Any]:
        found = {}
        for match in self.mapping.matches:
            one = self.field(match)
            if one.key in _READ_APART or one.kind == "evidence" or (only is not None and one.key not in only):
                continue
            reading = read_field(one, self.cell(match), on=self.context.on, heading=match.heading)
            if reading is not None and self.take(match, reading).is_said:
                found[one.key] = reading.value
        return found

    def _evidence(self) -> dict[SiteFeature, EvidenceSaid | None]:
        found = {}
        for feature in SiteFeature:
            match = self.mapping.match(f"evidence.{feature}")
            if match is None:
                continue
            one = self.field(match)
            reading = self.take(match, read_evidence(self.cell(match), one, on=self.context.on))
            if reading.is_said:
                found[feature] = reading.value
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
        names = ("key_holder", "deputy_key_holder", "authoriser")
        keys = [key for name in names for key in (name, f"{name}_phone")]
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
        say(
            "Write käytettävissä, ehdollinen, käytössä, pois käytöstä, tarjottu, poistettu luettelosta "
            "or ei tiedossa."
        ),
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
        case "evidence":
            return read_evidence(cell, one, on=on)
        case "status":
            return _read_status(cell)
    return None


_READ_APART = frozenset({"name", "unit", "capacity", "key_holder", "deputy_key_holder", "authoriser"})
_UNIT_FIELDS = frozenset((*UNIT_COLUMNS, "note"))
_OF_UNIT = _UNIT_FIELDS | {
    "name",
    "municipality",
    "unit",
    "uses",
    "capacity",
    *(f"use.{use}" for use in SiteUse),
}
