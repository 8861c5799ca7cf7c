"""Municipalities: all on one page, and everything about one."""

from flask import Blueprint, render_template
from sqlalchemy.orm import Session

from prep import clock
from prep.alerting.records import all_chains
from prep.alerting.scenarios import parse
from prep.errors import NotFound, Problem
from prep.evacuation.records import site_states, totals
from prep.language import say
from prep.models import Municipality
from prep.readiness.findings import JUDGED_BY, findings
from prep.readiness.municipalities import municipalities_standing
from prep.registry.bodies import BodyStanding, SeatStanding, bodies_standing
from prep.registry.contacts import people_in_use, roles_standing
from prep.web.chain_reading import read_chain
from prep.web.database import reading
from prep.web.findings import line
from prep.web.language import page_language
from prep.web.permissions import permission

pages = Blueprint("municipalities", __name__)


@pages.get("/kunnat")
@permission("municipality.read")
def listed() -> str:
    """Every municipality on one line."""
    with reading() as session:
        found = findings(session, on=clock.today(), language=page_language())
        rows = municipalities_standing(session, found, on=clock.today(), language=page_language())
        return render_template("municipalities.html", rows=rows, scenario=parse(JUDGED_BY).name)


@pages.get("/kunnat/<code>")
@permission("municipality.read")
def one(code: str) -> str:
    """One municipality's whole preparedness: people, numbers, group, chain, premises, cards."""
    today, language = clock.today(), page_language()
    with reading() as session:
        place = _find(session, code)
        found = findings(session, on=today, language=language)
        standing = next(
            row
            for row in municipalities_standing(session, found, on=today, language=language)
            if row.municipality.code == code
        )
        bodies = bodies_standing(session, on=today)
        own = [one for one in bodies if one.body.municipality_code == code]
        roles = roles_standing(session, on=today, municipality=code)
        sites = site_states(session, on=today, municipality=code)
        return render_template(
            "municipality.html",
            today=today,
            place=place,
            standing=standing,
            lines=[line(one) for one in found if one.municipality == code],
            roles=roles,
            bodies=own,
            shared=_shared_seats(bodies, place),
            named_people=people_in_use(own, roles),
            chains=[
                read_chain(chain, parse(JUDGED_BY), on=today, language=language)
                for chain in all_chains(session)
                if chain.body.municipality_code == code
            ],
            scenario=parse(JUDGED_BY).name,
            sites=sites,
            total=totals(sites),
        )


def _find(session: Session, code: str) -> Municipality:
    place = session.get(Municipality, code)
    if place is None:
        raise NotFound(
            Problem(
                place=say("Municipality"),
                value=code,
                rule=say("The county has no municipality of this code."),
                remedy=say("Choose the municipality from the list."),
            )
        )
    return place


def _shared_seats(bodies: list[BodyStanding], place: Municipality) -> list[tuple[BodyStanding, SeatStanding]]:
    """The seats of shared bodies that this municipality fills, alone or with others."""
    return [
        (body, seat)
        for body in bodies
        for seat in body.seats
        if seat.seat.constituency is not None and place in seat.seat.constituency.municipalities
    ]
