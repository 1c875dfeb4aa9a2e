"""A runner in a process: `python -m tests.platforms.local.serving HOME VAULT PORT LIMITS`."""

import json
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from uuid import uuid4

from pipeline.catalogue.catalogue import Catalogue
from pipeline.clock import SystemClock
from pipeline.errors import StoreError
from pipeline.platforms.local.limits import Limits
from pipeline.platforms.local.runner import serve


class FileVault:
    """Secrets in a file outside the runner's home, so that a leak into the home shows."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()

    def put(self, team: str, integration_id: str, system: str, secrets: Mapping[str, str]) -> str:
        reference = f"vault_{uuid4().hex}"
        with self._lock:
            self._path.write_text(json.dumps(self._all() | {reference: dict(secrets)}))
        return reference

    def get(self, reference: str) -> dict[str, str]:
        with self._lock:
            kept = self._all()
        if reference not in kept:
            raise StoreError("The vault does not have these credentials: connect again.")
        return kept[reference]

    def delete(self, reference: str) -> None:
        with self._lock:
            kept = self._all()
            kept.pop(reference, None)
            self._path.write_text(json.dumps(kept))

    def _all(self) -> dict[str, dict[str, str]]:
        return json.loads(self._path.read_text()) if self._path.exists() else {}


def main(home: str, vault: str, port: str, limits: str = "{}") -> None:
    serve(
        Path(home),
        int(port) if port else None,
        FileVault(Path(vault)),
        Catalogue.load(),
        SystemClock(),
        allowed_hosts=frozenset(("127.0.0.1",)),
        limits=Limits(**json.loads(limits)),
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
