"""The double's parts, made once and handed to its Web API and to its page."""

from dataclasses import dataclass, field

from bot.playground.app_configuration import AppConfiguration
from bot.playground.clock import WorkspaceClock
from bot.playground.delivery.courier import Courier, Timing
from bot.playground.delivery.socket_mode import SocketMode
from bot.playground.delivery.transports import HttpTransport, Transport
from bot.playground.faults import Faults
from bot.playground.happenings import Happenings
from bot.playground.interaction.modals import Modals
from bot.playground.interaction.response_urls import ResponseURLs
from bot.playground.interaction.triggers import Triggers
from bot.playground.rates import Rates
from bot.playground.recording import Calls
from bot.playground.stream import Stream
from bot.playground.uploads import Uploads
from bot.playground.workspace import Workspace


@dataclass
class Slack:
    """One workspace with one app installed, reached at `base_url`."""

    base_url: str
    app: AppConfiguration = field(default_factory=AppConfiguration)
    timing: Timing = field(default_factory=Timing)
    enforce_rates: bool = False

    def __post_init__(self) -> None:
        self.clock = WorkspaceClock()
        self.faults = Faults()
        self.calls = Calls()
        self.rates = Rates(self.clock, self.enforce_rates)
        self.stream = Stream()
        self.uploads = Uploads()
        self.socket_mode = SocketMode()
        self.workspace = Workspace(self.clock)
        self.courier = Courier(self._transport, self.faults, self.timing)
        self.happenings = Happenings(self.workspace, self.stream, self.courier, self.app)
        self.modals = Modals(self.workspace, self.stream)
        self.triggers = Triggers(self.clock)
        self.response_urls = ResponseURLs(self.clock, self.base_url)
        self._http: HttpTransport | None = None

    def deliver_to(self, request_url: str) -> None:
        """Where the bot takes events, commands and interactions, while no socket is open."""
        self._http = HttpTransport(request_url, self.app.signing_secret)

    async def close(self) -> None:
        self.courier.close()
        self.stream.close()
        await self.socket_mode.close()
        if self._http is not None:
            await self._http.close()

    def _transport(self) -> Transport | None:
        return self.socket_mode if self.socket_mode.connected else self._http
