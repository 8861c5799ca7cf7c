"""What a user can cause and mend.

    PrepError            says what is wrong, the rule, and what to do; exit status 1
    ├── Refused          the input or the state breaks a rule              (web: 422)
    ├── NotFound         the thing named does not exist                    (web: 404)
    ├── Conflict         somebody else has changed the same meanwhile       (web: 409)
    ├── Unavailable      the database or the disk does not do its part     (web: 503)
    ├── SignInNeeded     nobody is signed in, or no longer                 (web: the sign-in page)
    └── ProofNeeded      signed in, but the password was given too long ago (web: asks for it again)

What only a programmer can cause is a ValueError or TypeError. Misuse of a command is click's (exit status 2).
"""

from collections.abc import Iterable
from dataclasses import dataclass

from prep.language import Message, in_language, say
from prep.terms import Language

# Enough to know a value again by; a cell of a list can hold a whole letter.
_LONGEST_VALUE = 200


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: where, what stands there, the rule it breaks, how to mend it."""

    place: Message | str
    value: Message | str | None
    rule: Message
    remedy: Message

    def in_language(self, language: Language) -> str:
        place = in_language(self.place, language)
        found = "" if self.value is None else f" {_quoted(in_language(self.value, language), language)}"
        return f"{place}:{found} {in_language(self.rule, language)} {in_language(self.remedy, language)}"

    def __str__(self) -> str:
        return self.in_language(Language.EN)


def no_such_choice(place: Message, given: str) -> Problem:
    """What to say of a choice that a form does not offer."""
    return Problem(
        place=place,
        value=given[:40] or None,
        rule=say("There is no such choice."),
        remedy=say("Choose one from the list."),
    )


def _quoted(value: str, language: Language) -> str:
    """A value from outside as it may be shown: on one line, of a length that is read, nothing in it unseen."""
    seen = "".join(sign if sign.isprintable() else "\ufffd" for sign in " ".join(value.split()))
    if len(seen) > _LONGEST_VALUE:
        seen = seen[: _LONGEST_VALUE - 1] + "…"
    return f"“{seen}”" if language is Language.EN else f"”{seen}”"


class PrepError(Exception):
    """A refusal: one problem, or all the problems of a batch."""

    def __init__(self, problems: Problem | Iterable[Problem]):
        self.problems = (problems,) if isinstance(problems, Problem) else tuple(problems)
        super().__init__(*self.problems)

    def in_language(self, language: Language) -> str:
        return "\n".join(problem.in_language(language) for problem in self.problems)

    def __str__(self) -> str:
        return self.in_language(Language.EN)


class Refused(PrepError):
    """The input, or what is stored, breaks a rule; nothing has been changed."""


class NotFound(PrepError):
    """The thing named does not exist, or the one who asks may not know that it does."""


class Conflict(PrepError):
    """Somebody else has changed the same since it was looked at; nothing has been changed."""


class Unavailable(PrepError):
    """What prep stands on does not do its part: a database, a disk. What was not finished is not kept."""


class SignInNeeded(PrepError):
    """Nobody is signed in, or the one who was is no longer."""


class ProofNeeded(PrepError):
    """Whoever is signed in must show once more who they are before this is done."""
