"""What an installation is: its version, its database, the head of its trail, its last backup."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, func, select

import prep
from prep import audit, migrations
from prep.backup import EVENT
from prep.config import Settings
from prep.db import read_session
from prep.models import AuditEntry


@dataclass(frozen=True, slots=True)
class Standing:
    """The facts. ``head`` is the last row of the audit trail as ``SEQ:HASH``; None: not known, or never."""

    version: str
    database: str
    size_bytes: int | None
    schema: str | None
    rows: int
    head: str
    last_backup: datetime | None


def standing(engine: Engine, settings: Settings) -> Standing:
    """The facts of an installation whose database answers."""
    path = settings.database_file
    schema = migrations.revision_of(engine)
    with read_session(engine) as session:
        seq, digest = audit.head(session)
        last = session.scalar(select(func.max(AuditEntry.at)).where(AuditEntry.action == EVENT))
    return Standing(
        version=prep.__version__,
        database=str(path) if path is not None else engine.url.render_as_string(hide_password=True),
        size_bytes=path.stat().st_size if path is not None else None,
        schema=schema,
        rows=seq,
        head=f"{seq}:{digest}",
        last_backup=last,
    )
