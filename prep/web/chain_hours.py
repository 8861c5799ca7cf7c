"""How surely a body is reached at every hour of a week: as a heat map, as a table, and the worst hour named."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import groupby

from flask import Blueprint, render_template
from markupsafe import Markup

from prep import clock
from prep.alerting.defaults import caution
from prep.alerting.hours import Cell, HeatMap, Week, feast_moments, hours_of_week, weeks_of
from prep.alerting.labels import HOURS
from prep.alerting.result import Share
from prep.language import Message, in_language, percent, say
from prep.terms import HourClass, Language
from prep.web.chain_asking import (
    asked_chain,
    chain_of,
    chain_parts,
    outage_asked,
    outage_choices,
    scenario_kept,
)
from prep.web.chain_reading import SEED
from prep.web.choices import choices, one_of
from prep.web.database import reading
from prep.web.language import page_language
from prep.web.permissions import permission
from prep.web.remembered import heat_maps
from prep.web.svg import heat

pages = Blueprint("chain_hours", __name__)

_BROAD, _SLIM = 960.0, 340.0


class View(StrEnum):
    """Which hours are looked at."""

    ORDINARY = "ordinary"
    PRESENT = "present"
    HOLIDAYS = "holidays"
    JULY = "july"
    CHRISTMAS = "christmas"


_NAMES: dict[View, Message] = {
    View.ORDINARY: say("An ordinary week"),
    View.PRESENT: say("This week"),
    View.HOLIDAYS: say("Public holidays, at 4 and at 12"),
    View.JULY: say("The middle of July"),
    View.CHRISTMAS: say("Christmas week"),
}


@dataclass(frozen=True, slots=True)
class Stretch:
    """Hours of one day, one after another, with the same answer."""

    day: str
    hours: str
    hour: Message
    quorum: Share
    is_worst: bool


@pages.get("/halytysketjut/<key>/tunnit")
@permission("chain.read")
def show(key: str) -> str:
    """One chain at every hour of the week that is asked for."""
    view, language, today = one_of(View, "viikko") or View.ORDINARY, page_language(), clock.today()
    with reading() as session:
        asked = asked_chain(chain_of(session, key), on=today, language=language)
        found = (
            None
            if asked.is_faulty
            else heat_maps(
                asked.network,
                tuple(moments_of(view, today)),
                outages=outage_asked(),
                seed=SEED,
                groups=(asked.group,),
            )[0]
        )
        return render_template(
            "chain_hours.html",
            chain=asked.chain,
            found=found,
            view=_NAMES[view],
            as_bad=sum(cell.quorum == found.worst.quorum for cell in found.cells) if found else 0,
            pictures=_pictures(found, language) if found else (),
            stretches=_stretches(found, language) if found else (),
            legend=_legend(language),
            seed=SEED,
            caution=caution(),
            views=choices("viikko", [(one.value, words) for one, words in _NAMES.items()], chosen=view.value),
            outages=outage_choices(),
            kept=scenario_kept(),
            parts=chain_parts(asked.chain),
        )


def moments_of(view: View, today: date) -> tuple[datetime, ...]:
    """The hours of a view; July and Christmas are those of this year."""
    match view:
        case View.PRESENT:
            return hours_of_week(today)
        case View.HOLIDAYS:
            return feast_moments(today.year)
        case _:
            return hours_of_week(weeks_of(today.year)[Week(view.value)])


def _pictures(found: HeatMap, language: Language) -> tuple[Markup, Markup]:
    """The map with a row for each day, and for a narrow screen the way that has fewer columns."""
    days, hours = [day for day, _ in found.days()], sorted({cell.local.hour for cell in found.cells})
    cells = [
        heat.Cell(
            row=days.index(cell.local.date()),
            column=hours.index(cell.local.hour),
            failing=1 - cell.quorum.p,
            figure=_figure(cell.quorum, language),
            is_marked=cell is found.worst,
        )
        for cell in found.cells
    ]
    title = in_language(
        say("How surely the body is reached if the alarm comes at each hour, in per cent"), language
    )
    long, short = [_day(day, language, "ccc d.M.") for day in days], [f"{hour:02d}" for hour in hours]
    broad = heat.heat_map(
        cells, rows=long, columns=short, title=title, width=_BROAD, label_width=84, class_="broad"
    )
    if len(hours) <= len(days):
        return broad, heat.heat_map(
            cells, rows=long, columns=short, title=title, width=_SLIM, label_width=84, class_="slim"
        )
    turned = [heat.Cell(cell.column, cell.row, cell.failing, cell.figure, cell.is_marked) for cell in cells]
    return broad, heat.heat_map(
        turned,
        rows=short,
        columns=[_day(day, language, "ccc") for day in days],
        title=title,
        width=_SLIM,
        label_width=32,
        class_="slim",
    )


def _stretches(found: HeatMap, language: Language) -> tuple[Stretch, ...]:
    """The map as lines of a table: neighbouring hours with the same answer together, and days that are alike."""
    days = [(day, _joined(cells)) for day, cells in found.days()]
    rows = []
    for _, some in groupby(days, lambda one: [_likeness(cells) for cells in one[1]]):
        alike = list(some)
        first, last = alike[0][0], alike[-1][0]
        name = _day(last, language, "cccc d.M.y")
        if first != last:
            name = f"{_day(first, language, 'cccc d.M.')} – {name}"
        for at, cells in enumerate(alike[0][1]):
            together = [cell for _, stretches in alike for cell in stretches[at]]
            rows.append(
                Stretch(
                    day=name,
                    hours=_span(cells),
                    hour=HOURS[cells[0].hour],
                    quorum=cells[0].quorum,
                    is_worst=found.worst in together,
                )
            )
    return tuple(rows)


def _joined(cells: Sequence[Cell]) -> list[list[Cell]]:
    """The hours of a day in stretches with the same answer, with no hour missing inside."""
    found: list[list[Cell]] = []
    for cell in cells:
        before = found[-1][-1] if found else None
        if (
            before is not None
            and (before.hour, before.quorum) == (cell.hour, cell.quorum)
            and cell.at - before.at <= timedelta(hours=1)
        ):
            found[-1].append(cell)
        else:
            found.append([cell])
    return found


def _likeness(cells: Sequence[Cell]) -> tuple[str, HourClass, Share]:
    return _span(cells), cells[0].hour, cells[0].quorum


def _span(cells: Sequence[Cell]) -> str:
    """From the first hour of the day to the end of the last."""
    first, last = cells[0].local.hour, cells[-1].local.hour
    return f"{first:02d}–{last + 1:02d}"


def _figure(share: Share, language: Language) -> str:
    """The share without its sign; what never or always happened in the runs is never bare 0 or 100."""
    if share.count in {0, share.runs}:
        return "<1" if share.count == 0 else ">99"
    return percent(share.p, language).removesuffix("\xa0%").replace("\xa0", "")


def _legend(language: Language) -> list[tuple[int, Message]]:
    """The steps of the tone and what each means."""
    ends = [percent(limit, language) for limit in heat.STEPS]
    return [
        (0, say("fails in at most {end}", end=ends[0])),
        *((step, say("up to {end}", end=ends[step])) for step in range(1, len(ends))),
        (len(ends), say("in more than {end}", end=ends[-1])),
    ]


def _day(day: date, language: Language, pattern: str) -> str:
    from babel.dates import format_date

    locale = {"fi": "fi_FI", "sv": "sv_FI", "en": "en_GB"}[language.value]
    return format_date(day, pattern, locale=locale)
