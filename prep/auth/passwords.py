"""Passwords: which are refused, and how they are kept (argon2id)."""

import threading
import tomllib
import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from prep.errors import Problem, Refused
from prep.language import Message, say

# NIST SP 800-63B-4, 3.1.1.2: at least 15 signs where a password may stand alone, no rule about their kinds.
SHORTEST, LONGEST = 15, 128
# A sign can be typed as several (a letter and its accents); beyond this nothing is even read.
_LONGEST_TYPED = 8 * LONGEST
# OWASP Password Storage Cheat Sheet: argon2id with 19 MiB, two passes, one lane.
_HASHER = PasswordHasher(memory_cost=19 * 1024, time_cost=2, parallelism=1)
# The hash of a random word that was thrown away. It is computed for accounts that do not exist, so that they
# take as long as those that do.
_NOBODYS = "$argon2id$v=19$m=19456,t=2,p=1$YDNqhENS2f8Ul6hMgvyIYA$G3M6FCAbppoXu78DwucgMndDfYgl1mm4rSL37vYqMJY"
# Each computation takes 19 MiB and a core: a flood of sign-ins must not take all of both.
_AT_ONCE = threading.BoundedSemaphore(2)

_WORDS = Path(__file__).parent / "common_words.toml"
# What is left when all that is easily guessed is taken away.
_LEAST_LEFT, _LEAST_KINDS = 8, 5
_SHORTEST_WORD, _SHORTEST_RUN = 4, 3


def check(password: str, *, about: Iterable[str] = ()) -> None:
    """Refuse a password that is too short, too long or easily guessed.

    ``about`` are the account's own names and other words that lie near; parts of less than four letters in them
    are passed over. Listed words may stand in a password, but it must hold enough besides them.

    Raises
    ------
    Refused
        With every rule that the password breaks. The password itself is in no message.
    """
    prepared = _prepared(password)
    problems = []
    if not SHORTEST <= len(prepared) <= LONGEST:
        problems.append(
            _problem(
                say("It has {shortest} to {longest} characters.", shortest=SHORTEST, longest=LONGEST),
                say("Put four or five words that have nothing to do with each other one after the other."),
            )
        )
    left = _left_over(prepared[:LONGEST], about)
    if len(left) < _LEAST_LEFT or len(set(left)) < _LEAST_KINDS:
        problems.append(
            _problem(
                say("It must not be made of names, common words, repetitions or rows of keys."),
                say("Choose words that nobody would look for here, and leave the own name out."),
            )
        )
    if problems:
        raise Refused(problems)


def hashed(password: str) -> str:
    """What is stored of a password: argon2id with its own salt; about 20 ms."""
    with _AT_ONCE:
        return _HASHER.hash(_prepared(password))


def matches(password_hash: str | None, password: str) -> bool:
    """Whether the password is the one that was stored; as slow for None (nobody's) as for a real one."""
    prepared = _prepared(password)
    with _AT_ONCE:
        try:
            _HASHER.verify(password_hash or _NOBODYS, prepared)
        except VerificationError:
            return False
    return password_hash is not None


def is_outdated(password_hash: str) -> bool:
    """Whether a hash was made with other settings than today's, so that it should be made anew."""
    return _HASHER.check_needs_rehash(password_hash)


def _prepared(password: str) -> str:
    # "ä" can be typed as one sign or as two; both must be the same password. Half a sign cannot be hashed.
    whole = password[:_LONGEST_TYPED].encode(errors="replace").decode()
    return unicodedata.normalize("NFKC", whole)


def _left_over(password: str, about: Iterable[str]) -> str:
    left = password.casefold()
    listed = _common_words()
    own = {part for word in about for part in _parts(word) if len(part) >= _SHORTEST_WORD}
    for word in sorted({*listed["word"], *own}, key=len, reverse=True):
        left = left.replace(word, "\n")
    for row in listed["row"]:
        left = _without_runs(_without_runs(left, row), row[::-1])
    return _without_repetitions("".join(sign for sign in left if not sign.isspace()))


def _parts(words: str) -> list[str]:
    return "".join(sign if sign.isalnum() else " " for sign in words.casefold()).split()


def _without_runs(text: str, row: str) -> str:
    """The text without the stretches of three and more signs that stand in the row in the same order."""
    kept, at = [], 0
    while at < len(text):
        end = at + 1
        while end < len(text) and text[at : end + 1] in row:
            end += 1
        kept.append("\n" if end - at >= _SHORTEST_RUN else text[at:end])
        at = end
    return "".join(kept)


def _without_repetitions(text: str) -> str:
    """Each stretch that is repeated at once, kept a single time: ``abcabcabc`` is ``abc``."""
    for length in range(1, len(text) // 2 + 1):
        at = 0
        while at + 2 * length <= len(text):
            if text[at : at + length] == text[at + length : at + 2 * length]:
                text = text[:at] + text[at + length :]
            else:
                at += 1
    return text


@cache
def _common_words() -> dict[str, list[str]]:
    return tomllib.loads(_WORDS.read_text(encoding="utf-8"))


def _problem(rule: Message, remedy: Message) -> Problem:
    return Problem(place=say("The password"), value=None, rule=rule, remedy=remedy)
