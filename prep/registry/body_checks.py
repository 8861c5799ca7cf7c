"""What is not in order with bodies and their seats, each with the clause it goes against and what mends it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from prep.language import say
from prep.regions.schema import RegionPack
from prep.registry.bodies import BodyStanding
from prep.registry.body_check import Asked, BodyCheck, BodyRule, filled_by
from prep.registry.contacts import RoleStanding
from prep.registry.seat_checks import seat_checks
from prep.terms import BodyKind, Language, State

WORST_FIRST = (State.FAULT, State.WARNING, State.UNKNOWN, State.OK)
_CHAIRED = frozenset({BodyKind.READINESS_BOARD, BodyKind.MANAGEMENT_GROUP})


def body_checks(
    standing: BodyStanding, roles: Sequence[RoleStanding], *, on: date, language: Language
) -> list[BodyCheck]:
    """Everything that is not in order with one body on a day, faults first.

    Parameters
    ----------
    roles
        The named roles of the county: whoever holds one of them may have to sit in the body.
    """
    asked = Asked(standing, roles, on, language)
    found = [
        *_established(asked),
        *_vacant(asked),
        *_quorum(asked),
        *_chair(asked),
        *seat_checks(asked),
    ]
    return sorted(found, key=lambda one: WORST_FIRST.index(one.state))


def ended_agreements(
    pack: RegionPack | None, bodies: Iterable[BodyStanding], *, on: date, language: Language
) -> list[tuple[str, date, int]]:
    """The agreements whose last day is past: name, last day, and how many of the bodies rest on it."""
    if pack is None:
        return []
    resting: Counter[str] = Counter()
    for standing in bodies:
        made = next((one for one in pack.bodies if _is_made_from(standing, one.key)), None)
        agreement = pack.agreement_of(made.clause) if made is not None and made.clause else None
        if agreement is not None and agreement.ends is not None and agreement.ends < on:
            resting[agreement.key] += 1
    return [
        (pack.agreement(key).name.in_language(language), pack.agreement(key).ends or on, count)
        for key, count in resting.items()
    ]


def _is_made_from(standing: BodyStanding, key: str) -> bool:
    """Whether a body is the pack's of this key, or a municipality's own of a kind that every one of them has."""
    return standing.body.key in {key, f"{key}-{standing.body.municipality_code}"}


def _established(asked: Asked) -> Iterator[BodyCheck]:
    body = asked.standing.body
    if body.is_to_be_established and all(not one.seat.terms for one in asked.standing.seats):
        yield asked.about(
            BodyRule.NOT_ESTABLISHED,
            State.WARNING,
            say("{body} has not been set up yet", body=asked.name),
            say("Set it up, and fill its seats."),
        )


def _vacant(asked: Asked) -> Iterator[BodyCheck]:
    for one in asked.standing.vacancies:
        facts = {"body": asked.name, "seat": asked.seat_name(one)}
        if one.vacant_since is None:
            yield asked.of(
                one,
                BodyRule.VACANT,
                State.FAULT,
                say("{body}: the seat “{seat}” is vacant", **facts),
                say("Have it filled by {whom}.", whom=filled_by(one, asked.language)),
            )
        else:
            yield asked.of(
                one,
                BodyRule.EXPIRED,
                State.FAULT,
                say("{body}: the term in the seat “{seat}” has ended", **facts),
                say(
                    "Vacant for {days} days. Have it filled by {whom}.",
                    days=(asked.on - one.vacant_since).days,
                    whom=filled_by(one, asked.language),
                ),
            )


def _quorum(asked: Asked) -> Iterator[BodyCheck]:
    seats = [one for one in asked.standing.seats if not one.seat.is_optional]
    if not seats or (asked.standing.body.is_to_be_established and all(not one.seat.terms for one in seats)):
        return
    manned = [one for one in asked.standing.seats if one.holder is not None or one.deputies]
    needed = asked.standing.body.quorum or len(seats)
    if len(manned) < needed:
        yield asked.about(
            BodyRule.NO_QUORUM,
            State.FAULT,
            say(
                "{body} cannot decide: it needs {needed} seats, {manned} have anybody",
                body=asked.name,
                needed=needed,
                manned=len(manned),
            ),
            say("Fill at least {n} seats more.", n=needed - len(manned)),
        )
        return
    for one in seats:
        if one.seat.is_required and one.holder is None and not one.deputies:
            yield asked.of(
                one,
                BodyRule.NO_QUORUM,
                State.FAULT,
                say(
                    "{body} cannot decide: it needs the seat “{seat}”, which has nobody",
                    body=asked.name,
                    seat=asked.seat_name(one),
                ),
                say("Fill the seat, or name a deputy."),
            )
    for one in asked.standing.seats:
        if (one.holder is not None or one.deputies) and one.acting is None:
            yield asked.of(
                one,
                BodyRule.ALL_AWAY,
                State.WARNING,
                say(
                    "{body}: everybody of the seat “{seat}” is away",
                    body=asked.name,
                    seat=asked.seat_name(one),
                ),
                say("Name a deputy for these days."),
            )


def _chair(asked: Asked) -> Iterator[BodyCheck]:
    if asked.standing.body.kind not in _CHAIRED or not asked.standing.seats:
        return
    chairs = [one for one in asked.standing.seats if one.seat.is_chair or one.seat.is_vice_chair]
    if not any(one.seat.is_chair for one in chairs):
        yield asked.about(
            BodyRule.NO_CHAIR,
            State.UNKNOWN,
            say("{body}: which seat leads it is not known", body=asked.name),
            say("Mark the seat of the chair."),
        )
    elif all(one.holder is None for one in chairs):
        yield asked.about(
            BodyRule.NO_CHAIR,
            State.FAULT,
            say("{body} has nobody to lead it", body=asked.name),
            say("Fill the seat of the chair or of the vice-chair."),
        )
