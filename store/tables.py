"""The tables. Bodies are JSON as text: PostgreSQL's own type refuses NUL, which people may send."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, Dialect, Index, Text, UniqueConstraint, text
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, SQLModel


class UtcDateTime(TypeDecorator[datetime]):
    """A time with UTC as its zone, on SQLite too, which keeps none."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None or value.tzinfo:
            return value.astimezone(UTC) if value else None
        return value.replace(tzinfo=UTC)  # type: ignore[no-any-return]  # the impl gives datetimes


_INTEGRATION = "integration.id"


class IntegrationRow(SQLModel, table=True):
    __tablename__ = "integration"
    __table_args__ = (UniqueConstraint("team", "channel", "thread"),)

    id: str = Field(primary_key=True)
    team: str
    channel: str
    thread: str
    status: str = Field(index=True)
    revision: int
    body: str = Field(sa_type=Text)


class EventRow(SQLModel, table=True):
    """An outside event that has had its effect on an integration."""

    __tablename__ = "event"

    integration_id: str = Field(primary_key=True, foreign_key=_INTEGRATION)
    key: str = Field(primary_key=True)


class ArtifactRow(SQLModel, table=True):
    __tablename__ = "artifact"

    digest: str = Field(primary_key=True)
    body: str = Field(sa_type=Text)


class MadeRow(SQLModel, table=True):
    """That a step of an integration made an artifact; `number` orders them."""

    __tablename__ = "made"
    __table_args__ = (Index("ix_made_step", "integration_id", "step", "number"),)

    number: int | None = Field(default=None, primary_key=True)
    integration_id: str = Field(foreign_key=_INTEGRATION)
    step: str
    digest: str = Field(foreign_key="artifact.digest", index=True)
    inputs_digest: str
    made_at: datetime = Field(sa_type=UtcDateTime)


class OutboxRow(SQLModel, table=True):
    """A reply to post. `offered_until` is set once a poster has been given it."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_key", "integration_id", "key", "number"),
        Index(
            "ix_outbox_unposted",
            "number",
            sqlite_where=text("posted_at IS NULL"),
            postgresql_where=text("posted_at IS NULL"),
        ),
        {"sqlite_autoincrement": True},
    )

    number: int | None = Field(default=None, primary_key=True)
    integration_id: str = Field(foreign_key=_INTEGRATION)
    key: str
    kind: str
    body: str = Field(sa_type=Text)
    offered_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    posted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    message_ref: str | None = None


class EffectRow(SQLModel, table=True):
    __tablename__ = "effect"

    key: str = Field(primary_key=True)
    integration_id: str = Field(index=True)
    effect_class: str
    done: bool = False
    result: str = Field(default="null", sa_type=Text)


class VaultEntryRow(SQLModel, table=True):
    """Where secrets belong; the secrets are its fields."""

    __tablename__ = "vault_entry"

    reference: str = Field(primary_key=True)
    team: str
    integration_id: str = Field(index=True)
    system: str


class VaultFieldRow(SQLModel, table=True):
    __tablename__ = "vault_field"

    reference: str = Field(
        primary_key=True, foreign_key="vault_entry.reference", ondelete="CASCADE"
    )
    name: str = Field(primary_key=True)
    key_id: str = Field(index=True)
    sealed: bytes


class InstallationRow(SQLModel, table=True):
    """What an installation in a workspace gave, sealed; absent ids are empty."""

    __tablename__ = "installation"

    enterprise: str = Field(primary_key=True)
    team: str = Field(primary_key=True)
    user: str = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    saved_at: datetime = Field(sa_type=UtcDateTime)
    key_id: str = Field(index=True)
    sealed: bytes


class ModelCallRow(SQLModel, table=True):
    """A request to a model; `tokens` is the sum that a workspace's limit counts."""

    __tablename__ = "model_call"
    __table_args__ = (Index("ix_model_call_team", "team", "at"),)

    number: int | None = Field(default=None, primary_key=True)
    integration_id: str = Field(index=True)
    team: str
    purpose: str
    model: str
    input_tokens: int
    cache_read_tokens: int
    cache_write_tokens: int
    output_tokens: int
    tokens: int
    searches: int
    cost: float | None = None
    seconds: float
    at: datetime = Field(sa_type=UtcDateTime)
    outcome: str
