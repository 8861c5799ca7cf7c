"""The JSON API under ``/api/v1``: for programs, with a key.

It is an application of its own beside the pages: it has no cookies, no forms and no sessions, so nothing that a
browser sends by itself opens anything here.
"""

from flask import Flask
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from prep.config import Settings
from prep.web import database, logs, security
from prep.web.api import problems, wire
from prep.web.api.openapi import document
from prep.web.api.operations import flask_rule
from prep.web.api.table import OPERATIONS

BASE = "/api/v1"


def mount(app: Flask, settings: Settings) -> Flask:
    """Serve the API beside the pages, on the same database; gives its application back."""
    api = create_api(settings, pages=app)
    app.wsgi_app = DispatcherMiddleware(app.wsgi_app, {BASE: api.wsgi_app})  # type: ignore[method-assign]
    return api


def create_api(settings: Settings, *, pages: Flask) -> Flask:
    """The application that answers programs."""
    api = Flask(__name__, static_folder=None)
    api.extensions["prep_settings"] = settings
    database.share(api, pages)
    logs.log_requests(api)
    # What is registered first is done last: the headers of the API replace those of the pages.
    api.after_request(wire.with_headers)
    security.secure(api, settings)
    api.url_map.merge_slashes = False
    for operation in OPERATIONS:
        api.add_url_rule(
            flask_rule(operation.path),
            endpoint=operation.key,
            view_func=wire.view_of(operation),
            methods=[operation.method],
            provide_automatic_options=False,
        )
    api.add_url_rule(
        "/openapi.json",
        endpoint="openapi",
        view_func=wire.published(document(OPERATIONS, base=BASE)),
        methods=["GET"],
        provide_automatic_options=False,
    )
    problems.answer_failures(api)
    return api
