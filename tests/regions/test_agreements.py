"""What the packs say of the three agreements; expected values are those of the agreements."""

from datetime import date

import pytest

from prep.regions.kinds import (
    BodyScope,
    ConstituencyUse,
    ContradictionKind,
    EvidenceMark,
    Period,
    RoleScope,
    SeatBasis,
    Validity,
)
from prep.regions.packs import load_pack
from prep.regions.schema import RegionPack
from prep.terms import BodyKind


@pytest.fixture(scope="module")
def kp() -> RegionPack:
    return load_pack("keski-pohjanmaa")


@pytest.fixture(scope="module")
def pk() -> RegionPack:
    return load_pack("pohjois-karjala")


@pytest.fixture(scope="module")
def ps() -> RegionPack:
    return load_pack("pohjois-savo")


def names(pack: RegionPack, constituency: str) -> set[str | None]:
    return {pack.municipality(code).name.fi for code in pack.constituency(constituency).municipalities}


# Central Ostrobothnia


def test_the_river_valleys_are_inferred_and_editable(kp: RegionPack) -> None:
    assert names(kp, "perhonjokilaakso") == {"Halsua", "Kaustinen", "Perho", "Veteli"}
    assert names(kp, "lestijokilaakso") == {"Kannus", "Lestijärvi", "Toholampi"}
    for key in ("perhonjokilaakso", "lestijokilaakso"):
        valley = kp.constituency(key)
        assert valley.inferred
        assert valley.editable
        assert valley.evidence is EvidenceMark.MEMORY
    assert not kp.constituency("kokkola").inferred


def test_a_seat_stands_for_as_many_people_as_in_the_agreement_papers(kp: RegionPack) -> None:
    day = date(2020, 12, 31)
    people = {one.key: kp.population(one.municipalities, on=day) for one in kp.constituencies}
    assert people == {"kokkola": 47_772, "perhonjokilaakso": 11_102, "lestijokilaakso": 9_114}


def test_the_board_has_three_municipal_seats_and_the_shared_one(kp: RegionPack) -> None:
    board = kp.body("alueturva-board")
    assert board.kind is BodyKind.READINESS_BOARD
    assert board.to_be_established
    municipal = [seat for seat in board.seats if seat.basis is SeatBasis.CONSTITUENCY]
    assert [(seat.constituency, seat.number) for seat in municipal] == [
        ("kokkola", 1),
        ("perhonjokilaakso", 1),
        ("lestijokilaakso", 1),
    ]
    assert [(body.key, seat.key) for body, seat in kp.seats_of("environmental-health")] == [
        ("alueturva-board", "board-environmental-health")
    ]
    assert len(board.seats) == 4


def test_each_municipality_names_two_and_all_together_one(kp: RegionPack) -> None:
    scopes = {role.key: (role.scope, role.count) for role in kp.roles}
    assert scopes == {
        "preparedness-contact": (RoleScope.MUNICIPALITY, 1),
        "alueturva-responsible": (RoleScope.MUNICIPALITY, 1),
        "environmental-health-representative": (RoleScope.SHARED, 1),
    }
    assert kp.nomination("environmental-health").role == "environmental-health-representative"
    assert {kp.clause(role.clause or "").heading for role in kp.roles} == {"Varautuminen ja valmius"}


def test_indicators_have_a_day_only_where_the_agreement_gives_one(kp: RegionPack) -> None:
    assert {one.key: one.due for one in kp.indicators} == {
        "kp-i1": date(2024, 12, 31),
        "kp-i2": None,
        "kp-i3": date(2025, 12, 31),
        "kp-i4": date(2025, 12, 31),
        "kp-i5": None,
        "kp-i6": None,
    }


def test_there_are_nine_measures_for_2024_and_four_for_2025(kp: RegionPack) -> None:
    years = [one.years for one in kp.measures]
    assert years.count((2024,)) == 9
    assert years.count((2025,)) == 4
    alerting = next(one for one in kp.measures if one.key == "kp-m24-3")
    assert alerting.owners == ("county",)
    assert "Erica" in (alerting.text.fi or "")


def test_the_common_system_is_shared_half_by_the_county_and_half_by_population(kp: RegionPack) -> None:
    rule = next(one for one in kp.cost_rules if one.shares)
    assert [(share.party.value, share.share, share.basis.value) for share in rule.shares] == [
        ("county", 0.5, "whole"),
        ("municipalities", 0.5, "population"),
    ]
    assert rule.population_day == date(2020, 12, 31)


def test_the_agreement_names_no_situation_centre_and_the_pack_says_so(kp: RegionPack) -> None:
    (centre,) = kp.situation_centres
    assert centre.evidence is EvidenceMark.PROPOSAL
    assert centre.editable
    assert centre.clause is None
    assert centre.around_the_clock is None


def test_the_rescue_act_is_cited_by_a_wrong_year_and_put_right(kp: RegionPack) -> None:
    act = next(one for one in kp.legal_references if one.act == "379/2011")
    wrong = next(one for one in act.citations if one.misprint)
    assert wrong.as_cited == "379/2021"
    assert act.normalised(wrong) == "379/2011"
    right = next(one for one in act.citations if not one.misprint)
    assert act.normalised(right) == "379/2011 65 §"


