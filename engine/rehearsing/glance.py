"""Where a case stands, in as few statements as can be: what stories ask at every step.

Pages read `records.case`, which tells far more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine import database
from engine.models import Case, Incident, Instance, Task
from engine.publishing import Library
from engine.rows import incident_view, instance_view, task_line
from engine.views import IncidentView, InstanceView, TaskLine


@dataclass(frozen=True)
class Glance:
    """Reads of one case of one council, at a moment."""

    engine: sa.Engine
    council: str
    reference: str
    now: datetime

    def ready(self) -> tuple[TaskLine, ...]:
        """The tasks that somebody must do now."""
        return self._tasks("ready")

    def completed(self) -> tuple[TaskLine, ...]:
        """The tasks that somebody has done."""
        return self._tasks("completed")

    def _tasks(self, state: str) -> tuple[TaskLine, ...]:
        found = (
            sa.select(Task, Case, Instance)
            .join(Case, Case.id == Task.case_id)
            .join(Instance, Instance.id == Task.instance_id)
            .where(Task.state == state, *self._own())
            .order_by(Task.due_at.is_(None), Task.due_at, Task.created_at)
        )
        with database.reading(self.engine) as session:
            return tuple(
                task_line(task, case, now=self.now, instance=instance)
                for task, case, instance in session.execute(found)
            )

    def instances(self) -> tuple[InstanceView, ...]:
        """Every process that was ever started on the case, in that order."""
        found = (
            sa.select(Instance)
            .join(Case, Case.id == Instance.case_id)
            .where(*self._own())
            .order_by(Instance.started_at)
        )
        with database.reading(self.engine) as session:
            return tuple(instance_view(row) for row in session.scalars(found))

    def form(self, task: TaskLine, library: Library) -> Mapping[str, Any]:
        """The schema of the form that a task asks."""
        found = (
            sa.select(Task.form, Instance.definition_hash)
            .join(Instance, Instance.id == Task.instance_id)
            .where(Task.id == task.id)
        )
        with database.reading(self.engine) as session:
            form, content_hash = session.execute(found).one()
            return library.definition(session, content_hash).forms[form]

    def incidents(self) -> tuple[IncidentView, ...]:
        """The steps that failed and wait to be mended."""
        found = (
            sa.select(Incident)
            .join(Case, Case.id == Incident.case_id)
            .where(Incident.resolved_at.is_(None), *self._own())
        )
        with database.reading(self.engine) as session:
            return tuple(incident_view(row) for row in session.scalars(found))

    def _own(self) -> tuple[sa.ColumnElement[bool], ...]:
        return Case.council == self.council, Case.reference == self.reference
