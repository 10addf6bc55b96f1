"""The tables of the studio: drafts, releases, rehearsals, running cases that move."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from engine.database import Base, Document, UtcDateTime
from engine.models import of_council, own_id


class Release(Base):
    """All files of a council as they were published together."""

    __tablename__ = "releases"
    __table_args__ = (sa.UniqueConstraint("council", "number"),)

    id: Mapped[str] = own_id()
    council: Mapped[str] = of_council()
    number: Mapped[int]
    files: Mapped[dict[str, str]] = mapped_column(Document)
    """File name to SHA-256, as `library` names files; contents in `files`."""
    note: Mapped[str] = mapped_column(sa.Text, default="")
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)
    published_by: Mapped[str] = mapped_column(sa.String(200), default="")
    reviewed_by: Mapped[str] = mapped_column(sa.String(200), default="")
    safeguard_reason: Mapped[str] = mapped_column(sa.Text, default="")
    """Why a statutory safeguard was taken out, where one was."""
    law: Mapped[str] = mapped_column(sa.String(64), default="")
    """What the periods and the council's policy in it are known by; '' without."""
    changed_periods: Mapped[dict[str, int]] = mapped_column(Document, default=dict)
    """Each period that it changed, with how many open timers were counted by it."""
    rolled_back_to: Mapped[int | None]
    """The number of the release whose files these are again."""
    draft_id: Mapped[str | None] = mapped_column(sa.String(36))


