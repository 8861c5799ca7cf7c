"""What the pages about one chain share: the chain that may be seen, the scenario asked about, the way between them."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import request, url_for
from sqlalchemy.orm import Session

from prep.alerting.chain import Network
from prep.alerting.lint import faults
from prep.alerting.records import find_chain, load_network
from prep.alerting.scenarios import PRESETS, Scenario, parse
from prep.auth.permissions import nothing_here
from prep.auth.roles import Permission
from prep.errors import NotFound
from prep.language import say
from prep.models import Chain
from prep.terms import Language
from prep.web.choices import Choice, choices
from prep.web.frame import Place
from prep.web.sight import may

# The hour at which an alarm is hardest to answer is asked about first.
HOURS = ("holiday", "night", "evening", "holiday_day", "office")
_OUTAGES = ("mobile_down", "emergency_centre_down", "power_cut")
_PARTS = (
    ("chains.one", say("Is it reached"), Permission.CHAIN_READ),
    ("chain_flaws.show", say("Weak points"), Permission.CHAIN_READ),
    ("chain_fixing.show", say("What would help"), Permission.CHAIN_SIMULATE),
    ("chain_hours.show", say("Hour by hour"), Permission.CHAIN_READ),
    ("chain_story.show", say("One alarm"), Permission.CHAIN_READ),
    ("chain_history.listed", say("Versions"), Permission.CHAIN_READ),
    ("chain_editing.show", say("Edit"), Permission.CHAIN_EDIT),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A chain as it stands on a day; with a fault in it nothing can be simulated."""

    chain: Chain
    network: Network
    is_faulty: bool

    @property
    def group(self) -> str:
        return self.network.groups[0].key


def chain_of(session: Session, key: str, needed: Permission = Permission.CHAIN_READ) -> Chain:
    """The chain of a key; one about which that may not be asked does not exist."""
    try:
        found = find_chain(session, key)
    except NotFound as error:
        raise nothing_here() from error
    if not may(needed, found.body.municipality_code):
        raise nothing_here()
    return found


def asked_chain(chain: Chain, *, on: date, language: Language) -> Asked:
    """The chain with its network, looked through for faults."""
    network = load_network([chain], on=on, language=language)
    return Asked(chain, network, bool(faults(network)))


def scenario_asked() -> Scenario:
    """The scenario of the address: an hour, and what is out of order."""
    hour = request.args.get("tilanne") or HOURS[0]
    outage = request.args.get("vika")
    return parse(f"{hour}+{outage}" if outage else hour)


def scenario_kept() -> dict[str, Any]:
    """The scenario of the address, for the address of another page."""
    return {name: request.args[name] for name in ("tilanne", "vika") if request.args.get(name)}


def outage_asked() -> Scenario | None:
    """What is out of order in the address, whatever the hour."""
    outage = request.args.get("vika")
    return parse(outage) if outage else None


def scenario_choices() -> dict[str, list[Choice]]:
    """The hours and the outages as links."""
    return {
        "hours": choices(
            "tilanne",
            [(key, PRESETS[key].name) for key in HOURS],
            chosen=request.args.get("tilanne") or HOURS[0],
        ),
        "outages": outage_choices(),
    }


def outage_choices() -> list[Choice]:
    return choices(
        "vika",
        [("", say("Everything works")), *((key, PRESETS[key].name) for key in _OUTAGES)],
        chosen=request.args.get("vika", ""),
    )


def chain_parts(chain: Chain) -> list[Place]:
    """The pages about a chain that whoever asks may open, under the same scenario."""
    return [
        Place(
            label, url_for(endpoint, key=chain.key, **scenario_kept()), is_here=request.endpoint == endpoint
        )
        for endpoint, label, needed in _PARTS
        if may(needed, chain.body.municipality_code)
    ]
