"""``prep serve``: the pages, on this machine."""

import logging
import signal
import socket
import sys
from typing import TYPE_CHECKING, Any

import click

from prep.cli.output import open_database, remark, settings, text
from prep.cli.rights import right
from prep.errors import Problem, Refused
from prep.language import Message, say

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from prep.config import Settings

# A page that simulates holds its thread for a while; the others must not wait for it.
_THREADS = 8
_LARGEST_BODY_BYTES = 16 * 1024**2


@right("server")
@click.command()
@click.option("--host", metavar="ADDRESS", help="Address to serve on; this machine only if not given.")
@click.option("--port", type=click.IntRange(1, 65535), help="Port to serve on.")
def serve(host: str | None, port: int | None) -> None:
    """Show the pages on this machine."""
    from dataclasses import replace

    from prep.cli.alerting.asking import warm_up

    chosen = replace(settings(), host=host or settings().host, port=port or settings().port)
    engine = open_database()
    _refuse_an_unsafe_database(engine)
    _refuse_to_show_an_empty_house(engine, chosen)
    listener = listen(chosen.host, chosen.port)
    # Before the pages are imported: they import the simulator, which looks for its compiled code then.
    warm_up()
    from prep.db import served
    from prep.web import create_app, logs

    with served(engine):
        app = create_app(chosen)
        logs.write_to()
        click.echo(text(say("The pages are at {address} – end with Ctrl+C.", address=f"{chosen.address}/")))
        for line in _ways_in(engine, chosen):
            click.echo(text(line))
        if chosen.address.is_https and not chosen.trusted_proxies:
            remark(
                say(
                    "TLS ends before prep, and all who come that way count as one address when attempts are "
                    "limited. If the proxy names the caller in X-Forwarded-For, set trusted_proxies."
                )
            )
        run(app, listener, forwarded=bool(chosen.trusted_proxies))


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


def _refuse_to_show_an_empty_house(engine: "Engine", chosen: "Settings") -> None:
    """Nobody serves pages to others before somebody is there who answers for the accounts.

    Raises
    ------
    Refused
        If the pages would be reached from elsewhere while there is no administrator.
    """
    from prep.auth.links import needs_setup
    from prep.db import read_session

    if not chosen.is_for_others:
        return
    with read_session(engine) as session:
        if not needs_setup(session):
            return
    raise Refused(
        Problem(
            place=say("Address of the pages"),
            value=str(chosen.public_address or chosen.host),
            rule=say("Before there is an administrator, the pages are served on this machine only."),
            remedy=say(
                "Add one with “prep user add NAME --name … --role administrator”, then begin again; or serve "
                "this machine first, without --host and public_address, and open the link that is printed."
            ),
        )
    )


def _ways_in(engine: "Engine", chosen: "Settings") -> list[Message]:
    """How to get in where nobody can sign in yet: one-time links, for whoever started the pages."""
    from sqlalchemy import select

    from prep.auth import links
    from prep.db import write_session
    from prep.models import Installation

    lines = []
    with write_session(engine, actor="command: serve") as session:
        is_demo = bool(session.scalar(select(Installation.is_demo)))
        if is_demo and not chosen.is_for_others:
            lines.append(
                say(
                    "Look at the invented county as its planner, without a password, once: {link}",
                    link=f"{chosen.address}{links.demonstration_link(session).path}",
                )
            )
        elif links.needs_setup(session):
            link = links.setup_link(session)
            lines.append(
                say(
                    "There is no administrator yet. Make the first account here, once, before {moment}: {link}",
                    moment=link.expires_at,
                    link=f"{chosen.address}{link.path}",
                )
            )
    return lines


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


def run(app: Any, listener: socket.socket, *, forwarded: bool = False) -> None:
    """Serve a WSGI application until the program is told to end.

    ``forwarded`` leaves the headers of proxies in the requests, for the application to weigh.
    """
    import waitress

    # Ended by a service manager as by Ctrl+C: requests in hand are answered first.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    # Waitress warns when requests wait for a thread; that is no news to whoever reads the terminal.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    waitress.serve(app, sockets=[listener], _quiet=True, **server_options(forwarded=forwarded))


def server_options(*, forwarded: bool) -> dict[str, Any]:
    """How the server is set, whoever starts it."""
    return {
        "threads": _THREADS,
        "ident": "prep",
        # Waitress takes out the headers of proxies unless it is told that somebody weighs them.
        "clear_untrusted_proxy_headers": not forwarded,
        # The pages refuse far less; this is what may be written to the disk before they are asked.
        "max_request_body_size": _LARGEST_BODY_BYTES,
    }
