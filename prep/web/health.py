"""Is prep alive, and can it do its work? For supervisors and load balancers; says nothing else to strangers."""

from flask import Blueprint, Response, current_app, jsonify

from prep.config import Settings
from prep.doctor import is_ready
from prep.web.database import engine_of
from prep.web.permissions import permission

pages = Blueprint("health", __name__)


@pages.get("/livez")
@permission("public")
def alive() -> Response:
    """The process answers; the database is not asked."""
    return jsonify(status="ok")


@pages.get("/readyz")
@permission("public")
def ready() -> tuple[Response, int]:
    """Pages can be served and changes kept; which part is not in order is said by ``prep doctor`` only."""
    settings: Settings = current_app.extensions["prep_settings"]
    if is_ready(engine_of(current_app), settings):
        return jsonify(status="ok"), 200
    return jsonify(status="degraded"), 503
