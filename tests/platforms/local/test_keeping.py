"""A version that does not stay up: tried again after pauses that grow, and people are told."""

import asyncio
from pathlib import Path

import pytest

from pipeline.clock import SystemClock
from pipeline.errors import PlatformError
from pipeline.platforms.local import live as live_module
from pipeline.platforms.local.child import Child
from pipeline.platforms.local.ledger import Ledger
from pipeline.platforms.local.ledger.deployments import Place
from pipeline.platforms.local.ledger.versions import Version
from pipeline.platforms.local.live import LiveDeployment
from pipeline.platforms.local.protocol import WorkflowInfo
from pipeline.ports import ProjectSpec
from tests.platforms.local.projects import version_spec


def test_a_version_that_does_not_start_is_tried_again_and_told_of_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_module, "_FIRST_PAUSE", 0.001)
    monkeypatch.setattr(live_module, "_LONGEST_PAUSE", 0.008)
    ledger = Ledger(tmp_path / "ledger.sqlite", SystemClock())
    project = ledger.projects.create(ProjectSpec(name="p", integration_id="i"))
    version_id = ledger.versions.create(project, version_spec())
    place = Place(project, "test")
    started = 0

    async def start(place: Place, version: Version) -> tuple[Child, list[WorkflowInfo]]:
        nonlocal started
        started += 1
        raise PlatformError("Deno is missing.")

    async def run() -> str:
        live = LiveDeployment(place, ledger, start, lambda _: {}, idle_seconds=60.0)
        live.bring_up(ledger.versions.get(project, version_id))
        await asyncio.sleep(0.05)
        assert started == 0, "nothing is there to do"
        ledger.events.add(place, "w", "manual")
        live.delivery.wake()
        async with asyncio.timeout(5):
            while started < 8:
                await asyncio.sleep(0.005)
        trouble = live.trouble
        await live.close()
        return trouble

    assert asyncio.run(run()) == "Deno is missing"

    lines = [line.message for line in ledger.journal.lines(place, None, 100)]
    pauses = [line.split("again in ")[1] for line in lines[:6]]
    assert pauses == ["0.001 s.", "0.002 s.", "0.004 s.", "0.008 s.", "0.008 s.", "0.008 s."]
    (issue,) = ledger.journal.issues(place)
    assert issue["title"] == "The integration does not stay up"
    assert ledger.events.counts(place) == {"pending": 1}
