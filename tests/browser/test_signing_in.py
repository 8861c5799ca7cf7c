"""Signing in in a real browser, with keys only: by password and app, by passkey; and what each role finds there.

Every step waits for the place from which the next one is typed, as a person would.
"""

from datetime import timedelta
from pathlib import Path

import pyotp
import pytest
from playwright.sync_api import Browser, CDPSession, Locator, Page, expect

from prep import clock
from prep.addresses import ServiceUrl, WebAddress
from prep.auth import accounts, identities, links
from prep.db import write_session
from prep.terms import AccountRole
from prep.web.database import engine_of
from tests.auth.mock_provider import CLIENT_ID, CLIENT_SECRET, SUBJECT, running
from tests.browser.conftest import Served, Watched, serving, watching
from tests.web.county import build_county

PASSWORD = "vihreä tuoli laulaa hiljaa"


def invited(served: Served, login: str) -> str:
    """The path of a link by which somebody who may see Kokkola chooses a password."""
    with write_session(engine_of(served.app), actor="test") as session:
        account = accounts.find_or_none(session, login)
        if account is None:
            account = accounts.add(session, login, "Kirsi Exempel")
            day = account.created_at.date()
            accounts.give(session, account, AccountRole.MUNICIPAL_CONTACT, starts=day, municipality="272")
        return links.link_for(session, account).path


def type_in(page: Page, first: Locator, *words: str) -> None:
    """Type into the field that has the focus and the ones after it, and send the form."""
    expect(first).to_be_focused()
    for number, one in enumerate(words):
        if number:
            page.keyboard.press("Tab")
        page.keyboard.type(one)
    page.keyboard.press("Enter")


def press(page: Page, button: Locator) -> None:
    """Walk to a button with Tab and press it."""
    expect(button).to_be_visible()
    for _ in range(30):
        if button.evaluate("one => one === document.activeElement"):
            page.keyboard.press("Enter")
            return
        page.keyboard.press("Tab")
    raise AssertionError("the button is not reached with Tab")


def sign_out(page: Page) -> None:
    press(page, page.locator("details.own > summary"))
    press(page, page.get_by_role("button", name="Kirjaudu ulos"))


def heading(page: Page, words: str) -> None:
    expect(page.get_by_role("heading", name=words, level=1)).to_be_visible()


def choose_password(page: Page, where: str) -> None:
    page.goto(where)
    first = page.get_by_label("Salasana", exact=True)
    first.focus()
    type_in(page, first, PASSWORD, PASSWORD)
    expect(page.locator(".note [role=status]")).to_have_text("Salasana on asetettu. Kirjaudu sillä sisään.")


def give_password(page: Page, login: str) -> None:
    # The field for the name has the focus: nothing has to be looked for.
    type_in(page, page.get_by_label("Käyttäjätunnus"), login, PASSWORD)


def unexpected(watched: Watched) -> list[str]:
    """What the browser complained of, without the answer to what was typed wrongly on purpose."""
    return [one for one in watched.complaints if "422" not in one]


@pytest.mark.slow
def test_from_the_link_to_the_own_municipality_with_keys_only(served: Served, stranger: Watched) -> None:
    page, login = stranger.page, "kirsi@kunta.example"
    choose_password(page, served.address + invited(served, login))
    give_password(page, login)
    heading(page, "Ota käyttöön toinen tunnistustapa")
    expect(page.get_by_role("button", name="Aloita")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("img")).to_be_visible()
    app = pyotp.TOTP(page.locator(".once").inner_text().replace(" ", ""))
    code = page.get_by_label("Koodi")
    type_in(page, code, "000000")
    expect(page.locator("#virheet")).to_be_focused()
    code.focus()
    type_in(page, code, app.at(clock.now() - timedelta(seconds=30)))
    heading(page, "Varakoodit")
    expect(page.locator(".once li")).to_have_count(10)
    press(page, page.get_by_role("link", name="Ne ovat tallessa: jatka"))
    page.wait_for_url(f"{served.address}/")
    page.goto(f"{served.address}/kunnat")
    expect(page.locator("table a.strong")).to_have_text(["Kokkola"])
    sign_out(page)
    expect(page.locator(".note [role=status]")).to_have_text("Olet kirjautunut ulos.")
    give_password(page, login)
    heading(page, "Toinen vaihe")
    type_in(page, page.get_by_label("Koodi"), app.at(clock.now()))
    page.wait_for_url(f"{served.address}/")
    assert unexpected(stranger) == []
    assert {one for one in stranger.requests if not one.startswith((served.address, "data:"))} == set()


