"""``prep user``: accounts, for the first one and for the day nobody can sign in."""

from typing import TYPE_CHECKING

import click

from prep import clock
from prep.cli.access import list_keys, list_sessions, revoke_key, sign_out
from prep.cli.output import as_json, language, open_database, remark, settings, show_json, show_table, text
from prep.cli.rights import right
from prep.errors import Problem, Refused
from prep.language import Message, say
from prep.terms import AccountRole, Language, State

if TYPE_CHECKING:
    from prep.auth.accounts import AccountStanding
    from prep.auth.links import Link
    from prep.auth.roles import Permission


@click.group()
def user() -> None:
    """Accounts, their sign-ins and their keys."""


for _command in (list_sessions, sign_out, list_keys, revoke_key):
    user.add_command(_command)


@right("account.manage")
@user.command()
@click.argument("login")
@click.option("--name", required=True, help="First name and family name.")
@click.option("--role", type=click.Choice([one.value for one in AccountRole]), required=True)
@click.option(
    "--municipality", "codes", multiple=True, metavar="CODE", help="Where the role holds; may be repeated."
)
@click.option("--language", "speaks", type=click.Choice([one.value for one in Language]), default="fi")
def add(login: str, *, name: str, role: str, codes: tuple[str, ...], speaks: str) -> None:
    """Add an account with a role, and print the link by which its owner chooses a password."""
    from prep.auth import accounts
    from prep.auth.links import link_for
    from prep.db import write_session

    with write_session(open_database(), actor="command: user add") as session:
        account = accounts.add(session, login, name, language=Language(speaks))
        for code in codes or (None,):
            accounts.give(session, account, AccountRole(role), starts=clock.today(), municipality=code)
        link = link_for(session, account)
    _show(link)


@right("account.manage")
@user.command()
@click.argument("login", required=False)
@click.option("--setup", is_flag=True, help="The link that makes the first administrator.")
@click.option(
    "--drop-second-factors",
    is_flag=True,
    help="Also take away the app, passkeys and recovery codes: all are lost.",
)
def link(login: str | None, *, setup: bool, drop_second_factors: bool) -> None:
    """Print a one-time link by which an account's owner chooses a new password."""
    from prep.auth import accounts, links, signing_in
    from prep.db import write_session

    if (login is None) is not setup or (setup and drop_second_factors):
        raise click.UsageError("Give the sign-in name of an account, or --setup alone.")
    with write_session(open_database(), actor="command: user link") as session:
        if login is None:
            made = links.setup_link(session)
        else:
            account = accounts.find(session, login)
            made = links.link_for(session, account)
            if drop_second_factors:
                signing_in.drop_second_factors(session, account)
    _show(made)


@right("server")
@user.command()
@click.argument("login")
@click.option("--name", required=True, help="Which program uses it.")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    required=True,
    metavar="PERMISSION",
    help="What it may do, for instance site.read; may be repeated.",
)
@click.option("--days", default=90, show_default=True, help="For how many days it is good, 366 at the most.")
def token(login: str, *, name: str, scopes: tuple[str, ...], days: int) -> None:
    """Make a key by which a program reads in the name of an account, and print it once."""
    from prep.auth import accounts, tokens
    from prep.db import write_session

    wanted = [_permission(one) for one in scopes]
    with write_session(open_database(), actor="command: user token") as session:
        made = tokens.issue(session, accounts.find(session, login), name=name, scopes=wanted, days=days)
        ends = made.row.expires_at
    remark(say("This key is shown once, and is good until {moment}. Keep it as a password.", moment=ends))
    click.echo(made.token)


@right("account.manage")
@user.command()
@click.argument("login")
def disable(login: str) -> None:
    """Close an account and sign it out everywhere."""
    from prep.auth import accounts
    from prep.db import write_session

    with write_session(open_database(), actor="command: user disable") as session:
        account = accounts.find(session, login)
        accounts.disable(session, account)
        remark(say("The account {login} is closed and signed out everywhere.", login=account.login))


@right("account.manage")
@user.command("list")
@as_json
def list_accounts(*, json_wanted: bool) -> None:
    """Every account with its roles today and how it can sign in."""
    from prep.auth.accounts import accounts_standing
    from prep.db import read_session

    with read_session(open_database()) as session:
        standing = accounts_standing(session, on=clock.today())
        if json_wanted:
            show_json([_as_json(one) for one in standing])
            return
        show_table(
            [
                "",
                say("Sign-in name"),
                say("Account’s owner"),
                say("Roles today"),
                say("Sign-in with"),
                say("Last sign-in"),
            ],
            [
                [
                    _state(one),
                    one.account.login,
                    one.account.name,
                    _roles(one),
                    _signs_in_with(one),
                    one.last_sign_in or say("never signed in"),
                ]
                for one in standing
            ],
        )


def _permission(name: str) -> "Permission":
    from prep.auth.roles import Permission

    try:
        return Permission(name)
    except ValueError as error:
        raise Refused(
            Problem(
                place=say("The key’s permissions"),
                value=name,
                rule=say("There is no such permission."),
                remedy=say("Choose among: {permissions}.", permissions=sorted(Permission)),
            )
        ) from error


def _show(made: "Link") -> None:
    remark(
        say(
            "This link is shown once, is good once, and until {moment}. Hand it over in person or by telephone.",
            moment=made.expires_at,
        )
    )
    click.echo(f"{settings().address}{made.path}")


def _state(one: "AccountStanding") -> State | None:
    if not one.account.is_open:
        return None
    if one.grants and one.has_identity and not one.has_second_factor:
        # Whether the service asks for one is seen at each sign-in only.
        return State.UNKNOWN
    return State.OK if one.has_second_factor and one.grants else State.WARNING


def _roles(one: "AccountStanding") -> Message | str:
    from prep.auth.words import ROLE_NAMES
    from prep.registry.names import name_of

    if not one.account.is_open:
        return say("account closed")
    names = [
        text(ROLE_NAMES[grant.role])
        + (f" ({name_of(grant.municipality, language())})" if grant.municipality else "")
        for grant in one.grants
    ]
    return ", ".join(names) or say("no roles")


def _signs_in_with(one: "AccountStanding") -> Message:
    if one.has_identity:
        return (
            say("organisation’s account")
            if one.has_second_factor
            else say("organisation’s account; second factor there, if any")
        )
    if not one.has_password:
        return say("nothing yet: the link is not used")
    if not one.has_second_factor:
        return say("password; second factor not set up")
    return say("password and second factor")


def _as_json(one: "AccountStanding") -> dict[str, object]:
    return {
        "login": one.account.login,
        "name": one.account.name,
        "open": one.account.is_open,
        "grants": [
            {
                "role": grant.role,
                "municipality": grant.municipality_code,
                "starts": grant.starts,
                "ends": grant.ends,
            }
            for grant in one.grants
        ],
        "has_password": one.has_password,
        "has_second_factor": one.has_second_factor,
        "has_identity": one.has_identity,
        "last_sign_in": one.last_sign_in,
    }
