"""Steps that failed and wait for repair. Functions take a desk and never commit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from engine.errors import WorkflowFailed
from engine.models import Case, Incident, Instance

if TYPE_CHECKING:
    from engine.runs import Desk, Run


def add(
    desk: Desk,
    instance: Instance,
    case: Case,
    *,
    process: str,
    element: str,
    message: str,
    task_id: str | None = None,
) -> None:
    """A step failed; the case goes on waiting where it was.

    One that fails again while its incident is open adds nothing to it."""
    open_already = desk.session.scalar(
        sa.select(Incident.id)
        .where(
            Incident.instance_id == instance.id,
            Incident.process == process,
            Incident.element == element,
            Incident.message == message,
            Incident.task_id.is_not_distinct_from(task_id),
            Incident.resolved_at.is_(None),
        )
        .limit(1)
    )
    if open_already is not None:
        return
    desk.session.add(
        Incident(
            council=case.council,
            case_id=case.id,
            instance_id=instance.id,
            task_id=task_id,
            process=process,
            element=element,
            message=message,
            at=desk.now,
        )
    )
    desk.note(
        "step_failed",
        "A step could not be carried out",
        case,
        instance=instance,
        process=process,
        element=element,
        detail=message,
    )


def add_failures(desk: Desk, run: Run) -> None:
    """The timers of a process whose dates could not be worked out."""
    for failure in run.flow.failures:
        add(
            desk,
            run.instance,
            run.case,
            process=failure.process,
            element=failure.element,
            message=failure.message,
        )


def fails_still(desk: Desk, incident_id: str, failure: WorkflowFailed) -> None:
    """The same step was tried again and failed: its incident says why it does now."""
    incident = desk.session.get(Incident, incident_id)
    if incident is None or incident.resolved_at is not None:
        return
    if (incident.process, incident.element) == (failure.process, failure.element):
        incident.message = str(failure)


def resolve_for_task(desk: Desk, task_id: str) -> None:
    """The task whose completion failed has been completed after all."""
    desk.session.execute(
        sa.update(Incident)
        .where(Incident.task_id == task_id, Incident.resolved_at.is_(None))
        .values(resolved_at=desk.now)
    )
