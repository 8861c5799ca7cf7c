"""What an import has to say about a list: where, how grave, what stands there, the rule, what to do."""

from dataclasses import dataclass
from enum import StrEnum

from prep.errors import Problem
from prep.language import Message, say
from prep.terms import Language


class Severity(StrEnum):
    """How grave a finding is."""

    REFUSED = "refused"  # the row does not land
    WARNING = "warning"  # the value is not taken, or is taken and doubtful
    NOTE = "note"  # the value is taken, or put right; for the reader to know


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a list: the file, and as far as it applies the sheet, the row and the column."""

    file: str
    sheet: str | None = None
    row: int | None = None
    column: str | None = None

    def message(self) -> Message:
        """The place in words.

        >>> str(Place("tilat.xlsx", "Tilat", 7, "C").message())
        'tilat.xlsx, sheet “Tilat”, row 7, column C'
        """
        # Numbers of rows are names: they are not grouped by thousands.
        parts: list[Message | str] = [self.file]
        if self.sheet is not None:
            parts.append(say("sheet “{sheet}”", sheet=self.sheet))
        if self.row is not None:
            parts.append(say("row {row}", row=str(self.row)))
        if self.column is not None:
            parts.append(say("column {column}", column=self.column))
        return say("{parts}", parts=parts)


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
