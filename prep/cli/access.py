"""Where accounts are signed in and which keys for programs they have: commands of ``prep user``."""

import click

from prep.cli.output import as_json, open_database, remark, show_json, show_table
from prep.cli.rights import right
from prep.language import say
from prep.terms import State


@right("account.manage")
@click.command("sessions")
@click.argument("login", required=False)
@as_json
def list_sessions(login: str | None, *, json_wanted: bool) -> None:
    """Where an account, or everybody, is signed in now."""
    from prep.auth import accounts, sessions
    from prep.auth.words import METHOD_NAMES
    from prep.db import read_session

    with read_session(open_database()) as session:
        rows = sessions.listed(session, accounts.find(session, login) if login else None)
        if json_wanted:
            show_json(
                [
                    {
                        "login": one.account.login,
                        "since": one.created_at,
                        "last_seen": one.last_seen_at,
                        "agent": one.agent,
                        "address": one.address,
                        "method": one.method,
                    }
                    for one in rows
                ]
            )
            return
        show_table(
            [
                say("Sign-in name"),
                say("Device"),
                say("Address"),
                say("Signed in"),
                say("Last seen"),
                say("By"),
            ],
            [
                [
                    one.account.login,
                    one.agent or say("not known"),
                    one.address,
                    one.created_at,
                    one.last_seen_at,
                    METHOD_NAMES[one.method],
                ]
                for one in rows
            ],
        )


@right("account.manage")
@click.command("sign-out")
@click.argument("login")
def sign_out(login: str) -> None:
    """Sign an account out everywhere, from its next request on; it may sign in again."""
    from prep.auth import accounts, sessions
    from prep.db import write_session

    with write_session(open_database(), actor="command: user sign-out") as session:
        n = sessions.end_all(session, accounts.find(session, login), why="ended on the server")
    remark(say("Sign-ins ended: {n}.", n=n))


@right("account.manage")
@click.command("keys")
@click.argument("login", required=False)
@as_json
def list_keys(login: str | None, *, json_wanted: bool) -> None:
    """The keys for programs of an account, or of all, that are still good."""
    from prep.auth import accounts, tokens
    from prep.db import read_session

    with read_session(open_database()) as session:
        rows = tokens.listed(session, accounts.find(session, login) if login else None)
        if json_wanted:
            show_json(
                [
                    {
                        "number": one.id,
                        "login": one.account.login,
                        "name": one.name,
                        "begins": one.prefix,
                        "scopes": one.scopes,
                        "expires_at": one.expires_at,
                        "last_used_at": one.last_used_at,
                    }
                    for one in rows
                ]
            )
            return
        show_table(
            [
                "",
                say("Number"),
                say("Sign-in name"),
                say("Key"),
                say("Begins"),
                say("Permissions"),
                say("Good until"),
                say("Last used"),
            ],
            [
                [
                    State.WARNING if tokens.ends_soon(one) else State.OK,
                    str(one.id),
                    one.account.login,
                    one.name,
                    one.prefix,
                    one.scopes,
                    one.expires_at,
                    one.last_used_at or say("never used"),
                ]
                for one in rows
            ],
        )


@right("account.manage")
@click.command("revoke-key")
@click.argument("number", type=click.IntRange(1))
def revoke_key(number: int) -> None:
    """Make a key useless from the next request on; “prep user keys” shows its number."""
    from prep.auth import tokens
    from prep.db import write_session

    with write_session(open_database(), actor="command: user revoke-key") as session:
        row = tokens.find(session, number)
        tokens.revoke(session, row)
        remark(
            say("The key {name} of {login} opens nothing any more.", name=row.name, login=row.account.login)
        )
