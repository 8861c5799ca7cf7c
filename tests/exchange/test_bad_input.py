"""What is wrong with lists as they come, one test for each: told with its place, or the file refused by name."""

import json
import zipfile
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from prep.errors import Refused
from prep.exchange.importing import ImportPlan, plan_import
from prep.exchange.tables import read_table
from prep.regions.boundaries import Boundaries, store_boundaries
from prep.regions.outlines import Area
from prep.regions.projection import map_points
from tests.exchange.files import one_sheet, repacked, xlsx

ON = date(2026, 11, 22)
HEAD = ("Kunta", "Kohteen nimi", "Lat", "Lon", "Majoitus")


@pytest.fixture
def session(county):
    with Session(county) as session:
        yield session


def plan(session: Session, *rows: tuple[object, ...], head: tuple[str, ...] = HEAD, **asked) -> ImportPlan:
    text = "\n".join(";".join(str(cell) for cell in row) for row in (head, *rows))
    return plan_import(session, read_table(text.encode(), name="x.csv"), on=ON, **asked)


def told(found: ImportPlan) -> list[str]:
    """What is said of cells and rows, apart from rows that do not say their use."""
    return [str(one) for one in found.findings if "used for" not in str(one)]


def place(session: Session, north: object, east: object, **asked) -> tuple[object, list[str]]:
    found = plan(session, ("Kokkola", "Halli", north, east, 100), **asked)
    (row,) = found.new
    return row.said.get("lat"), told(found)


def test_coordinates_that_have_changed_places(session: Session) -> None:
    lat, findings = place(session, "23,1339", "63,84026")
    assert lat == 63.84026
    assert findings == [
        "x.csv, row 2, column C: “23,1339” North and east had changed places: they were put right. "
        "Change the two columns in the list."
    ]


def test_degrees_with_commas_are_right(session: Session) -> None:
    assert place(session, "63,84026", "23,1339") == (63.84026, [])


def test_metres_of_tm35fin_are_right(session: Session) -> None:
    lat, findings = place(session, 7081000, 309500)
    assert (round(lat, 1), findings) == (63.8, [])


def test_metres_of_a_gk_zone_are_right(session: Session) -> None:
    # Zone 23 has its central meridian at 23° E, which is 500 000 m with the zone in front.
    lat, findings = place(session, 7081000, 23506500)
    assert (round(lat, 1), findings) == (63.8, [])


def test_metres_of_kkj_are_not_taken(session: Session) -> None:
    lat, findings = place(session, 7084000, 3309500)
    assert lat is None
    assert findings[0].startswith(
        "x.csv, row 2, column C: “7084000” The coordinates are in the old KKJ system"
    )


# Stockholm lies west of everything in Finland; Umeå does not, and is 170 km from Kokkola.
@pytest.mark.parametrize(
    ("north", "east", "message"),
    [
        ("59,33", "18,07", "The place is not in Finland"),
        ("63,83", "20,26", r"The place is 1\d\d km from the centre"),
    ],
)
def test_a_place_in_sweden(session: Session, north: str, east: str, message: str) -> None:
    _, findings = place(session, north, east)
    assert findings[0].startswith("x.csv, row 2, column C:")
    assert [one for one in findings if __import__("re").search(message, one)]


def borders(path: Path) -> Path:
    """Official borders of a county of eight squares: its municipalities, twenty kilometres wide each, without the sea."""
    from prep.regions.packs import load_pack

    areas = []
    for code, centre in load_pack("keski-pohjanmaa").centres.items():
        ((x, y),) = map_points([centre])
        ring = tuple(
            (x + dx, y + dy) for dx, dy in ((-1e4, -1e4), (1e4, -1e4), (1e4, 1e4), (-1e4, 1e4), (-1e4, -1e4))
        )
        areas.append(Area(code, ((ring,),), (x, y)))
    store_boundaries(Boundaries(tuple(areas), "rajat.gpkg", "Rajat", ON), path)
    return path


def test_a_place_in_the_sea_is_told_where_official_borders_are_imported(
    session: Session, tmp_path: Path
) -> None:
    file = borders(tmp_path / "boundaries.geojson")
    # 0,3° north of Kokkola are 33 km, ten of which are in its square.
    lat, findings = place(session, "64,14", "23,13", boundaries=file)
    assert lat == 64.14
    assert len(findings) == 1
    assert findings[0].startswith("x.csv, row 2, column C: By the official borders the place is 23")
    assert "in the sea, abroad, or in another county" in findings[0]
    assert place(session, "63,85", "23,14", boundaries=file)[1] == []
    # Without borders nobody knows where the shore is.
    assert place(session, "64,14", "23,13", boundaries=tmp_path / "none.geojson")[1] == []


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        (-5, "“-5” It cannot be less than zero"),
        ("noin 300", "“noin 300” It is an estimate, a limit or a range"),
        ("1.040", "“1.040” The number can be read in two ways"),
        ("1e9", "“1e9” It is not a number"),
    ],
)
def test_a_capacity_that_is_not_taken(session: Session, cell: object, message: str) -> None:
    found = plan(session, ("Kokkola", "Halli", "", "", cell))
    assert found.new[0].capacities == {}
    assert told(found)[0].startswith(f"x.csv, row 2, column E: {message}")


