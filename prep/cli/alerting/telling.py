"""``prep alert story``: one simulated alarm, told line by line, or as a trace."""

from pathlib import Path

import click

from prep.cli.alerting.asking import asked, network_options, scenario_of, scenario_options, warm_up
from prep.cli.output import as_json, show_json, show_table
from prep.cli.rights import right
from prep.language import say


@right("chain.simulate")
@click.command()
@network_options
@scenario_options
@click.option("--seed", type=click.IntRange(0, 2**63 - 1), default=1, show_default=True)
@click.option("--run", "number", type=click.IntRange(0, 10_000_000), help="This run of the seed.")
@click.option("--worst", is_flag=True, help="The worst plausible run instead of the one in the middle.")
@as_json
def story(
    *,
    path: Path | None,
    group: str | None,
    scenario_name: str,
    at: str | None,
    down: tuple[str, ...],
    fails: tuple[str, ...],
    seed: int,
    number: int | None,
    worst: bool,
    json_wanted: bool,
) -> None:
    """The run in the middle, the worst plausible one, or any single run again; --json writes the trace."""
    from prep.alerting.story import median_run, tell, worst_run
    from prep.alerting.subnetwork import subnetwork

    if worst and number is not None:
        raise click.UsageError("--worst looks for a run, --run names one: give one of them.")
    whole = asked(path, group)
    network = subnetwork(whole.network, whole.groups[:1])
    scenario = scenario_of(scenario_name, at=at, down=down, fails=fails, network=network, own=whole.own)
    if number is None:
        warm_up()
        choose = worst_run if worst else median_run
        number = choose(network, scenario, whole.groups[0], seed=seed)
    told = tell(network, scenario, seed=seed, run=number)
    if json_wanted:
        show_json(told.trace)
        return
    show_table(
        [say("Time"), say("What happens")],
        [[line.clock, line.sentence] for line in told.lines],
        title=say(
            "{group}: {scenario}, run {run} of seed {seed}",
            group=network.groups[0].name,
            scenario=scenario.name,
            run=str(number),
            seed=str(seed),
        ),
    )