class Draft(Base):
    """A change to the files of a council, made and reviewed before it is published."""

    __tablename__ = "drafts"
    __table_args__ = (sa.Index("ix_drafts_list", "council", "state"),)

    id: Mapped[str] = own_id()
    council: Mapped[str] = of_council()
    title: Mapped[str] = mapped_column(sa.String(200))
    note: Mapped[str] = mapped_column(sa.Text, default="")
    """What changes and why: becomes the note of the release."""
    state: Mapped[str] = mapped_column(sa.String(20), default="open")
    """open, in_review, approved, published, withdrawn."""
    base_release_id: Mapped[str] = mapped_column(sa.ForeignKey("releases.id"))
    revision: Mapped[int] = mapped_column(default=1)
    """Rises by one with every change of its files."""
    safeguard_reason: Mapped[str] = mapped_column(sa.Text, default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by_id: Mapped[str] = mapped_column(sa.ForeignKey("people.id"))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    submitted_by_id: Mapped[str | None] = mapped_column(sa.ForeignKey("people.id"))
    reviewed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reviewed_by_id: Mapped[str | None] = mapped_column(sa.ForeignKey("people.id"))
    reviewed_revision: Mapped[int | None]
    review_note: Mapped[str] = mapped_column(sa.Text, default="")
    publish_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    """When it is published by itself, where that was asked for."""
    failure: Mapped[str] = mapped_column(sa.Text, default="")
    """Why it could not be published when its time had come."""
    release_id: Mapped[str | None] = mapped_column(sa.ForeignKey("releases.id"))

    __mapper_args__ = {"version_id_col": revision, "version_id_generator": False}


class DraftFile(Base):
    """One file as a draft changes it. Without content the draft takes it out."""

    __tablename__ = "draft_files"

    draft_id: Mapped[str] = mapped_column(sa.ForeignKey("drafts.id"), primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(200), primary_key=True)
    council: Mapped[str] = of_council()
    sha256: Mapped[str | None] = mapped_column(sa.ForeignKey("files.sha256"))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_by_id: Mapped[str] = mapped_column(sa.ForeignKey("people.id"))


class DraftEvent(Base):
    """What happened to a draft: who, when, what. Rows are only ever added."""

    __tablename__ = "draft_events"

    id: Mapped[int] = mapped_column(
        sa.BigInteger().with_variant(sa.Integer, "sqlite"),
        primary_key=True,
        autoincrement=True,
    )
    council: Mapped[str] = of_council()
    draft_id: Mapped[str] = mapped_column(sa.ForeignKey("drafts.id"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    title: Mapped[str] = mapped_column(sa.Text)
    detail: Mapped[str] = mapped_column(sa.Text, default="")
    by_id: Mapped[str | None] = mapped_column(sa.ForeignKey("people.id"))
    by_name: Mapped[str] = mapped_column(sa.String(200), default="")
    data: Mapped[dict[str, Any]] = mapped_column(Document, default=dict)


class RehearsalRun(Base):
    """The stories told, or real cases' answers given again, on a draft's files."""

    __tablename__ = "rehearsals"
    __table_args__ = (sa.Index("ix_rehearsals_draft", "draft_id", "kind", "asked_at"),)

    id: Mapped[str] = own_id()
    council: Mapped[str] = of_council()
    draft_id: Mapped[str] = mapped_column(sa.ForeignKey("drafts.id"))
    kind: Mapped[str] = mapped_column(sa.String(20))
    """stories, replay, answers."""
    revision: Mapped[int]
    """Of the draft whose files were rehearsed."""
    state: Mapped[str] = mapped_column(sa.String(20), default="waiting", index=True)
    """waiting, running, finished, stopped, failed."""
    options: Mapped[dict[str, Any]] = mapped_column(Document, default=dict)
    total: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    failed: Mapped[int] = mapped_column(default=0)
    results: Mapped[dict[str, Any]] = mapped_column(Document, default=dict)
    message: Mapped[str] = mapped_column(sa.Text, default="")
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    asked_by_id: Mapped[str] = mapped_column(sa.ForeignKey("people.id"))
    beat_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """The last sign of life: one that is silent is taken over."""
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Play(Base):
    """A case played by hand on a draft: nothing but the story told so far."""

    __tablename__ = "plays"

    id: Mapped[str] = own_id()
    council: Mapped[str] = of_council()
    draft_id: Mapped[str] = mapped_column(sa.ForeignKey("drafts.id"), index=True)
    title: Mapped[str] = mapped_column(sa.String(200))
    story: Mapped[str] = mapped_column(sa.Text)
    """A scenario, as YAML."""
    by_id: Mapped[str] = mapped_column(sa.ForeignKey("people.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class InstanceMigration(Base):
    """Running cases of one process being moved to another version of it."""

    __tablename__ = "instance_migrations"
    __table_args__ = (sa.Index("ix_instance_migrations_list", "council", "process"),)

    id: Mapped[str] = own_id()
    council: Mapped[str] = of_council()
    process: Mapped[str] = mapped_column(sa.String(120))
    kind: Mapped[str] = mapped_column(sa.String(20), default="version")
    """version: they move to another; dates: they stay, and their dates are worked out
    again by periods that have changed."""
    to_hash: Mapped[str] = mapped_column(sa.ForeignKey("definitions.hash"))
    to_number: Mapped[int]
    """Of the version of the process that they move to."""
    state: Mapped[str] = mapped_column(sa.String(20), default="checking", index=True)
    """checking, checked, running, stopped, finished, undoing, undo_stopped, undone."""
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by_id: Mapped[str] = mapped_column(sa.ForeignKey("people.id"))
    by_id: Mapped[str | None] = mapped_column(sa.ForeignKey("people.id"))
    """Who started it, or had it undone: each case's chronology names them."""
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class MigratedInstance(Base):
    """One running process in a migration: can it move, and what became of it."""

    __tablename__ = "migrated_instances"
    __table_args__ = (
        sa.Index("ix_migrated_instances_state", "migration_id", "state"),
        sa.Index("ix_migrated_instances_instance", "instance_id"),
    )

    migration_id: Mapped[str] = mapped_column(
        sa.ForeignKey("instance_migrations.id"), primary_key=True
    )
    instance_id: Mapped[str] = mapped_column(
        sa.ForeignKey("instances.id"), primary_key=True
    )
    council: Mapped[str] = of_council()
    case_id: Mapped[str] = mapped_column(sa.ForeignKey("cases.id"))
    from_hash: Mapped[str] = mapped_column(sa.ForeignKey("definitions.hash"))
    to_hash: Mapped[str] = mapped_column(sa.ForeignKey("definitions.hash"))
    """Of its own process: one that calls the changed process moves too."""
    state: Mapped[str] = mapped_column(sa.String(20), default="unchecked")
    """unchecked, can_move, cannot_move, unchanged, moved, failed, undone, cannot_undo,
    ended."""
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    before: Mapped[dict[str, Any] | None] = mapped_column(Document)
    """What undoing needs: the state and the number of steps as they were."""
    at: Mapped[datetime | None] = mapped_column(UtcDateTime)
