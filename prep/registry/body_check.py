"""One thing that is not in order with a body or a seat, and what its checks are given."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from prep.language import Message, say
from prep.regions.kinds import SeatBasis
from prep.registry.bodies import BodyStanding, SeatStanding
from prep.registry.contacts import RoleStanding
from prep.registry.names import clause_of, name_of
from prep.terms import Language, State


class BodyRule(StrEnum):
    """What is checked."""

    VACANT = "vacant"
    EXPIRED = "expired"
    NO_QUORUM = "no_quorum"
    OUTSIDE = "outside"
    TWO_SEATS = "two_seats"
    NOT_SEATED = "not_seated"
    NO_CHAIR = "no_chair"
    TERM_LIMIT = "term_limit"
    NO_DEPUTY = "no_deputy"
    CIRCULAR = "circular"
    ALL_AWAY = "all_away"
    NOT_ESTABLISHED = "not_established"
    AGREEMENT_ENDED = "agreement_ended"
    TOO_FEW_MEETINGS = "too_few_meetings"
    INVITATION = "invitation"
    NOT_NOTED = "not_noted"
    HELD_WITHOUT_QUORUM = "held_without_quorum"
    NO_MINUTES = "no_minutes"


@dataclass(frozen=True, slots=True)
class BodyCheck:
    """One thing that is not in order, or not known. ``seat`` is None where it is about the whole body.

    Names inside the sentences are in the language that was asked for.
    """

    rule: BodyRule
    state: State
    body: BodyStanding
    seat: SeatStanding | None
    sentence: Message
    clause: str
    remedy: Message


@dataclass(frozen=True, slots=True)
class Asked:
    """A body, with what its checks look at beside it."""

    standing: BodyStanding
    roles: Sequence[RoleStanding]
    on: date
    language: Language

    @property
    def name(self) -> str:
        return name_of(self.standing.body, self.language)

    def about(self, rule: BodyRule, state: State, sentence: Message, remedy: Message) -> BodyCheck:
        clause = clause_of(self.standing.body, self.language)
        return BodyCheck(rule, state, self.standing, None, sentence, clause, remedy)

    def of(
        self, seat: SeatStanding, rule: BodyRule, state: State, sentence: Message, remedy: Message
    ) -> BodyCheck:
        clause = clause_of(seat.seat, self.language) or clause_of(self.standing.body, self.language)
        return BodyCheck(rule, state, self.standing, seat, sentence, clause, remedy)

    def seat_name(self, seat: SeatStanding) -> str:
        return name_of(seat.seat, self.language)


def filled_by(seat: SeatStanding, language: Language) -> Message | str:
    """Who fills a seat."""
    held = seat.seat
    match held.basis:
        case SeatBasis.CONSTITUENCY if held.constituency is not None:
            return say(
                "{area} ({municipalities})",
                area=name_of(held.constituency, language),
                municipalities=[name_of(one, language) for one in held.constituency.municipalities],
            )
        case SeatBasis.MUNICIPALITY if held.municipality is not None:
            return name_of(held.municipality, language)
        case SeatBasis.ORGANISATION if held.organisation:
            return held.organisation.get(language.value) or held.organisation.get("fi", "")
        case SeatBasis.NOMINATION:
            return say("the municipalities together")
        case _:
            where = held.body.municipality
            return name_of(where, language) if where is not None else say("whoever appoints the body")
