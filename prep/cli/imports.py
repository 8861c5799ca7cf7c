"""What the commands share that import a list: the columns as they were understood, and what is to be said."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import click

from prep.cli.output import as_json, console, language, show_table, text
from prep.language import Message, say

if TYPE_CHECKING:
    from prep.exchange.findings import Finding
    from prep.exchange.mapping import ColumnMapping


def import_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of every command that imports a list."""
    for option in (
        as_json,
        click.option(
            "--column",
            "columns",
            metavar="HEADING=FIELD",
            multiple=True,
            help="What a column tells; may be repeated.",
        ),
        click.option("--sheet", metavar="NAME", help="The sheet to read."),
        click.option(
            "--apply/--dry-run", "is_applied", default=False, help="Change the registry, or only look."
        ),
    ):
        command = option(command)
    return command


def heading_and_field(given: str) -> tuple[str, str]:
    """What ``--column HEADING=FIELD`` says."""
    heading, sign, field = given.rpartition("=")
    if not sign:
        raise click.BadParameter("write HEADING=FIELD", param_hint="--column")
    return heading, field


def show_columns(mapping: "ColumnMapping", word: Callable[[str], Message | str]) -> None:
    """How each column was understood, and how surely."""
    show_table(
        [say("Column"), say("Heading"), say("Read as"), say("Sure, %")],
        [[one.letter, one.heading, word(one.field), one.confidence] for one in mapping.matches],
        title=say("Columns"),
    )


def show_findings(findings: "Iterable[Finding]") -> None:
    """Everything that is to be said about a list, the gravest first."""
    from prep.exchange.findings import Severity, severity_word

    found = list(findings)
    for severity in Severity:
        some = [one for one in found if one.severity is severity]
        if some:
            show_lines(severity_word(severity), [one.in_language(language()) for one in some])


def show_lines(title: Message, lines: list[str]) -> None:
    """A heading with the number of lines, and the lines, whole: a table would fold the longest of them."""
    from rich.text import Text

    console().print(Text(text(say("{title}: {n}", title=title, n=len(lines))), style="bold"), soft_wrap=True)
    for line in lines:
        console().print(Text(f"  {line}"), soft_wrap=not console().is_terminal)
    console().print()


def what_happened(*, is_applied: bool, is_changed: bool) -> Message:
    """Whether the registry has been changed, in words."""
    if is_applied and not is_changed:
        return say("Nothing has been changed: no row that lands differs from the registry.")
    if is_applied:
        return say("The registry has been changed.")
    return say("Nothing has been changed. Add --apply to change the registry.")


def columns_as_json(mapping: "ColumnMapping") -> list[dict[str, Any]]:
    """How each column was understood."""
    return [
        {"column": one.letter, "heading": one.heading, "field": one.field, "confidence": one.confidence}
        for one in mapping.matches
    ]


def findings_as_json(findings: "Iterable[Finding]") -> list[dict[str, Any]]:
    """Everything that is to be said about a list."""
    return [
        {
            "severity": one.severity,
            "sheet": one.place.sheet,
            "row": one.place.row,
            "column": one.place.column,
            "field": one.field,
            "value": one.value,
            "rule": one.rule,
            "remedy": one.remedy,
        }
        for one in findings
    ]
