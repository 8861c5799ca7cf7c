from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from prep.evacuation.norms import norm_set
from prep.evacuation.rules import Check, RuleKey, checks
from prep.evacuation.space import SiteSpace, UnitSpace
from prep.language import in_language
from prep.terms import KeyPower, Language, SiteUse, State

ON = date(2026, 11, 22)
GOOD = SiteSpace(
    uses=frozenset({SiteUse.TEMPORARY_ACCOMMODATION}),
    backup_power_h=72,
    hours_to_open=4,
    hours_to_full=12,
    fire_max_persons=220,
    fire_confirmed_on=date(2025, 5, 1),
    fire_confirmed_by="fire inspector",
    floor_level=1,
    exits=2,
    smoke_detectors=18,
    net_area_m2=1040,
    powers=frozenset(KeyPower),
    rescue_plan_on=date(2025, 5, 1),
    is_accessible=True,
    accessible_toilets=2,
    key_holders=1,
    reachable_key_holders=1,
    confirmed_on=date(2026, 10, 13),
)


def held(space: SiteSpace) -> dict[RuleKey, Check]:
    return {check.rule: check for check in checks(space, norm_set(), on=ON)}


def test_premises_that_reach_every_target_are_green() -> None:
    found = held(GOOD)
    assert set(found) == set(RuleKey)
    assert {check.state for check in found.values()} == {State.OK}
    assert all(check.remedy is None and check.source[Language.FI] for check in found.values())


@pytest.mark.parametrize(
    ("rule", "changes", "state", "sentence"),
    [
        (RuleKey.BACKUP_POWER, {"backup_power_h": 24}, State.FAULT, "Own power 24 h, target 72 h"),
        (RuleKey.BACKUP_POWER, {"backup_power_h": 36}, State.WARNING, "Own power 36 h, target 72 h"),
        (RuleKey.BACKUP_POWER, {"backup_power_h": None}, State.UNKNOWN, "Own power not known, target 72 h"),
        (RuleKey.OPENS, {"hours_to_open": 4.5}, State.WARNING, "Opens in 4,5 h, target 4 h"),
        (RuleKey.OPENS, {"hours_to_open": 9}, State.FAULT, "Opens in 9 h, target 4 h"),
        (RuleKey.OPENS, {"hours_to_open": None}, State.UNKNOWN, "Time to open not known, target 4 h"),
        (RuleKey.FULL, {"hours_to_full": 24}, State.WARNING, "Runs fully in 24 h, target 12 h"),
        (RuleKey.FULL, {"hours_to_full": None}, State.UNKNOWN, "Time to full running not known, target 12 h"),
        (RuleKey.FIRE_INSPECTION, {"fire_max_persons": None}, State.UNKNOWN, "No maximum from a fire inspection"),
        (RuleKey.FIRE_INSPECTION, {"fire_confirmed_on": None}, State.WARNING, "Fire inspection: at most 220, day not known"),
        (RuleKey.FIRE_INSPECTION, {"fire_confirmed_on": date(2023, 11, 21)}, State.WARNING, "Fire inspection 21.11.2023: at most 220"),
        (RuleKey.FIRE_INSPECTION, {"fire_confirmed_on": date(2023, 11, 22)}, State.OK, "Fire inspection 22.11.2023: at most 220"),
        (RuleKey.RESCUE_PLAN, {"rescue_plan_on": date(2019, 1, 1)}, State.WARNING, "Rescue plan 1.1.2019"),
        (RuleKey.RESCUE_PLAN, {"rescue_plan_on": None}, State.UNKNOWN, "Rescue plan not known"),
        (RuleKey.ACCESSIBLE, {"is_accessible": False}, State.FAULT, "Not accessible"),
        (RuleKey.ACCESSIBLE, {"is_accessible": None}, State.UNKNOWN, "Accessibility not known"),
        (RuleKey.ACCESSIBLE, {"accessible_toilets": 0}, State.FAULT, "Accessible, but no accessible toilet"),
        (RuleKey.ACCESSIBLE, {"accessible_toilets": 1}, State.OK, "Accessible, one accessible toilet"),
        (RuleKey.ACCESSIBLE, {"accessible_toilets": None}, State.UNKNOWN, "Accessible, accessible toilets not known"),
        (RuleKey.KEY_HOLDER, {"key_holders": 0, "reachable_key_holders": 0}, State.UNKNOWN, "Key holder not known"),
        (RuleKey.KEY_HOLDER, {"reachable_key_holders": 0}, State.FAULT, "Key holder has no telephone number"),
        (RuleKey.FIRE_INSPECTION, {"fire_confirmed_by": ""}, State.WARNING, "Fire inspection 1.5.2025: at most 220, not known who confirmed it"),
        (RuleKey.ACCESSIBLE, {"toilets": 20, "accessible_toilets": 2}, State.WARNING, "Accessible, 2 of 20 toilets accessible"),
        (RuleKey.ACCESSIBLE, {"toilets": 20, "accessible_toilets": 3}, State.OK, "Accessible, 3 accessible toilets"),
        (RuleKey.KEY_HOLDER, {"powers": frozenset({KeyPower.OPEN})}, State.WARNING, "Key holders: nobody can authorise, stand in"),
        (RuleKey.KEY_HOLDER, {"powers": frozenset({KeyPower.AUTHORISE, KeyPower.ALTERNATE})}, State.FAULT, "Key holders: nobody can open"),
        (RuleKey.GROUND_FLOOR, {"floor_level": None}, State.UNKNOWN, "Floor not known"),
        (RuleKey.GROUND_FLOOR, {"floor_level": 0}, State.OK, "Ground floor"),
        (RuleKey.GROUND_FLOOR, {"floor_level": 2}, State.WARNING, "Above the ground floor: floor 2"),
        (RuleKey.GROUND_FLOOR, {"floor_level": -1}, State.FAULT, "Below ground: floor -1"),
        (RuleKey.EXITS, {"exits": None}, State.UNKNOWN, "Number of exits not known"),
        (RuleKey.EXITS, {"exits": 0}, State.FAULT, "No exit"),
        (RuleKey.EXITS, {"exits": 1}, State.WARNING, "A single exit: at most 10 may sleep there"),
        # 1 040 m² / 60 m² = 17.3: eighteen are needed.
        (RuleKey.SMOKE_DETECTORS, {"smoke_detectors": 17}, State.FAULT, "Smoke detectors: 17 of 18"),
        (RuleKey.SMOKE_DETECTORS, {"smoke_detectors": 0}, State.FAULT, "No smoke detectors"),
        (RuleKey.SMOKE_DETECTORS, {"smoke_detectors": None}, State.UNKNOWN, "Smoke detectors not known"),
        (RuleKey.SMOKE_DETECTORS, {"net_area_m2": None}, State.UNKNOWN, "Smoke detectors: 18, net area not known"),
        (RuleKey.CONFIRMATION, {"confirmed_on": ON - timedelta(days=365)}, State.OK, "Confirmed 22.11.2025"),
        (RuleKey.CONFIRMATION, {"confirmed_on": ON - timedelta(days=730)}, State.WARNING, "Confirmed 22.11.2024"),
        (RuleKey.CONFIRMATION, {"confirmed_on": ON - timedelta(days=731)}, State.FAULT, "Confirmed 21.11.2024"),
        (RuleKey.CONFIRMATION, {"confirmed_on": None}, State.UNKNOWN, "Never confirmed"),
    ],
)  # fmt: skip
def test_each_rule_tells_its_state_in_words(
    rule: RuleKey, changes: dict[str, Any], state: State, sentence: str
) -> None:
    found = held(replace(GOOD, **changes))[rule]
    assert (found.state, str(found.sentence)) == (state, sentence)
    assert (found.remedy is None) == (state is State.OK)