# North Karelia


def test_the_amended_subsection_of_the_rescue_act_is_no_misprint(pk: RegionPack) -> None:
    act = next(one for one in pk.legal_references if one.act == "379/2011")
    amended = next(one for one in act.citations if one.amended_by)
    assert (act.normalised(amended), amended.amended_by, amended.misprint) == (
        "379/2011 27 § 2 mom.",
        "1353/2018",
        False,
    )


def test_north_karelia_has_no_constituencies(pk: RegionPack) -> None:
    assert pk.constituencies == ()


def test_meetings_are_ranges(pk: RegionPack) -> None:
    assert [str(one.in_words()) for one in pk.body("wellbeing-coordinators").meetings] == ["6–8 times a year"]
    assert [str(one.in_words()) for one in pk.body("regional-partnership-groups").meetings] == [
        "once a year",
        "1–3 times a year",
    ]
    assert [str(one.in_words()) for one in pk.body("wellbeing-and-safety-negotiation").meetings] == [
        "at least 2 times a year"
    ]
    assert pk.body("strategic-negotiation").meetings[0].period is Period.COUNCIL_TERM


def test_evacuation_is_led_by_the_rescue_service_and_its_sites_listed_by_the_municipalities(
    pk: RegionPack,
) -> None:
    owners = {duty.key: duty.owners for duty in pk.duties if duty.clause == "pk-evacuation"}
    assert owners["pk-evacuation-lead"] == ("rescue_service",)
    assert owners["pk-site-list"] == ("municipalities",)
    assert owners["pk-evacuation-care"] == ("county",)


def test_the_number_of_meetings_is_a_recorded_contradiction_of_three_papers(pk: RegionPack) -> None:
    conflict = next(one for one in pk.contradictions if one.key == "pk-partnership-meetings")
    assert conflict.kind is ContradictionKind.CONFLICT
    assert {value.document for value in conflict.values} == {
        "pk-agreement",
        "renewal-slides",
        "liperi-minutes",
    }


def test_a_clause_of_the_minutes_belongs_to_no_agreement(pk: RegionPack) -> None:
    assert pk.agreement_of("liperi-nomination") is None
    assert pk.agreement_of("pk-evacuation") == pk.agreement("pk-agreement")


# North Savo


def test_the_three_subareas_hold_all_nineteen_municipalities_once(ps: RegionPack) -> None:
    codes = [code for one in ps.constituencies for code in one.municipalities]
    assert sorted(codes) == sorted(ps.codes)
    assert [len(one.municipalities) for one in ps.constituencies] == [3, 7, 9]
    assert {one.use for one in ps.constituencies} == {ConstituencyUse.SUBAREA}


def test_the_interface_programme_does_not_bind(ps: RegionPack) -> None:
    annex = ps.agreement("ps-agreement").annexes[0]
    assert annex.binding is False
    assert {ps.clause(one.clause or "").binding for one in ps.measures} == {False}
    assert ps.clause("ps-preparedness").binding is None  # in which part it stands is not known


def test_the_municipal_forum_seats_three_offices_of_each_municipality(ps: RegionPack) -> None:
    forum = ps.body("kuntafoorumi")
    offices = [seat.name.fi for seat in forum.seats if seat.basis is SeatBasis.MUNICIPALITY]
    assert offices == ["Kuntajohtaja", "Kunnanhallituksen puheenjohtaja", "Kunnanvaltuuston puheenjohtaja"]
    assert ps.body("service-discussions").scope is BodyScope.AREA


def test_one_situation_centre_serves_both_eastern_agreements(pk: RegionPack, ps: RegionPack) -> None:
    (eastern,) = pk.situation_centres
    (savo,) = ps.situation_centres
    assert eastern.key == savo.key == "istike"
    assert set(savo.serves) == {"etela-karjala", "etela-savo", "pohjois-karjala", "pohjois-savo"}
    assert eastern.around_the_clock is True


# Validity


@pytest.mark.parametrize(
    ("key", "day", "expected"),
    [
        ("pohjois-savo", date(2023, 10, 31), Validity.NOT_STARTED),
        ("pohjois-savo", date(2023, 11, 1), Validity.IN_FORCE),
        ("pohjois-savo", date(2025, 12, 31), Validity.IN_FORCE),
        ("pohjois-savo", date(2026, 1, 1), Validity.ENDED),
        ("pohjois-karjala", date(2024, 6, 1), Validity.UNKNOWN),  # the day of signing is not known
        ("pohjois-karjala", date(2025, 1, 1), Validity.ENDED),
        ("keski-pohjanmaa", date(2026, 1, 1), Validity.UNKNOWN),  # until further notice, from a day not known
    ],
)
def test_an_agreement_is_in_force_from_its_first_day_to_its_last(
    key: str, day: date, expected: Validity
) -> None:
    (agreement,) = load_pack(key).agreements
    assert agreement.validity(on=day) is expected
