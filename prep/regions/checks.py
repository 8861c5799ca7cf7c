"""What must agree between the entries of a region pack: keys, references, days, places, shares."""

from collections.abc import Callable, Iterator
from typing import Any

from prep.errors import Problem
from prep.language import Message, say
from prep.regions.kinds import OwnerKind
from prep.toml_files import Location, TomlFile

# Paths of the fields that must be different in every entry; those of one tuple share their names.
_UNIQUE = (
    ("municipalities[].code",),
    ("constituencies[].key",),
    ("agreements[].key", "documents[].key"),
    ("agreements[].annexes[].key",),
    ("clauses[].key",),
    ("bodies[].key",),
    ("bodies[].seats[].key",),
    ("roles[].key",),
    ("nominations[].key",),
    ("duties[].key",),
    ("indicators[].key",),
    ("measures[].key",),
    ("cost_rules[].key",),
    ("situation_centres[].key",),
    ("contradictions[].key",),
)

_CLAUSES = ("clauses[].key",)
_MUNICIPALITIES = ("municipalities[].code",)
_BODIES = ("bodies[].key",)
# Where a key or code is used, and where it must be defined.
_REFERENCES = {
    "constituencies[].municipalities[]": _MUNICIPALITIES,
    "nominations[].municipalities[]": _MUNICIPALITIES,
    "nominations[].role": ("roles[].key",),
    "bodies[].parent": _BODIES,
    "bodies[].seats[].constituency": ("constituencies[].key",),
    "bodies[].seats[].nomination": ("nominations[].key",),
    "clauses[].document": ("agreements[].key", "documents[].key"),
    "clauses[].annex": ("agreements[].annexes[].key",),
    "constituencies[].clause": _CLAUSES,
    "bodies[].clause": _CLAUSES,
    "bodies[].seats[].clause": _CLAUSES,
    "roles[].clause": _CLAUSES,
    "nominations[].clause": _CLAUSES,
    "duties[].clause": _CLAUSES,
    "indicators[].clause": _CLAUSES,
    "measures[].clause": _CLAUSES,
    "cost_rules[].clause": _CLAUSES,
    "situation_centres[].clause": _CLAUSES,
    "legal_references[].citations[].clause": _CLAUSES,
    "contradictions[].values[].clause": _CLAUSES,
    "contradictions[].values[].document": ("agreements[].key", "documents[].key"),
    "duties[].owners[]": _BODIES,
    "measures[].owners[]": _BODIES,
}
_OWNERS = frozenset(str(kind) for kind in OwnerKind)


def check(pack: TomlFile) -> list[Problem]:
    """Every disagreement between entries.

    Works on the tables as they were read, so that a pack with a fault in its form has its disagreements
    reported in the same round; what has no form that can be compared is passed over here.
    """
    checks: tuple[Callable[[TomlFile], Iterator[Problem]], ...] = (
        _repeated,
        _undefined,
        _reserved_body_keys,
        _in_two_constituencies,
        _one_place_for_two,
        _repeated_days,
        _repeated_acts,
        _missing_populations,
        _serving_elsewhere_only,
    )
    return [problem for one in checks for problem in one(pack)]


def _repeated(pack: TomlFile) -> Iterator[Problem]:
    for paths in _UNIQUE:
        seen = set()
        for path in paths:
            for location, value in _found(pack.tables, path):
                if value in seen:
                    yield _repeats(pack, location, value)
                seen.add(value)


def _undefined(pack: TomlFile) -> Iterator[Problem]:
    for path, targets in _REFERENCES.items():
        defined = {value for target in targets for _, value in _found(pack.tables, target)}
        if path.endswith("owners[]"):
            defined |= _OWNERS
        for location, value in _found(pack.tables, path):
            if value not in defined:
                rule, remedy = _nothing_of_this_name(targets, sorted(defined))
                yield pack.problem(location, value, rule, remedy)


def _nothing_of_this_name(targets: tuple[str, ...], defined: list[str]) -> tuple[Message, Message]:
    tables = [target.split("[")[0] for target in targets]
    rule = say("Nothing of this name is defined in the pack, under {tables}.", tables=tables)
    if not defined:
        return rule, say("Define it in the pack, or remove this line.")
    return rule, say("Use one of these, or define it in the pack: {allowed}.", allowed=defined)


