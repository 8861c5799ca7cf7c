"""What a list of contacts would change, as the command shows it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from prep.cli.imports import columns_as_json, findings_as_json, show_columns, show_findings, show_lines
from prep.cli.output import language, show_table
from prep.language import say

if TYPE_CHECKING:
    from prep.exchange.contact_plan import ContactPlan, PlannedPerson
    from prep.exchange.contact_words import Line


def show_plan(plan: "ContactPlan", places: dict[str, str]) -> None:
    """The difference to the registry and everything that is to be said, as tables; ``places`` by their codes."""
    from prep.exchange.contact_plan import Outcome
    from prep.exchange.vocabulary import ListKind, heading_of

    show_columns(plan.mapping, lambda key: heading_of(key, ListKind.CONTACTS, language()))
    headings = [
        say("New"),
        say("Changed"),
        say("Unchanged"),
        say("Not landing"),
        say("Missing from the list"),
    ]
    show_table(headings, [list(_counts(plan).values())], title=say("Difference to the registry"))
    new = [
        [_rows(one), one.details.name, places.get(one.details.municipality or ""), *_in_short(one)]
        for one in plan.of(Outcome.NEW)
    ]
    if new:
        columns = [say("Row"), say("Name"), say("Municipality"), say("Numbers and addresses"), say("Posts")]
        show_table(columns, new, title=say("New"))
    changes = [
        [_rows(one), one.details.name, line.what, line.before, line.after]
        for one in plan.of(Outcome.CHANGED)
        for line in _lines(one, places)
    ]
    if changes:
        columns = [say("Row"), say("Name"), say("What"), say("Before"), say("After")]
        show_table(columns, changes, title=say("Changes"))
    if plan.gone:
        show_lines(say("In the registry and not in the list; they stay"), [one.name for one in plan.gone])
    show_findings(plan.findings)


def plan_as_json(plan: "ContactPlan", places: dict[str, str], *, is_applied: bool) -> dict[str, Any]:
    """The same for other programs."""
    from prep.exchange.contact_plan import Outcome

    def people(outcome: Outcome) -> list[dict[str, Any]]:
        return [
            {
                "rows": list(one.rows),
                "number": one.person_id,
                "name": one.details.name,
                "municipality": one.details.municipality,
                "changes": [
                    {"what": line.what, "before": line.before, "after": line.after}
                    for line in _lines(one, places)
                ],
            }
            for one in plan.of(outcome)
        ]

    return {
        "file": plan.file,
        "sheet": plan.sheet,
        "applied": is_applied,
        "counts": _counts(plan),
        "columns": columns_as_json(plan.mapping),
        "new": people(Outcome.NEW),
        "changed": people(Outcome.CHANGED),
        "refused": [{"row": row, "name": name} for row, name in plan.refused.items()],
        "gone": [
            {"number": one.person_id, "municipality": one.municipality, "name": one.name} for one in plan.gone
        ],
        "findings": findings_as_json(plan.findings),
    }


def _lines(person: "PlannedPerson", places: dict[str, str]) -> "list[Line]":
    from prep.exchange.contact_words import lines_of
    from prep.exchange.telephones import masked

    # What a terminal shows is kept in its history: numbers by their last two digits.
    return lines_of(
        person,
        language=language(),
        places=places,
        shown=lambda value: value if "@" in value else masked(value) or "",
    )


def _rows(person: "PlannedPerson") -> str:
    return ", ".join(str(row) for row in person.rows)


def _in_short(person: "PlannedPerson") -> Sequence[Any]:
    return len(person.points), ", ".join(step.post_name for step in person.terms) or None


def _counts(plan: "ContactPlan") -> dict[str, int]:
    from prep.exchange.contact_plan import Outcome

    return {
        "new": len(plan.of(Outcome.NEW)),
        "changed": len(plan.of(Outcome.CHANGED)),
        "unchanged": len(plan.of(Outcome.UNCHANGED)),
        "refused": len(plan.refused),
        "gone": len(plan.gone),
    }
