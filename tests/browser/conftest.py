"""A real browser on the real server, over the invented county."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright
from sqlalchemy import select
from sqlalchemy.orm import Session
from waitress.server import create_server

from prep.config import Settings
from prep.models import Person, Seat, Site
from prep.terms import AccountRole
from prep.web import create_app
from prep.web.database import engine_of
from tests.web.county import build_county
from tests.web.people import token

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@dataclass
class Served:
    """Where the pages are, and the numbers of one of the premises, of a person, and of the person's number."""

    address: str
    numbers: dict[str, int]
    app: Flask

    def token(self, role: AccountRole = AccountRole.COUNTY_PLANNER, municipality: str | None = None) -> str:
        """Of somebody who has just signed in."""
        return token(self.app, role, municipality)


@dataclass
class Watched:
    """A page, and what it did that it should not."""

    page: Page
    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[Served]:
    app = create_app(Settings(instance=build_county(tmp_path_factory.mktemp("browser"), sqlite_template)))
    with Session(engine_of(app)) as session:
        site = session.scalars(select(Site.id).where(Site.municipality_code == "584")).first()
        person, other = session.scalars(select(Person).where(Person.municipality_code == "272")).all()[:2]
        seat = session.scalars(select(Seat).where(Seat.key == "board-lestijokilaakso")).one()
        numbers = {
            "site": site or 0,
            "person": person.id,
            "other_person": other.id,
            "point": person.contact_points[0].id,
            "seat": seat.id,
            "term": seat.terms[0].id,
        }
    server = create_server(app, host="127.0.0.1", port=0, threads=4)
    thread = threading.Thread(target=server.run)
    thread.start()
    yield Served(f"http://127.0.0.1:{server.effective_port}", numbers, app)
    server.close()
    thread.join(timeout=10)
    engine_of(app).dispose()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def watched(browser: Browser, served: Served) -> Iterator[Watched]:
    """A browser in which the county's planner is signed in."""
    yield from _watched(browser, served, served.token())


@pytest.fixture
def stranger(browser: Browser, served: Served) -> Iterator[Watched]:
    """A browser in which nobody is signed in."""
    yield from _watched(browser, served, None)


def _watched(browser: Browser, served: Served, held: str | None) -> Iterator[Watched]:
    context = browser.new_context(locale="fi-FI")
    if held:
        context.add_cookies([{"name": "prep_session", "value": held, "url": served.address}])
    one = Watched(context.new_page())

    def heard(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            one.complaints.append(message.text)

    def asked(request: Request) -> None:
        one.requests.append(request.url)

    one.page.on("console", heard)
    one.page.on("pageerror", lambda error: one.complaints.append(str(error)))
    one.page.on("request", asked)
    yield one
    context.close()
