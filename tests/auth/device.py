"""A passkey on an invented device: it answers as a browser and its authenticator would."""

import hashlib
import json
import secrets
from dataclasses import dataclass, field

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, encode_cbor

from prep.auth.passkeys import RelyingParty

PARTY = RelyingParty(id="prep.example", name="prep", origin="https://prep.example")
_USER_PRESENT, _USER_VERIFIED, _WITH_CREDENTIAL = 0x01, 0x04, 0x40


@dataclass
class Device:
    """One passkey; ``count`` is how often it was used, 0 for a device that does not count."""

    origin: str = PARTY.origin
    party_id: str = PARTY.id
    flags: int = _USER_PRESENT | _USER_VERIFIED
    count: int = 0
    handle: str = ""
    credential_id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    private: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )

    def registered(self, options: str) -> str:
        asked = json.loads(options)
        self.handle = asked["user"]["id"]
        point = self.private.public_key().public_numbers()
        # A COSE key (RFC 9052): kty EC2, alg ES256, crv P-256, x, y.
        cose = {1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32, "big"), -3: point.y.to_bytes(32, "big")}
        attested = (
            bytes(16) + len(self.credential_id).to_bytes(2, "big") + self.credential_id + encode_cbor(cose)
        )
        attestation = {
            "fmt": "none",
            "attStmt": {},
            "authData": self._authenticator(_WITH_CREDENTIAL) + attested,
        }
        client = self._client("webauthn.create", asked["challenge"])
        return self._answer(
            {
                "clientDataJSON": bytes_to_base64url(client),
                "attestationObject": bytes_to_base64url(encode_cbor(attestation)),
            }
        )

    def signed(self, options: str) -> str:
        client = self._client("webauthn.get", json.loads(options)["challenge"])
        authenticator = self._authenticator()
        signature = self.private.sign(
            authenticator + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256())
        )
        return self._answer(
            {
                "clientDataJSON": bytes_to_base64url(client),
                "authenticatorData": bytes_to_base64url(authenticator),
                "signature": bytes_to_base64url(signature),
                "userHandle": self.handle,
            }
        )

    def _client(self, kind: str, challenge: str) -> bytes:
        assert base64url_to_bytes(challenge)
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin}).encode()

    def _authenticator(self, more: int = 0) -> bytes:
        party = hashlib.sha256(self.party_id.encode()).digest()
        return party + bytes([self.flags | more]) + self.count.to_bytes(4, "big")

    def _answer(self, response: dict[str, str]) -> str:
        name = bytes_to_base64url(self.credential_id)
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})
