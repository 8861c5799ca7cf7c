"""``prep alert sweep``: many scenarios, or every hour of a year, on many cores or machines."""

from pathlib import Path

import click

from prep.cli.alerting.asking import (
    asked,
    chance_options,
    network_options,
    share_in_short,
    show_caution,
    warm_up,
)
from prep.cli.output import as_json, settings, show_json, show_table
from prep.cli.progress import progress
from prep.cli.rights import right
from prep.language import say


@right("chain.simulate")
@click.command()
@network_options
@click.option(
    "--scenario", "-s", "names", multiple=True, help="May come several times; left out: all presets."
)
@click.option("--year", type=click.IntRange(2000, 2100), help="Every hour of this year.")
@click.option("--outage", metavar="NAME", help="With --year: what is out of order, such as mobile_down.")
@chance_options
@click.option("--processes", type=click.IntRange(1, 256), help="The figures are the same for any number.")
@click.option("--scheduler", metavar="ADDRESS", help="A dask scheduler; needs prep[cluster].")
@as_json
def sweep(
    *,
    path: Path | None,
    group: str | None,
    names: tuple[str, ...],
    year: int | None,
    outage: str | None,
    runs: int,
    seed: int,
    threads: int | None,
    processes: int | None,
    scheduler: str | None,
    json_wanted: bool,
) -> None:
    """All groups under all the scenarios: one job, the same figures wherever it runs."""
    from prep.alerting.hours import alarm_at, hours_of_year
    from prep.alerting.scenarios import PRESETS, parse
    from prep.alerting.sweep import sweep as run

    if outage is not None and year is None:
        raise click.UsageError("--outage belongs to the hours of a year: give --year, or --scenario alone.")
    if names and year is not None:
        raise click.UsageError("--scenario names the hour itself: with --year give --outage.")
    whole = asked(path, group)
    scenarios = [parse(name, whole.own) for name in names or PRESETS]
    if year is not None:
        outages = parse(outage, whole.own) if outage else None
        scenarios = [alarm_at(at, outages) for at in hours_of_year(year)]
    warm_up()
    with progress(say("Simulating")) as done:
        rows = run(
            whole.network,
            scenarios,
            groups=whole.groups,
            runs=runs,
            seed=seed,
            threads=threads,
            processes=processes,
            scheduler=scheduler,
            cache=settings().instance / "compiled",
            told=done,
        )
    if json_wanted:
        show_json(
            [
                {
                    "scenario": row.scenario,
                    "group": row.group,
                    "reached": row.quorum.count,
                    "runs": row.quorum.runs,
                }
                for row in rows
            ]
        )
        return
    groups = {one.key: one.name for one in whole.network.groups}
    worst = sorted(rows, key=lambda row: (row.quorum.p, row.scenario, row.group))
    show_table(
        [say("Group"), say("Scenario"), say("Quorum in time")],
        [
            [groups[row.group], row.scenario, share_in_short(row.quorum)]
            for row in (worst[:50] if year else rows)
        ],
    )
    show_caution()
