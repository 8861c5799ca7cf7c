"""Behind a proxy that speaks TLS: what the pages answer to, believe, put into a browser and hand over."""

import re
import threading
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from waitress.server import create_server

from prep.addresses import WebAddress
from prep.auth import links
from prep.cli import serve
from prep.config import Settings
from prep.db import write_session
from prep.models import LoginAttempt
from prep.terms import AccountRole
from prep.web import create_app
from prep.web.database import engine_of
from tests.web.people import token

PUBLIC = "https://prep.kunta.example"
HIDDEN_FIELD = r'<input type="hidden" name="(\w+)" value="([^"]*)"'
# As a proxy on this machine sends on what came to it over TLS.
PROXIED = {"Host": "prep.kunta.example", "X-Forwarded-Proto": "https", "X-Forwarded-For": "198.51.100.9"}

Make = Callable[..., Flask]


@pytest.fixture
def make(tmp_path: Path, county: Path) -> Iterator[Make]:
    """An application over the county with other settings."""
    (tmp_path / "prep.db").write_bytes((county / "prep.db").read_bytes())
    made: list[Flask] = []

    def application(public: str | None = PUBLIC, **settings: Any) -> Flask:
        address = WebAddress.read(public) if public else None
        app = create_app(Settings(instance=tmp_path, public_address=address, **settings))
        made.append(app)
        return app

    yield application
    for app in made:
        engine_of(app).dispose()


def form(client: FlaskClient, headers: dict[str, str]) -> dict[str, str]:
    return dict(re.findall(HIDDEN_FIELD, client.get("/kirjaudu", headers=headers).text))


def tried(client: FlaskClient, headers: dict[str, str], more: dict[str, str] | None = None) -> int:
    """A wrong password from there; the status of the answer."""
    data = {**form(client, headers), "login": "kuka", "password": "väärä salasana"}
    return client.post("/kirjaudu", data=data, headers={**headers, **(more or {})}).status_code


def addresses_counted(app: Flask) -> list[str]:
    with Session(engine_of(app)) as session:
        return list(session.scalars(select(LoginAttempt.address).order_by(LoginAttempt.id)))


def test_the_public_name_is_answered_to_and_no_other(make: Make) -> None:
    client = make().test_client()
    for host, status in (
        ("prep.kunta.example", 200),
        ("prep.kunta.example:443", 200),
        ("127.0.0.1:8351", 200),
        ("kunta.example", 400),
        ("prep.kunta.example.evil.example", 400),
        ("evil.example", 400),
    ):
        assert client.get("/saavutettavuus", headers={"Host": host}).status_code == status, host
    assert client.get("/api/v1/openapi.json", headers={"Host": "prep.kunta.example"}).status_code == 200


def test_over_tls_every_cookie_is_bound_to_this_very_host(make: Make) -> None:
    app = make()
    client = app.test_client()
    answer = client.get("/kirjaudu?lang=sv", headers=PROXIED)
    lines = answer.headers.getlist("Set-Cookie")
    assert sorted(one.partition("=")[0] for one in lines) == ["__Host-prep_form", "__Host-prep_language"]
    for one in lines:
        assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(one.split("; ")), one
        assert "Domain" not in one
    # A cookie that a neighbour of the same domain may have set is not looked at.
    held = token(app)
    client.set_cookie("prep_session", held, domain="prep.kunta.example")
    assert client.get("/oma", headers=PROXIED).status_code == 303
    client.set_cookie("__Host-prep_session", held, domain="prep.kunta.example")
    assert client.get("/oma", headers=PROXIED).status_code == 200


def test_over_tls_browsers_are_told_to_stay_there_on_every_answer(make: Make) -> None:
    client = make().test_client()
    for path in ("/kirjaudu", "/ei-ole", "/static/style.css", "/api/v1/openapi.json", "/livez"):
        with client.get(path, headers=PROXIED) as answer:
            assert answer.headers["Strict-Transport-Security"] == "max-age=31536000", path
    with client.get("/", headers={"Host": "evil.example"}) as answer:
        assert "Strict-Transport-Security" in answer.headers
    plain = make(None).test_client()
    assert "Strict-Transport-Security" not in plain.get("/kirjaudu").headers


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        ("https://prep.kunta.example", 422),
        ("http://prep.kunta.example", 403),
        ("https://prep.kunta.example:8443", 403),
        ("https://prep.kunta.example.evil.example", 403),
        ("null", 403),
    ],
)
def test_a_form_comes_from_the_public_address_scheme_included(make: Make, origin: str, status: int) -> None:
    assert tried(make().test_client(), PROXIED, {"Origin": origin}) == status


def test_without_a_public_address_the_scheme_counts_too(make: Make) -> None:
    client = make(None).test_client()
    here = {"Host": "127.0.0.1:8351"}
    assert tried(client, here, {"Origin": "http://127.0.0.1:8351"}) == 422
    assert tried(client, here, {"Origin": "https://127.0.0.1:8351"}) == 403
    assert tried(client, here, {"Origin": "http://127.0.0.1:8352"}) == 403


