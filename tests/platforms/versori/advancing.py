"""Advances one integration on Versori, each time in a process that can be killed at any moment.

advancing.py DATABASE HOME CONFIGURATION COMMAND_LINE INTEGRATION

For each line that it reads it starts a process, names its id, and says when that has ended. So the
imports, which take longest, are paid once.
"""

import logging
import os
import sys
import traceback
from pathlib import Path

from pipeline.advance import advance
from pipeline.cancellation import Cancellation
from pipeline.clock import SystemClock
from pipeline.platforms.versori.client import VersoriPlatform
from pipeline.platforms.versori.contexts import Contexts
from pipeline.platforms.versori.executable import Executable
from pipeline.services import Services
from store.database import Database
from store.integrations import SqlIntegrationStore
from store.keys import keys_of_file
from store.vault import SqlVault
from tests.codegen.plans import shopify_orders_to_quickbooks
from tests.codegen.systems import catalogue
from tests.fakes import ScriptedAnalyst, ScriptedVerifier

EMAIL = "ops@example.com"
NETWORK = ("HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY", "SSL_CERT_FILE")


def services(database: str, home: Path, configuration: Path, command_line: Path) -> Services:
    opened = Database(database)
    vault = SqlVault(opened, keys_of_file(home / "keys"))
    network = {name: os.environ[name] for name in NETWORK if name in os.environ}
    executable = Executable(command_line, network)
    return Services(
        store=SqlIntegrationStore(opened, SystemClock()),
        vault=vault,
        clock=SystemClock(),
        analyst=ScriptedAnalyst(shopify_orders_to_quickbooks()),
        platform=VersoriPlatform(executable, Contexts(configuration), vault, EMAIL),
        catalogue=catalogue(),
        verify=ScriptedVerifier(),
    )


def advance_once(database: str, home: str, configuration: str, command_line: str, id: str) -> None:
    try:
        found = services(database, Path(home), Path(configuration), Path(command_line))
        advance(id, found, Cancellation())
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(0)


def main() -> None:
    logging.basicConfig(level=logging.DEBUG)
    for _ in sys.stdin:
        child = os.fork()
        if child == 0:
            advance_once(*sys.argv[1:])
        print(child, flush=True)
        os.waitpid(child, 0)
        print("ended", flush=True)


if __name__ == "__main__":
    main()
