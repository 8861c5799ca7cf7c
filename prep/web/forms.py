"""Forms that lose nothing: what was typed comes back with what is wrong, each problem at its field."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from flask import request

from prep.auth.turning_away import TurnedAway
from prep.errors import PrepError, Problem, Refused
from prep.language import Message, say
from prep.web.language import page_language
from prep.web.writing import as_sentence

_Read = TypeVar("_Read")
# The place of a problem, in English, and the field that it means.
Places = Mapping[str, str]
# Never sent back: whoever looks over a shoulder, or at a kept page, must not read them.
_SECRET = frozenset({"password", "again", "old", "code", "secret"})


@dataclass(frozen=True, slots=True)
class Fault:
    """One problem as a form shows it: the field to mend, and the whole sentence."""

    field: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Form:
    """What was typed, and what is wrong with it."""

    values: Mapping[str, str] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()
    # What stood in it when it was opened, and the version of the row then; see prep.web.editing.
    opened: Mapping[str, str] | None = None
    version: int | None = None
    # What somebody else has stored meanwhile, by field, and who it was.
    theirs: Mapping[str, Message] = field(default_factory=dict)
    changed_by: Message | None = None

    @property
    def opened_as_text(self) -> str:
        """What stood in it when it was opened, for the form's hidden field."""
        return json.dumps(dict(self.opened or {}), ensure_ascii=False)

    def value(self, name: str, otherwise: str = "") -> str:
        """What stands in a field."""
        return self.values.get(name, otherwise)

    def faults_of(self, name: str) -> list[str]:
        """What is wrong with a field."""
        return [one.sentence for one in self.faults if one.field == name]


class Gathering:
    """Reads field after field, and gathers what is wrong with each instead of stopping at the first."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def tried(self, read: Callable[[], _Read], otherwise: _Read) -> _Read:
        """What is read; ``otherwise`` where it is refused, so that the rest is looked through all the same."""
        try:
            return read()
        except Refused as error:
            self.problems.extend(error.problems)
            return otherwise


def typed(*names: str) -> dict[str, str]:
    """What was sent in the fields of a form; nothing else of the request is looked at."""
    return {name: request.form.get(name, "") for name in names}


def sent_back(values: Mapping[str, str], problems: PrepError | Iterable[Problem], places: Places) -> Form:
    """The form once more, with what was typed and what is wrong.

    ``places`` says by which field a problem's place is meant, its first field where a place is not named.
    """
    found = problems.problems if isinstance(problems, PrepError) else tuple(problems)
    first = next(iter(places.values()))
    return Form(
        {name: value for name, value in values.items() if name not in _SECRET},
        tuple(
            Fault(places.get(_place(one), first), as_sentence(one.in_language(page_language())))
            for one in found
        ),
    )


def require_same(values: Mapping[str, str]) -> None:
    """Go on only if a new password was typed twice alike.

    Raises
    ------
    Refused
        If it was not.
    """
    if values["password"] != values["again"]:
        raise Refused(
            Problem(
                place=say("The password again"),
                value=None,
                rule=say("Both fields have the same password."),
                remedy=say("Type it once more in both."),
            )
        )


def status_of(given: TurnedAway) -> int:
    """The HTTP status for somebody who was not let in: wrong, or too often."""
    return 422 if given.retry_at is None else 429


def _place(problem: Problem) -> str:
    return problem.place.template if isinstance(problem.place, Message) else problem.place
