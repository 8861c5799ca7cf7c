"""``prep serve``: the pages, on this machine."""

import logging
import signal
import socket
import sys
from typing import Any

import click

from prep.cli.output import open_database, remark, settings, text
from prep.errors import Problem, Refused
from prep.language import say

# A page that simulates holds its thread for a while; the others must not wait for it.
_THREADS = 8


@click.command()
@click.option("--host", metavar="ADDRESS", help="Address to serve on; this machine only if not given.")
@click.option("--port", type=click.IntRange(1, 65535), help="Port to serve on.")
def serve(host: str | None, port: int | None) -> None:
    """Show the pages on this machine."""
    from dataclasses import replace

    from prep.cli.alert import warm_up

    chosen = replace(settings(), host=host or settings().host, port=port or settings().port)
    open_database().dispose()
    listener = listen(chosen.host, chosen.port)
    # Before the pages are imported: they import the simulator, which looks for its compiled code then.
    warm_up()
    from prep.web import create_app, logs
    from prep.web.security import is_loopback

    app = create_app(chosen)
    if not is_loopback(chosen.host):
        remark(
            say(
                "The pages have no sign-in yet: everyone who reaches {host} can read names and numbers.",
                host=chosen.host,
            )
        )
    logs.write_to()
    click.echo(text(say("The pages are at {address} – end with Ctrl+C.", address=_address(listener))))
    run(app, listener)


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
