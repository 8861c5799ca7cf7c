"""What somebody types about premises, read as the cells of a list are; only that here nothing may stay in doubt."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from prep.errors import Problem, Refused, no_such_choice
from prep.exchange import cells
from prep.exchange.cells import Reading
from prep.exchange.coordinates import read_coordinate_pair
from prep.exchange.findings import Severity
from prep.exchange.site_rows import read_field
from prep.exchange.vocabulary import fields
from prep.exchange.words import field_word
from prep.language import say
from prep.models import Site
from prep.registry.site_keeping import SiteFacts
from prep.terms import Classification, SiteStatus, SiteUse

TEXTS = ("name", "name_sv", "address", "owner", "note")
FIGURES = (
    *("net_area_m2", "toilets", "accessible_toilets", "showers", "beds", "meals_per_hour"),
    *("floor_level", "exits", "backup_power_h", "fire_max_persons", "hours_to_open", "hours_to_full"),
)
YES_OR_NO = ("is_accessible", "has_kitchen", "heats_without_grid", "allows_pets")
DAYS = ("fire_confirmed_on", "rescue_plan_on")
# Without these premises cannot be found, or nobody knows what they are for.
NEEDED = ("name", "address", "uses")
# Every field of the form: the columns, the coordinates as one text, the uses as words, the places of each.
FORM = (
    *(*TEXTS, *FIGURES, *YES_OR_NO, *DAYS, "status", "classification", "coordinates", "uses"),
    *(f"use.{use}" for use in SiteUse),
)


def read_site_form(typed: Mapping[str, str], *, on: date) -> SiteFacts:
    """What was typed, as values; an empty field means that it is not known.

    Raises
    ------
    Refused
        With everything that is missing or cannot be read, each at its field.
    """
    problems: list[Problem] = [_missing(key) for key in NEEDED if not typed.get(key, "").strip()]

    def cell(key: str) -> str | None:
        return typed.get(key, "").strip() or None

    def value(key: str, reading: Reading | None) -> Any:
        if reading is None:
            raise ValueError(f"{key} is no plain field")
        problems.extend(_problems(key, cell(key), reading))
        return reading.value

    columns: dict[str, Any] = {}
    for key in (*TEXTS, *FIGURES, *YES_OR_NO, *DAYS):
        columns[key] = value(key, read_field(fields()[key], cell(key), on=on))
    for key in TEXTS:
        columns[key] = columns[key] or ""
    columns["lat"], columns["lon"] = value("coordinates", read_coordinate_pair(cell("coordinates"))) or (
        None,
        None,
    )
    for key, kind in (("status", SiteStatus), ("classification", Classification)):
        columns[key] = next((one for one in kind if one == typed.get(key)), None)
        if columns[key] is None:
            problems.append(no_such_choice(field_word(key), typed.get(key, "")))
    chosen = typed.get("uses", "").split()
    uses = {
        use: value(f"use.{use}", cells.read_count(cell(f"use.{use}"), fields()[f"use.{use}"]))
        for use in SiteUse
        if use in chosen
    }
    if problems:
        raise Refused(problems)
    return SiteFacts(columns, uses)


def typed_of(site: Site) -> dict[str, str]:
    """Premises of the registry as they stand in the form."""
    typed = {key: getattr(site, key) for key in TEXTS}
    typed |= {key: _figure(getattr(site, key)) for key in FIGURES}
    words = {True: "1", False: "0", None: ""}
    typed |= {key: words[getattr(site, key)] for key in YES_OR_NO}
    typed |= {key: day.isoformat() if (day := getattr(site, key)) else "" for key in DAYS}
    typed["status"], typed["classification"] = site.status.value, site.classification.value
    typed["coordinates"] = "" if site.lat is None else f"{_figure(site.lat)} {_figure(site.lon)}"
    stated = {row.use: row.stated_capacity for row in site.uses}
    typed["uses"] = " ".join(sorted(stated))
    return typed | {f"use.{use}": _figure(stated.get(use)) for use in SiteUse}


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
