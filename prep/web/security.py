"""The headers of every answer, and the names by which the pages may be asked for."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, request
from werkzeug.exceptions import BadRequest

# Nothing from other hosts, nothing inline: a name with markup in it stays a name, whatever else goes wrong.
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "script-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
# Of a form's fields. Pages that take a file say so: see prep.web.uploads.
LARGEST_BODY_BYTES = 64 * 1024
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_EVERYWHERE = frozenset({"", "0.0.0.0", "::"})  # noqa: S104 - compared, not bound


class ForeignHost(BadRequest):
    """The pages were asked for by a name that is not this machine's."""


def secure(app: Flask, *, host: str) -> None:
    """Set the headers on every answer and answer only to the names of this machine.

    ``host`` is the address on which the pages are served; without its own name a page on another site could
    reach a service on this machine by pointing its name here (DNS rebinding).
    """
    # Not Flask's own TRUSTED_HOSTS: Werkzeug 3.1 cuts an entry at its first colon, so "[::1]" never matches.
    app.extensions["prep_hosts"] = trusted_hosts(host)
    app.before_request(_refuse_other_names)
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY_BYTES
    app.after_request(_with_headers)


def trusted_hosts(host: str) -> frozenset[str]:
    """The host names that may stand in a request.

    >>> sorted(trusted_hosts("0.0.0.0"))
    ['127.0.0.1', '::1', 'localhost']
    >>> "prep.example.fi" in trusted_hosts("prep.example.fi")
    True
    """
    return _LOOPBACK if host in _EVERYWHERE else _LOOPBACK | {host.lower()}


def is_loopback(host: str) -> bool:
    """Whether an address can be reached from this machine only."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _refuse_other_names() -> None:
    if urlsplit(f"//{request.host}").hostname not in current_app.extensions["prep_hosts"]:
        raise ForeignHost


def _with_headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers[name] = value
    if request.endpoint != "static":
        # Pages and cards hold people's numbers: no copy is left in a browser.
        response.headers["Cache-Control"] = "no-store"
    return response
