import random
from pathlib import Path

import pytest

import prep
from prep.errors import Refused
from prep.exchange.findings import Severity
from prep.exchange.mapping import map_columns
from prep.exchange.tables import Table, read_table
from prep.exchange.vocabulary import ListKind, fields, recognised, unit_in
from tests.exchange.files import csv_text

FINNISH = {
    "Kunta": "municipality",
    "Kohteen nimi": "name",
    "Osoite": "address",
    "Käyttötarkoitus": "uses",
    "Hyötyala m2": "net_area_m2",
    "WC:t (kpl)": "toilets",
    "Esteettömät WC:t": "accessible_toilets",
    "Varavoima (h)": "backup_power_h",
    "Palotarkastus, enintään": "fire_max_persons",
    "Palotarkastus pvm": "fire_confirmed_on",
    "Avaimenhaltija": "key_holder",
    "Puhelin": "key_holder_phone",
    "N": "lat",
    "E": "lon",
    "Vahvistettu": "confirmed_on",
}
SWEDISH = {
    "Kommun": "municipality",
    "Lokalens namn": "name",
    "Adress": "address",
    "Användning": "uses",
    "Nyttoyta (m²)": "net_area_m2",
    "Antal toaletter": "toilets",
    "Reservkraft, h": "backup_power_h",
    "Brandsyn": "fire_confirmed_on",
    "Nyckelinnehavare": "key_holder",
    "Telefon": "key_holder_phone",
    "Breddgrad": "lat",
    "Längdgrad": "lon",
    "Bekräftad": "confirmed_on",
}
ENGLISH = {
    "Municipality": "municipality",
    "Name": "name",
    "Address": "address",
    "Uses": "uses",
    "Net area m2": "net_area_m2",
    "Toilets": "toilets",
    "Backup power": "backup_power_h",
    "Key holder": "key_holder",
    "Phone": "key_holder_phone",
    "Latitude": "lat",
    "Longitude": "lon",
}


def table(*headings: str) -> Table:
    return read_table(csv_text(headings, ["x"] * len(headings)).encode(), name="a.csv")


@pytest.mark.parametrize("expected", [FINNISH, SWEDISH, ENGLISH])
def test_headings_in_three_languages_and_any_order_are_known(expected: dict[str, str]) -> None:
    headings = list(expected)
    for seed in range(5):
        random.Random(seed).shuffle(headings)
        mapping = map_columns(table(*headings))
        assert {one.heading: one.field for one in mapping.matches} == expected
        assert [one.column for one in mapping.matches] == list(range(len(headings)))
        assert {one.confidence for one in mapping.matches} == {100}
        assert mapping.findings == ()


@pytest.mark.parametrize(
    ("headings", "expected"),
    [
        # "Tila" is the premises, or how they are: the second where another column tells the name.
        (["Kunta", "Tila"], ["municipality", "name"]),
        (["Tila", "Kunta", "Kohteen nimi"], ["status", "municipality", "name"]),
        (["Kunta", "Nimi", "Avaimenhaltija", "Puhelin", "Varahenkilö", "Puhelin"], ["municipality", "name", "key_holder", "key_holder_phone", "deputy_key_holder", "deputy_key_holder_phone"]),
        (["Kunta", "Nimi", "N (ETRS-TM35FIN)", "E (ETRS-TM35FIN)"], ["municipality", "name", "lat", "lon"]),
        (["KUNTA ", "  kohteen\nnimi", "Ateriat / h", "Majoitus (hlö)"], ["municipality", "name", "meals_per_hour", "use.temporary_accommodation"]),
    ],
)  # fmt: skip
def test_a_heading_is_understood_beside_the_others(headings: list[str], expected: list[str]) -> None:
    content = csv_text([f'"{heading}"' for heading in headings], ["x"] * len(headings))
    mapping = map_columns(read_table(content.encode(), name="a.csv"))
    assert [one.field for one in mapping.matches] == expected


def test_a_guess_is_shown_with_its_confidence() -> None:
    mapping = map_columns(table("Kunta", "Nimi", "Avaimenhaltia", "Huoneistoala"))
    assert [(one.field, one.confidence) for one in mapping.matches[2:]] == [
        ("key_holder", 89),
        ("net_area_m2", 90),
    ]
    assert [(one.severity, one.value, one.field) for one in mapping.findings] == [
        (Severity.NOTE, "Avaimenhaltia", "key_holder"),
        (Severity.NOTE, "Huoneistoala", "net_area_m2"),
    ]


