"""The reads: worklists, lists of cases, periods. Returns views, never rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine import (
    case_lists,
    database,
    pages,
    people,
    permissions,
    publishing,
    timekeeping,
    trails,
)
from engine.case_lists import PAGE_SIZE, Wanted, existing_page
from engine.clock import LONDON, Clock
from engine.diagram_views import DiagramView
from engine.errors import NotFound
from engine.law.periods import Periods
from engine.models import Case, CaseEvent, Instance, Person, Task, Timer
from engine.periods_in_force import PeriodsInForce
from engine.publishing import Library
from engine.rows import periods_shown, reason, task_line
from engine.views import (
    CaseLine,
    CaseView,
    Officer,
    Page,
    PeriodView,
    Reason,
    TaskLine,
    TaskView,
)


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

    def _in_force(self, session: Session) -> PeriodsInForce:
        return PeriodsInForce(session, self._periods)

    def _reading(self, session: Session) -> pages.Reading:
        return pages.Reading(
            session, self._clock.now(), self._in_force(session), self._library
        )

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
        with database.reading(self._engine) as session:
            title = self._in_force(session).for_council(council).title
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
            page = existing_page(page, total or 0)
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
        process: str = "",
        element: str = "",
        page: int = 1,
    ) -> Page[CaseLine]:
        """The cases of the officer's council that fit, the newest first.

        NotPermitted for administrators, who work on no case.

        `text` is looked for in reference, address, postcode and description; `process`
        and `element` say where a case stands, and with them `overdue` that it is late
        there."""
        permissions.require_caseworker(officer)
        wanted = Wanted(
            council=officer.council,
            text=text,
            status=status,
            priority=priority,
            assignee=assignee,
            immune_soon=immune_soon,
            overdue=overdue,
            process=process,
            element=element,
        )
        with database.reading(self._engine) as session:
            return case_lists.page_of_cases(
                session, wanted, page, now=self._clock.now(), today=self._today()
            )

    def step_name(self, process: str, element: str, officer: Officer) -> str:
        """What a step is called in the newest version of its process, or the process
        itself without an element; its id where neither draws it."""
        with database.reading(self._engine) as session:
            versions = publishing.newest_of_all(session, officer.council)
            if process not in versions:
                return element or process
            definition = self._library.definition(
                session, versions[process].definition_hash
            )
        diagram = definition.diagrams[process]
        if not element:
            return diagram.title
        drawn = diagram.elements.get(element)
        return drawn.name if drawn is not None and drawn.name else element

    def case(self, reference: str, officer: Officer) -> CaseView:
        """A case with all that its page shows. Raises NotFound."""
        permissions.require_caseworker(officer)
        with database.reading(self._engine) as session:
            return pages.case_view(
                self._reading(session),
                reference,
                officer,
            )

    def task(self, task_id: str, officer: Officer) -> TaskView:
        """A task with all that its page shows. Raises NotFound."""
        permissions.require_caseworker(officer)
        with database.reading(self._engine) as session:
            return pages.task_view(
                self._reading(session),
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
                self._reading(session),
                instance_id,
                officer,
                scope,
            )

    # Periods

    def periods(self, officer: Officer) -> tuple[PeriodView, ...]:
        """Every period and service standard that applies in the officer's council."""
        with database.reading(self._engine) as session:
            council = self._in_force(session).for_council(officer.council)
        today = self._today()
        return periods_shown(council, today)

    def explain(self, key: str, trigger: date | datetime, officer: Officer) -> Reason:
        """A period worked out from a day. Raises UnknownPeriod, NotInForce."""
        with database.reading(self._engine) as session:
            council = self._in_force(session).for_council(officer.council)
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
            reading = self._reading(session)
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
