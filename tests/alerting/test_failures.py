"""How a group fails: the weakest link is the planted one, and the reason is the planted one."""

from dataclasses import replace

import pytest

from prep.alerting.chain import Actor, ByHour, CallList, ContactPoint, Group, Resource, Seat
from prep.alerting.explanation import part_name, weakest_link
from prep.alerting.result import Part, PartKind, Reason
from prep.alerting.scenarios import PRESETS
from prep.alerting.simulate import simulate
from prep.language import in_language
from prep.terms import Language, ListMode, ResourceKind
from tests.alerting.networks import attempt, chain, group, with_actor


def reach(network, **more):
    return simulate(network, PRESETS["office"], runs=2000, **more).groups[0]


def pair(**weakness):
    """a and b are both needed; a has the planted weakness, b answers nine times of ten."""
    network = chain(attempt("a", point="a/1"), attempt("b", 0.9), points=(ContactPoint("a/1", "a"),))
    network = replace(network, groups=(group("a", "b", quorum=2),))
    return with_actor(network, "a", name="Aino", **weakness)


PLANTED = {
    Reason.UNAVAILABLE: (pair(available=ByHour.always(0.5)), "who is often out of reach"),
    Reason.REFUSED: (pair(refusal_p=0.5), "who often cannot come"),
    Reason.STALE: (replace(pair(), points=(ContactPoint("a/1", "a", 0.5),)), "whose number is doubtful"),
    Reason.UNANSWERED: (
        replace(
            pair(),
            lists=(CallList("source", ListMode.PARALLEL, (attempt("a", 0.5), attempt("b", 0.9))),),
        ),
        "who often does not answer",
    ),
}


@pytest.mark.parametrize("reason", PLANTED)
def test_the_planted_weakness_is_the_weakest_link_with_its_reason(reason):
    network, words = PLANTED[reason]
    found = reach(network)
    weakest = found.failures.weakest
    assert weakest.part == Part(PartKind.ACTOR, "a")
    assert weakest.reason is reason
    # Of the failing runs (55 %) those with b well (0.45 of all) are saved: 0.45 / 0.55 = 0.82.
    assert weakest.saved.p == pytest.approx(0.45 / 0.55, abs=0.06)
    sentence = str(weakest_link(found, network))
    assert sentence.startswith(f"Weakest link: Aino, {words}. Had they answered every attempt")


def test_one_who_does_not_pass_the_alarm_on_is_named_for_that():
    network = chain(attempt("a"))
    network = replace(
        network,
        actors=(*network.actors, Actor("b", "b")),
        lists=(*network.lists, CallList("a", ListMode.SERIAL, (attempt("b"),))),
        groups=(group("b", quorum=1),),
    )
    weakest = reach(with_actor(network, "a", relay_p=0.5)).failures.weakest
    assert (weakest.part.key, weakest.reason, weakest.saved.p) == ("a", Reason.NO_RELAY, 1.0)


def test_weaknesses_of_one_person_that_count_only_together_are_several():
    network = replace(pair(available=ByHour.always(0.3)), points=(ContactPoint("a/1", "a", 0.7),))
    network = with_actor(network, "a", refusal_p=0.7)
    found = reach(network)
    assert found.failures.weakest.reason is Reason.SEVERAL
    assert str(weakest_link(found, network)).startswith("Weakest link: Aino. Had they answered")


def test_a_shared_connection_is_found():
    network = chain(
        *(attempt(key, resources=("net",)) for key in "ab"),
        resources=(Resource("net", ResourceKind.MOBILE_CORE, "Verkko", 0.3),),
        groups=(group("a", "b", quorum=2),),
    )
    found = reach(network)
    assert found.failures.weakest.part == Part(PartKind.RESOURCE, "net")
    assert found.failures.weakest.saved.p == 1.0
    assert "the shared connection Verkko. Had it stayed up" in str(weakest_link(found, network))


def test_what_the_scenario_holds_down_is_the_question_and_not_the_answer():
    network = chain(
        attempt("a", resources=("net",)),
        resources=(Resource("net", ResourceKind.MOBILE_CORE, "Verkko", 0.3),),
    )
    found = simulate(network, PRESETS["mobile_down"], runs=200).groups[0]
    assert found.failures.savings == ()
    assert found.failures.several == found.failures.examined == 200
    assert "several things fail at once" in str(weakest_link(found, network))


def test_a_vacant_seat_is_the_weakest_link_where_it_is_required():
    network = chain(attempt("a", 0.9))
    seats = (Seat("1", "Puheenjohtaja", ("a",)), Seat("2", "Sihteeri"))
    network = replace(network, groups=(Group("g", "g", seats, 2),))
    found = reach(network)
    assert found.failures.weakest.part == Part(PartKind.SEAT, "2")
    assert found.failures.weakest.saved.p == pytest.approx(0.9, abs=0.04)
    assert "the vacant seat Sihteeri" in str(weakest_link(found, network))


def test_a_vacant_seat_saves_no_run_that_lacks_a_required_one():
    network = chain(attempt("a", 0.0), attempt("b"))
    seats = (Seat("1", "1", ("a",)), Seat("2", "2"), Seat("3", "3", ("b",)))
    board = Group("g", "g", seats, 1, required=frozenset({"1", "2"}), one_of=(frozenset({"2", "3"}),))
    found = reach(replace(network, groups=(board,)))
    assert found.failures.savings == ()


def test_main_causes_and_the_rest_add_up_to_the_examined_runs():
    network = chain(*(attempt(key, 0.8) for key in "abc"), groups=(group(*"abc", quorum=3),))
    failures = reach(network).failures
    assert failures.failing == pytest.approx(2000 * (1 - 0.8**3), abs=115)
    assert failures.examined == min(failures.failing, 1000)
    assert sum(count for _, count in failures.main_cause) + failures.several == failures.examined
    # Runs in which exactly one of three is silent: 3 · 0.2 · 0.64 of 0.488.
    assert failures.several / failures.examined == pytest.approx(1 - 0.384 / 0.488, abs=0.07)


def test_a_group_that_is_always_reached_has_no_weakest_link():
    network = chain(attempt("a"))
    found = reach(network)
    assert found.failures.weakest is None
    assert str(weakest_link(found, network)).replace("\xa0", " ") == (
        "The group was reached in every one of 2 000 runs."
    )


def test_failing_runs_are_examined_only_when_asked():
    network = chain(attempt("a", 0.5))
    found = reach(network, explain=False)
    assert found.failures.failing > 0
    assert "have not been examined" in str(weakest_link(found, network))


def test_every_part_has_a_name():
    network = replace(pair(), resources=(Resource("net", ResourceKind.MOBILE_CORE, "Verkko"),))
    names = [
        part_name(Part(kind, key), "group", network)
        for kind, key in (("actor", "a"), ("point", "a/1"), ("resource", "net"), ("seat", "seat b"))
        for kind in [PartKind(kind)]
    ]
    assert names == ["Aino", "Aino", "Verkko", "Seat b"]


def test_the_sentence_is_finnish_and_swedish_too():
    network = PLANTED[Reason.UNAVAILABLE][0]
    sentence = weakest_link(reach(network), network)
    assert in_language(sentence, Language.FI).startswith("Heikoin lenkki: Aino, ")
    assert in_language(sentence, Language.SV).startswith("Svagaste länken: Aino, ")
