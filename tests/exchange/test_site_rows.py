from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from prep.evacuation.norms import norm_set
from prep.exchange.doubles import doubles
from prep.exchange.doubts import doubts_about_values
from prep.exchange.findings import Finding, Severity
from prep.exchange.key_holders import KeyHolderSaid
from prep.exchange.mapping import map_columns
from prep.exchange.site_rows import Context, SiteRow, read_site_rows
from prep.exchange.tables import read_table
from prep.models import Municipality, Site
from prep.terms import KeyPower, SiteStatus, SiteUse
from tests.exchange.files import one_sheet

ON = date(2026, 11, 22)
KOKKOLA = Municipality(code="272", name_fi="Kokkola", name_sv="Karleby", lat=63.84026, lon=23.1339)
PERHO = Municipality(code="584", name_fi="Perho", name_sv="Perho", lat=63.21474, lon=24.41904)
HALSUA = Municipality(code="074", name_fi="Halsua", name_sv="Halso", lat=63.4632, lon=24.16938)
CONTEXT = Context([HALSUA, KOKKOLA, PERHO], on=ON, municipality=None, allow_invented=True)
HALL = {"Kunta": "Perho", "Kohteen nimi": "Perhon liikuntahalli"}


def read(*rows: Mapping[str, Any], context: Context = CONTEXT) -> tuple[list[SiteRow], list[Finding]]:
    """Rows and findings of a list with these cells by heading."""
    headings = list(dict.fromkeys(heading for row in rows for heading in row))
    table = read_table(
        one_sheet(headings, *[[row.get(heading) for heading in headings] for row in rows]), name="a.xlsx"
    )
    mapping = map_columns(table, needs_municipality=context.municipality is None)
    found, findings = read_site_rows(table, mapping, context)
    findings += doubts_about_values(
        table, mapping, found, context.municipalities, on=context.on, norms=norm_set()
    )
    return found, findings + doubles(table, found, new=frozenset(row.row for row in found), sites=[])


def one(**cells: Any) -> tuple[SiteRow, list[Finding]]:
    """The row of one hall with these cells beside its municipality and name."""
    rows, findings = read(HALL | cells)
    return rows[0], findings


def told(findings: list[Finding]) -> list[tuple[str | None, Severity, str]]:
    return [(finding.field, finding.severity, str(finding.rule)) for finding in findings]


def test_a_row_says_what_stands_in_it_and_nothing_else() -> None:
    row, findings = one(
        **{"Hyötyala m2": "1 040 m²", "WC:t": "", "Esteetön": "k", "Varavoima": "?", "Osoite": "Urheilutie 4"}
    )
    assert row.said == {
        "net_area_m2": 1040,
        "is_accessible": True,
        "backup_power_h": None,
        "address": "Urheilutie 4",
    }
    assert (row.uses, row.capacities, row.key_holders) == (None, {}, None)
    assert findings == []


@pytest.mark.parametrize(
    "cell", ["Kokkola", "KARLEBY", " kokkola ", "272", 272.0, "Kokkolan kaupunki", "Karleby stad"]
)
def test_the_municipality_is_known_by_code_and_by_both_names(cell: Any) -> None:
    rows, findings = read({"Kunta": cell, "Nimi": "Halli"})
    assert ([row.municipality_code for row in rows], findings) == (["272"], [])


def test_a_code_that_has_lost_its_zero_is_known() -> None:
    assert read({"Kunta": 74.0, "Nimi": "Halli"})[0][0].municipality_code == "074"


