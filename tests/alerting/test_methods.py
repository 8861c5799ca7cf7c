"""The page on methods says what the program does."""

import re
from pathlib import Path

import pytest

from prep.alerting import defaults
from prep.alerting.delay import Delay
from prep.terms import Channel, ResourceKind

PAGE = (Path(__file__).parents[2] / "docs" / "methods.md").read_text(encoding="utf-8")


def rows(head):
    """The cells of the table whose head begins like this, by their first."""
    table = PAGE.split(f"\n| {head} |", 1)[1].split("\n\n", 1)[0].splitlines()[2:]
    return {
        cells[0]: cells[1:] for cells in ([c.strip() for c in line.strip("|").split("|")] for line in table)
    }


def figure(cell):
    return float(re.sub(r"\(.*\)", "", cell))


def marks(cell):
    found = re.search(r"\((.*)\)", cell)
    return tuple(sorted(found.group(1).split(", "))) if found else ()


def test_every_channel_stands_in_the_table():
    assert set(rows("channel")) == {str(channel) for channel in Channel}


@pytest.mark.parametrize("channel", list(Channel))
def test_the_table_of_channels_is_that_of_the_defaults(channel):
    row = defaults.CHANNELS[channel]
    delivered, office, evening, night, on_duty, median, sigma, gap = rows("channel")[str(channel)]
    assert figure(delivered) == row.delivered
    assert (figure(office), figure(evening), figure(night)) == (
        row.answers.office,
        row.answers.evening,
        row.answers.night,
    )
    assert row.answers.holiday == row.answers.evening
    assert {figure(on_duty)} == {row.answers_on_duty.office, row.answers_on_duty.night}
    if channel is Channel.RUNNER:
        assert median == f"road + {defaults.RUNNER_AT_THE_DOOR_S:.0f}"
    else:
        assert figure(median) == row.delay.median_s
    assert figure(sigma) == row.delay.sigma
    assert figure(gap) == row.gap_s
    told = {"delivered": delivered, "office": office, "evening": evening, "night": night, "delay": median}
    for name, cell in told.items():
        assert marks(cell) == tuple(sorted(row.studies.get(name, ())))
    assert marks(sigma) == marks(median)


def test_every_study_stands_in_the_table():
    assert set(rows("mark")) == set(defaults.STUDIES)


@pytest.mark.parametrize("kind", list(ResourceKind))
def test_the_table_of_resources_is_that_of_the_defaults(kind):
    told = rows("resource | fails")[str(kind)]
    row = defaults.RESOURCES[kind]
    assert [float(cell) for cell in told] == [row.failure_p, row.failure_p_if_parent_down]


def test_the_figures_in_the_text_are_those_of_the_defaults():
    text = " ".join(PAGE.split())
    available = defaults.AVAILABLE
    for claim in (
        f"{available.office:.2f} in office hours, {available.evening:.2f} in the evening and on holidays,"
        f" {available.night:.2f} at night; on duty {defaults.AVAILABLE_ON_DUTY.night:.2f}",
        f"not on duty {defaults.AWAY_ON_HOLIDAY_NIGHTS:.2f} are away",
        f"exp(−{defaults.STALE_PER_MONTH:.2f} · months since it was verified)",
        "Persons relay with 0.90 after 120 s, persons on duty with 0.97 after 60 s, desks with 0.99 after 60 s",
    ):
        assert claim in text
    assert defaults.OFFICE_LINE_OUT_OF_HOURS == 1 / 50
    people = defaults.actor("a", "a"), defaults.actor("a", "a", on_duty=True)
    assert [(one.relay_p, one.start_delay_s) for one in people] == [(0.90, 120.0), (0.97, 60.0)]


def test_the_longest_text_message_takes_5_hours_and_43_minutes():
    assert Delay(1200, 1.1).quantile(1.0) / 3600 == pytest.approx(5 + 43 / 60, abs=0.01)
