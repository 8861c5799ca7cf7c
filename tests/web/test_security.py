"""Every answer carries the headers, whatever it answers, and only this machine's names are answered to."""

import re
from collections import Counter
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from prep.addresses import WebAddress
from prep.auth.roles import Permission
from prep.config import Settings
from prep.web.permissions import Access, permission, permission_of, require_named
from prep.web.security import CONTENT_SECURITY_POLICY, HEADERS, trusted_hosts

# The policy as it was decided, word by word: a change of the program alone must not loosen it.
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; script-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)


FONT = "/static/fonts/SourceSans3-Regular.ttf.woff2"


def cache_control(client: FlaskClient, address: str) -> str:
    with client.get(address) as answer:
        return answer.headers["Cache-Control"]


def answers(client: FlaskClient) -> dict[str, tuple[int, dict[str, str]]]:
    found = {
        "page": client.get("/tyyli"),
        "missing": client.get("/ei-ole"),
        "wrong method": client.post("/tyyli"),
        "static": client.get("/static/style.css"),
        "missing static": client.get("/static/none.css"),
        "options": client.options("/tyyli"),
        "head": client.head("/tyyli"),
        "foreign host": client.get("/", headers={"Host": "evil.example"}),
    }
    for answer in found.values():
        answer.close()
    return {name: (answer.status_code, dict(answer.headers)) for name, answer in found.items()}


def test_every_answer_carries_every_header(client: FlaskClient) -> None:
    statuses = {}
    for name, (status, headers) in answers(client).items():
        statuses[name] = status
        assert {key: headers.get(key) for key in HEADERS} == HEADERS, name
    assert statuses == {
        "page": 200,
        "missing": 404,
        "wrong method": 405,
        "static": 200,
        "missing static": 404,
        "options": 200,
        "head": 200,
        "foreign host": 400,
    }


def test_the_failure_of_the_program_carries_them_too(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    @permission("public")
    def fail() -> str:
        raise RuntimeError("+358000000101 is in this message")

    monkeypatch.setitem(app.view_functions, "about.style", fail)
    answer = app.test_client().get("/tyyli")
    assert answer.status_code == 500
    assert {key: answer.headers.get(key) for key in HEADERS} == HEADERS
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_policy_allows_nothing_inline_and_nothing_from_elsewhere() -> None:
    assert CONTENT_SECURITY_POLICY == POLICY
    assert "unsafe" not in CONTENT_SECURITY_POLICY


def test_pages_are_not_kept_and_named_static_files_are(client: FlaskClient) -> None:
    page = client.get("/tyyli")
    assert page.headers["Cache-Control"] == "no-store"
    address = page.text.split('rel="stylesheet" href="')[1].split('"', maxsplit=1)[0]
    kept = {one: cache_control(client, one) for one in (address, "/static/style.css", FONT)}
    assert kept == {
        address: "public, max-age=31536000",
        "/static/style.css": "no-cache",
        FONT: "public, max-age=604800",
    }


@pytest.mark.parametrize("host", ["localhost", "localhost:8351", "127.0.0.1:8351", "[::1]:8351"])
def test_the_names_of_this_machine_are_answered_to(client: FlaskClient, host: str) -> None:
    assert client.get("/tyyli", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:80"])
def test_another_name_is_refused_without_a_link(client: FlaskClient, host: str) -> None:
    answer = client.get("/", headers={"Host": host, "Accept-Language": "en"})
    assert answer.status_code == 400
    assert "The address is not one of this service" in answer.text
    assert "href" not in answer.text


def test_a_forwarded_host_changes_nothing(client: FlaskClient) -> None:
    answer = client.get("/tyyli", headers={"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"})
    assert answer.status_code == 200
    assert "evil.example" not in answer.text


@pytest.mark.parametrize(
    ("host", "public", "names"),
    [
        ("192.0.2.7", None, {"192.0.2.7"}),
        ("2001:DB8::7", None, {"2001:db8::7"}),
        ("0.0.0.0", None, set()),  # noqa: S104
        ("127.0.0.1", "https://prep.kunta.example:8443", {"prep.kunta.example"}),
        ("192.0.2.7", "https://prep.kunta.example", {"192.0.2.7", "prep.kunta.example"}),
    ],
)
def test_the_address_served_on_and_the_public_one_are_names_too(
    host: str, public: str | None, names: set[str]
) -> None:
    settings = Settings(
        instance=Path(), host=host, public_address=WebAddress.read(public) if public else None
    )
    assert trusted_hosts(settings) - {"localhost", "127.0.0.1", "::1"} == names


def test_a_large_body_is_refused(client: FlaskClient) -> None:
    answer = client.post("/tyyli", data=b"x" * 100_000, content_type="application/x-www-form-urlencoded")
    assert answer.status_code in {405, 413}


def test_every_route_names_a_permission_that_exists(app: Flask) -> None:
    named = {name: permission_of(view) for name, view in app.view_functions.items() if name != "static"}
    assert all(isinstance(one, Permission | Access) for one in named.values()), named
    # Only what says nothing about the county is for everyone, and what a key in the address opens.
    by_key = {"review_links.look", "review_links.answer", "review_links.thanks", "calendars.read"}
    assert {name for name, one in named.items() if one is Access.PUBLIC} - by_key == {
        "about.accessibility",
        "about.style",
        "signing_in.ask",
        "signing_in.ask_code",
        "signing_in.give_code",
        "signing_in.give_password",
        "signing_in.open_link",
        "signing_in.use_link",
        "health.alive",
        "health.ready",
        "passkeys.ask_to_sign_in",
        "passkeys.sign_in",
        "provider.sign_in",
        "coming_back.come_back",
    }


def test_a_route_without_a_permission_stops_the_start() -> None:
    app = Flask("prep.web")
    app.add_url_rule("/salaa", "salaa", lambda: "")
    with pytest.raises(TypeError, match="routes that name no permission: salaa"):
        require_named(app)


def test_no_two_routes_answer_at_one_address(app: Flask) -> None:
    # The names of what stands in an address do not tell two apart.
    answered = Counter(
        (re.sub(r":\w+>", ":>", rule.rule), method)
        for rule in app.url_map.iter_rules()
        for method in rule.methods or ()
        if method != "OPTIONS"
    )
    # HEAD and GET of one page are one route.
    assert [one for one, number in answered.items() if number > 1] == []


def test_what_changes_something_answers_to_post_and_nothing_else_does(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        methods = (rule.methods or set()) - {"OPTIONS"}
        assert methods in ({"GET", "HEAD"}, {"POST"}), rule


def test_no_page_has_styles_or_scripts_in_its_markup(client: FlaskClient) -> None:
    text = client.get("/tyyli").text
    assert " style=" not in text
    assert "<style" not in text
    assert re.findall(r"<script(?! src=\"/static/[a-z/.]+\?v=[0-9a-f]+\" defer></script>)", text) == []
    assert re.findall(r"\son[a-z]+=|hx-on|javascript:", text) == []
