"""The words by which the kinds of ``prep.terms`` are shown on pages."""

from enum import StrEnum

from prep.language import Message, say
from prep.terms import (
    ActorKind,
    BodyKind,
    Channel,
    Classification,
    ContactKind,
    Evidence,
    HourClass,
    KeyPower,
    SiteStatus,
    SiteUse,
    State,
)

_PAIRS: tuple[tuple[StrEnum, Message], ...] = (
    (State.OK, say("in order")),
    (State.WARNING, say("needs attention")),
    (State.FAULT, say("fault")),
    (State.UNKNOWN, say("not known")),
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
    (Channel.CALL, say("call")),
    (Channel.ROBOT_CALL, say("automatic call")),
    (Channel.SMS, say("text message")),
    (Channel.APP_OVERRIDE, say("app, alarm sound")),
    (Channel.APP, say("app")),
    (Channel.PAGER, say("pager")),
    (Channel.RADIO, say("Virve")),
    (Channel.DUTY_CALL, say("duty telephone")),
    (Channel.EMAIL, say("e-mail")),
    (Channel.SATELLITE_CALL, say("satellite phone")),
    (Channel.RUNNER, say("messenger")),
    (Evidence.DRILL, say("answered in a drill")),
    (Evidence.CALLED_BACK, say("called back")),
    (Evidence.CONFIRMED, say("confirmed")),
    (Evidence.TYPED, say("entered, not tried")),
    (HourClass.OFFICE, say("office hours")),
    (HourClass.EVENING, say("evening")),
    (HourClass.NIGHT, say("night")),
    (HourClass.HOLIDAY, say("weekend or holiday")),
    (BodyKind.READINESS_BOARD, say("readiness board")),
    (BodyKind.MANAGEMENT_GROUP, say("management group")),
    (BodyKind.SECRETARIAT, say("secretariat")),
    (BodyKind.FORUM, say("forum")),
    (BodyKind.COMMITTEE, say("committee")),
    (BodyKind.NETWORK, say("network")),
    (BodyKind.PARTNERSHIP_GROUP, say("partnership group")),
    (BodyKind.NEGOTIATION, say("negotiation")),
    (BodyKind.DUTY, say("on duty")),
    (SiteUse.ASSEMBLY_POINT, say("assembly point")),
    (SiteUse.ASSEMBLY_CENTRE, say("assembly centre")),
    (SiteUse.EVACUATION_CENTRE, say("evacuation centre")),
    (SiteUse.TEMPORARY_ACCOMMODATION, say("temporary accommodation")),
    (SiteUse.CATERING, say("catering")),
    (SiteStatus.AVAILABLE, say("available")),
    (SiteStatus.CONDITIONAL, say("conditional")),
    (SiteStatus.IN_USE, say("in other use")),
    (SiteStatus.OUT, say("out of use")),
    (SiteStatus.UNKNOWN, say("not known")),
    (KeyPower.AUTHORISE, say("may give permission")),
    (KeyPower.OPEN, say("opens")),
    (KeyPower.ALTERNATE, say("stands in")),
    (Classification.PUBLIC, say("public")),
    (Classification.INTERNAL, say("internal")),
    (Classification.SECRET, say("secret")),
)
# Two kinds with the same value are equal as texts, so the class is part of the key.
_WORDS = {(type(kind), kind.value): message for kind, message in _PAIRS}


def word(kind: StrEnum) -> Message:
    """The word for a kind; KeyError for one that no page shows."""
    return _WORDS[type(kind), kind.value]
