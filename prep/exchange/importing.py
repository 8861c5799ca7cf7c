"""Importing a list of premises: first the difference to the registry, then, if wanted, the change.

A row is known by its municipality and its name. What a row does not say stays as it is. A row that stands in
the registry and not in the list is told, never taken away. Importing confirms a row only when the list itself
says on which day it was confirmed.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from prep.errors import Problem, Refused
from prep.evacuation.norm_records import county_norms
from prep.exchange.doubles import doubles
from prep.exchange.doubts import doubts_about_values
from prep.exchange.findings import Finding
from prep.exchange.key_holders import holders_after, holders_of, set_key_holders
from prep.exchange.mapping import ColumnMapping, map_columns
from prep.exchange.remembering import said_before
from prep.exchange.site_evidence import evidence_of, set_evidence
from prep.exchange.site_landing import of_known_premises, once_each, withdrawn_ones, without_uses
from prep.exchange.site_rows import Context, SiteRow, read_site_rows
from prep.exchange.site_units import set_units, unit_changes, uses_after, uses_of_units
from prep.exchange.tables import Table
from prep.exchange.vocabulary import plain_word
from prep.exchange.words import field_word
from prep.language import Message, say
from prep.models import Installation, Municipality, Site, SiteUnit, SiteUseRow
from prep.regions.land import land_of
from prep.registry.install import installed_pack
from prep.registry.site_units import uses_of
from prep.registry.sites import municipalities
from prep.terms import SiteStatus, SiteUse

_MAX_SOURCE = 300


@dataclass(frozen=True, slots=True)
class Change:
    """One field of premises before and after: a column, ``uses``, ``key_holders`` or ``evidence.…``.

    Of a unit of theirs where ``unit`` names one: a column, ``uses``, or ``unit`` where it is new.
    """

    field: str
    before: Any
    after: Any
    unit: str = ""

    @property
    def word(self) -> Message:
        """What has changed, in words."""
        word = field_word(self.field)
        return say("{unit}: {what}", unit=self.unit, what=word) if self.unit else word


@dataclass(frozen=True, slots=True)
class ChangedSite:
    """Premises of the registry that the list would change; ``version`` is that of the row looked at."""

    site_id: int
    version: int
    row: SiteRow
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class GoneSite:
    """Premises that stand in the registry and not in the list."""

    site_id: int
    municipality_code: str
    name: str


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """What a list would change, and everything that is to be said about it.

    Every row below the headings is in ``new``, ``changed``, ``unchanged`` or ``refused``; one of a unit with the row
    of its premises.
    """

    file: str
    sheet: str | None
    on: date
    mapping: ColumnMapping
    new: tuple[SiteRow, ...]
    changed: tuple[ChangedSite, ...]
    unchanged: tuple[SiteRow, ...]
    # Numbers of the rows that do not land; each has a finding.
    refused: tuple[int, ...]
    gone: tuple[GoneSite, ...]
    findings: tuple[Finding, ...]

    @property
    def changes_something(self) -> bool:
        """Whether there is anything to apply."""
        return bool(self.new or self.changed)

    @property
    def digest(self) -> str:
        """The same for the same changes: what was looked at is what is applied."""
        steps = [[asdict(one) for one in self.new], [asdict(one) for one in self.changed]]
        written = json.dumps([str(self.on), steps], default=_plain)
        return hashlib.sha256(written.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Applied:
    """How many premises were added and how many changed."""

    new: int
    changed: int


def plan_import(
    session: Session,
    table: Table,
    *,
    on: date,
    mapping: Mapping[str, str] | Mapping[int, str] | None = None,
    municipality: Municipality | None = None,
    boundaries: Path | None = None,
) -> ImportPlan:
    """What the list would change. Nothing is changed.

    Parameters
    ----------
    on
        The day: a confirmation after it is not taken.
    mapping
        Field by heading, letter or number of the column, where the guess is not wanted.
    municipality
        The municipality whose list it is; then rows need not tell it, and rows of others do not land.

    boundaries
        The file of the official borders of the county, if it has imported them: places off its land are told.

    Raises
    ------
    Refused
        If a required column is missing or the mapping names what does not exist.
    """
    code = municipality.code if municipality else None
    columns = map_columns(
        table,
        given=mapping,
        before=said_before(session, table, municipality=code),
        needs_municipality=municipality is None,
    )
    known = municipalities(session)
    installation = session.get(Installation, 1)
    context = Context(
        municipalities=known,
        on=on,
        municipality=municipality,
        allow_invented=installation is not None and installation.is_demo,
    )
    read, findings = read_site_rows(table, columns, context)
    rows, repeated = once_each(table, read)
    codes = {row.municipality_code for row in rows} | ({municipality.code} if municipality else set())
    sites = _sites(session, codes)
    by_key = {_key(site): site for site in sites}
    rows, homeless = of_known_premises(table, rows, by_key)
    new, changed, unchanged = _compared(rows, by_key, table.file)
    named = {row.key for row in rows}
    gone = [site for site in sites if _key(site) not in named and site.status is not SiteStatus.WITHDRAWN]
    findings = [
        *table.findings,
        *columns.findings,
        *findings,
        *repeated,
        *homeless,
        *doubts_about_values(
            table,
            columns,
            rows,
            known,
            on=on,
            norms=county_norms(session),
            land=land_of(installed_pack(session), boundaries) if boundaries else None,
        ),
        *doubles(table, rows, new=frozenset(row.row for row in new), sites=gone),
        *without_uses(table, new),
        *withdrawn_ones(table, rows, by_key),
    ]
    landed = {row.row for row in rows} | {unit.row for row in rows for unit in row.units}
    return ImportPlan(
        file=table.file,
        sheet=table.sheet,
        on=on,
        mapping=columns,
        new=tuple(new),
        changed=tuple(changed),
        unchanged=tuple(unchanged),
        refused=tuple(row.number for row in table.rows if row.number not in landed),
        gone=tuple(GoneSite(site.id, site.municipality_code, site.name) for site in gone),
        findings=tuple(sorted(findings, key=_in_reading_order)),
    )


def apply_import(session: Session, plan: ImportPlan, *, on: date) -> Applied:
    """Make the changes of a plan, in the caller's transaction.

    Raises
    ------
    Refused
        If the registry has changed since the plan was made, or the day is another; then nothing is changed.
    """
    codes = {row.municipality_code for row in (*plan.new, *(one.row for one in plan.changed))}
    sites = _sites(session, codes)
    _refuse_if_outdated(plan, sites, on)
    by_id = {site.id: site for site in sites}
    for row in plan.new:
        site = Site(
            municipality_code=row.municipality_code,
            name=row.name,
            **_confirmed_by_list(row, plan.file),
        )
        _set_parts(site, row)
        site.imported_from = _source(plan, row)
        session.add(site)
    for one in plan.changed:
        site = by_id[one.site_id]
        for change in one.changes:
            if change.field in Site.__table__.columns and not change.unit:
                setattr(site, change.field, change.after)
        _set_parts(site, one.row)
        site.imported_from = _source(plan, one.row)
    session.flush()
    return Applied(new=len(plan.new), changed=len(plan.changed))


def _set_parts(site: Site, row: SiteRow) -> None:
    _set_uses(site, row)
    set_key_holders(site, row.key_holders)
    set_evidence(site, row.evidence)
    set_units(site, row.units)


def _plain(value: Any) -> Any:
    return sorted(value) if isinstance(value, frozenset) else str(value)


def _in_reading_order(finding: Finding) -> tuple[int, int, str]:
    column = finding.place.column or ""
    return finding.place.row or 0, len(column), column


def _sites(session: Session, codes: set[str]) -> Sequence[Site]:
    query = select(Site).where(Site.municipality_code.in_(codes)).order_by(Site.id)
    parts = [selectinload(one) for one in (Site.uses, Site.key_holders, Site.evidence)]
    units = selectinload(Site.units).selectinload(SiteUnit.uses)
    return session.scalars(query.options(*parts, units)).all()


def _key(site: Site) -> tuple[str, str]:
    return site.municipality_code, plain_word(site.name)


def _compared(
    rows: Iterable[SiteRow], by_key: Mapping[tuple[str, str], Site], file: str
) -> tuple[list[SiteRow], list[ChangedSite], list[SiteRow]]:
    new, changed, unchanged = [], [], []
    for row in rows:
        site = by_key.get(row.key)
        if site is None:
            new.append(row)
        elif changes := _changes(site, row, file):
            changed.append(ChangedSite(site.id, site.version, row, changes))
        else:
            unchanged.append(row)
    return new, changed, unchanged


def _changes(site: Site, row: SiteRow, file: str) -> tuple[Change, ...]:
    values = _confirmed_by_list(row, file)
    if not _confirms_later(site, row):
        values = {name: value for name, value in values.items() if name not in _CONFIRMATION}
    changes = [
        Change(name, getattr(site, name), value)
        for name, value in values.items()
        if getattr(site, name) != value
    ]
    uses = uses_of(site)
    if uses != (after := _uses_after(site, row)):
        changes.append(Change("uses", uses, after))
    holders = holders_of(site)
    if holders != (then := holders_after(site, row.key_holders)):
        changes.append(Change("key_holders", holders, then))
    known = evidence_of(site)
    changes += [
        Change(f"evidence.{feature}", known.get(feature), one)
        for feature, one in row.evidence.items()
        if known.get(feature) != one
    ]
    changes += [
        Change(one.field or "unit", one.before, one.after, one.unit) for one in unit_changes(site, row.units)
    ]
    return tuple(changes)


_CONFIRMATION = ("confirmed_on", "confirmed_by")


def _confirms_later(site: Site, row: SiteRow) -> bool:
    # An old list must not make a row look older than its last confirmation.
    stated = row.said.get("confirmed_on")
    return stated is not None and (site.confirmed_on is None or stated > site.confirmed_on)


def _confirmed_by_list(row: SiteRow, file: str) -> dict[str, Any]:
    """What the row says; the list itself stands for the confirmation when it names nobody."""
    values = dict(row.said)
    if values.get("confirmed_on"):
        values["confirmed_by"] = values.get("confirmed_by") or file[:200]
    return values


def _uses_after(site: Site, row: SiteRow) -> dict[SiteUse, int | None]:
    return uses_after(uses_of(site), row.uses, row.capacities, also=uses_of_units(site, row.units))


def _set_uses(site: Site, row: SiteRow) -> None:
    rows = {one.use: one for one in site.uses}
    after = _uses_after(site, row)
    for use, one in rows.items():
        if use not in after:
            site.uses.remove(one)
    for use, stated in after.items():
        if use in rows:
            rows[use].stated_capacity = stated
        else:
            site.uses.append(SiteUseRow(use=use, stated_capacity=stated))


def _refuse_if_outdated(plan: ImportPlan, sites: Sequence[Site], on: date) -> None:
    versions = {site.id: site.version for site in sites}
    keys = {_key(site) for site in sites}
    is_outdated = on != plan.on or any(versions.get(one.site_id) != one.version for one in plan.changed)
    if is_outdated or any(row.key in keys for row in plan.new):
        raise Refused(
            Problem(
                place=plan.file,
                value=None,
                rule=say("The registry has changed since the difference was looked at."),
                remedy=say("Look at the difference again, then apply it."),
            )
        )


def _source(plan: ImportPlan, row: SiteRow) -> str:
    parts = [part for part in (plan.file, plan.sheet, str(row.row)) if part]
    return " · ".join(parts)[-_MAX_SOURCE:]
