"""Requests made from the published document, sound and unsound: every answer is as the document says."""

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, settings

from tests.web.api.programs import BASE, Program

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]


@pytest.fixture
def published(api_app: Flask, planner: Program) -> schemathesis.BaseSchema:
    """The document as it is served, asked with the key of one who may see everything."""
    config = schemathesis.Config.from_dict(
        {
            "headers": {"Authorization": f"Bearer {planner.token}"},
            "generation": {"mode": "all", "max-examples": 15, "deterministic": True, "database": "none"},
        }
    )
    return schemathesis.openapi.from_wsgi(f"{BASE}/openapi.json", api_app, config=config)


schema = schemathesis.pytest.from_fixture("published")


@schema.parametrize()
@settings(deadline=None, suppress_health_check=list(HealthCheck))
def test_no_request_gets_an_answer_that_the_document_does_not_describe(case: schemathesis.Case) -> None:
    case.call_and_validate()
