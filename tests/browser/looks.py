"""A page seen as people see it: in each language, by day and by night, on narrow and wide screens, and by axe."""

from collections.abc import Callable
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.conftest import Watched

PICTURES = Path(__file__).parent.parent.parent / "artefacts"
# Each language in a look, at the width at which axe reads the page, and at the widths that it has to fit.
LOOKS = {
    "fi": ("light", 1440, (320, 390, 768, 1440, 2560)),
    "sv": ("dark", 390, (320, 390, 1440)),
    "en": ("light", 320, (320,)),
}
# Widths of which a picture is kept, to be looked at by people.
KEPT = {"fi": (390, 1440), "sv": (390, 1440), "en": ()}
# Links and fields that stand alone and are aimed at; those inside a sentence are as high as its line.
AIMED_AT = (
    ".masthead a, .skip, .chips a, .links a, .button, .go, .foot a, summary, select, .trail a, table a.strong"
)
AIMED_AT_WIDTHS = (320, 1440)


def require_fit(watched: Watched, address: Callable[[str], str], name: str, aimed_at: str = AIMED_AT) -> None:
    """Go on only if the page of an address, a function of the language, is right in every look.

    It fits every width, what is aimed at is large enough, axe finds nothing, nothing complains in the
    browser's console, and nothing is asked from another host.
    """
    PICTURES.mkdir(exist_ok=True)
    page = watched.page
    for language, (scheme, read_at, widths) in LOOKS.items():
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        answer = page.goto(address(language))
        assert answer is not None
        assert answer.status == 200
        for width in widths:
            page.set_viewport_size({"width": width, "height": 900})
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, f"{wide} wide at {width}, {language}"
            if width in AIMED_AT_WIDTHS:
                assert too_small(page, aimed_at) == [], (width, language)
            if width in KEPT[language]:
                page.screenshot(path=PICTURES / f"{name}-{width}-{scheme}-{language}.png", full_page=True)
            if width == read_at:
                assert findings(page) == [], language
    assert watched.complaints == []
    host = page.evaluate("location.origin")
    assert {one for one in watched.requests if not one.startswith((host, "data:"))} == set()


def too_small(page: Page, selector: str) -> list[tuple[str, float, float]]:
    """What is aimed at and is less than 24 pixels wide or high: its text, width and height."""
    return [
        (text, width, height)
        for text, width, height in page.evaluate(
            """selector => [...document.querySelectorAll(selector)]
                .filter(one => one.getClientRects().length)
                .map(one => { const box = one.getBoundingClientRect();
                              return [one.textContent.trim(), box.width, box.height]; })""",
            selector,
        )
        if min(width, height) < 23.5
    ]


def findings(page: Page) -> list[str]:
    """What axe finds on the page as it stands, not even against its advice: one line for each part of it."""
    # Only what is wrong is told in full: what is right need not be.
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [
        f"{one['id']}: {node['html'][:200]} {node['failureSummary']}"
        for one in found
        for node in one["nodes"]
    ]