def _reserved_body_keys(pack: TomlFile) -> Iterator[Problem]:
    for location, value in _found(pack.tables, "bodies[].key"):
        if value in _OWNERS:
            yield pack.problem(
                location,
                value,
                say("The word has a meaning of its own as an owner of duties."),
                say("Give the body another key."),
            )


def _in_two_constituencies(pack: TomlFile) -> Iterator[Problem]:
    taken: dict[tuple[object, str], object] = {}
    for location, code in _found(pack.tables, "constituencies[].municipalities[]"):
        constituency = pack.tables["constituencies"][location[1]]
        other = taken.setdefault((constituency.get("use"), code), constituency.get("key"))
        if other != constituency.get("key"):
            yield pack.problem(
                location,
                code,
                say("The municipality is already in the constituency “{other}”.", other=str(other)),
                say("Remove it from one of the two."),
            )


def _one_place_for_two(pack: TomlFile) -> Iterator[Problem]:
    seen: dict[tuple[float, float], str] = {}
    for location, centre in _found(pack.tables, "municipalities[].centre", dict):
        place = centre.get("lat"), centre.get("lon")
        if not all(isinstance(degrees, int | float) for degrees in place):
            continue
        own = str(pack.tables["municipalities"][location[1]].get("code"))
        other = seen.setdefault(place, own)
        if other != own:
            yield pack.problem(
                location,
                f"{place[0]}, {place[1]}",
                say("The centre is at the same place as that of the municipality {other}.", other=other),
                say("Correct one of the two, or remove the centre that is not known."),
            )


def _repeated_days(pack: TomlFile) -> Iterator[Problem]:
    seen = set()
    for location, day in _found(pack.tables, "municipalities[].populations[].day", object):
        if (location[1], day) in seen:
            yield _repeats(pack, location, day)
        seen.add((location[1], day))


def _repeated_acts(pack: TomlFile) -> Iterator[Problem]:
    seen = set()
    for location, act in _found(pack.tables, "legal_references[]", dict):
        number = act.get("number"), act.get("year")
        if number in seen:
            yield _repeats(pack, location, f"{number[0]}/{number[1]}")
        seen.add(number)


def _missing_populations(pack: TomlFile) -> Iterator[Problem]:
    """A cost divided by the populations of a day needs that day's figure of every municipality."""
    for location, day in _found(pack.tables, "cost_rules[].population_day", object):
        lacking = [
            str(municipality.get("code"))
            for _, municipality in _found(pack.tables, "municipalities[]", dict)
            if day not in _days(municipality)
        ]
        if lacking:
            yield pack.problem(
                location,
                day,
                say("These municipalities have no population of that day: {codes}.", codes=lacking),
                say("Add the figures, or choose a day for which there are all of them."),
            )


def _days(municipality: dict[str, Any]) -> set[object]:
    return {day for _, day in _found(municipality, "populations[].day", object)}


def _serving_elsewhere_only(pack: TomlFile) -> Iterator[Problem]:
    own = pack.tables.get("key")
    for location, serves in _found(pack.tables, "situation_centres[].serves", list):
        if own not in serves:
            yield pack.problem(
                location,
                serves,
                say("A situation centre of the pack serves the pack's own region."),
                say("Add “{key}” to the list, or remove the situation centre.", key=str(own)),
            )


def _repeats(pack: TomlFile, location: Location, value: object) -> Problem:
    return pack.problem(
        location,
        value,
        say("The same stands in the pack already; each may stand there once."),
        say("Correct this one, or remove the repetition."),
    )


def _found(
    tables: Any, path: str, kind: type = str, location: Location = ()
) -> Iterator[tuple[Location, Any]]:
    """Every value of a kind at a path such as ``bodies[].seats[].key``, with its location."""
    first, _, rest = path.partition(".")
    name = first.removesuffix("[]")
    if not isinstance(tables, dict) or name not in tables:
        return
    here, location = tables[name], (*location, name)
    is_list = first.endswith("[]")
    if is_list and not isinstance(here, list):
        return
    steps = [((*location, index), one) for index, one in enumerate(here)] if is_list else [(location, here)]
    for place, value in steps:
        if rest:
            yield from _found(value, rest, kind, place)
        elif isinstance(value, kind):
            yield place, value
