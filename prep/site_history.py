"""The status of premises over time: what it was, from when, by whom and why, whatever way changed it.

It has a table of its own and is not read back from the audit trail: what the trail recorded can be dropped by the rule
of retention, and which premises the county relied on at a time has to be told for as long as they are kept. A row is
written in the flush that changes the status, so that no way of changing it can forget it, and goes with the change
when that is taken back.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import event, inspect, select
from sqlalchemy.orm import Session

from prep import clock
from prep.models import Site, SiteStatusChange
from prep.terms import SiteStatus

_PAUSED = "site_history_paused"


@dataclass(frozen=True, slots=True)
class StatusPeriod:
    """A status that premises had from a moment on; ``starts`` is None where nobody knows since when.

    ``ends`` is when the next began, None while it lasts. ``of`` names the premises that had it where they were made
    one with these later on; it is empty for their own.
    """

    status: SiteStatus
    condition: str
    starts: datetime | None
    ends: datetime | None
    by: str
    why: str
    of: str = ""


def watch(session: Session) -> None:
    """From now on every change of status in this session leaves a row in the history of the premises."""
    event.listen(session, "before_flush", _keep)


@contextmanager
def paused(session: Session) -> Iterator[None]:
    """Keep nothing meanwhile: a change that is taken back takes its own rows of the history along."""
    session.info[_PAUSED] = True
    try:
        yield
    finally:
        del session.info[_PAUSED]


def complete(session: Session, site: Site) -> None:
    """See to it that the history of premises ends with the status that they have."""
    last = session.scalars(
        select(SiteStatusChange)
        .where(SiteStatusChange.site_id == site.id, SiteStatusChange.of == "")
        .order_by(SiteStatusChange.id.desc())
        .limit(1)
    ).first()
    if last is None or (last.status, last.condition) != (site.status, site.condition):
        _append(session, site)
        session.flush()


def periods(rows: Sequence[SiteStatusChange]) -> list[StatusPeriod]:
    """What the rows of a history say, the latest first; what did not change the status begins nothing new."""
    found: list[StatusPeriod] = []
    for of, some in groupby(sorted(rows, key=_when), key=lambda row: row.of):
        begun: list[SiteStatusChange] = []
        for row in some:
            if not begun or (row.status, row.condition) != (begun[-1].status, begun[-1].condition):
                begun.append(row)
        for number, row in enumerate(begun, start=1):
            ends = begun[number].at if number < len(begun) else None
            found.append(StatusPeriod(row.status, row.condition, row.at, ends, row.by, row.why, of))
    return found[::-1]


def status_at(rows: Sequence[SiteStatusChange], moment: datetime) -> SiteStatus | None:
    """The status that premises had at a moment; None where their history begins later."""
    held = [row for row in sorted(rows, key=_when) if row.of == "" and (row.at is None or row.at <= moment)]
    return held[-1].status if held else None


def _when(row: SiteStatusChange) -> tuple[bool, str, bool, float, int]:
    # Those of others by themselves, and first what began nobody knows when.
    return row.of == "", row.of, row.at is not None, row.at.timestamp() if row.at else 0.0, row.id


def _keep(session: Session, _context: Any, _instances: Any) -> None:
    if session.info.get(_PAUSED):
        return
    for instance in (*session.new, *session.dirty):
        if isinstance(instance, Site) and (instance in session.new or _is_other(instance)):
            _append(session, instance)


def _is_other(site: Site) -> bool:
    state = inspect(site)
    return any(state.attrs[name].history.has_changes() for name in ("status", "condition"))


def _append(session: Session, site: Site) -> None:
    session.add(
        SiteStatusChange(
            site=site,
            at=clock.now(),
            # A new row has its defaults only after the flush.
            status=site.status or SiteStatus.UNKNOWN,
            condition=site.condition or "",
            by=session.info.get("actor", ""),
            why=session.info.get("why", ""),
        )
    )
