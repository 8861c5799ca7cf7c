"""Units of premises, each with its own uses, room and places: added, changed, removed, put in order."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from prep.errors import Problem, Refused
from prep.language import say
from prep.models import Site, SiteUnit, SiteUnitUse, SiteUseRow
from prep.terms import SiteUse

_MOST_UNITS = 100


@dataclass(frozen=True, slots=True)
class UnitFacts:
    """What is on record of a unit: the columns of the table, and each use with the places stated for it."""

    columns: Mapping[str, Any]
    uses: Mapping[SiteUse, int | None]


def add_unit(session: Session, site: Site, facts: UnitFacts) -> SiteUnit:
    """A unit more of premises.

    Raises
    ------
    Refused
        If there are too many, or another bears the name.
    """
    if len(site.units) >= _MOST_UNITS:
        raise Refused(
            Problem(
                place=site.name,
                value=str(len(site.units)),
                rule=say("Premises have at most {n} units.", n=_MOST_UNITS),
                remedy=say("Put units together that are used alike."),
            )
        )
    _require_free_name(site, facts.columns["name"], None)
    unit = SiteUnit(position=1 + max((one.position for one in site.units), default=-1))
    _write(unit, facts)
    site.units.append(unit)
    add_uses(site, facts.uses)
    session.flush()
    return unit


def change_unit(session: Session, unit: SiteUnit, facts: UnitFacts) -> None:
    """Change what is on record of a unit.

    Raises
    ------
    Refused
        If another unit of the premises bears the name.
    """
    _require_free_name(unit.site, facts.columns["name"], unit)
    _write(unit, facts)
    add_uses(unit.site, facts.uses)
    session.flush()


def remove_unit(session: Session, unit: SiteUnit) -> None:
    """Take a unit away; its uses stay with the premises."""
    unit.site.units.remove(unit)
    session.flush()


def order_units(session: Session, site: Site, order: Sequence[int]) -> None:
    """Put the units in an order; ``order`` has every identifier once."""
    by_id = {one.id: one for one in site.units}
    for position, number in enumerate(order):
        by_id[number].position = position
    session.flush()
    session.refresh(site, ["units"])


def uses_of(thing: Site | SiteUnit) -> dict[SiteUse, int | None]:
    """The uses of premises or of a unit, and the places that are stated for each."""
    stated = {one.use: one.stated_capacity for one in thing.uses}
    return {use: stated[use] for use in SiteUse if use in stated}


def set_unit_uses(unit: SiteUnit, wanted: Mapping[SiteUse, int | None]) -> None:
    """Give a unit these uses, each with the places that are stated for it."""
    rows = {one.use: one for one in unit.uses}
    for use, one in rows.items():
        if use not in wanted:
            unit.uses.remove(one)
    for use, stated in wanted.items():
        if use in rows:
            rows[use].stated_capacity = stated
        else:
            unit.uses.append(SiteUnitUse(use=use, stated_capacity=stated))


def add_uses(site: Site, uses: Iterable[SiteUse]) -> None:
    """Premises are used for whatever a unit of theirs is used for."""
    known = {one.use for one in site.uses}
    site.uses += [SiteUseRow(use=use, stated_capacity=None) for use in uses if use not in known]


def require_uses_of_units(site: Site, uses: Iterable[SiteUse]) -> None:
    """Go on only if premises keep every use that a unit of theirs has.

    Raises
    ------
    Refused
        If not; it names the unit.
    """
    kept = set(uses)
    for unit in site.units:
        if any(row.use not in kept for row in unit.uses):
            raise Refused(
                Problem(
                    place=say("uses"),
                    value=unit.name,
                    rule=say("This unit has a use that the premises would no longer have."),
                    remedy=say("Change the uses of the unit first."),
                )
            )


def _write(unit: SiteUnit, facts: UnitFacts) -> None:
    for name, value in facts.columns.items():
        setattr(unit, name, value)
    set_unit_uses(unit, facts.uses)


def _require_free_name(site: Site, name: str, unit: SiteUnit | None) -> None:
    wanted = " ".join(name.split()).casefold()
    if any(one is not unit and " ".join(one.name.split()).casefold() == wanted for one in site.units):
        raise Refused(
            Problem(
                place=say("The name of the unit"),
                value=name,
                rule=say("Another unit of the premises bears this name."),
                remedy=say("Give them different names, for instance with the floor."),
            )
        )
