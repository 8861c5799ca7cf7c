"""A tour of every page, every operation and every command at the most talkative level: no person in the log.

What must not be there is read from the county itself: names, numbers, addresses, passwords, tokens, secrets.
"""

import io
import json
import logging
import re
import threading
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from prep.auth import accounts, links
from prep.cli import prep
from prep.cli.output import settings
from prep.config import Settings
from prep.db import write_session
from prep.models import Account, ContactPoint, Person, Site
from prep.terms import AccountRole
from prep.web import create_app, logs
from prep.web.api.operations import flask_rule
from prep.web.api.table import OPERATIONS
from prep.web.database import engine_of
from tests.cli.test_rights import acts, command_at
from tests.web.api.programs import Program
from tests.web.people import sign_in, token
from tests.web.test_every_route import OWN, address, rules
from tests.web.test_signing_in import send

PASSWORD = "vihreä tuoli laulaa hiljaa"


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """The log of the whole process, of all libraries, at DEBUG."""
    stream = io.StringIO()
    handler = logs.write_to(stream)
    root, levels = logging.getLogger(), {}
    for name in ("", "prep", "sqlalchemy", "waitress", "werkzeug", "alembic"):
        levels[name] = logging.getLogger(name).level
        logging.getLogger(name).setLevel(logging.DEBUG)
    yield stream
    root.removeHandler(handler)
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


@pytest.fixture
def app(tmp_path: Path, county: Path) -> Iterator[Flask]:
    (tmp_path / "prep.db").write_bytes((county / "prep.db").read_bytes())
    (tmp_path / "prep.db").chmod(0o600)
    app = create_app(Settings(instance=tmp_path))
    yield app
    engine_of(app).dispose()


def confidential(app: Flask) -> set[str]:
    """Everything of the county that no log may hold."""
    with Session(engine_of(app)) as session:
        names = {
            part for name in session.scalars(select(Person.name)) for part in name.split() if len(part) > 4
        }
        numbers = {re.sub(r"\s", "", value) for value in session.scalars(select(ContactPoint.value))}
        places = {site.address for site in session.scalars(select(Site)) if site.address}
        logins = set(session.scalars(select(Account.login)))
    found = names | numbers | places | logins
    # Words that the program itself uses are no trace of a person.
    return {one for one in found if len(one) > 4} - {"Keskus", "Esimerkki-"}


def found_in(text: str, secrets: set[str]) -> set[str]:
    flat = re.sub(r"[\s ]", "", text)
    return {one for one in secrets if one in text or (one.startswith("+") and one in flat)}


