"""The defaults reproduce what was measured."""

from math import exp

import pytest

from prep.alerting import defaults
from prep.alerting.chain import CallList, Group, Network, Seat
from prep.alerting.result import Share
from prep.alerting.retries import given_available
from prep.alerting.scenarios import PRESETS
from prep.alerting.simulate import simulate
from prep.terms import ActorKind, Channel, ContactKind, Evidence, HourClass, ListMode, ResourceKind

PERSON_CHANNELS = [channel for channel in Channel if channel is not Channel.DUTY_CALL]


@pytest.mark.parametrize("on_duty", [False, True])
@pytest.mark.parametrize("channel", PERSON_CHANNELS)
def test_availability_times_answering_gives_the_figure_of_the_table(channel, on_duty):
    row = defaults.CHANNELS[channel]
    expected = row.answers_on_duty if on_duty else row.answers
    available = defaults.availability(ActorKind.PERSON, on_duty=on_duty)
    works = defaults.works(channel, on_duty=on_duty)
    for hour in HourClass:
        assert works.at(hour) * available.at(hour) == pytest.approx(expected.at(hour), abs=1e-12)


# Available share a and answers p of a night call (0.70, 0.35): the second attempt reaches a quarter of 35 %
# of those unreached (E5), 0.65 · 0.0875 of all, and of these only the 0.35 still available can answer.
def test_the_second_call_at_night_makes_it_41_percent_as_measured():
    first, second = defaults.works(Channel.CALL).night, defaults.works(Channel.CALL, attempt=2).night
    assert second == pytest.approx(0.65 * 0.0875 / 0.35)
    reached = 0.70 * (1 - (1 - first) * (1 - second))
    assert reached == pytest.approx(0.35 + 0.65 * 0.0875)
    assert reached == pytest.approx(18 / 44, abs=0.005)  # E1


# Not the messenger, who has found the first time whoever can be found.
@pytest.mark.parametrize("channel", [one for one in PERSON_CHANNELS if one is not Channel.RUNNER])
@pytest.mark.parametrize("hour", list(HourClass))
def test_later_attempts_succeed_among_the_unreached_with_the_falling_shares(channel, hour):
    available = defaults.AVAILABLE.at(hour)
    answers = defaults.CHANNELS[channel].answers.at(hour)
    unreached, silent = 1.0, 1.0
    for attempt, factor in enumerate((1.0, 0.25, 0.08, 0.08 / 3), start=1):
        silent *= 1 - defaults.works(channel, attempt=attempt).at(hour)
        unreached *= 1 - answers * factor
        assert 1 - available * (1 - silent) == pytest.approx(unreached)


def test_a_second_messenger_finds_nobody_new():
    assert defaults.works(Channel.RUNNER, attempt=2).night == 0.0


def test_the_thousandth_attempt_is_worth_what_all_those_before_it_leave():
    answers, silent = 0.35, 1.0  # of a night call; a telephone that is always heard
    for attempt in range(1, 1000):
        factor = (1.0, 0.25, 0.08)[attempt - 1] if attempt <= 3 else 0.08 * (1 / 3) ** (attempt - 3)
        silent *= 1 - answers * factor
    expected = answers * 0.08 * (1 / 3) ** 997 * silent / (silent - 0.3)
    assert given_available(answers, 0.7, 1000) == expected
    # As quick as the first: a list of 100 000 attempts on one desk must not take hours to be read.
    assert given_available(answers, 0.7, 10**9) == 0.0


def test_attempts_count_from_one():
    with pytest.raises(ValueError, match="attempts count from 1"):
        defaults.works(Channel.CALL, attempt=0)


# Homier et al. 2018: unannounced, 04:00 on a weekday, 44 people per arm, reached within 45 minutes.
@pytest.mark.parametrize(
    ("channel", "attempts", "reached"), [(Channel.CALL, 2, 18), (Channel.APP, 1, 11), (Channel.SMS, 1, 7)]
)
def test_night_defaults_lie_inside_the_intervals_of_an_unannounced_recall(channel, attempts, reached):
    people = [f"p{number}" for number in range(44)]
    items = [
        defaults.item(channel, person, person, attempt=attempt + 1)
        for person in people
        for attempt in range(attempts)
    ]
    network = Network(
        actors=(
            defaults.actor("source", "Source", ActorKind.SYSTEM),
            *(defaults.actor(person, person) for person in people),
        ),
        lists=(CallList("source", ListMode.PARALLEL, tuple(items)),),
        groups=(Group("all", "all", tuple(Seat(person, person, (person,)) for person in people), 1),),
        sources=("source",),
    )
    result = simulate(network, PRESETS["night"], runs=2000, deadline_s=45 * 60.0, explain=False)
    measured = Share(reached, 44)
    assert measured.low < result.groups[0].expected_seats / 44 < measured.high


