"""`python -m tests.bench.soak.runner HOME PORT`: Weft's runner, allowed to reach loopback."""

import sys
from pathlib import Path

from bot.settings import Settings
from bot.wiring import Wiring
from pipeline.platforms.local.runner import serve


def main(home: Path, port: int | None) -> None:
    wiring = Wiring(Settings(weft_home=home))
    hosts = frozenset(("127.0.0.1",))
    serve(home, port, wiring.vault, wiring.catalogue, wiring.clock, allowed_hosts=hosts)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else None)
