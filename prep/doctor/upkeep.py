"""What has to be done from time to time, or prepared: backups, retention, outgoing mail."""

from datetime import timedelta

from sqlalchemy import Engine, func, select

from prep import clock, trail
from prep.backup import EVENT, key_of
from prep.config import Settings
from prep.db import read_session
from prep.doctor.check import Check, not_looked_at
from prep.errors import PrepError, Refused
from prep.language import Message, say
from prep.mail import probe
from prep.mail.failures import MailNotSet
from prep.models import AuditEntry
from prep.terms import State

# A night and two hours: a daily backup that was missed once is seen the same morning.
BACKUP_HOURS = 26
# The rule of retention is applied once a month: so long may a value stay past its time.
RETENTION_GRACE = timedelta(days=31)


def backups(engine: Engine, settings: Settings) -> Check:
    """When a backup was last made, and whether the key for the next one is there."""
    name = say("Backup")
    try:
        key_of(settings.backup_key_file)
    except Refused as error:
        return _of_problem("backup", name, error)
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


def retention(engine: Engine, settings: Settings) -> Check:
    """Whether recorded values are kept in the audit trail past the time that the county has set."""
    name = say("Retention")
    years = settings.audit_retention_years
    if not years:
        meaning = say("No time is set: values recorded in the audit trail are kept without end.")
        remedy = say("Decide how long they are needed, and set audit_retention_years.")
        return Check("retention", name, State.UNKNOWN, meaning, remedy)
    day = trail.kept_from(clock.today() - RETENTION_GRACE, years=years)
    with read_session(engine) as session:
        overdue = len(trail.older_than(session, day))
    if not overdue:
        meaning = say("No value recorded in the audit trail is kept longer than {n} years.", n=years)
        return Check("retention", name, State.OK, meaning)
    meaning = say(
        "Rows of the audit trail that still hold values after {n} years: {rows}.", n=years, rows=overdue
    )
    remedy = say("Run “prep audit retain”, look at it, then the same with --apply; every month, by a timer.")
    return Check("retention", name, State.WARNING, meaning, remedy)


def mail(settings: Settings, *, is_tried: bool) -> Check:
    """Whether mail would go out: the server answers, encrypts and lets prep in. No message is sent."""
    name = say("Outgoing mail")
    if not is_tried and settings.mail_host:
        return not_looked_at("mail", name)
    try:
        server = probe(settings)
    except MailNotSet as error:
        first = error.problems[0]
        return Check("mail", name, State.UNKNOWN, first.rule, first.remedy)
    except PrepError as error:
        return _of_problem("mail", name, error)
    meaning = say("The server {server} takes mail from prep.", server=server.shown)
    return Check("mail", name, State.OK, meaning)


def _of_problem(key: str, name: Message, error: PrepError) -> Check:
    first = error.problems[0]
    meaning = say("{place}: {rule}", place=first.place, rule=first.rule)
    return Check(key, name, State.FAULT, meaning, first.remedy)