def test_a_proxy_that_is_trusted_names_the_caller_counted_from_the_end(make: Make) -> None:
    app = make(trusted_proxies=1)
    client = app.test_client()
    forged = {**PROXIED, "X-Forwarded-For": "203.0.113.66, 10.0.0.1, 198.51.100.9"}
    assert tried(client, PROXIED) == tried(client, forged) == 422
    assert addresses_counted(app) == ["198.51.100.9", "198.51.100.9"]
    two = make(trusted_proxies=2)
    assert tried(two.test_client(), forged) == 422
    assert addresses_counted(two)[-1] == "10.0.0.1"
    # Fewer names than proxies: somebody came past one of them, and nothing is believed.
    assert tried(two.test_client(), PROXIED) == 422
    assert addresses_counted(two)[-1] == "127.0.0.1"


def test_without_trusted_proxies_forged_headers_change_nothing(make: Make) -> None:
    app = make()
    client = app.test_client()
    for number in range(20):
        forged = {"Host": "prep.kunta.example", "X-Forwarded-For": f"203.0.113.{number}"}
        assert tried(client, forged) in {422, 429}
    assert set(addresses_counted(app)) == {"127.0.0.1"}
    # The twentieth closes the one address from which they all came.
    assert tried(client, {"Host": "prep.kunta.example", "X-Forwarded-For": "203.0.113.99"}) == 429
    forged = {"Host": "evil.example", "X-Forwarded-Host": "prep.kunta.example"}
    assert client.get("/kirjaudu", headers=forged).status_code == 400


def test_a_host_that_a_trusted_proxy_passes_on_is_checked_as_any_other(make: Make) -> None:
    client = make(trusted_proxies=1).test_client()
    asked = {"Host": "127.0.0.1:8351", "X-Forwarded-Host": "prep.kunta.example"}
    assert client.get("/kirjaudu", headers=asked).status_code == 200
    asked["X-Forwarded-Host"] = "evil.example"
    assert client.get("/kirjaudu", headers=asked).status_code == 400


def test_a_link_that_is_handed_over_leads_to_the_public_address(make: Make) -> None:
    app = make()
    client = app.test_client()
    held = token(app, AccountRole.ADMINISTRATOR)
    client.set_cookie("__Host-prep_session", held, domain="127.0.0.1")
    page = client.get("/hallinta/tilit/uusi", headers={"Host": "127.0.0.1"})
    data = dict(re.findall(HIDDEN_FIELD, page.text))
    data |= {"name": "Kaisa Exempel", "login": "kaisa", "role": "duty_officer", "language": "fi"}
    made = client.post("/hallinta/tilit/uusi", data=data, headers={"Host": "127.0.0.1"})
    assert made.status_code == 200
    assert re.search(r"https://prep\.kunta\.example/link/[\w-]{43}<", made.text)


def test_behind_a_proxy_the_demonstration_is_not_for_this_machine_alone(make: Make) -> None:
    app = make()
    with write_session(engine_of(app), actor="test") as session:
        path = links.demonstration_link(session).path
    client = app.test_client()
    data = dict(re.findall(HIDDEN_FIELD, client.get(path, headers=PROXIED).text))
    refused = client.post(f"{path}?lang=en", data=data, headers=PROXIED)
    assert refused.status_code == 422
    assert "It works only on the machine on which prep was started." in refused.text


@pytest.fixture
def server(make: Make) -> Iterator[Callable[..., str]]:
    """The real server in front of an application; gives its address."""
    running = []

    def start(**settings: Any) -> str:
        app = make(**settings)
        listener = serve.listen("127.0.0.1", 0)
        options = serve.server_options(forwarded=bool(settings.get("trusted_proxies")))
        made = create_server(app, sockets=[listener], **options)
        thread = threading.Thread(target=made.run)
        thread.start()
        running.append((made, thread))
        return f"http://127.0.0.1:{listener.getsockname()[1]}"

    yield start
    for made, thread in running:
        made.close()
        thread.join(timeout=10)


@pytest.mark.parametrize(("proxies", "status"), [(1, 200), (0, 400)])
def test_the_server_itself_lets_the_headers_through_only_where_they_are_believed(
    server: Callable[..., str], proxies: int, status: int
) -> None:
    # Waitress takes them out by default, before any application sees them.
    address = server(trusted_proxies=proxies)
    request = urllib.request.Request(  # noqa: S310 - an address of this machine
        f"{address}/livez", headers={"Host": "inside", "X-Forwarded-Host": "prep.kunta.example"}
    )
    try:
        with urllib.request.urlopen(request) as answer:  # noqa: S310
            found = answer.status
    except urllib.error.HTTPError as error:
        found = error.code
    assert found == status
