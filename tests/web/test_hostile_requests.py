"""What nobody's browser sends: each is refused clearly, changes nothing, and stops nothing.

Every address that changes something is tried, as a stranger and as somebody who may do nearly everything, so that
nothing is refused only because a permission is lacking.
"""

import json
import re
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import MetaData, delete, func, select
from sqlalchemy.orm import Session
from waitress.server import create_server
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from prep import clock
from prep.addresses import ServiceUrl, WebAddress
from prep.auth import accounts, passwords, sessions
from prep.cli.serve import listen, server_options
from prep.config import Settings
from prep.db import make_engine, write_session
from prep.models import AuditEntry, LoginAttempt, Municipality
from prep.terms import AccountRole, SignInMethod
from prep.web import create_app
from prep.web.database import engine_of
from tests.auth.actors import PASSWORD, furnish
from tests.web.people import CALLER
from tests.web.test_every_route import rules

HERE = "http://localhost:8351"
HIDDEN_FIELD = r'<input type="hidden" name="(\w+)" value="([^"]*)"'
# Rows that come and go with every request, whatever is asked.
PASSING = {"audit_entry", "login_attempt", "ceremony", "login_session"}
# Every field of every form, and what belongs to none.
FIELDS = [
    *("login", "name", "password", "again", "old", "code", "secret", "token", "answer", "language", "role"),
    *(
        "municipality",
        "starts",
        "ends",
        "subject",
        "tekijat",
        "seuraava",
        "lang",
        "__proto__",
        "id",
        "version",
    ),
]
HOSTILE = {
    "line ends": "x\r\nSet-Cookie: evil=1\r\n\r\n<script>",
    "markup": '"><script>alert(1)</script>{{7777*7}}{% x %}${7777*7}',
    "quotes": "'; DROP TABLE account; --",
    "path": "../../../../etc/passwd",
    "long": "x" * 2_000,
    "turned round": "\u202eelpmaxe\u2066",
    "number": "9" * 400,
    "elsewhere": "//evil.example/\\evil.example",
    "unseen": "\ufeff\u200b\u0085\u2028",
}


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory, county: Path) -> Iterator[Flask]:
    """The county, with everything that can be set up: a public address, the organisation's service."""
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "prep.db").write_bytes((county / "prep.db").read_bytes())
    app = create_app(
        Settings(
            instance=folder,
            public_address=WebAddress.read(HERE),
            # Nobody listens there: what would be asked of it fails.
            oidc_issuer=ServiceUrl.read("http://127.0.0.1:9/realms/kunta"),
            oidc_client_id="prep",
            oidc_client_secret="hyvin salainen",  # noqa: S106 - invented
        )
    )
    yield app
    engine_of(app).dispose()


def everything(app: Flask) -> FlaskClient:
    """Somebody who keeps the accounts and plans the county."""
    with write_session(engine_of(app), actor="test") as session:
        account = accounts.find_or_none(session, "kaikki")
        if account is None:
            account = accounts.add(session, "kaikki", "Kaisa Kaikki-Esimerkki")
            account.password_hash = passwords.hashed(PASSWORD)
        # What was tried before may have ended a role.
        held_now = {one.role for one in accounts.in_force(account.grants, on=clock.today())}
        for role in {AccountRole.COUNTY_PLANNER, AccountRole.ADMINISTRATOR} - held_now:
            accounts.give(session, account, role, starts=clock.today())
        held = sessions.enter(session, account, method=SignInMethod.TOTP, caller=CALLER).token
    client = app.test_client()
    client.set_cookie("prep_session", held)
    return client


def still(app: Flask, client: FlaskClient) -> FlaskClient:
    """The same somebody, signed in again if what was just tried has ended that."""
    return client if client.get("/oma", base_url=HERE).status_code == 200 else everything(app)


def nobody(app: Flask) -> FlaskClient:
    return app.test_client()


# Where a form brings a file: more than its fields is read there, of those who may send it.
TAKES_FILES = {
    "/yhteyshenkilot/tuonti",
    "/yhteyshenkilot/tuonti/tee",
    "/evakuointipaikat/tuonti",
    "/evakuointipaikat/tuonti/tee",
    "/evakuointipaikat/1/kalenteri/tuonti",
    "/evakuointipaikat/1/liitteet",
    "/evakuointipaikat/1/kalenteri/tuonti/tee",
    "/toimielimet/x/kokoukset/1/poytakirjat",
}
WHO = [nobody, everything]


