from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prep.evacuation.capacity import Capacity, capacity, capacity_for, main_use
from prep.evacuation.norms import LimitKind, Phase, norm_set
from prep.evacuation.space import SiteSpace
from prep.terms import SiteUse

FINLAND, US = norm_set(), norm_set("us")
# 9 toilets × 20 = 180; fire inspection 220; 1 040 m² / 3.5 = 297.1; meals 400 an hour.
HALL = SiteSpace(
    uses=frozenset({SiteUse.TEMPORARY_ACCOMMODATION, SiteUse.CATERING}),
    net_area_m2=1040,
    toilets=9,
    fire_max_persons=220,
    exits=4,
    meals_per_hour=400,
)


def short(space: SiteSpace) -> Capacity:
    return capacity_for(space, FINLAND, SiteUse.TEMPORARY_ACCOMMODATION)


def test_the_least_limit_binds_and_the_next_is_told() -> None:
    found = short(HALL)
    assert found.persons == 180
    assert [(limit.kind, limit.persons, str(limit.basis)) for limit in found.limits] == [
        (LimitKind.TOILETS, 180, "Toilets, 9 × 20"),
        (LimitKind.FIRE, 220, "Fire inspection, at most"),
        (LimitKind.AREA, 297, "Area, 1\xa0040 m² / 3,5"),
        (LimitKind.MEALS, 400, "Meals, 400 / h × 1 h"),
    ]
    assert (found.binding, found.next) == (found.limits[0], found.limits[1])


@pytest.mark.parametrize(
    ("changes", "persons", "sentence"),
    [
        # 220 / 20 = 11 toilets, two more than nine.
        ({}, 180, "2 more toilets would raise it to 220."),
        ({"toilets": 10}, 200, "One more toilet would raise it to 220."),
        # 15 × 20 = 300 > 220; the area of 297 is next.
        ({"toilets": 15}, 220, "A higher maximum in a new fire inspection could raise it to 297."),
        # 350 / 3.5 = 100; 180 × 3.5 = 630, so 280 m² more.
        ({"net_area_m2": 350}, 100, "280 m² more would raise it to 180."),
        ({"exits": 1}, 10, "A second exit could raise it to 180."),
        ({"exits": 0}, 0, "A second exit could raise it to 180."),
        ({"meals_per_hour": 150}, 150, "Meals for 30 more would raise it to 180."),
        ({"stated": {SiteUse.TEMPORARY_ACCOMMODATION: 120}}, 120, "By the norms it could be 180: ask the keeper."),
        ({"fire_max_persons": 180}, 180, "Toilets, 9 × 20 and Fire inspection, at most limit it alike."),
    ],
)  # fmt: skip
def test_a_sentence_says_what_would_raise_it(changes: dict[str, Any], persons: int, sentence: str) -> None:
    found = short(replace(HALL, **changes))
    assert (found.persons, str(found.raised_by)) == (persons, sentence)


@pytest.mark.parametrize(
    ("field", "kind"),
    [
        ("net_area_m2", LimitKind.AREA),
        ("toilets", LimitKind.TOILETS),
        ("fire_max_persons", LimitKind.FIRE),
        ("meals_per_hour", LimitKind.MEALS),
    ],
)
def test_what_is_not_known_gives_no_capacity_and_is_named(field: str, kind: LimitKind) -> None:
    found = short(replace(HALL, **{field: None}))
    assert found.persons is None
    assert found.missing == (kind,)
    assert found.raised_by is None
    assert found.at_most == (220 if field == "toilets" else 180)


def test_nothing_known_is_unknown_and_not_zero() -> None:
    found = capacity(SiteSpace(), FINLAND, Phase.HOURS)
    assert (found.persons, found.at_most, found.binding, found.next) == (None, None, None, None)
    assert (
        capacity_for(
            SiteSpace(uses=frozenset({SiteUse.ASSEMBLY_POINT}), net_area_m2=0, toilets=0),
            FINLAND,
            SiteUse.ASSEMBLY_POINT,
        ).persons
        == 0
    )


