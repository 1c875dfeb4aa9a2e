"""Slack in, Slack out: the whole surface against the strict double, on the pipeline's fakes."""

import logging
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.installations import SlackInstallations
from bot.pages.links import PageLinks
from bot.playground.app_configuration import AppConfiguration
from bot.playground.delivery.courier import Timing
from bot.playground.recording import Call
from bot.playground.server import Playground
from bot.posting import post_pending
from bot.server import create_server
from bot.settings import Settings
from bot.slack_app import create_app
from bot.socket_mode import CONNECTIONS
from bot.surface import Surface
from bot.thread_poster import Gateway, Pace, SlackAnnouncer, Uploads
from bot.workspaces import Workspaces
from pipeline.advance import advance
from pipeline.cancellation import Cancellation
from pipeline.integration import Integration, TestCase
from pipeline.live.customers import Customers
from pipeline.live.operations import Operations
from pipeline.live.proposals import Proposals
from pipeline.model import digest
from pipeline.plan.model import Plan
from pipeline.steps import codegen, testing
from store.installations import SqlInstallations
from store.keys import keys_of_file
from store.tokens import SealedTokens
from tests.pipeline.conftest import Pipeline, migrated, pipeline
from tests.playground.person import GENERAL, INTEGRATIONS, JONAS, PRIYA, Person
from tests.sent_to_slack import SENT

__all__ = ["migrated", "pipeline"]

MANIFEST = Path(__file__).parent.parent.parent / "manifest.json"
REQUEST = "@weft Build an integration that syncs new Shopify orders to QuickBooks Online"
SECRET = "s3cr3t-planted-value"


class Enqueued:
    """Stands in for the queue: what is asked for is what the test then advances."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []

    def enqueue(self, integration_id: str, state: str) -> None:
        self.asked.append((integration_id, state))


class Here:
    """Runs what listeners put off in threads of its own, and can wait for all of it."""

    def __init__(self) -> None:
        self._running: list[threading.Thread] = []

    def submit(self, do: Callable[..., None], *arguments: Any) -> "Future[None]":
        future: Future[None] = Future()

        def run() -> None:
            try:
                future.set_result(do(*arguments))
            except BaseException as error:  # handed to whoever waits for the future
                future.set_exception(error)

        thread = threading.Thread(target=run)
        thread.start()
        self._running.append(thread)
        return future

    def settle(self) -> None:
        while self._running:
            self._running.pop().join()


class Scene:
    """A workspace, its people, and Weft in it; time passes when `settle` is called."""

    def __init__(self, playground: Playground, pipeline: Pipeline, directory: Path) -> None:
        self.playground, self.pipeline, self.directory = playground, pipeline, directory
        self.settings = Settings(
            slack_bot_token=playground.app.bot_token,
            slack_signing_secret=playground.app.signing_secret,
            slack_api_url=playground.api_url,
            weft_home=directory,
        )
        store, catalogue = pipeline.services.store, pipeline.services.catalogue
        keys = keys_of_file(directory / "keys")
        self.installations = SlackInstallations(
            SqlInstallations(pipeline.database, keys, pipeline.clock)
        )
        self.workspaces = Workspaces(self.settings, self.installations.find)
        pace = Pace(0.0, 0.0)
        self.gateway = Gateway(self.workspaces, pace)
        self.jobs, self.here = Enqueued(), Here()
        clock = pipeline.clock
        vault = pipeline.services.vault
        operations = Operations(store, catalogue, lambda: pipeline.platform, clock)
        customers = Customers(store, vault, operations)
        self.surface = Surface(
            conversation=pipeline.conversation,
            store=store,
            catalogue=catalogue,
            jobs=self.jobs,
            gateway=self.gateway,
            operations=operations,
            proposals=Proposals(store, customers, vault, operations, clock),
            customers=customers,
            links=PageLinks(SealedTokens(keys, "page"), clock, lambda: "http://127.0.0.1:1"),
            executor=self.here,  # type: ignore[arg-type]
        )
        self.app = create_app(self.settings, self.surface, self.workspaces, self.installations)
        uploads = Uploads(self.gateway, store)
        self.announcer = SlackAnnouncer(self.gateway, uploads, pace, store.last_reply)
        self.maya = Person(playground)
        self.jonas = Person(playground, JONAS)
        self.priya = Person(playground, PRIYA)

    def settle(self) -> None:
        """Until nothing happens any more: deliveries, listeners, steps, posts."""
        done = 0
        while True:
            self.playground.settle()
            self.here.settle()
            for integration_id in dict.fromkeys(asked for asked, _ in self.jobs.asked[done:]):
                advance(integration_id, self.pipeline.services, Cancellation())
            done = len(self.jobs.asked)
            post_pending(self.pipeline.services.store, self.announcer)
            self.playground.settle()
            self.here.settle()
            if len(self.jobs.asked) == done:
                return

    @property
    def integrations(self) -> list[Integration]:
        return list(self.pipeline.services.store.list())

    @property
    def integration(self) -> Integration:
        (only,) = self.integrations
        return only

    def ask(self, text: str = REQUEST, person: Person | None = None) -> str:
        """A request that reached its plan; gives the thread."""
        ts = str((person or self.maya).say(text)["ts"])
        self.settle()
        return ts

    def click(self, label: str, person: Person | None = None) -> None:
        (person or self.maya).click(label)
        self.settle()

    def reply(self, text: str, person: Person | None = None, **more: Any) -> str:
        thread = more.pop("thread_ts", None) or self.integration.thread
        ts = str((person or self.maya).say(text, thread_ts=thread, **more)["ts"])
        self.settle()
        return ts

    def to_connections(self) -> None:
        self.ask()
        self.click("Approve plan")
        self.click("Approve set-up")

    def to_code(self) -> None:
        self.to_connections()
        for gate in self.integration.open_gates():
            self.pipeline.conversation.use_mock(self.integration.id, gate.id, self.maya.user)
        self.surface.changed(self.integration.id)
        self.settle()

    def to_live(self) -> None:
        self.to_code()
        self.click("Approve code")
        self.click("development")

    def from_weft(self, channel: str = INTEGRATIONS) -> list[dict[str, Any]]:
        """Weft's messages that all can see, oldest first."""
        return [
            message
            for message in self.maya.messages(channel)
            if message.get("bot_id") and not message.get("ephemeral_to")
        ]

    def texts(self, channel: str = INTEGRATIONS) -> str:
        return "\n".join(str(message) for message in self.from_weft(channel))

    def whispers(self, person: Person | None = None, channel: str = INTEGRATIONS) -> list[str]:
        """What only that person can see."""
        messages = (person or self.maya).messages(channel)
        return [message["text"] for message in messages if message.get("ephemeral_to")]

    def calls(self, method: str) -> list[dict[str, Any]]:
        found = self.maya.get("calls")["calls"]
        return [call for call in found if call["method"] == method]

    def wait_for_sockets(self) -> None:
        """Until all connections of Socket Mode are there."""
        deadline = time.monotonic() + 15
        while len(self.playground.slack.socket_mode._connections) < CONNECTIONS:
            assert time.monotonic() < deadline
            time.sleep(0.01)

    def close(self) -> None:
        for person in (self.maya, self.jonas, self.priya):
            person.close()


