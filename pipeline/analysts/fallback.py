"""Two analysts in one: the first, and the second where the first can't be reached."""

from collections.abc import Callable, Sequence
from datetime import date

from pipeline.artifacts import Finding
from pipeline.errors import AnalystError
from pipeline.plan.model import Fact, Plan, Scope
from pipeline.ports import Analyst, Draft, Interpretation, Repair, Request, Turn


class FallbackAnalyst:
    """The Analyst port. Whoever is told something by the second analyst is told so, and why.

    In a plan it is the first of the facts: a message shows only so many.
    """

    def __init__(self, first: Analyst, second: Analyst) -> None:
        self.name = first.name
        self._first = first
        self._second = second

    def scope(self, request: Request) -> Scope:
        try:
            return self._first.scope(request)
        except AnalystError as error:
            scope = self._second.scope(request)
            return scope.model_copy(update={"reason": f"{scope.reason} {self._why(error)}"})

    def research(self, request: Request, report: Callable[[str], None]) -> Plan:
        try:
            return self._first.research(request, report)
        except AnalystError as error:
            why = self._why(error)
            report(why)
            plan = self._second.research(request, report)
            told = Fact(text=why, source="Weft", grade="unverified",
                        verified_on=date.fromisoformat(request.today))  # fmt: skip
            return plan.model_copy(update={"facts": [told, *plan.facts]})

    def interpret(self, message: str, draft: Draft, earlier: Sequence[Turn] = ()) -> Interpretation:
        try:
            return self._first.interpret(message, draft, earlier)
        except AnalystError as error:
            meaning = self._second.interpret(message, draft, earlier)
            answer = f"{meaning.answer} {self._why(error)}".strip()
            return meaning.model_copy(update={"answer": answer})

    def repair(self, findings: Sequence[Finding], draft: Draft) -> Repair:
        try:
            return self._first.repair(findings, draft)
        except AnalystError as error:
            repair = self._second.repair(findings, draft)
            told = f"{repair.not_mended} {self._why(error)}".strip()
            return repair.model_copy(update={"not_mended": told})

    def _why(self, error: AnalystError) -> str:
        return f"(Read by rule, without {self.name.capitalize()}: {error})"
