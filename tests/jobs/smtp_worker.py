"""A worker of its own, to be killed: sends what is due to a mail server on loopback.

python -m tests.jobs.smtp_worker DATABASE_URL PORT
"""

import sys
from pathlib import Path

from prep.config import Settings
from prep.db import make_engine
from prep.jobs.mail_channel import mail_channel
from prep.jobs.worker import work
from prep.terms import MailTls


def settings(port: int) -> Settings:
    """Mail to a server without encryption on this machine."""
    return Settings(
        instance=Path(),
        mail_host="localhost",
        mail_port=port,
        mail_tls=MailTls.NONE,
        mail_from="prep@kunta.example",
    )


def main(database_url: str, port: int) -> None:
    engine = make_engine(database_url)
    work(engine, mail_channel(settings(port)))
    engine.dispose()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