def address(app: Flask, rule: Rule) -> str:
    """The address of a route, leading to something that exists where that is possible."""
    values = {name: 1 if rule._converters[name].regex.startswith(r"\d") else "x" for name in rule.arguments}
    with app.test_request_context(base_url=HERE):
        from flask import url_for

        return url_for(rule.endpoint, **values)  # type: ignore[arg-type]


def unsafe(app: Flask) -> list[str]:
    found = [address(app, rule) for rule in rules(app) if "POST" in (rule.methods or set())]
    assert len(found) > 25
    return found


def share(everything: Sequence[Any], turn: int, turns: int) -> Sequence[Any]:
    """A part of them: after as many turns, each has been among the parts once."""
    return everything[turn % turns :: turns]


def form_token(client: FlaskClient) -> str:
    page = client.get("/saavutettavuus", base_url=HERE)
    hidden = dict(re.findall(HIDDEN_FIELD, page.text))
    if "lomake" not in hidden:
        hidden = dict(re.findall(HIDDEN_FIELD, client.get("/kirjaudu", base_url=HERE).text))
    return str(hidden["lomake"])


def contents(app: Flask) -> dict[str, list[Any]]:
    """Everything that the database holds, but for what comes and goes."""
    metadata = MetaData()
    with engine_of(app).connect() as connection:
        metadata.reflect(connection)
        return {
            name: connection.execute(table.select().order_by(*table.primary_key)).all()
            for name, table in metadata.tables.items()
            if name not in PASSING
        }


@contextmanager
def unchanged(app: Flask) -> Iterator[None]:
    before = contents(app)
    yield
    after = contents(app)
    assert {name for name in before if before[name] != after[name]} == set()


def post(client: FlaskClient, where: str, **more: Any) -> TestResponse:
    return client.post(where, base_url=HERE, **more)


# Forms that were not made here.
FORGED = ["", "x", "0" * 64, "ä\u202e", "a" * 5_000]


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("turn", range(len(FORGED)), ids=["none", "short", "zeros", "letters", "long"])
def test_a_forged_token_does_nothing_anywhere(
    app: Flask, who: Callable[[Flask], FlaskClient], turn: int
) -> None:
    client, forged = who(app), FORGED[turn]
    form_token(client)
    with unchanged(app):
        for where in share(unsafe(app), turn, 5):
            answer = post(client, where, data={"lomake": forged})
            assert answer.status_code in ({403} if who is everything else {303, 403}), where


def test_a_token_of_another_sign_in_does_nothing_anywhere(app: Flask) -> None:
    client, other = everything(app), everything(app)
    strangers = nobody(app)
    with unchanged(app):
        for stolen in (form_token(other), form_token(strangers)):
            for where in unsafe(app):
                assert post(client, where, data={"lomake": stolen}).status_code == 403, where


def test_a_token_from_before_the_sign_out_does_nothing_anywhere(app: Flask) -> None:
    client = everything(app)
    old = form_token(client)
    assert post(client, "/kirjaudu/ulos", data={"lomake": old}).status_code == 303
    with unchanged(app):
        for where in unsafe(app):
            answer = post(client, where, data={"lomake": old})
            assert answer.status_code in {303, 403}, where
            if answer.status_code == 303:
                assert answer.headers["Location"].startswith("/kirjaudu"), where


ELSEWHERE = [
    {"Origin": "https://evil.example"},
    {"Origin": "https://localhost:8351"},
    {"Origin": "http://localhost"},
    {"Origin": "http://127.0.0.1:8351"},
    {"Origin": "null"},
    {"Origin": ""},
    {"Origin": "http://localhost:8351, https://evil.example"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "x"},
]


@pytest.mark.parametrize("turn", range(len(ELSEWHERE)), ids=map(str, ELSEWHERE))
def test_a_form_of_another_site_does_nothing_anywhere_even_with_the_right_token(
    app: Flask, turn: int
) -> None:
    client = everything(app)
    good = form_token(client)
    with unchanged(app):
        for where in share(unsafe(app), turn, 5):
            answer = post(client, where, data={"lomake": good}, headers=ELSEWHERE[turn])
            assert answer.status_code == 403, where


