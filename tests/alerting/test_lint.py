"""Each rule of the lint with a planted flaw, and a sound chain without findings."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from prep.alerting.chain import (
    Actor,
    ByHour,
    CallList,
    Condition,
    ContactPoint,
    Group,
    Handset,
    Network,
    Resource,
    Seat,
    paused,
)
from prep.alerting.duty import DutyCalendar, Shift, Span
from prep.alerting.finding import Rule
from prep.alerting.lint import check, lint
from prep.errors import Refused
from prep.terms import Channel, If, ListMode, ResourceKind, State
from tests.alerting.networks import attempt, chain, group

DAY = Span(datetime(2026, 7, 1, 8, tzinfo=UTC), datetime(2026, 7, 2, 8, tzinfo=UTC))


def sound() -> Network:
    """Aino calls Eero and, for the same seat, Outi."""
    return Network(
        actors=(
            Actor("aino", "Aino"),
            Actor("aino2", "Aino the second"),
            Actor("eero", "Eero"),
            Actor("outi", "Outi"),
        ),
        points=(ContactPoint("eero/1", "eero"),),
        resources=(Resource("net", ResourceKind.MOBILE_CORE, "Network"),),
        lists=(
            CallList(
                "aino",
                ListMode.SERIAL,
                (
                    attempt("eero", slot="x", point="eero/1", resources=("net",)),
                    attempt("outi", slot="x", channel=Channel.SMS),
                ),
            ),
        ),
        groups=(Group("g", "Board", (Seat("s", "Chair", ("eero", "outi")),), 1),),
        sources=("aino",),
    )


def with_items(*items, network=None, caller="aino"):
    network = network or sound()
    others = tuple(one for one in network.lists if one.caller != caller)
    return replace(network, lists=(*others, CallList(caller, ListMode.SERIAL, items)))


def parallel(*items):
    return replace(sound(), lists=(CallList("aino", ListMode.PARALLEL, items),))


def with_operator(first, second):
    network = with_items(
        attempt("eero", slot="x", resources=(first,)),
        attempt("outi", slot="x", resources=(second,), channel=Channel.SMS),
    )
    sites = tuple(Resource(key, ResourceKind.OPERATOR_AREA, key) for key in ("op", "other"))
    return replace(network, resources=sites)


def with_group(**changes):
    network = sound()
    return replace(network, groups=(replace(network.groups[0], **changes),))


def ring():
    network = with_items(attempt("outi"), caller="eero")
    return with_items(attempt("aino"), network=network, caller="outi")


def fed_ring():
    a = Resource("a", ResourceKind.POWER_AREA, "a", 0, "b", 1)
    return replace(sound(), resources=(*sound().resources, a, replace(a, key="b", parent="a")))


PLANTED = {
    "actor twice": (
        replace(sound(), actors=(*sound().actors, Actor("aino", "Another"))),
        Rule.DUPLICATE_KEY,
        State.FAULT,
        "Actors: “aino” Every key stands for one thing only",
    ),
    "two lists of one caller": (
        replace(sound(), lists=sound().lists * 2),
        Rule.DUPLICATE_KEY,
        State.FAULT,
        "Call lists: “aino” .* a caller has one list",
    ),
    "seat twice in a group": (
        with_group(seats=(Seat("s", "1", ("eero",)), Seat("s", "2", ("outi",)))),
        Rule.DUPLICATE_KEY,
        State.FAULT,
        "Seats of Board: “s”",
    ),
    "unknown target": (
        with_items(attempt("nobody")),
        Rule.UNKNOWN_KEY,
        State.FAULT,
        "Call list of Aino: “nobody” What is named here must exist",
    ),
    "unknown caller": (
        with_items(attempt("eero"), caller="nobody"),
        Rule.UNKNOWN_KEY,
        State.FAULT,
        "Call list of nobody: “nobody”",
    ),
    "unknown resource": (
        with_items(attempt("eero", resources=("virve",))),
        Rule.UNKNOWN_KEY,
        State.FAULT,
        "Call list of Aino: “virve”",
    ),
    "unknown number": (
        with_items(attempt("eero", point="eero/9")),
        Rule.UNKNOWN_KEY,
        State.FAULT,
        "Call list of Aino: “eero/9”",
    ),
    "unknown owner of a number": (
        replace(sound(), points=(*sound().points, ContactPoint("x", "nobody"))),
        Rule.UNKNOWN_KEY,
        State.FAULT,
        "Contact points: “nobody”",
    ),
    "unknown source": (
        replace(sound(), sources=("aino", "nobody")),
        Rule.UNKNOWN_KEY,
        State.FAULT,
        "Sources of the alarm: “nobody”",
    ),
    "unknown holder": (
        with_group(seats=(Seat("s", "Chair", ("nobody",)),)),
        Rule.UNKNOWN_KEY,
        State.FAULT,
        "Seat Chair of Board: “nobody”",
    ),
    "unknown required seat": (
        with_group(required=frozenset({"t"})),
        Rule.UNKNOWN_KEY,
        State.FAULT,
        "Seats of Board: “t”",
    ),
    "unknown parent": (
        replace(sound(), resources=(Resource("net", ResourceKind.MOBILE_CORE, "Network", 0, "power", 1),)),
        Rule.UNKNOWN_KEY,
        State.FAULT,
        "Resources: “power”",
    ),
    "a ring of callers": (
        ring(),
        Rule.CYCLE,
        State.FAULT,
        "Who calls whom: “Aino → Eero → Outi → Aino” An alarm never comes back",
    ),
    "a call to oneself": (
        with_items(attempt("aino")),
        Rule.SELF_CALL,
        State.FAULT,
        "Call list of Aino: “Aino” Nobody calls themselves",
    ),
    "a ring of resources": (fed_ring(), Rule.RESOURCE_CYCLE, State.FAULT, "Resources: “a → b → a”"),
    "no source": (replace(sound(), sources=()), Rule.NO_SOURCE, State.FAULT, "An alarm begins somewhere"),
    "no seats": (with_group(seats=()), Rule.EMPTY_GROUP, State.FAULT, "A group has at least one seat"),
    "quorum above seats": (
        with_group(quorum=2),
        Rule.QUORUM_ABOVE_SEATS,
        State.FAULT,
        "Board: “quorum 2, seats 1” A quorum is never greater",
    ),
    "somebody else's number": (
        with_items(attempt("outi", point="eero/1")),
        Rule.FOREIGN_POINT,
        State.FAULT,
        "Call list of Aino: “Outi” An attempt uses a number of the person",
    ),
    "a member nobody calls": (
        with_items(attempt("eero")),
        Rule.NOBODY_CALLS,
        State.WARNING,
        "Board: “Outi” Every member and deputy is on someone's call list",
    ),
    "a vacant seat": (
        with_group(seats=(*sound().groups[0].seats, Seat("t", "Secretary"))),
        Rule.VACANT_SEAT,
        State.WARNING,
        "Board: “Secretary” A vacant seat is never reached",
    ),
    "no deputy": (
        with_group(seats=(Seat("s", "Chair", ("eero",)),)),
        Rule.NO_DEPUTY,
        State.WARNING,
        "Board: “Chair” A seat without a deputy depends on one person",
    ),
    "an empty list": (
        with_items(caller="eero"),
        Rule.EMPTY_LIST,
        State.WARNING,
        "Call list of Eero: A call list holds at least one attempt",
    ),
    "an unreachable list": (
        replace(
            with_items(attempt("eero"), caller="extra"),
            actors=(*sound().actors, Actor("extra", "Extra")),
            lists=(*sound().lists, CallList("extra", ListMode.SERIAL, (attempt("eero"),))),
        ),
        Rule.UNREACHABLE_LIST,
        State.WARNING,
        "Call list of Extra: Nobody alerts this caller",
    ),
    "only a pager": (
        with_items(attempt("eero", channel=Channel.PAGER), attempt("outi", slot="y")),
        Rule.ONE_WAY_ONLY,
        State.WARNING,
        "Call list of Aino: “Eero” Delivered is not reached",
    ),
    "one channel": (
        with_items(attempt("eero", slot="x"), attempt("outi", slot="x")),
        Rule.ONE_CHANNEL,
        State.WARNING,
        "Call list of Aino: “Eero, Outi” All attempts of this step use one channel",
    ),
    "an attempt that never works": (
        with_items(attempt("eero", 0.0), attempt("outi")),
        Rule.NEVER_ANSWERS,
        State.WARNING,
        "Call list of Aino: “Eero” An attempt that can never work only costs time",
    ),
    "calls that overlap": (
        replace(
            sound(),
            lists=(
                CallList(
                    "aino",
                    ListMode.PARALLEL,
                    (
                        attempt("eero", slot="x", gap_s=30.0, ring_s=90.0),
                        attempt("outi", slot="x", channel=Channel.SMS),
                    ),
                ),
            ),
        ),
        Rule.OVERLAPPING_CALLS,
        State.WARNING,
        "Call list of Aino: “Eero, Outi” The next attempt begins while the call before is still ringing",
    ),
    "an empty step": (
        with_items(attempt("eero"), attempt("outi", slot="y"), paused("aino", "z", wait_s=0)),
        Rule.EMPTY_STEP,
        State.WARNING,
        "Call list of Aino: “z” Somebody stands behind every step",
    ),
    "a wait burnt on an empty step": (
        parallel(paused("aino", "x", wait_s=600), attempt("eero", slot="x"), attempt("outi", slot="y")),
        Rule.BURNT_WAIT,
        State.WARNING,
        "Call list of Aino: “Eero” The system waits for an answer though nobody stands behind the step",
    ),
    "a step that waits for an answer that cannot come": (
        with_items(
            attempt("eero", slot="x", channel=Channel.PAGER),
            replace(attempt("outi", slot="y"), condition=Condition(If.ANSWERED, "x")),
        ),
        Rule.UNREACHABLE_STEP,
        State.WARNING,
        "Call list of Aino: “y” This step waits for an answer that cannot come",
    ),
    "a condition on what comes later": (
        with_items(
            replace(attempt("eero", slot="x"), condition=Condition(If.SILENT, "y")), attempt("outi", slot="y")
        ),
        Rule.LATER_CONDITION,
        State.FAULT,
        "Call list of Aino: “y” A condition looks back",
    ),
    "a follow-up that nobody calls back to": (
        replace(
            sound(),
            lists=(*sound().lists, CallList("aino", ListMode.SERIAL, (attempt("outi"),), follow_up_s=600)),
        ),
        Rule.NO_CALL_BACK,
        State.WARNING,
        "Call list of Aino: A follow-up waits for a call-back, and nobody calls back",
    ),
    "a deputy who is the holder": (
        with_group(seats=(Seat("s", "Chair", ("eero", "eero", "outi")),)),
        Rule.DEPUTY_IS_HOLDER,
        State.WARNING,
        "Board: “Chair: Eero” Nobody is their own deputy",
    ),
    "deputies who stand in for each other": (
        with_group(seats=(Seat("s", "Chair", ("eero", "outi")), Seat("t", "Secretary", ("outi", "eero")))),
        Rule.CIRCULAR_DEPUTIES,
        State.WARNING,
        "Board: “Eero, Outi” Those who deputise each other leave both seats empty",
    ),
    "an expired term": (
        with_group(seats=(Seat("s", "Chair", ("eero", "outi"), ("Helmi",)),)),
        Rule.EXPIRED_TERM,
        State.WARNING,
        "Board: “Chair: Helmi” A term has ended",
    ),
    "a quorum that cannot be met": (
        with_group(seats=(*sound().groups[0].seats, Seat("t", "Secretary", ("aino2",))), quorum=2),
        Rule.QUORUM_OUT_OF_REACH,
        State.WARNING,
        "Board: “quorum 2, within reach 1” The alarm can come through to enough seats",
    ),
    "two groups that need one person": (
        replace(
            sound(),
            groups=(
                Group("g", "Board", (Seat("s", "Chair", ("eero",)),), 1),
                Group("h", "Council", (Seat("s", "Chair", ("eero",)),), 1),
            ),
        ),
        Rule.SHARED_MEMBER,
        State.WARNING,
        "Groups: “Eero: Board, Council” Groups that are called at once",
    ),
    "a chain that ends in nobody": (
        with_items(
            attempt("eero", slot="x"), attempt("outi", slot="x", channel=Channel.SMS), attempt("aino2")
        ),
        Rule.DEAD_END,
        State.WARNING,
        "Who calls whom: “Aino the second” Whoever is alerted belongs to a group",
    ),
    "one operator": (
        with_operator("op", "op"),
        Rule.ONE_OPERATOR,
        State.WARNING,
        "Call list of Aino: “Eero, Outi” All attempts of this step pass one operator's sites",
    ),
    "one handset": (
        replace(
            with_items(
                attempt("eero", slot="x", point="eero/1"),
                attempt("eero", slot="x", point="eero/1", channel=Channel.SMS),
                attempt("outi", slot="y"),
            ),
            handsets=(Handset("phone", "eero", ByHour.always(0.9)),),
            points=(ContactPoint("eero/1", "eero", 0.0, "phone"),),
        ),
        Rule.ONE_HANDSET,
        State.WARNING,
        "Call list of Aino: “Eero” All channels of this step end in one telephone",
    ),
    "a number that nobody has confirmed": (
        replace(sound(), points=(ContactPoint("eero/1", "eero", 0.3, is_verified=False),)),
        Rule.UNVERIFIED_NUMBER,
        State.WARNING,
        "Contact points: “Eero” A number on a call list has been confirmed",
    ),
    "an exception without anybody on duty": (
        replace(sound(), duties=(DutyCalendar("d", "Duty officer", (Shift(DAY, None, override=True),)),)),
        Rule.UNSTAFFED_OVERRIDE,
        State.WARNING,
        "Duty officer: .* An exception in a duty calendar names who is on duty instead",
    ),
    "more calls than fit before the deadline": (
        with_items(*(attempt(key, slot=key) for key in ("aino2", "outi", "eero"))),
        Rule.TOO_MANY_CALLS,
        State.WARNING,
        "Call list of Aino: “Board: 2 of 2 after the deadline” One line is enough",
    ),
}
PLANTED["more calls than fit before the deadline"] = (
    replace(
        PLANTED["more calls than fit before the deadline"][0],
        groups=(replace(sound().groups[0], deadline_s=60),),
    ),
    *PLANTED["more calls than fit before the deadline"][1:],
)


@pytest.mark.parametrize("flaw", PLANTED)
def test_a_planted_flaw_is_found(flaw):
    network, rule, severity, message = PLANTED[flaw]
    found = [finding for finding in lint(network) if finding.rule is rule]
    assert len(found) == 1
    assert found[0].severity is severity
    with pytest.raises(Refused, match=message):
        raise Refused(found[0].problem)


def test_every_rule_has_a_planted_flaw():
    assert {rule for _, rule, _, _ in PLANTED.values()} == set(Rule)


def test_a_sound_chain_has_no_findings():
    assert lint(sound()) == ()
    check(sound())


def test_faults_come_first_and_all_are_told_at_once():
    network = with_group(quorum=3, seats=(Seat("s", "Chair", ("eero",)), Seat("t", "Secretary")))
    network = replace(network, groups=(*network.groups, replace(network.groups[0], key="h", name="Other")))
    findings = lint(network)
    assert [one.severity for one in findings] == sorted(
        (one.severity for one in findings), key=lambda state: state is not State.FAULT
    )
    with pytest.raises(Refused) as refusal:
        check(network)
    assert len(refusal.value.problems) == 2


def test_warnings_do_not_forbid_a_simulation():
    check(chain(attempt("a", 0.0), groups=(group("a", quorum=1),)))


def test_a_paged_caller_is_not_alerted():
    # A pager's delivery does not start a list, so the list behind it is unreachable.
    network = with_items(attempt("outi"), caller="eero")
    network = with_items(attempt("eero", channel=Channel.PAGER), network=network)
    assert Rule.UNREACHABLE_LIST in {finding.rule for finding in lint(network)}


def test_a_step_over_two_operators_and_a_step_with_a_deputy_are_sound():
    assert Rule.ONE_OPERATOR not in {one.rule for one in lint(with_operator("op", "other"))}
    assert Rule.ONE_HANDSET not in {one.rule for one in lint(sound())}


def test_a_follow_up_may_call_again_those_who_should_have_been_reached():
    network = with_items(attempt("outi"), replace(attempt("aino"), calls_back=True), caller="eero")
    again = CallList("aino", ListMode.SERIAL, (attempt("eero", slot="x"),), follow_up_s=600)
    network = replace(network, lists=(*network.lists, again))
    assert {one.rule for one in lint(network)} & {Rule.CYCLE, Rule.NO_CALL_BACK, Rule.SELF_CALL} == set()
