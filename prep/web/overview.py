"""The situation overview: the county on a map, what asks for action, a row for each municipality."""

from flask import Blueprint, render_template, url_for
from sqlalchemy import select

from prep import clock
from prep.auth.roles import Permission
from prep.language import say
from prep.models import County
from prep.readiness.facts import gather
from prep.readiness.findings import findings
from prep.readiness.municipalities import municipalities_standing
from prep.registry.review import to_confirm
from prep.web import identity, maps
from prep.web.database import reading
from prep.web.findings import line
from prep.web.language import page_language
from prep.web.municipality_rows import columns
from prep.web.permissions import permission
from prep.web.sight import may, may_somewhere, seen_findings

pages = Blueprint("overview", __name__)

# So many lines stand beside the map; the others unfold below them.
FIRST_LINES = 7


@pages.get("/")
@permission("overview.read")
def show() -> str:
    """Five seconds to see what is not in order, and a link from each to where it is mended."""
    with reading() as session:
        if session.scalar(select(County.id)) is None:
            return render_template("overview_empty.html")
        facts = gather(session, on=clock.today())
        found = findings(facts, language=page_language())
        standing = municipalities_standing(facts, found, language=page_language())
        rows = [row for row in standing if may(Permission.MUNICIPALITY_READ, row.municipality.code)]
        states = {row.municipality.code: row.state for row in rows}
        lines = [line(one) for one in seen_findings(found)]
        return render_template(
            "overview.html",
            first=lines[:FIRST_LINES],
            others=lines[FIRST_LINES:],
            to_confirm=to_confirm(session, identity.viewer(), on=clock.today(), language=page_language())
            if may_somewhere(Permission.CONTACT_EDIT)
            else None,
            rows=rows,
            columns=[column for column in columns() if not column.extra and column.key != "residents"],
            map=maps.picture(
                session,
                title=say("Map of the municipalities by state"),
                states=states,
                link=lambda place: (
                    url_for("municipalities.one", code=place.code) if place.code in states else None
                ),
            ),
        )
