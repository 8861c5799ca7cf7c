"""Is the installation in order? Each check says how it stands, what that means, and what to do.

Nothing is changed and nothing repaired; a database that is not there is not made.
"""

import os
import shutil
import stat
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from sqlalchemy import Engine, func, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

import prep
from prep import clock, migrations
from prep.config import Settings
from prep.db import make_engine
from prep.doctor.check import Check, not_looked_at
from prep.doctor.database import audit_chain, integrity, reachable, schema, settings_in_force
from prep.doctor.upkeep import backups, mail, retention
from prep.errors import Refused, Unavailable
from prep.language import Message, say
from prep.models import AuditEntry
from prep.regions.boundaries import BOUNDARIES_FILE, load_boundaries
from prep.terms import State

LEAST_FREE_BYTES = 100 * 1024**2
LITTLE_FREE_BYTES = 1024**3
# What is looked through for a page: some 20 000 rows of the trail a second, 100 MB of the file.
_QUICK_ROWS = 10_000
_QUICK_BYTES = 64 * 1024**2
# Clocks of a network file server may differ by this much.
_AHEAD = timedelta(minutes=2)
# Before this day nothing of prep existed: a clock that says so has lost its battery.
_FIRST_DAY = datetime(2026, 1, 1, tzinfo=UTC)
_PRIVATE = (
    "prep.db",
    "prep.db-wal",
    "prep.db-shm",
    "prep.db.lock",
    "prep.db.served",
    "secret.key",
    "binder.key",
    "prep.toml",
)
_FONTS = (
    *(f"cards/fonts/SourceSans3-{cut}.ttf" for cut in ("Regular", "Semibold", "Bold", "It")),
    *(f"web/static/fonts/SourceSans3-{cut}.ttf.woff2" for cut in ("Regular", "Semibold", "Bold", "It")),
)


def examine(settings: Settings, *, is_thorough: bool = True) -> list[Check]:
    """Every check, in the order in which faults are best mended.

    Without ``is_thorough`` what can take long (the whole of a large database, the mail server) is not looked at,
    and says so.
    """
    return [
        *_of_database(settings, is_thorough=is_thorough),
        mail(settings, is_tried=is_thorough),
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
    path = settings.database_file
    return path is None or os.access(path, os.W_OK)


def file_modes(settings: Settings) -> Check:
    """Whether anybody else on the machine can read what is confidential."""
    name = say("File modes")
    path = settings.database_file
    places = {settings.instance / one for one in _PRIVATE}
    if path is not None:
        places |= {path, *(path.with_name(path.name + end) for end in ("-wal", "-shm", ".lock", ".served"))}
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
    path = settings.database_file
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


def _of_database(settings: Settings, *, is_thorough: bool) -> Iterator[Check]:
    first, engine = reachable(settings)
    yield first
    if engine is None:
        return
    try:
        is_looked_at = is_thorough or _is_small(engine, settings)
        yield _tried("settings", say("Safety settings of the database"), lambda: settings_in_force(engine))
        yield _tried("schema", say("Schema"), lambda: schema(engine))
        for key, name, check in (
            ("integrity", say("Integrity of the database"), integrity),
            ("audit", say("Audit trail"), audit_chain),
        ):
            yield _tried(key, name, partial(check, engine)) if is_looked_at else not_looked_at(key, name)
        yield _tried("backup", say("Backup"), lambda: backups(engine, settings))
        yield _tried("retention", say("Retention"), lambda: retention(engine, settings))
    finally:
        engine.dispose()


def _is_small(engine: Engine, settings: Settings) -> bool:
    """Whether all of it is looked through in about a second."""
    path = settings.database_file
    if path is not None and path.stat().st_size > _QUICK_BYTES:
        return False
    try:
        with Session(engine) as session:
            return (session.scalar(select(func.max(AuditEntry.seq))) or 0) <= _QUICK_ROWS
    except (SQLAlchemyError, Unavailable):
        # The checks themselves will say what is wrong.
        return True


def _tried(key: str, name: Message, check: Callable[[], Check]) -> Check:
    """A check that fails is itself a finding; the others still have their say."""
    try:
        return check()
    except (SQLAlchemyError, Unavailable):
        meaning = say("The check could not be made: the database gave an error.")
        return Check(
            key, name, State.FAULT, meaning, say("Mend what stands above, then run “prep doctor” again.")
        )


def _written(settings: Settings) -> Iterator[datetime]:
    """When the files of the installation were written, and the last row of the trail."""
    path = settings.database_file
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
