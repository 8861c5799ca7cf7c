"""The county on a map: official borders where they are imported, else cells around the centres."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from flask import current_app
from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import Session

from prep.config import Settings
from prep.language import Message, in_language, say
from prep.models import County, Municipality
from prep.regions.outlines import CountyMap, county_map
from prep.regions.projection import map_points
from prep.registry.install import installed_pack
from prep.terms import State
from prep.web.language import page_language
from prep.web.svg import county_map as drawing
from prep.web.words import word
from prep.web.writing import named


@dataclass(frozen=True, slots=True)
class Picture:
    """A map, and from where it comes."""

    drawing: Markup
    attribution: Message
    # Municipalities that the map cannot show: nobody knows where they are.
    without_place: tuple[str, ...]
    # Premises whose coordinates lie outside the picture: most likely mistaken.
    outside: tuple["Spot", ...]


@dataclass(frozen=True, slots=True)
class Spot:
    """Premises to be marked, in WGS84 degrees."""

    lat: float
    lon: float
    name: str
    state: State
    words: str
    href: str
    is_chosen: bool = False


def picture(
    session: Session,
    *,
    title: Message,
    states: Mapping[str, State] | None = None,
    spots: Sequence[Spot] = (),
    link: Callable[[Municipality], str | None] | None = None,
) -> Picture | None:
    """The map with its municipalities by state, or plain with premises; None before there is a county.

    ``states`` are by municipality code; ``link`` gives the address that a municipality leads to.
    """
    county = session.scalar(select(County).order_by(County.id).limit(1))
    if county is None:
        return None
    settings: Settings = current_app.extensions["prep_settings"]
    land = county_map(installed_pack(session), settings.instance / "boundaries.geojson")
    places = {place.code: place for place in county.municipalities}
    areas = _areas(land, places, states or {}, link)
    marks = _marks(spots)
    outside = (spot for spot, mark in zip(spots, marks, strict=True) if not drawing.holds(areas, mark.at))
    return Picture(
        drawing.county_map(areas, marks=marks, title=in_language(title, page_language())),
        land.attribution,
        tuple(named(places[code]) for code in land.without_area if code in places),
        tuple(outside),
    )


def _areas(
    land: CountyMap,
    places: Mapping[str, Municipality],
    states: Mapping[str, State],
    link: Callable[[Municipality], str | None] | None,
) -> list[drawing.Area]:
    areas = []
    for area in land.areas:
        place = places.get(area.code)
        if place is None:
            continue
        state = states.get(area.code)
        words = say("{name}: {state}", name=named(place), state=word(state)) if state else named(place)
        areas.append(
            drawing.Area(
                named(place),
                tuple(ring for polygon in area.polygons for ring in polygon),
                area.label,
                state,
                in_language(words, page_language()),
                link(place) if link else None,
            )
        )
    return areas


def _marks(spots: Sequence[Spot]) -> list[drawing.Mark]:
    points = map_points((spot.lat, spot.lon) for spot in spots)
    return [
        drawing.Mark(point, spot.state, spot.words, spot.href, spot.is_chosen)
        for spot, point in zip(spots, points, strict=True)
    ]