@pytest.mark.parametrize("cell", ["1 040", "1\u00a0040", "1040", "1 040 hlö"])
def test_thousands_with_spaces_are_right(session: Session, cell: str) -> None:
    found = plan(session, ("Kokkola", "Halli", "", "", cell))
    assert list(found.new[0].capacities.values()) == [1040]
    assert told(found) == []


def test_two_rows_of_one_place(session: Session) -> None:
    found = plan(
        session,
        ("Kokkola", "Urheilutalo", "63,84026", "23,1339", 10),
        ("Kokkola", "Kirjasto", "63,8404", "23,1341", 20),
    )
    assert told(found) == [
        "x.csv, row 3: “Kirjasto” The place is less than 50 m from that of row 2: “Urheilutalo”. "
        "If both rows are the same premises, leave one away; nothing is merged."
    ]
    again = plan(session, ("Kokkola", "Halli", "", "", 10), ("Kokkola", "HALLI", "", "", 20))
    assert again.refused == (3,)
    assert told(again)[0].startswith("x.csv, row 3: “HALLI” Row 2 has the same name in the same municipality")


def test_encodings_mixed_in_one_file_are_read_and_the_lines_named() -> None:
    lines = [
        b"Kunta;Kohteen nimi;Wc",
        "Perho;Päiväkoti;1".encode(),
        "Perho;Ylätalo;2".encode("cp1252"),
    ]
    found = read_table(b"\r\n".join([*lines, "Perho;Kylätalo;3".encode()]), name="x.csv")
    assert [row.cells[1] for row in found.rows] == ["Päiväkoti", "Ylätalo", "Kylätalo"]
    assert [str(one) for one in found.findings] == [
        "x.csv, row 3: “3” Some lines are in UTF-8 and others in Windows-1252: each was read in its own. These are the "
        "fewer. Check the names with å, ä and ö."
    ]


def formula(cell: bytes) -> bytes:
    """A sheet whose cell C2 is written as given."""
    content = one_sheet(("Kunta", "Kohteen nimi", "Wc"), ("Perho", "Halli", 7))
    with zipfile.ZipFile(BytesIO(content)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
    assert b'<c r="C2"><v>7</v></c>' in sheet
    return repacked(content, {"xl/worksheets/sheet1.xml": sheet.replace(b'<c r="C2"><v>7</v></c>', cell)})


def test_formulas_count_with_their_stored_value(session: Session) -> None:
    table = read_table(formula(b'<c r="C2"><f>3+4</f><v>7</v></c>'), name="x.xlsx")
    assert plan_import(session, table, on=ON).new[0].said["toilets"] == 7


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        (b'<c r="C2"><f>3+4</f></c>', "The file holds the formula of the cell and not its value"),
        (b'<c r="C2"><f>3+4</f><v></v></c>', "The file holds the formula of the cell and not its value"),
        (b'<c r="C2" t="e"><f>1/0</f><v>#DIV/0!</v></c>', "The formula in the cell has failed"),
    ],
)
def test_a_formula_without_a_value_is_not_taken_for_nothing(
    session: Session, cell: bytes, message: str
) -> None:
    found = plan_import(session, read_table(formula(cell), name="x.xlsx"), on=ON)
    assert "toilets" not in found.new[0].said
    assert [
        one
        for one in told(found)
        if one.startswith("x.xlsx, sheet “Tilat”, row 2, column C:") and message in one
    ]