def lines(stream: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


@pytest.mark.slow
def test_no_page_and_no_operation_leaves_a_person_in_the_log(app: Flask, written: io.StringIO) -> None:
    tokens = [token(app), token(app, AccountRole.ADMINISTRATOR)]
    for held in tokens:
        client = app.test_client()
        client.set_cookie("prep_session", held)
        for rule in rules(app):
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                client.open(
                    address(app, rule, OWN), method=method, data={"password": PASSWORD, "login": "aino"}
                )
    planner = sign_in(app)
    made = send(
        planner, "/oma/avaimet/uusi", name="Salainen kartta", days="1", scope=["site.read", "contact.read"]
    )  # type: ignore[arg-type]
    key = re.findall(r"prep_[\w-]{43}", made.text)[0]
    for operation in OPERATIONS:
        Program(app, key).get(re.sub("<[^>]+>", "1", flask_rule(operation.path)))
    assert len(lines(written)) > 100
    text = written.getvalue()
    secrets = confidential(app) | {PASSWORD, key, key[5:], "Salainen", *tokens}
    assert found_in(text, secrets) == set()
    # The patterns of what was asked are there, those of the API with their place.
    paths = {line.get("path") for line in lines(written)}
    assert {
        "/kunnat/<code>",
        "/hallinta/tilit/<int:number>",
        "/api/v1/premises",
        "/api/v1/contacts/<id>",
    } <= paths


def test_signing_in_leaves_no_name_no_password_and_no_link_in_the_log(
    app: Flask, written: io.StringIO
) -> None:
    with write_session(engine_of(app), actor="test") as session:
        account = accounts.add(session, "kirsi@kunta.example", "Kirsi Kanarialintu")
        link = links.link_for(session, account)
    browser = app.test_client()
    send(browser, link.path, password=PASSWORD, again=PASSWORD)
    send(browser, "/kirjaudu", login="kirsi@kunta.example", password="wrong " + PASSWORD)
    send(browser, "/kirjaudu", login="kirsi@kunta.example", password=PASSWORD)
    begun = send(browser, "/oma/vaihe2", "/oma/vaihe2/alku")
    secret = re.findall(r'name="secret" value="([^"]*)"', begun.text)[0]
    browser.post("/oma/vaihe2", data={"code": "000000", "secret": secret})
    cookie = browser.get_cookie("prep_session")
    assert cookie is not None
    text = written.getvalue()
    assert found_in(text, {PASSWORD, "kirsi", "Kanarialintu", link.token, secret, cookie.value}) == set()


@pytest.mark.slow
def test_every_answer_carries_the_number_under_which_it_is_logged(app: Flask, written: io.StringIO) -> None:
    numbers: dict[str, str] = {}
    held = token(app)

    def ask(path: str) -> None:
        client: FlaskClient = app.test_client()
        client.set_cookie("prep_session", held)
        for _ in range(8):
            numbers[client.get(path).headers["X-Request-Id"]] = path

    # Several at once: no request gets another's number.
    threads = [
        threading.Thread(target=ask, args=(path,)) for path in ("/kunnat", "/toimielimet", "/api/v1/me")
    ]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(numbers) == 24
    logged = {line["request_id"]: line["path"] for line in lines(written) if line["event"] == "request"}
    assert logged == numbers


@pytest.mark.parametrize("end", ["%0d%0a", "%0a", "%c2%85", "%e2%80%a8", "%1b%5b2J"])
def test_no_address_header_or_field_begins_a_line_of_the_log(
    app: Flask, written: io.StringIO, end: str
) -> None:
    forged = f'{end}{{"event": "forged"}}'
    client = sign_in(app)
    client.get(f"/kunnat/{forged}?q={forged}")
    client.get(f"/{forged}", headers={"User-Agent": "x forged", "X-Request-Id": "forged"})
    client.post("/oma/kieli", data={"language": f"fi\r\n{forged}", f"x\r\n{forged}": "1"})
    logging.getLogger("prep.web").warning("said %s", "one\r\nforged\x1b[2J")
    # Each line is one object, and ours is the only one that says it.
    assert [line["event"] for line in lines(written) if "forged" in json.dumps(line)] == [
        "said one  forged [2J"
    ]
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029]", written.getvalue())


