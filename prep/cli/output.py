"""What commands share: the settings, the language, the database, tables and JSON.

Results go to stdout, remarks to stderr. On a terminal tables have colour and rules; in a pipe they are plain
columns and no text is cut.
"""

import json
import os
import sys
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

import click

from prep.config import Settings, load_settings
from prep.errors import PrepError, Problem, Refused
from prep.language import Message, in_language, say
from prep.terms import Language, State

if TYPE_CHECKING:
    from rich.console import Console
    from sqlalchemy import Engine

# States are told by sign and word, colour only adds to it.
SIGNS = {State.OK: "✓", State.WARNING: "!", State.FAULT: "✕", State.UNKNOWN: "?"}
STYLES = {State.OK: "green", State.WARNING: "yellow", State.FAULT: "red", State.UNKNOWN: "dim"}

# A day as an option of a command.
DAY = click.DateTime(["%Y-%m-%d", "%d.%m.%Y"])

as_json = click.option("--json", "json_wanted", is_flag=True, help="Write the result as JSON.")


@cache
def settings() -> Settings:
    return load_settings()


def language() -> Language:
    """The chosen language, else the terminal's, else English."""
    try:
        chosen = settings().language
    except PrepError:
        chosen = None
    if chosen:
        return chosen
    locale = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return {"fi": Language.FI, "sv": Language.SV}.get(locale[:2], Language.EN)


def text(message: Message | str) -> str:
    """A message in the language of the command."""
    return in_language(message, language())


def open_database() -> "Engine":
    """The engine of the installation's database, brought to the newest form.

    Raises
    ------
    Refused
        If there is no database yet.
    """
    from sqlalchemy import inspect

    from prep import migrations
    from prep.db import make_engine

    url = settings().resolved_database_url
    if url.startswith("sqlite:///") and not os.path.exists(url.removeprefix("sqlite:///")):  # noqa: PTH110
        raise _no_database()
    engine = make_engine(url)
    if not inspect(engine).has_table("installation"):
        raise _no_database()
    if not migrations.is_current(engine):
        migrations.upgrade(engine)
    context = click.get_current_context(silent=True)
    if context is not None:
        context.call_on_close(engine.dispose)
    return engine


def _no_database() -> Refused:
    return Refused(
        Problem(
            place=say("The database"),
            value=settings().database_url or str(settings().instance / "prep.db"),
            rule=say("There is no county in it yet."),
            remedy=say("Run “prep demo” for an invented one, or “prep init --region PACK” for your own."),
        )
    )


@cache
def console(*, stderr: bool = False) -> "Console":
    from rich.console import Console

    stream = sys.stderr if stderr else sys.stdout
    # Rich takes 80 columns where it cannot ask; in a pipe that would fold what other programs read.
    return Console(stderr=stderr, highlight=False, width=None if stream.isatty() else 200)


def remark(message: Message | str) -> None:
    """A word to the person at the terminal, beside the result."""
    click.echo(text(message), err=True)


def show_json(value: Any) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=_plain))


def show_table(
    columns: Sequence[Message | str], rows: Iterable[Sequence[Any]], *, title: Message | str = ""
) -> None:
    """A table: on a terminal with rules, in a pipe as plain columns.

    A cell is a text, a Message, a number (set to the right), a State (sign), or None (nothing known: a dash).
    """
    from rich import box
    from rich.table import Table

    rows = [list(row) for row in rows]
    on_terminal = console().is_terminal
    table = Table(
        title=text(title) if title else None,
        title_justify="left",
        title_style="bold",
        box=box.SIMPLE_HEAD if on_terminal else None,
        pad_edge=False,
        header_style="bold",
    )
    for number, column in enumerate(columns):
        numeric = any(isinstance(row[number], int | float) for row in rows)
        table.add_column(text(column), justify="right" if numeric else "left", overflow="fold")
    for row in rows:
        table.add_row(*(_cell(value) for value in row))
    console().print(table)


def _cell(value: Any) -> Any:
    from rich.text import Text

    from prep.language import as_written

    match value:
        case None:
            return "–"
        case State():
            return Text(SIGNS[value], style=STYLES[value])
        case Text():
            return value
        case _:
            return Text(as_written(value, language()))


def _plain(value: Any) -> Any:
    match value:
        case Message():
            return text(value)
        case Problem():
            return value.in_language(language())
        case datetime() | date():
            return value.isoformat()
        case _:
            raise TypeError(f"no JSON for {type(value).__name__}")
