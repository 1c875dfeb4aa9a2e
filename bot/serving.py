"""The Slack surface, put together from the wiring, and run."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass

from slack_bolt import App
from starlette.applications import Starlette

from bot.installations import SlackInstallations
from bot.jobs import Jobs
from bot.pages.links import PageLinks
from bot.pages.routes import Pages
from bot.server import create_server
from bot.settings import Settings
from bot.slack_app import create_app
from bot.socket_mode import socket_mode
from bot.surface import Surface
from bot.thread_poster import Gateway, Pace, Poster, SlackAnnouncer, Uploads
from bot.wiring import Wiring
from bot.workspaces import Workspaces
from pipeline.engine import JobQueue
from pipeline.errors import UsageError

_THREADS = 16


@dataclass(frozen=True)
class SlackBot:
    app: App
    server: Starlette
    poster: Poster


@contextmanager
def slack_bot(wiring: Wiring, pace: Pace | None = None, address: str = "") -> Iterator[SlackBot]:
    """The bot, posting and listening to Socket Mode where that is set. UsageError without tokens.

    `pace` is Slack's own unless given; so is `address`, where people reach the web process.
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
    links = PageLinks(wiring.page_tokens, wiring.clock, lambda: address or settings.own_address)
    pages = Pages(links, wiring.store, wiring.operations)
    surface = Surface(
        conversation=wiring.conversation,
        store=wiring.store,
        catalogue=wiring.catalogue,
        jobs=jobs,
        gateway=gateway,
        operations=wiring.operations,
        proposals=wiring.proposals,
        customers=wiring.customers,
        links=links,
        executor=executor,
    )
    app = create_app(settings, surface, workspaces, installations)
    uploads = Uploads(gateway, wiring.store)
    announcer = SlackAnnouncer(gateway, uploads, pace, wiring.store.last_reply, wiring.footer)
    poster = Poster(wiring.store, announcer)
    poster.start()
    try:
        with _sockets(settings, app):
            server = create_server(app, lambda: wiring.runner.url, pages.routes())
            yield SlackBot(app, server, poster)
    finally:
        executor.shutdown(wait=True, cancel_futures=True)
        poster.close()
        jobs.close()


def _sockets(settings: Settings, app: App) -> AbstractContextManager[None]:
    token = settings.slack_app_token
    return nullcontext() if token is None else socket_mode(app, token.get_secret_value())
