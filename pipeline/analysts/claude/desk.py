"""What every stage works with: the API within its budget, the settings, what Weft knows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from anthropic.types import ToolUnionParam

from pipeline.analysts.assignment import current_assignment
from pipeline.analysts.claude.briefing import show_transforms
from pipeline.analysts.claude.catalogue_tools import catalogue_index
from pipeline.analysts.claude.configuration import Configuration, Work
from pipeline.analysts.claude.custom_transforms import TryTransform
from pipeline.analysts.claude.dialogue import Dialogue
from pipeline.analysts.claude.metered import MeteredApi, Report
from pipeline.analysts.claude.tools import Tool

if TYPE_CHECKING:
    from pipeline.catalogue.catalogue import Catalogue


@dataclass(frozen=True)
class Desk:
    api: MeteredApi
    configuration: Configuration
    catalogue: Catalogue
    try_transform: TryTransform

    @cached_property
    def index(self) -> str:
        return catalogue_index(self.catalogue) + show_transforms()

    def dialogue(
        self,
        stage: str,
        work: Work,
        *,
        tools: Sequence[Tool] = (),
        server_tools: Sequence[ToolUnionParam] = (),
        report: Report | None = None,
    ) -> Dialogue:
        """A new dialogue of a stage, which is also the name of its prompt.

        Without a report of its own, it reports to whoever watches the assignment.
        """
        return Dialogue(
            self.api,
            self.configuration,
            stage,
            work,
            index=self.index if work == "judging" else "",
            tools=tools,
            server_tools=server_tools,
            report=report or current_assignment().report,
        )
