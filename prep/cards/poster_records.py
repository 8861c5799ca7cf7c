"""The poster of an alert chain from the database: who is in each post on the day, and by which numbers."""

from collections.abc import Callable
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import object_session

from prep.cards.chain_records import Drawn, caller_key, links_of, parts_of
from prep.cards.imprint import DataAge
from prep.cards.numbers import as_dialled
from prep.cards.poster_content import Poster, PosterBox, PosterPerson
from prep.freshness import known_on, state_of
from prep.language import in_language, say
from prep.models import Body, Chain, ContactPoint, Installation, Person
from prep.registry.names import name_of
from prep.registry.people import callable_points
from prep.terms import ActorKind, Classification, Language, ListMode, State

# As many as are tried when somebody is called by hand; the contact card has them all.
_NUMBERS_SHOWN = 2


def poster_of(
    chain: Chain,
    *,
    language: Language,
    classification: Classification,
    on: date,
    at: datetime,
    number_of: Callable[[ContactPoint], str] = lambda point: point.value,
) -> Poster:
    """The poster of a chain as it stands on a day.

    Parameters
    ----------
    number_of
        A number as those for whom it is printed may see it.
    """
    drawn = parts_of(chain, on=on)
    people = {person.id: person for one in drawn for person in _people(one)}
    body = chain.body
    seats = len(body.seats)
    session = object_session(chain)
    installation = session.scalars(select(Installation)).first() if session else None
    return Poster(
        title=name_of(body, language),
        below=say(
            "{quorum} of {seats} seats reached within {n} minutes of the alarm",
            quorum=body.quorum or seats,
            seats=seats,
            n=chain.deadline_min,
        ),
        version=chain.version,
        boxes=tuple(_box(one, chain, on=on, language=language, number_of=number_of) for one in drawn),
        links=tuple(links_of(chain)),
        language=language,
        classification=classification,
        printed_at=at,
        data_age=DataAge.of(point.confirmed_on for person in people.values() for point in _numbers(person)),
        is_demo=bool(installation and installation.is_demo),
    )


def _box(
    drawn: Drawn,
    chain: Chain,
    *,
    on: date,
    language: Language,
    number_of: Callable[[ContactPoint], str],
) -> PosterBox:
    if isinstance(drawn.names, Body):
        seats = len(drawn.names.seats)
        needed = say("{quorum} of {seats} seats", quorum=drawn.names.quorum or seats, seats=seats)
        return PosterBox(
            drawn.key, drawn.part, name_of(drawn.names, language), note=in_language(needed, language)
        )
    name = drawn.names.name if isinstance(drawn.names, Person) else name_of(drawn.names, language)
    people = [
        PosterPerson(
            person.name,
            _written(person, language, number_of),
            remark=_remark(person, on=on, language=language),
            is_deputy=person is not drawn.holder,
        )
        for person in _people(drawn)
    ]
    if people and drawn.holder is None:
        vacant = in_language(say("vacant:"), language)
        people.insert(0, PosterPerson(f"{vacant} {'_' * 14}", ()))
    return PosterBox(drawn.key, drawn.part, name, tuple(people), note=_way(drawn, chain, language))


def _way(drawn: Drawn, chain: Chain, language: Language) -> str:
    """How a caller alerts: one after another, or all at once."""
    modes = {one.mode for one in chain.lists if caller_key(one) == drawn.key and len(one.items) > 1}
    if not modes:
        return ""
    way = say("calls one after another") if ListMode.SERIAL in modes else say("alerts all at once")
    return in_language(way, language)


def _people(drawn: Drawn) -> list[Person]:
    return [person for person in (drawn.holder, *drawn.deputies) if person is not None]


def _written(person: Person, language: Language, number_of: Callable[[ContactPoint], str]) -> tuple[str, ...]:
    numbers = tuple(
        in_language(as_dialled(point.kind, number_of(point)), language) for point in _numbers(person)
    )
    # A system is called by none.
    return numbers or ((in_language(say("automatic"), language),) if person.kind is ActorKind.SYSTEM else ())


def _remark(person: Person, *, on: date, language: Language) -> str:
    """What keeps one from trusting the numbers: the worst of them decides."""
    states = {point: state_of(point, on=on) for point in _numbers(person)}
    doubtful = [point for point, state in states.items() if state is not State.OK]
    if not doubtful:
        return ""
    days = [known_on(point) for point in doubtful]
    known = [day for day in days if day is not None]
    if len(known) < len(days):
        return in_language(say("number not confirmed"), language)
    return in_language(say("number last confirmed {on}", on=min(known)), language)


def _numbers(person: Person) -> list[ContactPoint]:
    return callable_points(person)[:_NUMBERS_SHOWN]
