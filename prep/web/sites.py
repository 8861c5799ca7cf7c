"""Premises usable for evacuation: list, map, and what limits each."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta
from enum import StrEnum
from io import BytesIO

from flask import Blueprint, Response, current_app, render_template, request, send_file, url_for
from sqlalchemy.orm import Session

from prep import attachments, audit, clock
from prep.auth.permissions import nothing_here
from prep.auth.roles import Permission
from prep.config import Settings
from prep.errors import NotFound, Problem
from prep.evacuation.records import SiteView, site_states, totals
from prep.exchange.safe_files import TAKEN
from prep.exchange.site_files import SiteFileKind, making, site_file
from prep.language import Message, in_language, say, sort_key
from prep.models import Municipality, Site
from prep.readiness.impact import impact_of_site
from prep.registry.sites import premises
from prep.site_history import periods
from prep.terms import Classification, SiteStatus, SiteUse, State, Usability
from prep.web import drawn_areas, identity, maps, tables
from prep.web.choices import Choice, asked, choices, file_address, one_of
from prep.web.database import reading, writing
from prep.web.days import hour_asked
from prep.web.editing import acted_by
from prep.web.hours import STATE_OF, days_of, usable_now
from prep.web.language import page_language
from prep.web.permissions import permission
from prep.web.registry import place_of
from prep.web.sight import key_numbers_of, may, seen_files, seen_impact, seen_places
from prep.web.site_facts import facts_of
from prep.web.tables import Column, Listing
from prep.web.words import word
from prep.web.writing import named

pages = Blueprint("sites", __name__)


def _words(kinds: Iterable[StrEnum]) -> str:
    return ", ".join(in_language(word(kind), page_language()) for kind in kinds)


_COLUMNS: tuple[Column[SiteView], ...] = (
    Column("name", say("Premises"), lambda view: view.name, names=True),
    Column(
        "place",
        say("Municipality"),
        place_of,
        order=lambda view: (place_of(view), view.name),
        extra=True,
    ),
    Column("state", say("State"), lambda view: view.state, extra=True),
    Column("use", say("Use"), lambda view: _words(view.uses) or None),
    Column("places", say("Places"), lambda view: view.persons, is_figure=True),
    Column("limit", say("Limited by"), lambda view: word(view.binding.kind) if view.binding else None),
    Column("availability", say("Availability"), lambda view: word(view.status), extra=True),
    Column(
        "usable",
        say("To be had then"),
        lambda view: view.usable.sentence if view.usable else None,
        extra=True,
    ),
    Column("age", say("Confirmed"), lambda view: view.age_days, note=say("days ago")),
    Column("lat", say("Latitude"), lambda view: view.lat, is_figure=True, extra=True),
    Column("lon", say("Longitude"), lambda view: view.lon, is_figure=True, extra=True),
)


@pages.get("/evakuointipaikat")
@permission("site.read")
def listed() -> str | Response:
    """The premises, all or by municipality, use and state; one of them in full."""
    with reading() as session:
        views = _seen(session)
        division = drawn_areas.divided(_asked_for(views))
        shown = division.shown
        chosen = _chosen(shown)
        site = session.get(Site, chosen.site_id) if chosen else None
        made = _listing(shown)
        return tables.answer(
            made,
            "sites.html",
            total=totals(shown),
            are_any=bool(views),
            file_kinds=[(kind.label, file_address("sites.export", kind)) for kind in SiteFileKind],
            may_add=identity.viewer().may_somewhere(Permission.SITE_EDIT),
            chosen=chosen,
            site=site,
            impact=site and seen_impact(impact_of_site(session, site, views, language=page_language())),
            filters=_filters(session),
            at=hour_asked(),
            today=clock.today(),
            state_of_usability=STATE_OF,
            map=maps.picture(
                session,
                title=say("Map of the premises"),
                spots=_spots(made.found, [] if made.search else division.others, chosen),
                zones=division.areas,
                focus=request.args.get("kunta", ""),
            ),
            division=division,
            kept=drawn_areas.kept_questions(),
            unplaced=sum(1 for view in made.found if view.lat is None),
        )


@pages.get("/evakuointipaikat/<int:number>")
@permission("site.read")
def one(number: int) -> str:
    """Premises with all that is known of them, what is not, and what that costs."""
    today = clock.today()
    with reading() as session:
        site = site_of(session, number)
        views = site_states(session, on=today, municipality=site.municipality_code, with_withdrawn=True)
        view = next(view for view in views if view.site_id == site.id)
        facts = facts_of(site)
        monday = today - timedelta(days=today.weekday())
        return render_template(
            "site.html",
            site=site,
            view=view,
            facts=facts,
            unknown=sum(1 for _, rows in facts for fact in rows if fact.value is None),
            today=today,
            days=days_of(site, monday),
            now_usable=usable_now(site, clock.now()),
            impact=seen_impact(impact_of_site(session, site, views, language=page_language())),
            doubt=maps.seen_from(session, site.municipality, (view.lat, view.lon))
            if view.lat is not None and view.lon is not None
            else None,
            may_edit=may(Permission.SITE_EDIT, site.municipality_code),
            files=seen_files(site, attachments.files_of(session, site)),
            largest_mib=attachments.LARGEST_MIB,
            taken=TAKEN,
            classifications=[(one.value, word(one)) for one in Classification],
            history=[(one, acted_by(session, one.by)) for one in periods(site.status_changes)],
            map=maps.picture(
                session,
                title=say("Map of the premises"),
                spots=[spot_of(view, view, url_for("sites.one", number=number))]
                if view.lat is not None
                else [],
                focus=site.municipality_code,
            ),
        )


@pages.get("/evakuointipaikat/vienti")
@permission("export")
def export() -> Response:
    """The premises that the list shows, with all that is on record; tables and GeoJSON can be imported back."""
    kind = one_of(SiteFileKind, "muoto") or SiteFileKind.XLSX
    with writing(identity.actor()) as session:
        asked_for = _listing(drawn_areas.divided(_asked_for(_seen(session))).shown)
        shown = {view.site_id for view in asked_for.found}
        found = [
            site
            for site in premises(session, on=clock.today(), with_withdrawn=True)
            if site.id in shown and may(Permission.EXPORT, site.municipality_code)
        ]
        if not found:
            raise nothing_here()
        settings: Settings = current_app.extensions["prep_settings"]
        made = making(
            session,
            language=page_language(),
            classification=settings.classification,
            chosen=_chosen_in_words(session, asked_for.search, len(found)),
            phones=key_numbers_of,
        )
        audit.note(session, "export", "premises", {"premises": len(found), "as": kind})
        content = site_file(found, kind, made)
    name = f"prep-premises-{clock.today():%Y%m%d}.{kind}"
    return send_file(BytesIO(content), mimetype=kind.mime, as_attachment=True, download_name=name)


def _chosen_in_words(session: Session, search: str | None, count: int) -> Message:
    """Which premises are in a file, as its head says it."""
    place = session.get(Municipality, request.args.get("kunta", ""))
    use, state, status = one_of(SiteUse, "kaytto"), one_of(State, "tila"), one_of(SiteStatus, "saatavuus")
    parts: list[Message | str] = [named(place)] if place else []
    parts += [word(kind) for kind in (use, state, status) if kind]
    parts += [say("search “{words}”", words=search)] if search else []
    if not parts:
        return say("All premises: {n}", n=count)
    return say("{parts}: {n}", parts=parts, n=count)


def site_of(session: Session, number: int, needed: Permission = Permission.SITE_READ) -> Site:
    """Premises of a number.

    Raises
    ------
    NotFound
        If there are none, or whoever asks may not do this: the same words for both.
    """
    found = session.get(Site, number)
    if found is None or not may(needed, found.municipality_code):
        raise nothing_here()
    return found


def _chosen(views: Sequence[SiteView]) -> SiteView | None:
    asked = request.args.get("paikka")
    if not asked:
        return None
    for view in views:
        if str(view.site_id) == asked:
            return view
    raise NotFound(
        Problem(
            place=say("Premises"),
            value=asked,
            rule=say("There are no premises of this number in this choice."),
            remedy=say("Go back to the list and choose from it."),
        )
    )


def _seen(session: Session) -> list[SiteView]:
    """The premises that may be seen, whatever the page asks for."""
    return [
        view
        for view in site_states(
            session,
            on=clock.today(),
            at=hour_asked(),
            with_withdrawn=one_of(SiteStatus, "saatavuus") is SiteStatus.WITHDRAWN,
        )
        if may(Permission.SITE_READ, view.municipality_code)
    ]


def _asked_for(views: Iterable[SiteView]) -> list[SiteView]:
    """Those of the municipality, use and state of the address."""
    place = request.args.get("kunta", "")
    use, state, had = one_of(SiteUse, "kaytto"), one_of(State, "tila"), one_of(Usability, "vapaana")
    status = one_of(SiteStatus, "saatavuus")
    return [
        view
        for view in views
        if place in {"", view.municipality_code}
        and (use is None or use in view.uses)
        and (state is None or view.state is state)
        and (status is None or view.status is status)
        and (had is None or view.had is had)
    ]


def _listing(shown: Sequence[SiteView]) -> Listing[SiteView]:
    return tables.listing(
        "premises",
        say("Evacuation premises"),
        _COLUMNS,
        shown,
        sorted_by="place",
        place=lambda view: view.municipality_code,
    )


def _filters(session: Session) -> list[tuple[Message, list[Choice]]]:
    place = request.args.get("kunta", "")
    use, state, had = one_of(SiteUse, "kaytto"), one_of(State, "tila"), one_of(Usability, "vapaana")
    by_name = sorted(seen_places(session, Permission.SITE_READ), key=lambda one: sort_key(named(one)))
    return [
        (
            say("Municipality"),
            choices("kunta", [("", say("All")), *((one.code, named(one)) for one in by_name)], chosen=place),
        ),
        (say("Use"), _of_kinds("kaytto", SiteUse, use)),
        (say("State"), _of_kinds("tila", State, state)),
        (say("Availability"), _of_kinds("saatavuus", SiteStatus, one_of(SiteStatus, "saatavuus"))),
        *([(say("To be had then"), _of_kinds("vapaana", Usability, had))] if hour_asked() or had else []),
    ]


def _of_kinds(name: str, kinds: type[StrEnum], chosen: StrEnum | None) -> list[Choice]:
    return choices(
        name,
        [("", say("All")), *((kind.value, word(kind)) for kind in kinds)],
        chosen=chosen.value if chosen else "",
    )


def _spots(found: Iterable[SiteView], others: Iterable[SiteView], chosen: SiteView | None) -> list[maps.Spot]:
    """The marks of the map: what the list shows, and faintly what a drawn area leaves out of it."""
    return [
        *(spot_of(view, chosen) for view in found if view.lat is not None),
        *(
            replace(spot_of(view, None, url_for("sites.one", number=view.site_id)), is_left_out=True)
            for view in others
            if view.lat is not None
        ),
    ]


def spot_of(view: SiteView, chosen: SiteView | None, href: str | None = None) -> maps.Spot:
    """Premises with a place, as a mark that leads to ``href``, else to them in the list."""
    if view.lat is None or view.lon is None:
        raise ValueError(f"premises {view.site_id} have no place on a map")
    # Asked about an hour the map tells whether they can be had then.
    state = STATE_OF[view.usable.kind] if view.usable else view.state
    told = view.usable.sentence if view.usable else word(view.state)
    words = in_language(say("{name}: {state}", name=view.name, state=told), page_language())
    return maps.Spot(
        view.lat,
        view.lon,
        view.name,
        state,
        words,
        href or f"{asked({'paikka': str(view.site_id)})}#valittu",
        is_chosen=chosen is not None and view.site_id == chosen.site_id,
    )
