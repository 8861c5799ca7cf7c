"""Programs with keys: each role of prep, a stranger's municipality, and keys with too little."""

from dataclasses import dataclass

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from prep import clock
from prep.auth import accounts, tokens
from prep.auth.permissions import Granted, Viewer
from prep.auth.roles import Permission
from prep.db import read_session, write_session
from prep.terms import AccountRole
from prep.web.api.operations import Change, Operation
from prep.web.database import engine_of

BASE = "/api/v1"
KOKKOLA, PERHO = "272", "584"
# Who asks, by name: the role, and the municipality in which it is held.
CAST: dict[str, tuple[AccountRole, str | None]] = {
    "planner": (AccountRole.COUNTY_PLANNER, None),
    "aino": (AccountRole.MUNICIPAL_CONTACT, KOKKOLA),
    "director": (AccountRole.EXERCISE_DIRECTOR, None),
    "duty": (AccountRole.DUTY_OFFICER, None),
    "eero": (AccountRole.VIEWER, None),
    "reader": (AccountRole.VIEWER, KOKKOLA),
    "admin": (AccountRole.ADMINISTRATOR, None),
}


@dataclass(frozen=True, slots=True)
class Program:
    """A program that asks with one key."""

    app: Flask
    token: str

    def get(self, path: str, **headers: str) -> TestResponse:
        client: FlaskClient = self.app.test_client(use_cookies=False)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        bearer = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        return client.get(BASE + path, headers={"Accept-Language": "en", **bearer, **named})

    def send(self, method: str, path: str, content: object = None, **headers: str) -> TestResponse:
        """Send a change, with its content as JSON."""
        client: FlaskClient = self.app.test_client(use_cookies=False)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        bearer = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        return client.open(
            BASE + path,
            method=method,
            headers={"Accept-Language": "en", **bearer, **named},
            **({} if content is None else {"json": content}),
        )

    def ask(self, operation: Operation, path: str, **headers: str) -> TestResponse:
        """Ask for an operation; one that changes something is asked with what changes nothing."""
        if operation.method == "GET":
            return self.get(path, **headers)
        takes = isinstance(operation.act, Change) and operation.act.content is not None
        return self.send(operation.method, path, {} if takes else None, **headers)

    def changed(self, method: str, path: str, content: object = None, *, of: str = "") -> TestResponse:
        """Read a thing, then send a change of the version that was read."""
        mark = self.get(of or path).headers["ETag"]
        return self.send(method, path, content, If_Match=mark)

    def viewer(self) -> Viewer:
        with read_session(engine_of(self.app)) as session:
            return tokens.viewer_of(session, tokens.use_of(session, self.token), on=clock.today())


def headers_of(answer: TestResponse) -> dict[str, str]:
    """The headers that say something of the answer, not when it was given or its number in the log."""
    return {name: value for name, value in answer.headers if name not in {"X-Request-Id", "Date"}}


def program(app: Flask, login: str, *scopes: Permission) -> Program:
    """A program with a new key of an account, for these permissions or for all that it can have."""
    with write_session(engine_of(app), actor="test") as session:
        account = accounts.find(session, login)
        role, place = CAST[login]
        viewer = Viewer(login, frozenset({Granted(role, place)}), frozenset({KOKKOLA, PERHO}))
        wanted = scopes or tuple(viewer.permissions() - tokens.NOT_FOR_PROGRAMS)
        return Program(app, tokens.issue(session, account, name="test", scopes=wanted, days=30).token)
