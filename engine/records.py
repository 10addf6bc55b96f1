"""The reads: worklists, lists of cases, periods. Returns views, never rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine import database, pages, people, permissions, publishing, timekeeping, trails
from engine.clock import LONDON, Clock
from engine.errors import NotFound
from engine.law.explain import length_in_words
from engine.law.periods import Periods
from engine.models import Case, CaseEvent, Instance, Person, Task, Timer
from engine.publishing import Library
from engine.rows import (
    case_line,
    immune_soon_until,
    reason,
    sources_in_words,
    task_line,
)
from engine.views import (
    CaseLine,
    CaseView,
    DiagramView,
    Officer,
    Page,
    PeriodView,
    Reason,
    TaskLine,
    TaskView,
)

PAGE_SIZE = 20


class Records:
    """Reads for somebody: their council decides what exists, their roles what shows."""

    def __init__(
        self,
        engine: sa.Engine,
        clock: Clock,
        periods: Periods,
        library: Library,
        *,
        is_demonstration: bool = False,
    ) -> None:
        self._engine = engine
        self._clock = clock
        self._periods = periods
        self._library = library
        self.is_demonstration = is_demonstration

    def _today(self) -> date:
        return self._clock.now().astimezone(LONDON).date()

    # People

    def officer(self, officer_id: str) -> Officer:
        """Who has that id. Raises NotFound."""
        with database.reading(self._engine) as session:
            return people.find(session, officer_id)

    def officers(self, officer: Officer) -> tuple[Officer, ...]:
        """Everybody of the officer's council, by name."""
        return self.everybody(officer.council)

    def everybody(self, council: str) -> tuple[Officer, ...]:
        """Everybody who has an account in a council, by name."""
        title = self._periods.for_council(council).council.title
        with database.reading(self._engine) as session:
            rows = session.scalars(
                sa.select(Person).where(Person.council == council).order_by(Person.name)
            )
            return tuple(people.officer_view(row, title) for row in rows)

    # Worklist

    def worklist(
        self, officer: Officer, which: str = "mine", page: int = 1
    ) -> Page[TaskLine]:
        """Ready tasks that the officer may do, the first due first.

        `which` is `mine`, `team` (everybody's) or `unassigned`."""
        conditions = _worklist_conditions(officer, which)
        with database.reading(self._engine) as session:
            total = session.scalar(
                sa.select(sa.func.count()).select_from(Task).where(*conditions)
            )
            page = _existing_page(page, total or 0)
            rows = session.execute(
                sa.select(Task, Case, Instance, Person.name)
                .join(Case, Case.id == Task.case_id)
                .join(Instance, Instance.id == Task.instance_id)
                .outerjoin(Person, Person.id == Task.assignee_id)
                .where(*conditions)
                .order_by(
                    Task.due_at.is_(None),
                    Task.due_at,
                    Case.priority.is_(None),
                    Case.priority,
                    Task.created_at,
                    Task.id,
                )
                .limit(PAGE_SIZE)
                .offset((page - 1) * PAGE_SIZE)
            )
            now = self._clock.now()
            lines = tuple(
                task_line(task, case, now=now, instance=instance, assignee=name)
                for task, case, instance, name in rows
            )
        return Page(rows=lines, number=page, size=PAGE_SIZE, total=total or 0)

    def worklist_counts(self, officer: Officer) -> dict[str, int]:
        """How many tasks each list of the worklist holds, and how many are overdue."""
        now = self._clock.now()
        mine, team, unassigned, overdue = (
            sa.func.count().filter(condition)
            for condition in (
                Task.assignee_id == officer.id,
                sa.true(),
                Task.assignee_id.is_(None),
                Task.due_at <= now,
            )
        )
        with database.reading(self._engine) as session:
            row = session.execute(
                sa.select(mine, team, unassigned, overdue).where(
                    *_worklist_conditions(officer, "team")
                )
            ).one()
        names = ("mine", "team", "unassigned", "overdue")
        return dict(zip(names, row, strict=True))

    # Cases

    def cases(
        self,
        officer: Officer,
        text: str = "",
        *,
        status: str = "",
        priority: int | None = None,
        assignee: str = "",
        immune_soon: bool = False,
        overdue: bool = False,
        page: int = 1,
    ) -> Page[CaseLine]:
        """The cases of the officer's council that fit, the newest first.

        NotPermitted for administrators, who work on no case.

        `text` is looked for in reference, address, postcode and description."""
        permissions.require_caseworker(officer)
        now, today = self._clock.now(), self._today()
        late = (
            sa.select(Task.id)
            .where(Task.case_id == Case.id, Task.state == "ready", Task.due_at <= now)
            .exists()
        )
        conditions = [Case.council == officer.council]
        for word in text.split():
            conditions.append(
                sa.or_(
                    *(
                        column.icontains(word, autoescape=True)
                        for column in (
                            Case.reference,
                            Case.address,
                            Case.postcode,
                            Case.description,
                        )
                    )
                )
            )
        if status:
            conditions.append(Case.status == status)
        if priority is not None:
            conditions.append(Case.priority == priority)
        if assignee:
            conditions.append(Case.officer_id == assignee)
        if immune_soon:
            conditions.append(Case.status != "closed")
            conditions.append(Case.immune_on <= immune_soon_until(today))
        if overdue:
            conditions.append(late)
        with database.reading(self._engine) as session:
            return self._case_page(session, conditions, page, now, today)

    def _case_page(
        self,
        session: Session,
        conditions: list[sa.ColumnElement[bool]],
        page: int,
        now: datetime,
        today: date,
    ) -> Page[CaseLine]:
        total = session.scalar(
            sa.select(sa.func.count()).select_from(Case).where(*conditions)
        )
        page = _existing_page(page, total or 0)
        ready = (Task.case_id == Case.id, Task.state == "ready")
        open_tasks = (
            sa.select(sa.func.count())
            .select_from(Task)
            .where(*ready)
            .correlate(Case)
            .scalar_subquery()
        )
        overdue = (
            sa.select(sa.func.count())
            .select_from(Task)
            .where(*ready, Task.due_at <= now)
            .correlate(Case)
            .scalar_subquery()
        )
        rows = session.execute(
            sa.select(Case, Person.name, open_tasks, overdue)
            .outerjoin(Person, Person.id == Case.officer_id)
            .where(*conditions)
            .order_by(Case.received_on.desc(), Case.reference.desc())
            .limit(PAGE_SIZE)
            .offset((page - 1) * PAGE_SIZE)
        )
        lines = tuple(
            case_line(case, today=today, officer=name, open_tasks=waiting, overdue=late)
            for case, name, waiting, late in rows
        )
        return Page(rows=lines, number=page, size=PAGE_SIZE, total=total or 0)

    def case(self, reference: str, officer: Officer) -> CaseView:
        """A case with all that its page shows. Raises NotFound."""
        permissions.require_caseworker(officer)
        with database.reading(self._engine) as session:
            return pages.case_view(
                pages.Reading(session, self._clock.now(), self._periods, self._library),
                reference,
                officer,
            )

    def task(self, task_id: str, officer: Officer) -> TaskView:
        """A task with all that its page shows. Raises NotFound."""
        permissions.require_caseworker(officer)
        with database.reading(self._engine) as session:
            return pages.task_view(
                pages.Reading(session, self._clock.now(), self._periods, self._library),
                task_id,
                officer,
            )

    def diagram(
        self, instance_id: str, officer: Officer, scope: str = ""
    ) -> DiagramView:
        """A diagram with where the case stands on it. Raises NotFound."""
        permissions.require_caseworker(officer)
        with database.reading(self._engine) as session:
            return trails.diagram_view(
                pages.Reading(session, self._clock.now(), self._periods, self._library),
                instance_id,
                officer,
                scope,
            )

    # Periods

    def periods(self, officer: Officer) -> tuple[PeriodView, ...]:
        """Every period and service standard that applies in the officer's council."""
        council = self._periods.for_council(officer.council)
        today = self._today()
        found = []
        for key, period in council.periods.items():
            versions = [v for v in period.versions if v.covers(today)]
            version = versions[0] if versions else None
            found.append(
                PeriodView(
                    key=key,
                    title=period.title,
                    group=period.group,
                    section=period.section,
                    trigger=period.trigger,
                    rule=period.rule,
                    length=(
                        length_in_words(version.length, version.unit)
                        if version is not None
                        else "not in force"
                    ),
                    date_is=period.date_is,
                    source=sources_in_words(period.source, council),
                    confidence=period.confidence,
                    is_confirmed=period.confirmed,
                    is_statutory=period.kind == "statutory",
                    in_force="; ".join(v.note for v in versions if v.note),
                )
            )
        return tuple(found)

    def explain(self, key: str, trigger: date | datetime, officer: Officer) -> Reason:
        """A period worked out from a day. Raises UnknownPeriod, NotInForce."""
        council = self._periods.for_council(officer.council)
        return reason(council.explain(key, trigger), council)

    # For sweeps, stories and publishing

    def next_due(self, of: tuple[str, str] | None = None) -> datetime | None:
        """When the next timer fires: of one case (council, reference), or of all."""
        with database.reading(self._engine) as session:
            return timekeeping.next_due(session, of)

    def facts(
        self, reference: str, officer: Officer | None = None
    ) -> Mapping[str, Mapping[str, Mapping[str, Any]]]:
        """All facts of a case: instance id -> scope -> facts."""
        with database.reading(self._engine) as session:
            reading = pages.Reading(
                session, self._clock.now(), self._periods, self._library
            )
            case = pages.find_case(session, reference, officer)
            return {
                instance.id: pages.flow_of(reading, instance, case).facts
                for instance in session.scalars(
                    sa.select(Instance)
                    .where(Instance.case_id == case.id)
                    .order_by(Instance.started_at)
                )
            }

    def taken(
        self, council: str
    ) -> Iterator[tuple[str, str, tuple[str, ...], tuple[str, ...]]]:
        """What every process of a council did: (process, element, flows, rules)."""
        with database.reading(self._engine) as session:
            rows = session.scalars(
                sa.select(CaseEvent.data)
                .where(CaseEvent.council == council, CaseEvent.kind == "steps")
                .order_by(CaseEvent.id)
            )
            for data in rows:
                for process, _scope, element, _what, flows, rules in data["journal"]:
                    yield process, element, tuple(flows), tuple(rules)

    def export(self, council: str) -> dict[str, bytes]:
        """The files of the newest versions, byte for byte as they were published."""
        with database.reading(self._engine) as session:
            return publishing.export(session, council)

    def due_timers(self) -> int:
        """How many timers are due now and have not fired."""
        with database.reading(self._engine) as session:
            count = session.scalar(
                sa.select(sa.func.count())
                .select_from(Timer)
                .where(Timer.is_held.is_(False), Timer.due_at <= self._clock.now())
            )
        return count or 0


def _existing_page(number: int, total: int) -> int:
    """The page asked for, or the nearest that there is."""
    return max(1, min(number, -(-total // PAGE_SIZE)))


def _worklist_conditions(officer: Officer, which: str) -> list[sa.ColumnElement[bool]]:
    conditions = [
        Task.council == officer.council,
        Task.state == "ready",
        Task.role.in_(sorted(permissions.roles_held(officer))),
    ]
    match which:
        case "mine":
            conditions.append(Task.assignee_id == officer.id)
        case "unassigned":
            conditions.append(Task.assignee_id.is_(None))
        case "team":
            pass
        case _:
            raise NotFound(f"There is no list called ‘{which}’.")
    return conditions
