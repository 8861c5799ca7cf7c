"""Every page in a browser, in each language and look; what it is on paper; what is shown before a sign-in."""

from pathlib import Path

import pytest
from pypdf import PdfReader

from tests.browser.conftest import Served, Watched
from tests.browser.looks import LOOKS, PICTURES, findings, require_fit
from tests.web.addresses import PAGES

BEFORE = {
    "sign-in": "/kirjaudu",
    "link-used": "/linkki/not-a-link",
    "missing": "/evakuointipaikat?sivu=nolla",
    "not-there": "/ei-ole",
}


def where(served: Served, path: str, language: str) -> str:
    return f"{served.address}{path}{'&' if '?' in path else '?'}lang={language}"


@pytest.mark.slow
@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_right_in_every_look(served: Served, watched: Watched, name: str) -> None:
    path = PAGES[name].format(**served.numbers)
    require_fit(watched, lambda language: where(served, path, language), name)


@pytest.mark.slow
@pytest.mark.parametrize("path", BEFORE.values(), ids=BEFORE)
def test_axe_finds_nothing_before_signing_in(served: Served, stranger: Watched, path: str) -> None:
    for language, (scheme, width, _) in LOOKS.items():
        stranger.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        stranger.page.set_viewport_size({"width": width, "height": 900})
        stranger.page.goto(where(served, path, language))
        assert findings(stranger.page) == []


@pytest.mark.slow
def test_printed_pages_have_no_navigation_and_keep_their_tables(served: Served, watched: Watched) -> None:
    page = watched.page
    page.goto(where(served, "/kunnat/421", "fi"))
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
