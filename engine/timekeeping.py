"""Due timers, the outbox, and the demonstration's clock. Functions never commit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine import incidents, runs
from engine.errors import NotFound, WorkflowFailed
from engine.models import Case, Incident, OutboxMessage, Setting, Timer
from engine.runs import Desk
from engine.views import Officer
from engine.working import find_instance

CLOCK_SHIFT = "clock_shift_seconds"
CaseName = tuple[str, str]
"""A council and the reference of one of its cases."""


def due_instances(
    session: Session, now: datetime, limit: int, of: CaseName | None = None
) -> Sequence[tuple[str, int]]:
    """Instances with due timers and how many each has, the longest due first."""
    due = (
        sa.select(Timer.instance_id, sa.func.count())
        .where(Timer.is_held.is_(False), Timer.due_at <= now)
        .group_by(Timer.instance_id)
        .order_by(sa.func.min(Timer.due_at))
        .limit(limit)
    )
    if of is not None:
        due = due.where(Timer.case_id.in_(_case_ids(of)))
    return [(instance_id, count) for instance_id, count in session.execute(due)]


def next_due(session: Session, of: CaseName | None = None) -> datetime | None:
    """When the next timer fires: of one case, or of all."""
    waiting = (
        sa.select(Timer.due_at)
        .where(Timer.is_held.is_(False))
        .order_by(Timer.due_at)
        .limit(1)
    )
    if of is not None:
        waiting = waiting.where(Timer.case_id.in_(_case_ids(of)))
    return session.scalar(waiting)


def _case_ids(of: CaseName) -> sa.Select[Any]:
    council, reference = of
    return sa.select(Case.id).where(
        Case.council == council, Case.reference == reference
    )


def fire(desk: Desk, instance_id: str) -> None:
    """Fire all that is due on an instance and run it on to the next people."""
    instance, case = find_instance(desk, instance_id)
    run = runs.resume(desk, instance, case)
    run.flow.fire()
    runs.settle(desk, run)


def hold(desk: Desk, instance_id: str, failure: WorkflowFailed) -> None:
    """A timer led to a step that broke: an incident waits, and the timer with it.

    The work beside it goes on."""
    instance, case = find_instance(desk, instance_id)
    incidents.add(
        desk,
        instance,
        case,
        process=failure.process,
        element=failure.element,
        message=str(failure),
    )
    due = desk.session.scalars(
        sa.select(Timer).where(
            Timer.instance_id == instance_id, Timer.due_at <= desk.now
        )
    ).all()
    for timer in due:
        timer.is_held = True
    instance.held = [timer.id for timer in due]


def retry(desk: Desk, incident_id: str, officer: Officer) -> None:
    """Try a failed step again; what it held back is due again.

    Raises WorkflowFailed where it breaks again, and then changes nothing. A step that
    broke when a task was completed waits for the task to be completed again."""
    incident = desk.session.get(Incident, incident_id)
    if incident is None or incident.council != officer.council:
        raise NotFound("There is no such incident.")
    if incident.resolved_at is not None:
        return
    instance, case = find_instance(desk, incident.instance_id)
    instance.held = []
    run = runs.resume(desk, instance, case)
    run.flow.fire()
    for failure in run.flow.failures:
        if (failure.process, failure.element) == (incident.process, incident.element):
            raise WorkflowFailed(failure.process, failure.element, failure.message)
    runs.settle(desk, run)
    incident.resolved_at = desk.now
    desk.session.execute(
        sa.update(Timer).where(Timer.instance_id == instance.id).values(is_held=False)
    )
    title = (
        "A failed step was tried again"
        if incident.task_id is None
        else "A failed step can be tried again: complete its task"
    )
    desk.note("incident_resolved", title, case, instance=instance)


def carry_out(desk: Desk, limit: int) -> int:
    """Carry out waiting effects: each becomes an event in its case's chronology.

    Letters are written to the chronology as asked for; sending them by post or
    e-mail is not part of this module."""
    rows = desk.session.execute(
        sa.select(OutboxMessage, Case)
        .join(Case, Case.id == OutboxMessage.case_id)
        .where(OutboxMessage.done_at.is_(None))
        .order_by(OutboxMessage.id)
        .limit(limit)
        .with_for_update(of=OutboxMessage, skip_locked=True)
    ).all()
    for message, case in rows:
        message.done_at = desk.now
        desk.note(
            "effect_carried_out",
            message.title,
            case,
            detail=_in_words(message.operation, message.parameters),
            data=dict(message.parameters),
        )
    return len(rows)


def _in_words(operation: str, wanted: Mapping[str, Any]) -> str:
    """Send letter: acknowledgement, to complainants."""
    about = [wanted.get(name) for name in ("template", "about", "notice")]
    said = [f"{operation}:", *(str(each) for each in about if each)][:2]
    to = f", to {wanted['to']}" if wanted.get("to") else ""
    return (" ".join(said) + to).replace("_", " ").capitalize()


def shift_clock(desk: Desk, to: datetime) -> None:
    """Move the demonstration's clock forward to a moment; never back."""
    if to <= desk.now:
        return
    row = desk.session.get(Setting, CLOCK_SHIFT)
    if row is None:
        row = Setting(name=CLOCK_SHIFT, value=0)
        desk.session.add(row)
    row.value = row.value + (to - desk.now).total_seconds()


def clock_shift(session: Session) -> timedelta:
    """How far the demonstration's clock is ahead of the machine's."""
    row = session.get(Setting, CLOCK_SHIFT)
    return timedelta(seconds=row.value if row is not None else 0)
