"""Own scenarios: what they refuse, what the simulator makes of them, moments when the clocks change, and keeping them."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Engine, text

from prep import migrations
from prep.alerting.moments import comes_twice, is_second, moment_written
from prep.alerting.own_scenarios import OwnScenario, unknown_parts
from prep.alerting.scenario_records import (
    add_scenario,
    change_scenario,
    find_scenario,
    own_scenario,
    own_scenarios,
)
from prep.alerting.scenarios import PRESETS, parse
from prep.alerting.windows import Window
from prep.db import read_session, write_session
from prep.errors import NotFound, Refused
from prep.language import HELSINKI, say
from prep.models import Base, County, StoredScenario
from prep.terms import HourClass, ResourceKind

PLACE = say("Moment of the alarm")
NIGHT = ((HourClass.NIGHT, 1.0),)
ON = date(2026, 11, 22)


def storm(**more: object) -> OwnScenario:
    values: dict[str, object] = {
        "key": "storm",
        "name": "Winter storm",
        "hours": NIGHT,
        "down": ("power_area",),
    }
    return OwnScenario(**{**values, **more})  # type: ignore[arg-type]


def test_kinds_and_single_parts_are_told_apart() -> None:
    found = storm(
        down=("power_area", "operator_area/272/A"), fails=(("internet", 0.3), ("power_area/county", 0.5))
    ).scenario()
    assert found.down_kinds == {ResourceKind.POWER_AREA}
    assert found.down == {"operator_area/272/A"}
    assert found.kind_failure_p == ((ResourceKind.INTERNET, 0.3),)
    assert found.failure_p == (("power_area/county", 0.5),)


def test_a_moment_gives_the_class_of_its_hour_and_the_share_away_that_is_assumed_of_it() -> None:
    # Christmas Day at 4: a night; half as in test_hours, the greatest of the assumed shares.
    at = datetime(2026, 12, 25, 4, tzinfo=HELSINKI)
    found = storm(hours=(), at=at).scenario()
    assert (found.mix, found.at) == (NIGHT, at)
    assert found.away_p > PRESETS["holiday"].away_p
    assert storm(hours=(), at=at, away_p=0.0).scenario().away_p == 0.0


def test_it_combines_with_presets_by_its_key() -> None:
    own = {"storm": storm(hours=()).scenario()}
    found = parse("night+storm+internet", own)
    assert found.mix == NIGHT
    assert found.down_kinds == {ResourceKind.POWER_AREA, ResourceKind.INTERNET}
    with pytest.raises(Refused, match="An alarm comes at one hour only"):
        parse("office+storm", {"storm": storm().scenario()})


def test_outages_for_a_part_of_the_time_are_told_apart_and_told() -> None:
    own = storm(windows=(("mobile_core", Window(0, 3600)), ("power_area/272", Window(1800))))
    found = own.scenario()
    assert found.kind_windows == ((ResourceKind.MOBILE_CORE, Window(0, 3600)),)
    assert found.windows == (("power_area/272", Window(1800)),)
    assert own.parts == ("power_area/272",)
    told = [str(one) for one in own.told({"power_area/272": "Power in Kokkola"})]
    expected = "mobile network from 0 to 60 min, Power in Kokkola from 30 min on"
    assert f"Out of order for a part of the time: {expected}" in told
    assert list(OwnScenario("x", "x", windows=own.windows).told({}))


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"windows": (("internet", Window(0, 60)), ("internet", Window(30, 90)))}, "one outage: 0–1,5"),
        ({"windows": (("internet", Window(60, 90)), ("internet", Window(0, 60)))}, "neither overlap nor"),
        ({"windows": (("internet", Window(0)), ("internet", Window(30, 90)))}, "one outage: 0–[.]"),
        ({"windows": (("power_area", Window(0, 60)),)}, "all the time or for a part of it, not both"),
        (
            {"windows": tuple(("internet", Window(100 * n, 100 * n + 50)) for n in range(4))},
            "at most 3 outages",
        ),
        ({"key": "Storm"}, "Key of the scenario: “Storm” A key has small letters"),
        ({"key": "a" * 81}, "at most 80"),
        ({"key": "night"}, "“night” prep uses this key itself"),
        ({"key": "internet"}, "“internet” prep uses this key itself"),
        ({"name": ""}, "Name of the scenario: It has 1 to 200 letters"),
        ({"name": "a\nb"}, "on one line"),
        ({"note": "x" * 301}, "Note on the scenario: .* 0 to 300"),
        ({"hours": ((HourClass.NIGHT, 0.5),)}, "come to 100 % together.*they come to 50"),
        ({"hours": ((HourClass.NIGHT, 1.5), (HourClass.OFFICE, -0.5))}, "not negative"),
        ({"hours": ((HourClass.NIGHT, float("nan")),)}, "not negative"),
        ({"at": datetime(2026, 12, 25, 4, tzinfo=HELSINKI)}, "hours or a moment, not both"),
        ({"away_p": 1.2}, "Share of people away: “120.%” A share lies between 0 and 100"),
        ({"fails": (("internet", 2.0),)}, "internet: 200.%” A share lies between"),
        ({"fails": (("power_area", 0.2),)}, "“power_area” A part is either down for certain or fails"),
        ({"down": ("internet", "internet")}, "“internet” A part is either"),
        ({"hours": (), "down": ()}, "says when the alarm comes, what is out of order"),
    ],
)
def test_what_makes_no_sense_is_refused_with_the_rule(change: dict[str, object], sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        storm(**change)


def test_everything_wrong_is_told_at_once() -> None:
    with pytest.raises(Refused) as refused:
        OwnScenario("NO", "", away_p=2.0)
    assert len(refused.value.problems) == 3


def test_it_says_what_it_is() -> None:
    found = storm(
        hours=((HourClass.NIGHT, 0.7), (HourClass.HOLIDAY, 0.3)), away_p=0.025, fails=(("x/1", 0.5),)
    )
    assert [str(one) for one in found.told({"x/1": "Site 1"})] == [
        "Hour drawn by shares: night 70\xa0%, weekend or holiday by day 30\xa0%",
        "Out of order: power supply",
        "Fails with the probability: Site 1 50\xa0%",
        "People away: 2,5\xa0%",
    ]
    assert unknown_parts(found, ["y"]) == ["x/1"]


def test_a_time_that_the_clocks_skip_is_named() -> None:
    for minute in ("03:00", "03:30", "03:59"):
        with pytest.raises(Refused, match=r"“2027-03-28T03.*There is no such time on that day"):
            moment_written(f"2027-03-28T{minute}", place=PLACE)
    assert moment_written("2027-03-28T04:00", place=PLACE).astimezone(UTC).hour == 1
    assert moment_written("2027-03-28T02:59", place=PLACE).astimezone(UTC).hour == 0


def test_a_time_that_comes_twice_is_asked_about() -> None:
    for minute in ("03:00", "03:59"):
        with pytest.raises(Refused, match=r"comes twice on that day.*\+03:00\), or the second.*\+02:00\)"):
            moment_written(f"2026-10-25T{minute}", place=PLACE)
    first, second = (moment_written("2026-10-25T03:30", place=PLACE, second=one) for one in (False, True))
    assert (first.astimezone(UTC).hour, second.astimezone(UTC).hour) == (0, 1)
    assert (is_second(first), is_second(second)) == (False, True)
    assert moment_written("2026-10-25T03:30+02:00", place=PLACE) == second
    assert not comes_twice(moment_written("2026-10-25T04:00", place=PLACE))


@pytest.mark.parametrize(
    "text_", ["", "tomorrow", "2026-12-25", "2026-13-01T04:00", "0001-01-01T00:00", "99999"]
)
def test_what_is_no_moment_is_refused(text_: str) -> None:
    with pytest.raises(Refused, match="A moment is a day and a time"):
        moment_written(text_, place=PLACE)


def county(engine: Engine) -> None:
    with write_session(engine, actor="test") as session:
        session.add(County(key="kp", name_fi="K", name_sv="K", name_en="K", pack={}))


def test_what_is_kept_is_what_was_said(engine: Engine) -> None:
    county(engine)
    at = datetime(2026, 10, 25, 3, 30, fold=1, tzinfo=HELSINKI).astimezone(UTC)
    said = [
        storm(note="agreed", fails=(("internet", 0.3),), away_p=0.1),
        OwnScenario("mix", "Any hour", hours=((HourClass.OFFICE, 0.25), (HourClass.NIGHT, 0.75))),
        OwnScenario("moment", "A moment", at=at),
    ]
    with write_session(engine, actor="test") as session:
        for one in said:
            add_scenario(session, one, on=ON)
    with read_session(engine) as session:
        kept = [own_scenario(find_scenario(session, one.key)) for one in said]
        assert kept == said
        assert is_second(kept[2].at or at)
        assert list(own_scenarios(session)) == ["storm", "mix", "moment"]
        with pytest.raises(NotFound, match=r"“x” The county has no scenario of this key.*mix"):
            find_scenario(session, "x")


def test_a_key_is_given_once_and_strange_infrastructure_is_refused(engine: Engine) -> None:
    county(engine)
    with write_session(engine, actor="test") as session:
        add_scenario(session, storm(), on=ON)
    with (
        pytest.raises(Refused, match="There is a scenario of this key already"),
        write_session(engine, actor="test") as session,
    ):
        add_scenario(session, storm(), on=ON)
    with (
        pytest.raises(Refused, match="“operator_area/9/X” There is no infrastructure"),
        write_session(engine, actor="test") as session,
    ):
        add_scenario(session, storm(key="other", down=("operator_area/9/X",)), on=ON)


def test_infrastructure_that_was_there_once_stays_in_a_scenario_that_is_changed(engine: Engine) -> None:
    county(engine)
    with write_session(engine, actor="test") as session:
        session.add(
            StoredScenario(county_id=1, key="old", name="Old", hours={}, down=["operator_area/9/X"], fails={})
        )
    with write_session(engine, actor="test") as session:
        row = find_scenario(session, "old")
        change_scenario(
            session, row, OwnScenario("old", "Older", down=("operator_area/9/X", "internet")), on=ON
        )
    with read_session(engine) as session:
        assert own_scenario(find_scenario(session, "old")).down == ("operator_area/9/X", "internet")


def test_a_filled_database_gets_the_scenarios_and_keeps_what_it_holds(engine: Engine) -> None:
    with engine.begin() as connection:
        Base.metadata.drop_all(connection)
        connection.execute(text("DROP TABLE alembic_version"))
    migrations.upgrade(engine, "0006")
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO county (id, key, name_fi, name_sv, name_en, pack) VALUES (1, 'kp', 'K', 'K', 'K', '{}')"
            )
        )
    migrations.upgrade(engine)
    assert migrations.is_current(engine)
    assert migrations.differences(engine) == []
    with write_session(engine, actor="test") as session:
        add_scenario(session, storm(), on=ON)
    with read_session(engine) as session:
        assert find_scenario(session, "storm").county.key == "kp"
