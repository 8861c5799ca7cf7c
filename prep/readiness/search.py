"""Searching everything by a few letters: typing errors, missing accents and word endings are forgiven."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from unicodedata import combining, normalize

from rapidfuzz import fuzz
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from prep.language import in_language, say
from prep.models import Body, Chain, Municipality, Person, Role, Site
from prep.registry.names import name_of, name_of_site
from prep.terms import Language, SiteStatus

# Below this likeness (of 100) a word does not mean what was typed.
_LIKE = 76.0
# So much less counts what is only told of a thing, such as its municipality.
_BESIDE = 12.0
# A shorter word is too like everything: it has to be the beginning of a word.
_SHORTEST_FORGIVEN = 4
LONGEST = 100
MOST = 50


class Sought(StrEnum):
    """What kind of thing is found; in the order in which equal ones are told."""

    PERSON = "person"
    MUNICIPALITY = "municipality"
    SITE = "site"
    BODY = "body"
    ROLE = "role"
    CHAIN = "chain"


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing that was found. ``likeness`` runs to 100; ``about`` is the kind and key of its page."""

    kind: Sought
    name: str
    detail: str
    about: tuple[str, str]
    municipality: str | None
    likeness: float


def search(
    session: Session, words: str, *, language: Language, knows_numbers: Callable[[str | None], bool]
) -> list[Hit]:
    """Everything that is like what was typed, the likest first; every word must be found in it.

    Parameters
    ----------
    knows_numbers
        Whether the telephone numbers of a municipality (None: of the county) may be known to whoever asks: only
        those are looked at, by four or more digits in a row.

    Cost: one pass over all names, some 20 ms for 10 000 things.
    """
    typed = [_folded(word) for word in words[:LONGEST].split()]
    if not typed:
        return []
    hits = []
    for thing in (*_people(session, language, knows_numbers), *_everything_else(session, language)):
        likeness = _likeness(typed, thing)
        if likeness >= _LIKE - _BESIDE:
            hits.append(Hit(thing.kind, thing.name, thing.detail, thing.about, thing.municipality, likeness))
    order = list(Sought)
    return sorted(hits, key=lambda hit: (-round(hit.likeness), order.index(hit.kind), _folded(hit.name)))


@dataclass(frozen=True, slots=True)
class _Thing:
    """What can be found: by what it is called, by what else is told of it, by its numbers."""

    kind: Sought
    name: str
    detail: str
    about: tuple[str, str]
    municipality: str | None
    names: tuple[str, ...]
    others: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()


def _likeness(typed: list[str], thing: _Thing) -> float:
    """How like the least like of the typed words is to the likest word of a thing; 0 where one is not found."""
    names, others = _words(thing.names), _words(thing.others)
    found = []
    for one in typed:
        if one.isdigit():
            likeness = max(
                (_of_number(one, number) for number in (*names, *others, *thing.numbers)), default=0.0
            )
        else:
            own = max((_of_word(one, word) for word in names), default=0.0)
            other = max((_of_word(one, word) for word in others), default=0.0)
            # What a thing is called counts for more than where it is.
            likeness = max(own if own >= _LIKE else 0.0, other - _BESIDE if other >= _LIKE else 0.0)
        found.append(likeness)
    return min(found)


def _of_word(typed: str, word: str) -> float:
    if typed == word:
        return 100.0
    if word.startswith(typed):
        return 96.0
    if len(typed) < _SHORTEST_FORGIVEN:
        return 0.0
    if typed in word:
        return 90.0
    # What is longer than what was typed is a word ending: only its beginning is compared.
    return max(fuzz.ratio(typed, word), fuzz.ratio(typed, word[: len(typed) + 1]) - 4)


def _of_number(typed: str, number: str) -> float:
    """A wrong digit is another number: nothing is forgiven."""
    if typed == number:
        return 100.0
    return 90.0 if len(typed) >= _SHORTEST_FORGIVEN and typed in number else 0.0


def _words(texts: Iterable[str]) -> list[str]:
    return [word for text in texts for word in _folded(text).replace("-", " ").split()]


def _people(
    session: Session, language: Language, knows_numbers: Callable[[str | None], bool]
) -> Iterator[_Thing]:
    query = select(Person).where(Person.erased_at.is_(None)).options(selectinload(Person.contact_points))
    for person in session.scalars(query):
        where = name_of(person.municipality, language) if person.municipality else person.organisation
        numbers: list[str] = []
        if knows_numbers(person.municipality_code):
            values = [point.value.replace(" ", "").lstrip("+") for point in person.contact_points]
            # A number is typed with the zero of the country, or without.
            numbers = [*values, *(f"0{value[3:]}" for value in values if value.startswith("358"))]
        yield _Thing(
            Sought.PERSON,
            person.name,
            ", ".join(filter(None, (person.title, where))),
            ("person", str(person.id)),
            person.municipality_code,
            (person.name,),
            (person.title, person.organisation, where),
            tuple(numbers),
        )


def _gone(site: Site, language: Language) -> str:
    """What is said of premises that are found although nobody may rely on them any more."""
    if site.status is not SiteStatus.WITHDRAWN:
        return ""
    return in_language(say("withdrawn from the list"), language)


def _everything_else(session: Session, language: Language) -> Iterator[_Thing]:
    for place in session.scalars(select(Municipality)):
        name = name_of(place, language)
        names = (place.name_fi, place.name_sv, place.code)
        yield _Thing(Sought.MUNICIPALITY, name, place.code, ("municipality", place.code), place.code, names)
    for site in session.scalars(select(Site).options(selectinload(Site.municipality))):
        yield _Thing(
            Sought.SITE,
            name_of_site(site, language),
            ", ".join(
                filter(None, (site.address, name_of(site.municipality, language), _gone(site, language)))
            ),
            ("site", str(site.id)),
            site.municipality_code,
            (site.name, site.name_sv),
            (site.address, site.municipality.name_fi, site.municipality.name_sv),
        )
    for body in session.scalars(select(Body).options(selectinload(Body.seats))):
        about, code = ("body", body.key), body.municipality_code
        names = (body.name_fi, body.name_sv, body.name_en)
        yield _Thing(Sought.BODY, name_of(body, language), "", about, code, names)
        for seat in body.seats:
            own = (seat.name_fi, seat.name_sv, seat.name_en)
            yield _Thing(
                Sought.ROLE, name_of(seat, language), name_of(body, language), about, code, own, names
            )
    for role in session.scalars(select(Role).options(selectinload(Role.municipality))):
        place_of = role.municipality
        yield _Thing(
            Sought.ROLE,
            name_of(role, language),
            name_of(place_of, language) if place_of else "",
            ("municipality", place_of.code) if place_of else ("roles", role.key),
            role.municipality_code,
            (role.name_fi, role.name_sv, role.name_en),
            (place_of.name_fi, place_of.name_sv) if place_of else (),
        )
    for chain in session.scalars(select(Chain).options(selectinload(Chain.body))):
        yield _Thing(
            Sought.CHAIN,
            chain.name,
            name_of(chain.body, language),
            ("chain", chain.key),
            chain.body.municipality_code,
            (chain.name, chain.key),
            (chain.body.name_fi, chain.body.name_sv),
        )


def _folded(text: str) -> str:
    return "".join(sign for sign in normalize("NFD", text.casefold()) if not combining(sign))
