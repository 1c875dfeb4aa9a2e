"""Searching for secrets in every form in which one could leak."""

import base64
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import quote, quote_plus


def forms(secret: str) -> set[bytes]:
    """The secret as it is, escaped for a URL or JSON, in hexadecimal, and inside any base64."""
    raw = secret.encode()
    texts = {secret, quote(secret, safe=""), quote_plus(secret), json.dumps(secret)[1:-1]}
    return {*(text.encode() for text in texts), raw.hex().encode(), *_in_base64(raw)}


def _in_base64(raw: bytes) -> Iterator[bytes]:
    """What is the same in base64 whatever stands before and after, at each of three offsets."""
    for offset in range(3):
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            yield encode(bytes(offset) + raw)[4 if offset else 0 : -4]


def found_in(contents: Iterable[tuple[str, bytes]], secrets: Iterable[str]) -> set[str]:
    """The names of the contents that hold a secret in any form."""
    wanted = [form for secret in secrets for form in forms(secret)]
    return {name for name, content in contents if any(form in content for form in wanted)}


def files_below(directory: Path) -> Iterator[tuple[str, bytes]]:
    for path in directory.rglob("*"):
        if path.is_file():
            yield str(path.relative_to(directory)), path.read_bytes()


def processes_below(pid: int) -> Iterator[tuple[str, bytes]]:
    """Arguments and environments of a process and of all that it started."""
    process = Path(f"/proc/{pid}")
    for name in ("cmdline", "environ"):
        yield f"{name} of {pid}", process.joinpath(name).read_bytes()
    for child in process.joinpath("task", str(pid), "children").read_text().split():
        yield from processes_below(int(child))
