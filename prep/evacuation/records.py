"""Premises as they stand in the database, as values to calculate with, and their state for lists."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from prep.evacuation.availability import HOUR, Usable, usable
from prep.evacuation.calendar_records import calendar_of
from prep.evacuation.capacity import Capacity, capacity_for, main_use
from prep.evacuation.limits import Limit
from prep.evacuation.norm_records import county_norms
from prep.evacuation.norms import Norms
from prep.evacuation.rules import Check, checks
from prep.evacuation.space import SiteSpace, UnitSpace
from prep.language import say, sort_key
from prep.models import Site, SiteUnit
from prep.models.sites import UNIT_COLUMNS
from prep.site_history import status_at
from prep.terms import SiteStatus, SiteUse, State, Usability, worst


@dataclass(frozen=True, slots=True)
class SiteView:
    """One row of a list of premises."""

    site_id: int
    name: str
    name_sv: str
    municipality_code: str
    municipality_fi: str
    municipality_sv: str
    lat: float | None
    lon: float | None
    status: SiteStatus
    uses: tuple[SiteUse, ...]
    state: State
    # Of the main use; None when no use is stated.
    use: SiteUse | None
    capacity: Capacity | None
    age_days: int | None
    checks: tuple[Check, ...]
    # In the hour that was asked about; None where none was.
    usable: Usable | None = None

    @property
    def had(self) -> Usability:
        """Whether they can be had: in the hour that was asked about, else by what their keeper says of them."""
        return self.usable.kind if self.usable else _USABILITY_OF_STATUS[self.status]

    @property
    def persons(self) -> int | None:
        """The places of the main use; None when not known."""
        return self.capacity.persons if self.capacity else None

    @property
    def binding(self) -> Limit | None:
        """What limits the places of the main use."""
        return self.capacity.binding if self.capacity else None


@dataclass(frozen=True, slots=True)
class Totals:
    """What a list of premises adds up to; places are those of temporary accommodation.

    Where the list was asked about an hour, only what can be had in that hour is counted.
    """

    sites: int
    confirmed_places: int
    conditional_places: int
    # Premises of which nobody knows whether they can be had.
    unknown_sites: int


def site_states(
    session: Session,
    *,
    on: date,
    norms: Norms | None = None,
    municipality: str | None = None,
    at: datetime | None = None,
    with_withdrawn: bool = False,
) -> list[SiteView]:
    """Every premises on the list, by municipality and name; ``municipality`` is a code.

    ``at`` is the beginning of the hour for which it is asked whether they can be had. Of a past hour it is told by the
    status that they had then, and what has been withdrawn since is among them. ``with_withdrawn`` gives what is no
    longer on the list as well.

    Cost: nine queries, twelve with an hour, however many premises there are.
    """
    query = select(Site).options(
        selectinload(Site.uses),
        selectinload(Site.key_holders),
        selectinload(Site.units).selectinload(SiteUnit.uses),
        joinedload(Site.municipality),
    )
    if municipality is not None:
        query = query.where(Site.municipality_code == municipality)
    if at is not None:
        query = query.options(
            selectinload(Site.calendar), selectinload(Site.bookings), selectinload(Site.status_changes)
        )
    norms = norms or county_norms(session)
    views = [
        site_view(site, on=on, norms=norms, at=at)
        for site in session.scalars(query)
        if with_withdrawn or is_listed(site, at)
    ]
    return sorted(views, key=lambda view: (sort_key(view.municipality_fi), sort_key(view.name)))


def is_listed(site: Site, at: datetime | None = None) -> bool:
    """Whether premises are on the list; asked about an hour also, whether they were then."""
    return site.status is not SiteStatus.WITHDRAWN or (
        at is not None and _status_then(site, at) not in {None, SiteStatus.WITHDRAWN}
    )


def site_view(site: Site, *, on: date, norms: Norms, at: datetime | None = None) -> SiteView:
    """The row of a list for one of the premises."""
    space = site_space(site)
    use = main_use(space)
    status = site.status if at is None else (_status_then(site, at) or site.status)
    found = capacity_for(space, norms, use) if use else None
    held = checks(space, norms, on=on)
    return SiteView(
        site_id=site.id,
        name=site.name,
        name_sv=site.name_sv,
        municipality_code=site.municipality_code,
        municipality_fi=site.municipality.name_fi,
        municipality_sv=site.municipality.name_sv,
        lat=site.lat,
        lon=site.lon,
        status=status,
        uses=tuple(one for one in SiteUse if one in space.uses),
        state=_state(space, found, held),
        use=use,
        capacity=found,
        age_days=site.age_days(on=on),
        checks=held,
        usable=None if at is None else _usable(site, at),
    )


def _usable(site: Site, at: datetime) -> Usable:
    then = _status_then(site, at)
    if then is None:
        return Usable(Usability.UNKNOWN, say("not known: not yet on the list then"))
    return usable(replace(calendar_of(site), status=then), at)


def _status_then(site: Site, at: datetime) -> SiteStatus | None:
    """The status at the end of an hour, as far as the history of the premises tells."""
    return status_at(site.status_changes, at + HOUR)


def site_space(site: Site) -> SiteSpace:
    """What is known of the premises, as a value."""
    own = {row.use: row.stated_capacity for row in site.uses}
    units = tuple(UnitSpace(unit.name, _unit_space(unit)) for unit in site.units)
    of_units: dict[SiteUse, int | None] = {use: None for unit in units for use in unit.space.uses}
    stated = of_units | own
    reachable = [one for one in site.key_holders if one.phone or one.person_id]
    return SiteSpace(
        uses=frozenset(stated),
        stated=stated,
        units=units,
        status=site.status,
        **_room(site),
        water_l_per_day=site.water_l_per_day,
        staff_persons=site.staff_persons,
        backup_power_h=site.backup_power_h,
        fire_confirmed_on=site.fire_confirmed_on,
        fire_confirmed_by=site.fire_confirmed_by,
        rescue_plan_on=site.rescue_plan_on,
        hours_to_open=site.hours_to_open,
        hours_to_full=site.hours_to_full,
        key_holders=len(site.key_holders),
        reachable_key_holders=len(reachable),
        powers=frozenset(one.power for one in reachable),
        confirmed_on=site.confirmed_on,
    )


def _unit_space(unit: SiteUnit) -> SiteSpace:
    stated = {row.use: row.stated_capacity for row in unit.uses}
    return SiteSpace(uses=frozenset(stated), stated=stated, **_room(unit))


_ROOM = tuple(one for one in UNIT_COLUMNS if one in SiteSpace.__dataclass_fields__)


def _room(thing: Site | SiteUnit) -> dict[str, Any]:
    return {name: getattr(thing, name) for name in _ROOM}


def totals(views: Iterable[SiteView]) -> Totals:
    """What the list adds up to. Only what is known and available is counted; conditional places stand apart."""
    views = list(views)
    return Totals(
        sites=len(views),
        confirmed_places=_places(views, Usability.FREE),
        conditional_places=_places(views, Usability.ON_NOTICE),
        unknown_sites=sum(1 for view in views if view.had is Usability.UNKNOWN),
    )


def _places(views: Iterable[SiteView], had: Usability) -> int:
    return sum(
        view.persons or 0
        for view in views
        if view.had is had
        and view.use is SiteUse.TEMPORARY_ACCOMMODATION
        # A row that nobody ever confirmed is a claim, not places.
        and view.age_days is not None
    )


_USABILITY_OF_STATUS = {
    SiteStatus.AVAILABLE: Usability.FREE,
    SiteStatus.CONDITIONAL: Usability.ON_NOTICE,
    SiteStatus.IN_USE: Usability.TAKEN,
    SiteStatus.OUT: Usability.TAKEN,
    SiteStatus.OFFERED: Usability.UNKNOWN,
    SiteStatus.WITHDRAWN: Usability.TAKEN,
    SiteStatus.UNKNOWN: Usability.UNKNOWN,
}
_STATE_OF_STATUS = {
    SiteStatus.AVAILABLE: State.OK,
    SiteStatus.CONDITIONAL: State.WARNING,
    SiteStatus.IN_USE: State.WARNING,
    SiteStatus.OUT: State.FAULT,
    SiteStatus.OFFERED: State.UNKNOWN,
    SiteStatus.WITHDRAWN: State.FAULT,
    SiteStatus.UNKNOWN: State.UNKNOWN,
}


def _state(space: SiteSpace, found: Capacity | None, held: tuple[Check, ...]) -> State:
    states = [check.state for check in held]
    states.append(_STATE_OF_STATUS[space.status])
    states.append(State.UNKNOWN if found is None or found.persons is None else State.OK)
    return worst(states)
