"""The stylesheet and the fonts: their addresses change with their content, so a browser may keep them."""

import hashlib
from functools import cache
from pathlib import Path

from flask import Flask, Response, request, url_for

STATIC_DIR = Path(__file__).parent / "static"
_WEEK_S = 7 * 24 * 3600
_YEAR_S = 365 * 24 * 3600


def serve(app: Flask) -> None:
    """Give the templates the addresses of static files, and let browsers keep what is named by its content."""
    app.jinja_env.globals["static"] = _address
    app.after_request(_keep)


def _address(name: str) -> str:
    return url_for("static", filename=name, v=_digest(name))


@cache
def _digest(name: str) -> str:
    return hashlib.sha256((STATIC_DIR / name).read_bytes()).hexdigest()[:12]


def _keep(response: Response) -> Response:
    if request.endpoint == "static":
        # The stylesheet names the fonts without their digest.
        keep_s = _YEAR_S if "v" in request.args else _WEEK_S if request.path.endswith(".woff2") else 0
        response.headers["Cache-Control"] = f"public, max-age={keep_s}" if keep_s else "no-cache"
    return response
