"""Claude in the thread: what it used, where it disagrees, what it does, and what holds it."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

import pytest
from pydantic import SecretStr

from bot.thread_poster import Pace, SlackAnnouncer, Uploads
from pipeline.analysts.claude import ClaudeAnalyst, Configuration
from pipeline.analysts.fallback import FallbackAnalyst
from pipeline.analysts.offline import OfflineAnalyst
from pipeline.analysts.usage import footer, summary
from pipeline.catalogue.catalogue import Catalogue
from pipeline.codegen.custom import try_transform
from store.usage import SqlUsage
from tests.anthropic_double import AnthropicDouble, Script, uses
from tests.messages_rules import wants
from tests.models import agreeable, in_turn, when
from tests.scenarios.conftest import Scene

SKIP = ("filter", {"workflow": "", "field": "test", "operator": "eq", "value": "false",
                   "reason": ""})  # fmt: skip


@pytest.fixture
def with_claude(scene: Scene) -> Iterator[Callable[..., AnthropicDouble]]:
    """Puts Claude into the scene, on a model of one's own; gives the model's server."""
    with ExitStack() as stack:

        def work(script: Script, **settings: Any) -> AnthropicDouble:
            double = stack.enter_context(AnthropicDouble(script).running())
            services, catalogue = scene.pipeline.services, Catalogue.load()
            usage = SqlUsage(scene.pipeline.database)
            configuration = Configuration(api_key=SecretStr("key"), base_url=double.url, **settings)
            claude = ClaudeAnalyst(configuration, catalogue, usage, services.clock, try_transform)
            analyst = FallbackAnalyst(claude, OfflineAnalyst(catalogue))
            scene.pipeline.services = replace(services, analyst=analyst, catalogue=catalogue)
            scene.announcer = SlackAnnouncer(
                scene.gateway, Uploads(scene.gateway, services.store), Pace(0.0, 0.0),
                services.store.last_reply, lambda of: footer(summary(usage.calls(of))),
            )  # fmt: skip
            return double

        yield work


def progress(scene: Scene) -> str:
    (message,) = [one for one in scene.from_weft() if "Research" in one["text"]]
    return str(message["blocks"])


def test_what_it_used_stands_under_the_progress(scene: Scene, with_claude: Any) -> None:
    double = with_claude(agreeable())
    scene.ask()
    planned = len(double.calls)
    assert planned == 4
    assert f"Claude: {planned} calls, " in progress(scene)
    scene.reply("why is CustomerRef looked up?")
    assert len(double.calls) == planned + 2
    assert f"Claude: {planned + 2} calls, " in progress(scene)
    assert double.problems == []


def test_by_rule_nothing_was_used(scene: Scene) -> None:
    scene.ask()
    assert "Claude" not in progress(scene)


def test_where_it_disagrees_with_the_rules_stands_in_the_plan(
    scene: Scene, with_claude: Any
) -> None:
    chosen = {"target": "PrivateNote", "source": "email", "constant": "", "transform": "",
              "transform_args": "", "each": "", "lookup": "", "confidence": 0.9,
              "reason": ""}  # fmt: skip
    with_claude(
        agreeable(when("MappingsResult", {"mappings": [chosen], "dropped": [], "questions": []}))
    )
    scene.ask()
    assert "Claude's reading differs from the rules' here: PrivateNote ← email" in scene.texts()


def test_a_change_is_restated_shown_and_asked_for_again(scene: Scene, with_claude: Any) -> None:
    replies = in_turn(uses(SKIP))
    with_claude(
        agreeable(
            when("Reading", {"restated": "You want no test orders.", "kind": "change"}),
            lambda body: replies(body) if wants(body) == "ChangeResult" else None,
        )
    )
    scene.ask()
    scene.reply("skip test orders")
    (answer,) = [one["text"] for one in scene.from_weft() if "no test orders" in one["text"]]
    assert answer.index("You want no test orders.") < answer.index("Changed: Filter added")
    assert [gate.kind for gate in scene.integration.open_gates()] == ["plan"]
    assert not [gate for gate in scene.integration.gates if gate.approved]


def test_beyond_the_workspaces_limit_the_rules_read_on_and_say_why(
    scene: Scene, with_claude: Any
) -> None:
    double = with_claude(agreeable(), daily_tokens=100)
    scene.ask()
    assert double.calls == []
    assert "without Claude: This workspace has used 0 of its 100 Claude tokens" in scene.texts()
    assert "raise WEFT_DAILY_TOKENS" in scene.texts()
    assert [gate.kind for gate in scene.integration.open_gates()] == ["plan"]
