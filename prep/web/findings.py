"""The list of what is not in order, as a page shows it: each line leads to where it is mended."""

from dataclasses import dataclass

from flask import url_for

from prep.language import Message, say
from prep.readiness.finding import Finding
from prep.terms import State

_LINKS: dict[str, Message] = {
    "body": say("See the seat"),
    "bodies": say("See the bodies"),
    "roles": say("See the roles"),
    "municipality": say("Open the municipality"),
    "person": say("Open the person"),
    "chain": say("See what helps"),
    "chains": say("See the chains"),
    "site": say("Open the premises"),
    "sites": say("See the premises"),
    "cards": say("See the cards"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line: what is wrong, why it matters, where it is mended."""

    state: State
    sentence: Message
    detail: Message | str | None
    href: str
    link: Message


def line(finding: Finding) -> Line:
    """A finding with its link."""
    kind, key = finding.about
    return Line(finding.state, finding.sentence, finding.detail, address_of(kind, key), _LINKS[kind])


def address_of(kind: str, key: str) -> str:
    """The page on which a thing is mended.

    Raises
    ------
    ValueError
        If there is no page for the kind.
    """
    match kind:
        case "body":
            return url_for("bodies.one", key=key)
        case "bodies":
            return url_for("bodies.listed")
        case "roles":
            return url_for("roles.listed")
        case "person":
            return url_for("people.one", number=int(key))
        case "cards":
            return url_for("cards.choose", kunta=key or "alue")
        case "municipality":
            return url_for("municipalities.one", code=key)
        case "chain":
            return url_for("chains.one", key=key)
        case "chains":
            return url_for("chains.listed")
        case "site":
            return url_for("sites.one", number=int(key))
        case "sites":
            return url_for("sites.listed", kunta=key)
        case _:
            raise ValueError(f"no page for {kind}")
