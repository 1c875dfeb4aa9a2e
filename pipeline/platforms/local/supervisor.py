"""The supervisor: every live deployment of this runner, and the door that its children come to."""

import asyncio
import hmac
import secrets
from functools import partial
from typing import Any

from pydantic import JsonValue, ValidationError
from starlette.websockets import WebSocket, WebSocketDisconnect

from pipeline.platforms.local.calls import Calls
from pipeline.platforms.local.child import Child
from pipeline.platforms.local.contexts import Contexts
from pipeline.platforms.local.durable import MAKING_WORK
from pipeline.platforms.local.endpoints import Endpoints
from pipeline.platforms.local.ledger import Ledger
from pipeline.platforms.local.ledger.deployments import Place
from pipeline.platforms.local.ledger.versions import Version
from pipeline.platforms.local.limits import Limits
from pipeline.platforms.local.live import LiveDeployment
from pipeline.platforms.local.process import Launch
from pipeline.platforms.local.protocol import Hello, Log, WorkflowInfo
from pipeline.platforms.local.workspace import Workspace

_HELLO_SECONDS = 5.0
_POLICY_VIOLATION = 1008


class Supervisor:
    def __init__(
        self,
        ledger: Ledger,
        workspace: Workspace,
        endpoints: Endpoints,
        calls: Calls,
        host: str,
        limits: Limits,
    ) -> None:
        """`host` is the runner's own `host:port`, the one address a child may reach."""
        self._ledger = ledger
        self._workspace = workspace
        self._contexts = Contexts(ledger, endpoints)
        self._calls = calls
        self._host = host
        self._limits = limits
        self._live: dict[Place, LiveDeployment] = {}
        self._expected: dict[Child, Place] = {}

    def start(self) -> None:
        """Bring up everything that was live; events in work when the runner ended go again."""
        self._ledger.events.release_all()
        self._ledger.values.forget_expired()
        for deployment in self._ledger.deployments.all():
            if deployment.state == "stopped":
                continue
            live = self.live(deployment.place)
            if deployment.state == "paused":
                live.delivery.pause()
            version = self._ledger.versions.get(deployment.project_id, deployment.version_id)
            live.bring_up(version)

    def live(self, place: Place) -> LiveDeployment:
        """The place's deployment; one that does nothing yet where there was none."""
        if place not in self._live:
            self._live[place] = LiveDeployment(
                place,
                self._ledger,
                self._start_child,
                partial(self._contexts.of, place),
                self._limits.idle_seconds,
            )
        return self._live[place]

    async def deploy(self, place: Place, version: Version) -> None:
        await self.live(place).switch(version)

    async def stop(self, place: Place) -> None:
        self._ledger.deployments.set_state(place, "stopped")
        await self.live(place).stop()

    def pause(self, place: Place) -> None:
        """Go on storing events, and deliver none."""
        self._ledger.deployments.set_state(place, "paused")
        self.live(place).delivery.pause()

    def resume(self, place: Place) -> None:
        self._ledger.deployments.set_state(place, "live")
        self.live(place).delivery.resume()

    async def close(self) -> None:
        await asyncio.gather(*(live.close() for live in self._live.values()))

    # ---- Children -----------------------------------------------------------------------------

    async def receive_child(self, socket: WebSocket) -> None:
        """The WebSocket endpoint: whoever brings an expected token is that child."""
        await socket.accept()
        try:
            async with asyncio.timeout(_HELLO_SECONDS):
                hello = Hello.model_validate_json(await socket.receive_text())
        except (TimeoutError, ValidationError, WebSocketDisconnect, KeyError):
            hello = None
        child = self._child_of(hello.token) if hello else None
        if hello is None or child is None:
            await socket.close(_POLICY_VIOLATION)
            return
        place = self._expected.pop(child)
        await child.converse(
            socket, hello, partial(self._answer, place), partial(self._write, place)
        )

    async def _answer(
        self, place: Place, execution_id: str, method: str, params: dict[str, Any]
    ) -> JsonValue:
        result = await self._calls.answer(place, execution_id, method, params)
        if method in MAKING_WORK:
            self.live(place).delivery.wake()
        return result

    def _child_of(self, token: str) -> Child | None:
        for child in self._expected:
            if hmac.compare_digest(child.token.encode(), token.encode()):
                return child
        return None

    async def _start_child(
        self, place: Place, version: Version
    ) -> tuple[Child, list[WorkflowInfo]]:
        launch = Launch(
            directory=await self._workspace.prepare(version.name, version.files),
            cache=self._workspace.deno_cache,
            host=self._host,
            token=secrets.token_urlsafe(32),
            deployment=str(place),
        )
        child = Child(launch, self._limits, partial(self._ledger.journal.log, place))
        self._expected[child] = place
        try:
            return child, await child.start()
        finally:
            self._expected.pop(child, None)

    def _write(self, place: Place, log: Log) -> None:
        self._ledger.journal.log(place, log.level, log.message, log.fields, log.execution or None)
