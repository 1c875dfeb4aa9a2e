"""Where integrations are kept."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from pipeline.artifacts import Made, StepName
from pipeline.effects import EffectLedger
from pipeline.integration import Integration
from pipeline.replies import Posting, Reply


class IntegrationStore(EffectLedger, Protocol):
    """Integrations, their artifacts, their outbox and their effects, in one database."""

    def add(self, integration: Integration) -> bool:
        """Save a new integration; False (and no change) where its thread already has one."""
        ...

    def get(self, integration_id: str) -> Integration:
        """KeyError where there is none."""
        ...

    def find(self, team: str, channel: str, thread: str) -> Integration | None: ...

    def change(
        self, integration_id: str, event_key: str | None = None
    ) -> AbstractContextManager[Integration]:
        """One transaction: load for writing, save what the block changed, queue what it said.

        `event_key` names the outside event that causes the change; the second time one comes,
        AlreadyHandled is raised before the block runs. An exception in the block undoes all.
        """
        ...

    def list(self, status: str | None = None) -> Sequence[Integration]: ...
    def put_artifact(self, integration_id: str, step: StepName, made: Made) -> str: ...
    def artifact(self, artifact_digest: str) -> Made: ...
    def artifacts(self, integration_id: str, step: StepName) -> Sequence[Made]:
        """All of one step, oldest first."""
        ...

    def unposted(self, integration_id: str | None = None) -> Sequence[Posting]: ...
    def mark_posted(self, number: int, message_ref: str) -> None: ...
    def last_reply(self, integration_id: str, reply_key: str) -> Reply | None:
        """What was last said under that key, posted or not."""
        ...

    def message_ref(self, integration_id: str, reply_key: str) -> str | None:
        """Where the reply of that key was posted."""
        ...
