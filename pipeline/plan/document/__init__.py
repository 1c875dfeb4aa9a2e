"""The research document of a plan: Markdown, with a source for every fact."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.plan.document.data import data_section, decisions
from pipeline.plan.document.endpoints import endpoint_section
from pipeline.plan.document.patterns import pattern_sections
from pipeline.plan.document.systems import system_section
from pipeline.plan.markdown import escape
from pipeline.plan.model import Plan

if TYPE_CHECKING:
    from pipeline.catalogue.catalogue import Catalogue


def research_document(plan: Plan, catalogue: Catalogue) -> str:
    """The document in four sections; values of one user stay out of it."""
    parts = [
        f"# {escape(plan.title)}",
        escape(plan.summary),
        "## System & Authentication",
        *(system_section(plan, system, catalogue) for system in plan.systems),
        "## API Endpoints",
        *(endpoint_section(plan, workflow, catalogue) for workflow in plan.workflows),
        "## Integration Patterns",
        *pattern_sections(plan, catalogue),
        "## Data & Transformations",
        *(data_section(workflow, catalogue) for workflow in plan.workflows),
        *decisions(plan),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"
