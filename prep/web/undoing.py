"""Taking back what somebody has just done, where it can be had: the page that comes after a change offers it."""

import re
from types import SimpleNamespace
from typing import Any

from flask import Blueprint, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from prep import undo
from prep.auth.permissions import nothing_here
from prep.auth.roles import Permission
from prep.models import (
    AuditEntry,
    Base,
    Body,
    Chain,
    ChainList,
    IssuedCard,
    Meeting,
    Person,
    Role,
    Seat,
    Site,
    SiteUnit,
)
from prep.web import identity, notices
from prep.web.permissions import permission, require
from prep.web.returning import own_path
from prep.web.saving import BACK, UNDO, led_to, saving

pages = Blueprint("undoing", __name__)

_ROWS = re.compile(r"(\d{1,12})-(\d{1,12})")
# The municipalities whose something is; None for what is the county's or shared.
_Places = str | tuple[str | None, ...] | None
# A list that was read in can have changed as many rows.
_MOST_ROWS = 200_000


def offered() -> tuple[str, str] | None:
    """What the page that was just opened offers to take back, and where one is led then."""
    rows = request.args.get(UNDO, "")
    if not _ROWS.fullmatch(rows):
        return None
    return rows, own_path(request.args.get(BACK, "")) or request.path


@pages.post("/kumoa")
@permission("signed in")
def take_back() -> Response:
    """Put back what stood there before one's own last change, if nobody has changed it since."""
    asked = _ROWS.fullmatch(request.form.get("rivit", ""))
    if asked is None:
        raise nothing_here()
    first, last = (int(one) for one in asked.groups())
    if not first <= last <= first + _MOST_ROWS:
        raise nothing_here()
    with saving(why=f"undo {first}-{last}") as session:
        rows = undo.rows_of(session, first, last, actor=identity.actor())
        standing = undo.rows_standing(session, rows)
        for row in rows:
            _require_right(session, row, standing.get((row.table_name, row.row_key)))
        undo.take_back(session, rows)
        return led_to(notices.on(own_path(request.form.get("paluu", "")) or "/", "undone"))


def _require_right(session: Session, entry: AuditEntry, standing: Base | None) -> None:
    """Whoever takes back a change must still be allowed to make it, wherever the row stood and stands."""
    needs = _NEEDS.get(entry.table_name)
    if needs is None:
        raise nothing_here()
    needed, place_of = needs
    recorded = undo.recorded(entry)
    for thing in (standing, SimpleNamespace(**recorded) if standing is None else None):
        if thing is not None:
            places = place_of(session, thing)
            for place in places if isinstance(places, tuple) else (places,):
                require(needed, place)
    if "municipality_code" in recorded:
        require(needed, recorded["municipality_code"])


def _own(_session: Session, row: Any) -> str | None:
    code: str | None = row.municipality_code
    return code


def _of_county(_session: Session, _row: Any) -> None:
    return None


def _of_person(session: Session, row: Any) -> _Places:
    return _places_of(session, row.person_id)


def _of_pair(session: Session, row: Any) -> _Places:
    return (*_places_of(session, row.person_id), *_places_of(session, row.other_id))


def _places_of(session: Session, person_id: int) -> tuple[str | None, ...]:
    person = session.get(Person, person_id)
    # Whoever was removed by the same change has a row of their own, which is asked about as well.
    return () if person is None else (person.municipality_code,)


def _of_meeting(session: Session, row: Any) -> str | None:
    return session.get_one(Meeting, row.meeting_id).body.municipality_code


def _of_chain(session: Session, row: Any) -> _Places:
    chain = session.get(Chain, row.chain_id)
    # A chain that was removed by the same change has a row of its own, which is asked about as well.
    return () if chain is None else (chain.body.municipality_code,)


def _of_list(session: Session, row: Any) -> _Places:
    found = session.get(ChainList, row.list_id)
    return () if found is None else _of_chain(session, found)


