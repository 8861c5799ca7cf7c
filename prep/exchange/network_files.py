"""An alert network as one JSON file, so that any network runs without a database; ``docs/network-file.md`` explains it.

The schema in ``docs/network-file.schema.json`` is made from the classes here. Figures that are left out are those of
``prep.alerting.defaults``.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from math import inf
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from prep.alerting import defaults
from prep.alerting.chain import (
    Actor,
    ByHour,
    CallList,
    Condition,
    ContactPoint,
    Group,
    Handset,
    Item,
    Network,
    Resource,
    Seat,
    paused,
)
from prep.alerting.delay import Delay
from prep.alerting.duty import DutyCalendar, Shift, Span
from prep.alerting.own_scenarios import OwnScenario, unknown_parts
from prep.alerting.scenarios import Scenario
from prep.alerting.windows import Window
from prep.errors import Problem, Refused
from prep.exchange.network_forms import (
    ActorForm,
    DutyForm,
    GroupForm,
    HandsetForm,
    HoursForm,
    ListForm,
    NetworkForm,
    PointForm,
    ResourceForm,
    ScenarioForm,
)
from prep.exchange.network_json import form_problems, read_json, refused
from prep.language import say
from prep.terms import ActorKind, Channel, HourClass

MOST_STEPS = 1_000_000
_Form = TypeVar("_Form")
_Value = TypeVar("_Value")


def read_network(path: Path) -> Network:
    """The network of a JSON file; its scenarios are looked through, too."""
    return read_with_scenarios(path)[0]


def read_with_scenarios(path: Path) -> tuple[Network, Mapping[str, Scenario]]:
    """The network of a JSON file, and its scenarios by key.

    Raises
    ------
    Refused
        With every fault of the form, each with its place; or because the file is too large, too deep or no JSON.
        How the parts fit together is ``lint``'s business.
    """
    content = read_json(path)
    try:
        form = NetworkForm.model_validate(content)
    except ValidationError as error:
        raise Refused(form_problems(path, error)) from error
    steps = sum(len(step.attempts) + 1 for one in form.lists for step in one.steps)
    if steps > MOST_STEPS:
        raise refused(
            path,
            str(steps),
            say("A network has at most {most} attempts.", most=MOST_STEPS),
            say("Split it into several files."),
        )
    network = network_of(form, file=path.name)
    return network, _scenarios(path, form, network)


def network_of(form: NetworkForm, *, file: str = "") -> Network:
    """The values of a form, with the defaults where it is silent; ``file`` names it in what is refused.

    Raises
    ------
    Refused
        With every value that makes no sense in itself.
    """
    kinds = {one.key: (one.kind, one.on_duty) for one in form.actors}
    points = {one.key: one for one in form.points}
    problems: list[Problem] = []

    def made(section: str, forms: Iterable[_Form], make: Callable[[_Form], _Value]) -> tuple[_Value, ...]:
        values = []
        for number, one in enumerate(forms):
            try:
                values.append(make(one))
            except Refused as error:
                problems.extend(_placed(f"{file}: {section}.{number}", error))
        return tuple(values)

    network = Network(
        resources=made("resources", form.resources, _resource),
        actors=made("actors", form.actors, _actor),
        handsets=made("handsets", form.handsets, _handset),
        points=made("points", form.points, _point),
        duties=made("duties", form.duties, _duty),
        lists=made(
            "lists",
            form.lists,
            lambda one: CallList(one.caller, one.mode, tuple(_items(one, kinds, points)), one.follow_up_s),
        ),
        groups=made("groups", form.groups, _group),
        sources=form.sources,
    )
    if problems:
        raise Refused(problems)
    return network


def _placed(place: str, error: Refused) -> Iterable[Problem]:
    """What is refused of a part of the file, with its place in it."""
    return (
        replace(each, place=say("{place}, {what}", place=place, what=each.place)) for each in error.problems
    )


def _handset(form: HandsetForm) -> Handset:
    return Handset(
        form.key,
        form.actor,
        _by_hour(form.heard) or defaults.HEARD,
        defaults.HEARD_ON_DUTY if form.heard is None else None,
    )


def _duty(form: DutyForm) -> DutyCalendar:
    return DutyCalendar(
        form.key,
        form.name or form.key,
        tuple(Shift(Span(one.starts, one.ends), one.actor, one.override) for one in form.shifts),
    )


def _group(form: GroupForm) -> Group:
    return Group(
        form.key,
        form.name or form.key,
        tuple(Seat(one.key, one.name or one.key, one.holders, one.expired) for one in form.seats),
        form.quorum,
        form.deadline_s,
        frozenset(form.required),
        tuple(map(frozenset, form.one_of)),
        form.counts_deliveries,
    )


def _items(
    one: ListForm, kinds: dict[str, tuple[ActorKind, bool]], points: dict[str, PointForm]
) -> list[Item]:
    found: list[Item] = []
    tried: dict[tuple[str, Channel], int] = {}
    for step in one.steps:
        if not step.attempts:
            found.append(paused(one.caller, step.slot, wait_s=step.wait_s))
        for form in step.attempts:
            pair = form.target, form.channel
            tried[pair] = tried.get(pair, 0) + 1
            kind, on_duty = kinds.get(form.target, (ActorKind.PERSON, False))
            point = points.get(form.point or "")
            made = defaults.item(
                form.channel,
                form.target,
                step.slot,
                kind=kind,
                on_duty=on_duty,
                attempt=tried[pair],
                resources=form.resources,
                point=form.point,
                on_handset=point is not None and point.handset is not None,
            )
            works = _by_hour(form.works)
            given = {
                name: getattr(form, name)
                for name in ("gap_s", "ring_s", "talk_s", "send_s", "fail_s")
                if getattr(form, name) is not None
            }
            found.append(
                replace(
                    made,
                    works=works or made.works,
                    works_on_duty=None if works else made.works_on_duty,
                    delay=Delay(form.delay.median_s, form.delay.sigma) if form.delay else made.delay,
                    acknowledges=form.acknowledges,
                    duty=form.duty,
                    calls_back=form.calls_back,
                    hours=frozenset(step.hours),
                    condition=Condition(step.condition.kind, step.condition.slot) if step.condition else None,
                    **given,
                )
            )
    return found


def _scenarios(path: Path, form: NetworkForm, network: Network) -> dict[str, Scenario]:
    """The scenarios of a file by key, by the rules of a county's own ones."""
    found: dict[str, Scenario] = {}
    problems: list[Problem] = []
    parts = {one.key for one in network.resources}
    for number, one in enumerate(form.scenarios):
        place = f"{path.name}: scenarios.{number}"
        try:
            own = _own_scenario(one)
        except Refused as error:
            problems += _placed(place, error)
            continue
        for key in unknown_parts(own, parts):
            problems.append(
                Problem(
                    place=place,
                    value=key,
                    rule=say("There is no infrastructure of this key or kind."),
                    remedy=say("Use one of these: {known}.", known=", ".join(sorted(parts))),
                )
            )
        if own.key in found:
            problems.append(
                Problem(
                    place=place,
                    value=own.key,
                    rule=say("A scenario of this key stands in the file already."),
                    remedy=say("Give each scenario a key of its own."),
                )
            )
        found[own.key] = own.scenario()
    if problems:
        raise Refused(problems)
    return found


