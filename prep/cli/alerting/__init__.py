"""``prep alert``: can every group be reached, how fast, what fails, what helps.

Each question is a command of its own and is imported when it is asked. Every one reads the database, or a network
file (``docs/network-file.md``) with ``--file``; exit status 0 is an answer, 1 a refusal, and ``lint`` also answers 1
where it finds a fault.
"""

import click

from prep.cli.lazy import LazyGroup

_COMMANDS = {
    "lint": ("prep.cli.alerting.linting:lint", "What is wrong with the chains before anything is simulated."),
    "simulate": (
        "prep.cli.alerting.simulating:simulate",
        "Is every group reached in time, and what would help most.",
    ),
    "exact": (
        "prep.cli.alerting.exactly:exact",
        "Whether the alarm gets through at all, solved without chance.",
    ),
    "cuts": ("prep.cli.alerting.cutting:cuts", "What must fail together to silence a group, or several."),
    "without": (
        "prep.cli.alerting.lacking:without",
        "What breaks if a channel or shared infrastructure is out, over all chains.",
    ),
    "contributions": (
        "prep.cli.alerting.contributing:contributions",
        "Who makes or breaks it: each person and each channel.",
    ),
    "fixes": ("prep.cli.alerting.fixing:fixes", "The best change, and the best set of changes for a budget."),
    "hours": ("prep.cli.alerting.hourly:hours", "Every hour of a week, of July, of Christmas; the holidays."),
    "story": ("prep.cli.alerting.telling:story", "One simulated alarm, told line by line."),
    "sweep": (
        "prep.cli.alerting.sweeping:sweep",
        "Many scenarios, or every hour of a year, on many cores.",
    ),
}


@click.group(cls=LazyGroup, commands_at=_COMMANDS)
def alert() -> None:
    """Question alert chains: lint, simulate, solve, repair."""
