"""People who may stand in the registry twice: candidates with the reasons, for a person to decide."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from rapidfuzz import fuzz, process
from sqlalchemy import select
from sqlalchemy.orm import Session

from prep import clock
from prep.language import Message, say, sort_key
from prep.models import Person, PossibleDouble
from prep.registry.contact_values import TELEPHONES
from prep.registry.people import people
from prep.terms import ContactKind

# 88 of 100: "Aino Esimerkki" and "Aino Esimerki", not "Aino Esimerkki" and "Aino Mallikas".
ALIKE = 88
# A number that more people have is a switchboard, an address that more have is the registry office's.
MOST_WHO_SHARE = 3


@dataclass(frozen=True, slots=True)
class Candidates:
    """Two people who may be one, in the order of their numbers in the registry, and why."""

    one: Person
    other: Person
    reasons: tuple[Message, ...]


def possible_doubles(session: Session, *, among: Sequence[Person] | None = None) -> list[Candidates]:
    """Pairs with the same number or e-mail, or with similar names in the same municipality, the strongest first.

    Pairs that were looked at and found not to be the same are left out. ``among``: only these people.

    Cost: for each municipality the square of its people, some 0.1 s for a thousand.
    """
    known = people(session) if among is None else list(among)
    decided = {(one.person_id, one.other_id) for one in session.scalars(select(PossibleDouble))}
    reasons: dict[tuple[int, int], list[Message]] = defaultdict(list)
    by_id = {person.id: person for person in known}
    for one, other, reason in (*_sharing(known), *_alike(known)):
        reasons[pair_of(one, other)].append(reason)
    found = [
        Candidates(by_id[first], by_id[second], tuple(why))
        for (first, second), why in reasons.items()
        if (first, second) not in decided and by_id[first].kind is by_id[second].kind
    ]
    return sorted(found, key=lambda pair: (-len(pair.reasons), sort_key(pair.one.name), pair.one.id))


def are_two(session: Session, one: Person, other: Person) -> None:
    """Remember that two people were looked at and are not the same; once is enough."""
    first, second = pair_of(one, other)
    if session.get(PossibleDouble, (first, second)) is None:
        session.add(PossibleDouble(person_id=first, other_id=second, decided_at=clock.now()))
        session.flush()


def pair_of(one: Person, other: Person) -> tuple[int, int]:
    """The numbers of two people, the smaller one first.

    Raises
    ------
    ValueError
        If they are one and the same.
    """
    if one.id == other.id:
        raise ValueError("one person is no pair")
    return min(one.id, other.id), max(one.id, other.id)


def _sharing(known: Iterable[Person]) -> Iterator[tuple[Person, Person, Message]]:
    holders: dict[tuple[bool, str], dict[int, Person]] = defaultdict(dict)
    for person in known:
        for point in person.contact_points:
            if point.kind in TELEPHONES or point.kind is ContactKind.EMAIL:
                holders[point.kind is ContactKind.EMAIL, point.value][person.id] = person
    for (is_address, _), who in holders.items():
        if len(who) > MOST_WHO_SHARE:
            continue
        reason = say("the same e-mail") if is_address else say("the same number")
        for one, other in combinations(who.values(), 2):
            yield one, other, reason


def _alike(known: Iterable[Person]) -> Iterator[tuple[Person, Person, Message]]:
    groups: dict[str | None, list[Person]] = defaultdict(list)
    for person in known:
        groups[person.municipality_code].append(person)
    for members in groups.values():
        # Lists write the surname first or last: the order of the names does not count.
        names = [" ".join(sorted(sort_key(person.name)[0].split())) for person in members]
        scores = process.cdist(names, names, scorer=fuzz.ratio, score_cutoff=ALIKE, dtype=np.uint8)
        for first, second in np.argwhere(np.triu(scores, k=1)):
            is_same = names[first] == names[second]
            yield (
                members[first],
                members[second],
                say("the same name in the same municipality") if is_same else say("almost the same name"),
            )
