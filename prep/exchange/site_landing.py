"""Which rows of a list of premises land: each of the premises once, and units only where their premises are known."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from prep.exchange.findings import Finding, Severity
from prep.exchange.site_rows import SiteRow
from prep.exchange.site_units import UnitRow
from prep.exchange.tables import Table
from prep.exchange.vocabulary import plain_word
from prep.language import Message, say
from prep.models import Site
from prep.terms import SiteStatus


def once_each(table: Table, rows: Iterable[SiteRow]) -> tuple[list[SiteRow], list[Finding]]:
    """The rows without those that name premises which a row above has named already, and findings for these."""
    first: dict[tuple[str, str], SiteRow] = {}
    findings = []

    def again(row: int, name: str, earlier: int, field: str) -> None:
        rule = say("Row {row} has the same name in the same municipality.", row=str(earlier))
        remedy = say("Leave one of the rows away, or give the premises different names.")
        findings.append(_refused(table, row, name, rule, remedy, field=field))

    for row in rows:
        earlier = first.setdefault(row.key, row)
        if earlier is not row:
            again(row.row, row.name, earlier.row, "name")
    for key, row in first.items():
        units: dict[str, UnitRow] = {}
        for unit in row.units:
            known = units.setdefault(plain_word(unit.name), unit)
            if known is not unit:
                again(unit.row, unit.name, known.row, "unit")
        first[key] = replace(row, units=tuple(units.values()))
    return list(first.values()), findings


def of_known_premises(
    table: Table, rows: Iterable[SiteRow], by_key: Mapping[tuple[str, str], Site]
) -> tuple[list[SiteRow], list[Finding]]:
    """The rows without those of units whose premises nobody knows, and findings for these."""
    kept, findings = [], []
    for row in rows:
        if not row.is_units_only or row.key in by_key:
            kept.append(row)
            continue
        rule = say("There are no premises of this name, neither in the list nor in the registry.")
        remedy = say("Add a row of the premises themselves, on which the name of the unit is empty.")
        findings += [_refused(table, one.row, one.name, rule, remedy, field="unit") for one in row.units]
    return kept, findings


def without_uses(table: Table, new: Iterable[SiteRow]) -> list[Finding]:
    """A finding for each of the new premises of which the list does not say what they are for."""
    return [
        Finding(
            place=table.place(row=row.row),
            severity=Severity.NOTE,
            value=row.name,
            rule=say("The row does not say what the premises are used for."),
            remedy=say("Without a use no places are counted: add it to the list or on the page."),
            field="uses",
        )
        for row in new
        if not row.uses
    ]


def withdrawn_ones(
    table: Table, rows: Iterable[SiteRow], by_key: Mapping[tuple[str, str], Site]
) -> list[Finding]:
    """A finding for each row of premises that have been withdrawn, and which it does not take back onto the list."""
    return [
        Finding(
            place=table.place(row=row.row),
            severity=Severity.WARNING,
            value=row.name,
            rule=say(
                "The premises have been withdrawn, and the row does not say whether they can be had again."
            ),
            remedy=say("They stay off the list: take them back on their page, or write their availability."),
            field="status",
        )
        for row in rows
        if (site := by_key.get(row.key)) is not None
        and site.status is SiteStatus.WITHDRAWN
        and row.said.get("status", SiteStatus.WITHDRAWN) is SiteStatus.WITHDRAWN
    ]


def _refused(table: Table, row: int, value: str, rule: Message, remedy: Message, *, field: str) -> Finding:
    return Finding(table.place(row=row), Severity.REFUSED, value, rule, remedy, field)
