"""Is the installation in order? Each check says how it stands, what that means, and what to do.

Nothing is changed and nothing repaired; a database that is not there is not made.
"""

import os
import shutil
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine, func, inspect, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

import prep
from prep import audit, clock, migrations
from prep.backup import EVENT
from prep.config import Settings
from prep.db import make_engine, read_session
from prep.errors import Refused, Unavailable
from prep.language import Message, say
from prep.models import AuditEntry
from prep.regions.boundaries import BOUNDARIES_FILE, load_boundaries
from prep.terms import State

LEAST_FREE_BYTES = 100 * 1024**2
LITTLE_FREE_BYTES = 1024**3
# A night and two hours: a daily backup that was missed once is seen the same morning.
BACKUP_HOURS = 26
# Clocks of a network file server may differ by this much.
_AHEAD = timedelta(minutes=2)
# Before this day nothing of prep existed: a clock that says so has lost its battery.
_FIRST_DAY = datetime(2026, 1, 1, tzinfo=UTC)
_SQLITE_IN_FORCE = {"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "secure_delete": "2"}
_POSTGRESQL_IN_FORCE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
_PRIVATE = ("prep.db", "prep.db-wal", "prep.db-shm", "prep.db.lock", "secret.key", "prep.toml")
_FONTS = (
    *(f"cards/fonts/SourceSans3-{cut}.ttf" for cut in ("Regular", "Semibold", "Bold", "It")),
    *(f"web/static/fonts/SourceSans3-{cut}.ttf.woff2" for cut in ("Regular", "Semibold", "Bold", "It")),
)


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at. ``remedy`` is None where there is nothing to do."""

    key: str
    name: Message
    state: State
    meaning: Message
    remedy: Message | None = None


def examine(settings: Settings) -> list[Check]:
    """Every check, in the order in which faults are best mended."""
    return [
        *_of_database(settings),
        file_modes(settings),
        disk(settings),
        clock_against_files(settings),
        simulator(settings),
        boundaries(settings),
        fonts(),
    ]


def is_ready(engine: Engine, settings: Settings) -> bool:
    """Whether pages can be served and changes kept: database, schema, disk. Asked often, so it is quick."""
    try:
        if disk(settings).state is State.FAULT or not migrations.is_current(engine):
            return False
        with engine.connect() as connection:
            connection.execute(text("SELECT 1 FROM installation"))
    except (SQLAlchemyError, Unavailable, OSError):
        return False
    path = database_file(settings)
    return path is None or os.access(path, os.W_OK)


def database_file(settings: Settings) -> Path | None:
    """The file of the database; None for PostgreSQL."""
    url = settings.resolved_database_url
    return Path(url.removeprefix("sqlite:///")) if url.startswith("sqlite:///") else None


def reachable(settings: Settings) -> tuple[Check, Engine | None]:
    """Whether the database is there, and its engine if it is."""
    name = say("Database")
    path = database_file(settings)
    if path is not None and not path.exists():
        return _no_county(name), None
    try:
        engine = make_engine(settings.resolved_database_url)
    except Refused as error:
        first = error.problems[0]
        return Check("database", name, State.FAULT, first.rule, first.remedy), None
    try:
        has_county = inspect(engine).has_table("installation")
    except (SQLAlchemyError, Unavailable):
        engine.dispose()
        meaning = say("It does not answer, or is damaged: no page can be shown and no change kept.")
        remedy = say(
            "Check that it runs and the address is right (“prep config show”); else restore a backup."
        )
        return Check("database", name, State.FAULT, meaning, remedy), None
    if not has_county:
        engine.dispose()
        return _no_county(name), None
    return Check("database", name, State.OK, say("It answers.")), engine


def settings_in_force(engine: Engine) -> Check:
    """Whether the database keeps what it has acknowledged, even through a power cut."""
    name = say("Safety settings of the database")
    if engine.dialect.name == "sqlite":
        wanted, question = _SQLITE_IN_FORCE, "PRAGMA {}"
    else:
        wanted, question = _POSTGRESQL_IN_FORCE, "SHOW {}"
    with engine.connect() as connection:
        found = {one: str(connection.exec_driver_sql(question.format(one)).scalar()) for one in wanted}
    wrong = [f"{one}={value}" for one, value in found.items() if value != wanted[one]]
    if not wrong:
        return Check("settings", name, State.OK, say("A power cut loses nothing that was acknowledged."))
    meaning = say("A power cut can lose changes that were acknowledged: {wrong}.", wrong=wrong)
    remedy = say(
        "Set {wanted}; SQLite belongs on a disk of this machine, not on a network share.",
        wanted=[f"{one}={value}" for one, value in wanted.items()],
    )
    return Check("settings", name, State.FAULT, meaning, remedy)


def schema(engine: Engine) -> Check:
    """Whether the database has the form that this version needs."""
    name = say("Schema")
    revision = migrations.revision_of(engine)
    if migrations.is_current(engine):
        return Check(
            "schema", name, State.OK, say("It is that of this version ({revision}).", revision=revision)
        )
    if revision and not migrations.knows(revision):
        meaning = say("A newer version of prep has written the database; this one must not touch it.")
        return Check("schema", name, State.FAULT, meaning, say("Install the newer version again."))
    meaning = say("It is that of an older version; pages are not shown until it is brought up to date.")
    remedy = say("Make a copy of the database, then run any command, such as “prep bodies list”.")
    return Check("schema", name, State.FAULT, meaning, remedy)


def integrity(engine: Engine) -> Check:
    """Whether the file is whole and every reference leads somewhere (SQLite)."""
    name = say("Integrity of the database")
    if engine.dialect.name != "sqlite":
        meaning = say("PostgreSQL checks its pages itself; prep does not look at them.")
        return Check("integrity", name, State.UNKNOWN, meaning, say("Run pg_amcheck from time to time."))
    try:
        with engine.connect() as connection:
            faults = [
                row[0] for row in connection.exec_driver_sql("PRAGMA integrity_check") if row[0] != "ok"
            ]
            loose = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    except (SQLAlchemyError, Unavailable):
        faults, loose = ["?"], []
    if not faults and not loose:
        return Check(
            "integrity", name, State.OK, say("The file is whole, and every reference leads somewhere.")
        )
    meaning = say(
        "Faults in the file: {faults}, references that lead nowhere: {loose}. Pages may be wrong or missing.",
        faults=len(faults),
        loose=len(loose),
    )
    remedy = say("Stop prep, keep the file as it is, check the disk, and put back the latest sound backup.")
    return Check("integrity", name, State.FAULT, meaning, remedy)


def audit_chain(engine: Engine) -> Check:
    """Whether the audit trail is as prep wrote it."""
    name = say("Audit trail")
    with read_session(engine) as session:
        problems, rows = audit.verify(session), audit.count(session)
    if not problems:
        return Check("audit", name, State.OK, say("The chain of {n} rows holds.", n=rows))
    meaning = say(
        "Rows that do not hold: {n} of {rows}. The trail has been changed past prep.",
        n=len(problems),
        rows=rows,
    )
    remedy = say("Run “prep audit verify” for the rows; find out who can write to the database.")
    return Check("audit", name, State.FAULT, meaning, remedy)


def backups(engine: Engine) -> Check:
    """When a backup was last made with ``prep backup``."""
    name = say("Backup")
    if engine.dialect.name != "sqlite":
        meaning = say("PostgreSQL is backed up with pg_dump; prep cannot see whether it was.")
        return Check("backup", name, State.UNKNOWN, meaning, say("Check the backups of the database server."))
    with read_session(engine) as session:
        last = session.scalar(select(func.max(AuditEntry.at)).where(AuditEntry.action == EVENT))
    remedy = say("Run “prep backup DIR” every day, by a timer of the system, on another disk.")
    if last is None:
        return Check("backup", name, State.WARNING, say("None has been made with “prep backup”."), remedy)
    if clock.now() - last > timedelta(hours=BACKUP_HOURS):
        return Check(
            "backup", name, State.WARNING, say("The last one was made {moment}.", moment=last), remedy
        )
    return Check("backup", name, State.OK, say("The last one was made {moment}.", moment=last))


def file_modes(settings: Settings) -> Check:
    """Whether anybody else on the machine can read what is confidential."""
    name = say("File modes")
    path = database_file(settings)
    places = {settings.instance / one for one in _PRIVATE}
    if path is not None:
        places |= {path, *(path.with_name(path.name + end) for end in ("-wal", "-shm", ".lock"))}
    wide = [one for one in sorted(places) if one.exists() and stat.S_IMODE(one.stat().st_mode) & 0o077]
    if not wide:
        meaning = say("Only the account that runs prep can read the database and the key.")
        return Check("modes", name, State.OK, meaning)
    meaning = say("Other accounts of this machine can read {files}.", files=[one.name for one in wide])
    remedy = say("Run: chmod 600 {files}", files=" ".join(str(one) for one in wide))
    return Check("modes", name, State.FAULT, meaning, remedy)


def disk(settings: Settings) -> Check:
    """Whether there is room for changes and for a backup."""
    name = say("Disk")
    path = database_file(settings)
    folder = settings.instance if path is None else path.parent
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    needed = 2 * path.stat().st_size if path is not None and path.exists() else 0
    meaning = say("Free: {n} MB.", n=free // 1024**2)
    remedy = say(
        "Make room on the disk of {folder}, or move the installation to a larger one.", folder=str(folder)
    )
    if free < LEAST_FREE_BYTES:
        return Check("disk", name, State.FAULT, meaning, remedy)
    if free < max(LITTLE_FREE_BYTES, needed):
        return Check("disk", name, State.WARNING, meaning, remedy)
    return Check("disk", name, State.OK, meaning)


def clock_against_files(settings: Settings) -> Check:
    """Whether the clock can be right: nothing was written in its future."""
    name = say("Clock")
    now = clock.now()
    if "PREP_NOW" in os.environ:
        meaning = say("PREP_NOW sets it to {moment}: deadlines and ages are reckoned from there.", moment=now)
        return Check("clock", name, State.WARNING, meaning, say("Remove PREP_NOW outside rehearsals."))
    newest = max(_written(settings), default=_FIRST_DAY)
    if now < _FIRST_DAY or newest > now + _AHEAD:
        meaning = say("It says {now}, but something was written {newest}.", now=now, newest=newest)
        remedy = say("Set the clock and keep it right (NTP); sign-in codes and deadlines depend on it.")
        return Check("clock", name, State.FAULT, meaning, remedy)
    return Check(
        "clock", name, State.OK, say("It says {moment}, and no file is from the future.", moment=now)
    )


def simulator(settings: Settings) -> Check:
    """Whether the simulator has been compiled on this machine."""
    name = say("Simulator")
    if any((settings.instance / "compiled").rglob("*.nbi")):
        return Check("simulator", name, State.OK, say("It is compiled."))
    meaning = say("It is not compiled yet: the first start or simulation takes some seconds longer.")
    return Check("simulator", name, State.WARNING, meaning, say("Run “prep alert simulate” once."))


def boundaries(settings: Settings) -> Check:
    """Whether official borders have been imported for the maps."""
    name = say("Borders of municipalities")
    path = settings.instance / BOUNDARIES_FILE
    if not path.exists():
        meaning = say("None are imported: maps are schematic.")
        return Check(
            "boundaries", name, State.WARNING, meaning, say("Run “prep region boundaries import FILE”.")
        )
    try:
        found = load_boundaries(path)
    except Refused as error:
        first = error.problems[0]
        return Check("boundaries", name, State.FAULT, first.rule, first.remedy)
    return Check("boundaries", name, State.OK, say("Imported {day}.", day=found.imported_on))


def fonts() -> Check:
    """Whether the fonts of cards and pages are where they were installed."""
    name = say("Fonts")
    here = Path(prep.__file__).parent
    missing = [one for one in _FONTS if not (here / one).is_file()]
    if not missing:
        return Check("fonts", name, State.OK, say("All are there."))
    meaning = say("Missing: {files}. Cards cannot be printed, or pages look different.", files=missing)
    return Check("fonts", name, State.FAULT, meaning, say("Install prep again."))


def _of_database(settings: Settings) -> Iterator[Check]:
    first, engine = reachable(settings)
    yield first
    if engine is None:
        return
    checks: tuple[Callable[[Engine], Check], ...] = (
        settings_in_force,
        schema,
        integrity,
        audit_chain,
        backups,
    )
    try:
        for check in checks:
            yield _tried(check, engine)
    finally:
        engine.dispose()


def _tried(check: Callable[[Engine], Check], engine: Engine) -> Check:
    """A check that fails is itself a finding; the others still have their say."""
    try:
        return check(engine)
    except (SQLAlchemyError, Unavailable):
        meaning = say("The check could not be made: the database gave an error.")
        remedy = say("Mend what stands above, then run “prep doctor” again.")
        return Check(check.__name__, say("Check “{name}”", name=check.__name__), State.FAULT, meaning, remedy)


def _no_county(name: Message) -> Check:
    return Check(
        "database",
        name,
        State.FAULT,
        say("There is no county in it yet."),
        say("Run “prep demo” for an invented one, or “prep init --region PACK” for your own."),
    )


def _written(settings: Settings) -> Iterator[datetime]:
    """When the files of the installation were written, and the last row of the trail."""
    path = database_file(settings)
    for one in (*settings.instance.glob("*"), *([path] if path else [])):
        if one.is_file():
            yield datetime.fromtimestamp(one.stat().st_mtime, UTC)
    if path is not None and not path.exists():
        return
    try:
        engine = make_engine(settings.resolved_database_url)
        with Session(engine) as session:
            last = session.scalar(select(func.max(AuditEntry.at)))
        engine.dispose()
    except (SQLAlchemyError, Unavailable, Refused):
        return
    if last is not None:
        yield last
