"""Integrations, each changed in one transaction together with its events and replies."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from pydantic import TypeAdapter
from sqlalchemy import update
from sqlmodel import Session, col, select

from pipeline.errors import AlreadyHandled, StoreError
from pipeline.integration import Integration
from pipeline.ports import Clock
from store.artifacts import SqlArtifacts
from store.bodies import read
from store.database import Database
from store.effects import SqlEffects
from store.outbox import SqlOutbox, queue
from store.tables import EventRow, IntegrationRow

_INTEGRATION = TypeAdapter(Integration)


class SqlIntegrationStore(SqlArtifacts, SqlOutbox, SqlEffects):
    """The `IntegrationStore` port."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def add(self, integration: Integration) -> bool:
        thread = (integration.team, integration.channel, integration.thread)
        with self._database.writing(lock=f"thread {thread}") as session:
            if _of_thread(session, *thread) is not None:
                return False
            session.add(
                IntegrationRow(
                    id=integration.id,
                    team=integration.team,
                    channel=integration.channel,
                    thread=integration.thread,
                    status=integration.status,
                    revision=integration.revision,
                    body=integration.model_dump_json(),
                )
            )
            session.flush()
            queue(session, integration.id, integration.outbox)
        integration.outbox = []
        return True

    def get(self, integration_id: str) -> Integration:
        with self._database.reading() as session:
            row = session.get(IntegrationRow, integration_id)
            if row is None:
                raise KeyError(integration_id)
            return read(_INTEGRATION, row.body)

    def find(self, team: str, channel: str, thread: str) -> Integration | None:
        with self._database.reading() as session:
            row = _of_thread(session, team, channel, thread)
            return read(_INTEGRATION, row.body) if row else None

    def list(self, status: str | None = None) -> Sequence[Integration]:
        """In the order of their creation."""
        query = select(IntegrationRow).order_by(IntegrationRow.id)
        if status is not None:
            query = query.where(IntegrationRow.status == status)
        with self._database.reading() as session:
            return [read(_INTEGRATION, row.body) for row in session.exec(query)]

    @contextmanager
    def change(self, integration_id: str, event_key: str | None = None) -> Iterator[Integration]:
        with self._database.writing() as session:
            row = session.get(IntegrationRow, integration_id, with_for_update=True)
            if row is None:
                raise KeyError(integration_id)
            if event_key is not None:
                _note_event(session, integration_id, event_key)
            integration = read(_INTEGRATION, row.body)
            before = integration.model_dump_json()
            yield integration
            if integration.model_dump_json() != before:
                _save(session, integration, row.revision)
            queue(session, integration_id, integration.outbox)
        integration.outbox = []


def _of_thread(session: Session, team: str, channel: str, thread: str) -> IntegrationRow | None:
    return session.exec(
        select(IntegrationRow).where(
            IntegrationRow.team == team,
            IntegrationRow.channel == channel,
            IntegrationRow.thread == thread,
        )
    ).first()


def _note_event(session: Session, integration_id: str, event_key: str) -> None:
    if session.get(EventRow, (integration_id, event_key)) is not None:
        raise AlreadyHandled("That was handled already; nothing more was changed.")
    session.add(EventRow(integration_id=integration_id, key=event_key))
    session.flush()


def _save(session: Session, integration: Integration, revision: int) -> None:
    integration.revision = revision + 1
    changed = session.connection().execute(
        update(IntegrationRow)
        .where(col(IntegrationRow.id) == integration.id, col(IntegrationRow.revision) == revision)
        .values(
            status=integration.status,
            revision=integration.revision,
            body=integration.model_dump_json(),
        )
    )
    if changed.rowcount != 1:  # the row is locked: only a foreign hand in the database gets here
        raise StoreError("The integration was changed meanwhile; try again.", retryable=True)
