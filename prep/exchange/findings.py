"""What an import has to say about a list: where, how grave, what stands there, the rule, what to do."""

from dataclasses import dataclass, replace
from enum import StrEnum

from prep.errors import Problem
from prep.language import Message, say
from prep.terms import Language


class Severity(StrEnum):
    """How grave a finding is."""

    REFUSED = "refused"  # the row does not land
    WARNING = "warning"  # the value is not taken, or is taken and doubtful
    NOTE = "note"  # the value is taken, or put right; for the reader to know


class RowKind(StrEnum):
    """What a row of a list is in its file."""

    ROW = "row"  # of a table
    FEATURE = "feature"  # of GeoJSON
    OBJECT = "object"  # of JSON
    PLACEMARK = "placemark"  # of KML


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a list: the file, and as far as it applies the sheet, the row and the column.

    Where rows are objects, a sheet is one of several lists in the file, and a column is a key.
    """

    file: str
    sheet: str | None = None
    row: int | None = None
    column: str | None = None
    rows: RowKind = RowKind.ROW

    def at(self, *, row: int | None = None, column: str | None = None) -> "Place":
        """A place in the same list."""
        return replace(self, row=row, column=column)

    def message(self) -> Message:
        """The place in words.

        >>> str(Place("tilat.xlsx", "Tilat", 7, "C").message())
        'tilat.xlsx, sheet “Tilat”, row 7, column C'
        >>> str(Place("tilat.geojson", None, 3, "nimi", RowKind.FEATURE).message())
        'tilat.geojson, feature 3, key “nimi”'
        """
        # Numbers of rows are names: they are not grouped by thousands.
        parts: list[Message | str] = [self.file]
        is_table = self.rows is RowKind.ROW
        if self.sheet is not None:
            parts.append(
                say("sheet “{sheet}”", sheet=self.sheet)
                if is_table
                else say("list “{list}”", list=self.sheet)
            )
        if self.row is not None:
            parts.append(say(_ROWS[self.rows].template, row=str(self.row)))
        if self.column is not None:
            parts.append(
                say("column {column}", column=self.column)
                if is_table
                else say("key “{key}”", key=self.column)
            )
        return say("{parts}", parts=parts)


_ROWS = {
    RowKind.ROW: say("row {row}"),
    RowKind.FEATURE: say("feature {row}"),
    RowKind.OBJECT: say("object {row}"),
    RowKind.PLACEMARK: say("placemark {row}"),
}


@dataclass(frozen=True, slots=True)
class Remark:
    """What is to be said about a value, before it is known where the value stands."""

    severity: Severity
    rule: Message
    remedy: Message


@dataclass(frozen=True, slots=True)
class Finding:
    """A remark with its place, the value found and the field concerned."""

    place: Place
    severity: Severity
    # As it stands in the list; a telephone number is shown by its last two digits only.
    value: str | None
    rule: Message
    remedy: Message
    field: str | None = None

    def problem(self) -> Problem:
        """The same as a problem, to be shown in the same words as a refusal."""
        return Problem(self.place.message(), self.value, self.rule, self.remedy)

    def in_language(self, language: Language) -> str:
        return self.problem().in_language(language)

    def __str__(self) -> str:
        return self.in_language(Language.EN)


def severity_word(severity: Severity) -> Message:
    """The word by which findings of a severity are headed."""
    return {
        Severity.REFUSED: say("Rows that do not land"),
        Severity.WARNING: say("To be looked at"),
        Severity.NOTE: say("Good to know"),
    }[severity]
