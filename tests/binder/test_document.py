"""The binder as a PDF, read back: pages, contents, links, bookmarks, what is masked, what is left out."""

import io
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pypdf
import pytest
from PIL import Image
from sqlalchemy import select

from prep.attachments import add_site_file
from prep.auth.permissions import NOBODY, shown_number
from prep.binder.content import Binder, Chapter, Entry, Leaflet, Part, PartKind
from prep.binder.document import write
from prep.binder.records import Printing, Sight, county_binder, numbers_of
from prep.cards.masking import with_masked_numbers
from prep.cards.opening import PremisesCard
from prep.db import make_engine, write_session
from prep.errors import NotFound, Refused
from prep.exchange.safe_files import PNG
from prep.models import Municipality, Site
from prep.regions.outlines import county_map
from prep.registry.install import installed_pack
from prep.terms import Classification, Language
from tests.binder.conftest import AT, ON, Make, written
from tests.cards.prints import assert_sound
from tests.cards.reading import text_of


@pytest.fixture(scope="module")
def reader(pdf: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(pdf))


@pytest.fixture(scope="module")
def pages(pdf: bytes) -> list[str]:
    """The text of every page."""
    return [re.sub(r"\s+", " ", page.extract_text()) for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]


def titles(reader: pypdf.PdfReader) -> list[tuple[int, str, int]]:
    """The outline: depth, title, page from 1."""
    found = []

    def walk(entries: list, depth: int) -> None:
        for entry in entries:
            if isinstance(entry, list):
                walk(entry, depth + 1)
            else:
                found.append((depth, entry.title, (reader.get_destination_page_number(entry) or 0) + 1))

    walk(list(reader.outline), 0)
    return found


def test_the_file_is_sound_and_every_font_is_in_it(pdf: bytes, tmp_path: Path) -> None:
    assert_sound(pdf, tmp_path)


def test_every_page_says_which_of_how_many_it_is_and_of_which_binder(pages: list[str], perho: Binder) -> None:
    version = f"{perho.version[:4]}-{perho.version[4:]}"
    for number, text in enumerate(pages, start=1):
        assert f"Sivu {number}/{len(pages)}" in text
        assert f"Varautumiskansio – Perho · versio {version}" in text


def test_every_page_with_content_says_when_it_was_printed_and_how_secret_it_is(pages: list[str]) -> None:
    # The back of the picture of a chain is blank, so that sheets can be joined.
    blank = [text for text in pages if len(text) < 100]
    assert len(blank) == 1
    for text in pages:
        if text not in blank:
            assert "22.11.2026 klo 10.46" in text
            assert "Vain sisäiseen käyttöön" in text or "Salassa pidettävä" in text


def test_the_numbers_in_the_contents_are_the_pages_on_which_things_stand(
    pages: list[str], reader: pypdf.PdfReader
) -> None:
    contents = " ".join(pages[2:4])
    parts = [(title, page) for depth, title, page in titles(reader) if depth == 0][2:]
    assert [title for title, _ in parts] == [
        "Yhteystiedot",
        "Toimielimet",
        "Hälytysketjut",
        "Evakuointipaikat",
        "Toimintaohjekortit",
    ]
    for title, page in parts:
        assert re.search(rf"{title} \d+ {page}\b", contents)
        assert title in pages[page - 1]
    entries = [(title, page) for depth, title, page in titles(reader) if depth == 1]
    assert len(entries) > 15
    for title, page in entries:
        assert re.search(rf"{re.escape(title)} \d+ {page}\b", contents), title


def test_a_divider_states_what_follows_and_where(pages: list[str], reader: pypdf.PdfReader) -> None:
    outline = titles(reader)
    start = next(number for number, one in enumerate(outline) if one[1] == "Evakuointipaikat")
    divider = " ".join(pages[outline[start][2] - 1 : outline[start][2] + 1])
    following = [one for one in outline[start + 1 :] if one[0] == 1]
    # The map, and the eleven premises on the list of Perho.
    assert sum(f"{title} 1 {page}" in divider for _, title, page in following) == 12


def test_everything_begins_on_the_front_of_a_sheet(reader: pypdf.PdfReader) -> None:
    assert {page % 2 for _, _, page in titles(reader)} == {1}
    assert len(reader.pages) % 2 == 0


def test_lines_of_contents_and_dividers_lead_to_their_pages(reader: pypdf.PdfReader) -> None:
    numbers = {page.indirect_reference.idnum: number for number, page in enumerate(reader.pages, start=1)}
    links = [
        numbers[note.get_object()["/Dest"][0].idnum]
        for page in reader.pages[2:4]
        for note in page.get("/Annots", [])
    ]
    assert links == [page for depth, _, page in titles(reader) if depth < 2][2:]


def test_title_and_language_are_those_of_the_binder(reader: pypdf.PdfReader) -> None:
    assert reader.metadata is not None
    assert reader.metadata.title == "Varautumiskansio – Perho"
    assert reader.trailer["/Root"]["/Lang"] == "fi"


def test_chains_are_there_as_call_list_drill_form_and_picture(reader: pypdf.PdfReader) -> None:
    inside = [title for depth, title, _ in titles(reader) if depth == 2]
    assert inside[:3] == ["Soittolista", "Hälytysharjoituslomake", "Ketju kuvana"]


