"""The capacity calculator: how many premises hold in a stay, by any norm set, and what would raise it."""

from flask import Blueprint, render_template, request
from sqlalchemy.orm import Session

from prep.errors import Refused
from prep.evacuation.calculator import calculate
from prep.evacuation.capacity import main_use
from prep.evacuation.norm_records import all_norms, county_norms
from prep.evacuation.norms import Norms, NormStatus
from prep.evacuation.records import site_space
from prep.exchange.cells import plain_number
from prep.language import say
from prep.terms import SiteUse
from prep.web.choices import address_refused, one_of
from prep.web.database import reading
from prep.web.forms import Form
from prep.web.language import page_language
from prep.web.permissions import permission
from prep.web.sites import site_of
from prep.web.words import word

pages = Blueprint("site_calculator", __name__, url_prefix="/evakuointipaikat/<int:number>/laskuri")

_LONGEST_H = 8760
_USUAL_H = 72


@pages.get("")
@permission("site.read")
def show(number: int) -> str:
    """How many the premises hold in the stay that is asked about."""
    with reading() as session:
        site = site_of(session, number)
        norms, stay_h = _norms(session), _stay_h()
        space = site_space(site)
        use = one_of(SiteUse, "kaytto") or main_use(space)
        found = calculate(space, norms, use, stay_h=stay_h) if use else None
        return render_template(
            "site_calculator.html",
            site=site,
            found=found,
            norms=norms,
            figures=[
                row for row in norms.rows.values() if row.phase in (None, found and found.capacity.phase)
            ],
            unsure=frozenset({NormStatus.UNCHECKED, NormStatus.PROPOSAL}),
            form=Form({"normit": norms.key, "kesto": f"{stay_h:g}".replace(".", ","), "kaytto": use or ""}),
            sets=[(one.key, one.names[page_language()]) for one in all_norms(session).values()],
            uses=[(one.value, word(one)) for one in SiteUse if one in space.uses],
        )


def _norms(session: Session) -> Norms:
    key = request.args.get("normit", "")
    known = all_norms(session)
    if not key:
        return county_norms(session)
    if key not in known:
        raise address_refused("normit", key, say("There is no norm set of this name."), list(known))
    return known[key]


def _stay_h() -> float:
    """The length of the stay in hours.

    Raises
    ------
    Refused
        If it is no number of hours up to a year.
    """
    typed = request.args.get("kesto", "").strip()
    if not typed:
        return _USUAL_H
    hours = plain_number(typed)
    if hours is None or not 0 < hours <= _LONGEST_H:
        raise _refused(typed)
    return hours


def _refused(typed: str) -> Refused:
    return address_refused("kesto", typed, say("It is a number of hours, at most {n}.", n=_LONGEST_H))