@pytest.mark.parametrize(
    ("cells", "field", "rule"),
    [
        ({"Kunta": "Kokola", "Nimi": "Halli"}, "municipality", "There is no such municipality in this county."),
        ({"Kunta": "Helsinki", "Nimi": "Halli"}, "municipality", "There is no such municipality in this county."),
        ({"Kunta": None, "Nimi": "Halli"}, "municipality", "The row does not say which municipality it belongs to."),
        ({"Kunta": "Perho", "Nimi": None, "Osoite": "Tie 1"}, "name", "The row has no name of premises."),
        ({"Kunta": "Perho", "Nimi": "–", "Osoite": "Tie 1"}, "name", "The row has no name of premises."),
        ({"Kunta": "Perho", "Nimi": "K\ufffdlli"}, "name", "Letters in it have been damaged on the way."),
        ({"Kunta": "Perho", "Nimi": "x" * 201}, "name", "The text has 201 characters; at most 200 are kept."),
        ({"Kunta": None, "Nimi": "Yhteensä", "WC": 12}, "name", "The row adds up the others, it is not one of the premises."),
        ({"Kunta": "Summa:", "Nimi": None, "WC": 12}, "name", "The row adds up the others, it is not one of the premises."),
        ({"Kunta": "Kunta", "Nimi": "Nimi", "WC": "WC"}, None, "The row repeats the headings."),
    ],
)  # fmt: skip
def test_a_row_that_does_not_land_says_why(cells: dict[str, Any], field: str | None, rule: str) -> None:
    rows, findings = (
        read(HALL | {"Nimi": None}, cells)
        if "Kohteen nimi" in cells
        else read(cells, {"Kunta": "Perho", "Nimi": "Halli"})
    )
    assert [row.name for row in rows] == ["Halli"]
    assert told(findings) == [(field, Severity.REFUSED, rule)]


def test_a_list_of_one_municipality_needs_no_column_and_takes_no_others() -> None:
    context = Context(CONTEXT.municipalities, on=ON, municipality=PERHO, allow_invented=True)
    assert [row.municipality_code for row in read({"Nimi": "Halli", "WC": 1}, context=context)[0]] == ["584"]
    rows, findings = read(
        {"Kunta": "Kokkola", "Nimi": "Halli"}, {"Kunta": None, "Nimi": "Sali"}, context=context
    )
    assert [row.name for row in rows] == ["Sali"]
    assert told(findings) == [
        ("municipality", Severity.REFUSED, "The row is of another municipality than Perho.")
    ]


@pytest.mark.parametrize(
    ("cell", "uses"),
    [
        ("majoitus", {SiteUse.TEMPORARY_ACCOMMODATION}),
        ("evakuointikeskus, majoitus", {SiteUse.EVACUATION_CENTRE, SiteUse.TEMPORARY_ACCOMMODATION}),
        ("Majoitus ja ateriat", {SiteUse.TEMPORARY_ACCOMMODATION, SiteUse.CATERING}),
        ("kokoamispaikka/kokoamiskeskus", {SiteUse.ASSEMBLY_POINT, SiteUse.ASSEMBLY_CENTRE}),
        ("inkvartering och bespisning", {SiteUse.TEMPORARY_ACCOMMODATION, SiteUse.CATERING}),
        ("samlingsplats + evakueringscenter", {SiteUse.ASSEMBLY_POINT, SiteUse.EVACUATION_CENTRE}),
        ("majoitus;\nruokailu", {SiteUse.TEMPORARY_ACCOMMODATION, SiteUse.CATERING}),
        ("", None),
        ("ei tiedossa", set()),
    ],
)
def test_uses_are_read_in_two_languages(cell: str, uses: set[SiteUse] | None) -> None:
    row, findings = one(**{"Käyttötarkoitus": cell, "WC": 1})
    assert (row.uses, findings) == (uses, [])


def test_a_use_that_is_not_known_is_told_and_the_others_are_taken() -> None:
    row, findings = one(**{"Käyttötarkoitus": "majoitus, kriisikeskus"})
    assert row.uses == {SiteUse.TEMPORARY_ACCOMMODATION}
    assert told(findings) == [("uses", Severity.WARNING, "These are not uses that prep knows: kriisikeskus.")]
    assert one(**{"Käyttötarkoitus": "koulu"})[0].uses is None


def test_columns_of_uses_tell_uses_and_places() -> None:
    row, findings = one(
        **{
            "Majoituspaikat": 60,
            "Evakuointikeskus": "x",
            "Muonitus": "ei",
            "Kokoamispaikka": None,
            "WC": 20,
            "Ala": 900,
            "Palotarkastus max": 100,
        }
    )
    assert row.uses == {SiteUse.TEMPORARY_ACCOMMODATION, SiteUse.EVACUATION_CENTRE}
    assert row.capacities == {SiteUse.TEMPORARY_ACCOMMODATION: 60}
    assert findings == []


