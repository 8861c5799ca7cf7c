"""Who of the registry a row of a list is about: by number or e-mail, else by name and municipality; never by guess.

People share switchboards, families share home numbers, and a successor takes the telephone over. So a number speaks
for somebody only together with the name, and where the two point to different people the row does not land.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from prep.exchange.contact_rows import ContactRow, name_key
from prep.exchange.findings import Remark, Severity
from prep.language import Message, say
from prep.models import Person
from prep.registry.contact_values import TELEPHONES
from prep.terms import ContactKind

# Kinds that one person carries; a fixed number can be that of a house full of people.
_PERSONAL = frozenset({ContactKind.MOBILE, ContactKind.EMAIL, ContactKind.SATELLITE})
_TELLING = TELEPHONES | {ContactKind.EMAIL}
# "Esimerkki" and "Esimerki" are 94 alike; with a number of one's own that is a slip of the pen.
_ALMOST = 88


@dataclass(frozen=True, slots=True)
class Found:
    """Who it is (None: somebody new), and what is to be said; with a remark that refuses the row does not land."""

    person: Person | None
    remarks: tuple[Remark, ...] = ()

    @property
    def is_refused(self) -> bool:
        return any(remark.severity is Severity.REFUSED for remark in self.remarks)


class Register:
    """The people whom whoever imports may see, by everything that a row can know them by."""

    def __init__(self, people: Sequence[Person]):
        self.by_id = {one.id: one for one in people}
        self.by_name: Mapping[tuple[str | None, tuple[str, ...]], list[Person]] = defaultdict(list)
        self.by_value: Mapping[str, list[Person]] = defaultdict(list)
        for one in people:
            self.by_name[one.municipality_code, name_key(one.name)].append(one)
            for value in {point.value for point in one.contact_points if point.kind in _TELLING}:
                self.by_value[value].append(one)

    def find(self, row: ContactRow, *, shared: frozenset[str] = frozenset()) -> Found:
        """Who a row is about. ``shared``: values by which the list knows several people."""
        if row.number is None:
            return self._by_values_or_name(row, shared)
        person = self.by_id.get(row.number)
        if person is None:
            found = self._by_values_or_name(row, shared)
            return Found(found.person, (_NO_SUCH_NUMBER, *found.remarks))
        if _is_same_name(person.name, row.name) or _values(row) & _values_of(person):
            return Found(person)
        return _refused(
            say("Under this number prep knows “{name}”.", name=person.name),
            say("Empty the cell of the number, if the row is about somebody else."),
        )

    def _by_values_or_name(self, row: ContactRow, shared: frozenset[str]) -> Found:
        namesakes = self.by_name.get(row.key, [])
        holders = self._holders(row)
        alike = [one for one in holders if _is_same_name(one.name, row.name)]
        if not alike:
            alike = [one for one in self._holders(row, _PERSONAL) if _is_almost(one.name, row.name)]
        if len(alike) == 1 and (not namesakes or alike[0] in namesakes):
            return Found(alike[0], _remarks_of_name(alike[0], row))
        both = [one for one in alike if one in namesakes]
        if len(both) == 1:
            return Found(both[0])
        if len(alike) + len(namesakes) > 1:
            return _refused(
                say(
                    "It can be several people of the registry: {names}.",
                    names=[_told(one) for one in _once([*alike, *namesakes])],
                ),
                say("Write the number or e-mail that only one of them has, or merge them first."),
            )
        others = [one for one in holders if one not in alike and one not in namesakes]
        return self._among(row, namesakes, others, shared)

    def _among(
        self, row: ContactRow, namesakes: Sequence[Person], others: Sequence[Person], shared: frozenset[str]
    ) -> Found:
        """Known by the name alone, or nobody who is known; ``others`` have the same number and another name."""
        told = [one for one in others if self._is_own(row, one, shared)]
        if namesakes:
            return Found(namesakes[0], tuple(_also(one) for one in told))
        personal = [one for one in told if self._is_own(row, one, shared, _PERSONAL)]
        if personal:
            return _refused(
                say("The number or e-mail is that of “{name}” in the registry.", name=personal[0].name),
                say(
                    "If it is the same person, correct the name in the list or on the page; "
                    "if the number has passed on, remove it there first."
                ),
            )
        return Found(None, tuple(_also(one) for one in told))

    def _holders(self, row: ContactRow, kinds: frozenset[ContactKind] = _TELLING) -> list[Person]:
        """Those of the registry who have a number or address of the row, of these kinds."""
        return _once(
            one
            for value in sorted(_values(row))
            for one in self.by_value.get(value, [])
            if _kind_of(one, value) in kinds
        )

    def _is_own(
        self,
        row: ContactRow,
        person: Person,
        shared: frozenset[str],
        kinds: frozenset[ContactKind] = _TELLING,
    ) -> bool:
        """Whether a value of the row is this person's alone, as far as registry and list know."""
        return any(
            len(self.by_value[value]) == 1 and value not in shared and _kind_of(person, value) in kinds
            for value in _values(row) & _values_of(person)
        )


def shared_values(rows: Iterable[ContactRow]) -> frozenset[str]:
    """The numbers and addresses by which a list knows people of several names."""
    names = defaultdict(set)
    for row in rows:
        for value in _values(row):
            names[value].add(name_key(row.name))
    return frozenset(value for value, found in names.items() if len(found) > 1)


_NO_SUCH_NUMBER = Remark(
    Severity.NOTE,
    say("Nobody has this number in prep any more: the row was looked for by its numbers and name."),
    say("Check who was found."),
)


def _values(row: ContactRow) -> set[str]:
    return {point.value for point in row.points if point.kind in _TELLING}


def _values_of(person: Person) -> set[str]:
    return {point.value for point in person.contact_points if point.kind in _TELLING}


def _kind_of(person: Person, value: str) -> ContactKind | None:
    return next((point.kind for point in person.contact_points if point.value == value), None)


def _is_same_name(one: str, other: str) -> bool:
    """The same names in any order, or one of them with further first names."""
    first, second = set(name_key(one)), set(name_key(other))
    return first == second or (len(first & second) > 1 and (first < second or second < first))


def _is_almost(one: str, other: str) -> bool:
    return fuzz.ratio(" ".join(name_key(one)), " ".join(name_key(other))) >= _ALMOST


def _remarks_of_name(person: Person, row: ContactRow) -> tuple[Remark, ...]:
    if _is_same_name(person.name, row.name):
        return ()
    return (
        Remark(
            Severity.WARNING,
            say("By the number it is “{name}”, whose name is almost the same.", name=person.name),
            say("Check which spelling is right; the one of the list is taken."),
        ),
    )


def _also(person: Person) -> Remark:
    return Remark(
        Severity.WARNING,
        say("The number or e-mail is also that of “{name}” in the registry.", name=person.name),
        say("If it has passed on, remove it there."),
    )


def _told(person: Person) -> Message | str:
    if person.municipality is None:
        return person.name
    return say("{name} ({place})", name=person.name, place=person.municipality.name_fi)


def _once(people: Iterable[Person]) -> list[Person]:
    return list({one.id: one for one in people}.values())


def _refused(rule: Message, remedy: Message) -> Found:
    return Found(None, (Remark(Severity.REFUSED, rule, remedy),))
