"""Premises that may stand on the list twice: candidates with the reasons, for a person to decide."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from prep import clock
from prep.language import Message, say, sort_key
from prep.models import PossibleSiteDouble, Site
from prep.registry.likeness import SAME_PLACE_M, Known, alike_names, near


@dataclass(frozen=True, slots=True)
class SiteCandidates:
    """Two premises that may be one, in the order of their numbers in the registry, and why."""

    one: Site
    other: Site
    reasons: tuple[Message, ...]


def possible_site_doubles(session: Session, *, among: Sequence[Site] | None = None) -> list[SiteCandidates]:
    """Pairs of one municipality with almost the same name or place, the strongest reasons first.

    Pairs that were looked at and found not to be the same are left out. ``among``: only these premises.
    """
    sites = session.scalars(select(Site).order_by(Site.id)).all() if among is None else among
    known = [
        Known(site.municipality_code, " ".join(site.name.casefold().split()), site.lat, site.lon)
        for site in sites
    ]
    reasons: dict[tuple[int, int], list[Message]] = defaultdict(list)
    for first, second in sorted(set(alike_names(known))):
        is_same = known[first].name == known[second].name
        reasons[first, second].append(say("the same name") if is_same else say("almost the same name"))
    for pair in sorted(set(near(known))):
        reasons[pair].append(say("less than {m} m apart", m=SAME_PLACE_M))
    decided = {(one.site_id, one.other_id) for one in session.scalars(select(PossibleSiteDouble))}
    found = []
    for (first, second), why in reasons.items():
        one, other = sorted((sites[first], sites[second]), key=lambda site: site.id)
        if (one.id, other.id) not in decided:
            found.append(SiteCandidates(one, other, tuple(why)))
    return sorted(found, key=lambda pair: (-len(pair.reasons), sort_key(pair.one.name), pair.one.id))


def are_two_sites(session: Session, one: Site, other: Site) -> None:
    """Remember that two premises were looked at and are not the same; once is enough.

    Raises
    ------
    ValueError
        If they are one and the same.
    """
    if one.id == other.id:
        raise ValueError("premises are no pair with themselves")
    first, second = min(one.id, other.id), max(one.id, other.id)
    if session.get(PossibleSiteDouble, (first, second)) is None:
        session.add(PossibleSiteDouble(site_id=first, other_id=second, decided_at=clock.now()))
        session.flush()


def forget_decisions(session: Session, site: Site) -> list[int]:
    """Forget what was decided about premises that will be no more; the numbers of those they were told apart from."""
    query = select(PossibleSiteDouble).where(
        or_(PossibleSiteDouble.site_id == site.id, PossibleSiteDouble.other_id == site.id)
    )
    decisions: Iterable[PossibleSiteDouble] = session.scalars(query).all()
    others = []
    for one in decisions:
        others.append(one.other_id if one.site_id == site.id else one.site_id)
        session.delete(one)
    session.flush()
    return others
