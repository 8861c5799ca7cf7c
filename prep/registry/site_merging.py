"""Making one of two premises that are the same: the one that stays takes over what is known of the other."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import UniqueConstraint, select
from sqlalchemy.orm import Session

from prep.errors import Problem, Refused
from prep.language import Message, say
from prep.models import Attachment, Base, Site, SiteUseRow
from prep.registry.site_doubles import are_two_sites, forget_decisions
from prep.terms import SiteUse

# Both coordinates are one thing: half of a place is none.
PLACE = "coordinates"
# What is no fact about the premises, or is settled otherwise.
_SETTLED = frozenset(
    {"id", "municipality_code", "lat", "lon", "version", "imported_from", "confirmed_on", "confirmed_by"}
)
# Parts that are merged one by one.
_OWN_WAY = frozenset({"uses", "key_holders", "status_changes"})


def site_fields() -> tuple[str, ...]:
    """Everything of which the one or the other can be kept, in the order of the table."""
    columns = [column.key for column in Site.__table__.columns]
    kept = [PLACE if key == "lat" else key for key in columns if key == "lat" or key not in _SETTLED]
    return tuple(key for key in kept if key not in _SETTLED)


def value_of(site: Site, field: str) -> Any:
    """What is known of a field; None for nothing."""
    if field == PLACE:
        return None if site.lat is None else (site.lat, site.lon)
    value = getattr(site, field)
    return None if value == "" else value


def proposed(one: Site, other: Site) -> frozenset[str]:
    """The fields which only the other knows: they are taken over unless somebody says otherwise."""
    return frozenset(
        field
        for field in site_fields()
        if value_of(other, field) not in (None, _unknown(field))
        and value_of(one, field) in (None, _unknown(field))
    )


def merged_uses(one: Site, other: Site) -> dict[SiteUse, int | None]:
    """The uses of both; where both state places for one, the smaller number, which promises less."""
    found: dict[SiteUse, int | None] = {}
    for row in (*one.uses, *other.uses):
        stated = [n for n in (found.get(row.use), row.stated_capacity) if n is not None]
        found[row.use] = min(stated, default=None)
    return found


def merge_sites(session: Session, one: Site, other: Site, *, taken: Iterable[str]) -> None:
    """Let ``one`` take over what is ``taken`` of ``other``, with its key holders and files; ``other`` is no more.

    The row counts as confirmed when both were: since the older of the two days.

    Raises
    ------
    Refused
        If the two are on the lists of different municipalities.
    """
    if problems := conflicts(one, other):
        raise Refused(problems)
    for field in sorted(set(taken) & set(site_fields())):
        if field == PLACE:
            one.lat, one.lon = other.lat, other.lon
        elif field != "name":
            setattr(one, field, getattr(other, field))
    # Nothing may look fresher for being put together.
    days = [one.confirmed_on, other.confirmed_on]
    _confirm(one, other, None if None in days else min(day for day in days if day is not None))
    _take_uses(one, merged_uses(one, other))
    _take_key_holders(one, other)
    _take_parts(one, other)
    _take_calendar(one, other)
    _take_history(one, other)
    for file in session.scalars(select(Attachment).where(Attachment.site_id == other.id)).all():
        file.site = one
    thirds = forget_decisions(session, other)
    name = other.name
    session.flush()
    session.expire(other)
    session.delete(other)
    session.flush()
    if "name" in taken:
        # Only now is the name free.
        one.name = name
    for number in thirds:
        if number != one.id:
            are_two_sites(session, one, session.get_one(Site, number))
    session.flush()
    session.expire(one)


def conflicts(one: Site, other: Site) -> list[Problem]:
    """What stands in the way of making one of two."""
    if one.municipality_code == other.municipality_code:
        return []
    return [
        Problem(
            place=one.name,
            value=other.name,
            rule=say("The two are on the lists of different municipalities."),
            remedy=say("Take the premises off the list of the municipality that does not keep them."),
        )
    ]


def moved(other: Site, files: int) -> list[tuple[Message, int]]:
    """How much of each kind goes over with premises, in words."""
    counts = ((say("key holders"), len(other.key_holders)), (say("files"), files))
    return [(what, n) for what, n in counts if n]


def _unknown(field: str) -> Any:
    column = Site.__table__.columns.get(field)
    # The availability has a word of its own for it.
    return None if column is None or column.default is None else column.default.arg


def _confirm(one: Site, other: Site, day: date | None) -> None:
    if day != one.confirmed_on:
        one.confirmed_on = day
        one.confirmed_by = other.confirmed_by if day is not None else None


def _take_uses(one: Site, uses: Mapping[SiteUse, int | None]) -> None:
    rows = {row.use: row for row in one.uses}
    for use, stated in uses.items():
        if use in rows:
            rows[use].stated_capacity = stated
        else:
            one.uses.append(SiteUseRow(use=use, stated_capacity=stated))


def _take_key_holders(one: Site, other: Site) -> None:
    known = {_who(holder) for holder in one.key_holders}
    place = max((holder.position for holder in one.key_holders), default=-1)
    for holder in list(other.key_holders):
        if _who(holder) not in known:
            place += 1
            other.key_holders.remove(holder)
            holder.position = place
            one.key_holders.append(holder)


def _who(holder: Any) -> tuple[Any, ...]:
    return holder.power, holder.person_id, holder.name.casefold(), holder.phone


def _take_parts(one: Site, other: Site) -> None:
    """Whatever else belongs to premises goes over, except where the one has the same already."""
    for link in Site.__mapper__.relationships:
        if not link.cascade.delete_orphan or link.key in _OWN_WAY:
            continue
        mine, theirs = getattr(one, link.key), getattr(other, link.key)
        if not link.uselist:
            # Only one can be: that of the one that stays.
            continue
        known = {_named(part) for part in mine}
        for part in list(theirs):
            if _named(part) not in known:
                theirs.remove(part)
                mine.append(part)


def _take_calendar(one: Site, other: Site) -> None:
    """The calendar is kept only if both were, and only to the day to which both are known."""
    if one.calendar is None:
        return
    if other.calendar is None:
        one.calendar = None
        return
    one.calendar.known_until = min(
        (day for day in (one.calendar.known_until, other.calendar.known_until) if day is not None),
        default=None,
    )


def _take_history(one: Site, other: Site) -> None:
    """What became of the other stays to be read, as the other's: it says nothing of the one."""
    # Both are read before either is changed: what is read meanwhile would write what belongs to nobody.
    mine, theirs = one.status_changes, other.status_changes
    for change in list(theirs):
        theirs.remove(change)
        change.of = change.of or other.name
        mine.append(change)


def _named(part: Base) -> tuple[Any, ...]:
    """What no two parts of the same premises share."""
    for constraint in part.__table__.constraints:  # type: ignore[attr-defined]
        if isinstance(constraint, UniqueConstraint) and "site_id" in constraint.columns:
            return tuple(getattr(part, one.key) for one in constraint.columns if one.key != "site_id")
    return (id(part),)
