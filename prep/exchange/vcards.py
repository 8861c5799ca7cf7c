"""Contacts as vCards (version 4.0), as telephones and address books take them in.

Source: RFC 6350 (vCard 4.0): folding 3.2, escaping 3.4, the properties 6. What has no property of its own there, a call
sign of the authority radio and an alerting app, stands in a property that begins with ``X-`` (6.10).
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from uuid import NAMESPACE_URL, uuid5

from sqlalchemy.orm import Session

from prep.exchange.contact_plan import EVERYTHING, Rights
from prep.exchange.contact_posts import Posts, post_words
from prep.exchange.vocabulary import meanings, plain_word
from prep.models import ContactPoint, Person
from prep.terms import ActorKind, ContactKind, Language

MIME = "text/vcard; charset=utf-8"
# Octets of a line without its end.
_LONGEST_LINE = 75
_ESCAPES = str.maketrans({"\\": "\\\\", ",": "\\,", ";": "\\;", "\n": "\\n"})
_TEL_TYPES = {
    ContactKind.MOBILE: "voice,text,cell",
    ContactKind.LANDLINE: "voice",
    ContactKind.SATELLITE: "voice",
}
_OWN_PROPERTIES = {ContactKind.AUTHORITY_RADIO: "X-VIRVE", ContactKind.APP: "X-ALERT-APP"}


def vcards(
    session: Session,
    people: Sequence[Person],
    *,
    on: date,
    at: datetime,
    language: Language,
    rights: Rights = EVERYTHING,
) -> bytes:
    """A file with a card for each person, numbers in calling order, and the posts held on a day.

    ``at`` is noted as the moment of the cards' revision. The same person has the same identifier in every file, so that
    an address book renews its entry.
    """
    posts = Posts(session, rights)
    terms = posts.terms_by_person()
    county = posts.county
    lines: list[str] = []
    for person in people:
        current = [term for term in terms[person.id] if term.covers(on)]
        lines += [
            "BEGIN:VCARD",
            "VERSION:4.0",
            f"UID:urn:uuid:{uuid5(NAMESPACE_URL, f'prep/{county.key}/{person.id}')}",
            f"REV:{at.astimezone(UTC):%Y%m%dT%H%M%SZ}",
            *_who(person),
            *(f"ROLE:{_text(post_words(term, language))}" for term in current),
            *_points(person),
            *_languages(person),
            "END:VCARD",
        ]
    return "".join(_folded(line) for line in lines).encode()


def _who(person: Person) -> Iterator[str]:
    yield f"KIND:{'individual' if person.kind is ActorKind.PERSON else 'org'}"
    yield f"FN:{_text(person.name)}"
    if person.kind is ActorKind.PERSON:
        first, _, last = person.name.rpartition(" ")
        yield f"N:{_text(last)};{_text(first)};;;"
    if person.organisation:
        yield f"ORG:{_text(person.organisation)}"
    if person.title:
        yield f"TITLE:{_text(person.title)}"
    if person.municipality is not None:
        yield f"CATEGORIES:{_text(person.municipality.name_fi)}"


def _points(person: Person) -> Iterator[str]:
    for place, point in enumerate(person.contact_points, start=1):
        value = _text(point.value)
        match point.kind:
            case ContactKind.EMAIL:
                yield f"EMAIL;PREF={place}:{value}"
            case ContactKind.PAGER:
                yield f"TEL;PREF={place};TYPE=pager:{value}"
            case ContactKind.AUTHORITY_RADIO | ContactKind.APP:
                yield f"{_OWN_PROPERTIES[point.kind]}:{value}"
            case _:
                yield f'TEL;VALUE=uri;PREF={place};TYPE="{_tel_types(point)}":tel:{point.value}'


def _tel_types(point: ContactPoint) -> str:
    purpose = meanings("purpose").get(plain_word(point.purpose))
    return ",".join(one for one in (_TEL_TYPES[point.kind], purpose) if one)


def _languages(person: Person) -> Iterator[str]:
    spoken = [person.language.value, *person.speaks]
    for place, language in enumerate(spoken, start=1):
        yield f"LANG;PREF={place}:{language}"


def _text(value: str) -> str:
    return value.translate(_ESCAPES)


def _folded(line: str) -> str:
    """A line with its end, in pieces of at most 75 octets, none of which ends inside a letter."""
    pieces, piece, octets = [], "", 0
    for sign in line:
        size = len(sign.encode())
        # The space with which the next piece begins is an octet of it.
        if octets + size > _LONGEST_LINE:
            pieces.append(piece)
            piece, octets = " ", 1
        piece += sign
        octets += size
    return "\r\n".join([*pieces, piece]) + "\r\n"
