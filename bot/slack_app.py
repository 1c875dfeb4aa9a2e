"""The Bolt app: verifies what Slack sends, and hands it to the listeners."""

import logging
from concurrent.futures import ThreadPoolExecutor

from slack_bolt import App
from slack_bolt.oauth import OAuthFlow
from slack_bolt.oauth.oauth_settings import OAuthSettings

from bot import listeners
from bot.installations import SignedStates, SlackInstallations
from bot.listeners.attachments import Downloads
from bot.manifest import bot_scopes
from bot.settings import Settings
from bot.surface import Surface
from bot.workspaces import Workspaces
from pipeline.errors import UsageError

_THREADS = 16


def create_app(
    settings: Settings,
    surface: Surface,
    workspaces: Workspaces,
    installations: SlackInstallations,
) -> App:
    """UsageError where a setting is missing. The app acknowledges what it has saved, not before.

    So what could not be saved is not acknowledged, and Slack delivers it again.
    """
    quiet_slack_loggers()
    secret = settings.slack_signing_secret
    if secret is None and settings.slack_app_token is None:
        raise UsageError(
            "Set SLACK_SIGNING_SECRET (the app's page Basic Information), or SLACK_APP_TOKEN for "
            "Socket Mode."
        )
    app = App(
        name="weft",
        logger=logging.getLogger("slack_bolt"),  # else each of its loggers takes the root's level
        signing_secret=secret.get_secret_value() if secret else "",
        client=workspaces.client_of(None),
        authorize=workspaces,  # type: ignore[arg-type]  # it may give None, which Bolt handles
        oauth_flow=_oauth_flow(settings, installations),
        process_before_response=True,
        listener_executor=ThreadPoolExecutor(_THREADS, thread_name_prefix="slack"),
        attaching_conversation_kwargs_enabled=False,
    )
    downloads = Downloads(workspaces, settings.slack_api_url)
    listeners.register(app, surface, downloads, installations)
    return app


def quiet_slack_loggers() -> None:
    """At INFO they write whole requests into the log, typed secrets among them."""
    for name in ("slack_bolt", "slack_sdk"):
        logging.getLogger(name).setLevel(logging.WARNING)


def _oauth_flow(settings: Settings, installations: SlackInstallations) -> OAuthFlow | None:
    """How people install Weft in further workspaces; None where no client is registered."""
    client_id, secret = settings.slack_client_id, settings.slack_client_secret
    if client_id is None or secret is None:
        return None
    public_url = (settings.weft_public_url or "").rstrip("/")
    return OAuthFlow(
        settings=OAuthSettings(
            client_id=client_id,
            client_secret=secret.get_secret_value(),
            scopes=bot_scopes(),
            redirect_uri=f"{public_url}/slack/oauth_redirect" if public_url else None,
            installation_store=installations,
            installation_store_bot_only=True,
            state_store=SignedStates(secret.get_secret_value()),
        )
    )