def test_a_number_of_places_belongs_to_the_only_use() -> None:
    assert one(**{"Käyttö": "majoitus", "Kapasiteetti": 40})[0].capacities == {
        SiteUse.TEMPORARY_ACCOMMODATION: 40
    }
    row, findings = one(**{"Käyttö": "majoitus, ateriat", "Kapasiteetti": 40})
    assert row.capacities == {}
    assert told(findings) == [
        (
            "capacity",
            Severity.WARNING,
            "The row does not say for which use this number holds: it was not taken.",
        )
    ]


def test_more_places_than_the_norms_allow_are_told() -> None:
    row, findings = one(**{"Majoituspaikat": 450, "WC": 10, "Ala": 700, "Palotarkastus max": 180})
    assert row.capacities == {SiteUse.TEMPORARY_ACCOMMODATION: 450}
    assert told(findings) == [
        (
            "use.temporary_accommodation",
            Severity.WARNING,
            "The keeper states 450 for temporary accommodation; by the norms it is at most 180 (Fire inspection, at most).",
        )
    ]


@pytest.mark.parametrize(
    ("cell", "status"),
    [
        ("käytettävissä", SiteStatus.AVAILABLE), ("Vapaa", SiteStatus.AVAILABLE), ("ehdollinen", SiteStatus.CONDITIONAL),
        ("villkorlig", SiteStatus.CONDITIONAL), ("remontissa", SiteStatus.OUT), ("varattu", SiteStatus.IN_USE), ("?", SiteStatus.UNKNOWN),
    ],
)  # fmt: skip
def test_the_status_is_read(cell: str, status: SiteStatus) -> None:
    assert one(Tilanne=cell)[0].said == {"status": status}


def test_a_status_that_is_not_known_is_not_taken() -> None:
    row, findings = one(Tilanne="ehkä")
    assert row.said == {}
    assert told(findings) == [
        ("status", Severity.WARNING, "It is not known what this says of the availability.")
    ]


def test_key_holders_are_read_with_their_numbers_and_deputies() -> None:
    row, findings = one(
        **{
            "Avaimenhaltija": "Aino Esimerkki",
            "Puhelin": "+358 00 000 1001",
            "Varahenkilö": "Päivystys",
            "Puhelin 2": "+358 00 000 9001 / +358 00 000 9002",
        }
    )
    assert row.key_holders == (
        KeyHolderSaid(KeyPower.OPEN, "Aino Esimerkki", ("+358000001001",)),
        KeyHolderSaid(KeyPower.ALTERNATE, "Päivystys", ("+358000009001", "+358000009002")),
    )
    assert [(finding.field, finding.value) for finding in findings] == [("deputy_key_holder_phone", "… 02")]


def test_a_key_holder_without_a_number_is_told() -> None:
    row, findings = one(**{"Avaimenhaltija": "Aino Esimerkki", "Puhelin": None, "WC": 1})
    assert row.key_holders == (KeyHolderSaid(KeyPower.OPEN, "Aino Esimerkki", None),)
    assert told(findings) == [
        ("key_holder_phone", Severity.WARNING, "The key holder has no telephone number.")
    ]


def test_no_finding_shows_a_whole_telephone_number() -> None:
    real = Context(CONTEXT.municipalities, on=ON, municipality=None, allow_invented=False)
    for cell in ("+358 00 000 1001", "040 100 10001000 1", "040 100 1000, 06 100 1001"):
        _, findings = read(HALL | {"Avaimenhaltija": "Aino", "Puhelin": cell}, context=real)
        assert findings
        assert not [finding for finding in findings if "1001" in str(finding) or "1000" in str(finding)]


