"""Pages about the pages: the accessibility statement, and the style in which all others are made."""

from flask import Blueprint, render_template

from prep.web import samples
from prep.web.permissions import permission

pages = Blueprint("about", __name__)


@pages.get("/saavutettavuus")
@permission("public")
def accessibility() -> str:
    """What is promised, what is known to be lacking, and where to write."""
    return render_template("accessibility.html")


@pages.get("/tyyli")
@permission("public")
def style() -> str:
    """Every part of the pages at once, with invented values."""
    return render_template("style.html", sample=samples)
