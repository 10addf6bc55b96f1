"""The tables. Every row belongs to a council; nothing outside `engine` sees them."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from engine.database import Base, Document, UtcDateTime


def new_id() -> str:
    return uuid.uuid4().hex


def own_id() -> Mapped[str]:
    return mapped_column(sa.String(36), primary_key=True, default=new_id)


def of_council() -> Mapped[str]:
    return mapped_column(sa.ForeignKey("councils.name"), index=True)


class Council(Base):
    __tablename__ = "councils"

    name: Mapped[str] = mapped_column(sa.String(60), primary_key=True)
    title: Mapped[str] = mapped_column(sa.String(200))
    next_case_number: Mapped[int] = mapped_column(default=1)


class Person(Base):
    """Somebody who can sign in."""

    __tablename__ = "people"

    id: Mapped[str] = own_id()
    council: Mapped[str] = of_council()
    username: Mapped[str] = mapped_column(sa.String(120), unique=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    email: Mapped[str] = mapped_column(sa.String(254))
    roles: Mapped[list[str]] = mapped_column(Document)
    password_hash: Mapped[str] = mapped_column(sa.String(200))
    is_active: Mapped[bool] = mapped_column(default=True)
    failed_sign_ins: Mapped[int] = mapped_column(default=0)
    locked_until_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class StoredFile(Base):
    """The content of a file that managers own, addressed by its SHA-256."""

    __tablename__ = "files"

    sha256: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    content: Mapped[bytes] = mapped_column(sa.LargeBinary)


class StoredDefinition(Base):
    """A process with everything that it needs: file names to content hashes."""

    __tablename__ = "definitions"

    hash: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    process: Mapped[str] = mapped_column(sa.String(120))
    files: Mapped[dict[str, str]] = mapped_column(Document)


class Version(Base):
    """A definition published by a council: the newest one starts new instances."""

    __tablename__ = "versions"
    __table_args__ = (sa.UniqueConstraint("council", "process", "number"),)

    id: Mapped[str] = own_id()
    council: Mapped[str] = of_council()
    process: Mapped[str] = mapped_column(sa.String(120))
    number: Mapped[int]
    definition_hash: Mapped[str] = mapped_column(sa.ForeignKey("definitions.hash"))
    note: Mapped[str] = mapped_column(sa.Text, default="")
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)
    published_by: Mapped[str] = mapped_column(sa.String(200), default="")
    release_number: Mapped[int | None]
    """Of the council's release that it came with."""
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the process was taken out: nothing starts on it from then on."""


class Case(Base):
    """One place under investigation."""

    __tablename__ = "cases"
    __table_args__ = (
        sa.UniqueConstraint("council", "reference"),
        sa.Index("ix_cases_list", "council", "status", "received_on"),
        sa.Index("ix_cases_immune", "immune_on", "council"),
    )

    id: Mapped[str] = own_id()
    council: Mapped[str] = of_council()
    reference: Mapped[str] = mapped_column(sa.String(30))
    address: Mapped[str] = mapped_column(sa.Text)
    postcode: Mapped[str] = mapped_column(sa.String(12), default="")
    ward: Mapped[str] = mapped_column(sa.String(120), default="")
    uprn: Mapped[str] = mapped_column(sa.String(20), default="")
    description: Mapped[str] = mapped_column(sa.Text)
    breach_type: Mapped[str] = mapped_column(sa.String(60))
    status: Mapped[str] = mapped_column(sa.String(30), default="not_started")
    outcome: Mapped[str] = mapped_column(sa.Text, default="")
    outcome_element: Mapped[str] = mapped_column(sa.String(120), default="")
    priority: Mapped[int | None]
    harm_score: Mapped[int | None]
    officer_id: Mapped[str | None] = mapped_column(sa.ForeignKey("people.id"))
    received_on: Mapped[date]
    closed_on: Mapped[date | None]
    immune_on: Mapped[date | None]
    counters: Mapped[dict[str, int]] = mapped_column(Document, default=dict)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


class BreachReport(Base):
    """A report received. The complainant's details are read by permission only."""

    __tablename__ = "reports"

    id: Mapped[str] = own_id()
    council: Mapped[str] = of_council()
    case_id: Mapped[str] = mapped_column(sa.ForeignKey("cases.id"), index=True)
    received_on: Mapped[date]
    channel: Mapped[str] = mapped_column(sa.String(30))
    description: Mapped[str] = mapped_column(sa.Text)
    harm_described: Mapped[str] = mapped_column(sa.Text, default="")
    how_known: Mapped[str] = mapped_column(sa.String(40))
    is_anonymous: Mapped[bool]
    complainant_name: Mapped[str] = mapped_column(sa.Text, default="")
    complainant_address: Mapped[str] = mapped_column(sa.Text, default="")
    complainant_email: Mapped[str] = mapped_column(sa.Text, default="")
    complainant_phone: Mapped[str] = mapped_column(sa.Text, default="")
    complainant_relation: Mapped[str] = mapped_column(sa.String(40), default="")


