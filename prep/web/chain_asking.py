"""What the pages about one chain share: the chain that may be seen, the scenario asked about, the way between them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Flask, g, request, url_for
from sqlalchemy.orm import Session

from prep import clock
from prep.alerting.chain import Network
from prep.alerting.lint import faults
from prep.alerting.own_scenarios import OwnScenario
from prep.alerting.records import find_chain, load_network
from prep.alerting.scenario_records import own_scenario, part_names, stored_scenarios, whole_network
from prep.alerting.scenarios import KINDS_DOWN, PRESETS, Scenario, parse
from prep.auth.permissions import nothing_here
from prep.auth.roles import Permission
from prep.errors import NotFound
from prep.language import Message, say
from prep.models import Chain
from prep.terms import Language, ResourceKind
from prep.web.choices import Choice, choices
from prep.web.database import reading
from prep.web.frame import Place
from prep.web.language import page_language
from prep.web.sight import may

# The hour at which an alarm is hardest to answer is asked about first.
HOURS = ("holiday", "night", "evening", "holiday_day", "office")
_OUTAGES = ("mobile_down", "emergency_centre_down", "power_cut")
# Kinds of infrastructure that no preset takes down: they are asked about beside one another.
_KINDS = (
    ResourceKind.LANDLINE,
    ResourceKind.SMS_GATEWAY,
    ResourceKind.MASS_ALERT,
    ResourceKind.AUTHORITY_RADIO,
    ResourceKind.PAGER_NETWORK,
    ResourceKind.INTERNET,
)
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
    """The scenario of the address: an hour or an own scenario, and any number of things out of order."""
    names = asked_names()
    own = own_known()
    if any(names_hour(part, own) for name in names for part in name.split("+")):
        return parse("+".join(names), own)
    # What says nothing of the hour is asked about at the worst one.
    return parse("+".join([HOURS[0], *names]), own)


def asked_names() -> list[str]:
    """What the address names, as it is written; empty where it names nothing."""
    # In an address a plus sign is a space.
    given = [request.args.get("tilanne", ""), *request.args.getlist("vika")]
    return list(dict.fromkeys("+".join(one.split()) for one in given if one.strip()))


def tell_with(app: Flask) -> None:
    """Let templates keep the scenario of the address in their links."""
    app.context_processor(lambda: {"scenario_kept": scenario_kept})


def scenario_kept() -> dict[str, Any]:
    """The scenario of the address, for the address of another page."""
    return {
        name: found
        for name in ("tilanne", "vika")
        if (found := [one for one in request.args.getlist(name) if one])
    }


def outage_asked() -> Scenario | None:
    """What is out of order in the address, whatever the hour."""
    outages = ["+".join(one.split()) for one in request.args.getlist("vika") if one.strip()]
    return parse("+".join(dict.fromkeys(outages)), own_known()) if outages else None


def own_known() -> Mapping[str, Scenario]:
    """The county's own scenarios by key, as the simulator takes them."""
    return {key: one.scenario() for key, one in _own_stored().items()}


def scenario_choices() -> dict[str, Any]:
    """The hours and the outages as links, and as a form where several can be out of order at once."""
    made = sheet()
    return {
        "hours": choices("tilanne", [(value, words) for value, words, _ in made.hours], chosen=made.hour),
        "outages": outage_choices(),
        "sheet": made,
        "kept": scenario_kept(),
        "own_told": _own_told(),
    }


def outage_choices() -> list[Choice]:
    """What can be out of order, as links: each is asked about alone."""
    own = own_known()
    chosen = request.args.getlist("vika")
    options = [
        ("", say("Everything works")),
        *((key, PRESETS[key].name) for key in _OUTAGES),
        *((key, one.name) for key, one in own.items() if not one.hours),
    ]
    return [
        Choice(one.label, one.href, is_chosen=value in chosen or not (value or any(chosen)))
        for one, (value, _) in zip(choices("vika", options, chosen=""), options, strict=True)
    ]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The form for an hour and several things out of order at once: value, words, whether it is chosen.

    ``kept`` is what the page asks beside these; ``keep_at`` where the scenario can be kept as an own one, None for
    those who may not.
    """

    hour: str
    hours: list[tuple[str, Message | str, bool]]
    outages: list[tuple[str, Message | str, bool]]
    kept: list[tuple[str, str]]
    keep_at: str | None


def sheet() -> Sheet:
    own, hour, down = own_known(), request.args.get("tilanne") or HOURS[0], request.args.getlist("vika")
    hours = [
        *((key, PRESETS[key].name) for key in HOURS),
        *((key, one.name) for key, one in own.items() if one.hours),
    ]
    outages = [
        *((key, PRESETS[key].name) for key in _OUTAGES),
        *((key, one.name) for key, one in own.items() if not one.hours),
        *((kind, KINDS_DOWN[kind].name) for kind in _KINDS),
    ]
    left_out = {"tilanne", "vika", "paikka", "sivu", "tiedosto", "lang", "tehty", "kumoa", "paluu"}
    return Sheet(
        hour=hour,
        hours=[(key, words, key == hour) for key, words in hours],
        outages=[(key, words, key in down) for key, words in outages],
        kept=[(name, value) for name, value in request.args.items(multi=True) if name not in left_out],
        keep_at=url_for("own_scenarios.new", **scenario_kept()) if may(Permission.CHAIN_EDIT) else None,
    )


def _own_stored() -> Mapping[str, OwnScenario]:
    """Read once for a page."""
    if "own_scenarios" not in g:
        with reading() as session:
            g.own_scenarios = {row.key: own_scenario(row) for row in stored_scenarios(session)}
    known: Mapping[str, OwnScenario] = g.own_scenarios
    return known


def _own_told() -> list[tuple[str, list[Message]]]:
    """What the own scenarios that are asked about say."""
    known = _own_stored()
    own = [known[part] for name in asked_names() for part in name.split("+") if part in known]
    names: Mapping[str, str] = {}
    if any(one.parts for one in own):
        with reading() as session:
            names = part_names(whole_network(session, on=clock.today(), language=page_language()))
    return [(one.name, list(one.told(names))) for one in own]


def names_hour(name: str, own: Mapping[str, Scenario]) -> bool:
    found = own.get(name) or PRESETS.get(name)
    return found is not None and bool(found.hours)


def chain_parts(chain: Chain) -> list[Place]:
    """The pages about a chain that whoever asks may open, under the same scenario."""
    return [
        Place(
            label, url_for(endpoint, key=chain.key, **scenario_kept()), is_here=request.endpoint == endpoint
        )
        for endpoint, label, needed in _PARTS
        if may(needed, chain.body.municipality_code)
    ]
