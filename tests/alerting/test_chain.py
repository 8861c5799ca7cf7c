"""The values of a chain refuse nonsense."""

from dataclasses import replace

import pytest

from prep.alerting.chain import Actor, ByHour, ContactPoint, Group, Item, Resource, Seat, members
from prep.alerting.delay import Delay
from prep.errors import Refused
from prep.terms import Channel, HourClass, ResourceKind
from tests.alerting.networks import SURE, attempt


def test_a_probability_by_hour_class_is_read_by_class():
    share = ByHour(0.7, 0.55, 0.35, 0.5)
    assert [share.at(hour) for hour in HourClass] == [0.7, 0.55, 0.35, 0.5]


@pytest.mark.parametrize("p", [-0.01, 1.01, float("nan")])
@pytest.mark.parametrize(
    "build",
    [
        lambda p: ByHour(0.5, 0.5, p, 0.5),
        lambda p: Resource("r", ResourceKind.INTERNET, "Internet", p),
        lambda p: Actor("a", "Aino", relay_p=p),
        lambda p: Actor("a", "Aino", refusal_p=p),
        lambda p: ContactPoint("a/1", "a", p),
    ],
)
def test_a_probability_outside_0_and_1_is_refused(build, p):
    with pytest.raises(Refused, match=r"A probability lies between 0 and 1\. Give a number from 0 to 1"):
        build(p)


@pytest.mark.parametrize("field", ["gap_s", "ring_s", "talk_s", "send_s", "fail_s"])
@pytest.mark.parametrize("time_s", [-1.0, float("inf"), float("nan")])
def test_a_time_below_zero_is_refused(field, time_s):
    with pytest.raises(Refused, match=r"aino.*A time is zero seconds or more"):
        replace(attempt("aino"), **{field: time_s})


def test_a_start_delay_or_deadline_below_zero_is_refused():
    with pytest.raises(Refused, match="A time is zero seconds or more"):
        Actor("a", "Aino", start_delay_s=-1)
    with pytest.raises(Refused, match="A time is zero seconds or more"):
        Group("g", "Ryhmä", (Seat("s", "s"),), 1, deadline_s=-1)


def test_a_quorum_of_nobody_is_refused():
    with pytest.raises(Refused, match="A quorum is one seat or more"):
        Group("g", "Ryhmä", (Seat("s", "s"),), 0)


@pytest.mark.parametrize(
    "build",
    [
        lambda: Resource(" ", ResourceKind.INTERNET, "Internet"),
        lambda: Actor("", "Aino"),
        lambda: Seat("", "Seat"),
        lambda: Group("", "Group", (), 1),
        lambda: ContactPoint("", "a"),
        lambda: Item("", "a", Channel.CALL, SURE, Delay(60, 0)),
    ],
)
def test_an_empty_key_is_refused(build):
    with pytest.raises(Refused, match="has a key that is not empty"):
        build()


def test_a_parent_comes_with_its_probability():
    with pytest.raises(Refused, match="are given together"):
        Resource("r", ResourceKind.OPERATOR_AREA, "Area", 0.1, parent="power")
    with pytest.raises(Refused, match="are given together"):
        Resource("r", ResourceKind.OPERATOR_AREA, "Area", 0.1, failure_p_if_parent_down=0.5)


def test_a_failed_parent_never_makes_a_resource_surer():
    with pytest.raises(
        Refused, match=r"fails at least as often .* Raise the probability for a failed parent to 0,2"
    ):
        Resource("r", ResourceKind.OPERATOR_AREA, "Area", 0.2, "power", 0.1)


def test_a_pager_and_a_mass_message_carry_no_answer():
    assert not replace(attempt("a"), channel=Channel.PAGER).two_way
    assert not replace(attempt("a"), channel=Channel.SMS, acknowledges=False).two_way
    assert replace(attempt("a"), channel=Channel.SMS).two_way


def test_members_are_named_once_in_the_order_of_the_seats():
    seats = (Seat("1", "1", ("b", "a")), Seat("2", "2", ()), Seat("3", "3", ("a", "c")))
    assert list(members(Group("g", "g", seats, 1))) == ["b", "a", "c"]
