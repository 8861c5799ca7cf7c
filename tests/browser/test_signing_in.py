"""Signing in with a telephone's app in a real browser, with keys only, and what each role finds there."""

from datetime import timedelta

import pyotp
import pytest
from playwright.sync_api import Page

from prep import clock
from prep.auth import accounts, links
from prep.db import write_session
from prep.terms import AccountRole
from prep.web.database import engine_of
from tests.browser.conftest import Served, Watched

PASSWORD = "vihreä tuoli laulaa hiljaa"
LOGIN = "kirsi@kunta.example"


def invited(served: Served) -> str:
    with write_session(engine_of(served.app), actor="test") as session:
        account = accounts.find_or_none(session, LOGIN)
        if account is None:
            account = accounts.add(session, LOGIN, "Kirsi Exempel")
            accounts.give(
                session,
                account,
                AccountRole.MUNICIPAL_CONTACT,
                starts=account.created_at.date(),
                municipality="272",
            )
        return served.address + links.link_for(session, account).path


def arrive(page: Page, where: str) -> None:
    """Wait until a page is there and has put the focus where it begins, which comes a moment after loading."""
    page.wait_for_url(where)
    page.wait_for_function("document.activeElement !== document.body")


def type_in(page: Page, *words: str) -> None:
    """Type into the field that has the focus and the ones after it, and send the form."""
    for number, one in enumerate(words):
        if number:
            page.keyboard.press("Tab")
        page.keyboard.type(one)
    page.keyboard.press("Enter")


@pytest.mark.slow
def test_from_the_link_to_the_own_municipality_with_keys_only(served: Served, stranger: Watched) -> None:
    page = stranger.page
    page.goto(invited(served))
    page.get_by_label("Salasana", exact=True).focus()
    type_in(page, PASSWORD, PASSWORD)
    arrive(page, "**/kirjaudu?tehty=chosen")
    assert page.locator(".note [role=status]").inner_text() == "Salasana on asetettu. Kirjaudu sillä sisään."
    # The field for the name has the focus: nothing has to be looked for.
    type_in(page, LOGIN, PASSWORD)
    arrive(page, "**/oma/vaihe2")
    page.keyboard.press("Enter")
    arrive(page, "**/oma/vaihe2/alku")
    assert page.get_by_role("img").is_visible()
    app = pyotp.TOTP(page.locator(".once").inner_text().replace(" ", ""))
    type_in(page, "000000")
    arrive(page, "**/oma/vaihe2")
    assert page.evaluate("document.activeElement.id") == "virheet"
    page.get_by_label("Koodi").focus()
    type_in(page, app.at(clock.now() - timedelta(seconds=30)))
    page.get_by_role("heading", name="Varakoodit", level=1).wait_for()
    codes = page.locator(".once li").all_inner_texts()
    assert len(codes) == 10
    page.get_by_role("link", name="Ne ovat tallessa: jatka").press("Enter")
    page.wait_for_url(f"{served.address}/")
    page.goto(f"{served.address}/kunnat")
    assert page.locator("table a.strong").all_inner_texts() == ["Kokkola"]
    page.locator("details.own > summary").press("Enter")
    page.get_by_role("button", name="Kirjaudu ulos").press("Enter")
    arrive(page, "**/kirjaudu?tehty=out")
    type_in(page, LOGIN, PASSWORD)
    arrive(page, "**/kirjaudu/koodi")
    type_in(page, app.at(clock.now()))
    page.wait_for_url(f"{served.address}/")
    assert [one for one in stranger.complaints if "422" not in one] == []
    assert {one for one in stranger.requests if not one.startswith((served.address, "data:"))} == set()


AREAS = {
    AccountRole.COUNTY_PLANNER: [
        "Tilannekuva",
        "Kunnat",
        "Toimielimet",
        "Evakuointipaikat",
        "Hälytysketjut",
        "Kortit",
    ],
    AccountRole.EXERCISE_DIRECTOR: ["Tilannekuva", "Toimielimet", "Hälytysketjut", "Kortit"],
    AccountRole.ADMINISTRATOR: ["Hallinta"],
}


@pytest.mark.slow
@pytest.mark.parametrize("role", AREAS)
def test_each_role_finds_its_areas_and_every_one_opens_on_every_width(
    served: Served, stranger: Watched, role: AccountRole
) -> None:
    page = stranger.page
    page.context.add_cookies([{"name": "prep_session", "value": served.token(role), "url": served.address}])
    for width in (320, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(f"{served.address}/alkuun")
        links_there = page.locator(".areas.wide a")
        assert set(AREAS[role]) <= {one.strip() for one in links_there.all_text_contents()}
        where = [one.get_attribute("href") or "" for one in links_there.all()]
        for href in [*where, "/oma", "/oma/salasana"]:
            answer = page.goto(served.address + href)
            assert answer is not None
            assert answer.status == 200, href
            assert page.evaluate("document.documentElement.scrollWidth") <= width, href
    assert stranger.complaints == []
