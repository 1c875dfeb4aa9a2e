"""`python -m tests.versori FOLDER`: the double as a process of its own, until it is ended.

It writes the command line's configuration into the folder and prints one line of JSON: where it
answers, that file, and the variables with which the command line reaches nothing else.
"""

import json
import signal
import sys
from pathlib import Path

from tests.versori.config import write_config
from tests.versori.double import VersoriDouble


def main(folder: Path) -> None:
    with VersoriDouble() as double:
        told = {
            "url": double.url,
            "double": double.overview,
            "organisation_id": double.organisation_id,
            "token": double.token,
            "configuration": str(write_config(folder, double)),
            "environment": double.environment,
        }
        print(json.dumps(told), flush=True)
        signal.sigwait({signal.SIGINT, signal.SIGTERM})


if __name__ == "__main__":
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    main(Path(sys.argv[1]))
