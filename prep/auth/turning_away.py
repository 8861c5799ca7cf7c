"""Not letting somebody in: counted, written down, and said in words that give nothing away."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from prep import audit
from prep.auth import throttle
from prep.auth.callers import Caller
from prep.errors import Problem
from prep.language import Message, say
from prep.models import Account
from prep.terms import SignInStep


@dataclass(frozen=True, slots=True)
class TurnedAway:
    """Not let in, and why; ``retry_at`` is when the next attempt may be made, if not at once."""

    problem: Problem
    retry_at: datetime | None = None


def kept_waiting(session: Session, step: SignInStep, *, caller: Caller) -> TurnedAway | None:
    """Whether too many have failed for this step to be begun now; None when it may be."""
    wait = throttle.wait_until(session, step=step, login=None, network=caller.network)
    return None if wait is None else too_many(session, wait, caller=caller)


def failed(
    session: Session,
    problem: Problem,
    *,
    step: SignInStep,
    login: str | None,
    account: Account | None,
    caller: Caller,
) -> TurnedAway:
    """Count a failed attempt, and say so."""
    throttle.count_failure(session, step=step, login=login, network=caller.network)
    wait = throttle.wait_until(session, step=step, login=login, network=caller.network)
    # Of names that do not exist only the limit is written down: anybody can make up any number of them.
    if account is not None or wait is not None:
        audit.note(
            session,
            "refused" if wait is None else "throttled",
            account or "sign-in",
            {"step": step, "address": caller.network},
        )
    return TurnedAway(problem, wait)


def too_many(session: Session, wait: datetime, *, caller: Caller) -> TurnedAway:
    """Say until when nothing more is looked at."""
    # A passkey passes by the limit of the account, not by that of the address.
    step = SignInStep.PASSKEY
    is_shut = throttle.wait_until(session, step=step, login=None, network=caller.network) is not None
    remedy = (
        say("Try again at {moment}.", moment=wait)
        if is_shut
        else say("Try again at {moment}, or sign in with a passkey.", moment=wait)
    )
    return TurnedAway(refusal(say("There have been too many failed attempts."), remedy), wait)


def note_refused(
    session: Session, account: Account | None, *, step: SignInStep, caller: Caller, why: str
) -> None:
    """Write down a refusal that is not counted."""
    audit.note(
        session, "refused", account or "sign-in", {"step": step, "address": caller.network, "why": why}
    )


def refusal(rule: Message, remedy: Message) -> Problem:
    """What is wrong with a sign-in, whichever step it was."""
    return Problem(place=say("Sign-in"), value=None, rule=rule, remedy=remedy)
