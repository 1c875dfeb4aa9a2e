"""Tokens that travel through other hands: what they say is sealed, and can't be made up."""

import base64
import binascii

from pipeline.errors import StoreError
from store.keys import KeyRing, Sealed


class SealedTokens:
    """Tokens of one purpose; those of another do not open."""

    def __init__(self, keys: KeyRing, purpose: str) -> None:
        self._keys = keys
        self._place = ["token", purpose]

    def seal(self, text: str) -> str:
        """A token that may stand in an address."""
        sealed = self._keys.seal(text, self._place)
        packed = sealed.key_id.encode() + b"\0" + sealed.content
        return base64.urlsafe_b64encode(packed).decode().rstrip("=")

    def open(self, token: str) -> str:
        """StoreError for one that was not sealed here, or was altered."""
        try:
            padded = token.encode("ascii") + b"=" * (-len(token) % 4)
            key_id, _, content = base64.b64decode(padded, b"-_", validate=True).partition(b"\0")
            return self._keys.open(Sealed(key_id.decode(), content), self._place)
        except (binascii.Error, UnicodeError) as error:
            raise StoreError("That is not one of Weft's tokens.") from error
