"""Premises usable for evacuation: import a municipality's list, list what is in the registry."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from prep.cli.output import as_json, language, open_database, remark, settings, show_json, show_table, text
from prep.cli.rights import right
from prep.cli.site_capacity import capacity
from prep.cli.site_doubles import columns, doubles, merge
from prep.cli.site_files import attach, detach, files
from prep.cli.site_history import history, relist, withdraw
from prep.cli.site_import import import_
from prep.language import Message, say
from prep.terms import Language, SiteStatus, SiteUse, State

if TYPE_CHECKING:
    from prep.evacuation.availability import Usable
    from prep.evacuation.records import SiteView
    from prep.models import Municipality

_ACTOR = "command: sites import"


@click.group()
def sites() -> None:
    """Premises usable for evacuation: import, list, export, doubles."""


sites.add_command(import_)
sites.add_command(doubles)
sites.add_command(merge)
sites.add_command(columns)
sites.add_command(files)
sites.add_command(attach)
sites.add_command(detach)
sites.add_command(history)
sites.add_command(withdraw)
sites.add_command(relist)


@right("site.read")
@sites.command("list")
@click.option("--municipality", metavar="M", help="Only those of a municipality: a code or a name.")
@click.option("--use", type=click.Choice([use.value for use in SiteUse]), help="Only those with this use.")
@click.option(
    "--state", type=click.Choice([state.value for state in State]), help="Only those in this state."
)
@click.option(
    "--status",
    type=click.Choice([one.value for one in SiteStatus]),
    help="Only those of this availability; “withdrawn” ones are listed only so.",
)
@click.option(
    "--at",
    metavar="MOMENT",
    help="Whether they can be had in the hour of a moment, such as 2026-12-01T14:00, and from when they are free.",
)
@as_json
def list_(
    municipality: str | None,
    use: str | None,
    state: str | None,
    status: str | None,
    at: str | None,
    json_wanted: bool,
) -> None:
    """List the premises with their places, what limits them, and the age of each row."""
    from prep import clock
    from prep.db import read_session
    from prep.evacuation.records import site_states
    from prep.registry.sites import find_municipality

    with read_session(open_database()) as session:
        code = find_municipality(session, municipality).code if municipality else None
        found = site_states(
            session,
            on=clock.today(),
            municipality=code,
            at=_hour(at),
            with_withdrawn=status == SiteStatus.WITHDRAWN,
        )
    chosen = [
        view
        for view in found
        if (use is None or use in view.uses) and state in (None, view.state) and status in (None, view.status)
    ]
    if json_wanted:
        show_json([_view_as_json(view) for view in chosen])
    else:
        _show_views(chosen)


@right("site.read")
@sites.command()
@click.option("--municipality", metavar="M", help="Only those of a municipality: a code or a name.")
@as_json
def locate(municipality: str | None, json_wanted: bool) -> None:
    """Propose where premises without coordinates may be, by their address and name. Nothing is changed.

    What is proposed comes from the registry itself; no other service is asked. Confirm it on the map of the page.
    """
    from prep.db import read_session
    from prep.registry.gazetteer import proposals_for, sites_without_place
    from prep.registry.sites import find_municipality

    with read_session(open_database()) as session:
        code = find_municipality(session, municipality).code if municipality else None
        found = [
            (site.id, site.municipality_code, site.name, site.address, proposals_for(session, site))
            for site in sites_without_place(session, municipality=code)
        ]
    if json_wanted:
        show_json(
            [
                {
                    "id": number,
                    "municipality": code,
                    "name": name,
                    "address": address,
                    "proposals": [
                        {"lat": one.lat, "lon": one.lon, "closeness": one.closeness, "found": one.found}
                        for one in proposals
                    ],
                }
                for number, code, name, address, proposals in found
            ]
        )
        return
    rows: list[list[Any]] = []
    for _, code, name, address, proposals in found:
        rows += [[code, name, address, f"{one.lat:.5f} {one.lon:.5f}", one.words] for one in proposals]
        if not proposals:
            rows.append([code, name, address, "–", say("no proposal")])
    show_table([say("Municipality"), say("Premises"), say("Address"), say("Place"), say("Why")], rows)


@right("site.read", "export", "contact.phone")
@sites.command()
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    required=True,
    metavar="FILE",
    help="A .xlsx, .csv, .geojson, .kml, .gpkg or .pdf file.",
)
@click.option("--municipality", metavar="M", help="Only those of a municipality: a code or a name.")
@click.option("--use", type=click.Choice([use.value for use in SiteUse]), help="Only those with this use.")
@click.option(
    "--state", type=click.Choice([state.value for state in State]), help="Only those in this state."
)
def export(output: Path, municipality: str | None, use: str | None, state: str | None) -> None:
    """Write premises to a file: a table to fill in (it imports back without a difference), a map, a list on paper."""
    from prep import audit, clock
    from prep.cli.drafts import draft
    from prep.db import write_session
    from prep.evacuation.records import site_states
    from prep.exchange.site_files import SiteFileKind, making, site_file
    from prep.registry.sites import find_municipality, premises

    form = output.suffix.lstrip(".").casefold()
    if form not in list(SiteFileKind):
        raise click.BadParameter(f"one of .{', .'.join(SiteFileKind)}", param_hint="--output")
    with (
        draft(output) as file,
        write_session(open_database(), actor="command: sites export", why=output.name) as session,
    ):
        place = find_municipality(session, municipality) if municipality else None
        code = place.code if place else None
        shown = {
            view.site_id
            for view in site_states(session, on=clock.today(), municipality=code)
            if (use is None or use in view.uses) and (state is None or view.state == state)
        }
        found = [site for site in premises(session, on=clock.today(), municipality=code) if site.id in shown]
        made = making(
            session,
            language=language(),
            classification=settings().classification,
            chosen=_chosen(place, use, state, len(found)),
        )
        file.write(site_file(found, SiteFileKind(form), made))
        audit.note(session, "export", "premises", {"premises": len(found), "as": form})
    show_table([say("Premises"), say("File")], [[len(found), str(output)]])


def _chosen(place: "Municipality | None", use: str | None, state: str | None, count: int) -> Message:
    """Which premises are in a file, as its head says it."""
    from prep.evacuation.words import word
    from prep.registry.names import name_of

    parts: list[Message | str] = [name_of(place, language())] if place else []
    parts += [word(kind) for kind in (use and SiteUse(use), state and State(state)) if kind]
    if not parts:
        return say("All premises: {n}", n=count)
    return say("{parts}: {n}", parts=parts, n=count)


sites.add_command(capacity)


def _show_views(views: list["SiteView"]) -> None:
    from prep.evacuation.words import word

    rows = [
        [
            view.state,
            _municipality_name(view),
            view.name,
            say("{parts}", parts=[word(use) for use in view.uses]) if view.uses else None,
            say("not known") if view.persons is None else view.persons,
            _limited_by(view),
            say("never confirmed") if view.age_days is None else view.age_days,
        ]
        for view in views
    ]
    if views and views[0].usable:
        for row, view in zip(rows, views, strict=True):
            row.append(view.usable.sentence if view.usable else None)
    columns = [
        say("State"),
        say("Municipality"),
        say("Premises"),
        say("Uses"),
        say("Places"),
        say("Limited by"),
        say("Confirmed, days ago"),
        *([say("To be had then")] if views and views[0].usable else []),
    ]
    show_table(columns, rows)
    if not views:
        remark(say("No premises of this kind are in the registry."))


def _hour(at: str | None) -> "datetime | None":
    """The beginning of the hour in which a moment lies; a moment without a zone is one of Finland."""
    from prep.evacuation.recurrence import instant
    from prep.language import HELSINKI

    if at is None:
        return None
    try:
        moment = datetime.fromisoformat(at).replace(minute=0, second=0, microsecond=0)
        if not 2000 <= moment.year <= 2100:
            raise ValueError(at)
    except ValueError as error:
        raise click.BadParameter("a moment such as 2026-12-01T14:00", param_hint="--at") from error
    return moment if moment.tzinfo else instant(moment, HELSINKI)


def _limited_by(view: "SiteView") -> Message | None:
    from prep.evacuation.words import word

    if view.capacity is not None and view.capacity.missing:
        return say("missing: {what}", what=[word(kind) for kind in view.capacity.missing])
    return view.binding.basis if view.binding else None


def _municipality_name(view: "SiteView") -> str:
    return view.municipality_sv if language() is Language.SV else view.municipality_fi


def _view_as_json(view: "SiteView") -> dict[str, Any]:
    capacity, binding = view.capacity, view.binding
    following = capacity.next if capacity else None
    return {
        "id": view.site_id,
        "name": view.name,
        "municipality": view.municipality_code,
        "municipality_name": _municipality_name(view),
        "uses": list(view.uses),
        "status": view.status,
        "state": view.state,
        "use": view.use,
        "places": view.persons,
        "at_most": capacity.at_most if capacity else None,
        "binding": binding.kind if binding else None,
        "next": {"limit": following.kind, "places": following.persons} if following else None,
        "missing": list(capacity.missing) if capacity else [],
        "raised_by": text(capacity.raised_by) if capacity and capacity.raised_by else None,
        "age_days": view.age_days,
        **(_usable_as_json(view.usable) if view.usable else {}),
        "checks": [
            {"rule": check.rule, "state": check.state, "sentence": check.sentence} for check in view.checks
        ],
    }


def _usable_as_json(usable: "Usable") -> dict[str, Any]:
    return {
        "usable": usable.kind,
        "usable_words": text(usable.sentence),
        "notice_h": usable.notice_h,
        "free_from": usable.free_from,
    }