def test_what_another_site_did_with_somebody_s_browser_stands_in_the_trail(app: Flask) -> None:
    client = everything(app)
    good = form_token(client)
    evil = {"Origin": f"https://evil.example/{'x' * 300}"}
    before = noted(app)
    post(client, "/oma/varakoodit", data={"lomake": good}, headers=evil)
    post(nobody(app), "/kirjaudu", data={"lomake": good}, headers=evil)
    post(client, "/oma/varakoodit", data={"lomake": "x"})
    assert noted(app)[len(before) :] == [
        {
            "step": "form",
            "page": "account.renew_codes",
            "origin": evil["Origin"][:200],
            "address": "127.0.0.1",
        }
    ]


def noted(app: Flask) -> list[dict[str, object]]:
    with Session(engine_of(app)) as session:
        rows = session.scalars(select(AuditEntry.values).where(AuditEntry.action == "refused"))
        return [one for one in (json.loads(row or "{}") for row in rows) if one.get("step") == "form"]


# Forms that are no forms.


NO_FORMS = [
    ("application/json", b'{"lomake": "x", "login": "x"}'),
    ("application/json", b"[" * 10_000),
    ("text/plain", b"lomake=x&login=y"),
    (
        "text/xml",
        b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
    ),
    ("application/octet-stream", bytes(range(256))),
    ("multipart/form-data", b"no boundary"),
    ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data; name="),
    ("multipart/form-data; boundary=x", b"--x\r\n" * 3_000),
    ("multipart/form-data; boundary=" + "y" * 5_000, b"--y"),
    ("application/x-www-form-urlencoded; charset=utf-7", b"+ADw-script+AD4-"),
    ("application/x-www-form-urlencoded", b"%" * 1_000),
    ("application/x-www-form-urlencoded", b"&=&=;" * 5_000),
    ("application/x-www-form-urlencoded", b"\xff\xfe\xed\xa0\x80=\xc0\xaf"),
    ("", b"lomake=x"),
    ("x" * 3_000, b"lomake=x"),
]


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("turn", range(len(NO_FORMS)))
def test_what_is_no_form_is_refused_everywhere(
    app: Flask, who: Callable[[Flask], FlaskClient], turn: int
) -> None:
    client, (kind, body) = who(app), NO_FORMS[turn]
    form_token(client)
    with unchanged(app):
        for where in share(unsafe(app), turn, 5):
            answer = post(client, where, data=body, content_type=kind)
            assert answer.status_code in {303, 400, 403, 413}, (where, answer.status_code)


@pytest.mark.parametrize("who", WHO)
def test_more_than_a_form_holds_is_refused_everywhere(
    app: Flask, who: Callable[[Flask], FlaskClient]
) -> None:
    client = who(app)
    good = form_token(client)
    with unchanged(app):
        for where in unsafe(app):
            size = 15 << 20 if where in TAKES_FILES else 70_000
            answer = post(client, where, data={"lomake": good, "name": "x" * size})
            assert answer.status_code in ({413} if who is everything else {303, 413}), where
            parts = {"lomake": good, **{f"part{n}": "x" for n in range(1_200)}}
            many = post(client, where, data=parts, content_type="multipart/form-data")
            assert many.status_code in ({413} if who is everything else {303, 413}), where
    text = post(client, "/kirjaudu?lang=en", data={"lomake": good, "name": "x" * 70_000}).text
    assert "The request was larger than these pages take. Nothing has been changed." in text


@pytest.mark.parametrize("who", WHO)
def test_a_zero_byte_is_refused_everywhere(app: Flask, who: Callable[[Flask], FlaskClient]) -> None:
    client = who(app)
    good = form_token(client)
    with unchanged(app):
        for where in unsafe(app):
            for data in ({"name": "a\0b"}, {"a\0b": "x"}):
                answer = post(client, where, data={"lomake": good, **data})
                is_read = who is everything or where not in TAKES_FILES
                assert answer.status_code == (400 if is_read else 303), where
            assert post(client, f"{where}?x=%00", data={"lomake": good}).status_code == 400, where
    for where in ("/kunnat/%00", "/halytysketjut/a%00b", "/link/%00", "/?x=%00", "/%00"):
        assert client.get(where, base_url=HERE).status_code == 400, where
    assert client.get("/api/v1/premises?municipality=%00", base_url=HERE).status_code in {400, 401}


def filled(turn: int) -> dict[str, str]:
    """Every field with a hostile value, in each turn another one."""
    values = list(HOSTILE.values())
    return {name: values[(number + turn) % len(values)] for number, name in enumerate(FIELDS)}