def test_an_assembly_point_needs_no_fire_inspection_and_no_rescue_plan() -> None:
    found = held(SiteSpace(uses=frozenset({SiteUse.ASSEMBLY_POINT})))
    assert set(found) == {RuleKey.OPENS, RuleKey.ACCESSIBLE, RuleKey.KEY_HOLDER, RuleKey.CONFIRMATION}


def test_premises_without_a_use_are_held_against_every_rule() -> None:
    assert {check.state for check in held(SiteSpace()).values()} == {State.UNKNOWN}
    assert set(held(SiteSpace())) == set(RuleKey)


def test_three_years_before_a_leap_day_is_a_day() -> None:
    plan = replace(GOOD, rescue_plan_on=date(2025, 2, 28))
    found = {check.rule: check for check in checks(plan, norm_set(), on=date(2028, 2, 29))}
    assert found[RuleKey.RESCUE_PLAN].state is State.OK


def test_the_sentence_of_a_rule_is_finnish_for_a_finn() -> None:
    found = held(replace(GOOD, backup_power_h=24))[RuleKey.BACKUP_POWER]
    assert in_language(found.sentence, Language.FI) == "Varavoima 24 h, tavoite 72 h"
    assert in_language(found.sentence, Language.SV) == "Reservkraft 24 h, mål 72 h"


def test_rules_of_sleeping_hold_in_every_unit_where_people_would_sleep() -> None:
    def unit(name: str, **known: Any) -> UnitSpace:
        return UnitSpace(name, SiteSpace(uses=frozenset({SiteUse.TEMPORARY_ACCOMMODATION}), **known))

    halls = (
        unit("A", smoke_detectors=4, net_area_m2=240),
        unit("B", floor_level=3, exits=1, smoke_detectors=2),
    )
    found = held(replace(GOOD, smoke_detectors=None, net_area_m2=None, units=halls))
    assert str(found[RuleKey.GROUND_FLOOR].sentence) == "Above the ground floor: floor 3"
    assert str(found[RuleKey.EXITS].sentence) == "A single exit: at most 10 may sleep there"
    # The area of one hall is not known, so nobody knows how many detectors are needed.
    assert str(found[RuleKey.SMOKE_DETECTORS].sentence) == "Smoke detectors: 6, net area not known"
