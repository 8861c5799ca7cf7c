"""How the installation stands, for monitoring: every check of ``prep doctor``."""

from datetime import datetime
from typing import Literal

from flask import current_app
from pydantic import Field

from prep.auth.permissions import require
from prep.auth.roles import Permission
from prep.doctor import examine
from prep.doctor.check import Check
from prep.doctor.standing import standing
from prep.terms import State, worst
from prep.web.api.operations import Asked, Operation
from prep.web.api.shapes import Query, Shape
from prep.web.database import engine_of


class HealthQuery(Query):
    """How much is looked at."""

    thorough: Literal["true", "false"] = Field(
        "false", description="Also ask the mail server and read a large database through; can take long."
    )


class HealthCheck(Shape):
    """One thing looked at."""

    key: str = Field(description="Name of the check for programs.")
    state: State = Field(description="How it stands; unknown also where it was not looked at.")
    name: str = Field(description="What was looked at.")
    meaning: str = Field(description="What the state means.")
    remedy: str | None = Field(description="What to do; null where there is nothing to do.")


class Health(Shape):
    """The installation and how it stands."""

    state: State = Field(description="The worst state of all checks.")
    version: str = Field(description="Version of prep.")
    schema_revision: str | None = Field(description="Form of the database; null where it has none.")
    audit_rows: int = Field(description="Rows in the audit trail.")
    audit_head: str = Field(
        description="Number and digest of its last row, to be compared with a later trail."
    )
    last_backup_at: datetime | None = Field(description="When a backup was last made, UTC; null where never.")
    checks: tuple[HealthCheck, ...] = Field(
        description="Every check, in the order in which faults are best mended."
    )


def health(asked: Asked) -> Health:
    """How the installation stands."""
    require(asked.viewer, Permission.SETTINGS_READ)
    wanted: HealthQuery = asked.query
    checks = examine(asked.settings, is_thorough=wanted.thorough == "true")
    facts = standing(engine_of(current_app), asked.settings)
    return Health(
        state=worst(one.state for one in checks),
        version=facts.version,
        schema_revision=facts.schema,
        audit_rows=facts.rows,
        audit_head=facts.head,
        last_backup_at=facts.last_backup,
        checks=tuple(_shape(asked, one) for one in checks),
    )


def _shape(asked: Asked, check: Check) -> HealthCheck:
    return HealthCheck(
        key=check.key,
        state=check.state,
        name=asked.words(check.name),
        meaning=asked.words(check.meaning),
        remedy=None if check.remedy is None else asked.words(check.remedy),
    )


OPERATIONS = (
    Operation(
        "/health", "getHealth", "installation", "How the installation stands, for monitoring.",
        (Permission.SETTINGS_READ,), Health, health, HealthQuery, is_personal=False,
    ),
)  # fmt: skip
