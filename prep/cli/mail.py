"""``prep mail``: try whether mail goes out."""

import click

from prep.cli.output import remark, settings, text
from prep.cli.rights import right
from prep.language import say


@click.group()
def mail() -> None:
    """Outgoing mail."""


@right("settings.edit")
@mail.command()
@click.argument("address")
def test(address: str) -> None:
    """Send one short message to an address, and say whether the mail server took it."""
    from prep.mail import Mail, send

    message = Mail(
        to=address,
        subject=text(say("Test message from prep")),
        text=text(
            say(
                "This message was sent to try whether prep can send mail. Nothing has happened, and there is "
                "nothing to do."
            )
        )
        + "\n",
    )
    send(settings(), message)
    remark(say("The mail server {host} took the message.", host=settings().mail_host))
