"""Numbers, addresses and absences of a list beside those of the registry: what is added, and what takes whose place."""

from collections.abc import Mapping, Sequence
from datetime import date

from prep.exchange.contact_plan import AwayStep, PointStep
from prep.exchange.contact_rows import AwaySaid, PointSaid
from prep.exchange.findings import Remark, Severity
from prep.exchange.vocabulary import meanings, plain_word
from prep.language import say
from prep.models import Absence, ContactPoint, Person
from prep.registry.people import MOST_POINTS
from prep.terms import ContactKind, Language

# What a number is for, in the words of the person's own language.
_PURPOSES: Mapping[tuple[str, Language], str] = {
    ("work", Language.FI): "työ",
    ("work", Language.SV): "arbete",
    ("work", Language.EN): "work",
    ("home", Language.FI): "koti",
    ("home", Language.SV): "hem",
    ("home", Language.EN): "home",
}


def point_steps(
    said: Sequence[PointSaid], known: Sequence[ContactPoint], *, language: Language
) -> tuple[tuple[PointStep, ...], list[Remark]]:
    """What the registry lacks of the numbers and addresses that are told.

    One that is known stays as it is. A new one takes the place of the only other of its kind (and of its purpose,
    where the list tells it); where there are several, it is added, and they stay.
    """
    values = {point.value for point in known}
    told = [one for one in said if one.value not in values]
    named = {one.value for one in said}
    free = [point for point in known if point.value not in named]
    steps: list[PointStep] = []
    remarks: list[Remark] = []
    for one in told:
        replaced = _replaced(one, told, free)
        if replaced is not None:
            free.remove(replaced)
            steps.append(PointStep(one.kind, one.value, replaced.purpose, replaced.id, replaced.value))
        elif len(known) + sum(step.replaces is None for step in steps) >= MOST_POINTS:
            remarks.append(_TOO_MANY)
        else:
            steps.append(PointStep(one.kind, one.value, _PURPOSES.get((one.purpose, language), "")))
            if any(point.kind is one.kind for point in free):
                remarks.append(_OTHERS_STAY)
    return tuple(steps), list(dict.fromkeys(remarks))


def away_step(
    said: AwaySaid, absences: Sequence[Absence], *, on: date
) -> tuple[AwayStep | None, Remark | None]:
    """What the registry lacks of an absence that is told; days that overlap with one on record correct it."""
    starts, ends = said.starts or on, None if said.ends == date.max else said.ends
    known = [
        one
        for one in absences
        if one.starts <= (ends or date.max)
        and starts <= (one.ends or date.max)
        and (said.starts is not None or one.ends == ends or one.covers(on))
    ]
    if said.starts is None and len(known) == 1:
        # The list tells only until when: since when is known already.
        starts = known[0].starts
    if ends is not None and ends < starts:
        return None, _ENDS_BEFORE
    if len(known) > 1:
        return None, _SEVERAL_TIMES
    if not known:
        return AwayStep(starts, ends), None
    before = (known[0].starts, known[0].ends)
    step = AwayStep(starts, ends, known[0].id, before)
    return (None if before == (starts, ends) else step), None


def exported_absence(person: Person, *, on: date) -> Absence | None:
    """The absence of which a list tells: the one of that day, else the next."""
    return next((one for one in person.absences if one.ends is None or one.ends >= on), None)


def _replaced(one: PointSaid, told: Sequence[PointSaid], free: Sequence[ContactPoint]) -> ContactPoint | None:
    """Whose place a new value takes: that of the only one that it can be meant for."""
    known = [point for point in free if point.kind is one.kind]
    if one.purpose:
        same = [
            point
            for point in free
            if point.kind in _TELEPHONES and meanings("purpose").get(plain_word(point.purpose)) == one.purpose
        ]
        if len(same) == 1:
            return same[0]
        known = [point for point in known if not point.purpose]
    others = [other for other in told if other.kind is one.kind]
    return known[0] if len(known) == len(others) == 1 else None


_TELEPHONES = frozenset({ContactKind.MOBILE, ContactKind.LANDLINE})
_OTHERS_STAY = Remark(
    Severity.NOTE,
    say("The registry knows other numbers of this kind: they stay, and this one is added."),
    say("Remove those that are no longer right on the page of the person."),
)
_TOO_MANY = Remark(
    Severity.WARNING,
    say("Somebody has at most {n} numbers and addresses.", n=MOST_POINTS),
    say("Remove one that is not used."),
)
_ENDS_BEFORE = Remark(
    Severity.WARNING,
    say("The absence ends before it begins, or is over: it was not taken."),
    say("Check both days."),
)
_SEVERAL_TIMES = Remark(
    Severity.WARNING,
    say("These days overlap with several absences on record: they were not taken."),
    say("Correct the absences on the page of the person."),
)
