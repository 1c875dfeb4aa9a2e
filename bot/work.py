"""The worker's process: the durable engine over this installation's integrations."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from bot.watch import watching
from bot.wiring import Wiring
from pipeline.advance import advance, has_work
from pipeline.cancellation import Cancellation
from pipeline.case import load_case
from pipeline.engine import Worker
from pipeline.services import Services

TERMINAL = "terminal"  # the team of integrations that a `weft run` advances itself


def run_worker(wiring: Wiring, name: str, stop: threading.Event) -> None:
    """Work until `stop` is set."""
    with working(wiring, name):
        stop.wait()


@contextmanager
def working(wiring: Wiring, name: str) -> Iterator[None]:
    """A worker, and a watch over what is live, while the block runs."""
    services = wiring.services()
    worker = start_worker(wiring.settings.engine_url, name, services)
    try:
        with watching(services, without_team=TERMINAL):
            yield
    finally:
        worker.close()


def start_worker(engine_url: str, name: str, services: Services) -> Worker:
    def advance_one(integration_id: str, cancellation: Cancellation) -> None:
        advance(integration_id, services, cancellation)

    def is_active(integration_id: str) -> bool:
        return services.store.get(integration_id).status == "active"

    def runnable() -> Iterator[str]:
        for integration in services.store.list("active"):
            if integration.team != TERMINAL and has_work(
                load_case(services.store, integration.id, services.catalogue), services
            ):
                yield integration.id

    return Worker(engine_url, name, advance_one, is_active, runnable)