@pytest.mark.parametrize(
    "heading", ["Kunto", "Kerrosala", "Puhelin 3", "Vuosi", "q", "Rakennusvuosi", "Kuntayhtymä"]
)
def test_what_only_looks_like_a_heading_is_not_guessed(heading: str) -> None:
    assert recognised(heading) == ()


def test_columns_that_are_not_known_are_reported() -> None:
    content = csv_text(("Kunta", "Nimi", "Rakennusvuosi", "Tyhjä"), ("Perho", "Halli", "1987", "", "irto"))
    mapping = map_columns(read_table(content.encode(), name="a.csv"))
    assert mapping.unmapped == ((2, "Rakennusvuosi"), (3, "Tyhjä"), (4, ""))
    assert [(one.place.column, one.value) for one in mapping.findings] == [
        ("C", "Rakennusvuosi"),
        ("E", None),
    ]
    assert all("it was not read" in str(one.rule) for one in mapping.findings)


def test_a_missing_column_is_refused_by_name_with_what_could_be_it() -> None:
    with pytest.raises(Refused) as caught:
        map_columns(table("Osoite", "Kerros", "Kortteli", "Alue"))
    assert str(caught.value) == (
        "a.csv, row 1: No column tells the municipality (Kunta, Kommun). Say which column it is; these are not known: Kortteli, Alue.\n"
        "a.csv, row 1: No column tells the name of the premises (Kohteen nimi, Namn). Say which column it is; these are not known: Kortteli, Alue."
    )
    with pytest.raises(Refused, match=r"Add a column Kunta, or say of which municipality the list is."):
        map_columns(table("Nimi", "Osoite"))
    assert map_columns(table("Nimi", "Osoite"), needs_municipality=False).match("municipality") is None


def test_what_the_user_says_goes_before_every_guess() -> None:
    source = table("Kunta", "Rakennus X", "Hyötyala", "Puhelin", "Nimi")
    mapping = map_columns(source, given={"rakennus x": "name", "C": "toilets", "Puhelin": ""})
    assert {one.heading: one.field for one in mapping.matches} == {
        "Kunta": "municipality",
        "Rakennus X": "name",
        "Hyötyala": "toilets",
    }
    assert mapping.unmapped == ((4, "Nimi"),)


def test_a_mapping_to_nothing_is_refused_with_what_there_is() -> None:
    source = table("Kunta", "Nimi")
    with pytest.raises(
        Refused, match=r"“Koko” There is no column of this heading or letter. The headings are: Kunta, Nimi."
    ):
        map_columns(source, given={"Koko": "net_area_m2"})
    with pytest.raises(
        Refused,
        match=r"column B: “toilet” Such a list tells nothing of this name. Use one of toilets, ",
    ):
        map_columns(source, given={"Nimi": "toilet"})
    with pytest.raises(Refused, match=r"column B: “Nimi” Column A was said to tell the same."):
        map_columns(source, given={0: "name", 1: "name"})
    with pytest.raises(Refused, match=r"There is no column of this heading or letter."):
        map_columns(source, given={7: "name"})


@pytest.mark.parametrize(
    ("file", "kind"), [("premises.md", ListKind.PREMISES), ("contacts.md", ListKind.CONTACTS)]
)
def test_every_field_is_documented_with_its_headings(file: str, kind: ListKind) -> None:
    page = (Path(prep.__file__).parent.parent / "docs" / file).read_text(encoding="utf-8")
    rows = [line.split(" | ") for line in page.splitlines() if line.startswith("| `")]
    documented = {row[0].strip("| `"): row[1:3] for row in rows}
    assert list(documented) == [key for key in fields(kind) if "." not in key or kind is ListKind.PREMISES]
    for key, headings in documented.items():
        for heading in headings:
            assert recognised(heading, kind)[0] == (100, key)


def test_no_heading_belongs_to_two_fields_for_certain() -> None:
    strong = [heading for field in fields().values() for heading in field.headings]
    assert sorted({one for one in strong if strong.count(one) > 1}) == []


@pytest.mark.parametrize(
    ("heading", "unit"),
    [("Varavoima (vrk)", "d"), ("Avautuu, min", "min"), ("Öppnas (dygn)", "d"), ("Avautuu", "h")],
)
def test_the_unit_of_time_stands_in_the_heading(heading: str, unit: str) -> None:
    assert unit_in(heading) == unit
