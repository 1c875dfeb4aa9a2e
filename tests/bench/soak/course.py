"""The course of a soak: a calm stretch beside the hand-written service, then three kills."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from bot.settings import Settings
from bot.wiring import Wiring
from pipeline.conversation import Thread
from pipeline.simulation.app import CONTROL_PATH
from tests.bench.soak import processes
from tests.bench.soak.integration import ENVIRONMENT, REQUEST, deploy
from tests.bench.soak.sending import deliveries, email, is_unreadable, send
from tests.bench.soak.target import COUNT_PATH

FAULTS = 0.02
_LOOK_SECONDS = 0.2
_LONGEST_SECONDS = 1800.0
_MOST_LISTED = 1000


@dataclass
class Fates:
    """What became of the events; the numbers of those that were lost or doubled are named."""

    sent: int = 0
    resent: int = 0
    once: int = 0
    doubled: list[int] = field(default_factory=list)
    dead: Counter[str] = field(default_factory=Counter)
    lost: list[int] = field(default_factory=list)
    unfinished: int = 0
    calm_per_second: float = 0.0
    bare_per_second: float = 0.0
    killed_per_second: float = 0.0
    bot_went_on: bool = False


class Course:
    def __init__(self, home: Path, target_url: str) -> None:
        self._home = home
        self._target_url = target_url
        self._wiring = Wiring(Settings(weft_home=home))
        self._runner = processes.Runner(home)
        self._worker = processes.Killable(home, "bot", "worker", "--name", "soak")

    def run(self, events: int, calm: int) -> Fates:
        """So many calm events first, beside as many to the bare service; the rest with kills."""
        fates = Fates()
        self._runner.start()
        self._worker.start()
        try:
            address = self._deploy()
            if calm:
                fates.calm_per_second = self._through_weft(fates, address, range(1, calm + 1))
                fates.bare_per_second = self._through_bare(range(events + 1, events + calm + 1))
            integration_id = self._ask_for_an_integration()
            kills = {
                0.25: self._runner.kill_child,
                0.5: self._restart_runner,
                0.75: self._restart_worker,
            }
            rest = range(calm + 1, events + 1)
            fates.killed_per_second = self._through_weft(fates, address, rest, kills)
            fates.bot_went_on = self._is_planned(integration_id)
            self._count(fates, address, events)
        finally:
            self._worker.end()
            self._runner.end()
            self._wiring.database.close()
        return fates

    def _deploy(self) -> str:
        def put_secret(system: str, secrets: dict[str, str]) -> str:
            return self._wiring.vault.put("T1", "soak", system, secrets)

        with closing(self._runner.platform()) as platform:
            return deploy(platform, put_secret, self._target_url)

    # ---- Traffic ------------------------------------------------------------------------------

    def _through_weft(
        self, fates: Fates, address: str, numbers: range, kills: dict[float, Any] | None = None
    ) -> float:
        """Events a second, from the first that is sent to the last that has its end."""
        total = sum(1 for _ in deliveries(numbers))
        due = {int(total * share): kill for share, kill in (kills or {}).items()}

        async def after(accepted: int) -> None:
            if accepted in due:
                await asyncio.to_thread(due[accepted])

        started = time.monotonic()
        fates.resent += asyncio.run(send(address, numbers, after))
        fates.sent += total
        _until(lambda: not self._unfinished(address))
        return total / (time.monotonic() - started)

    def _through_bare(self, numbers: range) -> float:
        before = self._delivered_count()
        wanted = sum(1 for number in numbers if not is_unreadable(number))
        with processes.bare(self._target_url) as url:
            started = time.monotonic()
            asyncio.run(send(url, numbers))
            _until(lambda: self._delivered_count() - before >= wanted)
            return sum(1 for _ in deliveries(numbers)) / (time.monotonic() - started)

    def _unfinished(self, address: str) -> int:
        counts = self._counts(address)
        return counts.get("pending", 0) + counts.get("running", 0)

    def _counts(self, address: str) -> dict[str, int]:
        with closing(self._runner.platform()) as platform:
            return platform.event_counts(_project(address), ENVIRONMENT)

    def _delivered_count(self) -> int:
        return int(httpx.get(self._target_url + COUNT_PATH, trust_env=False).text)

    # ---- Kills --------------------------------------------------------------------------------

    def _restart_runner(self) -> None:
        self._runner.kill()
        self._runner.start()

    def _restart_worker(self) -> None:
        self._worker.kill()
        self._worker.start()

    def _ask_for_an_integration(self) -> str:
        """Something for the worker to be in the middle of when it is killed."""
        thread = Thread(team="T1", channel="C1", thread="1.1")
        return self._wiring.conversation.start(thread, "U1", REQUEST).id

    def _is_planned(self, integration_id: str) -> bool:
        """Whether its plan waits for a person."""
        _until(lambda: self._wiring.store.get(integration_id).open_gates())
        (gate,) = self._wiring.store.get(integration_id).open_gates()
        return gate.kind == "plan"

    # ---- The account --------------------------------------------------------------------------

    def _count(self, fates: Fates, address: str, events: int) -> None:
        found = Counter(record["email"] for record in self._delivered())
        for number in range(1, events + 1):
            delivered = found[email(number)]
            if is_unreadable(number):
                fates.doubled += [number] * (delivered > 0)
            elif delivered == 1:
                fates.once += 1
            else:
                (fates.doubled if delivered else fates.lost).append(number)
        fates.unfinished = self._unfinished(address)
        with closing(self._runner.platform()) as platform:
            failed = platform.events(
                _project(address), ENVIRONMENT, state="failed", limit=_MOST_LISTED
            )
        fates.dead = Counter(event.reason for event in failed)

    def _delivered(self) -> list[dict[str, Any]]:
        answer = httpx.get(f"{self._target_url}{CONTROL_PATH}/records/customer", trust_env=False)
        records: list[dict[str, Any]] = answer.json()
        return records


def _project(address: str) -> str:
    return address.split("/hooks/")[1].split("/")[0]


def _until(condition: Callable[[], Any]) -> None:
    deadline = time.monotonic() + _LONGEST_SECONDS
    while not condition():
        assert time.monotonic() < deadline, "it did not come to an end"
        time.sleep(_LOOK_SECONDS)
