"""One statement of a message, with what of the plan it is about."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from pipeline.analysts.offline.request import Mention
from pipeline.catalogue.shape import Schema
from pipeline.plan.edits import PlanEdit
from pipeline.plan.model import Plan, Workflow
from pipeline.plan.schemas import entity_schema, source_schema

if TYPE_CHECKING:
    from pipeline.catalogue.catalogue import Catalogue


class Statement:
    """One statement of a message, with what it is about."""

    def __init__(self, text: str, plan: Plan, catalogue: Catalogue) -> None:
        self.text = text
        self.plan = plan
        self.catalogue = catalogue

    @cached_property
    def mentions(self) -> list[Mention]:
        names = {system.name: system.display_name for system in self.plan.systems}
        return [
            Mention(one.system, names[one.system], one.start, one.end)
            for one in self.catalogue.recognise(self.text)
            if one.system in names
        ]

    @cached_property
    def workflows(self) -> list[Workflow]:
        """The workflows that are named, else all."""
        named = [one for one in self.plan.workflows if one.name in self.text.lower()]
        return named or list(self.plan.workflows)

    def source(self, workflow: Workflow) -> Schema:
        return source_schema(self.catalogue, workflow) or {}

    def target(self, workflow: Workflow) -> Schema:
        return entity_schema(self.catalogue, workflow.target.system, workflow.target.entity) or {}

    def says(self, pattern: str) -> re.Match[str] | None:
        return re.search(pattern, self.text, re.I)


Reader = Callable[[Statement], Iterator[PlanEdit]]
