"""``prep audit``: verify the trail, read it, take personal data out of it."""

import os
import sys
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from prep.cli.output import DAY, as_json, language, open_database, remark, settings, show_json, show_table
from prep.cli.rights import right
from prep.errors import Problem, Refused
from prep.language import say

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from sqlalchemy.orm import Session

    from prep.models import AuditEntry


@click.group()
def audit() -> None:
    """The audit trail: who changed what, when and why."""


@right("audit.read", status_1="a row does not hold")
@audit.command()
@click.option("--anchor", metavar="SEQ:HASH", help="Compare with a number and digest noted earlier.")
@as_json
def verify(anchor: str | None, *, json_wanted: bool) -> None:
    """Check that no row has been edited, removed or moved; exit status 1 when one has."""
    from prep import audit as trail
    from prep.db import read_session

    noted = _anchor(anchor) if anchor else None
    with read_session(open_database()) as session:
        (last, digest), rows = trail.head(session), trail.count(session)
        problems = trail.verify(session, anchor=noted)
    if json_wanted:
        show_json(
            {
                "rows": rows,
                "head": f"{last}:{digest}",
                "ok": not problems,
                "problems": [problem.in_language(language()) for problem in problems],
            }
        )
    else:
        for problem in problems:
            click.echo(problem.in_language(language()), err=True)
        show_table([say("Rows"), say("Head, to be noted elsewhere")], [[rows, f"{last}:{digest}"]])
        if not problems:
            remark(say("The chain holds. Only a head noted earlier shows whether its end has been cut off."))
    sys.exit(1 if problems else 0)


