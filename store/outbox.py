"""The outbox: replies saved with what caused them, posted after, in order."""

from collections.abc import Sequence
from datetime import timedelta

from pydantic import TypeAdapter
from sqlalchemy import update
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from pipeline.ports import Clock
from pipeline.replies import Posting, Reply
from store.bodies import read
from store.database import Database
from store.tables import OutboxRow

OFFER = timedelta(seconds=30)
OFFERED_AT_ONCE = 10  # few enough to be posted within OFFER, at Slack's one message a second

_REPLY: TypeAdapter[Reply] = TypeAdapter(Reply)


class SqlOutbox:
    """The part of `IntegrationStore` that keeps replies until they are posted."""

    _database: Database
    _clock: Clock

    def unposted(self, integration_id: str | None = None) -> Sequence[Posting]:
        """Offer replies to one poster, oldest first.

        For the time of OFFER nobody else is offered anything of the same integrations, so that
        several posters keep each thread's order; what was not marked by then is offered again.
        It gives OFFERED_AT_ONCE at most: whoever marked them asks again until nothing is left.
        """
        now = self._clock.now()
        waiting = col(OutboxRow.posted_at).is_(None)
        elsewhere = select(OutboxRow.integration_id).where(
            waiting, col(OutboxRow.offered_until) > now
        )
        free = (
            select(OutboxRow.number, OutboxRow.offered_until)
            .where(waiting, col(OutboxRow.integration_id).not_in(elsewhere))
            .order_by(col(OutboxRow.number))
            .limit(OFFERED_AT_ONCE)
        )
        if integration_id is not None:
            free = free.where(OutboxRow.integration_id == integration_id)
        with self._database.writing(lock="outbox") as session:
            before = dict(session.exec(free).all())
            # RETURNING, as a body may be superseded between a SELECT and the UPDATE
            offered = session.execute(
                update(OutboxRow)
                .where(col(OutboxRow.number).in_(before))
                .values(offered_until=now + OFFER)
                .returning(OutboxRow)
            ).scalars()
            return [
                _posting(row, offered_before=before[row.number] is not None)
                for row in sorted(offered, key=lambda row: row.number or 0)
            ]

    def mark_posted(self, number: int, message_ref: str) -> None:
        """Save where a reply went; a second time changes nothing. KeyError for no such number."""
        with self._database.writing() as session:
            row = session.get(OutboxRow, number, with_for_update=True)
            if row is None:
                raise KeyError(number)
            if row.posted_at is None:
                row.posted_at, row.message_ref = self._clock.now(), message_ref

    def last_reply(self, integration_id: str, reply_key: str) -> Reply | None:
        with self._database.reading() as session:
            row = session.exec(_of_key(integration_id, reply_key)).first()
            return read(_REPLY, row.body) if row else None

    def message_ref(self, integration_id: str, reply_key: str) -> str | None:
        posted = _of_key(integration_id, reply_key).where(col(OutboxRow.posted_at).is_not(None))
        with self._database.reading() as session:
            row = session.exec(posted).first()
            return row.message_ref if row else None


def queue(session: Session, integration_id: str, replies: Sequence[Reply]) -> None:
    """Append replies to the outbox, in the caller's transaction on the integration."""
    for reply in replies:
        if not _supersede(session, integration_id, reply):
            session.add(
                OutboxRow(
                    integration_id=integration_id,
                    key=reply.key,
                    kind=reply.kind,
                    body=reply.model_dump_json(),
                )
            )
            session.flush()


def _supersede(session: Session, integration_id: str, reply: Reply) -> bool:
    """Put a reply in the place of its key's last one, if no poster has seen that yet.

    Only of one kind: another kind of reply says something of its own.
    """
    last = session.exec(_of_key(integration_id, reply.key)).first()
    if last is None or last.kind != reply.kind:
        return False
    changed = session.connection().execute(
        update(OutboxRow)
        .where(col(OutboxRow.number) == last.number, col(OutboxRow.offered_until).is_(None))
        .values(body=reply.model_dump_json())
    )
    return changed.rowcount == 1


def _of_key(integration_id: str, key: str) -> SelectOfScalar[OutboxRow]:
    """The rows of one key, newest first."""
    return (
        select(OutboxRow)
        .where(OutboxRow.integration_id == integration_id, OutboxRow.key == key)
        .order_by(col(OutboxRow.number).desc())
    )


def _posting(row: OutboxRow, *, offered_before: bool) -> Posting:
    return Posting(
        number=row.number or 0,
        integration_id=row.integration_id,
        reply=read(_REPLY, row.body),
        offered_before=offered_before,
    )
