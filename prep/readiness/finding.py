"""One thing that is not in order."""

from dataclasses import dataclass
from enum import StrEnum

from prep.language import Message
from prep.terms import State


class FindingKind(StrEnum):
    VACANT_SEAT = "vacant_seat"
    VACANT_ROLE = "vacant_role"
    BODY_RULE = "body_rule"
    AGREEMENT_ENDED = "agreement_ended"
    GROUP_NOT_REACHED = "group_not_reached"
    NOT_SIMULATED = "not_simulated"
    SINGLE_POINT = "single_point"
    COMMON_POINT = "common_point"
    STALE_CONTACT = "stale_contact"
    NO_CONTACT = "no_contact"
    NO_DEPUTY = "no_deputy"
    SITE_RULE = "site_rule"
    SITE_STALE = "site_stale"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not in order. ``about`` is the kind and key of what it is mended on."""

    kind: FindingKind
    state: State
    sentence: Message
    detail: Message | str | None
    municipality: str | None
    about: tuple[str, str]
