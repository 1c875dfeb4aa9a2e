"""The eight steps, in order. A step reads frozen inputs and makes one artifact."""

from pipeline.steps import (
    codegen,
    connections,
    deployment,
    research,
    scope,
    systems,
    testing,
    verification,
)
from pipeline.steps.step import AnyStep

ALL: tuple[AnyStep, ...] = (
    scope.STEP,
    research.STEP,
    systems.STEP,
    connections.STEP,
    codegen.STEP,
    testing.STEP,
    verification.STEP,
    deployment.STEP,
)