def test_beds_count_only_in_long_stays() -> None:
    with_beds = replace(HALL, beds=40)
    assert capacity(with_beds, FINLAND, Phase.SHORT).persons == 180
    long = capacity(with_beds, FINLAND, Phase.LONG)
    # 140 more beds give the 180 of the toilets.
    assert (long.persons, str(long.raised_by)) == (40, "Beds for 140 more would raise it to 180.")
    assert capacity(HALL, FINLAND, Phase.LONG).missing == (LimitKind.BEDS,)


def test_some_hours_need_no_fire_inspection() -> None:
    found = capacity(SiteSpace(net_area_m2=340, toilets=8), FINLAND, Phase.HOURS)
    # 340 m² / 1 = 340; 8 × 50 = 400.
    assert (found.persons, found.next and found.next.persons) == (340, 400)


def test_whoever_only_eats_takes_neither_floor_nor_bed() -> None:
    found = capacity_for(
        SiteSpace(uses=frozenset({SiteUse.CATERING}), meals_per_hour=120), FINLAND, SiteUse.CATERING
    )
    assert found.persons == 120


def test_the_american_norm_keeps_two_toilets_in_reserve() -> None:
    found = capacity(replace(HALL, toilets=4, fire_max_persons=500), US, Phase.SHORT)
    # (4 − 2) × 75 = 150; 400 meals / 75 = 5.33 → 6 + 2 = 8 toilets.
    assert found.persons == 150
    assert str(found.binding and found.binding.basis) == "Toilets, (4 − 2) × 75"
    assert str(found.raised_by) == "4 more toilets would raise it to 400."
    assert capacity(replace(HALL, toilets=1), US, Phase.SHORT).persons == 0


def test_the_share_of_a_person_is_not_lost_in_the_division() -> None:
    # Floating division may end just below the whole number.
    for persons in range(1, 2000):
        assert (
            capacity(SiteSpace(net_area_m2=persons * 4.5, toilets=999), FINLAND, Phase.LONG).at_most
            == persons
        )


def test_accommodation_stands_on_lists_before_all_other_uses() -> None:
    assert main_use(SiteSpace(uses=frozenset(SiteUse))) is SiteUse.TEMPORARY_ACCOMMODATION
    assert (
        main_use(SiteSpace(uses=frozenset({SiteUse.CATERING, SiteUse.ASSEMBLY_POINT})))
        is SiteUse.ASSEMBLY_POINT
    )
    assert main_use(SiteSpace()) is None


@pytest.mark.parametrize(
    "wrong", [{"toilets": -1}, {"net_area_m2": float("nan")}, {"backup_power_h": float("inf")}]
)
def test_nonsense_is_refused_when_the_value_is_made(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=f"{next(iter(wrong))} is"):
        SiteSpace(**wrong)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"stated capacity of catering is 5"):
        SiteSpace(stated={SiteUse.CATERING: 5})


known = st.integers(min_value=0, max_value=2000)


@given(area=known, toilets=known, fire=known, more=st.integers(min_value=0, max_value=500))
def test_more_of_anything_never_lowers_the_capacity(area: int, toilets: int, fire: int, more: int) -> None:
    space = SiteSpace(net_area_m2=area, toilets=toilets, fire_max_persons=fire, exits=2)
    before = capacity(space, FINLAND, Phase.SHORT).persons
    assert before == min(area * 2 // 7, toilets * 20, fire)
    for field in ("net_area_m2", "toilets", "fire_max_persons"):
        larger = replace(space, **{field: getattr(space, field) + more})
        after = capacity(larger, FINLAND, Phase.SHORT).persons
        assert after is not None
        assert after >= before


@given(area=known, toilets=known, fire=known)
def test_what_is_said_to_raise_it_does(area: int, toilets: int, fire: int) -> None:
    space = SiteSpace(net_area_m2=area, toilets=toilets, fire_max_persons=fire, exits=2)
    found = capacity(space, FINLAND, Phase.SHORT)
    sentence = found.raised_by
    if sentence is None or "more toilets" not in sentence.template:
        return
    raised = capacity(replace(space, toilets=toilets + sentence.facts["more"]), FINLAND, Phase.SHORT)
    assert raised.persons == sentence.facts["to"]
    fewer = capacity(replace(space, toilets=toilets + sentence.facts["more"] - 1), FINLAND, Phase.SHORT)
    assert (fewer.persons or 0) < sentence.facts["to"]
