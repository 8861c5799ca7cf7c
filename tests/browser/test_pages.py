"""Every page in a browser: nothing complains, nothing leaves the machine, nothing scrolls sideways."""

from pathlib import Path

import pytest
from pypdf import PdfReader

from tests.browser.conftest import Served, Watched
from tests.web.addresses import PAGES

PICTURES = Path(__file__).parent.parent.parent / "artefacts"
WIDTHS = {"fi": (320, 390, 768, 1440, 2560), "sv": (320, 390, 1440)}
# Widths and looks of which a picture is kept, to be looked at by people.
LOOKS = {(1440, "light", "fi"), (390, "light", "fi"), (1440, "dark", "sv"), (390, "dark", "sv")}
# Links and fields that stand alone and are aimed at; those inside a sentence are as high as its line.
AIMED_AT = (
    ".masthead a, .skip, .chips a, .links a, .button, .go, .foot a, summary, select, .trail a, table a.strong"
)


def where(served: Served, name: str, language: str) -> str:
    path = PAGES[name].format(**served.numbers)
    return f"{served.address}{path}{'&' if '?' in path else '?'}lang={language}"


@pytest.mark.slow
@pytest.mark.parametrize("name", PAGES)
def test_a_page_fits_every_width_and_keeps_to_itself(served: Served, watched: Watched, name: str) -> None:
    PICTURES.mkdir(exist_ok=True)
    page = watched.page
    for scheme, language in (("light", "fi"), ("dark", "sv")):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        answer = page.goto(where(served, name, language))
        assert answer is not None
        assert answer.status == 200
        for width in WIDTHS[language]:
            page.set_viewport_size({"width": width, "height": 900})
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, f"{wide} wide at {width}, {language}"
            if (width, scheme, language) in LOOKS:
                page.screenshot(path=PICTURES / f"{name}-{width}-{scheme}-{language}.png", full_page=True)
    assert watched.complaints == []
    assert {one for one in watched.requests if not one.startswith((served.address, "data:"))} == set()


@pytest.mark.slow
def test_what_is_aimed_at_is_at_least_24_pixels_high(served: Served, watched: Watched) -> None:
    page = watched.page
    small = {}
    for name in PAGES:
        page.goto(where(served, name, "fi"))
        for width in (320, 1440):
            page.set_viewport_size({"width": width, "height": 900})
            for box in page.evaluate(
                """selector => [...document.querySelectorAll(selector)]
                    .filter(one => one.getClientRects().length)
                    .map(one => { const box = one.getBoundingClientRect();
                                  return [one.textContent.trim(), box.width, box.height]; })""",
                AIMED_AT,
            ):
                if box[1] < 23.5 or box[2] < 23.5:
                    small[name, width] = box
    assert small == {}


@pytest.mark.slow
def test_printed_pages_have_no_navigation_and_keep_their_tables(served: Served, watched: Watched) -> None:
    page = watched.page
    page.goto(where(served, "municipality", "fi"))
    page.emulate_media(media="print")
    assert not page.locator(".areas.wide").is_visible()
    assert not page.locator(".doings").first.is_visible()
    assert page.locator("table").first.is_visible()
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    PICTURES.mkdir(exist_ok=True)
    page.pdf(path=PICTURES / "municipality.pdf", format="A4")


@pytest.mark.slow
@pytest.mark.parametrize("code", ["272", "421", "584"])
def test_a_municipality_is_printed_on_the_two_sides_of_one_sheet(
    served: Served, watched: Watched, code: str, tmp_path: Path
) -> None:
    watched.page.goto(f"{served.address}/kunnat/{code}")
    watched.page.pdf(path=tmp_path / "municipality.pdf", format="A4")
    assert len(PdfReader(tmp_path / "municipality.pdf").pages) <= 2
