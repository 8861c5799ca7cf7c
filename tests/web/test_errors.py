"""What went wrong is said in the page's language, with the status that fits and nothing that gives data away."""

import logging

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import BadRequest, ServiceUnavailable

from prep.errors import NotFound, PrepError, Problem, Refused
from prep.language import say
from prep.web.permissions import permission
from tests.web.people import sign_in


@pytest.fixture
def failing(app: Flask, monkeypatch: pytest.MonkeyPatch) -> object:
    def with_error(error: Exception) -> FlaskClient:
        @permission("public")
        def fail() -> str:
            raise error

        monkeypatch.setitem(app.view_functions, "about.style", fail)
        return app.test_client()

    return with_error


def problem(place: str) -> Problem:
    return Problem(
        place=place,
        value="<b>x</b>",
        rule=say("There is no setting of this name."),
        remedy=say("Use one of {known}, or remove it.", known=["a", "b"]),
    )


def test_what_is_not_there_is_404_with_its_sentence(failing: object) -> None:
    answer = failing(NotFound(problem("Kortti"))).get("/tyyli?lang=en")  # type: ignore[operator]
    assert answer.status_code == 404
    assert (
        "Kortti: “&lt;b&gt;x&lt;/b&gt;” There is no setting of this name. Use one of a, b, or remove it."
        in answer.text
    )


def test_a_refusal_is_422_with_every_problem(failing: object) -> None:
    answer = failing(Refused([problem("Rivi 1"), problem("Rivi 2")])).get("/tyyli?lang=fi")  # type: ignore[operator]
    assert answer.status_code == 422
    assert "Rivi 1:" in answer.text
    assert "Rivi 2:" in answer.text
    assert "Mitään ei ole muutettu" in answer.text


def test_any_other_error_of_ours_counts_as_the_programs(failing: object) -> None:
    answer = failing(PrepError(problem("x"))).get("/tyyli")  # type: ignore[operator]
    assert answer.status_code == 500


def test_a_failure_shows_a_number_and_the_log_has_the_same(
    failing: object, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR, logger="prep.web"):
        answer = failing(RuntimeError("canary +358000000101")).get("/tyyli?lang=en")  # type: ignore[operator]
    assert answer.status_code == 500
    number = answer.text.split("Number of the failure: ")[1].split("<")[0]
    assert f"failure {number} at about.style" in caplog.text
    assert "canary" not in answer.text
    assert "Traceback" not in answer.text


def test_a_database_that_is_gone_still_gives_a_page(
    app: Flask, failing: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    from prep.db import make_engine

    broken = make_engine("postgresql://nobody@127.0.0.1:1/none?connect_timeout=1")
    client = sign_in(app)
    monkeypatch.setitem(app.extensions, "prep_engine", broken)
    answer = client.get("/?lang=en")
    assert answer.status_code == 500
    assert "Something went wrong" in answer.text
    broken.dispose()


@pytest.mark.parametrize(
    ("error", "status", "title"),
    [
        (BadRequest("no"), 400, "The request cannot be understood"),
        (ServiceUnavailable(), 503, "Something went wrong"),
    ],
)
def test_other_statuses_have_their_page(failing: object, error: Exception, status: int, title: str) -> None:
    answer = failing(error).get("/tyyli?lang=en")  # type: ignore[operator]
    assert answer.status_code == status
    assert f"<h1>{title}</h1>" in answer.text


def test_a_wrong_method_is_told_what_is_allowed(client: FlaskClient) -> None:
    answer = client.delete("/tyyli?lang=en")
    assert answer.status_code == 405
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}
    assert "This page is for reading" in answer.text


def test_an_address_without_a_page_says_where_to_begin(client: FlaskClient) -> None:
    answer = client.get("/<script>alert(1)</script>?lang=fi")
    assert answer.status_code == 404
    assert "<script>" not in answer.text
    assert 'href="/">Tilannekuva' in answer.text
