"""The tables. A model has columns, relationships and small questions about its own row, nothing else."""

from prep.models.accounts import (
    Account,
    ApiToken,
    Ceremony,
    Grant,
    Identity,
    LoginAttempt,
    LoginSession,
    OneTimeLink,
    Passkey,
    RecoveryCode,
    SecondFactor,
)
from prep.models.attachments import Attachment, AttachmentContent
from prep.models.base import Base
from prep.models.bodies import Body, MeetingRule, Seat, SeatTerm
from prep.models.cards import CardCopies, CardText, IssuedCard, PrintRun
from prep.models.chains import Chain, ChainDraft, ChainItem, ChainList, ChainVersion, SimulationResult
from prep.models.lists import RememberedColumn
from prep.models.meetings import Attendance, Meeting
from prep.models.messages import CalendarFeed, FreshnessInterval, OutboxMessage, PossibleDouble, ReviewLink
from prep.models.norms import NormChoice, StoredFigure, StoredNorms
from prep.models.people import Absence, ContactPoint, DutyShift, Person, Role, RoleTerm
from prep.models.places import Constituency, County, Municipality
from prep.models.scenarios import StoredScenario
from prep.models.site_calendar import SiteBooking, SiteCalendar
from prep.models.sites import (
    KeyHolder,
    PossibleSiteDouble,
    Site,
    SiteEvidence,
    SiteStatusChange,
    SiteUnit,
    SiteUnitUse,
    SiteUseRow,
)
from prep.models.system import AuditEntry, Installation, Submission

__all__ = [
    "Absence",
    "Account",
    "ApiToken",
    "Attachment",
    "AttachmentContent",
    "Attendance",
    "AuditEntry",
    "Base",
    "Body",
    "CalendarFeed",
    "CardCopies",
    "CardText",
    "Ceremony",
    "Chain",
    "ChainDraft",
    "ChainItem",
    "ChainList",
    "ChainVersion",
    "Constituency",
    "ContactPoint",
    "County",
    "DutyShift",
    "FreshnessInterval",
    "Grant",
    "Identity",
    "Installation",
    "IssuedCard",
    "KeyHolder",
    "LoginAttempt",
    "LoginSession",
    "Meeting",
    "MeetingRule",
    "Municipality",
    "NormChoice",
    "OneTimeLink",
    "OutboxMessage",
    "Passkey",
    "Person",
    "PossibleDouble",
    "PossibleSiteDouble",
    "PrintRun",
    "RecoveryCode",
    "RememberedColumn",
    "ReviewLink",
    "Role",
    "RoleTerm",
    "Seat",
    "SeatTerm",
    "SecondFactor",
    "SimulationResult",
    "Site",
    "SiteBooking",
    "SiteCalendar",
    "SiteEvidence",
    "SiteStatusChange",
    "SiteUnit",
    "SiteUnitUse",
    "SiteUseRow",
    "StoredFigure",
    "StoredNorms",
    "StoredScenario",
    "Submission",
]
