"""`python -m tests.scenarios.runner HOME`: on a scene's vault, and allowed to reach loopback."""

import sys
from pathlib import Path

from pipeline.catalogue.catalogue import Catalogue
from pipeline.clock import SystemClock
from pipeline.platforms.local.runner import serve
from store.database import Database
from store.keys import keys_of_file
from store.vault import SqlVault


def main(home: Path) -> None:
    vault = SqlVault(Database(f"sqlite:///{home / 'weft.sqlite'}"), keys_of_file(home / "keys"))
    hosts = frozenset(("127.0.0.1",))
    serve(home, None, vault, Catalogue.load(), SystemClock(), allowed_hosts=hosts)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
