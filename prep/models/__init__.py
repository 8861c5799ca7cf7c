"""The tables. A model has columns, relationships and small questions about its own row, nothing else."""

from prep.models.accounts import (
    Account,
    ApiToken,
    Ceremony,
    Grant,
    LoginAttempt,
    LoginSession,
    OneTimeLink,
    Passkey,
    RecoveryCode,
    SecondFactor,
)
from prep.models.base import Base
from prep.models.bodies import Body, Seat, SeatTerm
from prep.models.cards import IssuedCard
from prep.models.chains import Chain, ChainDraft, ChainItem, ChainList, SimulationResult
from prep.models.people import ContactPoint, DutyShift, Person, Role, RoleTerm
from prep.models.places import Constituency, County, Municipality
from prep.models.sites import KeyHolder, Site, SiteUseRow
from prep.models.system import AuditEntry, Installation

__all__ = [
    "Account",
    "ApiToken",
    "AuditEntry",
    "Base",
    "Body",
    "Ceremony",
    "Chain",
    "ChainDraft",
    "ChainItem",
    "ChainList",
    "Constituency",
    "ContactPoint",
    "County",
    "DutyShift",
    "Grant",
    "Installation",
    "IssuedCard",
    "KeyHolder",
    "LoginAttempt",
    "LoginSession",
    "Municipality",
    "OneTimeLink",
    "Passkey",
    "Person",
    "RecoveryCode",
    "Role",
    "RoleTerm",
    "Seat",
    "SeatTerm",
    "SecondFactor",
    "SimulationResult",
    "Site",
    "SiteUseRow",
]
