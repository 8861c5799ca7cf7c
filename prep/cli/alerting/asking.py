"""What the questions to alert chains share: where the network comes from, the scenario, words for shares and times."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import reduce
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar

import click

from prep import clock
from prep.cli.output import language, open_database, remark, settings, text
from prep.errors import Problem, Refused
from prep.language import Message, percent, say

if TYPE_CHECKING:
    from prep.alerting.chain import Network
    from prep.alerting.result import Percentile, Share
    from prep.alerting.scenarios import Scenario
    from prep.alerting.windows import Window

_Command = TypeVar("_Command", bound=Callable[..., Any])


def _both(*options: Callable[[_Command], _Command]) -> Callable[[_Command], _Command]:
    def add(command: _Command) -> _Command:
        for option in reversed(options):
            command = option(command)
        return command

    return add


# Where the network comes from.
network_options = _both(
    click.option(
        "--file",
        "-f",
        "path",
        type=click.Path(path_type=Path, dir_okay=False),
        help="A network file instead of the database.",
    ),
    click.option("--group", "-g", metavar="G", help="Only this group: the key of its chain, body or group."),
)
# When the alarm comes, and what is out of order.
scenario_options = _both(
    click.option(
        "--scenario",
        "-s",
        "scenario_name",
        default="holiday",
        show_default=True,
        help="Such as night+mobile_down.",
    ),
    click.option(
        "--at", "at", metavar="MOMENT", help="A moment, such as 2026-12-25T04:00, instead of an hour."
    ),
    click.option(
        "--down",
        multiple=True,
        metavar="KEY[=FROM-UNTIL]",
        help="Infrastructure out of order, by key or kind; KEY=30-60 from minute 30 to 60 only, KEY=30- from then on.",
    ),
    click.option(
        "--fails", multiple=True, metavar="KEY=P", help="Infrastructure that fails with a probability."
    ),
)
chance_options = _both(
    click.option("--runs", type=click.IntRange(100, 10_000_000), default=10_000, show_default=True),
    click.option("--seed", type=click.IntRange(0, 2**63 - 1), default=1, show_default=True),
    click.option("--threads", type=click.IntRange(1, 256), help="The figures are the same for any number."),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """The network that is asked about, its groups of interest, and the own scenarios of county or file by key."""

    network: "Network"
    groups: tuple[str, ...]
    own: Mapping[str, "Scenario"] = field(default_factory=dict)


def asked(path: Path | None, group: str | None) -> Asked:
    """The network of a file, or of all chains of the database together, and the groups that are meant.

    Raises
    ------
    Refused
        If there is no group to be reached at all: an empty table would look like an answer.
    """
    found = network_asked(path, group)
    if not found.groups:
        raise Refused(
            Problem(
                place=say("Alert chains") if path is None else path.name,
                value=None,
                rule=say("There is no group that is to be reached."),
                remedy=say("Add a group with its seats, and a list that leads to it."),
            )
        )
    return found


def network_asked(path: Path | None, group: str | None) -> Asked:
    """The same, where a network without a group is something that can be asked about."""
    if path is not None:
        from prep.exchange.network_files import read_with_scenarios

        network, scenarios = read_with_scenarios(path)
        known = [one.key for one in network.groups]
        return Asked(network, tuple(known) if group is None else (_known_group(group, known),), scenarios)
    from prep.alerting.records import all_chains, find_chain, load_network
    from prep.alerting.scenario_records import own_scenarios
    from prep.db import read_session

    with read_session(open_database()) as session:
        network = load_network(all_chains(session), on=clock.today(), language=language())
        groups = (
            [one.key for one in network.groups] if group is None else [find_chain(session, group).body.key]
        )
        own = own_scenarios(session)
    return Asked(network, tuple(dict.fromkeys(groups)), own)


def _known_group(group: str, known: list[str]) -> str:
    if group not in known:
        raise Refused(
            Problem(
                place=say("Group"),
                value=group,
                rule=say("The chain has no such group."),
                remedy=say("Use one of these: {known}.", known=", ".join(sorted(known))),
            )
        )
    return group


def scenario_of(
    name: str,
    *,
    at: str | None,
    down: tuple[str, ...],
    fails: tuple[str, ...],
    network: "Network",
    own: Mapping[str, "Scenario"] = MappingProxyType({}),
) -> "Scenario":
    """The scenario that the options describe; ``own`` are those of the county.

    Raises
    ------
    Refused
        If a part of it is unknown or no number.
    """
    from prep.alerting.hours import alarm_at
    from prep.alerting.moments import moment_written
    from prep.alerting.own_scenarios import outages
    from prep.alerting.scenarios import PRESETS, combine, parse
    from prep.terms import ResourceKind

    scenario = parse(name, own)
    if at is not None:
        # The hour of a preset gives way to the moment; an own scenario that names another hour is refused.
        parts = [parse(part, own) for part in name.split("+")]
        kept = [one for one in parts if not (one.hours and one.key in PRESETS)]
        scenario = reduce(combine, kept, alarm_at(moment_written(at, place=say("Moment of the alarm"))))
    if not (down or fails):
        return scenario
    kinds, keys = {one.value for one in ResourceKind}, {one.key for one in network.resources}
    shares = [_share_of(one) for one in fails]
    timed = [_window_of(one) for one in down if one not in kinds | keys and "=" in one]
    always = [one for one in down if one in kinds | keys or "=" not in one]
    unknown = sorted({*always, *(key for key, _ in (*shares, *timed))} - kinds - keys)
    if unknown:
        raise Refused(
            Problem(
                place=say("Infrastructure"),
                value=", ".join(unknown),
                rule=say("There is no infrastructure of this key or kind."),
                remedy=say("Use one of these: {known}.", known=", ".join(sorted(kinds | keys))),
            )
        )
    if both := sorted(set(always) & {key for key, _ in shares}):
        raise Refused(
            Problem(
                place=say("Infrastructure"),
                value=", ".join(both),
                rule=say("What is out of order has no probability of failing beside it."),
                remedy=say("Leave --down or --fails out for it."),
            )
        )
    label = "+".join((*down, *fails))
    return combine(scenario, outages(label, label, down=always, fails=shares, windows=timed))


def _window_of(written: str) -> "tuple[str, Window]":
    from prep.alerting.windows import PLACE, window_written

    key, _, span = written.rpartition("=")
    first, dash, last = span.partition("-")
    if not dash:
        raise Refused(
            Problem(
                place=PLACE,
                value=written,
                rule=say("The minutes of an outage follow the equals sign, with a hyphen between them."),
                remedy=say("Write it as {example}.", example="mobile_core=30-60"),
            )
        )
    return key, window_written(first, last)


def _share_of(written: str) -> tuple[str, float]:
    key, _, share = written.rpartition("=")
    try:
        return key, float(share)
    except ValueError as error:
        raise Refused(
            Problem(
                place=say("Infrastructure"),
                value=written,
                rule=say("A probability follows the equals sign."),
                remedy=say("Write it as {example}.", example="mobile_core=0.1"),
            )
        ) from error


def warm_up() -> None:
    """Make the simulator ready; the first time on a machine it has to be compiled."""
    folder = settings().instance / "compiled"
    if not folder.exists():
        remark(say("Compiling the simulator, once on this machine (some seconds) …"))
    from prep.alerting.warm import warm

    warm(folder)


def show_caution() -> None:
    """What every figure rests on, under the table."""
    from prep.alerting.defaults import caution

    click.echo(text(caution()))


def share_in_short(share: "Share", *, interval: bool = True) -> str:
    """A share with its interval; never a bare 0 or 100 %.

    A bound stands for what never, or always, happened in the runs.
    """
    own = language()
    digits = 1 if share.high - share.low < 0.01 else 0
    if share.count == 0:
        return f"<\xa0{percent(share.high, own, digits=2)}"
    if share.count == share.runs:
        return f">\xa0{percent(share.low, own, digits=2)}"
    middle = percent(share.p, own, digits=digits)
    if not interval:
        return middle
    low, high = (
        percent(bound, own, digits=digits).removesuffix("\xa0%") for bound in (share.low, share.high)
    )
    return f"{middle} ({low}–{high})"


def minutes(time: "Percentile") -> Message | None:
    """A time in minutes; None when that share of the runs never reached the group."""
    if time.value_s is None:
        return None
    return say("{minutes} min", minutes=round(time.value_s / 60, 1))


def share_as_json(share: "Share") -> dict[str, float]:
    return {"p": share.p, "low": share.low, "high": share.high}


def minutes_as_json(time: "Percentile") -> float | None:
    return None if time.value_s is None else time.value_s / 60
