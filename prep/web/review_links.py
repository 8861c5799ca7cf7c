"""Confirming what is known of oneself by a link, without an account. Looking changes nothing; an answer closes it."""

from collections.abc import Iterable, Mapping

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from prep import clock
from prep.cards.numbers import as_dialled
from prep.errors import Conflict, NotFound, PrepError, Refused
from prep.jobs.digests import tell_objections
from prep.language import in_language, say
from prep.models import ContactPoint, ReviewLink, RoleTerm, SeatTerm
from prep.registry import review_links
from prep.registry.review import LONGEST_OBJECTION, Asked, items_of
from prep.web.address import absolute
from prep.web.database import reading, writing
from prep.web.language import page_language, prefer
from prep.web.misses import count_miss, require_few
from prep.web.permissions import permission
from prep.web.writing import named

pages = Blueprint("review_links", __name__, url_prefix=review_links.PATH)

Answer = str | tuple[str, int] | Response
_WRONG, _SEEN = "vaarin", "nahty"


@pages.get("/kiitos")
@permission("public")
def thanks() -> str:
    """What comes after an answer; it says nothing of whose."""
    return render_template("review_link_over.html", is_thanks=True)


@pages.get("/<token>")
@permission("public")
def look(token: str) -> Answer:
    """What is known of whom the link was made for."""
    require_few()
    try:
        with reading() as session:
            return _page(session, review_links.look_up(session, token))
    except NotFound:
        return _over()


@pages.post("/<token>")
@permission("public")
def answer(token: str) -> Answer:
    """Take the answer: all is right, but for what is marked as wrong."""
    require_few()
    wrong = _wrong()
    try:
        with reading() as session:
            number = review_links.look_up(session, token).person_id
        with writing(f"review link: person {number}") as session:
            given = review_links.answer(session, token, seen=_seen(), wrong=wrong)
            tell_objections(session, given, address=absolute(""))
    except NotFound:
        return _over()
    except (Conflict, Refused) as error:
        with reading() as session:
            page = _page(session, review_links.look_up(session, token), wrong=wrong, problems=error)
        return page, 409 if isinstance(error, Conflict) else 422
    return redirect(url_for("review_links.thanks"), code=303)


def _over() -> tuple[str, int]:
    """The same for a link that was answered, replaced, left too long, and for one that never was."""
    count_miss()
    return render_template("review_link_over.html", is_thanks=False), 404


def _seen() -> dict[str, str]:
    pairs = (one.rpartition(".") for one in request.form.getlist(_SEEN))
    return {key: stamp for key, _, stamp in pairs if key}


def _wrong() -> dict[str, str]:
    """What is marked as wrong, or has words: whoever writes and forgets the mark means it all the same."""
    marked = set(request.form.getlist(_WRONG))
    words = {key: request.form.get(f"mika-{key}", "") for key in _seen()}
    return {key: said for key, said in words.items() if key in marked or said.strip()}


def _page(
    session: Session,
    link: ReviewLink,
    *,
    wrong: Mapping[str, str] | None = None,
    problems: PrepError | None = None,
) -> str:
    prefer(link.person.language)
    sentences: Iterable[str] = (
        (one.in_language(page_language()) for one in problems.problems) if problems else ()
    )
    return render_template(
        "review_link.html",
        person=link.person,
        until=link.expires_at,
        items=items_of(session, link.person, on=clock.today()),
        wrong=wrong or {},
        problems=list(sentences),
        own_words=_own_words,
        longest=LONGEST_OBJECTION,
    )


def _own_words(row: Asked) -> str:
    """A value in full: it is shown to whom it belongs."""
    match row:
        case ContactPoint():
            return in_language(as_dialled(row.kind, row.value), page_language())
        case RoleTerm():
            where = f"{named(row.role.municipality)}: " if row.role.municipality else ""
            post = f"{where}{named(row.role)}"
        case SeatTerm():
            post = f"{named(row.seat.body)}: {named(row.seat)}"
        case _:
            raise ValueError("premises are nobody's own")
    return in_language(
        say("{post}, deputy {n}", post=post, n=row.rank) if row.rank else post, page_language()
    )