@contextmanager
def served(application: ASGIApp) -> Iterator[str]:
    """Runs it on a free port of loopback; gives its address."""
    # With the protocol named, asyncio sends each answer at once instead of waiting for more.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.bind(("127.0.0.1", 0))
    config = uvicorn.Config(application, log_level="warning", lifespan="off", ws="none")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    while not server.started:
        time.sleep(0.005)
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()


@pytest.fixture(autouse=True)
def _generated_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same plan makes the same project: for all tests together it is made once."""
    monkeypatch.setattr(codegen, "generate", _remembered(codegen.generate))
    monkeypatch.setattr(testing, "generate_tests", _remembered(testing.generate_tests))


_made: dict[str, Any] = {}


def _remembered(make: Callable[..., Any]) -> Callable[..., Any]:
    def remember(plan: Plan, catalogue: Any, *cases: list[TestCase]) -> Any:
        given = [case.model_dump(mode="json") for group in cases for case in group]
        key = digest([make.__name__, plan.model_dump(mode="json"), given])
        if key not in _made:
            _made[key] = make(plan, catalogue, *cases)
        return _made[key]

    return remember


@pytest.fixture(scope="session")
def workspace() -> Iterator[Playground]:
    app = AppConfiguration.of_manifest(MANIFEST)
    with Playground(app, timing=Timing(3.0, (0.0, 0.05, 0.1))) as running:
        yield running


class Web:
    """One server for all tests; each puts its own application behind it."""

    application: ASGIApp
    url: str

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.application(scope, receive, send)


@pytest.fixture(scope="session")
def web() -> Iterator[Web]:
    web = Web()
    with served(web) as web.url:
        yield web


@pytest.fixture
def scene(
    workspace: Playground,
    web: Web,
    pipeline: Pipeline,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> Iterator[Scene]:
    caplog.set_level(logging.INFO)
    workspace.renew()
    scene = Scene(workspace, pipeline, tmp_path)
    web.application = create_server(scene.app, lambda: None)
    workspace.deliver_to(f"{web.url}/slack/events")
    yield scene
    scene.here.settle()
    workspace.settle()
    calls = scene.maya.get("calls")["calls"]
    scene.close()
    assert [call for call in calls if _is_wrong(call)] == []
    assert SENT.add_from_weft(Call(**call) for call in calls) == []


def _is_wrong(call: dict[str, Any]) -> bool:
    """Slack found the payload itself wrong, or a scope missing: never what a test wants."""
    error = str(call["error"] or "")
    wrong = error.startswith(("invalid_", "missing_")) and error != "invalid_auth"
    return wrong or error in (
        "unknown_method",
        "msg_too_long",
        "no_text",
        "only_one_table_allowed",
    )


__all__ += ["GENERAL"]
