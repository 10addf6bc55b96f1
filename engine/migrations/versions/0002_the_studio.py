"""The studio"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "releases",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("council", sa.String(length=60), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("files", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by", sa.String(length=200), nullable=False),
        sa.Column("reviewed_by", sa.String(length=200), nullable=False),
        sa.Column("safeguard_reason", sa.Text(), nullable=False),
        sa.Column("law", sa.String(length=64), nullable=False),
        sa.Column("changed_periods", sa.Text(), nullable=False),
        sa.Column("rolled_back_to", sa.Integer(), nullable=True),
        sa.Column("draft_id", sa.String(length=36), nullable=True),
        sa.ForeignKeyConstraint(
            ["council"], ["councils.name"], name=op.f("fk_releases_council_councils")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_releases")),
        sa.UniqueConstraint(
            "council", "number", name=op.f("uq_releases_council_number")
        ),
    )
    with op.batch_alter_table("releases", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_releases_council"), ["council"], unique=False
        )

    op.create_table(
        "drafts",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("council", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("base_release_id", sa.String(length=36), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("safeguard_reason", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.String(length=36), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("submitted_by_id", sa.String(length=36), nullable=True),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reviewed_by_id", sa.String(length=36), nullable=True),
        sa.Column("reviewed_revision", sa.Integer(), nullable=True),
        sa.Column("review_note", sa.Text(), nullable=False),
        sa.Column("publish_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failure", sa.Text(), nullable=False),
        sa.Column("release_id", sa.String(length=36), nullable=True),
        sa.ForeignKeyConstraint(
            ["base_release_id"],
            ["releases.id"],
            name=op.f("fk_drafts_base_release_id_releases"),
        ),
        sa.ForeignKeyConstraint(
            ["council"], ["councils.name"], name=op.f("fk_drafts_council_councils")
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"],
            ["people.id"],
            name=op.f("fk_drafts_created_by_id_people"),
        ),
        sa.ForeignKeyConstraint(
            ["release_id"], ["releases.id"], name=op.f("fk_drafts_release_id_releases")
        ),
        sa.ForeignKeyConstraint(
            ["reviewed_by_id"],
            ["people.id"],
            name=op.f("fk_drafts_reviewed_by_id_people"),
        ),
        sa.ForeignKeyConstraint(
            ["submitted_by_id"],
            ["people.id"],
            name=op.f("fk_drafts_submitted_by_id_people"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drafts")),
    )
    with op.batch_alter_table("drafts", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_drafts_council"), ["council"], unique=False
        )
        batch_op.create_index("ix_drafts_list", ["council", "state"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_drafts_publish_at"), ["publish_at"], unique=False
        )

    op.create_table(
        "instance_migrations",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("council", sa.String(length=60), nullable=False),
        sa.Column("process", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("to_hash", sa.String(length=64), nullable=False),
        sa.Column("to_number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.String(length=36), nullable=False),
        sa.Column("by_id", sa.String(length=36), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["by_id"], ["people.id"], name=op.f("fk_instance_migrations_by_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["council"],
            ["councils.name"],
            name=op.f("fk_instance_migrations_council_councils"),
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"],
            ["people.id"],
            name=op.f("fk_instance_migrations_created_by_id_people"),
        ),
        sa.ForeignKeyConstraint(
            ["to_hash"],
            ["definitions.hash"],
            name=op.f("fk_instance_migrations_to_hash_definitions"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instance_migrations")),
    )
    with op.batch_alter_table("instance_migrations", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_instance_migrations_council"), ["council"], unique=False
        )
        batch_op.create_index(
            "ix_instance_migrations_list", ["council", "process"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_instance_migrations_state"), ["state"], unique=False
        )

    op.create_table(
        "draft_events",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("council", sa.String(length=60), nullable=False),
        sa.Column("draft_id", sa.String(length=36), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("by_id", sa.String(length=36), nullable=True),
        sa.Column("by_name", sa.String(length=200), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_id"], ["people.id"], name=op.f("fk_draft_events_by_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["council"],
            ["councils.name"],
            name=op.f("fk_draft_events_council_councils"),
        ),
        sa.ForeignKeyConstraint(
            ["draft_id"], ["drafts.id"], name=op.f("fk_draft_events_draft_id_drafts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_events")),
    )
    with op.batch_alter_table("draft_events", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_draft_events_council"), ["council"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_draft_events_draft_id"), ["draft_id"], unique=False
        )

    op.create_table(
        "draft_files",
        sa.Column("draft_id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("council", sa.String(length=60), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by_id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["changed_by_id"],
            ["people.id"],
            name=op.f("fk_draft_files_changed_by_id_people"),
        ),
        sa.ForeignKeyConstraint(
            ["council"], ["councils.name"], name=op.f("fk_draft_files_council_councils")
        ),
        sa.ForeignKeyConstraint(
            ["draft_id"], ["drafts.id"], name=op.f("fk_draft_files_draft_id_drafts")
        ),
        sa.ForeignKeyConstraint(
            ["sha256"], ["files.sha256"], name=op.f("fk_draft_files_sha256_files")
        ),
        sa.PrimaryKeyConstraint("draft_id", "name", name=op.f("pk_draft_files")),
    )
    with op.batch_alter_table("draft_files", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_draft_files_council"), ["council"], unique=False
        )

    op.create_table(
        "plays",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("council", sa.String(length=60), nullable=False),
        sa.Column("draft_id", sa.String(length=36), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("story", sa.Text(), nullable=False),
        sa.Column("by_id", sa.String(length=36), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_id"], ["people.id"], name=op.f("fk_plays_by_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["council"], ["councils.name"], name=op.f("fk_plays_council_councils")
        ),
        sa.ForeignKeyConstraint(
            ["draft_id"], ["drafts.id"], name=op.f("fk_plays_draft_id_drafts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plays")),
    )
    with op.batch_alter_table("plays", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plays_council"), ["council"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_plays_draft_id"), ["draft_id"], unique=False
        )

    op.create_table(
        "rehearsals",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("council", sa.String(length=60), nullable=False),
        sa.Column("draft_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("options", sa.Text(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("results", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by_id", sa.String(length=36), nullable=False),
        sa.Column("beat_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["asked_by_id"],
            ["people.id"],
            name=op.f("fk_rehearsals_asked_by_id_people"),
        ),
        sa.ForeignKeyConstraint(
            ["council"], ["councils.name"], name=op.f("fk_rehearsals_council_councils")
        ),
        sa.ForeignKeyConstraint(
            ["draft_id"], ["drafts.id"], name=op.f("fk_rehearsals_draft_id_drafts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rehearsals")),
    )
    with op.batch_alter_table("rehearsals", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_rehearsals_council"), ["council"], unique=False
        )
        batch_op.create_index(
            "ix_rehearsals_draft", ["draft_id", "kind", "asked_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_rehearsals_state"), ["state"], unique=False
        )

    op.create_table(
        "migrated_instances",
        sa.Column("migration_id", sa.String(length=36), nullable=False),
        sa.Column("instance_id", sa.String(length=36), nullable=False),
        sa.Column("council", sa.String(length=60), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("from_hash", sa.String(length=64), nullable=False),
        sa.Column("to_hash", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_migrated_instances_case_id_cases")
        ),
        sa.ForeignKeyConstraint(
            ["council"],
            ["councils.name"],
            name=op.f("fk_migrated_instances_council_councils"),
        ),
        sa.ForeignKeyConstraint(
            ["from_hash"],
            ["definitions.hash"],
            name=op.f("fk_migrated_instances_from_hash_definitions"),
        ),
        sa.ForeignKeyConstraint(
            ["instance_id"],
            ["instances.id"],
            name=op.f("fk_migrated_instances_instance_id_instances"),
        ),
        sa.ForeignKeyConstraint(
            ["migration_id"],
            ["instance_migrations.id"],
            name=op.f("fk_migrated_instances_migration_id_instance_migrations"),
        ),
        sa.ForeignKeyConstraint(
            ["to_hash"],
            ["definitions.hash"],
            name=op.f("fk_migrated_instances_to_hash_definitions"),
        ),
        sa.PrimaryKeyConstraint(
            "migration_id", "instance_id", name=op.f("pk_migrated_instances")
        ),
    )
    with op.batch_alter_table("migrated_instances", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_migrated_instances_council"), ["council"], unique=False
        )
        batch_op.create_index(
            "ix_migrated_instances_instance", ["instance_id"], unique=False
        )
        batch_op.create_index(
            "ix_migrated_instances_state", ["migration_id", "state"], unique=False
        )

    with op.batch_alter_table("events", schema=None) as batch_op:
        batch_op.create_index("ix_events_kind", ["council", "kind", "at"], unique=False)

    with op.batch_alter_table("incidents", schema=None) as batch_op:
        batch_op.create_index(
            "ix_incidents_open", ["council", "resolved_at"], unique=False
        )

    with op.batch_alter_table("instances", schema=None) as batch_op:
        batch_op.add_column(sa.Column("standing", sa.Text(), nullable=True))
        batch_op.create_index(
            "ix_instances_running", ["council", "process", "ended_at"], unique=False
        )

    with op.batch_alter_table("tasks", schema=None) as batch_op:
        batch_op.create_index(
            "ix_tasks_process", ["council", "process", "state"], unique=False
        )

    with op.batch_alter_table("versions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("release_number", sa.Integer(), nullable=True))
        batch_op.add_column(
            sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True)
        )
