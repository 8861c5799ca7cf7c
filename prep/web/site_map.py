"""A municipality's premises on one sheet of paper: the map with numbered marks, and what each number is."""

from dataclasses import replace

from flask import Blueprint, render_template, url_for
from sqlalchemy import select

from prep import clock
from prep.auth.permissions import nothing_here
from prep.auth.roles import Permission
from prep.evacuation.records import site_states
from prep.language import say
from prep.models import Municipality, Site
from prep.web import maps
from prep.web.database import reading
from prep.web.permissions import permission
from prep.web.sight import may
from prep.web.sites import spot_of

pages = Blueprint("site_map", __name__, url_prefix="/evakuointipaikat")


@pages.get("/kartta/<code>")
@permission("site.read")
def sheet(code: str) -> str:
    """The sheet. Premises of which nobody knows the place, or whose place is off the map, stand below the others."""
    with reading() as session:
        municipality = session.get(Municipality, code)
        if municipality is None or not may(Permission.SITE_READ, code):
            raise nothing_here()
        views = site_states(session, on=clock.today(), municipality=code)
        spots = [
            (
                view,
                replace(spot_of(view, None, url_for("sites.one", number=view.site_id)), number=str(number)),
            )
            for number, view in enumerate((one for one in views if one.lat is not None), start=1)
        ]
        picture = maps.picture(
            session,
            title=say("Map of the premises"),
            spots=[spot for _, spot in spots],
            only=code if maps.has_area(session, code) else "",
        )
        off_the_map = {spot.number for spot in picture.outside} if picture else set()
        return render_template(
            "site_map.html",
            municipality=municipality,
            map=picture,
            rows=[(spot.number, view, spot.number in off_the_map) for view, spot in spots],
            unplaced=[view for view in views if view.lat is None],
            addresses={
                site.id: site.address
                for site in session.scalars(select(Site).where(Site.municipality_code == code))
            },
        )
