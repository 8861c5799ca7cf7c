"""``prep alert hours``: how surely each group is reached at every hour, and the worst one."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from prep import clock
from prep.cli.alerting.asking import (
    asked,
    chance_options,
    network_options,
    share_as_json,
    share_in_short,
    show_caution,
    warm_up,
)
from prep.cli.output import as_json, show_json, show_table
from prep.cli.rights import right
from prep.language import say

if TYPE_CHECKING:
    from prep.alerting.hours import HeatMap

_VIEWS = ("ordinary", "july", "christmas", "holidays")


@right("chain.simulate")
@click.command()
@network_options
@click.option("--week", metavar="DAY", help="The week of this day, such as 2026-10-25.")
@click.option("--view", type=click.Choice(_VIEWS), multiple=True, help="Left out: all of them.")
@click.option("--year", type=click.IntRange(2000, 2100), help="Left out: this year.")
@click.option("--outage", metavar="NAME", help="What is out of order, such as mobile_down.")
@chance_options
@as_json
def hours(
    *,
    path: Path | None,
    group: str | None,
    week: str | None,
    view: tuple[str, ...],
    year: int | None,
    outage: str | None,
    runs: int,
    seed: int,
    threads: int | None,
    json_wanted: bool,
) -> None:
    """The 168 hours of an ordinary week, of July and of Christmas, and the public holidays; the worst named."""
    from prep.alerting.hours import Week, feast_moments, heat_maps, hours_of_week, weeks_of
    from prep.alerting.scenarios import parse

    whole = asked(path, group)
    chosen_year = year or clock.today().year
    moments = {}
    if week is not None:
        moments["week"] = hours_of_week(_day(week))
    for name in view or (_VIEWS if week is None else ()):
        moments[name] = (
            feast_moments(chosen_year)
            if name == "holidays"
            else hours_of_week(weeks_of(chosen_year)[Week(name)])
        )
    warm_up()
    outages = parse(outage, whole.own) if outage else None
    maps = {
        name: heat_maps(
            whole.network,
            when,
            outages=outages,
            runs=runs,
            seed=seed,
            threads=threads,
            groups=whole.groups,
        )
        for name, when in moments.items()
    }
    if json_wanted:
        show_json({name: [_as_json(one) for one in found] for name, found in maps.items()})
        return
    names = {one.key: one.name for one in whole.network.groups}
    titles = {
        "week": say("The week asked for"),
        "ordinary": say("An ordinary week"),
        "july": say("The middle of July"),
        "christmas": say("Christmas week"),
        "holidays": say("Public holidays, at 4 and at 12"),
    }
    show_table(
        [say("Hours"), say("Group"), say("Worst hour"), say("Quorum in time"), say("Best hour"), ""],
        [
            [
                titles[name],
                names[one.group],
                one.worst.at,
                share_in_short(one.worst.quorum),
                one.best.at,
                share_in_short(one.best.quorum),
            ]
            for name, found in maps.items()
            for one in found
        ],
    )
    show_caution()


def _day(written: str) -> date:
    from prep.errors import Problem, Refused

    try:
        return date.fromisoformat(written)
    except ValueError as error:
        raise Refused(
            Problem(
                place=say("Week"),
                value=written,
                rule=say("A week is named by one of its days."),
                remedy=say("Write it as {example}.", example="2026-10-25"),
            )
        ) from error


def _as_json(one: "HeatMap") -> dict[str, Any]:
    return {
        "group": one.group,
        "worst": one.worst.local.isoformat(),
        "hours": [
            {"at": cell.local.isoformat(), "class": cell.hour, "quorum": share_as_json(cell.quorum)}
            for cell in one.cells
        ],
    }
