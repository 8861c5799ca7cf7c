"""The headers of every answer, the names by which the pages may be asked for, the proxies that are believed."""

from collections.abc import Iterator

from flask import Flask, Response, current_app, request
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest
from werkzeug.middleware.proxy_fix import ProxyFix

from prep.addresses import EVERYWHERE
from prep.config import Settings
from prep.web.address import asked_host, is_secure

# Nothing from other hosts, nothing inline: a name with markup in it stays a name, whatever else goes wrong.
_IMAGES = "img-src 'self' data:"
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        _IMAGES,
        "font-src 'self'",
        "script-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)
_POLICY = "Content-Security-Policy"
HEADERS = {
    _POLICY: CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
# From the first visit on a browser asks over TLS only, for a year. What lies below this name is not ours to bind.
TRANSPORT_SECURITY = "max-age=31536000"
# Of a form's fields: they are small. Pages that take a file say so, see prep.web.uploads.
LARGEST_BODY_BYTES = 64 * 1024
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class ForeignHost(BadRequest):
    """The pages were asked for by a name that is not this machine's."""


def secure(app: Flask, settings: Settings) -> None:
    """Set the headers on every answer and answer only to the names of this installation.

    Otherwise a page on another site could reach a service on this machine by pointing its name here (DNS
    rebinding).
    """
    # Not Flask's own TRUSTED_HOSTS: Werkzeug 3.1 cuts an entry at its first colon, so "[::1]" never matches.
    app.extensions["prep_hosts"] = trusted_hosts(settings)
    app.extensions["prep_policy"] = _policy(settings)
    app.before_request(_refuse_other_names)
    app.before_request(_refuse_what_no_text_has)
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY_BYTES
    app.after_request(_with_headers)


def trusted_hosts(settings: Settings) -> frozenset[str]:
    """The host names that may stand in a request: of this machine, of the address served on, the public one."""
    served_on = set() if settings.host in EVERYWHERE else {settings.host.lower()}
    return _LOOPBACK | served_on | {settings.address.host}


def _policy(settings: Settings) -> str:
    """The policy, with pictures of the one service that has the map tiles, where there is one."""
    if settings.map_tiles is None:
        return CONTENT_SECURITY_POLICY
    return CONTENT_SECURITY_POLICY.replace(_IMAGES, f"{_IMAGES} {settings.map_tiles.origin}")


def believe_proxies(app: Flask, settings: Settings) -> None:
    """Take caller, scheme and host from the headers of so many proxies; without proxies the headers are passed over.

    Counted from the end: what stands further to the front was sent by the caller and can be anything.
    """
    hops = settings.trusted_proxies
    if hops:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops
        )


def _refuse_other_names() -> None:
    if asked_host() not in current_app.extensions["prep_hosts"]:
        raise ForeignHost


def _refuse_what_no_text_has() -> None:
    refuse_zero(request.path, *texts(request.args))
    # Where a file is taken nothing of it is read before its sender may send it: prep.web.uploads looks then.
    if not hasattr(current_app.view_functions.get(request.endpoint or ""), "largest_file"):
        refuse_zero(*texts(request.form))


def refuse_zero(*sent: str) -> None:
    """Refuse texts with a zero byte: PostgreSQL refuses it, and other programs take it for the end.

    Raises
    ------
    BadRequest
        If one has one.
    """
    if any("\0" in one for one in sent):
        raise BadRequest


def texts(values: MultiDict[str, str]) -> Iterator[str]:
    """Every name and value that was sent."""
    for name, value in values.items(multi=True):
        yield name
        yield value


def _with_headers(response: Response) -> Response:
    # What is given out as a file may be shut up more strictly than a page.
    own = response.headers.get(_POLICY)
    for name, value in HEADERS.items():
        response.headers[name] = value
    response.headers[_POLICY] = own or current_app.extensions["prep_policy"]
    if is_secure():
        response.headers["Strict-Transport-Security"] = TRANSPORT_SECURITY
    if request.endpoint != "static":
        # Pages and cards hold people's numbers: no copy is left in a browser.
        response.headers["Cache-Control"] = "no-store"
    return response
