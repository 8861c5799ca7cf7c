"""Premises that may be on the list twice: the candidates, both side by side, and making one of them."""

from enum import StrEnum

from flask import Blueprint, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from prep import attachments, clock
from prep.auth.permissions import nothing_here
from prep.auth.roles import Permission
from prep.errors import Refused
from prep.exchange.words import field_word, value_words
from prep.language import in_language
from prep.models import Site
from prep.registry import site_merging
from prep.registry.site_doubles import are_two_sites, possible_site_doubles
from prep.registry.sites import premises
from prep.web.database import reading
from prep.web.forms import Form, sent_back
from prep.web.language import page_language
from prep.web.permissions import permission
from prep.web.saving import saved, saving
from prep.web.sight import may
from prep.web.sites import site_of
from prep.web.words import word
from prep.web.writing import as_sentence

pages = Blueprint("site_doubles", __name__, url_prefix="/evakuointipaikat/kahdesti")

FIELD, VERSIONS = "tieto-", "versiot"


@pages.get("")
@permission("site.edit")
def listed() -> str:
    """Those that may be on the list twice, the strongest reasons first."""
    with reading() as session:
        mine = [
            site
            for site in premises(session, on=clock.today())
            if may(Permission.SITE_EDIT, site.municipality_code)
        ]
        return render_template("site_doubles.html", pairs=possible_site_doubles(session, among=mine))


@pages.get("/<int:number>/<int:other_number>")
@permission("site.edit")
def both(number: int, other_number: int) -> str:
    """Both side by side, to choose what is kept."""
    with reading() as session:
        return _page(session, *_pair(session, number, other_number), Form())


@pages.post("/<int:number>/<int:other_number>")
@permission("site.edit")
def merge(number: int, other_number: int) -> Response | tuple[str, int]:
    """Make one of the two: the first takes over what is chosen of the other, which is no more."""
    try:
        with saving() as session:
            one, other = _pair(session, number, other_number)
            seen = [*request.form.get(VERSIONS, "").split("."), "", ""]
            for site, version in zip((one, other), seen, strict=False):
                site.require_version(int(version) if version.isascii() and version.isdecimal() else 0)
            taken = [name for name in site_merging.site_fields() if request.form.get(FIELD + name) == "2"]
            site_merging.merge_sites(session, one, other, taken=taken)
            return saved(
                session, "sites.one", "sites_merged", number=one.id, back=url_for("site_doubles.listed")
            )
    except Refused as error:
        with reading() as session:
            one, other = _pair(session, number, other_number)
            return _page(session, one, other, sent_back({}, error, {"": "tiedot"})), 422


@pages.post("/<int:number>/<int:other_number>/eri")
@permission("site.edit")
def apart(number: int, other_number: int) -> Response:
    """Remember that the two are not the same."""
    with saving() as session:
        are_two_sites(session, *_pair(session, number, other_number))
        return saved(session, "site_doubles.listed", "sites_apart")


def _pair(session: Session, number: int, other_number: int) -> tuple[Site, Site]:
    one = site_of(session, number, Permission.SITE_EDIT)
    other = site_of(session, other_number, Permission.SITE_EDIT)
    if one is other:
        raise nothing_here()
    return one, other


def _page(session: Session, one: Site, other: Site, form: Form) -> str:
    problems = site_merging.conflicts(one, other)
    files = len(attachments.files_of(session, other))
    proposed = site_merging.proposed(one, other)
    rows = [
        (name, as_sentence(field_word(name)), _words(one, name), _words(other, name), name in proposed)
        for name in site_merging.site_fields()
    ]
    uses = site_merging.merged_uses(one, other)
    return render_template(
        "site_double.html",
        one=one,
        other=other,
        form=form if form.faults else sent_back({}, problems, {"": "tiedot"}),
        is_possible=not problems,
        # What neither knows needs no choice.
        rows=[row for row in rows if row[2] or row[3]],
        uses=in_language(value_words("uses", uses), page_language()) if uses else "",
        moved=site_merging.moved(other, files),
    )


def _words(site: Site, field: str) -> str:
    """What is known of a field in words; empty for nothing."""
    value = site_merging.value_of(site, field)
    if value is None:
        return ""
    if field == site_merging.PLACE:
        return " ".join(in_language(value_words("lat", one), page_language()) for one in value)
    said = word(value) if isinstance(value, StrEnum) else value_words(field, value)
    return in_language(said, page_language())
