"""What reads people and APIs, and what it is given and gives."""

from collections.abc import Callable, Sequence
from typing import Protocol

from pipeline.artifacts import Finding, SourceFile
from pipeline.integration import Attachment, TestCase
from pipeline.model import Value
from pipeline.plan.edits import PlanEdit
from pipeline.plan.model import Plan, Scope


class Request(Value):
    """What was asked: the first message and its attachments."""

    text: str
    attachments: list[Attachment] = []
    today: str  # YYYY-MM-DD, for facts' dates and relative times


class Draft(Value):
    """An integration as the analyst sees it."""

    request: Request
    plan: Plan
    files: list[SourceFile] = []  # the newest code, where there is some


class Interpretation(Value):
    """What a message in the thread means for the plan. All empty: it was not for Weft."""

    edits: list[PlanEdit] = []
    test_cases: list[TestCase] = []
    answer: str = ""  # to a question, or why an edit can't be made
    restated: str = ""  # what the message asks for, in the analyst's words


class Turn(Value):
    """Something that was said in the thread before, and what Weft answered."""

    said: str
    answered: str = ""


class Repair(Value):
    """What should mend findings, and why it does not mend all of them."""

    edits: list[PlanEdit] = []
    not_mended: str = ""


class Analyst(Protocol):
    """Reads people and APIs. It fills in and edits the plan; it never writes files."""

    name: str

    def scope(self, request: Request) -> Scope: ...

    def research(self, request: Request, report: Callable[[str], None]) -> Plan:
        """The whole plan, scope included. OffGround when it does not know enough."""
        ...

    def interpret(self, message: str, draft: Draft, earlier: Sequence[Turn] = ()) -> Interpretation:
        """`earlier` tells what the message may refer to."""
        ...

    def repair(self, findings: Sequence[Finding], draft: Draft) -> Repair: ...
