"""Every page, in every language, under axe-core: it finds nothing, not even against its advice."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from prep.terms import AccountRole
from tests.browser.conftest import Served, Watched
from tests.browser.test_administration import PARTS
from tests.browser.test_pages import where
from tests.web.addresses import PAGES

# Each language in one look and at one width, so that all of them are seen.
LOOKS = {"fi": ("light", 1440), "sv": ("dark", 390), "en": ("light", 320)}
BEFORE = {
    "sign-in": "/kirjaudu",
    "link-used": "/linkki/not-a-link",
    "missing": "/evakuointipaikat?sivu=nolla",
    "not-there": "/ei-ole",
}


def findings(watched: Watched, address: str) -> list[str]:
    """What axe finds on the page at an address, one line for each part of the page."""
    watched.page.goto(address)
    found = Axe().run(watched.page).response["violations"]
    return [
        f"{one['id']}: {node['html'][:200]} {node['failureSummary']}"
        for one in found
        for node in one["nodes"]
    ]


def look(watched: Watched, language: str) -> None:
    scheme, width = LOOKS[language]
    watched.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    watched.page.set_viewport_size({"width": width, "height": 900})


@pytest.mark.slow
@pytest.mark.parametrize("language", LOOKS)
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_on_a_page(served: Served, watched: Watched, name: str, language: str) -> None:
    look(watched, language)
    assert findings(watched, where(served, name, language)) == []


@pytest.mark.slow
@pytest.mark.parametrize("language", LOOKS)
@pytest.mark.parametrize("name", PARTS)
def test_axe_finds_nothing_in_the_administration(
    served: Served, stranger: Watched, name: str, language: str
) -> None:
    held = {"name": "prep_session", "value": served.token(AccountRole.ADMINISTRATOR), "url": served.address}
    stranger.page.context.add_cookies([held])  # type: ignore[list-item]
    look(stranger, language)
    assert findings(stranger, f"{served.address}{PARTS[name]}?lang={language}") == []


@pytest.mark.slow
@pytest.mark.parametrize("language", LOOKS)
@pytest.mark.parametrize("path", BEFORE.values(), ids=BEFORE)
def test_axe_finds_nothing_before_signing_in(
    served: Served, stranger: Watched, path: str, language: str
) -> None:
    look(stranger, language)
    mark = "&" if "?" in path else "?"
    assert findings(stranger, f"{served.address}{path}{mark}lang={language}") == []
