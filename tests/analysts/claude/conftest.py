"""Claude's analyst against the loopback Messages API, with every call recorded in memory."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest
from pydantic import SecretStr

from pipeline.analysts.claude import ClaudeAnalyst, Configuration
from pipeline.analysts.claude.custom_transforms import TryTransform
from pipeline.analysts.usage import ModelCall
from pipeline.artifacts import SourceFile
from pipeline.catalogue.catalogue import Catalogue
from pipeline.codegen.custom import try_transform
from pipeline.integration import Attachment
from pipeline.plan.model import Plan
from pipeline.ports import Draft, Request
from tests.anthropic_double import AnthropicDouble, Script
from tests.fakes import SteppingClock
from tests.models import agreeable
from tests.obeying import SECRET

KEY = SECRET
EXAMPLE = (
    "Build an integration that syncs new Shopify orders to QuickBooks Online as sales receipts. "
    "Use OAuth 2.0 Authorization Code for QuickBooks and API key for Shopify. "
    "Run on webhook — trigger whenever a new order is created in Shopify."
)


class MemoryLedger:
    def __init__(self) -> None:
        self.recorded: list[ModelCall] = []

    def record_call(self, call: ModelCall) -> None:
        self.recorded.append(call)

    def calls(self, integration_id: str) -> list[ModelCall]:
        return [one for one in self.recorded if one.integration_id == integration_id]

    def tokens_since(self, team: str, since: datetime) -> int:
        return sum(one.tokens for one in self.recorded if one.team == team and one.at >= since)


@dataclass
class Claude:
    """An analyst and what stands behind it."""

    double: AnthropicDouble
    analyst: ClaudeAnalyst
    ledger: MemoryLedger
    reports: list[str] = field(default_factory=list)

    def research(self, text: str = EXAMPLE, *attachments: Attachment) -> Plan:
        return self.analyst.research(ask(text, *attachments), self.reports.append)


def ask(text: str = EXAMPLE, *attachments: Attachment) -> Request:
    return Request(text=text, attachments=list(attachments), today="2026-11-22")


def draft(plan: Plan, files: Sequence[SourceFile] = ()) -> Draft:
    """What the example request has led to."""
    return Draft(request=ask(), plan=plan, files=list(files))


@contextmanager
def claude_on(
    script: Script, trying: TryTransform = try_transform, **settings: Any
) -> Iterator[Claude]:
    """An analyst on a scripted model; what broke the API's rules fails the test."""
    with AnthropicDouble(script).running() as double:
        ledger = MemoryLedger()
        configuration = Configuration(
            api_key=SecretStr(KEY), **{"base_url": double.url, "retries": 1, **settings}
        )
        analyst = ClaudeAnalyst(configuration, Catalogue.load(), ledger, SteppingClock(), trying)
        yield Claude(double, analyst, ledger)
        assert double.problems == []


@pytest.fixture
def claude() -> Iterator[Callable[..., Claude]]:
    """Makes such an analyst, on a model that agrees unless another is given."""
    with ExitStack() as stack:
        yield lambda script=None, **options: stack.enter_context(
            claude_on(script or agreeable(), **options)
        )
