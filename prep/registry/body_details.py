"""Changing what an agreement says of a body and its seats: everything a pack brings can be corrected."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from prep.errors import Problem, Refused, no_such_choice
from prep.language import Message, say
from prep.models import Body, Constituency, Municipality, Seat
from prep.regions.kinds import SeatBasis
from prep.terms import Language

_LONGEST_NAME = 200
_LONGEST_TEXT = 300
_MOST_SEATS = 200


@dataclass(frozen=True, slots=True)
class BodyDetails:
    """What can be changed of a body.

    Raises
    ------
    Refused
        If a name is missing, something is too long, or a number is below one.
    """

    name_fi: str
    name_sv: str
    name_en: str
    quorum: int | None
    quorum_basis: str
    convener: str
    deciding_organ: str
    extract_to: str
    longest_terms: int | None
    is_to_be_established: bool

    def __post_init__(self) -> None:
        problems = [
            *_named(say("The name in Finnish"), self.name_fi),
            *_named(say("The name in Swedish"), self.name_sv),
            *_short(say("The name in English"), self.name_en, longest=_LONGEST_NAME),
            *_short(say("What the quorum rests on"), self.quorum_basis, longest=_LONGEST_TEXT),
            *_short(say("The convener"), self.convener, longest=_LONGEST_TEXT),
            *_short(say("The organ that names the members"), self.deciding_organ, longest=_LONGEST_TEXT),
            *_short(say("Who gets the extract of the minutes"), self.extract_to, longest=_LONGEST_TEXT),
            *_counted(say("The quorum"), self.quorum),
            *_counted(say("The longest time in terms"), self.longest_terms),
        ]
        if problems:
            raise Refused(problems)


@dataclass(frozen=True, slots=True)
class SeatDetails:
    """What can be changed of a seat. ``filled_by`` is the key of a constituency where the basis is one.

    Raises
    ------
    Refused
        If a name is missing or too long, or the seat both must be filled and may stay empty.
    """

    name_fi: str
    name_sv: str
    name_en: str
    constituency: str | None = None
    marks: frozenset[str] = field(default=frozenset())

    def __post_init__(self) -> None:
        problems = [
            *_named(say("The name in Finnish"), self.name_fi),
            *_named(say("The name in Swedish"), self.name_sv),
            *_short(say("The name in English"), self.name_en, longest=_LONGEST_NAME),
        ]
        if {"is_required", "is_optional"} <= self.marks:
            problems.append(
                Problem(
                    place=say("The seat"),
                    value=None,
                    rule=say("A seat without which the body cannot decide does not stay empty."),
                    remedy=say("Take one of the two marks away."),
                )
            )
        if problems:
            raise Refused(problems)


# What a seat can be marked as: the columns of the table.
MARKS = ("is_chair", "is_vice_chair", "is_required", "is_optional")


def change_body(session: Session, body: Body, details: BodyDetails, *, language: Language) -> None:
    """Change what is on record of a body; the convener is written in a language.

    Raises
    ------
    Refused
        If the quorum is above the number of seats.
    """
    seats = len(body.seats)
    if details.quorum is not None and seats and details.quorum > seats:
        raise Refused(
            Problem(
                place=say("The quorum"),
                value=str(details.quorum),
                rule=say("It is not above the number of seats, {n}.", n=seats),
                remedy=say("Lower it, or add seats first."),
            )
        )
    for name in ("name_fi", "name_sv", "quorum_basis", "deciding_organ", "extract_to"):
        setattr(body, name, _one_line(getattr(details, name)))
    body.name_en = _one_line(details.name_en) or body.name_fi
    body.quorum, body.longest_terms = details.quorum, details.longest_terms
    body.is_to_be_established = details.is_to_be_established
    body.convener = _in_language(body.convener, details.convener, language)
    session.flush()


def add_seat(session: Session, body: Body, details: SeatDetails) -> Seat:
    """A seat more, the last in order.

    Raises
    ------
    Refused
        If the body has too many.
    """
    if len(body.seats) >= _MOST_SEATS:
        raise Refused(
            Problem(
                place=body.name_fi,
                value=str(len(body.seats)),
                rule=say("A body has at most {n} seats.", n=_MOST_SEATS),
                remedy=say("Remove one that is not used."),
            )
        )
    position = 1 + max((one.position for one in body.seats), default=0)
    seat = Seat(key=f"seat-{position}", position=position)
    taken = {one.key for one in body.seats}
    while seat.key in taken:
        seat.key += "x"
    _write(session, seat, details)
    body.seats.append(seat)
    session.flush()
    return seat


def change_seat(session: Session, seat: Seat, details: SeatDetails) -> None:
    """Change what is on record of a seat."""
    _write(session, seat, details)
    session.flush()


def remove_seat(session: Session, seat: Seat) -> None:
    """Take a seat away that nobody ever held.

    Raises
    ------
    Refused
        If somebody did: its history would go with it.
    """
    if seat.terms:
        raise Refused(
            Problem(
                place=f"{seat.body.name_fi}: {seat.name_fi}",
                value=None,
                rule=say("Somebody has held the seat: its history stays."),
                remedy=say("End the terms, and mark the seat as one that may stay empty."),
            )
        )
    seat.body.seats.remove(seat)
    session.flush()


def change_constituency(session: Session, area: Constituency, codes: Iterable[str]) -> None:
    """Say which municipalities fill a seat together: from now on it is known, not inferred.

    Raises
    ------
    Refused
        If none is named, or one that is not of the county.
    """
    wanted = sorted(set(codes))
    found = session.scalars(
        select(Municipality).where(Municipality.code.in_(wanted), Municipality.county_id == area.county_id)
    ).all()
    if not wanted or len(found) != len(wanted):
        raise Refused(
            Problem(
                place=say("The municipalities of {area}", area=area.name_fi),
                value=", ".join(wanted) or None,
                rule=say("A constituency has at least one municipality, all of this county."),
                remedy=say("Tick those which fill the seat together."),
            )
        )
    area.municipalities = sorted(found, key=lambda one: one.code)
    area.is_inferred = False
    session.flush()


def _write(session: Session, seat: Seat, details: SeatDetails) -> None:
    seat.name_fi, seat.name_sv = _one_line(details.name_fi), _one_line(details.name_sv)
    seat.name_en = _one_line(details.name_en) or seat.name_fi
    area = session.scalars(select(Constituency).where(Constituency.key == details.constituency)).first()
    if details.constituency is not None and area is None:
        raise Refused(no_such_choice(say("The constituency"), details.constituency))
    seat.constituency = area
    if area is not None:
        seat.basis = SeatBasis.CONSTITUENCY
    elif seat.basis is SeatBasis.CONSTITUENCY:
        seat.basis = None
    for mark in MARKS:
        setattr(seat, mark, mark in details.marks)


def _in_language(words: dict[str, str], text: str, language: Language) -> dict[str, str]:
    """Words with one language changed; where nothing is left, none."""
    kept = {**words, language.value: _one_line(text)}
    return {key: value for key, value in kept.items() if value}


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _named(place: Message, value: str) -> list[Problem]:
    if not _one_line(value):
        return [Problem(place=place, value=None, rule=say("It is needed."), remedy=say("Write it."))]
    return _short(place, value, longest=_LONGEST_NAME)


def _short(place: Message, value: str, *, longest: int) -> list[Problem]:
    found = len(_one_line(value))
    if found <= longest:
        return []
    return [
        Problem(
            place=place,
            value=value,
            rule=say("It has at most {n} letters; this has {found}.", n=longest, found=found),
            remedy=say("Shorten it."),
        )
    ]


def _counted(place: Message, value: int | None) -> list[Problem]:
    if value is None or value >= 1:
        return []
    return [
        Problem(
            place=place,
            value=str(value),
            rule=say("It is at least 1, or empty where it is not stated."),
            remedy=say("Change it, or leave it empty."),
        )
    ]
