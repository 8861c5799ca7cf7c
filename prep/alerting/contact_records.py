"""By which numbers a person can be tried, in which telephone they end, and when the person is away."""

from datetime import date, datetime, time, timedelta

from prep.alerting import defaults
from prep.alerting.chain import ByHour
from prep.alerting.duty import Span
from prep.language import HELSINKI
from prep.models import Absence, ContactPoint, Person
from prep.terms import ActorKind, Channel, ContactKind

# Which contact points a channel can use. A person's points are tried in their own order.
_USES: dict[Channel, frozenset[ContactKind]] = {
    Channel.CALL: frozenset({ContactKind.MOBILE, ContactKind.LANDLINE}),
    Channel.ROBOT_CALL: frozenset({ContactKind.MOBILE}),
    Channel.SMS: frozenset({ContactKind.MOBILE}),
    Channel.APP: frozenset({ContactKind.APP}),
    Channel.APP_OVERRIDE: frozenset({ContactKind.APP}),
    Channel.PAGER: frozenset({ContactKind.PAGER}),
    Channel.RADIO: frozenset({ContactKind.AUTHORITY_RADIO}),
    Channel.DUTY_CALL: frozenset({ContactKind.LANDLINE, ContactKind.MOBILE}),
    Channel.EMAIL: frozenset({ContactKind.EMAIL}),
    Channel.SATELLITE_CALL: frozenset({ContactKind.SATELLITE}),
}
_END_OF_TIME = date(2100, 1, 1)


def handset_key(person: Person, point: ContactPoint) -> str | None:
    """The telephone in which a number or app of a person ends: apps run on the first mobile one."""
    if person.kind is not ActorKind.PERSON or point.kind not in {ContactKind.MOBILE, ContactKind.APP}:
        return None
    mobiles = [one.id for one in person.contact_points if one.kind is ContactKind.MOBILE]
    if point.kind is ContactKind.APP or mobiles[:1] == [point.id]:
        return f"handset/{person.id}"
    return f"handset/{person.id}/{point.id}"


def points_for(target: Person, channel: Channel) -> list[str]:
    """Keys of the contact points of a person that a channel can use; a runner and a system need none."""
    if channel is Channel.RUNNER or target.kind is ActorKind.SYSTEM:
        return [f"{channel}/{target.id}/-"]
    uses = _USES[channel]
    return [f"{channel}/{target.id}/{one.id}" for one in target.contact_points if one.kind in uses]


def at_the_desk_only(answers: ByHour) -> ByHour:
    """An office telephone rings in an empty room when its owner has gone home."""
    share = defaults.OFFICE_LINE_OUT_OF_HOURS
    return ByHour(answers.office, answers.evening * share, answers.night * share, answers.holiday * share)


def days_away(absence: Absence) -> Span:
    """An absence, from the first minute of its first day to the last one of its last."""
    ends = absence.ends + timedelta(days=1) if absence.ends is not None else _END_OF_TIME
    first, after = (datetime.combine(day, time(), HELSINKI) for day in (absence.starts, ends))
    return Span(first, after)
