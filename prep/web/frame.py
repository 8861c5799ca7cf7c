"""What surrounds every page: whose it is, where one is, where one can go."""

from dataclasses import dataclass

from flask import Flask, current_app, g, request, url_for
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from prep import __version__, clock
from prep.auth.roles import Permission
from prep.config import Settings
from prep.errors import Unavailable
from prep.language import OWN_NAMES, Message, say
from prep.models import County, Installation
from prep.web import identity, notices, undoing
from prep.web.database import engine_of
from prep.web.language import language_links, page_language
from prep.web.permissions import permission_of

# The endpoint of an area's first page, and its name in the navigation. Only those are shown that exist and that
# whoever asks may open.
_AREAS = (
    ("overview.show", say("Situation overview")),
    ("review.listed", say("To confirm")),
    ("municipalities.listed", say("Municipalities")),
    ("people.listed", say("Contacts")),
    ("bodies.listed", say("Bodies")),
    ("sites.listed", say("Evacuation premises")),
    ("chains.listed", say("Alert chains")),
    ("cards.choose", say("Cards")),
    ("upkeep.show", say("Administration")),
    ("audit.listed", say("Audit trail")),
)
# Whoever may open the administration finds these in it; see prep.web.sections.
_IN_ADMINISTRATION = frozenset({"administration", "sign_ins", "keys", "audit"})

# Pages that have a file of their own, and the area to which they belong.
_WITHIN = {
    part: area
    for area, parts in {
        "people": ("numbers", "contact_files", "contact_import", "doubles", "privacy"),
        "bodies": (
            *("body_editing", "constituencies", "frequencies"),
            *("meetings", "meeting_editing", "minutes"),
        ),
        "sites": (
            *("site_editing", "site_import", "site_keys", "site_units", "site_calculator", "norms"),
            *("site_map", "site_places", "map_data", "site_doubles", "list_columns", "site_calendar"),
            *("site_opening", "site_files"),
        ),
        "chains": (
            *("chain_flaws", "chain_fixing", "chain_applying", "chain_hours", "chain_story", "chain_poster"),
            *("chain_editing", "chain_lists", "chain_lines", "chain_history"),
            *("outages", "own_scenarios", "simulation"),
        ),
        "cards": ("binder", "card_register", "card_texts", "sheets"),
    }.items()
    for part in parts
}


@dataclass(frozen=True, slots=True)
class Place:
    """One entry of the navigation."""

    label: Message
    href: str
    is_here: bool


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose installation this is: names of the county; all invented if ``is_demo``."""

    name_fi: str
    name_sv: str
    name_en: str
    is_demo: bool


def frame(app: Flask) -> None:
    """Give every template its frame."""
    app.context_processor(_frame)


def _frame() -> dict[str, object]:
    settings: Settings = current_app.extensions["prep_settings"]
    return {
        "navigation": open_areas,
        "home": home,
        "who": identity.who(),
        "may": _may,
        "may_somewhere": _may_somewhere,
        "language_name": OWN_NAMES.get,
        "notice": notices.notice,
        "undo_offered": undoing.offered,
        "language": page_language(),
        "language_links": language_links,
        "owner": _owner(),
        "feedback_email": settings.feedback_email,
        "version": __version__,
        "now": clock.now(),
    }


def open_areas() -> list[Place]:
    """The areas that whoever asks may open."""
    here = _area(request.endpoint or "")
    is_within = is_open("upkeep.show")
    if is_within and here in _IN_ADMINISTRATION:
        here = "upkeep"
    return [
        Place(label, url_for(endpoint), _area(endpoint) == here)
        for endpoint, label in _AREAS
        if is_open(endpoint) and not (is_within and _area(endpoint) in _IN_ADMINISTRATION)
    ]


def home() -> Place:
    """The first page that whoever asks may open; their own, or the sign-in, if there is no other."""
    areas = open_areas()
    if areas:
        return areas[0]
    if identity.who() is not None:
        return Place(say("Own account"), url_for("account.show"), is_here=False)
    return Place(say("Sign in"), url_for("signing_in.ask"), is_here=False)


def is_open(endpoint: str) -> bool:
    """Whether a page exists and whoever asks may open it."""
    view = current_app.view_functions.get(endpoint)
    needed = permission_of(view) if view else None
    return isinstance(needed, Permission) and identity.viewer().may_somewhere(needed)


def _area(endpoint: str) -> str:
    area = endpoint.partition(".")[0]
    return _WITHIN.get(area, area)


def _may(needed: str, municipality: str | None = None) -> bool:
    """Whether a page offers this to whoever asks; the page behind it asks again."""
    return identity.viewer().may(Permission(needed), municipality=municipality)


def _may_somewhere(needed: str) -> bool:
    """Whether a page offers this to whoever may do it anywhere."""
    return identity.viewer().may_somewhere(Permission(needed))


def _owner() -> Owner | None:
    """Whose pages these are; None when the database cannot say, so that an error page can still be made."""
    if "owner" not in g:
        try:
            with Session(engine_of(current_app)) as session:
                g.owner = _read_owner(session)
        except (SQLAlchemyError, Unavailable):
            g.owner = None
    owner: Owner | None = g.owner
    return owner


def _read_owner(session: Session) -> Owner | None:
    county = session.scalar(select(County).order_by(County.id).limit(1))
    if county is None:
        return None
    is_demo = bool(session.scalar(select(Installation.is_demo)))
    return Owner(county.name_fi, county.name_sv, county.name_en, is_demo)
