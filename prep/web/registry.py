"""How people, seats and numbers of the registry are put in words."""

from datetime import date

from flask import Flask

from prep.language import Message, say
from prep.models import ContactPoint
from prep.registry.bodies import SeatStanding
from prep.registry.contacts import contact_state
from prep.terms import State


def tell_with(app: Flask) -> None:
    """Teach the templates to tell of the registry."""
    app.jinja_env.filters.update(
        seat_words=seat_words, telephone=telephone, contact_state=_state_on
    )


def seat_words(standing: SeatStanding) -> Message:
    """Whether a seat is filled, as a word."""
    match standing.state:
        case State.FAULT if standing.vacant_since:
            return say("vacant since {day}", day=standing.vacant_since)
        case State.FAULT:
            return say("vacant")
        case State.WARNING:
            return say("no deputy")
        case _:
            return say("filled")


def telephone(value: str) -> str:
    r"""A number in groups that can be read out; what is no number in E.164 form stays as it is.

    >>> telephone("+358000000101").replace("\xa0", " "), telephone("VIRVE 000 02")
    ('+358 00 000 0101', 'VIRVE 000 02')
    """
    if not (value.startswith("+358") and value[1:].isdigit()):
        return value
    # A space that does not break, so that a number never continues on the next line.
    return "\xa0".join(part for part in ("+358", value[4:6], value[6:9], value[9:]) if part)


def _state_on(point: ContactPoint, on: date) -> State:
    return contact_state(point, on=on)