class Breach(Base):
    """One alleged breach: a projection of the case's facts, for clocks and lists."""

    __tablename__ = "breaches"

    case_id: Mapped[str] = mapped_column(sa.ForeignKey("cases.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    council: Mapped[str] = of_council()
    content: Mapped[dict[str, Any]] = mapped_column(Document)
    last_day_to_issue: Mapped[date | None] = mapped_column(index=True)


class Instance(Base):
    """One process running on a case. Its state holds no copy of the diagram."""

    __tablename__ = "instances"
    __table_args__ = (
        sa.Index("ix_instances_running", "council", "process", "ended_at"),
    )

    id: Mapped[str] = own_id()
    council: Mapped[str] = of_council()
    case_id: Mapped[str] = mapped_column(sa.ForeignKey("cases.id"), index=True)
    process: Mapped[str] = mapped_column(sa.String(120))
    title: Mapped[str] = mapped_column(sa.String(200))
    definition_hash: Mapped[str] = mapped_column(sa.ForeignKey("definitions.hash"))
    notice: Mapped[str] = mapped_column(sa.String(30), default="")
    is_main: Mapped[bool] = mapped_column(default=False)
    """It is the life of the case itself: its end closes the case."""
    state: Mapped[str] = mapped_column(sa.Text)
    facts: Mapped[str] = mapped_column(sa.Text)
    awaits: Mapped[list[dict[str, str]]] = mapped_column(Document, default=list)
    held: Mapped[list[str]] = mapped_column(Document, default=list)
    """The timers whose step broke: they wait until a manager tries again."""
    standing: Mapped[list[list[str]] | None] = mapped_column(Document)
    """Where its tokens are, as (process, element); None where it has not moved since
    that was first kept."""
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    end_element: Mapped[str] = mapped_column(sa.String(120), default="")
    outcome: Mapped[str] = mapped_column(sa.Text, default="")
    steps: Mapped[int] = mapped_column(default=0)

    case: Mapped[Case] = relationship(lazy="raise")


class Task(Base):
    """One thing a person must do: a projection of the running process."""

    __tablename__ = "tasks"
    __table_args__ = (
        sa.Index("ix_tasks_worklist", "council", "state", "role", "due_at"),
        sa.Index("ix_tasks_assignee", "assignee_id", "state", "due_at"),
        sa.Index("ix_tasks_instance", "instance_id", "state"),
        sa.Index("ix_tasks_case", "case_id", "state"),
        sa.Index("ix_tasks_process", "council", "process", "state"),
    )

    id: Mapped[str] = mapped_column(sa.String(36), primary_key=True)
    council: Mapped[str] = of_council()
    case_id: Mapped[str] = mapped_column(sa.ForeignKey("cases.id"))
    instance_id: Mapped[str] = mapped_column(sa.ForeignKey("instances.id"))
    process: Mapped[str] = mapped_column(sa.String(120))
    element: Mapped[str] = mapped_column(sa.String(120))
    scope: Mapped[str] = mapped_column(sa.String(80), default="")
    item_index: Mapped[str] = mapped_column(sa.String(80), default="")
    item_label: Mapped[str] = mapped_column(sa.Text, default="")
    title: Mapped[str] = mapped_column(sa.Text)
    role: Mapped[str] = mapped_column(sa.String(40))
    form: Mapped[str] = mapped_column(sa.String(120))
    state: Mapped[str] = mapped_column(sa.String(20), default="ready")
    assignee_id: Mapped[str | None] = mapped_column(sa.ForeignKey("people.id"))
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    due_on: Mapped[date | None]
    period: Mapped[str] = mapped_column(sa.String(80), default="")
    """What its due date was counted by; kept when the date has passed."""
    trigger: Mapped[Any] = mapped_column(Document, nullable=True)
    pauses: Mapped[list[Any]] = mapped_column(Document, default=list)
    is_escalated: Mapped[bool] = mapped_column(default=False)
    escalates: Mapped[str | None] = mapped_column(sa.String(80))
    draft: Mapped[dict[str, Any] | None] = mapped_column(Document)
    answers: Mapped[dict[str, Any] | None] = mapped_column(Document)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    completed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    completed_by_id: Mapped[str | None] = mapped_column(sa.ForeignKey("people.id"))

    assignee: Mapped[Person | None] = relationship(
        foreign_keys=[assignee_id], lazy="raise"
    )
    completed_by: Mapped[Person | None] = relationship(
        foreign_keys=[completed_by_id], lazy="raise"
    )
    case: Mapped[Case] = relationship(lazy="raise")
    instance: Mapped[Instance] = relationship(lazy="raise")


class Timer(Base):
    """A date that a running process waits for. The sweep reads only the due ones."""

    __tablename__ = "timers"
    __table_args__ = (sa.Index("ix_timers_due", "is_held", "due_at"),)

    id: Mapped[str] = mapped_column(sa.String(160), primary_key=True)
    council: Mapped[str] = of_council()
    case_id: Mapped[str] = mapped_column(sa.ForeignKey("cases.id"), index=True)
    instance_id: Mapped[str] = mapped_column(sa.ForeignKey("instances.id"), index=True)
    process: Mapped[str] = mapped_column(sa.String(120))
    element: Mapped[str] = mapped_column(sa.String(120))
    title: Mapped[str] = mapped_column(sa.Text)
    task_id: Mapped[str | None] = mapped_column(sa.String(36))
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_on: Mapped[date | None]
    period: Mapped[str] = mapped_column(sa.String(80), default="")
    trigger: Mapped[Any] = mapped_column(Document, nullable=True)
    pauses: Mapped[list[Any]] = mapped_column(Document, default=list)
    moved_from_on: Mapped[date | None]
    is_held: Mapped[bool] = mapped_column(default=False)
    """An incident stands in its way: the sweep passes it by until it is mended."""


class CaseEvent(Base):
    """What happened. Rows are only ever added."""

    __tablename__ = "events"
    __table_args__ = (
        sa.Index("ix_events_case", "case_id", "id"),
        sa.Index("ix_events_kind", "council", "kind", "at"),
    )

    id: Mapped[int] = mapped_column(
        sa.BigInteger().with_variant(sa.Integer, "sqlite"),
        primary_key=True,
        autoincrement=True,
    )
    council: Mapped[str] = of_council()
    case_id: Mapped[str | None] = mapped_column(sa.ForeignKey("cases.id"))
    instance_id: Mapped[str | None] = mapped_column(sa.ForeignKey("instances.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    kind: Mapped[str] = mapped_column(sa.String(40))
    title: Mapped[str] = mapped_column(sa.Text)
    detail: Mapped[str] = mapped_column(sa.Text, default="")
    by_id: Mapped[str | None] = mapped_column(sa.ForeignKey("people.id"))
    by_name: Mapped[str] = mapped_column(sa.String(200), default="")
    process: Mapped[str] = mapped_column(sa.String(120), default="")
    element: Mapped[str] = mapped_column(sa.String(120), default="")
    data: Mapped[dict[str, Any]] = mapped_column(Document, default=dict)


class Notice(Base):
    """A notice on a case, as the diagrams issue and change it."""

    __tablename__ = "notices"
    __table_args__ = (sa.UniqueConstraint("case_id", "reference"),)

    id: Mapped[str] = own_id()
    council: Mapped[str] = of_council()
    case_id: Mapped[str] = mapped_column(sa.ForeignKey("cases.id"), index=True)
    reference: Mapped[str] = mapped_column(sa.String(30))
    kind: Mapped[str] = mapped_column(sa.String(60))
    status: Mapped[str] = mapped_column(sa.String(30))
    issued_on: Mapped[date | None]
    effective_on: Mapped[date | None]
    changed_on: Mapped[date | None]


class Message(Base):
    """A BPMN message between processes of one case, kept until somebody waits."""

    __tablename__ = "messages"
    __table_args__ = (sa.Index("ix_messages_waiting", "case_id", "delivered_at"),)

    id: Mapped[str] = own_id()
    council: Mapped[str] = of_council()
    case_id: Mapped[str] = mapped_column(sa.ForeignKey("cases.id"))
    name: Mapped[str] = mapped_column(sa.String(120))
    notice: Mapped[str] = mapped_column(sa.String(30), default="")
    payload: Mapped[Any] = mapped_column(Document)
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime)
    delivered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    delivered_to: Mapped[str | None] = mapped_column(sa.ForeignKey("instances.id"))


class OutboxMessage(Base):
    """Something that a service task wants done, once, after the commit."""

    __tablename__ = "outbox"
    __table_args__ = (sa.Index("ix_outbox_waiting", "done_at", "id"),)

    id: Mapped[int] = mapped_column(
        sa.BigInteger().with_variant(sa.Integer, "sqlite"),
        primary_key=True,
        autoincrement=True,
    )
    key: Mapped[str] = mapped_column(sa.String(120), unique=True)
    council: Mapped[str] = of_council()
    case_id: Mapped[str] = mapped_column(sa.ForeignKey("cases.id"))
    instance_id: Mapped[str] = mapped_column(sa.ForeignKey("instances.id"))
    title: Mapped[str] = mapped_column(sa.Text)
    """What the diagram calls the step that asked for it."""
    operation: Mapped[str] = mapped_column(sa.String(60))
    parameters: Mapped[dict[str, Any]] = mapped_column(Document)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Incident(Base):
    """A step that failed and waits for repair."""

    __tablename__ = "incidents"
    __table_args__ = (sa.Index("ix_incidents_open", "council", "resolved_at"),)

    id: Mapped[str] = own_id()
    council: Mapped[str] = of_council()
    case_id: Mapped[str] = mapped_column(sa.ForeignKey("cases.id"), index=True)
    instance_id: Mapped[str] = mapped_column(sa.ForeignKey("instances.id"))
    task_id: Mapped[str | None] = mapped_column(sa.String(36))
    process: Mapped[str] = mapped_column(sa.String(120))
    element: Mapped[str] = mapped_column(sa.String(120))
    message: Mapped[str] = mapped_column(sa.Text)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    resolved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Setting(Base):
    """A value that all processes of this installation share."""

    __tablename__ = "settings"

    name: Mapped[str] = mapped_column(sa.String(60), primary_key=True)
    value: Mapped[Any] = mapped_column(Document)
