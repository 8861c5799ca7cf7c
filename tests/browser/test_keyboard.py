"""Everything is reached with a keyboard, and where one is can be seen."""

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Served, Watched

HERE = "document.activeElement"


def focused(page: Page, what: str) -> str:
    value: str = page.evaluate(f"{HERE}.{what}")
    return value


def press_until(page: Page, *, href: str, most: int = 40) -> int:
    """Press Tab until a link has the focus; gives how often."""
    for count in range(1, most + 1):
        page.keyboard.press("Tab")
        if page.evaluate(f"{HERE}.getAttribute('href')") == href:
            return count
    raise AssertionError(f"{href} was not reached in {most} steps")


@pytest.mark.slow
def test_the_first_step_skips_to_the_content(served: Served, watched: Watched) -> None:
    page = watched.page
    page.goto(served.address)
    page.keyboard.press("Tab")
    assert focused(page, "textContent") == "Siirry sisältöön"
    assert page.evaluate(f"{HERE}.getBoundingClientRect().top") >= 0
    page.keyboard.press("Enter")
    assert focused(page, "id") == "content"


@pytest.mark.slow
def test_the_navigation_is_walked_in_order_and_the_focus_is_seen(served: Served, watched: Watched) -> None:
    page = watched.page
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(served.address)
    steps = [
        press_until(page, href=href)
        for href in (
            *("/", "/tarkistettavat", "/kunnat", "/yhteyshenkilot", "/toimielimet"),
            *("/evakuointipaikat", "/halytysketjut", "/kortit"),
        )
    ]
    # Between the name of the county and the second of its pages: the search, two languages, the own account,
    # the overview.
    assert steps[1:] == [6, 1, 1, 1, 1, 1, 1]
    assert page.evaluate(f"getComputedStyle({HERE}).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    page.wait_for_url("**/kortit")


@pytest.mark.slow
def test_the_menu_of_a_narrow_screen_opens_with_a_key(served: Served, watched: Watched) -> None:
    page = watched.page
    page.set_viewport_size({"width": 320, "height": 700})
    page.goto(served.address)
    assert not page.get_by_role("link", name="Hälytysketjut").first.is_visible()
    for _ in range(9):
        page.keyboard.press("Tab")
        if focused(page, "textContent") == "Sivut":
            break
    page.keyboard.press("Enter")
    press_until(page, href="/halytysketjut", most=9)
    page.keyboard.press("Enter")
    page.wait_for_url("**/halytysketjut")


@pytest.mark.slow
def test_a_form_is_filled_and_sent_with_keys_and_gives_a_file(served: Served, watched: Watched) -> None:
    page = watched.page
    page.goto(f"{served.address}/kortit")
    page.get_by_label("Kenelle").focus()
    page.keyboard.type("Kok")
    page.get_by_role("button", name="Näytä kortit").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**kunta=272**")
    with page.expect_download() as download:
        page.get_by_role("link", name="Yhteystietokortti (PDF)").click()
    assert download.value.suggested_filename == "prep-272-contact-fi.pdf"


@pytest.mark.slow
def test_the_language_is_changed_with_keys_and_stays(served: Served, watched: Watched) -> None:
    page = watched.page
    page.goto(f"{served.address}/kunnat/272")
    page.get_by_role("link", name="Svenska").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**lang=sv")
    assert page.get_by_role("heading", level=1).inner_text() == "Karleby"
    page.goto(f"{served.address}/kunnat")
    assert page.get_by_role("heading", level=1).inner_text() == "Kommuner"
