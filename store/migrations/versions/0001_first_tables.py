"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_integrations()
    _create_artifacts()
    _create_outbox()
    _create_vault()
    _create_installations()


def _create_integrations() -> None:
    op.create_table(
        "integration",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("team", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("thread", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("team", "channel", "thread"),
    )
    op.create_index("ix_integration_status", "integration", ["status"])
    op.create_table(
        "event",
        sa.Column("integration_id", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["integration_id"], ["integration.id"]),
        sa.PrimaryKeyConstraint("integration_id", "key"),
    )
    op.create_table(
        "effect",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("integration_id", sa.String(), nullable=False),
        sa.Column("effect_class", sa.String(), nullable=False),
        sa.Column("done", sa.Boolean(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_index("ix_effect_integration_id", "effect", ["integration_id"])


def _create_artifacts() -> None:
    op.create_table(
        "artifact",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("digest"),
    )
    op.create_table(
        "made",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("integration_id", sa.String(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("inputs_digest", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["digest"], ["artifact.digest"]),
        sa.ForeignKeyConstraint(["integration_id"], ["integration.id"]),
        sa.PrimaryKeyConstraint("number"),
    )
    op.create_index("ix_made_digest", "made", ["digest"])
    op.create_index("ix_made_step", "made", ["integration_id", "step", "number"])


def _create_outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("integration_id", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("offered_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("message_ref", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["integration_id"], ["integration.id"]),
        sa.PrimaryKeyConstraint("number"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_outbox_key", "outbox", ["integration_id", "key", "number"])
    op.create_index(
        "ix_outbox_unposted",
        "outbox",
        ["number"],
        sqlite_where=sa.text("posted_at IS NULL"),
        postgresql_where=sa.text("posted_at IS NULL"),
    )


def _create_vault() -> None:
    op.create_table(
        "vault_entry",
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("team", sa.String(), nullable=False),
        sa.Column("integration_id", sa.String(), nullable=False),
        sa.Column("system", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("reference"),
    )
    op.create_index("ix_vault_entry_integration_id", "vault_entry", ["integration_id"])
    op.create_table(
        "vault_field",
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("key_id", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["reference"], ["vault_entry.reference"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("reference", "name"),
    )
    op.create_index("ix_vault_field_key_id", "vault_field", ["key_id"])


def _create_installations() -> None:
    op.create_table(
        "installation",
        sa.Column("enterprise", sa.String(), nullable=False),
        sa.Column("team", sa.String(), nullable=False),
        sa.Column("user", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("key_id", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("enterprise", "team", "user", "kind"),
    )
    op.create_index("ix_installation_key_id", "installation", ["key_id"])


def downgrade() -> None:
    op.drop_table("vault_field")
    op.drop_table("outbox")
    op.drop_table("made")
    op.drop_table("event")
    op.drop_table("vault_entry")
    op.drop_table("integration")
    op.drop_table("installation")
    op.drop_table("effect")
    op.drop_table("artifact")