def test_hidden_rows_and_columns_are_read_and_told() -> None:
    content = one_sheet(("Kunta", "Kohteen nimi", "Wc"), ("Perho", "A-talo", 1), ("Perho", "B-talo", 2))
    with zipfile.ZipFile(BytesIO(content)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
    hidden = sheet.replace(b'<row r="3"', b'<row r="3" hidden="1"').replace(
        b"<sheetData>", b'<cols><col min="2" max="2" width="0" hidden="1"/></cols><sheetData>'
    )
    assert hidden.count(b"hidden") == 2
    found = read_table(repacked(content, {"xl/worksheets/sheet1.xml": hidden}), name="x.xlsx")
    assert [row.cells[1] for row in found.rows] == ["A-talo", "B-talo"]
    assert [str(one) for one in found.findings] == [
        "x.xlsx, sheet “Tilat”, row 3: “3” These rows are hidden in the sheet and were read too. "
        "Look whether they still hold; if not, delete them from the list.",
        "x.xlsx, sheet “Tilat”, column B: “B” These columns are hidden in the sheet and were read too. "
        "Look whether they still hold; if not, delete them from the list.",
    ]


def test_a_hidden_sheet_is_not_read_and_told() -> None:
    rows = [("Kunta", "Kohteen nimi"), ("Perho", "Halli")]
    found = read_table(xlsx(("Tilat", rows), ("Vanhat", rows), hidden=["Vanhat"]), name="x.xlsx")
    assert [str(one) for one in found.findings] == [
        "x.xlsx, sheet “Vanhat”: The sheet is hidden and was not read. "
        "Look whether it belongs to the list; if so, import it by its name."
    ]


def test_headings_merged_over_two_rows_are_one(session: Session) -> None:
    content = BytesIO()
    from xlsxwriter import Workbook

    with Workbook(content) as book:
        sheet = book.add_worksheet("Tilat")
        sheet.merge_range(0, 0, 1, 0, "Kunta")
        sheet.merge_range(0, 1, 1, 1, "Kohteen nimi")
        sheet.merge_range(0, 2, 0, 3, "Käymälät")
        sheet.write_row(1, 2, ["Wc", "Esteettömät wct"])
        sheet.write_row(2, 0, ["Perho", "Halli", 9, 1])
    found = plan_import(session, read_table(content.getvalue(), name="x.xlsx"), on=ON)
    assert (found.new[0].name, found.new[0].said) == ("Halli", {"toilets": 9, "accessible_toilets": 1})
    assert [
        one for one in told(found) if one.startswith("x.xlsx, sheet “Tilat”: “1–2, 1–2” Cells were merged")
    ]


def test_a_heading_merged_over_two_columns_leaves_the_second_unread_and_told(session: Session) -> None:
    content = BytesIO()
    from xlsxwriter import Workbook

    with Workbook(content) as book:
        sheet = book.add_worksheet("Tilat")
        sheet.write_row(0, 0, ["Kunta", "Kohteen nimi"])
        sheet.merge_range(0, 2, 0, 3, "Wc")
        sheet.write_row(1, 0, ["Perho", "Halli", 9, 1])
    found = plan_import(session, read_table(content.getvalue(), name="x.xlsx"), on=ON)
    assert [
        one
        for one in told(found)
        if one.startswith("x.xlsx, sheet “Tilat”, row 1, column D: It is not known what")
    ]


def test_a_password_and_a_bomb_are_refused_by_name() -> None:
    # Their own tests are in test_workbook; here for the list of what comes.
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512) + "EncryptedPackage".encode("utf-16-le")
    with pytest.raises(Refused, match=r"x\.xlsx: The file is protected by a password"):
        read_table(ole, name="x.xlsx")
    bomb = repacked(one_sheet(("Kunta", "Kohteen nimi")), {"xl/worksheets/sheet1.xml": bytes(200 << 20)})
    assert len(bomb) < 1 << 20
    with pytest.raises(Refused, match=r"x\.xlsx: Unpacked the file would be 200 MiB"):
        read_table(bomb, name="x.xlsx")


def test_the_same_is_told_of_features_with_their_number_and_key(session: Session) -> None:
    properties = {
        "kunta": "Kokkola",
        "nimi": "Halli",
        "majoitus": "noin 300",
        "puhelin": "https://www.kunta.fi/123",
        "vahvistettu": 1_775_174_400_000,
        "palotarkastus": 1_775_174_400,
    }
    geometry = {"type": "Point", "coordinates": [63.84026, 23.1339]}
    content = {
        "type": "FeatureCollection",
        "features": [{"type": "Feature", "geometry": geometry, "properties": properties}],
    }
    found = plan_import(session, read_table(json.dumps(content).encode(), name="x.geojson"), on=ON)
    # 1 775 174 400 s after 1970 is 3.4.2026, 0.00 in Greenwich.
    assert (found.new[0].said["confirmed_on"], found.new[0].said["fire_confirmed_on"]) == (
        date(2026, 4, 3),
    ) * 2
    for key, rule in (
        ("geometry.latitude", "North and east had changed places"),
        ("majoitus", "It is an estimate"),
        ("puhelin", "It is a web address, not a telephone number"),
        ("vahvistettu", "The number counts seconds or milliseconds since 1970: 3.4.2026"),
    ):
        assert [
            one
            for one in told(found)
            if one.startswith(f"x.geojson, feature 1, key “{key}”:") and rule in one
        ], key
