"""The map of a municipality's premises from the records."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from prep.cards.imprint import DataAge
from prep.cards.map_sheets import Listed, MapSheet
from prep.cards.page import WIDTH
from prep.cards.parts import Plot
from prep.cards.plots import MARKS_APART
from prep.cards.sheet_records import SheetMaker
from prep.evacuation.records import SiteView
from prep.evacuation.words import word
from prep.language import in_language, say
from prep.models import Municipality, Site
from prep.regions.marks import kept_apart
from prep.regions.outlines import CountyMap, Point
from prep.regions.projection import map_points
from prep.registry.names import name_of, name_of_site
from prep.terms import Language, strictest

# Units of the drawing; on paper it is as wide as the type area.
_WIDTH, _HIGHEST, _MARGIN = 1000.0, 860.0, 24.0
_BARS_KM = (1, 2, 5, 10, 20, 50)


def map_of(
    municipality: Municipality,
    views: Sequence[SiteView],
    sites: Mapping[int, Site],
    land: CountyMap,
    maker: SheetMaker,
    *,
    on: date,
) -> MapSheet:
    """The premises of a municipality on its map; without a map only what they are. ``sites`` has them by their id.

    Premises whose place nobody knows, or whose place is off the map, stand in the list without a number. The sheet is
    as secret as the most secret of them.
    """
    ground = maker.ground()
    labels = [ground.classification, *(site.classification for site in sites.values())]
    language = ground.language
    plot, numbers = _plot(municipality, views, land, language)
    days = (None if one.age_days is None else on - timedelta(days=one.age_days) for one in views)
    rows = tuple(
        Listed(
            number=numbers.get(view.site_id, ""),
            name=name_of_site(view, language),
            address=sites[view.site_id].address,
            uses=in_language(say("{parts}", parts=[word(use) for use in view.uses]), language),
            places=view.persons,
            status=word(view.status),
        )
        for view in views
    )
    place = name_of(municipality, language)
    ground = replace(ground, data_age=DataAge.of(days), classification=strictest(labels))
    return MapSheet(ground, place, plot, rows)


def _plot(
    municipality: Municipality, views: Sequence[SiteView], land: CountyMap, language: Language
) -> tuple[Plot | None, dict[int, str]]:
    own = tuple(area for area in land.areas if area.code == municipality.code)
    if not own:
        return None, {}
    drawing = replace(land, areas=own).drawing(width=_WIDTH, height=_HIGHEST, margin=_MARGIN)
    outlines = [
        tuple(tuple(drawing.point(*point) for point in ring) for ring in polygon)
        for area in own
        for polygon in area.polygons
    ]
    heights = [y for rings in outlines for ring in rings for _, y in ring]
    # What the frame has above and below a flat municipality is left out.
    top, height = min(heights) - _MARGIN, max(heights) - min(heights) + 2 * _MARGIN

    def shown(point: Point) -> Point:
        return point[0], round(point[1] - top, 1)

    located = [
        (one.site_id, one.lat, one.lon) for one in views if one.lat is not None and one.lon is not None
    ]
    points = [shown(drawing.point(*at)) for at in map_points([(lat, lon) for _, lat, lon in located])]
    seen = [
        (number, (x, y))
        for (number, _, _), (x, y) in zip(located, points, strict=True)
        if 0 <= x <= _WIDTH and 0 <= y <= height
    ]
    apart = kept_apart([at for _, at in seen], MARKS_APART * _WIDTH / WIDTH)
    numbers = {site: str(place) for place, (site, _) in enumerate(seen, start=1)}
    marks = tuple(
        (round(x, 1), round(y, 1), numbers[site]) for (site, _), (x, y) in zip(seen, apart, strict=True)
    )
    alt = say(
        "Map of {place} with {n} numbered marks; the table tells what each is.",
        place=name_of(municipality, language),
        n=len(marks),
    )
    plot = Plot(
        title="",
        alt=in_language(alt, language),
        width=_WIDTH,
        height=round(height, 1),
        areas=tuple(tuple(tuple(shown(point) for point in ring) for ring in rings) for rings in outlines),
        names=(),
        marks=marks,
        bar=_bar(drawing.scale, language),
        source=in_language(land.attribution, language),
    )
    return plot, numbers


def _bar(scale: float, language: Language) -> tuple[float, str]:
    """The longest bar of a whole number that takes at most a quarter of the width."""
    fitting = [km for km in _BARS_KM if km * 1000 * scale <= _WIDTH / 4]
    km = max(fitting, default=_BARS_KM[0])
    return round(km * 1000 * scale, 1), in_language(say("{n} km", n=km), language)
