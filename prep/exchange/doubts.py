"""What is doubtful about rows that can be read: values that do not fit together."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from prep.evacuation.capacity import Capacity, SiteSpace, capacity_for
from prep.evacuation.norms import norm_set
from prep.evacuation.words import word
from prep.exchange.findings import Finding, Severity
from prep.exchange.mapping import ColumnMapping
from prep.exchange.site_rows import SiteRow
from prep.exchange.tables import Table
from prep.language import Message, say
from prep.models import Municipality
from prep.regions.land import Land
from prep.registry.likeness import metres_between
from prep.terms import SiteUse

# The largest municipalities reach further: such rows are looked at, not refused.
FARTHEST_KM = 60.0
# Small-scale borders pass the shore by some kilometres.
FARTHEST_OFF_M = 2_000.0


def doubts_about_values(
    table: Table,
    mapping: ColumnMapping,
    rows: Iterable[SiteRow],
    municipalities: Sequence[Municipality],
    *,
    on: date,
    confirmed_every_days: int,
    land: Land | None = None,
) -> Iterator[Finding]:
    """Values that can be read and do not fit together, row by row.

    ``land``: that of the county, where its official borders are imported.
    """
    by_code = {one.code: one for one in municipalities}

    def finding(row: SiteRow, key: str, severity: Severity, rule: Message, remedy: Message) -> Finding:
        match = mapping.match(key)
        return Finding(
            place=table.place(row=row.row, column=match.column if match else None),
            severity=severity,
            value=None,
            rule=rule,
            remedy=remedy,
            field=key,
        )

    for row in rows:
        doubts = _doubts(row, by_code[row.municipality_code], on, confirmed_every_days)
        for key, severity, rule, remedy in (*_off_the_land(row, land), *doubts):
            yield finding(row, key, severity, rule, remedy)


def _doubts(
    row: SiteRow, municipality: Municipality, on: date, confirmed_every_days: int
) -> Iterator[tuple[str, Severity, Message, Message]]:
    get = row.said.get
    lat, lon = get("lat"), get("lon")
    distance_m = metres_between(lat, lon, municipality.lat, municipality.lon)
    if FARTHEST_KM * 1000 < distance_m < float("inf"):
        yield (
            "lat",
            Severity.WARNING,
            say(
                "The place is {km} km from the centre of {municipality}.",
                km=round(distance_m / 1000),
                municipality=municipality.name_fi,
            ),
            say("Check the coordinates and the municipality."),
        )
    yield from _over_capacity(row)
    if (get("accessible_toilets") or 0) > _or_infinite(get("toilets")):
        yield (
            "accessible_toilets",
            Severity.WARNING,
            say("There are more accessible toilets than toilets."),
            say("Count the accessible ones among all toilets."),
        )
    if (get("hours_to_open") or 0) > _or_infinite(get("hours_to_full")):
        yield (
            "hours_to_full",
            Severity.WARNING,
            say("The premises would be in full use before they are open."),
            say("Check both times and their units."),
        )
    confirmed = get("confirmed_on")
    if confirmed and (on - confirmed).days > confirmed_every_days:
        yield (
            "confirmed_on",
            Severity.NOTE,
            say("The row was confirmed {days} days ago.", days=(on - confirmed).days),
            say("Ask the keeper to confirm it: the rule is every {days} days.", days=confirmed_every_days),
        )


def _off_the_land(row: SiteRow, land: Land | None) -> Iterator[tuple[str, Severity, Message, Message]]:
    lat, lon = row.said.get("lat"), row.said.get("lon")
    if land is None or lat is None or lon is None:
        return
    away_m = land.metres_away((lat, lon))
    if away_m > FARTHEST_OFF_M:
        yield (
            "lat",
            Severity.WARNING,
            say(
                "By the official borders the place is {km} km outside the county’s municipalities: in the sea, abroad, "
                "or in another county.",
                km=round(away_m / 1000, 1),
            ),
            say("Check the coordinates and the municipality."),
        )


def _over_capacity(row: SiteRow) -> Iterator[tuple[str, Severity, Message, Message]]:
    for use, stated in sorted(row.capacities.items()):
        most = _capacity(row, use)
        if stated is None or most.binding is None or stated <= most.binding.persons:
            continue
        yield (
            f"use.{use}",
            Severity.WARNING,
            say(
                "The keeper states {stated} for {use}; by the norms it is at most {most} ({basis}).",
                stated=stated,
                use=word(use),
                most=most.binding.persons,
                basis=most.binding.basis,
            ),
            say("Check both; the smaller number is counted."),
        )


def _capacity(row: SiteRow, use: SiteUse) -> Capacity:
    """By the norms alone, without the number that the keeper states."""
    get = row.said.get
    space = SiteSpace(
        uses=frozenset({use}),
        net_area_m2=get("net_area_m2"),
        toilets=get("toilets"),
        exits=get("exits"),
        fire_max_persons=get("fire_max_persons"),
        meals_per_hour=get("meals_per_hour"),
    )
    return capacity_for(space, norm_set(), use)


def _or_infinite(value: float | None) -> float:
    return float("inf") if value is None else value
