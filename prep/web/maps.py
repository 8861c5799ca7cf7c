"""The county on a map: official borders where they are imported, else cells around the centres."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import current_app
from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import Session

from prep.config import Settings
from prep.language import Message, in_language, say
from prep.models import County, Municipality
from prep.regions import drawn
from prep.regions.boundaries import BOUNDARIES_FILE
from prep.regions.outlines import CountyMap, county_map
from prep.regions.projection import Place, map_points
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
    # What the script needs to make the same map one that can be moved.
    plot: dict[str, Any]


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
    # Not among those that the list shows, because a drawn area leaves them out.
    is_left_out: bool = False
    # What stands beside the mark, for a key.
    number: str = ""


def picture(
    session: Session,
    *,
    title: Message,
    states: Mapping[str, State] | None = None,
    spots: Sequence[Spot] = (),
    zones: Sequence[drawn.Area] = (),
    focus: str = "",
    only: str = "",
    link: Callable[[Municipality], str | None] | None = None,
) -> Picture | None:
    """The map with its municipalities by state, or plain with premises; None before there is a county.

    ``states`` are by municipality code; ``link`` gives the address that a municipality leads to; ``zones`` are the
    areas that somebody has drawn. A map that can be moved opens on the municipality ``focus``, if there is one;
    ``only`` draws one municipality by itself, named by its code.
    """
    land = land_of(session)
    if land is None:
        return None
    places = {place.code: place for place in session.scalars(select(Municipality))}
    areas = _areas(land, {only: places[only]} if only else places, states or {}, link)
    marks = _marks(spots)
    outside = (spot for spot, mark in zip(spots, marks, strict=True) if not drawing.holds(areas, mark.at))
    return Picture(
        drawing.county_map(
            areas,
            marks=marks,
            zones=[_rings(zone) for zone in zones],
            title=in_language(title, page_language()),
        ),
        land.attribution,
        tuple(named(places[code]) for code in land.without_area if code in places),
        tuple(outside),
        _plot(spots, zones, focus),
    )


def tiles() -> dict[str, str] | None:
    """Where the tiles behind the map are, and whose they are; None where the settings name none."""
    settings: Settings = current_app.extensions["prep_settings"]
    if settings.map_tiles is None:
        return None
    return {"url": str(settings.map_tiles), "attribution": settings.map_attribution}


def land_of(session: Session) -> CountyMap | None:
    """The outlines of the county's municipalities; None before there is a county."""
    if session.scalar(select(County.id).limit(1)) is None:
        return None
    settings: Settings = current_app.extensions["prep_settings"]
    return county_map(installed_pack(session), settings.instance / BOUNDARIES_FILE)


def has_area(session: Session, code: str) -> bool:
    """Whether the map can show a municipality."""
    land = land_of(session)
    return land is not None and any(area.code == code for area in land.areas)


def seen_from(session: Session, municipality: Municipality, at: Place) -> Message | None:
    """What is doubtful about a place of something that stands on a municipality's list; None if nothing is.

    Where the map is schematic its cells say only which centre is nearest, so more is not said either.
    """
    land = land_of(session)
    if land is None or municipality.code in land.without_area:
        return None
    found = land.code_at(map_points([at])[0])
    if found == municipality.code:
        return None
    own, other = named(municipality), session.get(Municipality, found) if found else None
    if land.schematic and other:
        return say(
            "The place is nearer to the centre of {other} than to that of {own}. Check it; the map is schematic.",
            other=named(other),
            own=own,
        )
    if other:
        return say("The place is not in {own} but in {other}. Check it.", own=own, other=named(other))
    return say("The place is outside the county. Check it.")


def _plot(spots: Sequence[Spot], zones: Sequence[drawn.Area], focus: str) -> dict[str, Any]:
    marks = [
        {
            "at": [round(spot.lat, 6), round(spot.lon, 6)],
            "state": spot.state.value,
            "words": spot.words,
            "href": spot.href,
            "isChosen": spot.is_chosen,
            "isLeftOut": spot.is_left_out,
        }
        for spot in spots
    ]
    rings: list[dict[str, Any]] = [
        {"middle": zone.middle, "radiusKm": zone.radius_km}
        if isinstance(zone, drawn.Circle)
        else {"corners": zone.corners}
        for zone in zones
    ]
    return {"marks": marks, "zones": rings, "focus": focus}


def _rings(zone: drawn.Area) -> drawing.Ring:
    return tuple((x, y) for x, y in zone.on_the_map().exterior.coords)


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
        drawing.Mark(point, spot.state, spot.words, spot.href, spot.is_chosen, spot.is_left_out, spot.number)
        for spot, point in zip(spots, points, strict=True)
    ]
