"""Constituencies: which municipalities fill a seat together, and changing it."""

from flask import Blueprint, render_template, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from prep.auth.permissions import nothing_here
from prep.auth.roles import Permission
from prep.language import sort_key
from prep.models import Constituency
from prep.registry.body_details import change_constituency
from prep.registry.sites import municipalities
from prep.web import editing
from prep.web.database import reading
from prep.web.editing import Edit
from prep.web.forms import Form
from prep.web.permissions import permission, require
from prep.web.saving import saved
from prep.web.writing import named

pages = Blueprint("constituencies", __name__, url_prefix="/vaalipiirit")

Answer = str | tuple[str, int] | Response


@pages.get("/<int:number>")
@permission("body.edit")
def edit(number: int) -> str:
    """Which municipalities fill a seat together."""
    with reading() as session:
        found = _area(session, number)
        return _area_page(session, found, editing.opened(_area_values(found), found))


@pages.post("/<int:number>")
@permission("body.edit")
def change(number: int) -> Answer:
    """Change which municipalities fill a seat together."""
    sent = editing.sent("municipalities")
    codes = " ".join(sorted(request.form.getlist("municipalities")))
    sent = Edit({"municipalities": codes}, sent.opened, sent.version)

    def write(session: Session, found: Constituency) -> Response:
        change_constituency(session, found, codes.split())
        return saved(session, "bodies.listed", "saved")

    return editing.changed(
        sent,
        find=lambda session: _area(session, number),
        values=_area_values,
        change=write,
        places={"The municipalities": "municipalities"},
        page=_area_page,
    )


def _area(session: Session, number: int) -> Constituency:
    # Several municipalities fill the seat: it takes the county to say which.
    require(Permission.BODY_EDIT)
    found = session.get(Constituency, number)
    if found is None:
        raise nothing_here()
    return found


def _area_values(found: Constituency) -> dict[str, str]:
    return {"municipalities": " ".join(sorted(one.code for one in found.municipalities))}


def _area_page(session: Session, found: Constituency, form: Form) -> str:
    places = sorted(municipalities(session), key=lambda one: sort_key(named(one)))
    return render_template(
        "constituency_form.html",
        area=found,
        form=form,
        places=[(one.code, named(one)) for one in places],
    )
