"""The definition by which a step is read: the one that its case follows, or, where the
case has moved on to one without that step, the last before it that had it."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine.bpmn.definitions import Definition
from engine.errors import NotFound
from engine.models import CaseEvent, Instance, Task
from engine.publishing import Library


def definition_of(
    session: Session, library: Library, instance: Instance, task: Task
) -> Definition:
    """The definition that draws a task and has its form. Raises NotFound."""
    definition = library.definition(session, instance.definition_hash)
    if _has(definition, task):
        return definition
    changes = session.scalars(
        sa.select(CaseEvent.data)
        .where(
            CaseEvent.case_id == task.case_id,
            CaseEvent.instance_id == instance.id,
            CaseEvent.kind == "version_changed",
        )
        .order_by(CaseEvent.id.desc())
    )
    for change in changes:
        before = library.definition(session, change["from"])
        if _has(before, task):
            return before
    raise NotFound(f"No version of the process draws ‘{task.title}’ any more.")


def _has(definition: Definition, task: Task) -> bool:
    diagram = definition.diagrams.get(task.process)
    return (
        diagram is not None
        and task.element in diagram.elements
        and task.form in definition.forms
    )
