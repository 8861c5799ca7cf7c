"""``prep identity``: who people are at the organisation's sign-in service, and which account each of them enters."""

from typing import TYPE_CHECKING

import click

from prep.cli.output import as_json, open_database, remark, settings, show_json, show_table
from prep.cli.rights import right
from prep.errors import Problem, Refused
from prep.language import say

if TYPE_CHECKING:
    from prep.models import Identity

_issuer = click.option(
    "--issuer", metavar="ADDRESS", help="The service; the one in the settings if not given."
)


@click.group()
def identity() -> None:
    """Identities at the organisation's sign-in service: bind, unbind, list."""


@right("account.manage")
@identity.command()
@click.argument("login")
@click.argument("subject")
@_issuer
def bind(login: str, subject: str, *, issuer: str | None) -> None:
    """Let SUBJECT of the service sign in to the account LOGIN."""
    from prep.auth import accounts, identities
    from prep.db import write_session

    service = _service(issuer)
    with write_session(open_database(), actor="command: identity bind") as session:
        account = accounts.find(session, login)
        identities.bind(session, account, issuer=service, subject=subject)
        name = account.login
    remark(say("{subject} signs in to the account {login} from now on.", subject=subject, login=name))


@right("account.manage")
@identity.command()
@click.argument("subject")
@_issuer
def unbind(subject: str, *, issuer: str | None) -> None:
    """Let SUBJECT sign in no more; the account is signed out everywhere."""
    from prep.auth import identities
    from prep.db import write_session

    service = _service(issuer)
    with write_session(open_database(), actor="command: identity unbind") as session:
        found = identities.find(session, issuer=service, subject=subject)
        login = found.account.login
        identities.unbind(session, found)
    remark(say("{subject} signs in to the account {login} no more.", subject=subject, login=login))


@right("account.manage")
@identity.command("list")
@as_json
def list_identities(*, json_wanted: bool) -> None:
    """Every identity that is bound to an account."""
    from prep.auth import identities
    from prep.db import read_session

    with read_session(open_database()) as session:
        rows = identities.listed(session)
        if json_wanted:
            show_json([_as_json(one) for one in rows])
            return
        show_table(
            [say("Sign-in name"), say("Subject (sub)"), say("Name there"), say("Service"), say("Last used")],
            [
                [
                    one.account.login,
                    one.subject,
                    one.name or None,
                    one.issuer,
                    one.last_used_at or say("not yet"),
                ]
                for one in rows
            ],
        )


def _service(given: str | None) -> str:
    found = given or settings().oidc_issuer
    if not found:
        raise Refused(
            Problem(
                place=say("The issuer"),
                value=None,
                rule=say("No sign-in service of the organisation is set."),
                remedy=say("Set oidc_issuer, or name the service with --issuer."),
            )
        )
    return found


def _as_json(one: "Identity") -> dict[str, object]:
    return {
        "login": one.account.login,
        "issuer": one.issuer,
        "subject": one.subject,
        "name": one.name,
        "created_at": one.created_at,
        "last_used_at": one.last_used_at,
    }
