"""The situation overview."""

from flask import Blueprint, render_template

from prep.web.permissions import permission

pages = Blueprint("overview", __name__)


@pages.get("/")
@permission("overview.read")
def show() -> str:
    """The county on a map, what asks for action, and a row for each municipality."""
    return render_template("overview.html")
