"""Municipalities: all on one page, and everything about one."""

from flask import Blueprint, render_template

from prep import clock
from prep.alerting.records import all_chains
from prep.alerting.scenarios import parse
from prep.auth.roles import Permission
from prep.evacuation.records import site_states, totals
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
from prep.web.sight import may, municipality_of, seen_chains, seen_findings

pages = Blueprint("municipalities", __name__)


@pages.get("/kunnat")
@permission("municipality.read")
def listed() -> str:
    """Every municipality on one line."""
    with reading() as session:
        found = findings(session, on=clock.today(), language=page_language())
        standing = municipalities_standing(session, found, on=clock.today(), language=page_language())
        rows = [row for row in standing if may(Permission.MUNICIPALITY_READ, row.municipality.code)]
        return render_template("municipalities.html", rows=rows, scenario=parse(JUDGED_BY).name)


@pages.get("/kunnat/<code>")
@permission("municipality.read")
def one(code: str) -> str:
    """One municipality's whole preparedness: people, numbers, group, chain, premises, cards."""
    today, language = clock.today(), page_language()
    with reading() as session:
        place = municipality_of(session, code, Permission.MUNICIPALITY_READ)
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
            lines=[line(one) for one in seen_findings(found) if one.municipality == code],
            roles=roles,
            bodies=own,
            shared=_shared_seats(bodies, place),
            named_people=people_in_use(own, roles),
            chains=[
                read_chain(chain, parse(JUDGED_BY), on=today, language=language)
                for chain in seen_chains(all_chains(session))
                if chain.body.municipality_code == code
            ],
            scenario=parse(JUDGED_BY).name,
            sites=sites,
            total=totals(sites),
        )


def _shared_seats(bodies: list[BodyStanding], place: Municipality) -> list[tuple[BodyStanding, SeatStanding]]:
    """The seats of shared bodies that this municipality fills, alone or with others."""
    return [
        (body, seat)
        for body in bodies
        for seat in body.seats
        if seat.seat.constituency is not None and place in seat.seat.constituency.municipalities
    ]
