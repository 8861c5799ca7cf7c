"""Premises usable for evacuation: import a municipality's list, list what is in the registry."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from prep.cli.imports import (
    columns_as_json,
    findings_as_json,
    heading_and_field,
    import_options,
    show_columns,
    show_findings,
    show_lines,
    what_happened,
)
from prep.cli.output import as_json, language, open_database, remark, settings, show_json, show_table, text
from prep.cli.rights import right
from prep.cli.site_doubles import columns, doubles, merge
from prep.language import Message, say
from prep.terms import Language, SiteUse, State

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from prep.evacuation.records import SiteView
    from prep.exchange.importing import ImportPlan
    from prep.exchange.tables import Table
    from prep.models import Municipality

_ACTOR = "command: sites import"


@click.group()
def sites() -> None:
    """Premises usable for evacuation: import, list, export, doubles."""


sites.add_command(doubles)
sites.add_command(merge)
sites.add_command(columns)


@right("site.edit")
@sites.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--municipality", metavar="CODE", help="Whose list it is: a code or a name.")
@import_options
def import_(
    file: Path,
    municipality: str | None,
    is_applied: bool,
    sheet: str | None,
    columns: tuple[str, ...],
    json_wanted: bool,
) -> None:
    """Import a list of premises (XLSX, ODS, CSV, GeoJSON, JSON or KML).

    Without --apply nothing is changed: the difference to the registry and everything that is doubtful in the
    list are shown. A row is known by its municipality and name.
    """
    from prep.db import read_session, write_session
    from prep.exchange.importing import apply_import
    from prep.exchange.remembering import remember
    from prep.exchange.tables import read_file
    from prep.registry.sites import find_municipality

    mapping = dict(heading_and_field(one) for one in columns)
    engine = open_database()
    table = read_file(file, sheet=sheet)
    if is_applied:
        with write_session(engine, actor=_ACTOR, why=table.file) as session:
            plan = _plan(session, table, mapping, municipality)
            apply_import(session, plan, on=plan.on)
            code = find_municipality(session, municipality).code if municipality else None
            remember(session, table, mapping, municipality=code, by=_ACTOR, on=plan.on)
    else:
        with read_session(engine) as session:
            plan = _plan(session, table, mapping, municipality)
    if json_wanted:
        show_json(_plan_as_json(plan, is_applied=is_applied))
    else:
        _show_plan(plan)
        remark(what_happened(is_applied=is_applied, is_changed=bool(plan.new or plan.changed)))


@right("site.read")
@sites.command("list")
@click.option("--municipality", metavar="M", help="Only those of a municipality: a code or a name.")
@click.option("--use", type=click.Choice([use.value for use in SiteUse]), help="Only those with this use.")
@click.option(
    "--state", type=click.Choice([state.value for state in State]), help="Only those in this state."
)
@as_json
def list_(municipality: str | None, use: str | None, state: str | None, json_wanted: bool) -> None:
    """List the premises with their places, what limits them, and the age of each row."""
    from prep import clock
    from prep.db import read_session
    from prep.evacuation.records import site_states
    from prep.registry.sites import find_municipality

    with read_session(open_database()) as session:
        code = find_municipality(session, municipality).code if municipality else None
        found = site_states(session, on=clock.today(), municipality=code)
    chosen = [
        view for view in found if (use is None or use in view.uses) and (state is None or view.state == state)
    ]
    if json_wanted:
        show_json([_view_as_json(view) for view in chosen])
    else:
        _show_views(chosen)


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


def _plan(
    session: "Session", table: "Table", mapping: dict[str, str], municipality: str | None
) -> "ImportPlan":
    from prep import clock
    from prep.exchange.importing import plan_import
    from prep.regions.boundaries import BOUNDARIES_FILE
    from prep.registry.sites import find_municipality

    whose = find_municipality(session, municipality) if municipality else None
    return plan_import(
        session,
        table,
        on=clock.today(),
        mapping=mapping,
        municipality=whose,
        boundaries=settings().instance / BOUNDARIES_FILE,
    )


def _show_plan(plan: "ImportPlan") -> None:
    from prep.exchange.words import field_word, value_words

    show_columns(plan.mapping, field_word)
    show_table(
        [say("New"), say("Changed"), say("Unchanged"), say("Not landing"), say("Missing from the list")],
        [list(_counts(plan).values())],
        title=say("Difference to the registry"),
    )
    changes = [
        [str(one.row.row), one.row.name, field_word(change.field)]
        + [value_words(change.field, value) for value in (change.before, change.after)]
        for one in plan.changed
        for change in one.changes
    ]
    if changes:
        columns = [say("Row"), say("Premises"), say("What"), say("Before"), say("After")]
        show_table(columns, changes, title=say("Changes"))
    if plan.gone:
        show_lines(
            say("In the registry and not in the list; they stay"),
            [f"{one.municipality_code} {one.name}" for one in plan.gone],
        )
    show_findings(plan.findings)


def _counts(plan: "ImportPlan") -> dict[str, int]:
    return {
        "new": len(plan.new),
        "changed": len(plan.changed),
        "unchanged": len(plan.unchanged),
        "refused": len(plan.refused),
        "gone": len(plan.gone),
    }


def _plan_as_json(plan: "ImportPlan", *, is_applied: bool) -> dict[str, Any]:
    from prep.exchange.words import value_words

    return {
        "file": plan.file,
        "sheet": plan.sheet,
        "applied": is_applied,
        "counts": _counts(plan),
        "columns": columns_as_json(plan.mapping),
        "new": [
            {"row": row.row, "municipality": row.municipality_code, "name": row.name} for row in plan.new
        ],
        "changed": [
            {
                "row": one.row.row,
                "municipality": one.row.municipality_code,
                "name": one.row.name,
                "changes": [
                    {
                        "field": change.field,
                        "before": value_words(change.field, change.before),
                        "after": value_words(change.field, change.after),
                    }
                    for change in one.changes
                ],
            }
            for one in plan.changed
        ],
        "gone": [{"municipality": one.municipality_code, "name": one.name} for one in plan.gone],
        "findings": findings_as_json(plan.findings),
    }


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
    columns = [
        say("State"),
        say("Municipality"),
        say("Premises"),
        say("Uses"),
        say("Places"),
        say("Limited by"),
        say("Confirmed, days ago"),
    ]
    show_table(columns, rows)
    if not views:
        remark(say("No premises of this kind are in the registry."))


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
        "checks": [
            {"rule": check.rule, "state": check.state, "sentence": check.sentence} for check in view.checks
        ],
    }