# Enough words for each command to do its work on the county; what is served or built anew is not run.
WORDS = {
    ("region", "boundaries", "import"): ["none.geojson"],
    ("region", "check"): ["none.toml"],
    ("sites", "import"): ["none.xlsx"],
    ("sites", "export"): ["-o", "{folder}/premises.xlsx"],
    ("norms", "show"): ["cold"],
    ("norms", "make"): ["Oma sarja"],
    ("norms", "set"): ["own-1", "stay.max_days", "6", "--source", "county decision"],
    ("norms", "default"): ["cold"],
    ("sites", "merge"): ["1", "2"],
    ("sites", "history"): ["1"],
    ("sites", "files"): ["1"],
    ("sites", "attach"): ["1", "none.jpg"],
    ("sites", "detach"): ["1", "1"],
    ("sites", "withdraw"): ["1", "--why", "sold"],
    ("sites", "relist"): ["1"],
    ("contacts", "import"): ["none.xlsx"],
    ("contacts", "show"): ["1"],
    ("contacts", "export"): ["-o", "{folder}/contacts.xlsx"],
    ("contacts", "merge"): ["1", "2"],
    ("chains", "show"): ["perho"],
    ("chains", "import"): ["none.toml"],
    ("chains", "poster"): ["perho", "-o", "{folder}/poster.pdf"],
    ("cards", "print"): ["--municipality", "272", "-o", "{folder}/cards.pdf"],
    ("cards", "exercise"): ["--example"],
    ("cards", "check"): ["K7Q2M4ZD"],
    ("cards", "copies"): ["1", "--holder", "Tilannekeskus"],
    ("cards", "reprint"): ["-o", "{folder}/again.pdf"],
    ("cards", "texts", "show"): ["flood"],
    ("cards", "texts", "export"): ["flood", "-o", "{folder}/flood.toml"],
    ("cards", "texts", "import"): ["none.toml"],
    ("cards", "texts", "merge"): ["flood"],
    ("cards", "texts", "approve"): ["flood", "--version", "1", "--role", "X", "--review", "2030-01-01"],
    ("cards", "sheet"): ["call-list", "perho", "-o", "{folder}/calls.pdf"],
    ("binder", "print"): ["584", "-o", "{folder}/binder.pdf"],
    ("binder", "verify"): ["{folder}/prep.db", "{folder}/prep.db", "--key", "{folder}/none.pub"],
    ("chains", "diff"): ["perho", "1", "1"],
    ("chains", "export"): ["perho"],
    ("chains", "versions"): ["perho"],
    ("scenarios", "import"): ["none.json"],
    ("scenarios", "remove"): ["myrsky-kokkola"],
    ("scenarios", "show"): ["myrsky-kokkola"],
    ("meetings", "add"): ["management-group-584", "--starts", "2027-01-12 13:00", "--place", "Kunnantalo"],
    ("meetings", "cancel"): ["1"],
    ("meetings", "hold"): ["1", "--guest", "1"],
    ("audit", "redact"): ["--person", "1", "--why", "asked for", "--yes"],
    ("alert", "simulate"): ["--group", "perho", "--runs", "100"],
    ("review", "confirm"): ["contact-1", "--by", "Kirsi Kanarialintu"],
    ("jobs", "run"): ["--once"],
    ("backup",): ["{folder}/copies"],
    ("restore",): ["none.db", "--yes"],
    ("mail", "test"): ["aino@kunta.example"],
    ("user", "add"): ["kirsi@kunta.example", "--name", "Kirsi Kanarialintu", "--role", "viewer"],
    ("appointments", "appoint"): ["1", "--post", "preparedness-contact", "--municipality", "Halsua"],
    ("appointments", "end"): ["1", "--post", "preparedness-contact", "--municipality", "Halsua"],
    ("identity", "bind"): ["kirsi@kunta.example", "tunnus-1", "--issuer", "https://sign-in.kunta.example"],
    ("identity", "unbind"): ["tunnus-1", "--issuer", "https://sign-in.kunta.example"],
    ("user", "link"): ["kirsi@kunta.example"],
    ("user", "token"): ["kirsi@kunta.example", "--name", "map", "--scope", "site.read"],
    ("user", "revoke-key"): ["1"],
    ("user", "sign-out"): ["kirsi@kunta.example"],
    ("user", "disable"): ["kirsi@kunta.example"],
}
NOT_RUN = {("serve",), ("demo",), ("init",)}


@pytest.mark.slow
def test_no_command_leaves_a_person_in_the_log(
    app: Flask, tmp_path: Path, written: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PREP_INSTANCE", str(tmp_path))
    monkeypatch.setenv("PREP_LANGUAGE", "en")
    settings.cache_clear()
    done, printed = [], ""
    # An account is added before it is used.
    for path in sorted(acts(), key=lambda one: one != ("user", "add")):
        if path in NOT_RUN:
            continue
        words = [one.format(folder=tmp_path) for one in WORDS.get(path, [])]
        asks = any(isinstance(one, click.Argument) and one.required for one in command_at(path).params)
        assert words or not asks, f"say with which words prep {' '.join(path)} is to be run"
        result = CliRunner().invoke(prep, [*path, *words])
        assert result.exit_code != 2, (path, result.output)
        done.append(path)
        printed += result.output
    settings.cache_clear()
    assert len(done) == len(acts()) - len(NOT_RUN)
    secrets = (
        confidential(app)
        | {"Kirsi", "Kanarialintu"}
        | set(re.findall(r"prep_[\w-]{43}|/link/[\w-]+", printed))
    )
    assert found_in(printed, secrets), "the commands did print what the log must not hold"
    assert found_in(written.getvalue(), secrets) == set()