def test_a_number_grows_stale_by_one_percent_a_month():
    assert defaults.stale_p(age_days=0, evidence=Evidence.DRILL) == 0.0
    year = defaults.stale_p(age_days=365, evidence=Evidence.CALLED_BACK)
    assert year == pytest.approx(1 - exp(-0.12), abs=1e-4)
    typed = defaults.stale_p(age_days=365, evidence=Evidence.TYPED)
    assert typed == pytest.approx(1 - 0.97 * exp(-0.12), abs=1e-4)


def test_an_unknown_age_or_evidence_is_taken_as_bad():
    three_years = defaults.stale_p(age_days=1096, evidence=Evidence.TYPED)
    assert defaults.stale_p(age_days=None, evidence=None) == three_years
    assert three_years == pytest.approx(1 - 0.97 * exp(-0.36), abs=1e-3)
    assert defaults.point("a/1", "a", age_days=None).stale_p == three_years


def test_a_verification_in_the_future_is_no_better_than_one_today():
    assert defaults.stale_p(age_days=-5, evidence=Evidence.DRILL) == 0.0


def test_whoever_is_on_duty_answers_at_night_as_in_office_hours():
    works = defaults.works(Channel.CALL, on_duty=True)
    assert works.night == works.office == pytest.approx(0.70 / 0.98)
    assert defaults.works(Channel.RADIO, on_duty=True).night == pytest.approx(0.80 / 0.98)


def test_a_desk_is_always_there_and_answers_any_call_as_its_own_line():
    assert defaults.availability(ActorKind.DUTY_DESK).night == 1.0
    call = defaults.item(Channel.CALL, "desk", "desk", kind=ActorKind.DUTY_DESK)
    own = defaults.item(Channel.DUTY_CALL, "desk", "desk", kind=ActorKind.DUTY_DESK)
    assert (call.works, call.delay) == (own.works, own.delay)
    assert call.works.night == pytest.approx(0.98)


def test_a_desk_reads_messages_as_somebody_on_duty():
    assert defaults.works(Channel.SMS, kind=ActorKind.DUTY_DESK).night == pytest.approx(0.50)


def test_a_system_takes_what_is_delivered():
    found = defaults.item(Channel.SMS, "system", "s", kind=ActorKind.SYSTEM)
    assert found.works.night == 0.92
    assert found.delay.quantile(0.9) == 5.0


def test_a_messenger_takes_the_road_and_five_minutes():
    found = defaults.item(Channel.RUNNER, "a", "a", road_s=1200.0)
    assert found.delay.median_s == 1500.0


def test_a_landline_does_not_need_the_mobile_network():
    assert defaults.needs(Channel.CALL, ContactKind.LANDLINE) == (ResourceKind.LANDLINE,)
    assert ResourceKind.MOBILE_CORE in defaults.needs(Channel.CALL, ContactKind.MOBILE)
    assert defaults.needs(Channel.ROBOT_CALL, ContactKind.LANDLINE) == (
        ResourceKind.MASS_ALERT,
        ResourceKind.LANDLINE,
    )
    assert ResourceKind.MOBILE_CORE in defaults.needs(Channel.DUTY_CALL, ContactKind.MOBILE)


def test_every_channel_has_its_needs_and_every_resource_its_probability():
    assert set(defaults.NEEDS) == set(defaults.CHANNELS) == set(Channel)
    assert set(defaults.RESOURCES) == set(ResourceKind)


def test_a_resource_without_a_parent_fails_by_itself_only():
    alone = defaults.resource("r", ResourceKind.OPERATOR_AREA, "Area")
    fed = defaults.resource("r", ResourceKind.OPERATOR_AREA, "Area", "power")
    assert (alone.parent, alone.failure_p_if_parent_down) == (None, None)
    assert (fed.failure_p, fed.failure_p_if_parent_down) == (0.005, 0.7)


def test_every_study_that_is_named_is_listed():
    named = {study for row in defaults.CHANNELS.values() for found in row.studies.values() for study in found}
    assert named <= set(defaults.STUDIES)
