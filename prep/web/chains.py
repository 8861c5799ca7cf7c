"""Alert chains: whether each body is reached, why not, and who calls whom."""

from flask import Blueprint, Response, render_template

from prep import clock
from prep.alerting.defaults import caution
from prep.alerting.records import all_chains
from prep.auth.roles import Permission
from prep.language import say
from prep.web import chain_drawing, tables
from prep.web.chain_asking import chain_of, chain_parts, scenario_asked, scenario_choices
from prep.web.chain_reading import Reading, read_chain, shares_by_minute
from prep.web.database import reading
from prep.web.language import page_language
from prep.web.permissions import permission
from prep.web.sight import may_somewhere, seen_chains
from prep.web.tables import Column
from prep.web.writing import named

pages = Blueprint("chains", __name__)

_COLUMNS: tuple[Column[Reading], ...] = (
    Column("name", say("Chain"), lambda one: one.chain.name, names=True),
    Column("body", say("Body"), lambda one: named(one.chain.body), extra=True),
    Column("state", say("State"), lambda one: one.state, extra=True),
    Column("reach", say("Reached in time"), lambda one: one.reach.quorum.p if one.reach else None),
    Column("deadline", say("Deadline, min"), lambda one: one.chain.deadline_min, is_figure=True),
    Column(
        "needs",
        say("Needs"),
        lambda one: say(
            "{quorum} of {seats} seats",
            quorum=one.chain.body.quorum or len(one.chain.body.seats),
            seats=len(one.chain.body.seats),
        ),
    ),
    Column("weakest", say("Weakest link"), lambda one: one.causes[0].name if one.causes else None),
)
_TABLE_MINUTES = (5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240)


@pages.get("/halytysketjut")
@permission("chain.read")
def listed() -> str | Response:
    """Every chain and how surely its body is reached in time."""
    scenario = scenario_asked()
    with reading() as session:
        readings = [
            read_chain(chain, scenario, on=clock.today(), language=page_language())
            for chain in seen_chains(all_chains(session))
        ]
        made = tables.listing(
            "chains",
            say("Alert chains"),
            _COLUMNS,
            readings,
            sorted_by="name",
            place=lambda reading: reading.chain.body.municipality_code,
        )
        return tables.answer(
            made,
            "chains.html",
            scenario=scenario.name,
            may_simulate=may_somewhere(Permission.CHAIN_SIMULATE),
            **scenario_choices(),
        )


@pages.get("/halytysketjut/<key>")
@permission("chain.read")
def one(key: str) -> str:
    """One chain: is its body reached, why not, what would help, and who calls whom."""
    scenario, today, language = scenario_asked(), clock.today(), page_language()
    with reading() as session:
        found = read_chain(chain_of(session, key), scenario, on=today, language=language, with_remedies=True)
        horizon_min = chain_drawing.horizon(found.chain.deadline_min)
        return render_template(
            "chain.html",
            reading=found,
            scenario=scenario.name,
            picture=chain_drawing.picture(found, on=today, language=language),
            curves=[
                chain_drawing.curves(found, language=language, width=width)
                for width in (640, 320)
                if found.reach
            ],
            by_minute=shares_by_minute(found.reach, [m for m in _TABLE_MINUTES if m <= horizon_min])
            if found.reach
            else [],
            caution=caution(),
            parts=chain_parts(found.chain),
            **scenario_choices(),
        )