def _own_scenario(form: ScenarioForm) -> OwnScenario:
    """The values of a scenario of a file.

    Raises
    ------
    Refused
        With everything that makes no sense in it.
    """
    return OwnScenario(
        key=form.key,
        name=form.name or form.key,
        hours=tuple((hour, form.hours[hour]) for hour in HourClass if hour in form.hours),
        at=form.at,
        away_p=form.away_p,
        down=form.down,
        fails=tuple(form.fails.items()),
        windows=tuple(
            (one.part, Window(one.starts_s, inf if one.ends_s is None else one.ends_s))
            for one in form.outages
        ),
    )


def _resource(form: ResourceForm) -> Resource:
    usual = defaults.RESOURCES[form.kind]
    fed = None
    if form.parent is not None:
        fed = usual.failure_p_if_parent_down
    own = usual.failure_p if form.failure_p is None else form.failure_p
    fed = (
        form.failure_p_if_parent_down if form.failure_p_if_parent_down is not None else fed and max(fed, own)
    )
    return Resource(form.key, form.kind, form.name or form.key, own, form.parent, fed)


def _actor(form: ActorForm) -> Actor:
    usual = defaults.actor(form.key, form.name or form.key, form.kind, on_duty=form.on_duty)
    available = _by_hour(form.available)
    return Actor(
        key=form.key,
        name=form.name or form.key,
        kind=form.kind,
        available=available or usual.available,
        relay_p=usual.relay_p if form.relay_p is None else form.relay_p,
        start_delay_s=usual.start_delay_s if form.start_delay_s is None else form.start_delay_s,
        refusal_p=form.refusal_p,
        on_duty=form.on_duty,
        available_on_duty=None if available else usual.available_on_duty,
        absences=tuple(one.value() for one in form.absences),
    )


def _point(form: PointForm) -> ContactPoint:
    usual = defaults.point(
        form.key, form.actor, age_days=form.age_days, evidence=form.evidence, handset=form.handset
    )
    if form.stale_p is None:
        return usual
    return ContactPoint(form.key, form.actor, form.stale_p, form.handset)


def _by_hour(form: HoursForm | float | None) -> ByHour | None:
    if form is None:
        return None
    return form.value() if isinstance(form, HoursForm) else ByHour.always(form)
