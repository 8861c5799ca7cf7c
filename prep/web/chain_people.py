"""Whom a list or a line of a chain can name, as a form offers them, and how they are called on pages."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy.orm import Session

from prep.auth.roles import Permission
from prep.chains.references import References, everybody
from prep.language import Message, say, sort_key
from prep.models import Body, Person, Role, Seat
from prep.terms import ActorKind
from prep.web.language import page_language
from prep.web.sight import may
from prep.web.writing import named

# A group of choices: its heading, and values with their words.
Groups = list[tuple[Message, list[tuple[str, str]]]]


@dataclass(frozen=True, slots=True)
class Offered:
    """Everybody whom whoever asks may see, in groups, and all who are known."""

    known: References
    groups: Groups
    references: frozenset[str]


def offered(session: Session, body: Body | None) -> Offered:
    """Whom a chain to this body may name: desks first, then the body's own seats, then all others."""
    known = everybody(session)
    seen = {reference: row for reference, row in known.rows.items() if _is_seen(row)}
    own = [
        (reference, named(row))
        for reference, row in seen.items()
        if isinstance(row, Seat) and body is not None and row.body_id == body.id
    ]
    groups: Groups = [
        (say("Desks and alerting systems"), _sorted(_desks(seen))),
        (say("Seats of the body"), own),
        (say("Posts"), _sorted(_posts(seen))),
        (
            say("Seats of other bodies"),
            _sorted(
                (reference, f"{named(row.body)}: {named(row)}")
                for reference, row in seen.items()
                if isinstance(row, Seat) and (body is None or row.body_id != body.id)
            ),
        ),
        (
            say("Persons by name: the chain does not notice when they leave their post"),
            _sorted(_persons(seen)),
        ),
    ]
    return Offered(known, [group for group in groups if group[1]], frozenset(seen))


def called(known: References, reference: str, body: str) -> str:
    """How somebody whom a chain names is called on a page."""
    return known.name(reference, page_language(), apart_from=body)


def _is_seen(row: Person | Role | Seat) -> bool:
    if isinstance(row, Seat):
        return may(Permission.BODY_READ, row.body.municipality_code)
    return may(Permission.CONTACT_READ, row.municipality_code)


def _desks(seen: dict[str, Person | Role | Seat]) -> Iterator[tuple[str, str]]:
    for reference, row in seen.items():
        if isinstance(row, Person) and row.kind is not ActorKind.PERSON:
            yield reference, row.name


def _posts(seen: dict[str, Person | Role | Seat]) -> Iterator[tuple[str, str]]:
    for reference, row in seen.items():
        if isinstance(row, Role):
            place = named(row.municipality) if row.municipality else ""
            yield reference, f"{place}: {named(row)}" if place else named(row)


def _persons(seen: dict[str, Person | Role | Seat]) -> Iterator[tuple[str, str]]:
    for reference, row in seen.items():
        if isinstance(row, Person) and row.kind is ActorKind.PERSON and row.left_on is None:
            place = named(row.municipality) if row.municipality else row.organisation
            yield reference, ", ".join(filter(None, (row.name, row.title, place)))


def _sorted(pairs: Iterator[tuple[str, str]]) -> list[tuple[str, str]]:
    return sorted(pairs, key=lambda pair: sort_key(pair[1]))
