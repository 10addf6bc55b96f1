"""What the engine shows: frozen dataclasses, never database rows.

Moments end in `_at` and are UTC; legal dates end in `_on`. Ids are strings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, TypeVar

from engine.forms.form_model import Option

Row = TypeVar("Row")


@dataclass(frozen=True, kw_only=True)
class Officer:
    """Somebody who can sign in."""

    id: str
    username: str
    name: str
    email: str
    roles: tuple[str, ...]
    council: str
    council_name: str
    is_active: bool = True

    def has_role(self, role: str) -> bool:
        return role in self.roles


@dataclass(frozen=True, kw_only=True)
class Reason:
    """Why a date is what it is, for a person to read."""

    key: str
    title: str
    section: str
    trigger: date | datetime | None
    alternatives: tuple[tuple[date | datetime, str], ...]
    date: date | datetime | None
    date_is: str
    """`last_day` or `first_day`."""
    lines: tuple[str, ...]
    is_confirmed: bool
    """Whether a solicitor has confirmed the period; shown wherever it is not."""
    is_statutory: bool
    source: str
    confidence: str


@dataclass(frozen=True, kw_only=True)
class TaskLine:
    """One row of a worklist."""

    id: str
    element: str
    title: str
    process: str
    process_title: str
    role: str
    state: str
    """`ready`, `completed` or `cancelled`."""
    case_reference: str
    case_address: str
    case_priority: int | None
    assignee_id: str | None
    assignee_name: str | None
    due_on: date | None
    """The last lawful or target day, where the date is a day."""
    due_at: datetime | None
    """The moment at which it is late."""
    is_overdue: bool
    is_escalated: bool
    """A manager or legal has been brought in beside it."""
    is_escalation: bool
    """It is itself the task of the person brought in."""
    immune_on: date | None
    """The first of the case's last days to issue."""
    is_immune_soon: bool
    item_label: str
    """Which recipient, breach or step it is about, where there are several."""
    created_at: datetime
    instance_id: str
    notice: str


@dataclass(frozen=True, kw_only=True)
class DeadlineLine:
    """A date that the case waits for."""

    id: str
    element: str
    title: str
    process: str
    due_at: datetime
    on: date | None
    is_late: bool
    task_id: str | None
    task_title: str
    reason: Reason | None
    moved_from: date | None
    """What it was before a fact changed."""


@dataclass(frozen=True, kw_only=True)
class TaskView(TaskLine):
    """A task with all that its page shows."""

    form: Mapping[str, Any]
    """The form-js schema."""
    facts: Mapping[str, Any]
    """What the form's defaults, options and rules may read."""
    initial: Mapping[str, Any]
    """What each question shows before anyone answered: its default from the case."""
    choices: Mapping[str, tuple[Option, ...]]
    """The choices of the questions that take them from the case."""
    draft: Mapping[str, Any]
    """What was saved without completing; empty where nothing was."""
    answers: Mapping[str, Any]
    """What was answered, once completed."""
    guidance: str
    reasons: tuple[Reason, ...]
    """Why it is due then; first the date that decides."""
    comes_next: tuple[str, ...]
    may_complete: bool
    may_not_because: str
    completed_by: str | None
    completed_at: datetime | None
    case: CaseLine


@dataclass(frozen=True, kw_only=True)
class BreachView:
    """One alleged breach with its immunity clock."""

    number: int
    type: str
    nature: str
    description: str
    began_on: date | None
    substantially_completed_on: date | None
    outcome: str
    last_day_to_issue: date | None
    is_immune: bool
    is_immune_soon: bool
    is_never_immune: bool
    needs_legal: bool
    immunity_lines: tuple[str, ...]
    immunity_rule: str


@dataclass(frozen=True, kw_only=True)
class ReportView:
    """One report of a breach. The complainant is None unless you may see them."""

    id: str
    received_on: date
    channel: str
    description: str
    harm_described: str
    how_known: str
    is_anonymous: bool
    complainant: ComplainantView | None


@dataclass(frozen=True, kw_only=True)
class ComplainantView:
    name: str
    address: str
    email: str
    phone: str
    relation: str


@dataclass(frozen=True, kw_only=True)
class EventView:
    """Something that happened, in the words of the chronology."""

    id: str
    at: datetime
    kind: str
    """e.g. `task_completed`, `timer_fired`, `date_moved`, `answers_corrected`."""
    title: str
    detail: str
    by: str
    """A person's name, or empty for the system."""
    process: str
    element: str
    data: Mapping[str, Any]
    """Answers by question for a completed task; before and after for a change."""


@dataclass(frozen=True, kw_only=True)
class NoticeView:
    reference: str
    kind: str
    status: str
    issued_on: date | None
    effective_on: date | None
    changed_on: date | None


@dataclass(frozen=True, kw_only=True)
class InstanceView:
    """One running or ended process on a case."""

    id: str
    process: str
    title: str
    notice: str
    started_at: datetime
    ended_at: datetime | None
    outcome: str
    end_element: str
    """The id of the end event that it reached."""
    definition: str
    """The content hash that it runs on, shortened."""


@dataclass(frozen=True, kw_only=True)
class IncidentView:
    id: str
    at: datetime
    process: str
    element: str
    message: str
    is_resolved: bool


@dataclass(frozen=True, kw_only=True)
class StartableProcess:
    """A process that may be started from the case page."""

    process: str
    label: str
    title: str
    notices: tuple[str, ...]
    """The notices it can be started for; empty where it needs none."""
    needs_notice: bool


@dataclass(frozen=True, kw_only=True)
class PersonView:
    """Somebody whom the case's facts name: an owner, an occupier, a recipient."""

    name: str
    interest: str
    address: str
    served_on: date | None
    method: str


@dataclass(frozen=True, kw_only=True)
class CaseLine:
    """One row of the case list."""

    reference: str
    address: str
    description: str
    breach_type: str
    status: str
    """`not_started`, `under_investigation` or `closed`."""
    outcome: str
    priority: int | None
    harm_score: int | None
    officer_name: str | None
    received_on: date
    closed_on: date | None
    immune_on: date | None
    is_immune_soon: bool
    open_tasks: int
    overdue_tasks: int


@dataclass(frozen=True, kw_only=True)
class CaseView(CaseLine):
    """A case with all that its page shows."""

    id: str
    ward: str
    breaches: tuple[BreachView, ...]
    reports: tuple[ReportView, ...]
    tasks: tuple[TaskLine, ...]
    completed_tasks: tuple[TaskLine, ...]
    deadlines: tuple[DeadlineLine, ...]
    events: tuple[EventView, ...]
    notices: tuple[NoticeView, ...]
    people: tuple[PersonView, ...]
    instances: tuple[InstanceView, ...]
    incidents: tuple[IncidentView, ...]
    startable: tuple[StartableProcess, ...]
    may_reopen: bool
    may_correct: bool


@dataclass(frozen=True, kw_only=True)
class Page(Generic[Row]):
    """A page of rows."""

    rows: tuple[Row, ...]
    number: int
    size: int
    total: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.size))


@dataclass(frozen=True, kw_only=True)
class Completed:
    """What completing a task led to."""

    case_reference: str
    next_tasks: tuple[TaskLine, ...]
    """The tasks that this step opened on the case, for anyone."""
    case_closed: bool
    outcome: str


@dataclass(frozen=True, kw_only=True)
class PeriodView:
    """One period or service standard, as the periods page shows it."""

    key: str
    title: str
    group: str
    section: str
    trigger: str
    rule: str
    length: str
    date_is: str
    source: str
    confidence: str
    is_confirmed: bool
    is_statutory: bool
    in_force: str
