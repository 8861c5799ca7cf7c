"""The headers of every answer, and the names by which the pages may be asked for."""

from ipaddress import ip_address

from flask import Flask, Response, request

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
# No page reads a body; whoever sends one is mistaken.
LARGEST_BODY_BYTES = 64 * 1024
_LOOPBACK = ("localhost", "127.0.0.1", "[::1]")


def secure(app: Flask, *, host: str) -> None:
    """Set the headers on every answer and answer only to the names of this machine.

    ``host`` is the address on which the pages are served; without its own name a page on another site could
    reach a service on this machine by pointing its name here (DNS rebinding).
    """
    app.config["TRUSTED_HOSTS"] = trusted_hosts(host)
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY_BYTES
    app.after_request(_with_headers)


def trusted_hosts(host: str) -> list[str]:
    """The host names that may stand in a request.

    >>> trusted_hosts("127.0.0.1")
    ['localhost', '127.0.0.1', '[::1]']
    >>> trusted_hosts("prep.example.fi")[-1]
    'prep.example.fi'
    """
    if host in {"", "0.0.0.0", "::", "127.0.0.1", "localhost", "::1"}:  # noqa: S104 - compared, not bound
        return list(_LOOPBACK)
    return [*_LOOPBACK, f"[{host}]" if _is_ipv6(host) else host]


def is_loopback(host: str) -> bool:
    """Whether an address can be reached from this machine only."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _is_ipv6(host: str) -> bool:
    try:
        return ip_address(host).version == 6
    except ValueError:
        return False


def _with_headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers[name] = value
    if request.endpoint != "static":
        # Pages and cards hold people's numbers: no copy is left in a browser.
        response.headers["Cache-Control"] = "no-store"
    return response
