"""Premises without a place: where they may be, by their name and address, for somebody to confirm on the map."""

from urllib.parse import urlencode

from flask import Blueprint, jsonify, render_template, request, url_for
from werkzeug.wrappers import Response

from prep.auth.roles import Permission
from prep.language import in_language
from prep.models import Site
from prep.registry.gazetteer import Proposal, gazetteer, proposals_for, sites_without_place
from prep.web.database import reading
from prep.web.language import page_language
from prep.web.permissions import permission
from prep.web.sight import may
from prep.web.writing import coordinate

pages = Blueprint("site_places", __name__, url_prefix="/evakuointipaikat")

PROPOSAL = "ehdotus"
_LONGEST = 300


@pages.get("/ilman-sijaintia")
@permission("site.edit")
def listed() -> str:
    """The premises without a place; each proposal opens the form, where it is looked at, moved and saved."""
    with reading() as session:
        rows = [
            (site, [(one, _form_address(site, one)) for one in proposals_for(session, site)])
            for site in sites_without_place(session)
            if may(Permission.SITE_EDIT, site.municipality_code)
        ]
        return render_template("site_places.html", rows=rows)


@pages.get("/etsi.json")
@permission("site.edit")
def find() -> Response:
    """Where a typed address or name may be, for the form; what may not be seen proposes nothing."""
    text, code = request.args.get("osoite", "")[:_LONGEST], request.args.get("kunta", "")
    number = request.args.get("paikka", "")
    without = int(number) if number.isascii() and number.isdecimal() and len(number) < 10 else None
    if not may(Permission.SITE_READ, code):
        return jsonify(found=[])
    with reading() as session:
        found = gazetteer(session, without=without).proposals(text, municipality=code)
    return jsonify(
        found=[
            {"place": written(one), "words": in_language(one.words, page_language())} for one in found[:10]
        ]
    )


def written(proposal: Proposal) -> str:
    """The place of a proposal as it is typed in the form."""
    return f"{coordinate(proposal.lat)} {coordinate(proposal.lon)}"


def _form_address(site: Site, proposal: Proposal) -> str:
    address = url_for("site_editing.edit", number=site.id)
    return f"{address}?{urlencode({PROPOSAL: written(proposal)})}#coordinates"
