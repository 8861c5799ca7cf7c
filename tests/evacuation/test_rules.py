from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from prep.evacuation.capacity import SiteSpace
from prep.evacuation.norms import norm_set
from prep.evacuation.rules import Check, RuleKey, checks
from prep.language import in_language
from prep.terms import Language, SiteUse, State

ON = date(2026, 11, 22)
GOOD = SiteSpace(
    uses=frozenset({SiteUse.TEMPORARY_ACCOMMODATION}),
    backup_power_h=72,
    hours_to_open=4,
    hours_to_full=12,
    fire_max_persons=220,
    fire_confirmed_on=date(2025, 5, 1),
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