class Authenticator:
    """The browser's own invented device, with a finger that is or is not the owner's."""

    def __init__(self, page: Page) -> None:
        self._session: CDPSession = page.context.new_cdp_session(page)
        self._session.send("WebAuthn.enable")
        made = self._session.send(
            "WebAuthn.addVirtualAuthenticator",
            {
                "options": {
                    "protocol": "ctap2",
                    "transport": "internal",
                    "hasResidentKey": True,
                    "hasUserVerification": True,
                    "isUserVerified": True,
                    "automaticPresenceSimulation": True,
                }
            },
        )
        self._id = made["authenticatorId"]

    def know_the_owner(self, *, yes: bool) -> None:
        self._session.send("WebAuthn.setUserVerified", {"authenticatorId": self._id, "isUserVerified": yes})

    def passkeys(self) -> int:
        found = self._session.send("WebAuthn.getCredentials", {"authenticatorId": self._id})
        return len(found["credentials"])


@pytest.fixture
def device(stranger: Watched) -> Authenticator:
    return Authenticator(stranger.page)


@pytest.mark.slow
def test_a_passkey_is_set_up_and_signs_in_with_keys_only(
    served: Served, stranger: Watched, device: Authenticator
) -> None:
    page, login = stranger.page, "paula@kunta.example"
    choose_password(page, served.named + invited(served, login))
    give_password(page, login)
    heading(page, "Ota käyttöön toinen tunnistustapa")
    press(page, page.get_by_role("button", name="Ota pääsyavain käyttöön"))
    heading(page, "Varakoodit")
    expect(page.locator(".once li")).to_have_count(10)
    assert device.passkeys() == 1
    press(page, page.get_by_role("link", name="Ne ovat tallessa: jatka"))
    page.wait_for_url(f"{served.named}/")
    sign_out(page)
    expect(page.locator(".note [role=status]")).to_have_text("Olet kirjautunut ulos.")
    press(page, page.get_by_role("button", name="Kirjaudu pääsyavaimella"))
    page.wait_for_url(f"{served.named}/")
    page.goto(f"{served.named}/oma")
    row = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name="Chrome, Linux")).first
    expect(row).to_contain_text("22.11.2026")
    # The same device is not taken twice, and the page says so.
    page.goto(f"{served.named}/oma/paasyavaimet/uusi")
    press(page, page.get_by_role("button", name="Ota pääsyavain käyttöön"))
    expect(page.get_by_role("alert")).to_have_text("Tässä laitteessa on jo tilisi pääsyavain.")
    assert unexpected(stranger) == []
    assert {one for one in stranger.requests if not one.startswith((served.named, "data:"))} == set()


@pytest.mark.slow
def test_a_cancelled_passkey_says_so_in_the_language_of_the_page_and_can_be_tried_again(
    served: Served, stranger: Watched, device: Authenticator
) -> None:
    page, login = stranger.page, "pekka@kunta.example"
    choose_password(page, served.named + invited(served, login))
    give_password(page, login)
    heading(page, "Ota käyttöön toinen tunnistustapa")
    device.know_the_owner(yes=False)
    button = page.get_by_role("button", name="Ota pääsyavain käyttöön")
    press(page, button)
    expect(page.get_by_role("alert")).to_contain_text("Toiminto peruttiin, se kesti liian kauan")
    expect(page.locator(".told[role=status]")).to_have_text("")
    # The focus is still at the button, and nothing has been kept.
    expect(button).to_be_focused()
    assert device.passkeys() == 0
    device.know_the_owner(yes=True)
    page.keyboard.press("Enter")
    heading(page, "Varakoodit")
    press(page, page.get_by_role("link", name="Ne ovat tallessa: jatka"))
    page.wait_for_url(f"{served.named}/")
    sign_out(page)
    expect(page.locator(".note [role=status]")).to_have_text("Olet kirjautunut ulos.")
    # Not in Finnish alone.
    page.goto(f"{served.named}/kirjaudu?lang=sv")
    device.know_the_owner(yes=False)
    press(page, page.get_by_role("button", name="Logga in med en passnyckel"))
    expect(page.get_by_role("alert")).to_contain_text("Det avbröts, tog för lång tid")
    device.know_the_owner(yes=True)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{served.named}/")
    assert unexpected(stranger) == []


