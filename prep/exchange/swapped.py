"""Columns that have changed places: names where numbers should be, numbers where names should be."""

from collections.abc import Callable, Iterator, Mapping

from prep.exchange.cells import as_text
from prep.exchange.contact_cells import is_telephone_like
from prep.exchange.findings import Finding, Severity
from prep.exchange.mapping import ColumnMapping, field_of
from prep.exchange.tables import Table
from prep.exchange.telephones import is_masked
from prep.language import Message, say

# Of fewer cells nothing is said.
_FEWEST = 3
# More than half of the cells are of another kind.
_SHARE = 0.5
# A few hundred cells tell it; the rest of a long list would say the same.
_SAMPLE = 300


def swapped_columns(table: Table, mapping: ColumnMapping) -> Iterator[Finding]:
    """A finding for each column that mostly holds what belongs into another."""
    for match in mapping.matches:
        rule = _RULES.get(_kind(match.field, field_of(match, table.kind).kind))
        if rule is None:
            continue
        is_wrong, sentence = rule
        filled = [
            as_text(row.cells[match.column])
            for row in table.rows[:_SAMPLE]
            if row.cells[match.column] is not None
        ]
        wrong = sum(is_wrong(text) for text in filled)
        if len(filled) >= _FEWEST and wrong > _SHARE * len(filled):
            yield Finding(
                place=table.place(row=table.heading_row, column=match.column),
                severity=Severity.WARNING,
                value=match.heading,
                rule=sentence,
                remedy=say("Have two columns changed places? Say which column is which."),
                field=match.field,
            )


def _kind(key: str, kind: str) -> str:
    return "name" if key in {"name", "last_name", "first_name"} else kind


def _is_no_number(text: str) -> bool:
    return not any(sign.isdigit() for sign in text) and not is_masked(text)


def _is_no_name(text: str) -> bool:
    return "@" in text or is_telephone_like(text)


def _is_no_address(text: str) -> bool:
    return "@" not in text and not is_masked(text)


_RULES: Mapping[str, tuple[Callable[[str], bool], Message]] = {
    "telephone": (_is_no_number, say("Most cells of this column hold no number.")),
    "name": (_is_no_name, say("Most cells of this column hold numbers or addresses, not names.")),
    "email": (_is_no_address, say("Most cells of this column hold no e-mail address.")),
}
