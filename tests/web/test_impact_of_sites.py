"""What breaks without premises: the sleeping places that a municipality would have left."""

import html

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from prep.db import write_session
from prep.evacuation.records import SiteView, site_states, totals
from prep.models import Municipality, Site
from prep.readiness.impact import Touched, impact_of_site
from prep.terms import Language
from prep.web.database import engine_of
from tests.web.county import TODAY
from tests.web.people import sign_in


def counted(session: Session) -> SiteView:
    """Premises whose places are counted for their municipality."""
    views = site_states(session, on=TODAY)
    return next(
        one
        for one in views
        if totals([one]).confirmed_places and session.get_one(Site, one.site_id).municipality.population
    )


def test_the_places_without_it_are_told_and_held_against_the_need(apart: Flask) -> None:
    with write_session(engine_of(apart), actor="test") as session:
        view = counted(session)
        own = [
            one for one in site_states(session, on=TODAY) if one.municipality_code == view.municipality_code
        ]
        now, places = totals(own).confirmed_places, totals([view]).confirmed_places
        site = session.get_one(Site, view.site_id)
        place = session.scalars(select(Municipality).where(Municipality.code == view.municipality_code)).one()
        # Twenty residents for each place: just enough with these premises, too few without.
        for residents, is_short in ((20 * now, True), (20 * (now - places), False)):
            place.population = residents
            (first, *_) = impact_of_site(session, site, own, language=Language.FI).effects
            assert (first.kind, first.is_left_empty) == (Touched.SITE, is_short)
            assert first.detail.facts["without"] == now - places
        number, name = site.id, place.code
    text = html.unescape(sign_in(apart).get(f"/evakuointipaikat?kunta={name}&paikka={number}&lang=fi").text)
    assert "Mitä ilman tilaa puuttuu?" in text
    assert "majoituspaikkoja ilman tilaa" in text
