"""What the map that can be moved asks for: the outlines of the municipalities, and where a typed place is."""

from collections.abc import Sequence

from flask import Blueprint, jsonify, request
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from prep.exchange.coordinates import read_coordinate_pair
from prep.language import Message, in_language, say
from prep.models import Municipality
from prep.regions.outlines import Point
from prep.regions.projection import degrees, map_points
from prep.web.database import reading
from prep.web.language import page_language
from prep.web.maps import land_of, seen_from
from prep.web.permissions import permission
from prep.web.writing import coordinate, named

pages = Blueprint("map_data", __name__, url_prefix="/kartta")


@pages.get("/kunnat.json")
@permission("site.read")
def municipalities() -> Response:
    """The outlines that the still map has, too, as GeoJSON in WGS84 degrees."""
    with reading() as session:
        land = land_of(session)
        if land is None:
            return jsonify(type="FeatureCollection", features=[])
        names = {one.code: named(one) for one in session.scalars(select(Municipality))}
        features = [
            {
                "type": "Feature",
                "properties": {
                    "code": area.code,
                    "name": names[area.code],
                    "label": _rounded([area.label])[0],
                },
                "geometry": {
                    "type": "MultiPolygon",
                    "coordinates": [[_rounded(ring) for ring in polygon] for polygon in area.polygons],
                },
            }
            for area in land.areas
            if area.code in names
        ]
    return jsonify(type="FeatureCollection", features=features)


@pages.get("/paikka.json")
@permission("site.edit")
def place() -> Response:
    """Where typed coordinates are, in both systems, and what is doubtful about them."""
    read = read_coordinate_pair(request.args.get("teksti", "")[:200])
    if read.value is None:
        found = [
            in_language(part, page_language()) for one in read.remarks for part in (one.rule, one.remedy)
        ]
        return jsonify(lat=None, lon=None, words=" ".join(found), isDoubtful=bool(found))
    lat, lon = read.value
    with reading() as session:
        doubt = _doubt(session, request.args.get("kunta", ""), (lat, lon))
    east, north = map_points([(lat, lon)])[0]
    words = say(
        "WGS84 {lat} {lon} · ETRS-TM35FIN N {north} E {east}",
        lat=coordinate(lat),
        lon=coordinate(lon),
        north=str(round(north)),
        east=str(round(east)),
    )
    told = [in_language(one, page_language()) for one in (words, doubt) if one]
    return jsonify(lat=lat, lon=lon, words=" – ".join(told), isDoubtful=doubt is not None)


def _doubt(session: Session, code: str, at: tuple[float, float]) -> Message | None:
    municipality = session.get(Municipality, code) if code else None
    return seen_from(session, municipality, at) if municipality else None


def _rounded(ring: Sequence[Point]) -> list[tuple[float, float]]:
    # Five decimals of a degree are a metre.
    return [(round(lon, 5), round(lat, 5)) for lat, lon in degrees(ring)]
