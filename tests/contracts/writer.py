"""A process that writes to one integration; started, and killed, by the tests.

writer.py URL INTEGRATION add COUNT      adds to a number COUNT times, a reply each
writer.py URL INTEGRATION hang MOMENT    hangs in a change: in its `block`, or before the `commit`
"""

import sys
import time
from typing import NoReturn

from sqlalchemy import event
from sqlmodel import Session

from pipeline.ports import Clock
from pipeline.replies import Said
from store.database import Database
from store.integrations import SqlIntegrationStore


def add(store: SqlIntegrationStore, integration_id: str, count: int) -> None:
    for _ in range(count):
        with store.change(integration_id) as integration:
            integration.code_version += 1
            text = str(integration.code_version)
            integration.say(Said(key=text, text=text))


def hang(store: SqlIntegrationStore, integration_id: str, moment: str) -> None:
    if moment == "commit":
        event.listen(Session, "before_commit", lambda session: _wait_to_be_killed())
    with store.change(integration_id, "event") as integration:
        integration.code_version += 1
        integration.say(Said(key="1", text="1"))
        if moment == "block":
            _wait_to_be_killed()


def _wait_to_be_killed() -> NoReturn:
    print("hanging", flush=True)
    while True:
        time.sleep(60)


def main(url: str, integration_id: str, task: str, argument: str) -> None:
    store = SqlIntegrationStore(Database(url), _NoClock)
    if task == "add":
        add(store, integration_id, int(argument))
    else:
        hang(store, integration_id, argument)


_NoClock: Clock = None  # type: ignore[assignment]  # nothing here asks for the time

if __name__ == "__main__":
    main(*sys.argv[1:])