@pytest.mark.slow
def test_by_its_number_the_machine_offers_no_passkey_and_says_where_they_work(
    served: Served, stranger: Watched
) -> None:
    page = stranger.page
    page.goto(f"{served.address}/kirjaudu")
    expect(page.get_by_role("button", name="Kirjaudu pääsyavaimella")).to_have_count(0)
    expect(page.get_by_role("link", name=served.named)).to_be_visible()
    assert stranger.complaints == []


@pytest.mark.slow
def test_by_way_of_the_organisation_s_service_and_back_with_keys_only(
    browser: Browser, tmp_path: Path, sqlite_template: Path
) -> None:
    with (
        running() as organisation,
        serving(
            build_county(tmp_path, sqlite_template),
            public_address=WebAddress.read,
            oidc_issuer=ServiceUrl.read(organisation.issuer),
            oidc_client_id=CLIENT_ID,
            oidc_client_secret=CLIENT_SECRET,
            oidc_label="Kunnan tunnus",
            oidc_amr=("mfa",),
        ) as served,
    ):
        organisation.claims = {"amr": ["mfa"]}
        with write_session(engine_of(served.app), actor="test") as session:
            account = accounts.add(session, "olli@kunta.example", "Olli Exempel")
            day = account.created_at.date()
            accounts.give(session, account, AccountRole.MUNICIPAL_CONTACT, starts=day, municipality="272")
            identities.bind(session, account, issuer=organisation.issuer, subject=SUBJECT)
        for watched in watching(browser, served, None):
            page = watched.page
            # The page that leads on does so by itself, past the rule that forms stay here.
            page.goto(f"{served.named}/kunnat/272")
            heading(page, "Kirjaudu sisään")
            press(page, page.get_by_role("button", name="Kunnan tunnus"))
            page.wait_for_url(f"{served.named}/kunnat/272")
            heading(page, "Kokkola")
            sign_out(page)
            expect(page.locator(".note [role=status]")).to_have_text(
                "Olet kirjautunut ulos täältä. Organisaation palvelussa voit olla edelleen kirjautuneena."
            )
            expect(
                page.get_by_role("link", name="Kirjaudu ulos myös organisaation palvelusta")
            ).to_be_visible()
            organisation.broken["/.well-known/openid-configuration"] = (503, "")
            organisation.claims = {"amr": ["mfa"], "nonce": "of another sign-in"}
            press(page, page.get_by_role("button", name="Kunnan tunnus"))
            expect(page.get_by_role("alert").first).to_contain_text(
                "ei antanut vastausta, johon voisi luottaa"
            )
            assert unexpected(watched) == []
            hosts = (served.named, organisation.issuer, "data:")
            assert {one for one in watched.requests if not one.startswith(hosts)} == set()


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
    page.context.add_cookies([{"name": "prep_session", "value": served.token(role), "url": served.named}])
    for width in (320, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(f"{served.named}/alkuun")
        links_there = page.locator(".areas.wide a")
        assert set(AREAS[role]) <= {one.strip() for one in links_there.all_text_contents()}
        where = [one.get_attribute("href") or "" for one in links_there.all()]
        for href in [
            *where,
            "/oma",
            "/oma/salasana",
            "/oma/vaihe2",
            "/oma/paasyavaimet/uusi",
            "/oma/vahvista",
        ]:
            answer = page.goto(served.named + href)
            assert answer is not None
            assert answer.status == 200, href
            assert page.evaluate("document.documentElement.scrollWidth") <= width, href
    assert stranger.complaints == []
