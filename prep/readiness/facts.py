"""A county on a day, read once: what its findings and the lines of its municipalities rest on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from prep.alerting.answer_records import latest_results
from prep.alerting.records import all_chains
from prep.evacuation.records import SiteView, site_states
from prep.models import Chain, County, Municipality, SimulationResult
from prep.readiness.judgement import JUDGED_BY
from prep.regions.schema import RegionPack
from prep.registry.bodies import BodyStanding, bodies_standing
from prep.registry.contacts import RoleStanding, roles_standing
from prep.registry.install import installed_pack
from prep.registry.meetings import MeetingStanding, meetings_standing
from prep.registry.sites import municipalities


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a county on a day; ``answers`` are the newest by which chains are judged, by chain."""

    on: date
    # None before there is a county.
    pack: RegionPack | None
    municipalities: Sequence[Municipality]
    bodies: Sequence[BodyStanding]
    # By the number of the body.
    meetings: Mapping[int, Sequence[MeetingStanding]]
    roles: Sequence[RoleStanding]
    sites: Sequence[SiteView]
    chains: Sequence[Chain]
    answers: Mapping[int, SimulationResult]


def gather(session: Session, *, on: date) -> Facts:
    """Read a county.

    Cost: some forty queries, however large it is.
    """
    return Facts(
        on=on,
        pack=installed_pack(session) if session.scalar(select(County.id)) is not None else None,
        municipalities=municipalities(session),
        bodies=bodies_standing(session, on=on),
        meetings=meetings_standing(session, on=on),
        roles=roles_standing(session, on=on),
        sites=site_states(session, on=on),
        chains=all_chains(session),
        answers=latest_results(session, scenario=JUDGED_BY),
    )
