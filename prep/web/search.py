"""Searching everything that whoever asks may see."""

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from prep.auth.permissions import nothing_here
from prep.auth.roles import Permission
from prep.language import say
from prep.readiness.search import LONGEST, MOST, Sought, search
from prep.web import identity
from prep.web.database import reading
from prep.web.findings import address_of
from prep.web.language import page_language
from prep.web.permissions import permission
from prep.web.sight import may, may_see

pages = Blueprint("search", __name__)

WORDS = {
    Sought.PERSON: say("Person"),
    Sought.MUNICIPALITY: say("Municipality"),
    Sought.SITE: say("Premises"),
    Sought.BODY: say("Body"),
    Sought.ROLE: say("Post"),
    Sought.CHAIN: say("Alert chain"),
}


@pages.get("/haku")
@permission("signed in")
def find() -> str | Response:
    """What is like the words typed; a single sure hit is opened at once."""
    if not identity.viewer().grants:
        raise nothing_here()
    words = " ".join(request.args.get("q", "").split())
    with reading() as session:
        found = search(
            session,
            words,
            language=page_language(),
            knows_numbers=lambda code: may(Permission.CONTACT_PHONE, code),
        )
    hits = [one for one in found if may_see(one.about[0], one.municipality)]
    if len(hits) == 1 and hits[0].likeness == 100:
        return redirect(address_of(*hits[0].about), code=303)
    return render_template(
        "search.html", words=words[:LONGEST], hits=hits[:MOST], found=len(hits), kind_words=WORDS
    )
