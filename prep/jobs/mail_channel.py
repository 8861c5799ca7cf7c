"""Messages by mail: what each way in which mail can fail means for a message.

Mail has no way of asking whether a message arrived, so one that may have arrived is not sent again.
"""

import hashlib

from prep.config import Settings
from prep.errors import PrepError, Refused
from prep.jobs.worker import Channel
from prep.mail import Mail, send
from prep.mail.failures import MailUnavailable, MailUncertain
from prep.mail.server import server_of
from prep.outbox import Answer, Letter, Outcome


def mail_channel(settings: Settings) -> Channel:
    """Hands messages to the mail server of the settings.

    Raises
    ------
    MailNotSet, Refused
        If there is none, or its settings cannot be right: before any message is taken.
    """
    server_of(settings)

    def hand_over(letter: Letter) -> Answer:
        try:
            send(settings, _mail(letter))
        except MailUncertain as error:
            return Answer(Outcome.PERHAPS, _words(error))
        except MailUnavailable as error:
            return Answer(Outcome.NOT_NOW, _words(error))
        except Refused as error:
            # By the mail server, or because no mail can be made of it: never in any case.
            return Answer(Outcome.NEVER, _words(error))
        return Answer(Outcome.SENT)

    return hand_over


def _mail(letter: Letter) -> Mail:
    # The same at every try, so that whoever gets two of one knows them for the same.
    reference = hashlib.sha256(f"{letter.number} {letter.reason} {letter.recipient}".encode()).hexdigest()
    return Mail(to=letter.recipient, subject=letter.subject, text=letter.body, reference=reference[:32])


def _words(error: PrepError) -> str:
    first = error.problems[0]
    return str(first.value or first.rule)