@pytest.mark.parametrize("turn", range(len(HOSTILE)))
def test_hostile_values_in_every_field_of_every_form_stop_nothing_and_reach_no_header(
    app: Flask, turn: int
) -> None:
    stranger, client = nobody(app), everything(app)
    for where in share(unsafe(app), turn, 3):
        client = still(app, client)
        for one in (stranger, client):
            answer = post(one, where, data={"lomake": form_token(one), **filled(turn)})
            assert answer.status_code < 500 or answer.status_code == 503, (where, answer.text[-800:])
            assert "evil" not in str(answer.headers), where
            assert b"<script>alert" not in answer.data, where
            # 7777 times 7: what was typed was run.
            assert b"54439" not in answer.data, where


# Every question that an address can carry.
QUESTIONS = [
    *(
        "kunta",
        "paikka",
        "tilanne",
        "vika",
        "nayta",
        "kieli",
        "laji",
        "tila",
        "hae",
        "alkaen",
        "asti",
        "kuka",
    ),
    *("teko", "taulu", "rivi", "sivu", "lang", "tehty", "seuraava", "v", "state", "code", "iss", "error"),
]


@pytest.mark.slow
def test_hostile_questions_of_every_address_stop_nothing_and_change_nothing(app: Flask) -> None:
    client, values = everything(app), list(HOSTILE.values())
    reading = [address(app, rule) for rule in rules(app) if "GET" in (rule.methods or set())]
    # A part of them at each address; one at a time as well: the first that is refused would hide the others.
    together = [dict.fromkeys(QUESTIONS, value) for value in values]
    alone = [{name: values[number % len(values)]} for number, name in enumerate(QUESTIONS[:18])]
    with unchanged(app):
        for turn, where in enumerate((*reading, "/kunnat/272", "/halytysketjut/perho")):
            # The cards of one place: those of the county take seconds, and are no other question.
            small = {"kunta": "584"} if where == "/kortit/kortit.pdf" else {}
            for asked in (
                *share(together, turn, len(together)),
                *({**small, **one} for one in share(alone, turn, 9)),
            ):
                answer = client.get(where, query_string=asked, base_url=HERE)
                assert answer.status_code < 500 or answer.status_code == 503, (where, answer.data[-400:])
                assert "evil" not in str(answer.headers), where
                # A file holds any figure somewhere by chance, and no browser runs it.
                if answer.mimetype == "text/html":
                    assert b"<script>alert" not in answer.data, where
                    assert b"54439" not in answer.data, where


def test_of_a_field_that_comes_twice_the_token_is_not_the_second(app: Flask) -> None:
    client = everything(app)
    good = form_token(client)
    with unchanged(app):
        for where in unsafe(app):
            assert post(client, where, data={"lomake": ["x", good]}).status_code == 403, where


