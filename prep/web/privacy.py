"""What is on record of a person: given out as a file, and erased when its time is over."""

import json

from flask import Blueprint, render_template
from werkzeug.wrappers import Response

from prep import audit, clock
from prep.auth import sessions
from prep.auth.roles import Permission
from prep.errors import Problem, Refused
from prep.language import say
from prep.registry.privacy import data_of, erase
from prep.web import identity
from prep.web.database import reading
from prep.web.forms import Form, sent_back, typed
from prep.web.people import person_of
from prep.web.permissions import permission, require
from prep.web.saving import WHY, done, saving

pages = Blueprint("privacy", __name__, url_prefix="/yhteyshenkilot/<int:number>")


@pages.get("/tiedot.json")
@permission("export")
def data(number: int) -> Response:
    """Everything on record of a person, for the person."""
    with saving(why="data of the person") as session:
        person = person_of(session, number, Permission.CONTACT_EDIT)
        require(Permission.EXPORT, person.municipality_code)
        audit.note(session, "export", person, {"as": "json"})
        content = json.dumps(data_of(session, person), ensure_ascii=False, indent=1)
    return Response(
        content,
        content_type="application/json; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="prep-person-{number}.json"'},
    )


@pages.get("/poista")
@permission("contact.edit")
def erasing(number: int) -> str:
    """What erasing does, before it is done."""
    with reading() as session:
        sessions.require_fresh_proof(identity.signed_in(session))
        person = person_of(session, number, Permission.CONTACT_EDIT)
        return render_template("person_erasing.html", person=person, form=Form())


@pages.post("/poista")
@permission("contact.edit")
def erase_person(number: int) -> str | tuple[str, int] | Response:
    """Erase a person: nothing that names them stays in the register or in the trail's values."""
    values = typed(WHY)
    try:
        with saving() as session:
            sessions.require_fresh_proof(identity.signed_in(session))
            person = person_of(session, number, Permission.CONTACT_EDIT)
            if not values[WHY].strip():
                raise Refused(
                    Problem(
                        place=say("The reason"),
                        value=None,
                        rule=say("It is needed, and kept in the audit trail."),
                        remedy=say("Write it without naming the person, such as: has left, retention over."),
                    )
                )
            erase(session, person, on=clock.today())
            return done("people.listed", "erased")
    except Refused as error:
        with reading() as session:
            person = person_of(session, number, Permission.CONTACT_EDIT)
            form = sent_back(values, error, {"The reason": WHY})
            return render_template("person_erasing.html", person=person, form=form), 422
