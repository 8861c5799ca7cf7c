"""Norm sets: what a person needs in each phase of an evacuation, as data with a source for every figure."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from prep.errors import NotFound, Problem, Refused
from prep.language import in_language, say
from prep.terms import Language

DEFAULT_NORMS = "finland"
# The figure that the county may set itself, see prep.freshness.
CONFIRMED_EVERY = "rules.confirm_every_days"
_BUNDLED = Path(__file__).with_name("norms.toml")
# Without these no capacity can be calculated and no rule checked.
_NEEDED_PER_PHASE = ("area.m2_per_person", "toilets.persons_per_toilet")
_NEEDED = (
    "exits.single_exit_persons",
    "beds.persons_per_bed",
    "meals.serving_h",
    "meals.per_person_day",
    "water.l_per_person_day",
    "staff.persons_per_staff",
    "staff.shifts",
    "area.accessible_m2_per_person",
    "stay.max_days",
    "rules.backup_power_h",
    "rules.hours_to_open",
    "rules.hours_to_full",
    "rules.fire_inspection_years",
    "rules.rescue_plan_years",
    "rules.key_holders",
    "rules.accessible_toilets",
    "rules.accessible_toilets_percent",
    "rules.highest_floor",
    "rules.smoke_detector_m2",
    CONFIRMED_EVERY,
    "rules.amber_factor",
)
_OPTIONAL = ("toilets.spare",)


class Phase(StrEnum):
    """How long people stay: some hours, up to 72 hours with nights, or longer."""

    HOURS = "hours"
    SHORT = "short"
    LONG = "long"


class LimitKind(StrEnum):
    """What can limit the number of persons in premises."""

    AREA = "area"
    TOILETS = "toilets"
    FIRE = "fire"
    EXITS = "exits"
    BEDS = "beds"
    MEALS = "meals"
    WATER = "water"
    STAFF = "staff"
    STATED = "stated"
    UNITS = "units"  # of the premises, together


# Those that a norm set can name; the others are in force wherever there is something to be limited.
SETTABLE_LIMITS = (
    *(LimitKind.AREA, LimitKind.TOILETS, LimitKind.FIRE, LimitKind.EXITS, LimitKind.BEDS),
    *(LimitKind.WATER, LimitKind.STAFF),
)


class NormStatus(StrEnum):
    """How sure a figure is."""

    PUBLISHED = "published"
    UNCHECKED = "unchecked"
    PROPOSAL = "proposal"
    COUNTY = "county"  # set by the county itself


@dataclass(frozen=True, slots=True)
class NormRow:
    """One figure of a norm set; ``phase`` is None where the figure holds in all phases."""

    key: str
    phase: Phase | None
    value: float
    unit: str
    status: NormStatus
    source: Mapping[Language, str]


@dataclass(frozen=True, slots=True)
class Norms:
    """A norm set."""

    key: str
    names: Mapping[Language, str]
    limits: Mapping[Phase, tuple[LimitKind, ...]]
    rows: Mapping[tuple[str, Phase | None], NormRow]
    # Of the county's own: the set that it is based on, and how often it has been changed.
    based_on: str | None = None
    version: int | None = None

    def row(self, key: str, phase: Phase | None = None) -> NormRow:
        """The row for a phase, else the one for all phases; KeyError when there is neither."""
        found = self.rows.get((key, phase)) or self.rows.get((key, None))
        if found is None:
            raise KeyError(key)
        return found

    def value(self, key: str, phase: Phase | None = None) -> float:
        return self.row(key, phase).value

    def value_or(self, default: float, key: str, phase: Phase | None = None) -> float:
        """The figure, or the default where the set has none."""
        return self.value(key, phase) if {(key, phase), (key, None)} & self.rows.keys() else default

    def set_by_county(self, key: str, value: float) -> "Norms":
        """The same set with one figure, of all phases, as the county has set it."""
        source = {language: in_language(say("Set by the county"), language) for language in Language}
        row = replace(self.row(key), value=float(value), status=NormStatus.COUNTY, source=source)
        return replace(self, rows={**self.rows, (key, None): row})


@cache
def norm_sets() -> Mapping[str, Norms]:
    """The norm sets that come with prep, the default first."""
    return read_norm_sets(_BUNDLED)


def norm_set(key: str = DEFAULT_NORMS) -> Norms:
    """One of the norm sets that come with prep.

    >>> norm_set().value("area.m2_per_person", Phase.SHORT)
    3.5

    Raises
    ------
    NotFound
        If there is none of this name.
    """
    sets = norm_sets()
    if key not in sets:
        raise NotFound(
            Problem(
                place=say("Norm set"),
                value=key,
                rule=say("There is no norm set of this name."),
                remedy=say("Use one of {known}.", known=list(sets)),
            )
        )
    return sets[key]


def read_norm_sets(path: Path) -> Mapping[str, Norms]:
    """Norm sets from a file in the form of ``norms.toml``; a set may build on one that stands before it.

    Raises
    ------
    Refused
        With every figure that is missing, negative or of an unknown kind.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Refused(
            _problem(path.name, str(error), say("A file of norms is TOML: names, equals signs and values."))
        ) from error
    sets: dict[str, Norms] = {}
    problems: list[Problem] = []
    for one in content.get("set", []):
        place = f"{path.name}, {one.get('key', '?')}"
        try:
            made = _norms(one, sets)
        except (KeyError, ValueError, TypeError, AttributeError) as error:
            problems.append(_problem(place, str(error), say("A norm set names only kinds that prep knows.")))
            continue
        problems += _faults(place, made)
        sets[made.key] = made
    if not problems and not sets:
        problems.append(_problem(path.name, None, say("The file has at least one norm set.")))
    if problems:
        raise Refused(problems)
    return sets


