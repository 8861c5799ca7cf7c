"""Opening premises as an evacuation centre: who opens, what is lacking, and the checklist, on a page and on paper."""

from io import BytesIO

from flask import Blueprint, Response, render_template, send_file
from sqlalchemy import select
from sqlalchemy.orm import Session

from prep import attachments, clock
from prep.auth.roles import Permission
from prep.cards.opening import PremisesCard, draw
from prep.cards.page import Page
from prep.cards.site_records import premises_card
from prep.evacuation.records import site_states
from prep.language import in_language, say
from prep.models import Installation, Site
from prep.web.database import reading
from prep.web.language import page_language
from prep.web.permissions import permission
from prep.web.sight import key_numbers_of, may
from prep.web.sites import site_of

pages = Blueprint("site_opening", __name__, url_prefix="/evakuointipaikat/<int:number>")


@pages.get("/avaaminen")
@permission("site.read")
def show(number: int) -> str:
    """Who opens the premises, how long it takes, what they lack, and what is done."""
    with reading() as session:
        site = site_of(session, number)
        return render_template(
            "site_opening.html",
            site=site,
            card=_card(session, site),
            may_print=may(Permission.CARD_PRINT, site.municipality_code),
        )


@pages.get("/avaaminen.pdf")
@permission("card.print")
def document(number: int) -> Response:
    """The same as a card to be printed on both sides."""
    with reading() as session:
        site = site_of(session, number, Permission.CARD_PRINT)
        card = _card(session, site, with_files=True)
        drawn = BytesIO()
        page = Page(
            drawn,
            title=f"{card.title}: {card.name}",
            subject=in_language(say("Opening, running and closing an evacuation centre"), page_language()),
            language=page_language(),
            at=card.imprint.printed_at,
        )
        draw(page, card)
        page.save()
    drawn.seek(0)
    name = f"prep-premises-{number}-{clock.today():%Y%m%d}.pdf"
    return send_file(drawn, mimetype="application/pdf", as_attachment=True, download_name=name)


def _card(session: Session, site: Site, *, with_files: bool = False) -> PremisesCard:
    today = clock.today()
    views = site_states(session, on=today, municipality=site.municipality_code, with_withdrawn=True)
    return premises_card(
        site,
        next(view for view in views if view.site_id == site.id),
        language=page_language(),
        at=clock.now(),
        on=today,
        is_demo=bool(session.scalar(select(Installation.is_demo))),
        numbers=key_numbers_of,
        files=attachments.contents_of(session, site) if with_files else (),
    )
