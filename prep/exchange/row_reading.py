"""Reading one row of a list: its cells by field, and what is to be remarked about them, with the place."""

from prep.exchange.cells import Reading, as_text
from prep.exchange.findings import Finding, Remark, Severity
from prep.exchange.mapping import ColumnMapping, Match, field_of
from prep.exchange.tables import Table, TableRow
from prep.exchange.telephones import masked
from prep.exchange.vocabulary import Field, plain_heading, plain_word
from prep.exchange.workbook import CellValue
from prep.language import Message, say

# Rows below a list that add it up.
_SUMS = ("yhteensä", "summa", "kaikki yhteensä", "summa summarum", "totalt", "sammanlagt", "total", "sum")
# Fields of which a message shows no more than the last two digits.
_HIDDEN_KINDS = frozenset({"telephone", "call_sign"})


def plain_headings(table: Table) -> frozenset[str]:
    """The headings of a table without case and punctuation."""
    return frozenset(plain_heading(heading) for heading in table.headings if heading)


class RowReader:
    """One row that is being read, and the findings gathered on the way."""

    def __init__(self, table: Table, mapping: ColumnMapping, row: TableRow):
        self.table, self.mapping, self.row = table, mapping, row
        self.findings: list[Finding] = []

    def match(self, key: str) -> Match | None:
        """The column that tells a field."""
        return self.mapping.match(key)

    def field(self, match: Match) -> Field:
        """The field that a column tells."""
        return field_of(match, self.table.kind)

    def cell(self, match: Match | None) -> CellValue:
        """What stands in a column; nothing where there is no such column."""
        return None if match is None else self.row.cells[match.column]

    def remark(self, match: Match | None, remark: Remark) -> None:
        """Note what is to be said about a cell, or about the row."""
        cell = self.cell(match)
        is_hidden = match is not None and self.field(match).kind in _HIDDEN_KINDS
        self.findings.append(
            Finding(
                place=self.table.place(row=self.row.number, column=match.column if match else None),
                severity=remark.severity,
                value=masked(cell) if is_hidden else (as_text(cell) or None),
                rule=remark.rule,
                remedy=remark.remedy,
                field=match.field if match else None,
            )
        )

    def take(self, match: Match, reading: Reading) -> Reading:
        """What a reading says, its remarks noted."""
        for remark in reading.remarks:
            self.remark(match, remark)
        return reading

    def refuse(self, match: Match | None, rule: Message, remedy: Message | None = None) -> None:
        """Note why the row does not land."""
        remedy = remedy or say("Mend the row and import the list again, or leave it away.")
        self.remark(match, Remark(Severity.REFUSED, rule, remedy))

    def repeats_headings(self, headings: frozenset[str]) -> bool:
        """Whether the row says the headings again, as lists do that were put together; a finding says so."""
        filled = [cell for cell in self.row.cells if cell is not None]
        alike = sum(isinstance(cell, str) and plain_heading(cell) in headings for cell in filled)
        if not (len(filled) > 1 and 2 * alike > len(filled)):
            return False
        self.refuse(None, say("The row repeats the headings."), say("Nothing needs to be done."))
        return True

    def adds_up(self, match: Match | None, rule: Message) -> bool:
        """Whether the row adds up those above it; the word may stand in any of its first two cells."""
        first = [as_text(cell) for cell in (self.cell(match), *self.row.cells[:2])]
        if not any(plain_word(text).rstrip(":") in _SUMS for text in first):
            return False
        self.refuse(match, rule)
        return True