def _norms(one: Mapping[str, Any], earlier: Mapping[str, Norms]) -> Norms:
    base = earlier[one["based_on"]] if "based_on" in one else None
    limits = dict(base.limits) if base else {}
    for phase, kinds in one.get("limits", {}).items():
        limits[Phase(phase)] = tuple(_settable(kind) for kind in kinds)
    rows = dict(base.rows) if base else {}
    for row in one.get("row", []):
        phase_or_all = Phase(row["phase"]) if "phase" in row else None
        if row["key"] not in (*_NEEDED_PER_PHASE, *_NEEDED, *_OPTIONAL):
            raise ValueError(row["key"])
        rows[row["key"], phase_or_all] = NormRow(
            key=row["key"],
            phase=phase_or_all,
            value=float(row["value"]),
            unit=row["unit"],
            status=NormStatus(row["status"]),
            source=_in_all_languages(row, "source"),
        )
    return Norms(key=one["key"], names=_in_all_languages(one, "name"), limits=limits, rows=rows)


def _settable(kind: str) -> LimitKind:
    if LimitKind(kind) not in SETTABLE_LIMITS:
        raise ValueError(kind)
    return LimitKind(kind)


def _in_all_languages(one: Mapping[str, Any], what: str) -> Mapping[Language, str]:
    return {language: str(one[f"{what}_{language}"]) for language in Language}


def _faults(place: str, norms: Norms) -> Iterable[Problem]:
    for phase in Phase:
        if phase not in norms.limits:
            yield _problem(place, f"limits.{phase}", say("Every phase has its limits."))
        for key in _NEEDED_PER_PHASE:
            if not {(key, phase), (key, None)} & norms.rows.keys():
                yield _problem(place, f"{key}, {phase}", say("This figure is missing."))
    for key in _NEEDED:
        if (key, None) not in norms.rows:
            yield _problem(place, key, say("This figure is missing."))
    for row in norms.rows.values():
        if not 0 < row.value < 100_000:
            yield _problem(place, f"{row.key} = {row.value:g}", say("A figure is greater than zero."))
        if not all(text.strip() for text in row.source.values()):
            yield _problem(place, row.key, say("Every figure names its source."))


def _problem(place: str, value: str | None, rule: Any) -> Problem:
    return Problem(place=place, value=value, rule=rule, remedy=say("Mend the file of norms."))