def test_coordinates_may_stand_in_two_columns_or_in_one() -> None:
    assert one(N="63,21474", E="24,41904")[0].said == {"lat": 63.21474, "lon": 24.41904}
    assert one(Koordinaatit="63,21474 24,41904")[0].said == {"lat": 63.21474, "lon": 24.41904}
    assert one(N="?", E="?")[0].said == {"lat": None, "lon": None}


def test_a_place_far_from_its_municipality_is_told() -> None:
    # Kokkola and Perho lie 95 km from each other (geopy's geodesic: 94.7 km).
    row, findings = one(N=63.84026, E=23.1339)
    assert row.said == {"lat": 63.84026, "lon": 23.1339}
    assert told(findings) == [("lat", Severity.WARNING, "The place is 95 km from the centre of Perho.")]


@pytest.mark.parametrize(
    ("cells", "field", "severity", "rule"),
    [
        ({"WC": 3, "Inva WC": 4}, "accessible_toilets", Severity.WARNING, "There are more accessible toilets than toilets."),
        ({"Avautuu": "6 h", "Täysi käyttö": "3 h"}, "hours_to_full", Severity.WARNING, "The premises would be in full use before they are open."),
        ({"Vahvistettu": "21.11.2025"}, "confirmed_on", Severity.NOTE, "The row was confirmed 366 days ago."),
    ],
)  # fmt: skip
def test_values_that_do_not_fit_together_are_told(
    cells: dict[str, Any], field: str, severity: Severity, rule: str
) -> None:
    assert told(one(**cells)[1]) == [(field, severity, rule)]


def test_a_row_confirmed_a_year_ago_is_not_old() -> None:
    assert one(Vahvistettu="22.11.2025")[1] == []


def test_rows_with_almost_the_same_name_are_candidates_and_both_land() -> None:
    rows, findings = read(
        HALL,
        HALL | {"Kohteen nimi": "Perhon liikuntahali"},
        {"Kunta": "Kokkola", "Kohteen nimi": "Perhon liikuntahalli"},
    )
    assert len(rows) == 3
    assert [(one.place.row, str(one.rule)) for one in findings] == [
        (3, "The name is almost that of row 2: “Perhon liikuntahalli”.")
    ]


@pytest.mark.parametrize(
    "names", [("Koulu 1", "Koulu 2"), ("Perhon koulu", "Perhon lukio"), ("A-talo", "Kirjasto")]
)
def test_different_names_are_no_candidates(names: tuple[str, str]) -> None:
    assert read(*[HALL | {"Kohteen nimi": name} for name in names])[1] == []


def test_rows_of_almost_the_same_place_are_candidates() -> None:
    # 0.0004° of latitude is 44.6 m; 0.0005° is 55.7 m.
    places = [("A-talo", 63.2149), ("Kirjasto", 63.2153), ("Uimahalli", 63.2158)]
    rows, findings = read(*[HALL | {"Kohteen nimi": name, "N": lat, "E": 24.41904} for name, lat in places])
    assert len(rows) == 3
    assert [(one.place.row, str(one.rule)) for one in findings] == [
        (3, "The place is less than 50 m from that of row 2: “A-talo”.")
    ]


def test_premises_of_the_registry_with_another_spelling_are_told() -> None:
    rows, _ = read(HALL | {"N": 63.21474, "E": 24.41904})
    table = read_table(one_sheet(list(HALL), list(HALL.values())), name="a.xlsx")
    near = Site(municipality_code="584", name="Palloiluhalli", lat=63.2148, lon=24.4190)
    alike = Site(municipality_code="584", name="Perhon liikuntahali", lat=None, lon=None)
    elsewhere = Site(municipality_code="272", name="Perhon liikuntahali", lat=63.2148, lon=24.4190)
    for site, rule in [
        (near, "The registry has “Palloiluhalli” less than 50 m from here."),
        (alike, "The registry has premises of almost this name: “Perhon liikuntahali”."),
    ]:
        (finding,) = doubles(table, rows, new=frozenset({2}), sites=[elsewhere, site])
        assert (finding.severity, str(finding.rule)) == (Severity.WARNING, rule)
        assert doubles(table, rows, new=frozenset(), sites=[site]) == []
