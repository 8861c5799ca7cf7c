"""Requests made from the published document, sound and unsound: every answer is as the document says."""

import logging
import threading
from collections.abc import Callable, Iterator

import pytest
import schemathesis
from flask import Flask
from schemathesis.engine import events, from_schema
from werkzeug.serving import make_server

from tests.web.api.programs import BASE, Program

# The checks of 4.32, so that a check that is no longer made does not go unnoticed. Those not seen have nothing to
# look at: no operation needs a header, and none deletes or creates.
MADE = {
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
    "positive_data_acceptance",
    "unsupported_method",
    "ignored_auth",
}


@pytest.fixture
def served(own_app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of the pages with the API on loopback: asked in memory, ``ignored_auth`` fails by itself."""
    monkeypatch.setattr(logging.getLogger("werkzeug"), "disabled", True)
    server = make_server("127.0.0.1", 0, own_app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_no_request_gets_an_answer_that_the_document_does_not_describe(
    served: str, own: Callable[..., Program]
) -> None:
    config = schemathesis.Config.from_dict(
        {
            "headers": {"Authorization": f"Bearer {own('planner').token}"},
            "generation": {"mode": "all", "max-examples": 3, "deterministic": True, "database": "none"},
            "cache": {"enabled": False},
            "checks": {
                "missing_required_header": {"expected-statuses": [404, 406, 422, 428]},
                "negative_data_rejection": {
                    "expected-statuses": [400, 401, 403, 404, 406, 409, 412, 413, 414, 415, 422, 428]
                },
            },
            # What a schema cannot say: which version there is, whether a number can be dialled, who is in a post.
            "operations": [
                {
                    "include-method": ["POST", "PATCH", "DELETE"],
                    "checks": {
                        "positive_data_acceptance": {"expected-statuses": [200, 201, 204, 404, 409, 412, 422]}
                    },
                }
            ],
            # A machine that is busy otherwise prints a county's cards slowly; that is no fault of the answer.
            "request-timeout": 120,
        }
    )
    schema = schemathesis.openapi.from_url(f"{served}{BASE}/openapi.json", config=config)
    wrong, checks, requests = [], set(), 0
    for event in from_schema(schema).execute():
        if isinstance(event, events.NonFatalError | events.FatalError):
            wrong.append(str(event))
        if isinstance(event, events.ScenarioFinished):
            requests += len(event.recorder.cases)
            for case, made in event.recorder.checks.items():
                for check in made:
                    checks.add(check.name)
                    if check.failure_info:
                        asked = event.recorder.interactions[case].request
                        wrong.append(f"{asked.method} {asked.uri}: {check.failure_info.failure}")
    assert wrong == []
    assert checks >= MADE
    assert requests > 500
