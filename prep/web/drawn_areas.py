"""An area in the address of a list: a circle or a polygon drawn on the map, and which rows lie in it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from flask import request

from prep.evacuation.records import SiteView
from prep.exchange.coordinates import read_coordinate_pair
from prep.language import Message, say
from prep.regions.drawn import MOST_CORNERS, WIDEST_KM, Area, Circle, Polygon
from prep.regions.projection import Place
from prep.web.choices import Choice, address_refused, asked, one_of

MIDDLE, RADIUS, CORNERS, SIDE = "piste", "sade", "rajaus", "puoli"
_ALL = (MIDDLE, RADIUS, CORNERS, SIDE)


class Side(StrEnum):
    """Where a row lies, seen from a drawn area; one of which nobody knows the place is on no side."""

    INSIDE = "sisalla"
    OUTSIDE = "ulkona"
    UNKNOWN = "ei-tiedossa"


@dataclass(frozen=True, slots=True)
class Division:
    """Premises divided by the drawn areas; without an area all of them are ``inside``."""

    areas: tuple[Area, ...]
    by_side: dict[Side, list[SiteView]]
    chosen: Side

    @property
    def shown(self) -> list[SiteView]:
        """The premises of the side that is looked at."""
        return self.by_side[self.chosen]

    @property
    def others(self) -> list[SiteView]:
        """The premises of the other sides."""
        return [view for side, views in self.by_side.items() if side is not self.chosen for view in views]

    @property
    def choices(self) -> list[Choice]:
        """The sides with how many premises are on each, as links, and a way to take the area away."""
        words = {Side.INSIDE: _INSIDE, Side.OUTSIDE: _OUTSIDE, Side.UNKNOWN: _UNKNOWN}
        return [
            *(
                Choice(
                    say(words[side].template, n=len(self.by_side[side])),
                    asked({SIDE: "" if side is Side.INSIDE else side.value}, without=("paikka", "sivu")),
                    is_chosen=side is self.chosen,
                )
                for side in Side
            ),
            Choice(say("No area"), asked({}, without=(*_ALL, "paikka", "sivu"))),
        ]


_INSIDE = say("Inside: {n}", n=0)
_OUTSIDE = say("Outside: {n}", n=0)
_UNKNOWN = say("Place not known: {n}", n=0)


def divided(views: Iterable[SiteView]) -> Division:
    """The premises by the areas that the address asks for.

    Raises
    ------
    Refused
        If an area cannot be read.
    """
    areas, side = _areas(), one_of(Side, SIDE) or Side.INSIDE
    by_side: dict[Side, list[SiteView]] = {one: [] for one in Side}
    kept = list(views)
    if not areas:
        return Division((), {**by_side, Side.INSIDE: kept}, Side.INSIDE)
    placed = [(view, (view.lat, view.lon)) for view in kept if view.lat is not None and view.lon is not None]
    inside = _inside(areas, [place for _, place in placed])
    for (view, _), is_inside in zip(placed, inside, strict=True):
        by_side[Side.INSIDE if is_inside else Side.OUTSIDE].append(view)
    by_side[Side.UNKNOWN] = [view for view in kept if view.lat is None]
    return Division(areas, by_side, side)


def kept_questions() -> list[tuple[str, str]]:
    """What the address asks beside the area, for the hidden fields of the form that asks for one."""
    left_out = {*_ALL, "paikka", "sivu", "lang", "tiedosto"}
    return [(name, value) for name, value in request.args.items(multi=True) if name not in left_out]


def _inside(areas: Sequence[Area], places: Sequence[Place]) -> list[bool]:
    held = [area.holds(places) for area in areas]
    return [all(one) for one in zip(*held, strict=True)]


def _areas() -> tuple[Area, ...]:
    return tuple(area for area in (_circle(), _polygon()) if area is not None)


def _circle() -> Circle | None:
    middle, radius = request.args.get(MIDDLE, "").strip(), request.args.get(RADIUS, "").strip()
    if not middle and not radius:
        return None
    place = read_coordinate_pair(middle).value
    if place is None:
        raise address_refused(MIDDLE, middle, say("A circle has a middle: two coordinates in Finland."))
    try:
        return Circle(place, float(radius.replace(",", ".")))
    except ValueError as error:
        rule: Message = say("A circle has a radius: more than 0 and at most {most} km.", most=int(WIDEST_KM))
        raise address_refused(RADIUS, radius, rule) from error


def _polygon() -> Polygon | None:
    text = request.args.get(CORNERS, "").strip()
    if not text:
        return None
    try:
        corners = [tuple(float(one) for one in pair.split(",")) for pair in text.split(";")]
        return Polygon(tuple((lat, lon) for lat, lon in corners))
    except ValueError as error:
        rule = say(
            "An area has 3 to {most} corners in Finland, and its sides do not cross each other.",
            most=MOST_CORNERS,
        )
        raise address_refused(CORNERS, text, rule) from error
