"""Which column of a list tells what: guessed by its heading, or said by the user."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from rapidfuzz import fuzz, process, utils

from prep.errors import Problem, Refused
from prep.exchange.findings import Finding, Severity
from prep.exchange.tables import Table, column_letter
from prep.exchange.vocabulary import EXACT, Field, ListKind, fields, recognised
from prep.language import Message, say

if TYPE_CHECKING:
    from prep.exchange.remembering import SaidBefore


@dataclass(frozen=True, slots=True)
class Match:
    """A column (counted from 0) and the field that it tells; the confidence is from 0 to 100."""

    column: int
    heading: str
    field: str
    confidence: int
    is_given: bool = False
    # The day on which somebody said it of a list before.
    said_on: date | None = None

    @property
    def letter(self) -> str:
        return column_letter(self.column)


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """What each column tells, in the order of the columns, and the columns of which nobody knows."""

    matches: tuple[Match, ...]
    # Column, heading; the heading is empty where values stand without one.
    unmapped: tuple[tuple[int, str], ...]
    findings: tuple[Finding, ...]

    def match(self, field: str) -> Match | None:
        """The column that tells a field; None when none does."""
        return next((one for one in self.matches if one.field == field), None)


def map_columns(
    table: Table,
    *,
    given: Mapping[str, str] | Mapping[int, str] | None = None,
    before: Mapping[int, "SaidBefore"] | None = None,
    needs_municipality: bool = True,
) -> ColumnMapping:
    """The mapping of a table: what the user gives first, then what was said before, the rest by likeness of headings.

    The surest matches are settled first, among equals the column further to the left; a field is told by one
    column. The same table always gives the same mapping.

    Parameters
    ----------
    given
        Field by heading or letter of the column, or by its number from 0; an empty field leaves the column out.
    before
        What somebody said of the columns of such a list before, by their number from 0.
    needs_municipality
        Whether a column must tell the municipality.

    Raises
    ------
    Refused
        If a given field or column does not exist, or a required column is missing.
    """
    matches = _with_said_before(table, _given(table, given or {}), before or {})
    ignored = {match.column for match in matches if not match.field}
    taken = {match.field for match in matches if match.field}
    findings = [_as_said(table, match, match.said_on) for match in matches if match.said_on]
    _guess(table, matches, taken)
    matches = sorted((match for match in matches if match.field), key=lambda match: match.column)
    mapped = {match.column for match in matches}
    unmapped = tuple(
        (column, heading)
        for column, heading in enumerate(table.headings)
        if column not in mapped and column not in ignored and (heading or _has_values(table, column))
    )
    _refuse_missing(table, taken, unmapped, needs_municipality=needs_municipality)
    findings += [
        _guessed(table, match) for match in matches if not match.is_given and match.confidence < EXACT
    ]
    findings += [
        _unread(table, column, heading) for column, heading in unmapped if _has_values(table, column)
    ]
    return ColumnMapping(matches=tuple(matches), unmapped=unmapped, findings=tuple(findings))


def field_of(match: Match, kind: ListKind = ListKind.PREMISES) -> Field:
    """The field that a column tells."""
    return fields(kind)[match.field]


def guessed_fields(table: Table) -> dict[int, str]:
    """What each column would be taken for if nobody said anything; columns of which nothing is guessed are left out."""
    matches: list[Match] = []
    _guess(table, matches, set())
    return {match.column: match.field for match in matches}


def _guess(table: Table, matches: list[Match], taken: set[str]) -> None:
    """Add the guesses for columns that are not matched yet, the surest first."""
    matched = {match.column for match in matches}
    for confidence, column, field in _candidates(table):
        if field not in taken and column not in matched:
            matches.append(Match(column, table.headings[column], field, confidence))
            taken.add(field)
            matched.add(column)


def _with_said_before(table: Table, matches: list[Match], before: Mapping[int, "SaidBefore"]) -> list[Match]:
    """What the user gives, with the day where it was said before already, and what was said before of other columns."""
    found = [
        replace(match, said_on=before[match.column].said_on)
        if match.column in before and before[match.column].field == match.field
        else match
        for match in matches
    ]
    columns, taken = {match.column for match in found}, {match.field for match in found}
    for column, said in before.items():
        if column not in columns and (not said.field or said.field not in taken):
            heading = table.headings[column]
            found.append(Match(column, heading, said.field, EXACT, is_given=True, said_on=said.said_on))
            taken.add(said.field)
    return found


def _candidates(table: Table) -> list[tuple[int, int, str]]:
    order = {key: number for number, key in enumerate(fields(table.kind))}
    found = [
        (confidence, column, field)
        for column, heading in enumerate(table.headings)
        for confidence, field in recognised(heading, table.kind)
    ]
    return sorted(found, key=lambda one: (-one[0], one[1], order[one[2]]))


def _given(table: Table, given: Mapping[str, str] | Mapping[int, str]) -> list[Match]:
    matches, problems = [], []
    for heading, field in given.items():
        column = column_of(table, heading)
        if column is None:
            problems.append(
                Problem(
                    place=table.place(row=table.heading_row).message(),
                    value=str(heading),
                    rule=say("There is no column of this heading or letter."),
                    remedy=say(
                        "The headings are: {headings}.", headings=[one for one in table.headings if one]
                    ),
                )
            )
        elif field and field not in fields(table.kind):
            problems.append(
                Problem(
                    place=table.place(row=table.heading_row, column=column).message(),
                    value=field,
                    rule=say("Such a list tells nothing of this name."),
                    remedy=say("Use one of {known}.", known=_nearest(field, fields(table.kind))),
                )
            )
        else:
            matches.append(Match(column, table.headings[column], field, EXACT, is_given=True))
    by_field = {match.field: match for match in reversed(matches)}
    problems += [
        Problem(
            place=table.place(row=table.heading_row, column=match.column).message(),
            value=match.heading or None,
            rule=say("Column {column} was said to tell the same.", column=by_field[match.field].letter),
            remedy=say("Say it of one column, and leave the other out."),
        )
        for match in matches
        if match.field and match is not by_field[match.field]
    ]
    if problems:
        raise Refused(problems)
    return matches


def column_of(table: Table, heading: str | int) -> int | None:
    """The column (from 0) of a heading, a letter or a number; None when there is none."""
    if isinstance(heading, int):
        return heading if heading < len(table.headings) else None
    wanted = heading.strip().casefold()
    for column, one in enumerate(table.headings):
        if one.strip().casefold() == wanted:
            return column
    letters = [column_letter(column).casefold() for column in range(len(table.headings))]
    return letters.index(wanted) if wanted in letters else None


def _refuse_missing(
    table: Table,
    taken: set[str],
    unmapped: Iterable[tuple[int, str]],
    *,
    needs_municipality: bool,
) -> None:
    problems = []
    for field, others in _REQUIRED[table.kind].items():
        if taken & {field, *others} or (field == "municipality" and not needs_municipality):
            continue
        left_over = [heading for _, heading in unmapped if heading]
        problems.append(
            Problem(
                place=table.place(row=table.heading_row).message(),
                value=None,
                rule=_MISSING[table.kind, field],
                remedy=say("Say which column it is; these are not known: {headings}.", headings=left_over)
                if left_over
                else _ADD[table.kind, field],
            )
        )
    if problems:
        raise Refused(problems)


# What must be told, and by which columns it can be told as well.
_REQUIRED: Mapping[ListKind, Mapping[str, tuple[str, ...]]] = {
    ListKind.PREMISES: {"municipality": (), "name": ()},
    ListKind.CONTACTS: {"municipality": (), "name": ("last_name",)},
}
_NO_MUNICIPALITY = say("No column tells the municipality (Kunta, Kommun).")
_MISSING: Mapping[tuple[ListKind, str], Message] = {
    (ListKind.PREMISES, "municipality"): _NO_MUNICIPALITY,
    (ListKind.PREMISES, "name"): say("No column tells the name of the premises (Kohteen nimi, Namn)."),
    (ListKind.CONTACTS, "municipality"): _NO_MUNICIPALITY,
    (ListKind.CONTACTS, "name"): say("No column tells the name (Nimi, or Sukunimi and Etunimi; Namn)."),
}
_ADD_MUNICIPALITY = say("Add a column Kunta, or say of which municipality the list is.")
_ADD: Mapping[tuple[ListKind, str], Message] = {
    (ListKind.PREMISES, "municipality"): _ADD_MUNICIPALITY,
    (ListKind.PREMISES, "name"): say("Add a column Kohteen nimi."),
    (ListKind.CONTACTS, "municipality"): _ADD_MUNICIPALITY,
    (ListKind.CONTACTS, "name"): say("Add a column Nimi."),
}


def _has_values(table: Table, column: int) -> bool:
    return any(row.cells[column] is not None for row in table.rows)


def _nearest(wanted: str, known: Iterable[str]) -> list[str]:
    return [
        name
        for name, _, _ in process.extract(
            wanted, list(known), scorer=fuzz.ratio, processor=utils.default_process, limit=5
        )
    ]


def _guessed(table: Table, match: Match) -> Finding:
    return Finding(
        place=table.place(row=table.heading_row, column=match.column),
        severity=Severity.NOTE,
        value=match.heading,
        rule=say("The meaning of this column was guessed from its heading."),
        remedy=say("Check the guess in the list of columns; say the right one if it is wrong."),
        field=match.field,
    )


def _as_said(table: Table, match: Match, said_on: date | None) -> Finding:
    return Finding(
        place=table.place(row=table.heading_row, column=match.column),
        severity=Severity.NOTE,
        value=match.heading or None,
        rule=say("As was said on {day}, the column is left out.", day=said_on)
        if not match.field
        else say("As was said on {day}, the column is read for what it tells.", day=said_on),
        remedy=say("Say otherwise in the list of columns, or have it forgotten."),
        field=match.field or None,
    )


def _unread(table: Table, column: int, heading: str) -> Finding:
    return Finding(
        place=table.place(row=table.heading_row, column=column),
        severity=Severity.NOTE,
        value=heading or None,
        rule=say("It is not known what this column tells: it was not read."),
        remedy=say("Say what it is, or leave it: nothing of it is kept."),
    )
