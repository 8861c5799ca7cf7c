"""What the pages have in common that import a list: the file, what its columns tell, what is to be said about it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from flask import request

from prep.errors import Conflict, Problem
from prep.exchange.findings import Finding, Severity, severity_word
from prep.exchange.mapping import ColumnMapping
from prep.exchange.tables import MAX_BYTES, MAX_COLUMNS, Table, column_letter, read_table
from prep.exchange.vocabulary import ListKind, fields, recognised
from prep.language import Message, say
from prep.terms import State
from prep.web.language import page_language
from prep.web.uploads import Upload, sent_file

OWNER, SHEET, COLUMN, DIGEST = "kenen", "taulukko", "sarake-", "tunniste"
# A page is for reading; the rest of a long list is counted, and told whole on the command line.
MOST_SHOWN = 200
# How often a column comes again in the choices, such as "Puhelin 3".
_MOST_TIMES = 4
_COLUMN_NUMBERS = frozenset(str(number) for number in range(MAX_COLUMNS))
_SIGNS = {Severity.REFUSED: State.FAULT, Severity.WARNING: State.WARNING, Severity.NOTE: State.UNKNOWN}


@dataclass(frozen=True, slots=True)
class SentList:
    """A list that was sent: the file, which sheet of it, and what its columns were said to tell."""

    upload: Upload
    sheet: str
    columns: Mapping[int, str]

    def table(self, kind: ListKind) -> Table:
        """The list in the file."""
        return read_table(self.upload.content, name=self.upload.name, sheet=self.sheet or None, kind=kind)


@dataclass(frozen=True, slots=True)
class ColumnChoice:
    """A column of the list, what stands in it first, and what it is taken for."""

    number: int
    letter: str
    heading: str
    example: str
    field: str


@dataclass(frozen=True, slots=True)
class Told:
    """Findings of one severity, as many as a page holds."""

    title: Message
    state: State
    sentences: list[str]
    total: int


def sent_list() -> SentList:
    """What the form brings.

    Raises
    ------
    Refused
        If there is no file, or too large a one.
    """
    upload = sent_file(MAX_BYTES)
    columns = {
        int(number): value
        for name, value in request.form.items()
        if (number := name.removeprefix(COLUMN)) in _COLUMN_NUMBERS
    }
    return SentList(upload, request.form.get(SHEET, "").strip(), columns)


def other_difference(table: Table) -> Conflict:
    """The answer to a change that is no longer the one that was looked at."""
    return Conflict(
        Problem(
            place=table.file,
            value=None,
            rule=say("The difference is another one than you looked at; nothing has been changed."),
            remedy=say("Look through the difference below, which is that of now, and import it then."),
        )
    )


def told(findings: Iterable[Finding]) -> list[Told]:
    """Everything that is to be said about a list, the gravest first."""
    found = list(findings)
    return [one for severity in Severity if (one := _told(severity, found)).total]


def column_choices(
    table: Table, sent: SentList, mapping: ColumnMapping | None, kind: ListKind
) -> list[ColumnChoice]:
    """Every column with what it is taken for: as planned, else as was said, else as its heading sounds."""
    found = []
    for number, heading in enumerate(table.headings):
        if mapping is not None:
            field = next((one.field for one in mapping.matches if one.column == number), "")
        else:
            guesses = recognised(heading, kind)
            field = sent.columns.get(number, guesses[0][1] if guesses else "")
        example = next((str(row.cells[number]) for row in table.rows if row.cells[number] is not None), "")
        if heading or example:
            found.append(ColumnChoice(number, column_letter(number), heading, example[:60], field))
    return found


def known_fields(kind: ListKind, word_of: Callable[[str], str]) -> Callable[[str], list[tuple[str, str]]]:
    """What a column can tell, in words, given what it is taken for; of those that come again, a few."""

    def known(chosen: str) -> list[tuple[str, str]]:
        return [(key, word_of(key)) for key in fields(kind) if key == chosen or _turn(key) <= _MOST_TIMES]

    return known


def _turn(key: str) -> int:
    """Which of several columns of one kind it is: 2 for ``mobile.2``."""
    again = key.partition(".")[2]
    return int(again) if again.isdecimal() else 1


def _told(severity: Severity, findings: Iterable[Finding]) -> Told:
    found = [one for one in findings if one.severity is severity]
    sentences = [one.in_language(page_language()) for one in found[:MOST_SHOWN]]
    return Told(severity_word(severity), _SIGNS[severity], sentences, len(found))