def _of_site(session: Session, row: Any) -> _Places:
    site = session.get(Site, row.site_id)
    # Premises that were taken off by the same change have a row of their own, as people have.
    return () if site is None else site.municipality_code


def _of_unit(session: Session, row: Any) -> _Places:
    unit = session.get(SiteUnit, row.unit_id)
    return () if unit is None else _of_site(session, unit)


def _of_site_pair(session: Session, row: Any) -> _Places:
    sites = (session.get(Site, number) for number in (row.site_id, row.other_id))
    return tuple(site.municipality_code for site in sites if site is not None)


def _of_attachment(session: Session, row: Any) -> _Places:
    # Minutes are not taken back: they have their own page.
    if row.site_id is None:
        raise nothing_here()
    return _of_site(session, row)


def _of_role(session: Session, row: Any) -> str | None:
    return session.get_one(Role, row.role_id).municipality_code


def _of_seat(session: Session, row: Any) -> str | None:
    return session.get_one(Seat, row.seat_id).body.municipality_code


def _of_body(session: Session, row: Any) -> str | None:
    return session.get_one(Body, row.body_id).municipality_code


def _of_card(session: Session, row: Any) -> str | None:
    return session.get_one(IssuedCard, row.code).municipality_code


# By table: the permission that changing it takes, and whose it is.
_NEEDS = {
    "person": (Permission.CONTACT_EDIT, _own),
    "contact_point": (Permission.CONTACT_EDIT, _of_person),
    "absence": (Permission.CONTACT_EDIT, _of_person),
    "role_term": (Permission.CONTACT_EDIT, _of_role),
    "seat_term": (Permission.BODY_EDIT, _of_seat),
    "seat": (Permission.BODY_EDIT, _of_body),
    "body": (Permission.BODY_EDIT, _own),
    "meeting_rule": (Permission.BODY_EDIT, _of_body),
    "meeting": (Permission.BODY_EDIT, _of_body),
    "attendance": (Permission.BODY_EDIT, _of_meeting),
    "chain": (Permission.CHAIN_EDIT, _of_body),
    "chain_list": (Permission.CHAIN_EDIT, _of_chain),
    "chain_item": (Permission.CHAIN_EDIT, _of_list),
    "chain_draft": (Permission.CHAIN_EDIT, _of_chain),
    "chain_version": (Permission.CHAIN_EDIT, _of_chain),
    "simulation_result": (Permission.CHAIN_EDIT, _of_chain),
    "scenario": (Permission.CHAIN_EDIT, _of_county),
    "review_link": (Permission.CONTACT_EDIT, _of_person),
    "calendar_feed": (Permission.CONTACT_EDIT, _of_person),
    "possible_double": (Permission.CONTACT_EDIT, _of_pair),
    "freshness_interval": (Permission.CONTACT_EDIT, _of_county),
    "site": (Permission.SITE_EDIT, _own),
    "possible_site_double": (Permission.SITE_EDIT, _of_site_pair),
    "remembered_column": (Permission.SITE_EDIT, _own),
    "attachment": (Permission.SITE_EDIT, _of_attachment),
    "site_use": (Permission.SITE_EDIT, _of_site),
    "key_holder": (Permission.SITE_EDIT, _of_site),
    "card_copies": (Permission.CARD_PRINT, _of_card),
    "norm_set": (Permission.SITE_EDIT, _of_county),
    "norm_figure": (Permission.SITE_EDIT, _of_county),
    "norm_choice": (Permission.SITE_EDIT, _of_county),
    "site_status_change": (Permission.SITE_EDIT, _of_site),
    "site_evidence": (Permission.SITE_EDIT, _of_site),
    "site_unit": (Permission.SITE_EDIT, _of_site),
    "site_unit_use": (Permission.SITE_EDIT, _of_unit),
    "site_calendar": (Permission.SITE_EDIT, _of_site),
    "site_booking": (Permission.SITE_EDIT, _of_site),
}
