"""The words by which uses, states of premises, limits and phases are shown."""

from enum import StrEnum

from prep.evacuation.norms import LimitKind, Phase
from prep.language import Message, say
from prep.terms import SiteStatus, SiteUse, State

# Pairs, no dictionary: members of different kinds with the same text are equal and would share an entry.
_WORDS: tuple[tuple[StrEnum, Message], ...] = (
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
    (State.OK, say("in order")),
    (State.WARNING, say("needs attention")),
    (State.FAULT, say("fault")),
    (State.UNKNOWN, say("not known")),
    (LimitKind.AREA, say("net area")),
    (LimitKind.TOILETS, say("number of toilets")),
    (LimitKind.FIRE, say("maximum of the fire inspection")),
    (LimitKind.EXITS, say("number of exits")),
    (LimitKind.BEDS, say("number of beds")),
    (LimitKind.MEALS, say("meals per hour")),
    (LimitKind.STATED, say("number stated by the keeper")),
    (Phase.HOURS, say("some hours")),
    (Phase.SHORT, say("at most 72 hours")),
    (Phase.LONG, say("more than 72 hours")),
)
_BY_KIND = {(type(kind), kind.value): message for kind, message in _WORDS}


def word(kind: StrEnum) -> Message:
    """The word for a kind; KeyError for one that has none here."""
    return _BY_KIND[type(kind), kind.value]
