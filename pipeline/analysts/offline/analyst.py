"""The offline analyst: reads requests by rule over the catalogue, without a model."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from pipeline.analysts.offline.interpreting import interpret
from pipeline.analysts.offline.mending import mend
from pipeline.analysts.offline.research import research
from pipeline.analysts.offline.scope import read_scope
from pipeline.analysts.offline.systems import with_attachments
from pipeline.artifacts import Finding, SourceFile
from pipeline.plan.model import Plan, Scope
from pipeline.ports import Interpretation, Repair, Request, Turn

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

    def interpret(
        self,
        message: str,
        plan: Plan,
        request: Request,
        files: Sequence[SourceFile] = (),
        earlier: Sequence[Turn] = (),
    ) -> Interpretation:
        return interpret(message, plan, self._with(request), files)

    def repair(
        self,
        plan: Plan,
        findings: Sequence[Finding],
        request: Request,
        files: Sequence[SourceFile] = (),
    ) -> Repair:
        return Repair(edits=mend(plan, findings, self._with(request)))

    def _with(self, request: Request) -> Catalogue:
        catalogue, _, _ = with_attachments(self._catalogue, request)
        return catalogue
