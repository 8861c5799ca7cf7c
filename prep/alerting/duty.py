"""Who is away and who is on duty when: spans of time, and duty calendars with exceptions (päivystysvuorot)."""

from dataclasses import dataclass
from datetime import datetime

from prep.errors import Problem, Refused
from prep.language import Message, say


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time between two aware moments: its beginning belongs to it, its end does not."""

    starts: datetime
    ends: datetime

    def __post_init__(self) -> None:
        if self.starts.tzinfo is None or self.ends.tzinfo is None:
            raise _refusal(
                f"{self.starts} – {self.ends}",
                say("A moment is given with its zone, so that a change to summer time cannot move it."),
                say("Write it as {example}.", example="2026-11-22T04:00+02:00"),
            )
        if self.ends <= self.starts:
            raise _refusal(
                f"{self.starts.isoformat()} – {self.ends.isoformat()}",
                say("A span ends after it begins."),
                say("Correct one of the two moments."),
            )

    def covers(self, at: datetime) -> bool:
        return self.starts <= at < self.ends


@dataclass(frozen=True, slots=True)
class Shift:
    """A turn of duty of one actor; None: nobody. An override takes the place of the ordinary turns."""

    span: Span
    actor: str | None
    override: bool = False


@dataclass(frozen=True, slots=True)
class DutyCalendar:
    """Whose turn it is. Of several turns at one moment an override wins, then the one that stands last."""

    key: str
    name: str
    shifts: tuple[Shift, ...] = ()

    def on_duty(self, at: datetime) -> str | None:
        """Who is on duty at a moment; None if nobody is.

        >>> from prep.language import HELSINKI
        >>> day = [datetime(2026, 7, number, 8, tzinfo=HELSINKI) for number in (1, 2)]
        >>> DutyCalendar("d", "Duty", (Shift(Span(*day), "aino"),)).on_duty(day[0])
        'aino'
        """
        covering = [shift for shift in self.shifts if shift.span.covers(at)]
        chosen = [shift for shift in covering if shift.override] or covering
        return chosen[-1].actor if chosen else None

    @property
    def usual(self) -> str | None:
        """Who is taken to be on duty where no moment is given: whoever has the first turn."""
        return next((shift.actor for shift in self.shifts if shift.actor is not None), None)

    @property
    def actors(self) -> frozenset[str]:
        return frozenset(shift.actor for shift in self.shifts if shift.actor is not None)


def _refusal(value: str, rule: Message, remedy: Message) -> Refused:
    return Refused(Problem(place=say("Span of time"), value=value, rule=rule, remedy=remedy))
