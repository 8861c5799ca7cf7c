"""The parts of the administration, beside each other on each of its pages."""

from flask import Flask, request, url_for

from prep.language import say
from prep.web.frame import Place, is_open

# The first page of each part, and its name. Where a part has a file of its own, all its pages belong to it.
_PARTS = (
    ("upkeep.show", say("At a glance")),
    ("administration.listed", say("Accounts")),
    ("sign_ins.listed", say("Sign-ins")),
    ("keys.listed", say("Keys")),
    ("upkeep.settings", say("Settings")),
    ("upkeep.health", say("Health")),
    ("upkeep.backups", say("Backups")),
    ("audit.listed", say("Audit trail")),
)


def tell_with(app: Flask) -> None:
    """Teach the templates to show the parts."""
    app.jinja_env.globals["administration_parts"] = open_parts


def open_parts() -> list[Place]:
    """The parts that whoever asks may open; none where there is only the one page."""
    places = [
        Place(label, url_for(endpoint), _is_here(endpoint)) for endpoint, label in _PARTS if is_open(endpoint)
    ]
    return places if len(places) > 1 else []


def _is_here(endpoint: str) -> bool:
    area, _, _ = endpoint.partition(".")
    here = request.endpoint or ""
    return here == endpoint or (area != "upkeep" and here.startswith(f"{area}."))
