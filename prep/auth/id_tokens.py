"""What the organisation's sign-in service says of somebody, in a signed token: whether it is to be believed.

Needs the optional libraries of the extra ``oidc``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from prep import clock
from prep.addresses import ServiceUrl
from prep.auth.identities import Said

# Signed with the service's own key: with a shared secret whoever reads the settings could sign, too.
ALGORITHMS = frozenset(
    {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519"}
)
# Two machines' clocks are rarely closer than that.
_CLOCK_ERROR_S = 60
_LONGEST_SUBJECT, _LONGEST_NAME = 255, 200
# What odd values cause in the library or here.
_BAD_TOKEN = (JoseError, ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError)


@dataclass(frozen=True, slots=True)
class Registration:
    """What this installation is at the service, and what it takes for a second factor there."""

    issuer: ServiceUrl
    client_id: str
    client_secret: str = field(repr=False)
    redirect_uri: str
    acr: tuple[str, ...] = ()
    amr: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """What one sign-in is known by on its way there and back; each value is random and good once."""

    state: str
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Mistrusted:
    """An answer that is not believed, and why, in a word for the trail."""

    why: str


class UnknownKey(Exception):
    """The token names a key that the service has not told of: it may have changed its keys since."""


def verified(
    token: Mapping[str, Any],
    registration: Registration,
    question: Question,
    *,
    keys: KeySet,
    algorithms: frozenset[str],
) -> Said | Mistrusted:
    """Who has signed in, by the service's answer to a code.

    Checked as OpenID Connect Core 1.0, 3.1.3.7 asks: signature, issuer, audience, times, and the nonce, which ties
    the token to this very sign-in.

    Raises
    ------
    UnknownKey
        If none of the keys is the one that the token names.
    """
    id_token = token.get("id_token")
    if not isinstance(id_token, str):
        return Mistrusted("no identity")
    try:
        # What the header holds besides is the service's own affair; what must be understood (crit) is checked.
        registry = JWSRegistry(algorithms=sorted(algorithms), strict_check_header=False)
        decoded = jwt.decode(id_token, keys, registry=registry)
        claims = CodeIDToken(
            decoded.claims,
            decoded.header,
            {
                "iss": {"essential": True, "value": str(registration.issuer)},
                "aud": {"essential": True, "value": registration.client_id},
            },
            {
                "nonce": question.nonce,
                "client_id": registration.client_id,
                "access_token": token.get("access_token"),
            },
        )
        claims.validate(now=int(clock.now().timestamp()), leeway=_CLOCK_ERROR_S)
        return _said(claims, registration)
    except InvalidKeyIdError as error:
        raise UnknownKey from error
    except _BAD_TOKEN as error:
        what = getattr(error, "claim", None) or getattr(error, "error", None) or type(error).__name__
        return Mistrusted(f"identity: {what}")


def _said(claims: Mapping[str, Any], registration: Registration) -> Said | Mistrusted:
    subject = claims["sub"]
    if not isinstance(subject, str) or not 0 < len(subject) <= _LONGEST_SUBJECT or not subject.isprintable():
        return Mistrusted("identity: sub")
    shown = claims.get("preferred_username") or claims.get("name")
    at = claims.get("auth_time")
    return Said(
        issuer=registration.issuer,
        subject=subject,
        name=shown[:_LONGEST_NAME] if isinstance(shown, str) and shown.isprintable() else "",
        is_strong=_is_strong(claims, registration),
        authenticated_at=None if at is None else datetime.fromtimestamp(at, UTC),
    )


def _is_strong(claims: Mapping[str, Any], registration: Registration) -> bool:
    """Whether the service has asked for a second factor itself, as the settings say it shows."""
    acr, amr = registration.acr, registration.amr
    if not acr and not amr:
        return False
    methods = claims.get("amr") or []
    return (not acr or claims.get("acr") in acr) and (not amr or any(one in amr for one in methods))
