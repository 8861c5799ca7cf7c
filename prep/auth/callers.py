"""Where a request comes from, in the little that is kept of it."""

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Network, ip_address

_BROWSERS = (
    ("Firefox/", "Firefox"),
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
# A telephone names its desktop relatives too, so it is asked first.
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Macintosh", "macOS"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True, slots=True)
class Caller:
    """The network address and the ``User-Agent`` of a request."""

    address: str
    user_agent: str = ""

    @property
    def network(self) -> str:
        """The address as limits count it.

        One household or attacker has a whole IPv6 network of 2**64 addresses, so it counts as one.

        >>> Caller("2001:db8:1:2:3::9").network, Caller("::ffff:192.0.2.7").network, Caller("a socket").network
        ('2001:db8:1:2::/64', '192.0.2.7', 'unknown')
        """
        try:
            found = ip_address(self.address.partition("%")[0])
        except ValueError:
            return "unknown"
        if isinstance(found, IPv4Address):
            return str(found)
        return str(found.ipv4_mapped or IPv6Network((found, 64), strict=False))

    @property
    def agent(self) -> str:
        """Browser and system in two words; what is not known is left out.

        >>> Caller("192.0.2.7", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0").agent
        'Firefox, Linux'
        """
        known = (
            next((name for mark, name in marks if mark in self.user_agent), "")
            for marks in (_BROWSERS, _SYSTEMS)
        )
        return ", ".join(word for word in known if word)
