"""Keys of the vault: a ring of AES-256-GCM keys by id, from a setting or from a file."""

import base64
import binascii
import json
import os
import secrets
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from pipeline.errors import StoreError, UsageError

_KEY_BYTES = 32
_NONCE_BYTES = 12


class Sealed(NamedTuple):
    key_id: str
    content: bytes  # nonce, ciphertext, tag


class KeyRing:
    """The first key is the newest and seals; every key opens what it sealed."""

    def __init__(self, keys: Mapping[str, bytes]) -> None:
        self._ciphers = {key_id: AESGCM(key) for key_id, key in keys.items()}
        self.newest = next(iter(self._ciphers))

    def seal(self, secret: str, place: Sequence[str]) -> Sealed:
        """Encrypt a text for one place; it opens nowhere else."""
        nonce = os.urandom(_NONCE_BYTES)
        sealed = self._ciphers[self.newest].encrypt(nonce, secret.encode(), _bound(place))
        return Sealed(self.newest, nonce + sealed)

    def open(self, sealed: Sealed, place: Sequence[str]) -> str:
        """StoreError where the key is missing, or the content was moved or altered."""
        cipher = self._ciphers.get(sealed.key_id)
        if cipher is None:
            raise StoreError(
                f"A secret is locked with the key “{sealed.key_id}”, which Weft was not given: "
                "add that key to the end of WEFT_SECRET_KEYS again."
            )
        nonce, content = sealed.content[:_NONCE_BYTES], sealed.content[_NONCE_BYTES:]
        try:
            return cipher.decrypt(nonce, content, _bound(place)).decode()
        except (InvalidTag, ValueError) as error:
            raise StoreError(
                f"A secret can't be opened with the key “{sealed.key_id}”: either that is another "
                "key, or the entry was moved or altered. Enter the credentials again."
            ) from error


def _bound(place: Sequence[str]) -> bytes:
    # JSON, so that no two places are written alike
    return json.dumps(list(place)).encode()


def parse_keys(setting: str) -> KeyRing:
    """Keys from `id:base64key`, separated by commas or lines, newest first; UsageError if wrong."""
    keys: dict[str, bytes] = {}
    for number, entry in enumerate(setting.replace("\n", ",").split(","), start=1):
        if not entry.strip():
            continue
        key_id, colon, encoded = (part.strip() for part in entry.partition(":"))
        if not (key_id and colon):
            raise UsageError(f"Secret key {number} has no id: write it as id:key.")
        if key_id in keys:
            raise UsageError(f"Two secret keys have the id “{key_id}”: give each its own.")
        keys[key_id] = _decode(key_id, encoded)
    if not keys:
        raise UsageError(f"There is no secret key: write one as id:key, made by “{_RECIPE}”.")
    return KeyRing(keys)


_RECIPE = "openssl rand -base64 32"


def _decode(key_id: str, encoded: str) -> bytes:
    try:
        key = base64.b64decode(encoded.replace("-", "+").replace("_", "/"), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != _KEY_BYTES:
        # the key is not repeated here, wrong as it may be
        raise UsageError(
            f"The secret key “{key_id}” is not 32 bytes in base64: make one by “{_RECIPE}”."
        )
    return key


def keys_of_file(path: Path) -> KeyRing:
    """The keys of a file of this user alone, made on the first run; safe between processes."""
    try:
        if not path.exists():
            _make_file(path)
        with path.open() as file:
            if os.fstat(file.fileno()).st_mode & 0o077:
                raise UsageError(f"Others can read the secret keys: run “chmod 600 {path}”.")
            return parse_keys(file.read())
    except (OSError, UnicodeDecodeError) as error:
        raise StoreError(
            f"Weft can't read or make its file of secret keys, {path}: "
            "check that its folder exists and is yours."
        ) from error


def _make_file(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    key = base64.b64encode(os.urandom(_KEY_BYTES)).decode()
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(f"{secrets.token_hex(4)}:{key}\n")
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            path.hardlink_to(draft)  # whole or not at all, and never over another's
    finally:
        draft.unlink()
