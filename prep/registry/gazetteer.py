"""Places that the registry itself knows, asked by name or address through geopy: nothing outside is asked."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from geopy.geocoders.base import DEFAULT_SENTINEL, Geocoder
from geopy.location import Location
from rapidfuzz import fuzz
from sqlalchemy import select
from sqlalchemy.orm import Session

from prep.language import Message, say
from prep.models import Municipality, Site
from prep.terms import SiteStatus

# So much alike are names that differ by a slip of the pen, in per cent; "Koulutie" and "Koivutie" are less.
_ALIKE = 90.0
_HOUSE = re.compile(r"^(?P<street>.*?\D)\s*(?P<number>\d+)\s*(?P<rest>[a-zåäö]?\b.*)?$")


class Closeness(StrEnum):
    """How much a proposal says, the best first."""

    ADDRESS = "address"
    NAME = "name"
    STREET = "street"
    CENTRE = "centre"


@dataclass(frozen=True, slots=True)
class Entry:
    """A place by its name and address, in the municipality ``code``; a centre has no address."""

    code: str
    name: str
    address: str
    lat: float
    lon: float
    is_centre: bool = False


@dataclass(frozen=True, slots=True)
class Proposal:
    """Where something may be, to be looked at and confirmed by a person; ``found`` is what the place is taken from."""

    lat: float
    lon: float
    closeness: Closeness
    found: str

    @property
    def words(self) -> Message:
        """What the proposal rests on."""
        sentence = {
            Closeness.ADDRESS: say("the same address as {found}", found=self.found),
            Closeness.NAME: say("the same name as {found}", found=self.found),
            Closeness.STREET: say("the same street as {found}: look for the right house", found=self.found),
            Closeness.CENTRE: say("the centre of {found}: look for the right place", found=self.found),
        }
        return sentence[self.closeness]


class Gazetteer(Geocoder):  # type: ignore[misc]
    """The entries as a geocoder of geopy, so that it stands wherever another of geopy's would.

    ``geocode`` takes the text and, as ``municipality``, the code of the municipality in which it is meant; without it
    all are searched. Cost: proportional to the entries.
    """

    def __init__(self, entries: Iterable[Entry]):
        super().__init__(user_agent="prep")
        self._entries = tuple(entries)

    def geocode(
        self,
        query: str,
        *,
        exactly_one: bool = True,
        timeout: Any = DEFAULT_SENTINEL,
        municipality: str | None = None,
    ) -> Location | list[Location] | None:
        """The place of a text as geopy gives it: the best, or all of them; None if there is none.

        ``raw`` of each location is its `Proposal`. Nothing is waited for, so ``timeout`` has no effect.
        """
        found = [
            Location(one.found, (one.lat, one.lon), one)
            for one in self.proposals(query, municipality=municipality)
        ]
        if not found:
            return None
        return found[0] if exactly_one else found

    def proposals(self, query: str, *, municipality: str | None = None) -> list[Proposal]:
        """Where a name or an address may be, the best first, each place once."""
        wanted = _plain(query)
        within = [one for one in self._entries if municipality in {None, one.code}]
        if not wanted:
            return []
        ranked = sorted(
            (
                (list(Closeness).index(closeness), -score, entry)
                for entry in within
                if (judged := _judged(wanted, entry))
                for closeness, score in [judged]
            ),
            key=lambda one: (one[0], one[1], one[2].name),
        )
        made: dict[tuple[float, float], Proposal] = {}
        for rank, _, entry in ranked:
            proposal = Proposal(entry.lat, entry.lon, list(Closeness)[rank], entry.name)
            made.setdefault((entry.lat, entry.lon), proposal)
        return list(made.values())


def gazetteer(session: Session, *, without: int | None = None) -> Gazetteer:
    """What the registry knows: the centres of the municipalities, and its premises with a place.

    ``without`` is the number of premises that are left out: what is asked for must not answer itself.
    """
    sites = session.scalars(select(Site).where(Site.lat.is_not(None), Site.id != (without or 0)))
    entries = [
        Entry(site.municipality_code, site.name, site.address, site.lat, site.lon)
        for site in sites
        if site.lat is not None and site.lon is not None
    ]
    for place in session.scalars(select(Municipality)):
        if place.lat is not None and place.lon is not None:
            for name in {place.name_fi, place.name_sv} - {""}:
                entries.append(Entry(place.code, name, "", place.lat, place.lon, is_centre=True))
    return Gazetteer(entries)


def proposals_for(session: Session, site: Site) -> list[Proposal]:
    """Where premises may be, by their address and by their name; the centre of their municipality comes last."""
    known = gazetteer(session, without=site.id)
    found = [
        one
        for text in (site.address, site.name, site.name_sv)
        for one in known.proposals(text, municipality=site.municipality_code)
    ]
    found += known.proposals(site.municipality.name_fi, municipality=site.municipality_code)
    unique = {(one.lat, one.lon): one for one in reversed(found)}
    return sorted(unique.values(), key=lambda one: list(Closeness).index(one.closeness))


def sites_without_place(session: Session, *, municipality: str | None = None) -> list[Site]:
    """The premises of which nobody knows where they are."""
    query = (
        select(Site)
        .where(Site.lat.is_(None), Site.status != SiteStatus.WITHDRAWN)
        .order_by(Site.municipality_code, Site.name)
    )
    if municipality is not None:
        query = query.where(Site.municipality_code == municipality)
    return list(session.scalars(query))


def _judged(wanted: str, entry: Entry) -> tuple[Closeness, float] | None:
    if entry.is_centre:
        return (Closeness.CENTRE, 100.0) if wanted == _plain(entry.name) else None
    address = _plain(entry.address)
    if address and wanted == address:
        return Closeness.ADDRESS, 100.0
    score = fuzz.ratio(wanted, _plain(entry.name))
    if score >= _ALIKE:
        return Closeness.NAME, score
    mine, other = _HOUSE.match(wanted), _HOUSE.match(address)
    if mine and other and mine["street"].strip() == other["street"].strip():
        # The nearer the number, the likelier the house is near.
        return Closeness.STREET, -abs(int(mine["number"]) - int(other["number"]))
    return None


def _plain(text: str) -> str:
    """A name or an address without what follows a comma; spaces and capitals do not count."""
    return " ".join(text.partition(",")[0].casefold().split())
