"""What the alert chains share: every channel and piece of infrastructure, and what breaks without it."""

from flask import Blueprint, Response, render_template

from prep import clock
from prep.alerting.records import all_chains
from prep.alerting.result import PartKind
from prep.auth.permissions import nothing_here
from prep.language import Message, say
from prep.readiness.impact import Touched
from prep.readiness.outage_impact import Shared, everything_shared, outage
from prep.web import tables
from prep.web.database import reading
from prep.web.language import page_language
from prep.web.permissions import permission
from prep.web.sight import seen_chains, seen_impact
from prep.web.tables import Column

pages = Blueprint("outages", __name__, url_prefix="/halytysketjut/yhteiset")

_KINDS: dict[PartKind, Message] = {
    PartKind.CHANNEL: say("channel"),
    PartKind.RESOURCE: say("infrastructure"),
}
# So many of each kind are told at once; the others unfold.
_SHOWN = 10
# In the order in which they are told.
_PARTS = (
    (Touched.CHAIN, say("Alert chains")),
    (Touched.SEAT, say("Seats that nothing else reaches")),
    (Touched.PERSON, say("People")),
    (Touched.CARD, say("Printed cards")),
)
_COLUMNS: tuple[Column[Shared], ...] = (
    Column("name", say("Channel or infrastructure"), lambda one: one.name, names=True),
    Column("kind", say("Kind"), lambda one: _KINDS[one.part.kind]),
    Column("silenced", say("Bodies silenced"), lambda one: one.silenced, is_figure=True),
    Column("seats", say("Seats silenced"), lambda one: one.seats, is_figure=True),
    Column("chains", say("Chains"), lambda one: one.chains, is_figure=True),
    Column("attempts", say("Attempts"), lambda one: one.attempts, is_figure=True, extra=True),
)


@pages.get("")
@permission("chain.read")
def listed() -> str | Response:
    """Every channel and piece of infrastructure that the chains use, what silences most first."""
    with reading() as session:
        found = everything_shared(
            seen_chains(all_chains(session)), on=clock.today(), language=page_language()
        )
        made = tables.listing(
            "shared", say("What the alert chains share"), _COLUMNS, found, sorted_by="-silenced"
        )
        return tables.answer(made, "outages.html")


@pages.get("/<path:key>")
@permission("chain.read")
def one(key: str) -> str:
    """What breaks without one of them."""
    with reading() as session:
        found = outage(
            session,
            seen_chains(all_chains(session)),
            key,
            on=clock.today(),
            language=page_language(),
        )
        if found is None:
            raise nothing_here()
        impact = seen_impact(found.impact)
        return render_template(
            "outage.html",
            shared=found.shared,
            kind=_KINDS[found.shared.part.kind],
            SHOWN=_SHOWN,
            parts=[(words, effects) for kind, words in _PARTS if (effects := impact.of(kind))],
        )
