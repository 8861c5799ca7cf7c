"""What is wrong with settings: a name that there is not, a value of the wrong kind, values that cannot be together."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from prep.addresses import ServiceUrl, TileUrl, WebAddress
from prep.errors import Problem
from prep.language import Message, say
from prep.terms import Classification, Language, MailTls

if TYPE_CHECKING:
    from dataclasses import Field

    from prep.config import Settings

# Stands for a secret wherever settings are shown.
HIDDEN = "•••"


def contradictions(settings: "Settings") -> Iterator[Problem]:
    """What is right by itself and cannot be together."""
    if settings.trusted_proxies and settings.public_address is None:
        yield Problem(
            place="trusted_proxies",
            value=str(settings.trusted_proxies),
            rule=say("Proxies are trusted only where the address that they serve is known."),
            remedy=say("Set public_address to that address, or trusted_proxies to 0."),
        )
    public = settings.public_address
    if settings.oidc_issuer and (public is None or not (public.is_https or public.is_loopback)):
        yield Problem(
            place="oidc_issuer",
            value=settings.oidc_issuer,
            rule=say("The service sends people back to the public address, and over TLS."),
            remedy=say(
                "Set public_address to an address that begins with https://, or leave oidc_issuer empty."
            ),
        )
    if settings.map_tiles and not settings.map_attribution:
        yield Problem(
            place="map_attribution",
            value=None,
            rule=say("Map tiles are shown with whose they are."),
            remedy=say("Set map_attribution as the service asks, or leave map_tiles empty."),
        )
    needed = ("oidc_issuer", "oidc_client_id", "oidc_client_secret")
    missing = [name for name in needed if not getattr(settings, name)]
    others = ("oidc_acr", "oidc_amr", "oidc_label")
    if missing and (len(missing) < len(needed) or any(getattr(settings, name) for name in others)):
        yield Problem(
            place=", ".join(missing),
            value=None,
            rule=say("Signing in through the organisation needs {names} together.", names=list(needed)),
            remedy=say("Set what is missing, or leave all settings that begin with oidc_ empty."),
        )


def unknown(place: str, name: str, known: list[str]) -> Problem:
    return Problem(
        place=place,
        value=name,
        rule=say("There is no setting of this name."),
        remedy=say("Use one of {known}, or remove it.", known=known),
    )


def wrong_kind(place: str, value: Any, setting: "Field[Any]") -> Problem:
    within: range = setting.metadata["within"]
    expected: dict[Any, Message] = {
        int: say(
            "The value is a whole number from {least} to {most}.", least=within[0], most=str(within[-1])
        ),
        Language | None: say("The value is fi, sv or en."),
        Classification: say("The value is public, internal or secret."),
        bool: say("The value is true or false."),
        MailTls: say("The value is starttls, implicit or none."),
        ServiceUrl | None: say(
            "The value is an address that begins with https:// (http:// on this machine only), "
            "without a question and without a name of a user."
        ),
        TileUrl | None: say(
            "The value is an address that begins with https:// (http:// on this machine only) and holds {names}.",
            names=["{z}", "{x}", "{y}"],
        ),
        tuple[str, ...]: say("The value is a list of words, or words with spaces between them."),
        WebAddress | None: say(
            "The value is the beginning of an address, such as https://prep.kunta.example: "
            "no path, no name of a user."
        ),
    }
    rule = expected.get(setting.type, say("The value is a text in quotes."))
    shown = HIDDEN if setting.metadata["is_secret"] else str(value)
    return Problem(place=place, value=shown, rule=rule, remedy=say("Change the value."))
