"""One integration as a step sees it: its inputs, frozen, and what earlier steps made."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from pipeline.artifacts import (
    Connections,
    GeneratedProject,
    GeneratedTests,
    Made,
    Research,
    ScopeVerdict,
    SourceFile,
    StepName,
    SystemSetup,
    Verification,
)
from pipeline.catalogue.catalogue import Catalogue
from pipeline.integration import Attachment, Integration
from pipeline.model import digest
from pipeline.plan.apply import replay_what_fits
from pipeline.plan.edits import PlanEdit
from pipeline.plan.model import Plan
from pipeline.ports import Draft, IntegrationStore, Request


@dataclass(frozen=True)
class Case:
    integration: Integration
    made: dict[StepName, Made]
    base_catalogue: Catalogue

    @cached_property
    def catalogue(self) -> Catalogue:
        """What Weft knows, and the systems that people described in this thread."""
        catalogue = self.base_catalogue
        for attachment in self.attachments:
            catalogue = catalogue.with_spec(attachment.name, attachment.content)
        return catalogue.with_learned(self.integration.learned)

    @property
    def attachments(self) -> list[Attachment]:
        said = self.integration.messages[: self.integration.messages_read]
        return [
            item for message in [self.integration.request, *said] for item in message.attachments
        ]

    @property
    def request(self) -> Request:
        return Request(
            text=self.integration.request.text,
            attachments=self.attachments,
            today=self.integration.created_at.date().isoformat(),
        )

    @property
    def scope(self) -> ScopeVerdict:
        artifact = self.made["scope"].artifact
        assert isinstance(artifact, ScopeVerdict)
        return artifact

    @property
    def has_plan(self) -> bool:
        return "research" in self.made

    @property
    def plan(self) -> Plan:
        """The research's plan with everything that people changed, in order."""
        return self._replayed[0]

    @property
    def lapsed_edits(self) -> list[str]:
        """Why some of what people changed no longer fits the newest research."""
        return self._replayed[1]

    def plan_with(self, edits: Sequence[PlanEdit]) -> Plan:
        return self._replay(edits)[0]

    @cached_property
    def _replayed(self) -> tuple[Plan, list[str]]:
        return self._replay(self.integration.edits)

    def _replay(self, edits: Sequence[PlanEdit]) -> tuple[Plan, list[str]]:
        artifact = self.made["research"].artifact
        assert isinstance(artifact, Research)
        asked = [*artifact.plan.questions, *self.integration.questions]
        base = artifact.plan.model_copy(update={"questions": asked})
        return replay_what_fits(base, edits, self.catalogue)

    @property
    def draft(self) -> Draft:
        return Draft(
            request=self.request, plan=self.plan, files=self.files if self.has_code else []
        )

    @property
    def setup(self) -> SystemSetup:
        artifact = self.made["systems"].artifact
        assert isinstance(artifact, SystemSetup)
        return artifact

    @property
    def connections(self) -> Connections:
        artifact = self.made["connections"].artifact
        assert isinstance(artifact, Connections)
        return artifact

    @property
    def has_code(self) -> bool:
        return self.made.keys() >= {"codegen", "testing"}

    @property
    def files(self) -> list[SourceFile]:
        """The whole generated project with its tests, sorted by path."""
        found: list[SourceFile] = []
        for step in ("codegen", "testing"):
            artifact = self.made[step].artifact
            assert isinstance(artifact, GeneratedProject | GeneratedTests)
            found += artifact.files
        return sorted(found, key=lambda file: file.path)

    @property
    def project_digest(self) -> str:
        return digest([file.model_dump() for file in self.files])

    @property
    def verification(self) -> Verification:
        artifact = self.made["verification"].artifact
        assert isinstance(artifact, Verification)
        return artifact

    @property
    def environment(self) -> str:
        """Where set-up and deployment happen; a person may still choose another."""
        return self.integration.environment or self.integration.environments[0]


def load_case(store: IntegrationStore, integration_id: str, catalogue: Catalogue) -> Case:
    """The integration as it stands now, with the artifacts that its steps point to."""
    integration = store.get(integration_id)
    made = {
        step: store.artifact(state.artifact)
        for step, state in integration.steps.items()
        if state.artifact is not None
    }
    return Case(integration=integration, made=made, base_catalogue=catalogue)
