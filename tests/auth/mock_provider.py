"""A sign-in service of an invented organisation on this machine: OpenID Connect as its standard says, over HTTP.

It can be told to err: to sign with another key, to say something else, to be silent.
"""

import base64
import hashlib
import hmac
import json
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from prep import clock

CLIENT_ID, CLIENT_SECRET = "prep", "hyvin salainen asia"
SUBJECT = "a1b2c3d4"


def new_key(kid: str = "one") -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": kid, "use": "sig"})


KEY, OTHER_KEY = new_key(), new_key()


@dataclass
class Organisation:
    """The service, and what it does at the next sign-in."""

    port: int = 0
    subject: str = SUBJECT
    # What is said besides or otherwise; None leaves a claim out.
    claims: dict[str, Any] = field(default_factory=dict)
    metadata: dict[str, Any] = field(default_factory=dict)
    keys: list[Any] = field(default_factory=lambda: [KEY])
    sign_with: Any = field(default_factory=lambda: KEY)
    algorithm: str = "RS256"
    # Paths that are answered with an error, or with something else.
    broken: dict[str, tuple[int, str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.port}/realms/kunta"

    def described(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "end_session_endpoint": f"{self.issuer}/logout",
            "id_token_signing_alg_values_supported": ["RS256", "ES256", "HS256", "none"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
            "authorization_response_iss_parameter_supported": True,
            **self.metadata,
        }

    def authorized(self, asked: dict[str, str]) -> str:
        """The address to which a browser is sent back once its owner has signed in."""
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state'], 'iss': self.issuer})}"

    def token(self, form: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        """The answer to a code: good once, for the client that asked and knows the verifier."""
        basic = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET.replace(' ', '%20')}".encode()).decode()
        plain = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
        by_form = (form.get("client_id"), form.get("client_secret")) == (CLIENT_ID, CLIENT_SECRET)
        if authorization not in {f"Basic {basic}", f"Basic {plain}"} and not by_form:
            return 401, {"error": "invalid_client"}
        asked = self.codes.pop(form.get("code", ""), None)
        hashed = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        if (
            asked is None
            or base64.urlsafe_b64encode(hashed).rstrip(b"=").decode() != asked["code_challenge"]
            or form.get("redirect_uri") != asked["redirect_uri"]
        ):
            return 400, {"error": "invalid_grant"}
        return 200, {
            "access_token": "access",
            "token_type": "Bearer",
            "expires_in": 300,
            "id_token": self.id_token(asked["nonce"]),
        }

    def id_token(self, nonce: str) -> str:
        now = int(clock.now().timestamp())
        said = {
            "iss": self.issuer,
            "sub": self.subject,
            "aud": CLIENT_ID,
            "iat": now,
            "exp": now + 300,
            "auth_time": now,
            "nonce": nonce,
            "preferred_username": "aino.exempel",
            "email": "aino@kunta.example",
            **self.claims,
        }
        header = {"alg": self.algorithm, "kid": getattr(self.sign_with, "kid", "one")}
        claims = {name: value for name, value in said.items() if value is not None}
        if isinstance(self.sign_with, bytes):
            # By hand: no library signs so. Without a key there is no signature.
            signed = b".".join(_base64url(json.dumps(one).encode()) for one in (header, claims))
            signature = hmac.new(self.sign_with, signed, hashlib.sha256).digest() if self.sign_with else b""
            return b".".join([signed, _base64url(signature)]).decode()
        return jwt.encode(header, claims, self.sign_with, algorithms=[self.algorithm])


def _base64url(data: bytes) -> bytes:
    return base64.urlsafe_b64encode(data).rstrip(b"=")


@contextmanager
def running() -> Iterator[Organisation]:
    """The service on a free port of this machine, until the block ends."""
    organisation = Organisation()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            name = parts.path.removeprefix("/realms/kunta")
            if self._is_broken(name):
                return
            match name:
                case "/.well-known/openid-configuration":
                    self._answer(200, organisation.described())
                case "/keys":
                    public = [one.as_dict(private=isinstance(one, OctKey)) for one in organisation.keys]
                    self._answer(200, {"keys": public})
                case "/authorize":
                    asked = {one: values[0] for one, values in parse_qs(parts.query).items()}
                    self.send_response(302)
                    self.send_header("Location", organisation.authorized(asked))
                    self.end_headers()
                case "/logout":
                    self._answer(200, {"signed": "out"})
                case _:
                    self._answer(404, {})

        def do_POST(self) -> None:
            if self._is_broken("/token"):
                return
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {one: values[0] for one, values in parse_qs(body).items()}
            self._answer(*organisation.token(form, self.headers.get("Authorization", "")))

        def _is_broken(self, name: str) -> bool:
            organisation.asked.append(name)
            broken = organisation.broken.get(name)
            if broken is None:
                return False
            status, content = broken
            self.send_response(status)
            if status == 302:
                self.send_header("Location", content)
                content = ""
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content.encode())
            return True

        def _answer(self, status: int, content: dict[str, Any]) -> None:
            body = json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    organisation.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield organisation
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
