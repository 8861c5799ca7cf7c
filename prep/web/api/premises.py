"""Premises usable for evacuation: how many people they hold, what limits that, and who opens them."""

from datetime import UTC, date, datetime
from typing import Any

from pydantic import Field

from prep.auth.permissions import shown_number
from prep.auth.roles import Permission
from prep.evacuation.capacity import Capacity as Found
from prep.evacuation.norms import LimitKind, Phase
from prep.evacuation.records import SiteView, site_states
from prep.evacuation.rules import Check as HeldCheck
from prep.evacuation.rules import RuleKey
from prep.models import KeyHolder as KeyHolderRow
from prep.models import Site
from prep.terms import Classification, KeyPower, SiteStatus, SiteUse, State, Usability
from prep.web.api.operations import NUMBER, Asked, Operation, the_one
from prep.web.api.shapes import Moment, MunicipalityCode, Page, Paged, Query, Shape


class Limit(Shape):
    """One limit of the capacity."""

    kind: LimitKind = Field(description="What limits.")
    persons: int = Field(description="To how many persons.")
    basis: str = Field(description="How the number comes about, in the language of the request.")


class Capacity(Shape):
    """How many people the premises hold for their main use. The least of the limits in force counts."""

    phase: Phase = Field(description="How long people stay.")
    persons: int | None = Field(description="Places, persons; null where a limit in force is not known.")
    at_most: int | None = Field(description="The least of the known limits, persons: it cannot be more.")
    binding: Limit | None = Field(description="The limit that counts now, among what is known.")
    limits: tuple[Limit, ...] = Field(description="All known limits, the least first.")
    missing: tuple[LimitKind, ...] = Field(description="Limits in force that are not known.")
    raised_by: str | None = Field(
        description="What would raise the capacity, in the language of the request."
    )


class Premises(Shape):
    """Premises (tila) on a municipality's list. Null is not known: never no, and never zero."""

    id: int = Field(description="Number of the premises.")
    name: str = Field(description="Name in Finnish, or as it stands on the list.")
    name_sv: str = Field(description="Name in Swedish; may be empty.")
    municipality: str = Field(description="Code of the municipality on whose list they stand.")
    lat: float | None = Field(description="Latitude, WGS84 degrees.")
    lon: float | None = Field(description="Longitude, WGS84 degrees.")
    status: SiteStatus = Field(description="Whether they can be had.")
    uses: tuple[SiteUse, ...] = Field(description="What they are usable for.")
    main_use: SiteUse | None = Field(description="The use by which the capacity is measured.")
    state: State = Field(description="The worst of status, capacity and rules.")
    capacity: Capacity | None = Field(description="For the main use; null where no use is stated.")
    age_days: int | None = Field(description="Days since the row was confirmed; null: never.")
    usable: Usability | None = Field(
        description="Whether they can be had in the hour asked about; null: none was."
    )
    usable_words: str | None = Field(description="The same in words, in the language of the request.")
    notice_h: float | None = Field(
        description="Hours from the call until they are free, where it takes notice."
    )
    free_from: datetime | None = Field(description="From when they are free, where something takes them.")


class Check(Shape):
    """A rule held against the premises, in the language of the request."""

    rule: RuleKey = Field(description="Which rule.")
    state: State = Field(description="How it stands.")
    sentence: str = Field(description="How it stands, in words.")
    remedy: str | None = Field(description="What mends it; null where nothing is to be done.")


class KeyHolder(Shape):
    """Who opens the premises, in calling order."""

    power: KeyPower = Field(description="What the key holder may do.")
    name: str = Field(description="Name; may be empty.")
    contact: int | None = Field(description="Number of the contact; null for somebody who is not among them.")
    phone: str = Field(description="Telephone number; may be empty. Masked where is_masked is true.")
    is_masked: bool = Field(description="Whether the key may not see the whole number.")


