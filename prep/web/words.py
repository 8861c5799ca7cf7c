"""The words by which kinds are shown on pages; those of other areas come from there."""

from enum import StrEnum

from prep.alerting.labels import CHANNELS
from prep.cards.imprint import CLASSIFICATIONS
from prep.evacuation import words as evacuation_words
from prep.language import Message, say
from prep.terms import (
    ActorKind,
    BodyKind,
    Channel,
    ContactKind,
    Evidence,
    KeyPower,
    MeetingStatus,
)

_PAIRS: tuple[tuple[StrEnum, Message], ...] = (
    (ActorKind.PERSON, say("person")),
    (ActorKind.DUTY_DESK, say("desk staffed round the clock")),
    (ActorKind.SYSTEM, say("alerting system")),
    (ContactKind.MOBILE, say("mobile")),
    (ContactKind.LANDLINE, say("landline")),
    (ContactKind.EMAIL, say("e-mail")),
    (ContactKind.AUTHORITY_RADIO, say("Virve")),
    (ContactKind.PAGER, say("pager")),
    (ContactKind.SATELLITE, say("satellite phone")),
    (ContactKind.APP, say("app")),
    (Evidence.DRILL, say("answered in a drill")),
    (Evidence.CALLED_BACK, say("called back")),
    (Evidence.CONFIRMED, say("confirmed")),
    (Evidence.TYPED, say("entered, not tried")),
    (BodyKind.READINESS_BOARD, say("readiness board")),
    (BodyKind.MANAGEMENT_GROUP, say("management group")),
    (BodyKind.SECRETARIAT, say("secretariat")),
    (BodyKind.FORUM, say("forum")),
    (BodyKind.COMMITTEE, say("committee")),
    (BodyKind.NETWORK, say("network")),
    (BodyKind.PARTNERSHIP_GROUP, say("partnership group")),
    (BodyKind.NEGOTIATION, say("negotiation")),
    (BodyKind.DUTY, say("on duty")),
    (KeyPower.AUTHORISE, say("may give permission")),
    (KeyPower.OPEN, say("opens")),
    (KeyPower.ALTERNATE, say("stands in")),
    (MeetingStatus.PLANNED, say("planned")),
    (MeetingStatus.HELD, say("held")),
    (MeetingStatus.CANCELLED, say("cancelled")),
    *CLASSIFICATIONS.items(),
)
# Two kinds with the same value are equal as texts, so the class is part of the key.
_WORDS = {(type(kind), kind.value): message for kind, message in _PAIRS}


def word(kind: StrEnum) -> Message:
    """The word for a kind; KeyError for one that no page shows."""
    if isinstance(kind, Channel):
        return CHANNELS[kind]
    own = _WORDS.get((type(kind), kind.value))
    return own or evacuation_words.word(kind)
