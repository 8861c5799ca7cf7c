"""The administration in a browser: every part fits every width; a key is made, used and revoked with keys only."""

import re
import urllib.error
import urllib.request

import pytest
from playwright.sync_api import Page, expect

from prep.terms import AccountRole
from tests.browser.conftest import Served, Watched
from tests.browser.looks import AIMED_AT, require_fit

PARTS = {
    "administration": "/hallinta",
    "accounts": "/hallinta/tilit",
    "account": "/hallinta/tilit/1",
    "account-new": "/hallinta/tilit/uusi",
    "account-edit": "/hallinta/tilit/1/muokkaa",
    "sign-ins": "/hallinta/kirjautumiset",
    "keys": "/hallinta/avaimet",
    "settings": "/hallinta/asetukset",
    "health": "/hallinta/tila",
    "backups": "/hallinta/varmuuskopiot",
    "audit": "/hallinta/muutosloki",
    "own": "/oma",
    "own-keys": "/oma/avaimet",
    "own-key-new": "/oma/avaimet/uusi",
}


def signed_in(served: Served, watched: Watched, role: AccountRole) -> Page:
    held = {"name": "prep_session", "value": served.token(role), "url": served.address}
    watched.page.context.add_cookies([held])  # type: ignore[list-item]
    return watched.page


@pytest.mark.slow
@pytest.mark.parametrize("name", PARTS)
def test_a_part_is_right_in_every_look(served: Served, stranger: Watched, name: str) -> None:
    signed_in(served, stranger, AccountRole.ADMINISTRATOR)
    require_fit(
        stranger,
        lambda language: f"{served.address}{PARTS[name]}?lang={language}",
        f"admin-{name}",
        f"{AIMED_AT}, .parts a, .tick",
    )


def asks(served: Served, key: str) -> int:
    request = urllib.request.Request(  # noqa: S310 - of this machine
        f"{served.address}/api/v1/health", headers={"Authorization": f"Bearer {key}"}
    )
    try:
        with urllib.request.urlopen(request) as answer:  # noqa: S310
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


@pytest.mark.slow
def test_a_key_is_made_used_and_revoked_with_keys_only(served: Served, stranger: Watched) -> None:
    page = signed_in(served, stranger, AccountRole.ADMINISTRATOR)
    page.goto(f"{served.address}/oma/avaimet?lang=fi")
    page.get_by_role("link", name="Tee avain").press("Enter")
    page.wait_for_url("**/oma/avaimet/uusi")
    expect(page.get_by_label("Nimi", exact=True)).to_be_focused()
    # Nothing is ticked: the form comes back with what is wrong, and what was typed.
    page.keyboard.type("Valvonta")
    page.keyboard.press("Enter")
    expect(page.locator("#virheet")).to_be_focused()
    assert page.get_by_label("Nimi", exact=True).input_value() == "Valvonta"
    page.get_by_label(re.compile("settings.read")).press("Space")
    page.get_by_label("Voimassa, päivää").fill("30")
    page.get_by_role("button", name="Tee avain").press("Enter")
    page.get_by_role("heading", name="Avain", level=1).wait_for()
    key = page.locator(".once").inner_text()
    assert asks(served, key) == 200
    page.get_by_role("link", name="Se on tallessa: jatka").press("Enter")
    page.wait_for_url("**/oma/avaimet")
    row = page.get_by_role("row", name=re.compile("Valvonta"))
    assert key not in page.content()
    row.get_by_role("button", name=re.compile("Mitätöi")).press("Enter")
    page.wait_for_url("**/oma/avaimet?tehty=revoked")
    assert page.locator("[role=status]:not(#told)").inner_text() == "Avain ei enää avaa mitään."
    assert asks(served, key) == 401
    assert [one for one in stranger.complaints if "422" not in one] == []


@pytest.mark.slow
def test_a_sign_in_that_is_ended_is_out_in_the_other_browser(
    served: Served, stranger: Watched, watched: Watched
) -> None:
    planner = watched.page
    planner.goto(f"{served.address}/kunnat")
    admin = signed_in(served, stranger, AccountRole.ADMINISTRATOR)
    admin.goto(f"{served.address}/hallinta/tilit?lang=fi")
    admin.get_by_role("row", name=re.compile("county_planner-county")).get_by_role("link").press("Enter")
    admin.get_by_role("button", name="Kirjaa ulos kaikkialta").press("Enter")
    admin.wait_for_url("**tehty=signed-out")
    assert admin.locator("[role=status]:not(#told)").inner_text() == "Tili on kirjattu ulos kaikkialta."
    planner.goto(f"{served.address}/kunnat")
    planner.wait_for_url("**/kirjaudu?**")


@pytest.mark.slow
def test_a_backup_is_made_by_a_button(served: Served, stranger: Watched) -> None:
    page = signed_in(served, stranger, AccountRole.ADMINISTRATOR)
    page.goto(f"{served.address}/hallinta/varmuuskopiot?lang=fi")
    page.get_by_role("button", name="Tee varmuuskopio nyt").press("Enter")
    page.wait_for_url("**tehty=backup")
    assert page.locator("[role=status]:not(#told)").inner_text() == "Varmuuskopio on tehty ja tarkastettu."
    assert page.get_by_role("table").get_by_role("row").count() >= 2
    assert page.get_by_role("link", name=re.compile(r"\.db")).count() == 0
