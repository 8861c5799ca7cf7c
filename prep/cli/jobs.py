"""``prep jobs``: write the week's messages, send what waits, see what became of it."""

import signal
import threading
from collections import Counter
from typing import TYPE_CHECKING, Any

import click

from prep import clock
from prep.cli.output import as_json, open_database, remark, settings, show_json, show_table
from prep.cli.rights import right
from prep.language import say
from prep.terms import OutboxState, State

if TYPE_CHECKING:
    from prep.models import OutboxMessage
    from prep.outbox import Outcome

_STATES = {
    OutboxState.PENDING: (None, say("waiting")),
    OutboxState.SENDING: (None, say("being sent")),
    OutboxState.SENT: (State.OK, say("sent")),
    OutboxState.FAILED: (State.FAULT, say("failed")),
    OutboxState.UNKNOWN: (State.UNKNOWN, say("may have arrived")),
}


@click.group()
def jobs() -> None:
    """Messages: write this week's, send what waits, list them."""


@right("server")
@jobs.command()
@click.option("--once", is_flag=True, help="Send what is due now, then end; without it go on until stopped.")
def run(*, once: bool) -> None:
    """Send what waits by mail.

    Several may run at the same time. A message goes out at most once: where the mail server does not say whether it
    took one, the message is listed as “may have arrived” and is not sent again.
    """
    from prep import outbox
    from prep.db import write_session
    from prep.jobs.mail_channel import mail_channel
    from prep.jobs.worker import ACTOR, work, work_on

    channel = mail_channel(settings())
    engine = open_database()
    with write_session(engine, actor=ACTOR) as session:
        outbox.forget(session)
    if once:
        _tell(work(engine, channel))
        return
    stop = threading.Event()
    for one in (signal.SIGTERM, signal.SIGINT):
        signal.signal(one, lambda *_: stop.set())
    remark(say("Sending until stopped; end with Ctrl+C."))
    work_on(engine, channel, stop, tell=_tell)


@right("server")
@jobs.command()
@as_json
def digest(*, json_wanted: bool) -> None:
    """Write this week's messages: to those with something to confirm, and to people about themselves.

    They wait in the outbox until “prep jobs run” sends them. Run twice in a week it writes nothing twice; when all is
    well it writes nothing.
    """
    from prep.db import write_session
    from prep.jobs.digests import write_digests

    address = str(settings().address)
    with write_session(open_database(), actor="command: jobs digest") as session:
        written = write_digests(session, on=clock.today(), address=address)
    if json_wanted:
        show_json(
            {
                "digests": written.digests,
                "reviews": written.reviews,
                "without_address": list(written.unreached),
                "address": address,
            }
        )
        return
    show_table([say("Digests"), say("Questions to people")], [[written.digests, written.reviews]])
    if written.digests or written.reviews:
        remark(say("The links in them begin with {address}.", address=address))
        if settings().address.is_loopback:
            remark(say("They open on this machine only: set public_address to the address that people use."))
    if written.unreached:
        remark(say("No e-mail address is known of: {names}.", names=written.unreached))


@right("settings.read")
@jobs.command("list")
@click.option(
    "--state", type=click.Choice([one.value for one in OutboxState]), help="Only those in this state."
)
@as_json
def list_(state: str | None, *, json_wanted: bool) -> None:
    """The messages with what became of each, the newest first."""
    from prep import outbox
    from prep.db import read_session

    with read_session(open_database()) as session:
        rows = outbox.listed(session, state=OutboxState(state) if state else None)
        if json_wanted:
            show_json([_as_json(row) for row in rows])
            return
        show_table(
            ["", say("Message"), say("Recipient"), say("State"), say("Tries"), say("When"), say("Answer")],
            [
                [
                    _STATES[row.state][0],
                    row.reason,
                    row.recipient,
                    _STATES[row.state][1],
                    row.attempts,
                    row.sent_at or row.due_at,
                    row.answer or None,
                ]
                for row in rows
            ],
        )


def _tell(became: "Counter[Outcome]") -> None:
    from prep.outbox import Outcome

    words = {
        Outcome.SENT: say("sent"),
        Outcome.NOT_NOW: say("not now, tried again later"),
        Outcome.NEVER: say("failed"),
        Outcome.PERHAPS: say("may have arrived"),
    }
    if not became:
        remark(say("Nothing waits to be sent."))
    for outcome in Outcome:
        if became[outcome]:
            remark(say("{what}: {n}", what=words[outcome], n=became[outcome]))


def _as_json(row: "OutboxMessage") -> dict[str, Any]:
    return {
        "reason": row.reason,
        "kind": row.kind,
        "recipient": row.recipient,
        "subject": row.subject,
        "state": row.state,
        "tries": row.attempts,
        "written_at": row.written_at,
        "due_at": row.due_at,
        "sent_at": row.sent_at,
        "answer": row.answer,
    }
