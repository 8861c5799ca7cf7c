"""What somebody types about premises, read as the cells of a list are; only that here nothing may stay in doubt."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from prep.errors import Problem, Refused, no_such_choice
from prep.exchange import cells
from prep.exchange.cells import Reading
from prep.exchange.coordinates import read_coordinate_pair
from prep.exchange.findings import Severity
from prep.exchange.site_evidence import evidence_of
from prep.exchange.site_rows import read_field
from prep.exchange.vocabulary import fields
from prep.exchange.words import field_word
from prep.language import say
from prep.models import Site, SiteUnit
from prep.models.sites import UNIT_COLUMNS
from prep.registry.site_keeping import SiteFacts
from prep.registry.site_units import UnitFacts, uses_of
from prep.terms import Classification, SiteFeature, SiteStatus, SiteUse

TEXTS = (*("name", "name_sv", "address", "owner", "condition", "fire_confirmed_by", "surveyed_by", "note"),)
FIGURES = (
    *("net_area_m2", "toilets", "accessible_toilets", "showers", "beds", "meals_per_hour"),
    *("serving_hours", "water_l_per_day", "smoke_detectors", "parking_spaces", "staff_persons"),
    *("floor_level", "exits", "backup_power_h", "fire_max_persons", "hours_to_open", "hours_to_full"),
)
YES_OR_NO = (
    *("is_accessible", "has_kitchen", "heats_without_grid", "allows_pets"),
    *("has_pet_area", "has_well", "has_quiet_room", "has_bus_access"),
)
DAYS = ("fire_confirmed_on", "rescue_plan_on", "agreement_on", "surveyed_on")
EVIDENCE = {f"evidence.{feature}": feature for feature in SiteFeature}
# Without these premises cannot be found, or nobody knows what they are for.
NEEDED = ("name", "address", "uses")
# Every field of the form: the columns, the coordinates as one text, the uses as words, the places of each.
FORM = (
    *(*TEXTS, *FIGURES, *YES_OR_NO, *DAYS, "status", "classification", "coordinates", "uses"),
    *(f"use.{use}" for use in SiteUse),
    *EVIDENCE,
)
# The same for a unit of premises.
UNIT_FORM = ("name", "note", *UNIT_COLUMNS, "uses", *(f"use.{use}" for use in SiteUse))


def read_site_form(typed: Mapping[str, str], *, on: date) -> SiteFacts:
    """What was typed, as values; an empty field means that it is not known.

    Raises
    ------
    Refused
        With everything that is missing or cannot be read, each at its field.
    """
    form = _Typed(typed, on)
    form.require(*NEEDED)
    columns = {key: form.value(key) for key in (*TEXTS, *FIGURES, *YES_OR_NO, *DAYS)}
    columns |= {key: columns[key] or "" for key in TEXTS}
    pair = form.taken("coordinates", read_coordinate_pair(form.cell("coordinates")))
    columns["lat"], columns["lon"] = pair or (None, None)
    for key, kind in (("status", SiteStatus), ("classification", Classification)):
        columns[key] = next((one for one in kind if one == typed.get(key)), None)
        if columns[key] is None:
            form.problems.append(no_such_choice(field_word(key), typed.get(key, "")))
    if columns["status"] is SiteStatus.CONDITIONAL and not columns["condition"]:
        form.problems.append(
            Problem(
                place=field_word("condition"),
                value=None,
                rule=say("Premises that can be had on a condition say on which."),
                remedy=say("Write it in words, such as “from 16 on school days”."),
            )
        )
    uses = form.uses()
    evidence = {feature: form.value(key) for key, feature in EVIDENCE.items()}
    form.refuse_problems()
    return SiteFacts(
        columns,
        uses,
        {feature: (one.known_on, one.source) for feature, one in evidence.items() if one is not None},
    )


def read_unit_form(typed: Mapping[str, str], *, on: date) -> UnitFacts:
    """What was typed of a unit of premises, as values; an empty field means that it is not known.

    Raises
    ------
    Refused
        With everything that is missing or cannot be read, each at its field.
    """
    form = _Typed(typed, on)
    form.require("name")
    columns = {key: form.value(key) for key in ("name", "note", *UNIT_COLUMNS)}
    columns |= {key: columns[key] or "" for key in ("name", "note")}
    uses = form.uses()
    form.refuse_problems()
    return UnitFacts(columns, uses)


class _Typed:
    """A form that is being read, and what is wrong with it."""

    def __init__(self, typed: Mapping[str, str], on: date):
        self.typed, self.on = typed, on
        self.problems: list[Problem] = []

    def cell(self, key: str) -> str | None:
        return self.typed.get(key, "").strip() or None

    def require(self, *keys: str) -> None:
        self.problems += [_missing(key) for key in keys if self.cell(key) is None]

    def value(self, key: str) -> Any:
        return self.taken(key, read_field(fields()[key], self.cell(key), on=self.on))

    def taken(self, key: str, reading: Reading | None) -> Any:
        if reading is None:
            raise ValueError(f"{key} is no plain field")
        self.problems += _problems(key, self.cell(key), reading)
        return reading.value

    def uses(self) -> dict[SiteUse, int | None]:
        chosen = self.typed.get("uses", "").split()
        return {
            use: self.taken(f"use.{use}", cells.read_count(self.cell(f"use.{use}"), fields()[f"use.{use}"]))
            for use in SiteUse
            if use in chosen
        }

    def refuse_problems(self) -> None:
        if self.problems:
            raise Refused(self.problems)


def typed_of(site: Site) -> dict[str, str]:
    """Premises of the registry as they stand in the form."""
    typed = {key: _typed(getattr(site, key)) for key in (*TEXTS, *FIGURES, *YES_OR_NO, *DAYS)}
    typed["status"], typed["classification"] = site.status.value, site.classification.value
    typed["coordinates"] = "" if site.lat is None else f"{_figure(site.lat)} {_figure(site.lon)}"
    evidence = evidence_of(site)
    typed |= {key: str(evidence.get(feature, "")) for key, feature in EVIDENCE.items()}
    return typed | _typed_uses(site)


def typed_of_unit(unit: SiteUnit) -> dict[str, str]:
    """A unit of the registry as it stands in the form."""
    return {key: _typed(getattr(unit, key)) for key in ("name", "note", *UNIT_COLUMNS)} | _typed_uses(unit)


def _typed_uses(thing: Site | SiteUnit) -> dict[str, str]:
    stated = uses_of(thing)
    return {"uses": " ".join(sorted(stated))} | {f"use.{use}": _figure(stated.get(use)) for use in SiteUse}


def _typed(value: Any) -> str:
    match value:
        case str():
            return value
        case bool():
            return "1" if value else "0"
        case date():
            return value.isoformat()
        case _:
            return _figure(value)


def _problems(key: str, typed: str | None, reading: Reading) -> Iterator[Problem]:
    for remark in reading.remarks:
        if remark.severity is not Severity.NOTE:
            yield Problem(place=field_word(key), value=typed, rule=remark.rule, remedy=remark.remedy)


def _missing(key: str) -> Problem:
    remedy = say("Tick at least one.") if key == "uses" else say("Write it.")
    return Problem(place=field_word(key), value=None, rule=say("It is needed."), remedy=remedy)


def _figure(number: float | None) -> str:
    """A number as it is typed; with three decimals it could be read in two ways, so that it gets a fourth."""
    if number is None:
        return ""
    text = f"{number:.6f}".rstrip("0").rstrip(".").replace(".", ",")
    return f"{text}0" if len(text.partition(",")[2]) == 3 else text
