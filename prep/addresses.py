"""Addresses of pages as a setting gives them: read strictly, and asked what decides how the pages are served."""

import re
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

_OWN_PORTS = {"http": 80, "https": 443}
_HOST_NAME = re.compile(r"[a-z0-9]([a-z0-9._-]*[a-z0-9])?")
# Bound to one of these, the pages are served on every address of the machine.
EVERYWHERE = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - compared, not bound


@dataclass(frozen=True, slots=True)
class WebAddress:
    """By what people reach the pages: scheme, host, and the port where it is not the scheme's own.

    Raises
    ------
    ValueError
        If it is no such address.
    """

    scheme: str
    host: str
    port: int | None = None

    def __post_init__(self) -> None:
        if self.scheme not in _OWN_PORTS or not (_is_ip(self.host) or _HOST_NAME.fullmatch(self.host)):
            raise ValueError(f"not an address of pages: {self.scheme} {self.host}")

    @classmethod
    def read(cls, text: str) -> "WebAddress":
        """The address in a text such as ``https://prep.kunta.example``.

        >>> str(WebAddress.read("HTTPS://Prep.Kunta.example:443/"))
        'https://prep.kunta.example'

        Raises
        ------
        ValueError
            If the text has another scheme, a path, a name of a user, or is no address at all.
        """
        parts = _parts(text)
        if parts.path not in {"", "/"} or parts.query or parts.fragment:
            raise ValueError(text)
        port = None if parts.port == _OWN_PORTS.get(parts.scheme) else parts.port
        return cls(parts.scheme, parts.hostname or "", port)

    @property
    def netloc(self) -> str:
        """Host and port as they stand in an address."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port is None else f"{host}:{self.port}"

    @property
    def is_https(self) -> bool:
        """Whether nobody on the way can read along."""
        return self.scheme == "https"

    @property
    def is_loopback(self) -> bool:
        """Whether it leads to the machine on which it is asked for."""
        return is_loopback(self.host)

    @property
    def is_name(self) -> bool:
        """Whether the host is a name and not a number."""
        return not _is_ip(self.host)

    def __str__(self) -> str:
        return f"{self.scheme}://{self.netloc}"


class ServiceUrl(str):
    """The address of another service that is trusted with people: https, or any scheme of the web on this machine."""

    __slots__ = ()

    @classmethod
    def read(cls, text: str) -> "ServiceUrl":
        """The address, kept letter by letter: such services are told apart by it.

        >>> ServiceUrl.read("https://login.kunta.example/realms/kunta")
        'https://login.kunta.example/realms/kunta'

        Raises
        ------
        ValueError
            If it is not an address, or others on the way could change what is sent there.
        """
        parts = _parts(text)
        address = WebAddress(parts.scheme, parts.hostname or "", parts.port)
        if parts.query or parts.fragment or not (address.is_https or address.is_loopback):
            raise ValueError(text)
        return cls(text)


class TileUrl(str):
    """The address of map tiles, with ``{z}``, ``{x}`` and ``{y}`` for scale, column and row (Web Mercator)."""

    __slots__ = ()

    @classmethod
    def read(cls, text: str) -> "TileUrl":
        """The address, kept letter by letter.

        >>> TileUrl.read("https://tiles.kunta.example/map/{z}/{x}/{y}.png").origin
        'https://tiles.kunta.example'

        Raises
        ------
        ValueError
            If one of the three is missing or stands in the name of the host, or others on the way could change what is
            sent.
        """
        parts = _parts(text)
        address = WebAddress(parts.scheme, parts.hostname or "", parts.port)
        if not (address.is_https or address.is_loopback) or parts.fragment:
            raise ValueError(text)
        if not all(f"{{{one}}}" in parts.path + parts.query for one in "zxy") or {";", ","} & set(
            parts.netloc
        ):
            raise ValueError(text)
        return cls(text)

    @property
    def origin(self) -> str:
        """Scheme, host and port: what a page has to be allowed to ask."""
        parts = urlsplit(self)
        port = None if parts.port == _OWN_PORTS.get(parts.scheme) else parts.port
        return str(WebAddress(parts.scheme, parts.hostname or "", port))


def is_loopback(host: str) -> bool:
    """Whether a host can be reached from this machine only."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _parts(text: str) -> SplitResult:
    if not text.isascii() or not text.isprintable() or " " in text or "\\" in text:
        raise ValueError(text)
    parts = urlsplit(text)
    if parts.username is not None or parts.password is not None:
        raise ValueError(text)
    return parts


def _is_ip(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
