"""The Analyst port on Claude: any system, any phrasing, within the same plan and checks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from pipeline.analysts.claude.briefing import show_request
from pipeline.analysts.claude.configuration import Configuration
from pipeline.analysts.claude.custom_transforms import TryTransform
from pipeline.analysts.claude.desk import Desk
from pipeline.analysts.claude.interpreting import interpret
from pipeline.analysts.claude.metered import MeteredApi
from pipeline.analysts.claude.repairing import repair
from pipeline.analysts.claude.researching import research
from pipeline.analysts.claude.results import ScopeResult
from pipeline.analysts.offline.systems import with_attachments
from pipeline.analysts.offline.words import has_words
from pipeline.analysts.usage import UsageLedger
from pipeline.artifacts import Finding
from pipeline.model import digest
from pipeline.plan.model import Plan, Scope
from pipeline.ports import Clock, Draft, Interpretation, Repair, Request, Turn

if TYPE_CHECKING:
    from pipeline.catalogue.catalogue import Catalogue

_REMEMBERED = 64  # verdicts: research asks for the one that scope has just given


class ClaudeAnalyst:
    """Raises AnalystError where the API fails or is out of budget, and Stopped."""

    name = "claude"

    def __init__(
        self,
        configuration: Configuration,
        catalogue: Catalogue,
        ledger: UsageLedger,
        clock: Clock,
        try_transform: TryTransform,
    ) -> None:
        self._catalogue = catalogue
        api = MeteredApi(configuration, ledger, clock)
        self._desk = Desk(api, configuration, catalogue, try_transform)
        self._verdicts: dict[str, Scope] = {}

    def scope(self, request: Request) -> Scope:
        if not has_words(request.text):
            return Scope(in_scope=False, reason="I build data integrations; nothing to read stands "
                         "in this message.", alternatives=[])  # fmt: skip
        key = digest(request)
        if key not in self._verdicts:
            verdict = self._judge(request)
            while len(self._verdicts) >= _REMEMBERED:
                self._verdicts.pop(next(iter(self._verdicts)), None)
            self._verdicts[key] = verdict
        return self._verdicts[key]

    def _judge(self, request: Request) -> Scope:
        catalogue, attached, _ = with_attachments(self._catalogue, request)
        dialogue = self._desk.dialogue("scope", "routing")
        result = dialogue.ask(show_request(request, catalogue, attached), ScopeResult)
        return Scope(
            in_scope=result.in_scope,
            reason=result.reason[:400],
            alternatives=[one[:200] for one in result.alternatives[:3]],
        )

    def research(self, request: Request, report: Callable[[str], None]) -> Plan:
        scope = self.scope(request)
        if not scope.in_scope:
            return Plan(scope=scope)
        return research(request, scope, self._catalogue, self._desk, report)

    def interpret(self, message: str, draft: Draft, earlier: Sequence[Turn] = ()) -> Interpretation:
        return interpret(message, draft, earlier, self._with(draft.request), self._desk)

    def repair(self, findings: Sequence[Finding], draft: Draft) -> Repair:
        return repair(findings, draft, self._with(draft.request), self._desk)

    def _with(self, request: Request) -> Catalogue:
        catalogue, _, _ = with_attachments(self._catalogue, request)
        return catalogue