def test_the_map_stands_before_the_table_that_tells_what_its_numbers_are(
    pages: list[str], reader: pypdf.PdfReader
) -> None:
    divider = next(page for _, title, page in titles(reader) if title == "Evakuointipaikat")
    # The map on the sheet after the divider; the table goes on behind it.
    sheet = " ".join(pages[divider + 1 : divider + 3])
    assert re.search(r"\b\d+ km\b", sheet)
    for number, name in ((1, "Hirvikankaan koulu"), (11, "Rimpinevan koulu")):
        assert f"{number} {name}" in sheet


def test_the_same_content_gives_the_same_bytes_and_the_same_version(
    make: Make, pdf: bytes, perho: Binder
) -> None:
    assert written(make("584"))[0] == pdf
    later = make("584", at=AT + timedelta(hours=1))
    assert later.version == perho.version
    assert make("924").version != perho.version


def masked() -> Sight:
    """What somebody sees who may see no number."""
    return Sight(
        number_of=lambda point: shown_number(point.value, NOBODY, municipality=None),
        key_numbers_of=lambda holder: [
            shown_number(one, NOBODY, municipality=None) for one in numbers_of(holder)
        ],
        seen=lambda directory: with_masked_numbers(
            directory,
            [None, *(one.code for one in directory.municipalities)],
            lambda number: shown_number(number, NOBODY, municipality=None),
        ),
    )


def test_who_may_see_no_number_gets_none_anywhere(make: Make) -> None:
    text = text_of(written(make("584", sight=masked()))[0])
    assert "** *** **" in text
    numbers = re.findall(r"\+358[\s\d*]+", text)
    assert numbers
    assert all("*" in one for one in numbers)


def test_a_county_has_a_divider_for_each_place_and_none_for_what_may_not_be_printed(make: Make) -> None:
    binder = make(None, Language.SV, sight=Sight(may_print=lambda code: code in {None, "584"}))
    assert [one.code for one in binder.chapters] == [None, "584"]
    reader = pypdf.PdfReader(io.BytesIO(written(binder)[0]))
    outline = titles(reader)
    assert [title for depth, title, _ in outline if depth == 0] == [
        "Omslag",
        "Innehåll",
        "Välfärdsområdet självt",
        "Perho",
    ]
    divider = next(page for depth, title, page in outline if (depth, title) == (0, "Perho"))
    text = re.sub(r"\s+", " ", reader.pages[divider - 1].extract_text())
    for depth, title, page in outline:
        if depth == 1 and page > divider:
            assert re.search(rf"{title} \d+ {page}\b", text)


def test_the_card_of_premises_has_their_plan_as_the_card_printed_by_itself(
    database: Path, tmp_path: Path
) -> None:
    (tmp_path / "prep.db").write_bytes(database.read_bytes())
    engine = make_engine(f"sqlite:///{tmp_path / 'prep.db'}")
    drawn = io.BytesIO()
    Image.new("L", (40, 30), "white").save(drawn, "PNG")
    with write_session(engine, actor="test") as session:
        site = session.scalars(select(Site).where(Site.municipality_code == "584").order_by(Site.id)).all()[0]
        add_site_file(session, site, name="pohja.png", kind=PNG, content=drawn.getvalue(), by="test")
        name, place = site.name, session.get_one(Municipality, "584")
        printing = Printing(Language.FI, Classification.INTERNAL, ON, AT)
        land = county_map(installed_pack(session), None)
        binder = county_binder(session, printing, land, municipality=place, sight=Sight())
    engine.dispose()
    cards = {one.piece.name: one.piece for one in binder.leaflets if isinstance(one.piece, PremisesCard)}
    assert [picture.name for picture in cards[name].pictures] == ["pohja.png"]
    assert sum(len(card.pictures) for card in cards.values()) == 1


def test_a_binder_is_as_secret_as_the_most_secret_in_it(perho: Binder) -> None:
    assert perho.ground.classification in {Classification.INTERNAL, Classification.SECRET}
    assert (
        perho.cover.classification
        == {
            Classification.INTERNAL: "Vain sisäiseen käyttöön",
            Classification.SECRET: "Salassa pidettävä (621/1999, 24 §)",
        }[perho.ground.classification]
    )


def test_all_that_cannot_be_printed_is_told_at_once_and_nothing_is_written(perho: Binder) -> None:
    sheet = perho.cover
    wrong = Entry("Väärä 🔥", (Leaflet("Väärä", replace(sheet, title="Väärä 🔥", name="Kansi: Perho")),))
    chapter = Chapter("584", "Perho", (Part(PartKind.BODIES, (wrong,)),))
    file = io.BytesIO()
    with pytest.raises(Refused, match="U\\+1F525") as refusal:
        write(file, replace(perho, chapters=(chapter,)))
    assert {str(one.place).split(",")[0] for one in refusal.value.problems} == {"Kansi: Perho"}
    assert file.getvalue() == b""


def test_an_empty_binder_is_refused(perho: Binder) -> None:
    with pytest.raises(NotFound, match="nothing to put in the binder"):
        write(io.BytesIO(), replace(perho, chapters=()))