class PremisesInFull(Premises):
    """Premises with all that is known of them. Null is not known."""

    address: str = Field(description="Street address; may be empty.")
    owner: str = Field(description="Who owns them; may be empty.")
    net_area_m2: float | None = Field(description="Net area, m².")
    toilets: int | None = Field(description="Toilets, pieces.")
    accessible_toilets: int | None = Field(description="Accessible toilets, pieces.")
    showers: int | None = Field(description="Showers, pieces.")
    beds: int | None = Field(description="Beds, pieces.")
    meals_per_hour: int | None = Field(description="Meals that the kitchen makes in an hour.")
    serving_hours: float | None = Field(description="Hours a day during which meals are served.")
    water_l_per_day: int | None = Field(description="Drinking water, litres a day, where it is limited.")
    floor_level: int | None = Field(description="Floor as it is counted in Finland: 1 is the ground floor.")
    exits: int | None = Field(description="Exits, pieces.")
    smoke_detectors: int | None = Field(description="Smoke detectors, pieces.")
    parking_spaces: int | None = Field(description="Parking spaces, pieces.")
    staff_persons: int | None = Field(description="Those whom the keeper sends to run the place, persons.")
    is_accessible: bool | None = Field(description="Whether they are accessible.")
    has_kitchen: bool | None = Field(description="Whether there is a kitchen.")
    heats_without_grid: bool | None = Field(description="Whether they are heated without the power grid.")
    allows_pets: bool | None = Field(description="Whether pets may come along.")
    has_pet_area: bool | None = Field(description="Whether pets have a space of their own.")
    has_well: bool | None = Field(description="Whether there is a well.")
    has_quiet_room: bool | None = Field(description="Whether there is a quiet room.")
    has_bus_access: bool | None = Field(description="Whether a coach comes to the door.")
    backup_power_h: float | None = Field(description="Own power lasts, hours.")
    fire_max_persons: int | None = Field(
        description="Most who may sleep there by the fire inspection, persons."
    )
    fire_confirmed_on: date | None = Field(description="The day of the fire inspection.")
    fire_confirmed_by: str = Field(description="The role that confirmed the maximum; may be empty.")
    rescue_plan_on: date | None = Field(description="The day of the rescue plan.")
    hours_to_open: float | None = Field(description="From the call until they are open, hours.")
    hours_to_full: float | None = Field(description="From the call until they are fit for full use, hours.")
    condition: str = Field(description="On what they can be had, in words; may be empty.")
    agreement_on: date | None = Field(description="The day on which the agreement was signed.")
    surveyed_on: date | None = Field(description="The day of the survey.")
    surveyed_by: str = Field(description="The role that surveyed them; may be empty.")
    classification: Classification = Field(description="Handling label.")
    confirmed_on: date | None = Field(description="The last day on which the row was confirmed.")
    checks: tuple[Check, ...] = Field(description="The rules that apply.")
    key_holders: tuple[KeyHolder, ...] = Field(description="Who opens them.")


class PremisesAt(Query):
    """About which hour it is asked whether premises can be had."""

    at: Moment | None = Field(None, description="A moment of the hour, with its zone.")


class PremisesPage(Page[Premises]):
    """Premises, by municipality and name."""


class PremisesQuery(Paged):
    """Which premises are wanted."""

    municipality: MunicipalityCode | None = Field(None, description="Only those on this municipality's list.")
    use: SiteUse | None = Field(None, description="Only those with this use, among others.")
    state: State | None = Field(None, description="Only those in this state.")
    status: SiteStatus | None = Field(None, description="Only those of this status; withdrawn ones only so.")
    at: Moment | None = Field(
        None, description="A moment, with its zone: whether they can be had in its hour."
    )
    usable: Usability | None = Field(
        None, description="Only those of which this holds in the hour of `at`; without it by their status."
    )


