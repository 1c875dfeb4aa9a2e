"""What the steps made: each content once, and who made it when."""

import json
from collections.abc import Sequence

from pydantic import TypeAdapter
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from pipeline.artifacts import Artifact, Made, StepName
from pipeline.errors import StoreError
from pipeline.model import digest
from store.bodies import read
from store.database import Database
from store.tables import ArtifactRow, IntegrationRow, MadeRow

_ARTIFACT: TypeAdapter[Artifact] = TypeAdapter(Artifact)


class SqlArtifacts:
    """The part of `IntegrationStore` that keeps artifacts."""

    _database: Database

    def put_artifact(self, integration_id: str, step: StepName, made: Made) -> str:
        """Keep an artifact; doing so again, after a crash say, changes nothing."""
        content = made.artifact.model_dump(mode="json")
        artifact_digest = digest(content)
        body = json.dumps(content)
        with self._database.writing(lock=f"artifact {artifact_digest}") as session:
            if session.get(IntegrationRow, integration_id, with_for_update=True) is None:
                raise KeyError(integration_id)
            if session.get(ArtifactRow, artifact_digest) is None:
                session.add(ArtifactRow(digest=artifact_digest, body=body))
                session.flush()
            latest = session.exec(
                _made(integration_id, step).order_by(col(MadeRow.number).desc())
            ).first()
            now = (artifact_digest, made.inputs_digest)
            if latest is None or (latest.digest, latest.inputs_digest) != now:
                session.add(
                    MadeRow(
                        integration_id=integration_id,
                        step=step,
                        digest=artifact_digest,
                        inputs_digest=made.inputs_digest,
                        made_at=made.made_at,
                    )
                )
        return artifact_digest

    def artifact(self, artifact_digest: str) -> Made:
        """As it was first made; KeyError where there is none."""
        first = select(MadeRow).where(MadeRow.digest == artifact_digest).order_by(_ORDER)
        with self._database.reading() as session:
            row = session.exec(first).first()
            if row is None:
                raise KeyError(artifact_digest)
            return _load(session, row)

    def artifacts(self, integration_id: str, step: StepName) -> Sequence[Made]:
        with self._database.reading() as session:
            rows = session.exec(_made(integration_id, step).order_by(_ORDER)).all()
            return [_load(session, row) for row in rows]


_ORDER = col(MadeRow.number)


def _made(integration_id: str, step: StepName) -> SelectOfScalar[MadeRow]:
    return select(MadeRow).where(MadeRow.integration_id == integration_id, MadeRow.step == step)


def _load(session: Session, row: MadeRow) -> Made:
    body = session.get_one(ArtifactRow, row.digest).body
    if digest(json.loads(body)) != row.digest:
        # approvals name digests: what is behind one must be what was approved
        raise StoreError(
            f"The saved artifact {row.digest[:12]} was altered in the database: "
            "restore it from a backup, or let the step run again."
        )
    return Made(
        artifact=read(_ARTIFACT, body), inputs_digest=row.inputs_digest, made_at=row.made_at
    )
