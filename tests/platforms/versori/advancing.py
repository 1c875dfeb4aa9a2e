"""Advances one integration on Versori, in a process that can be killed at any moment.

advancing.py DATABASE HOME CONFIGURATION COMMAND_LINE INTEGRATION
"""

import logging
import sys
from pathlib import Path

from bot.settings import Settings
from pipeline.advance import advance
from pipeline.cancellation import Cancellation
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
from tests.pipeline.crashing import SystemClock

EMAIL = "ops@example.com"


def services(database: str, home: Path, configuration: Path, command_line: Path) -> Services:
    opened = Database(database)
    vault = SqlVault(opened, keys_of_file(home / "keys"))
    executable = Executable(command_line, Settings().network)
    return Services(
        store=SqlIntegrationStore(opened, SystemClock()),
        vault=vault,
        clock=SystemClock(),
        analyst=ScriptedAnalyst(shopify_orders_to_quickbooks()),
        platform=VersoriPlatform(executable, Contexts(configuration), vault, EMAIL),
        catalogue=catalogue(),
        verify=ScriptedVerifier(),
    )


def main() -> None:
    logging.basicConfig(level=logging.DEBUG)
    database, home, configuration, command_line, integration = sys.argv[1:]
    collaborators = services(database, Path(home), Path(configuration), Path(command_line))
    advance(integration, collaborators, Cancellation())


if __name__ == "__main__":
    main()