def listed(asked: Asked) -> Page[Premises]:
    """The premises that the key may see."""
    query: PremisesQuery = asked.query
    wanted = [
        one
        for one in _visible(asked, with_withdrawn=query.status is SiteStatus.WITHDRAWN)
        if query.municipality in (None, one.municipality_code)
        and (query.use is None or query.use in one.uses)
        and query.state in (None, one.state)
        and query.status in (None, one.status)
        and query.usable in (None, one.had)
    ]
    return asked.page(PremisesPage, wanted, lambda view: Premises(**_fields(asked, view)))


def one(asked: Asked) -> PremisesInFull:
    """One of the premises."""
    view = the_one(_visible(asked, with_withdrawn=True), lambda found: str(found.site_id) == asked.path["id"])
    site = asked.session.get_one(Site, view.site_id)
    own = set(PremisesInFull.model_fields) - set(Premises.model_fields) - {"checks", "key_holders"}
    return PremisesInFull(
        **_fields(asked, view),
        **{name: getattr(site, name) for name in own},
        checks=tuple(_check(asked, check) for check in view.checks),
        key_holders=tuple(_key_holder(asked, site, holder) for holder in site.key_holders),
    )


def _visible(asked: Asked, *, with_withdrawn: bool = False) -> list[SiteView]:
    visible = asked.viewer.visible_municipalities(Permission.SITE_READ)
    at: datetime | None = asked.query.at
    if at is not None:
        at = at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    found = site_states(asked.session, on=asked.on, at=at, with_withdrawn=with_withdrawn)
    return [one for one in found if one.municipality_code in visible]


def _fields(asked: Asked, view: SiteView) -> dict[str, Any]:
    return {
        "id": view.site_id,
        "name": view.name,
        "name_sv": view.name_sv,
        "municipality": view.municipality_code,
        "lat": view.lat,
        "lon": view.lon,
        "status": view.status,
        "uses": view.uses,
        "main_use": view.use,
        "state": view.state,
        "capacity": _capacity(asked, view.capacity) if view.capacity else None,
        "age_days": view.age_days,
        "usable": view.usable.kind if view.usable else None,
        "usable_words": asked.words(view.usable.sentence) if view.usable else None,
        "notice_h": view.usable.notice_h if view.usable else None,
        "free_from": view.usable.free_from if view.usable else None,
    }


def _capacity(asked: Asked, found: Found) -> Capacity:
    limits = tuple(
        Limit(kind=one.kind, persons=one.persons, basis=asked.words(one.basis)) for one in found.limits
    )
    return Capacity(
        phase=found.phase,
        persons=found.persons,
        at_most=found.at_most,
        binding=limits[0] if limits else None,
        limits=limits,
        missing=found.missing,
        raised_by=asked.words(found.raised_by) if found.raised_by else None,
    )


def _check(asked: Asked, check: HeldCheck) -> Check:
    return Check(
        rule=check.rule,
        state=check.state,
        sentence=asked.words(check.sentence),
        remedy=asked.words(check.remedy) if check.remedy else None,
    )


def _key_holder(asked: Asked, site: Site, holder: KeyHolderRow) -> KeyHolder:
    place = site.municipality_code
    return KeyHolder(
        power=holder.power,
        name=holder.name or (holder.person.name if holder.person else ""),
        contact=holder.person_id,
        phone=holder.phone and shown_number(holder.phone, asked.viewer, municipality=place),
        is_masked=not asked.viewer.may(Permission.CONTACT_PHONE, municipality=place),
    )


OPERATIONS = (
    Operation(
        "/premises", "listPremises", "premises", "The premises, what they hold and what limits it.",
        (Permission.SITE_READ,), PremisesPage, listed, PremisesQuery, is_personal=False,
    ),
    Operation(
        "/premises/{id}", "getPremises", "premises", "One of the premises with all that is known of them.",
        (Permission.SITE_READ,), PremisesInFull, one, PremisesAt, parameters={"id": NUMBER},
    ),
)  # fmt: skip
