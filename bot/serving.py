"""The Slack surface, put together from the wiring, and run."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

from slack_bolt import App
from slack_bolt.adapter.socket_mode.builtin import SocketModeHandler
from starlette.applications import Starlette

from bot.installations import SlackInstallations
from bot.jobs import Jobs
from bot.operations import Operations
from bot.server import create_server
from bot.slack_app import create_app
from bot.surface import Surface
from bot.thread_poster import Gateway, Pace, Poster, SlackAnnouncer, Uploads
from bot.wiring import Wiring
from bot.work import start_worker
from bot.workspaces import Workspaces
from pipeline.engine import JobQueue
from pipeline.errors import UsageError

_CONNECTIONS = 2  # of Socket Mode: an idle one dies without a word
_THREADS = 16


@dataclass(frozen=True)
class SlackBot:
    app: App
    server: Starlette
    poster: Poster


@contextmanager
def slack_bot(wiring: Wiring, pace: Pace | None = None) -> Iterator[SlackBot]:
    """The bot, posting and listening to Socket Mode where that is set. UsageError without tokens.

    `pace` is Slack's own unless given.
    """
    settings = wiring.settings
    if settings.slack_bot_token is None and settings.slack_client_id is None:
        raise UsageError(
            "Set SLACK_BOT_TOKEN, or SLACK_CLIENT_ID and SLACK_CLIENT_SECRET so that people can "
            "install Weft. “weft doctor” looks at all of them."
        )
    installations = SlackInstallations(wiring.installations)
    workspaces = Workspaces(settings, installations.find)
    pace = pace or Pace()
    gateway = Gateway(workspaces, pace)
    jobs = Jobs(lambda: JobQueue(settings.engine_url))
    executor = ThreadPoolExecutor(_THREADS, thread_name_prefix="listeners")
    surface = Surface(
        conversation=wiring.conversation,
        store=wiring.store,
        catalogue=wiring.catalogue,
        jobs=jobs,
        gateway=gateway,
        operations=Operations(wiring.store, wiring.catalogue, lambda: wiring.platform),
        executor=executor,
    )
    app = create_app(settings, surface, workspaces, installations)
    uploads = Uploads(gateway, wiring.store)
    announcer = SlackAnnouncer(gateway, uploads, pace, wiring.store.last_reply)
    poster = Poster(wiring.store, announcer)
    sockets = _socket_mode(wiring, app)
    poster.start()
    try:
        for socket in sockets:
            socket.connect()  # type: ignore[no-untyped-call]
        yield SlackBot(app, create_server(app, lambda: wiring.runner.url), poster)
    finally:
        for socket in sockets:
            socket.close()  # type: ignore[no-untyped-call]
        executor.shutdown(wait=True, cancel_futures=True)
        poster.close()
        jobs.close()


def _socket_mode(wiring: Wiring, app: App) -> list[SocketModeHandler]:
    token = wiring.settings.slack_app_token
    if token is None:
        return []
    return [SocketModeHandler(app, token.get_secret_value()) for _ in range(_CONNECTIONS)]


@contextmanager
def worker_beside(wiring: Wiring, name: str) -> Iterator[None]:
    """A worker in this process, for small installations."""
    worker = start_worker(wiring.settings.engine_url, name, wiring.services())
    try:
        yield
    finally:
        worker.close()
