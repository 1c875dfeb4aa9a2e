"""The bot as `weft serve` runs it: from its settings, with its own poster, queue and sockets."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.playground.server import Playground
from bot.serving import slack_bot
from bot.settings import Settings
from bot.thread_poster import Pace
from bot.wiring import Wiring
from pipeline.errors import UsageError
from pipeline.replies import Said
from tests.playground.person import Person


def _eventually(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_over_socket_mode(workspace: Playground, tmp_path: Path) -> None:
    workspace.renew()
    settings = Settings(
        slack_bot_token=workspace.app.bot_token,
        slack_app_token=workspace.app.app_token,
        slack_api_url=workspace.api_url,
        weft_home=tmp_path,
    )
    wiring = Wiring(settings)
    maya = Person(workspace)
    with slack_bot(wiring, Pace(0.0, 0.0)):
        maya.say("@weft sync new Shopify orders to QuickBooks")
        _eventually(lambda: len(wiring.store.list()) == 1)
        (integration,) = wiring.store.list()
        with wiring.store.change(integration.id) as changed:
            changed.say(Said(key="a", text="posted by the poster"))
        _eventually(lambda: "posted by the poster" in str(maya.messages()))
    maya.close()
    wiring.database.close()


def test_without_tokens_it_says_what_to_set(tmp_path: Path) -> None:
    with (
        pytest.raises(UsageError, match="SLACK_BOT_TOKEN"),
        slack_bot(Wiring(Settings(weft_home=tmp_path))),
    ):
        pass
