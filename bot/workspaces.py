"""The workspaces that Weft is in: who it is there, and a Web API client for each."""

import threading
from collections.abc import Callable
from typing import Any

from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.authorize import Authorize
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry import ConnectionErrorRetryHandler, RateLimitErrorRetryHandler
from slack_sdk.oauth.installation_store import Bot
from slack_sdk.web import WebClient

from bot.settings import Settings
from pipeline.errors import ServiceError

_TIMEOUT_SECONDS = 15

FindBot = Callable[[str], Bot | None]
"""The bot of a workspace, by the workspace's id."""


class Workspaces(Authorize):
    """One workspace by its token, or every one that people installed Weft in. Thread-safe.

    Bolt's own ways ask Slack who the bot is at each event; here that is known.
    """

    def __init__(self, settings: Settings, find_bot: FindBot) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # Bolt leaves it untyped
        token = settings.slack_bot_token
        self._token = None if token is None else token.get_secret_value()
        self._base_url = settings.slack_api_url
        self._find_bot = find_bot
        self._lock = threading.Lock()
        self._own: AuthorizeResult | None = None

    def __call__(
        self,
        *,
        context: Any,
        enterprise_id: str | None,
        team_id: str | None,
        user_id: str | None,
        **others: str | None,
    ) -> AuthorizeResult | None:
        """Who Weft is in the workspace that an event came from; None where it is not installed."""
        if self._token is not None:
            return self._identify()
        bot = self._find_bot(team_id or enterprise_id or "")
        if bot is None:
            return None
        return AuthorizeResult(
            enterprise_id=enterprise_id,
            team_id=bot.team_id,
            bot_token=bot.bot_token,
            bot_id=bot.bot_id,
            bot_user_id=bot.bot_user_id,
        )

    def client(self, team: str, *, repeatable: bool = True) -> WebClient:
        """ServiceError where Weft is not installed in that workspace.

        A call that is not `repeatable` is not made again when its answer is lost.
        """
        token = self._token
        if token is None:
            bot = self._find_bot(team)
            token = None if bot is None else bot.bot_token
        if token is None:
            raise ServiceError(f"Weft is not installed in the workspace {team}.")
        return self.client_of(token, repeatable=repeatable)

    def client_of(self, token: str | None, *, repeatable: bool = True) -> WebClient:
        lost = [ConnectionErrorRetryHandler(max_retry_count=2)] if repeatable else []
        return WebClient(
            token=token,
            base_url=self._base_url,
            timeout=_TIMEOUT_SECONDS,
            retry_handlers=[*lost, RateLimitErrorRetryHandler(max_retry_count=2)],
        )

    def _identify(self) -> AuthorizeResult:
        """Ask Slack once who the token belongs to. ServiceError where that fails."""
        with self._lock:
            if self._own is None:
                try:
                    told = self.client_of(self._token).auth_test()
                except (SlackApiError, OSError) as error:
                    raise ServiceError(
                        "Slack does not accept SLACK_BOT_TOKEN, or can't be reached. Look with "
                        "“weft doctor”.",
                        retryable=True,
                    ) from error
                self._own = AuthorizeResult.from_auth_test_response(
                    bot_token=self._token, auth_test_response=told
                )
            return self._own
