"""Retention: what ended long ago is removed by and by; nothing that waits for anybody ever is.

Kept whatever their age: events that are not done (a failed one until a replay of it succeeded),
the latest run of each schedule (so that no due time counts as new), and versions that are live,
were stopped, or are among the latest.
"""

import asyncio
import contextlib
from datetime import timedelta
from typing import NamedTuple

from pipeline.errors import PlatformError
from pipeline.platforms.local.ledger import Ledger
from pipeline.platforms.local.ledger.deployments import Place
from pipeline.platforms.local.workspace import Workspace
from pipeline.ports import Clock

_EVERY_SECONDS = 3600.0


class Retention(NamedTuple):
    days: int = 30  # of events that are done, and of log lines
    versions: int = 20  # of each project


class Cleaning:
    def __init__(
        self, ledger: Ledger, workspace: Workspace, clock: Clock, retention: Retention
    ) -> None:
        self._ledger = ledger
        self._workspace = workspace
        self._clock = clock
        self._retention = retention

    async def run(self) -> None:
        while True:
            with contextlib.suppress(PlatformError):  # the ledger can't be written: the next time
                await self.clean()
            await asyncio.sleep(_EVERY_SECONDS)

    async def clean(self) -> None:
        """One round; others take their turn between its steps."""
        before = (self._clock.now() - timedelta(days=self._retention.days)).isoformat()
        for place in [deployment.place for deployment in self._ledger.deployments.all()]:
            await self._clean_place(place, before)
        self._ledger.values.forget_expired()
        await self._workspace.keep_only(self._ledger.versions.forget(self._retention.versions))

    async def _clean_place(self, place: Place, before: str) -> None:
        while self._ledger.aging.forget_events(place, before):
            await asyncio.sleep(0)
        self._ledger.aging.forget_lines(place, before)
        await asyncio.sleep(0)
