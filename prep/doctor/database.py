"""The database: is it there, safe, of the right form, whole; does its audit trail hold?"""

from sqlalchemy import Engine, inspect
from sqlalchemy.exc import SQLAlchemyError

from prep import audit, migrations
from prep.config import Settings
from prep.db import make_engine, read_session
from prep.doctor.check import Check
from prep.errors import Refused, Unavailable
from prep.language import Message, say
from prep.terms import State

_SQLITE_IN_FORCE = {"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "secure_delete": "2"}
_POSTGRESQL_IN_FORCE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}


def reachable(settings: Settings) -> tuple[Check, Engine | None]:
    """Whether the database is there, and its engine if it is."""
    name = say("Database")
    path = settings.database_file
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


def _no_county(name: Message) -> Check:
    return Check(
        "database",
        name,
        State.FAULT,
        say("There is no county in it yet."),
        say("Run “prep demo” for an invented one, or “prep init --region PACK” for your own."),
    )
