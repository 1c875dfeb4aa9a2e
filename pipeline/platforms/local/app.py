"""All parts of a runner, wired, and the app that serves them."""

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route, WebSocketRoute

from pipeline.catalogue.catalogue import Catalogue
from pipeline.platforms.local.activating import Activating
from pipeline.platforms.local.addresses import PublicOnly
from pipeline.platforms.local.broker import Broker
from pipeline.platforms.local.calls import Calls
from pipeline.platforms.local.consent import Consent
from pipeline.platforms.local.control import Control
from pipeline.platforms.local.databases import Databases
from pipeline.platforms.local.deploying import Deploying
from pipeline.platforms.local.endpoints import Endpoints
from pipeline.platforms.local.ingress import Ingress
from pipeline.platforms.local.ledger import Ledger
from pipeline.platforms.local.limits import Limits
from pipeline.platforms.local.mocks import Mocks
from pipeline.platforms.local.operating import Operating
from pipeline.platforms.local.probing import Probing
from pipeline.platforms.local.retention import Cleaning, Retention
from pipeline.platforms.local.schedules import Schedules
from pipeline.platforms.local.senders import Senders
from pipeline.platforms.local.setting_up import SettingUp
from pipeline.platforms.local.supervisor import Supervisor
from pipeline.platforms.local.tokens import Tokens
from pipeline.platforms.local.vaulted import Secrets
from pipeline.platforms.local.workspace import Workspace
from pipeline.ports import Clock, Vault

HOST = "127.0.0.1"


@dataclass(frozen=True)
class RunnerSettings:
    home: Path
    port: int
    token: str
    vault: Vault
    catalogue: Catalogue
    clock: Clock
    public_url: str = ""  # where the world reaches this runner; by default only this machine
    allowed_hosts: frozenset[str] = field(default_factory=frozenset)  # private, yet allowed
    limits: Limits = Limits()
    retention: Retention = Retention()

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"


class Runner:
    """All parts of one runner, wired."""

    def __init__(self, settings: RunnerSettings) -> None:
        home, clock, catalogue = settings.home, settings.clock, settings.catalogue
        public_url = (settings.public_url or settings.url).rstrip("/")
        self.ledger = Ledger(home / "runner" / "ledger.sqlite", clock)
        workspace = Workspace(home / "runner" / "versions")
        self._transport = PublicOnly(settings.allowed_hosts | {f"{HOST}:{settings.port}"})
        endpoints = Endpoints(self.ledger, settings.url)
        secrets = Secrets(settings.vault, self.ledger)
        self.tokens = Tokens(secrets, self.ledger, endpoints, self._transport)
        self.broker = Broker(
            self.ledger,
            endpoints,
            self.tokens,
            self._transport,
            Databases(self._transport.address_of),
        )
        calls = Calls(self.ledger, self.broker)
        self.supervisor = Supervisor(
            self.ledger,
            workspace,
            endpoints,
            calls,
            f"{HOST}:{settings.port}",
            settings.limits,
        )
        self.cleaning = Cleaning(self.ledger, workspace, clock, settings.retention)
        self.schedules = Schedules(self.ledger, self.supervisor, clock)
        senders = Senders(self.ledger, secrets, clock)
        callback = f"{public_url}/oauth/callback"
        self.mocks = Mocks(self.ledger, catalogue, clock, endpoints, callback)
        self.ingress = Ingress(
            self.ledger, self.supervisor, senders, self.mocks.receipt_of, public_url
        )
        self.consent = Consent(self.ledger, endpoints, self.tokens, secrets, catalogue, callback)
        self.control = Control(
            settings.token,
            Activating(self.ledger, secrets, public_url),
            SettingUp(self.ledger, secrets, self.consent, self.mocks),
            Probing(self.ledger, self.broker, self.mocks),
            Deploying(self.ledger, self.supervisor, workspace, public_url),
            Operating(self.ledger, self.supervisor, secrets, self.mocks, settings.url, public_url),
        )

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        self.supervisor.start()
        running = [
            asyncio.create_task(part) for part in (self.schedules.run(), self.cleaning.run())
        ]
        try:
            yield
        finally:
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)
            await self.supervisor.close()
            await self.broker.close()
            await self.tokens.close()
            self.ledger.close()

    def routes(self) -> list[Route | WebSocketRoute]:
        mock = "/mock/{project}/{system}"
        return [
            Route("/health", _health),
            Route("/control/{operation}", self.control.receive, methods=["POST"]),
            WebSocketRoute("/child", self.supervisor.receive_child),
            Route("/hooks/{project}/{environment}/{workflow}", self.ingress),
            Route("/hooks/{project}/{environment}/{activation}/{workflow}", self.ingress),
            Route("/oauth/callback", self.consent.receive),
            Route(f"{mock}/oauth/authorize", self.mocks.authorize, methods=["GET", "POST"]),
            Route(f"{mock}/oauth/token", self.mocks.token, methods=["POST"]),
            Route(
                f"{mock}/{{path:path}}",
                self.mocks.receive,
                methods=["GET", "POST", "PUT", "PATCH", "DELETE"],
            ),
        ]


async def _health(request: Request) -> JSONResponse:
    return JSONResponse({"pid": os.getpid()})


def create_app(settings: RunnerSettings) -> Starlette:
    """The runner as an app; it works between its start-up and its shutdown."""
    return app_of(Runner(settings))


def app_of(runner: Runner) -> Starlette:
    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with runner.running():
            yield

    return Starlette(routes=runner.routes(), lifespan=lifespan)
