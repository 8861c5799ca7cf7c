"""A real browser on the real server, over the invented county."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, expect, sync_playwright
from sqlalchemy.orm import Session
from waitress.server import create_server

from prep.cli.serve import listen
from prep.config import Settings
from prep.terms import AccountRole
from prep.web import create_app
from prep.web.database import engine_of
from tests.web.addresses import numbers_of
from tests.web.county import build_county
from tests.web.people import token

CHROMIUM = "/usr/bin/chromium"
# As patient as with a page that is being loaded: the machine may have other things to do.
expect.set_options(timeout=30_000)
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
    """Where the pages are, by number and by the name for which passkeys are made.

    ``numbers``: of one of the premises, of a person, and of the person's number.
    """

    address: str
    named: str
    numbers: dict[str, int | str]
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


@contextmanager
def serving(folder: Path, **settings: Any) -> Iterator[Served]:
    """The real server over a county in a folder, on a free port of this machine, until the block ends.

    A setting may be a function of the address by name, which is known only when the port is.
    """
    listener = listen("127.0.0.1", 0)
    # Passkeys are bound to the port, too: the application has to know it.
    port: int = listener.getsockname()[1]
    named = f"http://localhost:{port}"
    given = {name: value(named) if callable(value) else value for name, value in settings.items()}
    app = create_app(Settings(instance=folder, port=port, **given))
    with Session(engine_of(app)) as session:
        numbers = numbers_of(session)
    server = create_server(app, sockets=[listener], threads=4)
    thread = threading.Thread(target=server.run)
    thread.start()
    yield Served(f"http://127.0.0.1:{port}", named, numbers, app)
    server.close()
    thread.join(timeout=10)
    engine_of(app).dispose()


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[Served]:
    with serving(build_county(tmp_path_factory.mktemp("browser"), sqlite_template)) as one:
        yield one


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def watched(browser: Browser, served: Served) -> Iterator[Watched]:
    """A browser in which the county's planner is signed in."""
    yield from watching(browser, served, served.token())


@pytest.fixture
def stranger(browser: Browser, served: Served) -> Iterator[Watched]:
    """A browser in which nobody is signed in."""
    yield from watching(browser, served, None)


def watching(browser: Browser, served: Served, held: str | None) -> Iterator[Watched]:
    """A browser with somebody's token, or (None) with nobody's, that notes what it should not do."""
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
