"""Premises as a file of any kind: tables to fill in, maps, and the list on paper."""

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from prep import clock
from prep.cards.imprint import DataAge
from prep.cards.register import Register, RegisterRow, write_register
from prep.evacuation.capacity import capacity_for
from prep.evacuation.norm_records import county_norms
from prep.evacuation.norms import Norms
from prep.evacuation.records import site_space, site_view
from prep.evacuation.words import word
from prep.exchange.exporting import FileKind, table_file
from prep.exchange.site_exporting import Phones, phones_of, site_sheet
from prep.exchange.site_features import geojson_file, geopackage_file, kml_file
from prep.exchange.words import field_word
from prep.freshness import state_of
from prep.language import Message, in_language, say
from prep.models import Installation, Site
from prep.registry.names import name_of
from prep.terms import Classification, Language, SiteUse, State, strictest


class SiteFileKind(StrEnum):
    """What premises can be taken along as."""

    XLSX = "xlsx"
    CSV = "csv"
    GEOJSON = "geojson"
    KML = "kml"
    GPKG = "gpkg"
    PDF = "pdf"

    @property
    def mime(self) -> str:
        """The content type."""
        return _OTHER_MIMES.get(self.value) or FileKind(self.value).mime

    @property
    def label(self) -> str:
        """How people call it."""
        return _LABELS.get(self.value, self.value.upper())


_OTHER_MIMES = {
    "geojson": "application/geo+json",
    "kml": "application/vnd.google-earth.kml+xml",
    "gpkg": "application/geopackage+sqlite3",
    "pdf": "application/pdf",
}
_LABELS = {"geojson": "GeoJSON", "gpkg": "GeoPackage"}
# What of the equipment stands on paper, where there is room for little.
_ON_PAPER = ("is_accessible", "has_kitchen", "heats_without_grid", "allows_pets")


@dataclass(frozen=True, slots=True)
class Making:
    """What a file needs beside the premises: its language, when it was made, which premises were chosen.

    ``phones`` gives the numbers of a key holder as whoever gets the file may see them.
    """

    language: Language
    on: date
    at: datetime
    norms: Norms
    is_demo: bool
    classification: Classification = Classification.INTERNAL
    chosen: Message | str = ""
    phones: Phones = phones_of


def making(
    session: Session,
    *,
    language: Language,
    classification: Classification,
    chosen: Message | str = "",
    phones: Phones = phones_of,
) -> Making:
    """What a file made now needs, with the norms of the county."""
    return Making(
        language=language,
        on=clock.today(),
        at=clock.now(),
        norms=county_norms(session),
        is_demo=bool(session.scalar(select(Installation.is_demo))),
        classification=classification,
        chosen=chosen,
        phones=phones,
    )


def site_file(sites: Sequence[Site], kind: SiteFileKind, making: Making) -> bytes:
    """Premises as a file of a kind.

    Raises
    ------
    Refused
        If the list on paper cannot be printed.
    """
    language, phones = making.language, making.phones
    match kind:
        case SiteFileKind.GEOJSON:
            return geojson_file(sites, language=language, phones=phones)
        case SiteFileKind.KML:
            return kml_file(sites, language=language, phones=phones)
        case SiteFileKind.GPKG:
            return geopackage_file(sites, language=language, at=making.at, phones=phones)
        case SiteFileKind.PDF:
            file = io.BytesIO()
            write_register(file, _register(sites, making))
            return file.getvalue()
        case _:
            sheet = site_sheet(sites, language=language, phones=phones)
            return table_file(sheet, FileKind(kind.value), language=language)


def _register(sites: Sequence[Site], making: Making) -> Register:
    # A sheet is as confidential as the most confidential of what stands on it.
    labels = [making.classification, *(site.classification for site in sites)]
    return Register(
        title=say("Evacuation premises"),
        chosen=making.chosen or say("All premises: {n}", n=len(sites)),
        rows=tuple(_row(site, making) for site in sites),
        language=making.language,
        classification=strictest(labels),
        printed_at=making.at,
        data_age=DataAge.of(site.confirmed_on for site in sites),
        is_demo=making.is_demo,
    )


def _row(site: Site, making: Making) -> RegisterRow:
    space = site_space(site)
    view = site_view(site, on=making.on, norms=making.norms)
    found = {use: capacity_for(space, making.norms, use) for use in view.uses}
    name = site.name_sv if making.language is Language.SV and site.name_sv else site.name
    return RegisterRow(
        name=name,
        where=tuple(
            part for part in (site.address, name_of(site.municipality, making.language), site.owner) if part
        ),
        places=_places({use: one.persons for use, one in found.items()}),
        limits=_limits(site, making),
        availability=word(site.status),
        equipment=_equipment(site),
        key_holders=tuple(_holders(site, making)),
        age_days=view.age_days,
        is_stale=state_of(site, on=making.on) is not State.OK,
    )


def _places(persons: Mapping[SiteUse, int | None]) -> tuple[Message | str, ...]:
    if not persons:
        return (say("not known"),)
    return tuple(
        say("{use}: not known", use=word(use)) if n is None else say("{use}: {n}", use=word(use), n=n)
        for use, n in persons.items()
    )


def _limits(site: Site, making: Making) -> tuple[Message | str, ...]:
    view = site_view(site, on=making.on, norms=making.norms)
    if view.capacity is None:
        return ("–",)
    if view.capacity.missing:
        return (say("missing: {what}", what=[word(kind) for kind in view.capacity.missing]),)
    return (view.binding.basis,) if view.binding else ("–",)


def _equipment(site: Site) -> tuple[Message, ...]:
    """What there is, what there is not, and of what nobody knows, each on a line of its own."""
    by_answer: dict[bool | None, list[Message]] = {True: [], False: [], None: []}
    for key in _ON_PAPER:
        by_answer[getattr(site, key)].append(field_word(key))
    power = site.backup_power_h
    own_power = say("own power")
    if power:
        own_power = say("own power {n} h", n=int(power) if power == int(power) else power)
    by_answer[None if power is None else power > 0].append(own_power)
    return tuple(
        say("{answer}: {what}", answer=_YES_NO[answer], what=what)
        for answer, what in by_answer.items()
        if what
    )


_YES_NO = {True: say("yes"), False: say("no"), None: say("not known")}


def _holders(site: Site, making: Making) -> Iterable[tuple[str, str]]:
    for one in site.key_holders:
        name = one.person.name if one.person else one.name
        yield name, ", ".join(making.phones(one)) or in_language(say("no number"), making.language)
