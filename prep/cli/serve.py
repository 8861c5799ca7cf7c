"""``prep serve``: the pages, on this machine."""

import logging
import signal
import socket
import sys
from typing import TYPE_CHECKING, Any

import click

from prep.cli.output import open_database, settings, text
from prep.cli.rights import right
from prep.errors import Problem, Refused
from prep.language import Message, say

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from prep.auth.links import Link

# A page that simulates holds its thread for a while; the others must not wait for it.
_THREADS = 8


@right("server")
@click.command()
@click.option("--host", metavar="ADDRESS", help="Address to serve on; this machine only if not given.")
@click.option("--port", type=click.IntRange(1, 65535), help="Port to serve on.")
def serve(host: str | None, port: int | None) -> None:
    """Show the pages on this machine."""
    from dataclasses import replace

    from prep.cli.alert import warm_up

    chosen = replace(settings(), host=host or settings().host, port=port or settings().port)
    engine = open_database()
    _refuse_an_unsafe_database(engine)
    _refuse_to_show_an_empty_house(engine, chosen.host)
    listener = listen(chosen.host, chosen.port)
    # Before the pages are imported: they import the simulator, which looks for its compiled code then.
    warm_up()
    from prep.db import served
    from prep.web import create_app, logs

    with served(engine):
        app = create_app(chosen)
        logs.write_to()
        address = _address(listener)
        click.echo(text(say("The pages are at {address} – end with Ctrl+C.", address=address)))
        for line in _ways_in(engine, address, chosen.host):
            click.echo(text(line))
        run(app, listener)


def _refuse_an_unsafe_database(engine: "Engine") -> None:
    """Pages acknowledge changes: they are not served from a database that may lose them in a power cut.

    Raises
    ------
    Refused
        If its safety settings are not in force.
    """
    from prep.doctor.database import settings_in_force

    check = settings_in_force(engine)
    if check.remedy is not None:
        raise Refused(Problem(place=check.name, value=None, rule=check.meaning, remedy=check.remedy))


def _refuse_to_show_an_empty_house(engine: "Engine", host: str) -> None:
    """Nobody serves pages to others before somebody is there who answers for the accounts.

    Raises
    ------
    Refused
        If the pages would be reached from elsewhere while there is no administrator.
    """
    from prep.auth.links import needs_setup
    from prep.db import read_session
    from prep.web.security import is_loopback

    if is_loopback(host):
        return
    with read_session(engine) as session:
        if not needs_setup(session):
            return
    raise Refused(
        Problem(
            place=say("Address of the pages"),
            value=host,
            rule=say("Before there is an administrator, the pages are served on this machine only."),
            remedy=say("Run “prep serve” without --host, open the link that it prints, and begin again."),
        )
    )


def _ways_in(engine: "Engine", address: str, host: str) -> list[Message]:
    """How to get in where nobody can sign in yet: one-time links, for whoever started the pages."""
    from sqlalchemy import select

    from prep.auth import links
    from prep.db import write_session
    from prep.models import Installation
    from prep.web.security import is_loopback

    lines = []
    with write_session(engine, actor="command: serve") as session:
        is_demo = bool(session.scalar(select(Installation.is_demo)))
        if is_demo and is_loopback(host):
            lines.append(
                say(
                    "Look at the invented county as its planner, without a password, once: {link}",
                    link=_at(address, links.demonstration_link(session)),
                )
            )
        elif links.needs_setup(session):
            link = links.setup_link(session)
            lines.append(
                say(
                    "There is no administrator yet. Make the first account here, once, before {moment}: {link}",
                    moment=link.expires_at,
                    link=_at(address, link),
                )
            )
    return lines


def _at(address: str, link: "Link") -> str:
    return address.rstrip("/") + link.path


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens.

    Raises
    ------
    Refused
        If the port is taken, or the address is not one of this machine.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        # From now on a browser waits instead of being turned away.
        listener.listen()
    except OSError as error:
        listener.close()
        raise Refused(
            Problem(
                place=say("Address of the pages"),
                value=f"{host}:{port}",
                rule=say("The port must be free and the address one of this machine."),
                remedy=say(
                    "Use another port, for example: prep serve --port {port}.", port=str(port % 65535 + 1)
                ),
            )
        ) from error
    return listener


def run(app: Any, listener: socket.socket) -> None:
    """Serve a WSGI application until the program is told to end."""
    import waitress

    # Ended by a service manager as by Ctrl+C: requests in hand are answered first.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    # Waitress warns when requests wait for a thread; that is no news to whoever reads the terminal.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    waitress.serve(app, sockets=[listener], threads=_THREADS, ident="prep", _quiet=True)


def _address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104
    return f"http://{shown}:{port}/"
