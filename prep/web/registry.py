"""How people, seats and numbers of the registry are put in words."""

from datetime import date

from flask import Flask

from prep.language import Message, in_language, say
from prep.models import ChainItem, ChainList, ContactPoint, Person, Role, Seat
from prep.registry.bodies import SeatStanding
from prep.registry.contacts import contact_state
from prep.terms import Channel, State
from prep.web.language import page_language
from prep.web.words import word
from prep.web.writing import named


def tell_with(app: Flask) -> None:
    """Teach the templates to tell of the registry."""
    app.jinja_env.filters.update(
        seat_words=seat_words,
        telephone=telephone,
        contact_state=_state_on,
        caller_name=caller_name,
        target_name=target_name,
        channel_words=channel_words,
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


def caller_name(call_list: ChainList) -> str:
    """Who goes through a list: a desk by its name, a role or seat by its own."""
    return _name(call_list.caller_person, call_list.caller_role or call_list.caller_seat)


def target_name(item: ChainItem) -> str:
    """Whom a line of a list is to reach."""
    return _name(item.target_person, item.target_role or item.target_seat)


def channel_words(channels: list[str]) -> str:
    """The channels of a line, in the order in which they are tried."""
    return ", ".join(in_language(word(Channel(one)), page_language()) for one in channels)


def _name(person: Person | None, held: Role | Seat | None) -> str:
    return person.name if person else named(held)


def _state_on(point: ContactPoint, on: date) -> State:
    return contact_state(point, on=on)
