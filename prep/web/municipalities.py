"""Municipalities: all on one page, and everything about one."""

from collections.abc import Sequence

from flask import Blueprint, Response, render_template

from prep import clock
from prep.alerting.scenarios import parse
from prep.auth.roles import Permission
from prep.evacuation.records import totals
from prep.language import say
from prep.models import Municipality
from prep.readiness.facts import gather
from prep.readiness.findings import findings
from prep.readiness.judgement import JUDGED_BY
from prep.readiness.municipalities import municipalities_standing
from prep.registry.bodies import BodyStanding, SeatStanding
from prep.registry.contacts import people_in_use
from prep.web import tables
from prep.web.chain_reading import read_chain
from prep.web.database import reading
from prep.web.findings import line
from prep.web.language import page_language
from prep.web.municipality_rows import columns
from prep.web.permissions import permission
from prep.web.posts import appoint_at
from prep.web.sight import may, municipality_of, seen_chains, seen_findings

pages = Blueprint("municipalities", __name__)


@pages.get("/kunnat")
@permission("municipality.read")
def listed() -> str | Response:
    """Every municipality on one line."""
    with reading() as session:
        facts = gather(session, on=clock.today())
        found = findings(facts, language=page_language())
        standing = municipalities_standing(facts, found, language=page_language())
        rows = [row for row in standing if may(Permission.MUNICIPALITY_READ, row.municipality.code)]
        made = tables.listing(
            "municipalities",
            say("Municipalities"),
            columns(),
            rows,
            sorted_by="name",
            place=lambda row: row.municipality.code,
        )
        return tables.answer(made, "municipalities.html", rows=rows)


@pages.get("/kunnat/<code>")
@permission("municipality.read")
def one(code: str) -> str:
    """One municipality's whole preparedness: people, numbers, group, chain, premises, cards."""
    today, language = clock.today(), page_language()
    with reading() as session:
        place = municipality_of(session, code, Permission.MUNICIPALITY_READ)
        facts = gather(session, on=today)
        found = findings(facts, language=language)
        standing = next(
            row
            for row in municipalities_standing(facts, found, language=language)
            if row.municipality.code == code
        )
        own = [one for one in facts.bodies if one.body.municipality_code == code]
        roles = [one for one in facts.roles if one.role.municipality_code == code]
        sites = [one for one in facts.sites if one.municipality_code == code]
        return render_template(
            "municipality.html",
            today=today,
            place=place,
            appoint_at=appoint_at,
            standing=standing,
            lines=[line(one) for one in seen_findings(found) if one.municipality == code],
            roles=roles,
            bodies=own,
            shared=_shared_seats(facts.bodies, place),
            named_people=people_in_use(own, roles),
            chains=[
                read_chain(chain, parse(JUDGED_BY), on=today, language=language)
                for chain in seen_chains(facts.chains)
                if chain.body.municipality_code == code
            ],
            scenario=parse(JUDGED_BY).name,
            sites=sites,
            total=totals(sites),
        )


def _shared_seats(
    bodies: Sequence[BodyStanding], place: Municipality
) -> list[tuple[BodyStanding, SeatStanding]]:
    """The seats of shared bodies that this municipality fills, alone or with others."""
    return [
        (body, seat)
        for body in bodies
        for seat in body.seats
        if seat.seat.constituency is not None and place in seat.seat.constituency.municipalities
    ]
