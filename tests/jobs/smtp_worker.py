"""A worker of its own, to be killed: sends what is due to a mail server on loopback.

python -m tests.jobs.smtp_worker DATABASE_URL PORT
"""

import smtplib
import sys
from email.message import EmailMessage

from prep.db import make_engine
from prep.jobs.worker import work
from prep.outbox import Answer, Letter, Outcome


def main(database_url: str, port: int) -> None:
    def channel(letter: Letter) -> Answer:
        message = EmailMessage()
        message["From"], message["To"] = "prep@kunta.example", letter.recipient
        message["Subject"] = letter.subject
        message.set_content(letter.body)
        with smtplib.SMTP("127.0.0.1", port, local_hostname="localhost") as smtp:
            smtp.send_message(message)
        return Answer(Outcome.SENT)

    engine = make_engine(database_url)
    work(engine, channel)
    engine.dispose()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
