"""Slack's installation flow on Weft's own store: tokens are sealed, states are signed."""

import hashlib
import hmac
import secrets
import time
from collections.abc import Mapping
from typing import Any, Protocol

from pydantic import JsonValue
from slack_sdk.oauth.installation_store import Bot, Installation, InstallationStore
from slack_sdk.oauth.state_store import OAuthStateStore

_BOT = "bot"
_STATE_SECONDS = 600


class Bundles(Protocol):
    """What `store.installations` does."""

    def put(
        self,
        enterprise: str | None,
        team: str | None,
        user: str | None,
        kind: str,
        bundle: Mapping[str, JsonValue],
    ) -> None: ...
    def get(
        self, enterprise: str | None, team: str | None, user: str | None, kind: str
    ) -> dict[str, JsonValue] | None: ...
    def delete(
        self,
        enterprise: str | None,
        team: str | None,
        user: str | None = None,
        kind: str | None = None,
    ) -> None: ...


class SlackInstallations(InstallationStore):
    """The bot of each workspace; what else an installation gives is not kept."""

    def __init__(self, bundles: Bundles) -> None:
        self._bundles = bundles

    def save(self, installation: Installation) -> None:
        self.save_bot(installation.to_bot())

    def save_bot(self, bot: Bot) -> None:
        bundle: dict[str, JsonValue] = {
            "app_id": bot.app_id,
            "enterprise_id": bot.enterprise_id,
            "team_id": bot.team_id,
            "team_name": bot.team_name,
            "bot_token": bot.bot_token,
            "bot_id": bot.bot_id,
            "bot_user_id": bot.bot_user_id,
            "bot_scopes": list(bot.bot_scopes),
            "installed_at": bot.installed_at,
        }
        self._bundles.put(None, bot.team_id or bot.enterprise_id, None, _BOT, bundle)

    def find(self, workspace: str) -> Bot | None:
        bundle = self._bundles.get(None, workspace, None, _BOT)
        fields: Any = bundle
        return None if bundle is None else Bot(**fields)

    def find_bot(
        self,
        *,
        enterprise_id: str | None,
        team_id: str | None,
        is_enterprise_install: bool | None = False,
    ) -> Bot | None:
        return self.find(team_id or enterprise_id or "")

    def delete_bot(self, *, enterprise_id: str | None, team_id: str | None) -> None:
        self._bundles.delete(None, team_id or enterprise_id)

    def delete_installation(
        self, *, enterprise_id: str | None, team_id: str | None, user_id: str | None = None
    ) -> None:
        self._bundles.delete(None, team_id or enterprise_id)


class SignedStates(OAuthStateStore):
    """States that carry their own proof, so that any process can take the callback.

    The browser's cookie binds one to its person, and Slack's code works once.
    """

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()

    def issue(self, *args: Any, **kwargs: Any) -> str:
        body = f"{int(time.time()) + _STATE_SECONDS}.{secrets.token_urlsafe(16)}"
        return f"{body}.{self._sign(body)}"

    def consume(self, state: str) -> bool:
        body, _, signature = state.rpartition(".")
        until = body.partition(".")[0]
        known = hmac.compare_digest(signature.encode(), self._sign(body).encode())
        return known and until.isdecimal() and int(until) > time.time()

    def _sign(self, body: str) -> str:
        return hmac.new(self._secret, body.encode(), hashlib.sha256).hexdigest()
