"""Contacts out: one row per person and post, which the import reads back without a difference."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date

from sqlalchemy.orm import Session

from prep.exchange.contact_plan import EVERYTHING, Rights
from prep.exchange.contact_points import exported_absence
from prep.exchange.contact_posts import Posts
from prep.exchange.exporting import Sheet, Value
from prep.exchange.vocabulary import ListKind, heading_of, plain_word, words
from prep.language import OWN_NAMES, in_language, say
from prep.models import ContactPoint, Person, Seat
from prep.registry.appointments import Term, post_of
from prep.registry.names import name_of
from prep.terms import ContactKind, Language

# The column of each kind of number or address, in the order in which they stand.
_COLUMNS = {
    ContactKind.MOBILE: "mobile",
    ContactKind.LANDLINE: "landline",
    ContactKind.EMAIL: "email",
    ContactKind.AUTHORITY_RADIO: "radio",
    ContactKind.SATELLITE: "satellite",
    ContactKind.PAGER: "pager",
    ContactKind.APP: "app",
}
# Columns that are there even when nobody has such a number: whoever fills the list in needs them.
_ALWAYS = (ContactKind.MOBILE, ContactKind.EMAIL)
_BEFORE = ("number", "name", "title", "organisation", "municipality")
_POST = ("role", "body", "seat", "rank", "starts", "ends", "decided_by", "decided_on", "decision_section")
_AFTER = (*_POST, "language", "speaks", "absent_from", "absent_until")


def contact_sheet(
    session: Session,
    people: Sequence[Person],
    *,
    on: date,
    language: Language,
    shown: Callable[[ContactPoint], str] = lambda point: point.value,
    rights: Rights = EVERYTHING,
) -> Sheet:
    """A table of people with the posts that they hold on a day or later.

    Parameters
    ----------
    shown
        A number or address as whoever gets the file may see it.
    rights
        Posts of which whoever gets the file may not know are left out.
    """
    posts = Posts(session, rights)
    terms = posts.terms_by_person()
    points = _point_columns(people)
    keys = [*_BEFORE, *(key for key, _, _ in points), *_AFTER]
    rows = []
    for person in people:
        cells = _of_person(person, posts, points, on=on, language=language, shown=shown)
        current = [term for term in terms[person.id] if term.ends is None or term.ends >= on]
        # Whoever has no post has one row as well.
        for post in [_of_term(term, person, posts, language=language) for term in current] or [{}]:
            rows.append([{**cells, **post}.get(key) for key in keys])
    title = in_language(say("Contacts"), language)
    return Sheet(title, [heading_of(key, ListKind.CONTACTS, language) for key in keys], rows)


def _point_columns(people: Iterable[Person]) -> list[tuple[str, ContactKind, int]]:
    """The columns that are needed: the key, the kind, and the how manieth of the kind."""
    most = dict.fromkeys(_COLUMNS, 0) | dict.fromkeys(_ALWAYS, 1)
    for person in people:
        for kind in {point.kind for point in person.contact_points}:
            most[kind] = max(most[kind], sum(point.kind is kind for point in person.contact_points))
    return [
        (key if number == 0 else f"{key}.{number + 1}", kind, number)
        for kind, key in _COLUMNS.items()
        for number in range(most[kind])
    ]


def _of_person(
    person: Person,
    posts: Posts,
    columns: Sequence[tuple[str, ContactKind, int]],
    *,
    on: date,
    language: Language,
    shown: Callable[[ContactPoint], str],
) -> dict[str, Value]:
    away = exported_absence(person, on=on)
    cells: dict[str, Value] = {
        "number": person.id,
        "name": person.name,
        "title": _known(person.title),
        "organisation": _known(person.organisation),
        "municipality": name_of(person.municipality or posts.county, language),
        "language": OWN_NAMES[person.language],
        "speaks": ", ".join(OWN_NAMES[Language(one)] for one in person.speaks) or None,
        "absent_from": away.starts if away else None,
        "absent_until": (away.ends or say("until further notice")) if away else None,
    }
    for key, kind, number in columns:
        of_kind = [point for point in person.contact_points if point.kind is kind]
        if number < len(of_kind):
            cells[key] = shown(of_kind[number])
    return cells


def _of_term(term: Term, person: Person, posts: Posts, *, language: Language) -> dict[str, Value]:
    post, place = post_of(term), person.municipality_code
    cells: dict[str, Value] = {
        "rank": say("deputy {n}", n=term.rank) if term.rank else say("holder"),
        "starts": term.starts,
        "ends": term.ends,
        "decided_by": _known(term.decided_by),
        "decided_on": term.decided_on,
        "decision_section": _known(term.decision_section),
    }
    if isinstance(post, Seat):
        body, seat = posts.seat_texts(post, municipality=place, language=language)
        return {**cells, "body": body, "seat": seat}
    return {**cells, "role": posts.role_text(post, municipality=place, language=language)}


def _known(text: str) -> str | None:
    """A text that the import would read as “not known” is left out: then what is known stays."""
    return None if not text or plain_word(text) in words("unknown") else text
