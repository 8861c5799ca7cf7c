"""Bodies: their seats, who sits and stands in, what is vacant, and by which clause."""

from flask import Blueprint, render_template, request

from prep import clock
from prep.language import say
from prep.registry.bodies import bodies_standing
from prep.terms import BodyKind
from prep.web.choices import choices
from prep.web.database import reading
from prep.web.permissions import permission
from prep.web.sight import seen_bodies
from prep.web.words import word

pages = Blueprint("bodies", __name__)
_VACANT = "avoimet"


@pages.get("/toimielimet")
@permission("body.read")
def listed() -> str:
    """Every body with its seats; all, those of a kind, or those with a vacancy."""
    chosen = request.args.get("nayta", "")
    with reading() as session:
        bodies = seen_bodies(bodies_standing(session, on=clock.today()))
        kinds = [kind for kind in BodyKind if any(one.body.kind is kind for one in bodies)]
        return render_template(
            "bodies.html",
            bodies=[
                one
                for one in bodies
                if chosen in {"", one.body.kind.value} or (chosen == _VACANT and one.vacancies)
            ],
            choices=choices(
                "nayta",
                [
                    ("", say("All")),
                    (_VACANT, say("With a vacancy")),
                    *((kind.value, word(kind)) for kind in kinds),
                ],
                chosen=chosen,
            ),
            seats=sum(len(one.seats) for one in bodies),
            vacant=sum(len(one.vacancies) for one in bodies),
        )
