"""The organisation's sign-in service (OpenID Connect): what it is asked, and whether what it says is to be believed.

Needs the optional libraries of the extra ``oidc``; only what is set up to use it imports this file. Nothing here
knows the database, and no answer of the service is waited for inside a transaction.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import requests
from authlib.common.urls import add_params_to_uri
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from prep import clock
from prep.addresses import ServiceUrl
from prep.auth import id_tokens
from prep.auth.id_tokens import Mistrusted, Question, Registration, UnknownKey
from prep.auth.identities import Said
from prep.errors import Problem, Unavailable
from prep.language import say
from prep.terms import Language

_WELL_KNOWN = "/.well-known/openid-configuration"
_SCOPE = "openid profile"
_TIMEOUT_S = (5, 10)
_LARGEST_BYTES = 1024**2
_KNOWN_FOR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class _Known:
    """What the service has told of itself, and when."""

    metadata: Mapping[str, Any]
    keys: KeySet
    at: datetime


class Provider:
    """The service as it is known here: asked for its description when it is first needed, and each hour anew."""

    def __init__(self, registration: Registration) -> None:
        self.registration = registration
        self._known: _Known | None = None

    def authorization_address(self, question: Question, *, language: Language, is_proof: bool = False) -> str:
        """Where to send a browser; with ``is_proof`` whoever is signed in there has to sign in anew.

        Raises
        ------
        Unavailable
            If the service does not answer, or not as the standard says.
        """
        metadata = self._described().metadata
        more = {"acr_values": " ".join(self.registration.acr)} if self.registration.acr else {}
        if is_proof:
            more |= {"prompt": "login", "max_age": "0"}
        address, _ = self._client().create_authorization_url(
            metadata["authorization_endpoint"],
            state=question.state,
            nonce=question.nonce,
            code_verifier=question.verifier,
            ui_locales=language.value,
            **more,
        )
        return str(address)

    def said(self, answer: Mapping[str, str], question: Question) -> Said | Mistrusted:
        """Who has signed in there, by the answer that a browser brought back.

        Raises
        ------
        Unavailable
            If the service does not answer, or not as the standard says.
        """
        known = self._described()
        # RFC 9207: the answer of another service that prep might know must not be taken for this one's.
        named = answer.get("iss")
        must_be_named = bool(known.metadata.get("authorization_response_iss_parameter_supported"))
        if (named or must_be_named) and named != self.registration.issuer:
            return Mistrusted("issuer of the answer")
        if "error" in answer or not answer.get("code"):
            return Mistrusted("refused there")
        try:
            with self._client() as client:
                token = client.fetch_token(
                    known.metadata["token_endpoint"],
                    grant_type="authorization_code",
                    code=answer["code"],
                    code_verifier=question.verifier,
                    allow_redirects=False,
                )
        except OAuthError as error:
            return Mistrusted(f"code: {str(error.error)[:40]}")
        except (requests.RequestException, ValueError, TypeError) as error:
            raise self._unavailable() from error
        return self._verified(known, token, question)

    def sign_out_address(self, back: str) -> str | None:
        """Where people sign out there, if the service has said so; nothing is asked of it for that."""
        target = self._known.metadata.get("end_session_endpoint") if self._known else None
        if target is None:
            return None
        params = {"client_id": self.registration.client_id, "post_logout_redirect_uri": back}
        return str(add_params_to_uri(target, list(params.items())))

    def _verified(self, known: _Known, token: Mapping[str, Any], question: Question) -> Said | Mistrusted:
        for again in (False, True):
            try:
                return id_tokens.verified(
                    token, self.registration, question, keys=known.keys, algorithms=_algorithms(known)
                )
            except UnknownKey:
                if again:
                    break
                # The service has changed its keys since it was asked.
                self._known = None
                known = self._described()
        return Mistrusted("identity: key")

    def _client(self) -> Any:
        metadata = self._described().metadata
        methods = metadata.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        return OAuth2Session(
            client_id=self.registration.client_id,
            client_secret=self.registration.client_secret,
            token_endpoint_auth_method="client_secret_basic"
            if "client_secret_basic" in methods
            else "client_secret_post",
            redirect_uri=self.registration.redirect_uri,
            scope=_SCOPE,
            code_challenge_method="S256",
            default_timeout=_TIMEOUT_S,
        )

    def _described(self) -> _Known:
        """What the service tells of itself.

        Two that ask at once ask the service twice, which harms nobody.
        """
        at = clock.now()
        known = self._known
        if known is None or not known.at <= at < known.at + _KNOWN_FOR:
            known = self._known = self._ask_description(at)
        return known

    def _ask_description(self, at: datetime) -> _Known:
        metadata = self._fetched(self.registration.issuer.rstrip("/") + _WELL_KNOWN)
        try:
            # OpenID Connect Discovery 1.0, 4.3: letter by letter, or it is another service's description.
            if metadata["issuer"] != self.registration.issuer:
                raise ValueError("issuer")
            for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
                ServiceUrl.read(metadata[name])
            if metadata.get("end_session_endpoint") is not None:
                ServiceUrl.read(metadata["end_session_endpoint"])
            keys = KeySet.import_key_set(self._fetched(metadata["jwks_uri"]))  # type: ignore[arg-type]
        except (JoseError, ValueError, TypeError, KeyError, AttributeError) as error:
            raise self._unavailable() from error
        return _Known(metadata, keys, at)

    def _fetched(self, address: str) -> dict[str, Any]:
        content = b""
        try:
            with requests.get(address, timeout=_TIMEOUT_S, allow_redirects=False, stream=True) as answer:
                if answer.status_code != requests.codes.ok:
                    raise self._unavailable()
                for part in answer.iter_content(65_536):
                    content += part
                    if len(content) > _LARGEST_BYTES:
                        raise self._unavailable()
            found = json.loads(content)
        except (requests.RequestException, ValueError, RecursionError) as error:
            raise self._unavailable() from error
        if not isinstance(found, dict):
            raise self._unavailable()
        return found

    def _unavailable(self) -> Unavailable:
        return Unavailable(
            Problem(
                place=say("The organisation’s sign-in service"),
                value=self.registration.issuer,
                rule=say("It does not answer, or not as it should."),
                remedy=say("Sign in with name and password or with a passkey, or try again later."),
            )
        )


def _algorithms(known: _Known) -> frozenset[str]:
    named = known.metadata.get("id_token_signing_alg_values_supported")
    return id_tokens.ALGORITHMS & frozenset(named) if named else id_tokens.ALGORITHMS
