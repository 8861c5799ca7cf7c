"""Random values that open something for whoever carries them: made once, shown once, kept as a digest only."""

import hashlib
import secrets

_BYTES = 32
# So many signs has each of them.
TOKEN_SIGNS = 43


def new_token() -> str:
    """256 random bits in ``TOKEN_SIGNS`` signs that need no escaping in an address."""
    return secrets.token_urlsafe(_BYTES)


def digest(token: str) -> str:
    """What is stored of a token. A quick hash is enough: 256 random bits cannot be guessed.

    >>> digest("prep")[:16]
    'b10b18f906fcd1ca'
    """
    # A stranger may send half a sign, which has no UTF-8; it must find nothing, not stop the program.
    return hashlib.sha256(token.encode(errors="surrogatepass")).hexdigest()
