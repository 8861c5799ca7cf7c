"""The language of a page: the link, then the choice made before, then the browser, the setting, Finnish."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from prep.config import Settings
from prep.terms import Language
from prep.web import create_app
from prep.web.database import engine_of

TITLES = {"fi": "Saavutettavuusseloste", "sv": "Tillgänglighetsutlåtande", "en": "Accessibility statement"}
PAGE = "/saavutettavuus"


def language_of(answer: object) -> str:
    text: str = answer.text  # type: ignore[attr-defined]
    found = text.split('<html lang="')[1].split('"', maxsplit=1)[0]
    assert f"<h1>{TITLES[found]}</h1>" in text
    return found


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_a_link_chooses_and_the_choice_is_kept(client: FlaskClient, language: str) -> None:
    answer = client.get(f"{PAGE}?lang={language}", headers={"Accept-Language": "de"})
    assert language_of(answer) == language
    assert answer.headers["Content-Language"] == language
    assert language_of(client.get(PAGE)) == language


def test_the_cookie_goes_nowhere_else_and_no_script_reads_it(client: FlaskClient) -> None:
    cookie = client.get(f"{PAGE}?lang=sv").headers["Set-Cookie"]
    assert "prep_language=sv" in cookie
    assert "SameSite=Lax" in cookie
    assert "HttpOnly" in cookie
    assert "Path=/" in cookie


def test_no_cookie_is_set_without_a_choice(client: FlaskClient) -> None:
    assert "Set-Cookie" not in client.get(PAGE).headers
    assert "Set-Cookie" not in client.get(f"{PAGE}?lang=de").headers


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        ("sv-FI,sv;q=0.9,fi;q=0.8", "sv"),
        ("en-GB,en;q=0.9", "en"),
        ("fi", "fi"),
        ("de,ru;q=0.5", "fi"),
        ("", "fi"),
    ],
)
def test_the_browser_is_asked_next(stranger: FlaskClient, asked: str, given: str) -> None:
    assert language_of(stranger.get(PAGE, headers={"Accept-Language": asked})) == given


def test_the_account_comes_before_the_browser_and_after_a_link(client: FlaskClient) -> None:
    assert language_of(client.get(PAGE, headers={"Accept-Language": "sv"})) == "fi"
    assert language_of(client.get(f"{PAGE}?lang=en")) == "en"
    assert language_of(client.get(PAGE)) == "en"


def test_an_unknown_language_in_link_or_cookie_is_passed_over(app: Flask) -> None:
    client = app.test_client()
    client.set_cookie("prep_language", "xx")
    assert language_of(client.get(f"{PAGE}?lang=de", headers={"Accept-Language": "sv"})) == "sv"


def test_the_setting_counts_where_the_browser_says_nothing_known(county: Path) -> None:
    app = create_app(Settings(instance=county, language=Language.SV))
    assert language_of(app.test_client().get(PAGE, headers={"Accept-Language": "de"})) == "sv"
    assert language_of(app.test_client().get(PAGE, headers={"Accept-Language": "fi"})) == "fi"
    engine_of(app).dispose()


def test_a_language_link_keeps_the_other_answers(client: FlaskClient) -> None:
    text = client.get(f"{PAGE}?kunta=272&lang=fi&x=%22%3E").text
    assert f'href="{PAGE}?kunta=272&amp;x=%22%3E&amp;lang=sv" lang="sv" hreflang="sv"><span>Svenska<' in text
    assert f'href="{PAGE}?kunta=272&amp;x=%22%3E&amp;lang=en" lang="en" hreflang="en"><span>English<' in text
    assert ">Suomi<" not in text


def test_error_pages_are_in_the_language_too(client: FlaskClient) -> None:
    assert "Sidan finns inte" in client.get("/ei-ole?lang=sv").text
