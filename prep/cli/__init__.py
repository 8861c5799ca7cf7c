"""The ``prep`` command. Commands live a file per area and are imported when they are called.

``prep --help`` imports neither the database nor the web nor the numerical libraries.
"""

import sys
from typing import TYPE_CHECKING, NoReturn

import click

from prep import __version__
from prep.cli.lazy import LazyGroup

if TYPE_CHECKING:
    from prep.errors import PrepError

# Name: where it is, what it does.
_COMMANDS = {
    "init": ("prep.cli.init:init", "Make the database of a county from its region pack."),
    "demo": ("prep.cli.demo:demo", "Build an invented county and try everything on it."),
    "serve": ("prep.cli.serve:serve", "Show the pages on this machine."),
    "region": ("prep.cli.region:region", "Region packs and official boundaries."),
    "sites": ("prep.cli.sites:sites", "Premises usable for evacuation: import, list."),
    "norms": ("prep.cli.norms:norms", "Norm sets of premises: list, show, set, default."),
    "contacts": ("prep.cli.contacts:contacts", "Contacts and their posts: import, list, export, doubles."),
    "appointments": ("prep.cli.appointments:appointments", "Terms of seats and roles: list."),
    "bodies": ("prep.cli.bodies:bodies", "Bodies, their seats and vacancies."),
    "meetings": ("prep.cli.meetings:meetings", "Meetings of bodies, against what is agreed."),
    "chains": ("prep.cli.chains:chains", "Alert chains: list, show, take from a file."),
    "alert": ("prep.cli.alerting:alert", "Question alert chains: lint, simulate, solve, repair."),
    "scenarios": (
        "prep.cli.scenarios:scenarios",
        "Own scenarios: list, show, export, take from a file, remove.",
    ),
    "config": ("prep.cli.config:config", "The settings in force, and where they come from."),
    "cards": ("prep.cli.cards:cards", "Print cards."),
    "binder": ("prep.cli.binder:binder", "The binder of a municipality or of the county."),
    "audit": ("prep.cli.audit:audit", "The audit trail: verify, list, redact, retain."),
    "doctor": ("prep.cli.doctor:doctor", "Is everything in order? What to do where it is not."),
    "backup": ("prep.cli.backup:backup", "Make a checked copy of the database."),
    "restore": ("prep.cli.backup:restore", "Check a backup, or put it in the place of the database."),
    "review": ("prep.cli.review:review", "What has to be confirmed, and confirming it."),
    "jobs": ("prep.cli.jobs:jobs", "Messages: write this week's, send what waits, list them."),
    "mail": ("prep.cli.mail:mail", "Outgoing mail: send a test message."),
    "identity": (
        "prep.cli.identity:identity",
        "The organisation’s sign-in service: who enters which account.",
    ),
    "user": ("prep.cli.user:user", "Accounts, their sign-ins and their keys."),
}


@click.group(
    cls=LazyGroup,
    commands_at=_COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Settings: instance/prep.toml or PREP_* variables. PREP_LANGUAGE chooses fi, sv or en.",
)
@click.version_option(__version__, prog_name="prep")
def prep() -> None:
    """Preparedness planning for wellbeing services counties and their municipalities."""


def main() -> None:
    """Run the command: exit status 0 done, 1 refused, 2 misuse."""
    from prep.errors import PrepError
    from prep.outages import of_file

    try:
        prep(standalone_mode=True)
    except BrokenPipeError:
        # The reader of a pipe (head, less) has gone: nothing is wrong.
        sys.stderr.close()
        sys.exit(0)
    except PrepError as error:
        _refuse(error)
    except OSError as error:
        # A full disk, a missing permission: it can meet any command wherever it reads or writes.
        _refuse(of_file(error))


def _refuse(error: "PrepError") -> NoReturn:
    from prep.cli.output import language

    click.echo(error.in_language(language()), err=True)
    sys.exit(1)