@right("audit.read", "audit.values")
@audit.command("list")
@click.option("--since", type=DAY, help="First day, such as 2026-11-22.")
@click.option("--until", type=DAY, help="Last day.")
@click.option("--actor", help="Who acted.")
@click.option("--table", help="The table changed.")
@click.option("--row", help="The key of the row changed.")
@click.option("--action", help="insert, update, delete, or an event.")
@click.option("--page", type=click.IntRange(1), default=1, show_default=True, help="Page, newest first.")
@click.option("--per-page", type=click.IntRange(1, 10_000), default=50, show_default=True)
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="All of it as CSV in a file."
)
@as_json
def list_entries(
    since: datetime | None,
    until: datetime | None,
    actor: str | None,
    table: str | None,
    row: str | None,
    action: str | None,
    *,
    page: int,
    per_page: int,
    output: Path | None,
    json_wanted: bool,
) -> None:
    """The rows of the trail, newest first."""
    from prep import trail
    from prep.db import read_session
    from prep.exchange.exporting import csv_file
    from prep.exchange.trail_sheet import as_sheet

    wanted = trail.Filter(
        since=_day(since), until=_day(until), actor=actor, action=action, table=table, row=row
    )
    with read_session(open_database()) as session:
        if output is not None:
            sheet = as_sheet(trail.entries(session, wanted), with_values=True)
            _write(output, csv_file(sheet, language=language()))
            remark(say("Written: {file}. It holds personal data.", file=str(output)))
            return
        found = trail.entries(session, wanted, limit=per_page, offset=(page - 1) * per_page)
        total = trail.count(session, wanted)
        if json_wanted:
            show_json({"total": total, "page": page, "entries": [_as_json(entry) for entry in found]})
            return
        _show(found)
    pages = max(1, -(-total // per_page))
    remark(say("Page {page} of {pages}, {n} rows in all.", page=page, pages=pages, n=total))


@right("server")
@audit.command()
@click.option("--person", type=int, metavar="NUMBER", help="What was recorded about this person.")
@click.option("--before", type=DAY, help="What was recorded before this day.")
@click.option("--why", required=True, help="The reason; it is kept in the trail.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def redact(person: int | None, before: datetime | None, why: str, *, yes: bool) -> None:
    """Drop recorded values for good; who did what and when stays, and the chain still verifies."""
    from prep.db import read_session, write_session
    from prep.trail import names_of, naming
    from prep.trail import redact as drop

    if person is None and before is None:
        raise click.UsageError("Give --person, --before or both.")
    engine = open_database()
    with read_session(engine) as session:
        n = len(_chosen(session, person, _day(before)))
        names = set() if person is None else names_of(session, person)
    if n and not yes:
        from prep.cli.output import text

        click.confirm(text(say("Drop the values of {n} rows? They cannot be brought back.", n=n)), abort=True)
    with write_session(engine, actor="command: audit redact", why=why) as session:
        rule = _rule(person, _day(before))
        dropped = drop(session, _chosen(session, person, _day(before)), rule=rule)
        left = naming(session, names)
    _tell_what_was_dropped(engine, dropped)
    if left:
        remark(
            say(
                "The person’s name still stands in rows {rows}: as who acted, in another’s entry, or in a reason "
                "that is part of the chain.",
                rows=_as_spans(left),
            )
        )


@right("server")
@audit.command()
@click.option("--apply/--dry-run", "is_applied", default=False, help="Drop them, or only look.")
@as_json
def retain(*, is_applied: bool, json_wanted: bool) -> None:
    """Drop recorded values that are older than audit_retention_years; without --apply only say which."""
    from prep import clock, trail
    from prep.db import read_session, write_session

    years = settings().audit_retention_years
    if not years:
        raise _no_rule()
    day = trail.kept_from(clock.today(), years=years)
    engine = open_database()
    if is_applied:
        why = f"retention, {years} years"
        with write_session(engine, actor="command: audit retain", why=why) as session:
            rows = trail.older_than(session, day)
            trail.redact(session, rows, rule=_rule(None, day))
    else:
        with read_session(engine) as session:
            rows = trail.older_than(session, day)
    if json_wanted:
        show_json({"kept_from": day, "rows": trail.spans(rows), "n": len(rows), "applied": is_applied})
    if is_applied:
        _tell_what_was_dropped(engine, len(rows))
    else:
        remark(
            say(
                "Kept are values from {day} on. Rows that still hold older ones: {n} ({rows}). Nothing has been "
                "changed; “prep audit retain --apply” drops them.",
                day=day,
                n=len(rows),
                rows=_as_spans(rows) or "–",
            )
        )


def _tell_what_was_dropped(engine: "Engine", dropped: int) -> None:
    from prep.db import checkpoint

    is_gone = checkpoint(engine)
    remark(say("Rows emptied: {n}. Backups made earlier still hold the values.", n=dropped))
    if not is_gone:
        remark(
            say("Somebody was reading: copies are in the log beside the database until prep is restarted.")
        )


def _as_spans(rows: "Iterable[int]") -> str:
    from prep.trail import spans

    return ", ".join(str(first) if first == last else f"{first}–{last}" for first, last in spans(rows))


def _no_rule() -> Refused:
    return Refused(
        Problem(
            place="audit_retention_years",
            value="0",
            rule=say("No time is set: values recorded in the audit trail are kept without end."),
            remedy=say("Decide how long they are needed, and set audit_retention_years."),
        )
    )


def _chosen(session: "Session", person: int | None, before: date | None) -> list[int]:
    from prep import trail

    of_person = None if person is None else set(trail.concerning(session, person))
    of_age = None if before is None else set(trail.older_than(session, before))
    if of_person is None or of_age is None:
        return sorted(of_person or of_age or set())
    return sorted(of_person & of_age)


def _rule(person: int | None, before: date | None) -> str:
    parts = [f"person {person}"] if person is not None else []
    return ", ".join([*parts, *([f"before {before.isoformat()}"] if before else [])])


def _anchor(text: str) -> tuple[int, str]:
    seq, _, digest = text.strip().partition(":")
    if not seq.isdecimal() or len(digest) != 64 or set(digest.lower()) - set("0123456789abcdef"):
        raise Refused(
            Problem(
                place="--anchor",
                value=text,
                rule=say("It is a row number, a colon and a digest of 64 signs (0–9, a–f)."),
                remedy=say("Copy it as “prep audit verify” or a backup’s manifest shows it."),
            )
        )
    return int(seq), digest.lower()


def _day(moment: datetime | None) -> date | None:
    return None if moment is None else moment.date()


def _show(found: "Iterable[AuditEntry]") -> None:
    from prep.trail import changes

    show_table(
        [say("Row"), say("Time"), say("Who"), say("What"), say("Of"), say("Fields"), say("Why")],
        [
            [
                # A row's number is its name: no space between thousands.
                str(one.seq),
                one.at,
                one.actor,
                one.action,
                f"{one.table_name} {one.row_key}".strip(),
                say("redacted")
                if (fields := changes(one)) is None
                else ", ".join(change.field for change in fields) or None,
                one.why or None,
            ]
            for one in found
        ],
    )


def _as_json(entry: "AuditEntry") -> dict[str, Any]:
    import json

    return {
        "seq": entry.seq,
        "at": entry.at,
        "actor": entry.actor,
        "action": entry.action,
        "table": entry.table_name,
        "row": entry.row_key,
        "why": entry.why,
        "values": None if entry.values is None else json.loads(entry.values),
        "hash": entry.hash,
    }


def _write(path: Path, content: bytes) -> None:
    """Write in one step, for the owner's eyes only."""
    beside = path.with_name(f"{path.name}.new")
    try:
        beside.unlink(missing_ok=True)
        with os.fdopen(os.open(beside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
            file.write(content)
        beside.replace(path)
    except OSError as error:
        raise Refused(
            Problem(
                place=str(path),
                value=error.strerror,
                rule=say("The file cannot be written there."),
                remedy=say("Choose a folder that exists and may be written."),
            )
        ) from error
