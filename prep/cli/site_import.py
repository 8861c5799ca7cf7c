"""``prep sites import``: a list of premises, first looked at and then applied."""

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
from prep.cli.output import open_database, remark, settings, show_json, show_table
from prep.cli.rights import right
from prep.language import say

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from prep.exchange.importing import ImportPlan
    from prep.exchange.tables import Table

_ACTOR = "command: sites import"


@right("site.edit")
@click.command("import")
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
        [str(one.row.row), one.row.name, change.word]
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
                        **({"unit": change.unit} if change.unit else {}),
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
