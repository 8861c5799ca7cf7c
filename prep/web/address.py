"""The address of the pages as people know it, whatever way a request took to come here."""

from urllib.parse import urlsplit

from flask import current_app, request

from prep.addresses import EVERYWHERE, WebAddress, is_loopback
from prep.auth.passkeys import RelyingParty
from prep.config import Settings


def settings() -> Settings:
    """The settings of the application that answers."""
    found: Settings = current_app.extensions["prep_settings"]
    return found


def asked_host() -> str:
    """The host that was asked for, without its port."""
    return urlsplit(f"//{request.host}").hostname or ""


def is_at_public_address() -> bool:
    """Whether the pages were asked for by their public address."""
    public = settings().public_address
    return public is not None and asked_host() == public.host


def own_origin() -> str:
    """The origin that a browser names for pages at the address that was asked for.

    Where TLS ends before prep only the setting knows that it was there.
    """
    public = settings().public_address
    if public is not None and is_at_public_address():
        return str(public)
    return f"{request.scheme}://{request.host}"


def is_secure() -> bool:
    """Whether what is put into a browser must go over TLS only."""
    public = settings().public_address
    return request.is_secure if public is None else public.is_https


def party() -> RelyingParty | None:
    """For whom passkeys are made: one address, the same for ever. None where browsers make none.

    Browsers bind a passkey to a name, never to a number, and use it over TLS or on their own machine only.
    """
    found = settings()
    # Without a public address the pages are this machine's, and a machine is by itself called localhost.
    home = found.public_address or WebAddress("http", "localhost", found.port)
    is_served = found.public_address is not None or found.host in EVERYWHERE or is_loopback(found.host)
    if not is_served or not home.is_name or not (home.is_https or home.is_loopback):
        return None
    return RelyingParty(id=home.host, name="prep", origin=str(home))


def absolute(path: str) -> str:
    """The whole address of a page, to be handed over to somebody."""
    public = settings().public_address
    return f"{own_origin() if public is None else public}{path}"
