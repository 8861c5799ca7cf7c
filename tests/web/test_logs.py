"""Every answer leaves one line of JSON, and nothing that was asked or stored is in it."""

import io
import json
import logging
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from prep.config import Settings
from prep.web import create_app, logs
from prep.web.database import engine_of
from prep.web.permissions import permission
from tests.web.addresses import PAGES

CANARY = "kanarialintu"


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    stream = io.StringIO()
    handler = logs.write_to(stream)
    yield stream
    logging.getLogger().removeHandler(handler)


def lines(stream: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_an_answer_leaves_its_pattern_status_and_number(client: FlaskClient, written: io.StringIO) -> None:
    answer = client.get("/kunnat/272")
    (line,) = lines(written)
    assert line.pop("duration_ms") > 0  # type: ignore[operator]
    assert line == {
        "time": "2026-11-22T08:46:00.000+00:00",
        "level": "info",
        "logger": "prep.requests",
        "event": "request",
        "method": "GET",
        "path": "/kunnat/<code>",
        "status": 200,
        "request_id": answer.headers["X-Request-Id"],
    }


def test_the_number_is_ours_and_new_each_time(client: FlaskClient) -> None:
    numbers = {
        client.get("/livez", headers={"X-Request-Id": CANARY}).headers["X-Request-Id"] for _ in range(3)
    }
    assert len(numbers) == 3
    assert CANARY not in numbers


def test_nothing_that_was_asked_is_in_the_log(client: FlaskClient, written: io.StringIO) -> None:
    client.set_cookie("prep_session", CANARY)
    headers = {"User-Agent": CANARY, "Referer": f"http://localhost/{CANARY}", "Authorization": CANARY}
    for where in (
        f"/{CANARY}",
        f"/kunnat/{CANARY}",
        f"/evakuointipaikat?tila={CANARY}",
        f"/kunnat?q={CANARY}%0d%0a",
    ):
        client.get(where, headers=headers)
        client.post(where, data={"password": CANARY}, headers=headers)
    client.get("/", headers={"Host": f"{CANARY}.example"})
    client.open("/", method="KANARIALINTU!")
    assert len(lines(written)) == 10
    assert CANARY not in written.getvalue().lower()


def test_no_name_and_no_number_of_the_county_is_in_the_log(client: FlaskClient, written: io.StringIO) -> None:
    for where in PAGES.values():
        client.get(where.replace("{site}", "1"))
    text = written.getvalue()
    assert len(lines(written)) == len(PAGES)
    for found in ("+358", "Esimerkki", "Exempel", "Katri"):
        assert found not in text


def test_of_a_fault_only_its_kind_and_place_are_kept(county, written: io.StringIO) -> None:  # type: ignore[no-untyped-def]
    app: Flask = create_app(Settings(instance=county))

    @app.get("/rikki")
    @permission("public")
    def broken() -> str:
        raise RuntimeError(f"{CANARY} +358 00 000 0001")

    app.test_client().get("/rikki")
    fault, answer = lines(written)
    assert (fault["error"], fault["level"], answer["status"]) == ("RuntimeError", "error", 500)
    assert fault["request_id"] == answer["request_id"]
    assert any("broken" in place for place in fault["at"])  # type: ignore[attr-defined]
    assert CANARY not in written.getvalue()
    engine_of(app).dispose()


def test_what_other_libraries_fill_in_is_left_out_and_lines_stay_lines(written: io.StringIO) -> None:
    logging.getLogger("waitress").error("Exception while serving %s", f"/{CANARY}")
    logging.getLogger("prep.web").warning("one\nline \x1b[31m")
    first, second = lines(written)
    assert first["event"] == "Exception while serving %s"
    assert second["event"] == "one line  [31m"