# Other ways to say the same.


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize(
    ("turn", "method"), list(enumerate(["PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "PROPFIND", "EVIL"]))
)
def test_no_other_method_does_anything_anywhere(
    app: Flask, who: Callable[[Flask], FlaskClient], turn: int, method: str
) -> None:
    client = who(app)
    good = form_token(client)
    with unchanged(app):
        for rule in share(list(rules(app)), turn, 3):
            answer = client.open(address(app, rule), method=method, data={"lomake": good}, base_url=HERE)
            assert answer.status_code in {400, 405}, rule


def test_a_form_that_is_only_looked_at_does_nothing_whatever_it_claims_to_be(app: Flask) -> None:
    client = everything(app)
    good = form_token(client)
    with unchanged(app):
        for where in unsafe(app):
            for headers in ({"X-HTTP-Method-Override": "POST"}, {"X-Method-Override": "POST"}):
                answer = client.get(f"{where}?_method=POST&lomake={good}", headers=headers, base_url=HERE)
                # 429: of links to confirm by only so many are tried.
                assert answer.status_code in {200, 303, 404, 405, 429}, where


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Forwarded-For": "127.0.0.1"},
        {"X-Forwarded-Host": "evil.example"},
        {"X-Forwarded-Proto": "https"},
        {"X-Forwarded-Port": "443"},
        {"X-Forwarded-Prefix": "/evil"},
        {"Forwarded": "for=127.0.0.1;host=evil.example;proto=https"},
        {"X-Original-URL": "/hallinta/tilit"},
        {"X-Rewrite-URL": "/hallinta/tilit"},
        {"X-Real-IP": "127.0.0.1"},
    ],
    ids=str,
)
def test_headers_of_proxies_that_are_not_trusted_change_no_answer(
    app: Flask, headers: dict[str, str]
) -> None:
    for who in WHO:
        client = who(app)
        for where in ("/", "/kirjaudu", "/kunnat/272", "/hallinta/tilit", "/oma", "/ei-ole", "/link/x"):
            plain, forged = (client.get(where, headers=given, base_url=HERE) for given in ({}, headers))
            assert plain.status_code == forged.status_code, where
            assert plain.headers.get("Location") == forged.headers.get("Location"), where
            assert plain.headers.getlist("Set-Cookie")[:0] == []
            assert "evil" not in forged.text, where


@pytest.mark.parametrize(
    "host",
    [
        *("evil.example", "localhost.evil.example", "localhost:8351@evil.example", "localhost,evil.example"),
        *(
            "",
            " ",
            "a\tb",
            "[::1",
            "localhost\\",
            "x" * 3_000,
            "xn--80ak6aa92e.example",
            "127.0.0.1.nip.example",
        ),
    ],
)
def test_another_name_of_the_host_opens_no_page(app: Flask, host: str) -> None:
    client = app.test_client()
    for where in ("/", "/kirjaudu", "/livez", "/static/style.css", "/api/v1/openapi.json"):
        answer = client.get(where, headers={"Host": host}, environ_overrides={"HTTP_HOST": host})
        answer.close()
        assert answer.status_code == 400, where
        assert "evil" not in str(answer.headers), where


TARGETS = [
    *("//evil.example", "https://evil.example", "/\\evil.example", "\\\\evil.example", "/\t/evil.example"),
    *("javascript:alert(1)", "data:text/html,x", "evil.example", "///evil.example", "/\r\nLocation: //evil"),
    *("/%0d%0aLocation: //evil.example\n", "https:evil.example", "http:///evil.example", "/" + "x" * 2_001),
]


def test_nobody_is_led_elsewhere_from_anywhere(app: Flask) -> None:
    for who in WHO:
        client = who(app)
        for rule in rules(app):
            if "GET" in (rule.methods or set()):
                answer = client.get(address(app, rule), query_string={"seuraava": TARGETS[0]}, base_url=HERE)
                assert re.match(r"/(?![/\\])", answer.headers.get("Location", "/")), rule


@pytest.mark.parametrize("target", TARGETS, ids=range(len(TARGETS)))
def test_after_a_proof_or_a_sign_in_nobody_is_led_elsewhere(app: Flask, target: str) -> None:
    client = everything(app)
    with write_session(engine_of(app), actor="test") as session:
        # What the other tests have tried here has used up the attempts.
        session.execute(delete(LoginAttempt))
    asked = {"seuraava": target}
    assert client.get("/kirjaudu", query_string=asked, base_url=HERE).headers["Location"] == "/alkuun"
    data = {"lomake": form_token(client), "secret": PASSWORD, **asked}
    assert post(client, "/oma/vahvista", data=data).headers["Location"] == "/oma?tehty=proven"
    # No form carries it on.
    for who, where in ((nobody, "/kirjaudu"), (everything, "/oma/vahvista")):
        page = who(app).get(where, query_string=asked, base_url=HERE).text
        assert set(re.findall(r'name="seuraava" value="([^"]*)"', page)) == {""}, where


@pytest.mark.parametrize(
    "cookie", ["", "x", "a" * 4_000, "ä\u202e", '"; Path=/; x="', "\ufffd" * 100, "../../etc", "%00"]
)
def test_a_broken_cookie_is_nobody_s(app: Flask, cookie: str) -> None:
    client = app.test_client()
    names = ("prep_session", "prep_form", "prep_code", "prep_language", "prep_provider")
    held = "; ".join(f"{name}={cookie}" for name in names)
    for where in ("/kirjaudu", "/kirjaudu/koodi", "/oma", "/", "/kirjaudu/organisaatio/paluu?state=x"):
        answer = client.get(where, base_url=HERE, environ_overrides={"HTTP_COOKIE": held})
        assert answer.status_code in {200, 303, 422, 429}, where
        assert "evil" not in str(answer.headers)


@pytest.mark.parametrize(
    "path",
    [
        *(
            "/..%2f..%2fetc/passwd",
            "/static/../../secret.key",
            "/static/%2e%2e/%2e%2e/secret.key",
            "//evil.example",
        ),
        *(
            "/kunnat/" + "x" * 5_000,
            "/kunnat/%ff%fe",
            "/kunnat/'%20OR%201=1",
            "/%0d%0aSet-Cookie:%20evil=1",
            "/\\evil",
        ),
        *("/oma/istunnot/99999999999999999999/lopeta", "/oma/paasyavaimet/99999999999999999999/poista"),
        *("/hallinta/tilit/99999999999999999999", "/kunnat/{{7*7}}", "/halytysketjut/%25s%25n"),
    ],
)
def test_an_address_that_leads_nowhere_says_so(app: Flask, path: str) -> None:
    for who in WHO:
        client = who(app)
        for method in ("GET", "POST"):
            answer = client.open(path, method=method, base_url=HERE, data={"lomake": form_token(client)})
            assert answer.status_code in {303, 308, 400, 404, 405}, (path, answer.status_code)
            assert "\r\n\r\n" not in answer.headers.get("Location", "")
            answer.close()


# The real server.


@pytest.fixture(scope="module")
def port(app: Flask) -> Iterator[int]:
    listener = listen("127.0.0.1", 0)
    server = create_server(app, sockets=[listener], **server_options(forwarded=False))
    thread = threading.Thread(target=server.run)
    thread.start()
    yield listener.getsockname()[1]
    server.close()
    thread.join(timeout=10)


def raw(port: int, request: bytes) -> bytes:
    found = b""
    # Whoever sends too much is cut off while still sending.
    with (
        socket.create_connection(("127.0.0.1", port), timeout=20) as line,
        suppress(ConnectionResetError, BrokenPipeError),
    ):
        line.sendall(request)
        with suppress(OSError):  # cut off already: what it had to say may still be read
            line.shutdown(socket.SHUT_WR)
        while part := line.recv(65_536):
            found += part
    return found


GOOD = b"GET /livez HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"


@pytest.mark.parametrize(
    "request_",
    [
        b"GET / HTTP/1.1\r\nHost: localhost\r\n Evil: folded\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\nEvil: 1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nEvil\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost : localhost\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef",
        b"POST /kirjaudu HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
        b"POST /kirjaudu HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999\r\n\r\n",
        b"POST /kirjaudu HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"POST /kirjaudu HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: evil\r\n\r\n",
        b"GET /" + b"x" * 300_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"\r\n" * 10,
        b"GET http://evil.example/ HTTP/1.1\r\nHost: localhost\r\n\r\n",
    ],
    ids=range(14),
)
def test_what_is_no_request_is_answered_or_dropped_and_the_next_one_is_served(
    app: Flask, port: int, request_: bytes
) -> None:
    with unchanged(app):
        answer = raw(port, request_)
    assert b"evil" not in answer.partition(b"\r\n\r\n")[0].lower()
    assert not answer.startswith(b"HTTP/1.1 2") or b"http://evil" in request_
    assert raw(port, GOOD).startswith(b"HTTP/1.1 200")


def test_the_server_takes_no_more_than_the_pages_could_ever_want(port: int) -> None:
    large = 17 * 1024**2
    head = f"POST /kirjaudu HTTP/1.1\r\nHost: localhost\r\nContent-Length: {large}\r\n\r\n".encode()
    assert raw(port, head).startswith(b"HTTP/1.1 413")


# The other database.


@pytest.mark.slow
def test_hostile_values_stop_nothing_in_postgresql_either(
    postgres_url: Callable[[], str], tmp_path: Path
) -> None:
    url = postgres_url()
    engine = make_engine(url)
    furnish(engine)
    engine.dispose()
    app = create_app(Settings(instance=tmp_path, database_url=url, public_address=WebAddress.read(HERE)))
    client = everything(app)
    for number, where in enumerate(unsafe(app)):
        client = still(app, client)
        good = form_token(client)
        for turn in share(range(len(HOSTILE)), number, 3):
            answer = post(client, where, data={"lomake": good, **filled(turn)})
            assert answer.status_code < 500, (where, turn)
    for where in (
        "/kunnat/%ed%a0%80",
        "/halytysketjut/'",
        "/link/%F0%9F%92%A9",
        "/hallinta/tilit/99999999999",
    ):
        assert still(app, client).get(where, base_url=HERE).status_code < 500, where
    with Session(engine_of(app)) as session:
        assert session.scalar(select(func.count()).select_from(Municipality)) == 3
    engine_of(app).dispose()
