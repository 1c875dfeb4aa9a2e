"""The offline analyst: reads requests by rule over the catalogue, without a model."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from pipeline.analysts.offline.interpreting import interpret
from pipeline.analysts.offline.mending import mend
from pipeline.analysts.offline.research import research
from pipeline.analysts.offline.scope import read_scope
from pipeline.analysts.offline.systems import with_attachments
from pipeline.artifacts import Finding
from pipeline.plan.model import Plan, Scope
from pipeline.ports import Draft, Interpretation, Repair, Request, Turn

if TYPE_CHECKING:
    from pipeline.catalogue.catalogue import Catalogue


class OfflineAnalyst:
    """The Analyst port. The same text gives the same plan; what it can't read, it says."""

    name = "offline"

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    def scope(self, request: Request) -> Scope:
        return read_scope(request, self._catalogue)

    def research(self, request: Request, report: Callable[[str], None]) -> Plan:
        scope = self.scope(request)
        if not scope.in_scope:
            return Plan(scope=scope)
        return research(request, scope, self._catalogue, report)

    def interpret(self, message: str, draft: Draft, earlier: Sequence[Turn] = ()) -> Interpretation:
        return interpret(message, draft.plan, self._with(draft.request), draft.files)

    def repair(self, findings: Sequence[Finding], draft: Draft) -> Repair:
        return Repair(edits=mend(draft.plan, findings, self._with(draft.request)))

    def _with(self, request: Request) -> Catalogue:
        catalogue, _, _ = with_attachments(self._catalogue, request)
        return catalogue
