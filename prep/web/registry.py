"""How people, seats and numbers of the registry are put in words."""

from datetime import date

from flask import Flask

from prep.cards.numbers import as_dialled
from prep.evacuation.records import SiteView
from prep.freshness import Kept, known_for_days, state_of
from prep.language import Message, in_language, say
from prep.models import ChainItem, ChainList, ContactPoint, KeyHolder, MeetingRule, Person, Role, Seat
from prep.regions.agreement import Frequency
from prep.regions.kinds import label
from prep.registry.bodies import SeatStanding
from prep.registry.people import callable_points
from prep.terms import Channel, ContactKind, Language, State
from prep.web.language import page_language
from prep.web.sight import key_number_of, number_of
from prep.web.words import word
from prep.web.writing import named


def tell_with(app: Flask) -> None:
    """Teach the templates to tell of the registry."""
    app.jinja_env.globals["region_word"] = label
    app.jinja_env.filters.update(
        seat_words=seat_words,
        dialled=dialled,
        freshness=_state_on,
        known_days=_age_on,
        caller_name=caller_name,
        target_name=target_name,
        channel_words=channel_words,
        key_phones=key_phones,
        place_of=place_of,
        frequency=frequency,
    )


def seat_words(standing: SeatStanding) -> Message:
    """Whether a seat is filled, as a word."""
    match standing.state:
        case State.FAULT if standing.vacant_since:
            return say("vacant since {day}", day=standing.vacant_since)
        case State.FAULT:
            return say("vacant")
        case State.OK if standing.is_vacant:
            return say("empty, as it may be")
        case State.WARNING:
            return say("no deputy")
        case _:
            return say("filled")


def frequency(rule: MeetingRule) -> Message:
    """How often a body meets, in words."""
    often = Frequency(min=rule.min, max=rule.max, period=rule.period, per_area=rule.is_per_area).in_words()
    return say("{often}, in each area", often=often) if rule.is_per_area else often


def dialled(point: ContactPoint) -> str:
    """A number in groups that can be read out, as on the cards; masked for those who may not see it."""
    return _written(point.kind, point.value, number_of(point))


def key_phones(holder: KeyHolder) -> list[str]:
    """The numbers of one who opens premises, in groups: those of the person, or the one typed for the premises."""
    if holder.person is not None:
        return [dialled(point) for point in callable_points(holder.person)]
    return [_written(ContactKind.MOBILE, holder.phone, key_number_of(holder))] if holder.phone else []


def place_of(view: SiteView) -> str:
    """The municipality on whose list premises stand."""
    in_swedish = page_language() is Language.SV
    return view.municipality_sv if in_swedish else view.municipality_fi


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


def _written(kind: ContactKind, value: str, seen: str) -> str:
    # What is masked has its groups already; grouped again it would look like another number.
    return seen if seen != value else in_language(as_dialled(kind, value), page_language())


def _state_on(row: Kept, on: date) -> State:
    return state_of(row, on=on)


def _age_on(row: Kept, on: date) -> int | None:
    return known_for_days(row, on=on)
