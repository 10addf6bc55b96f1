"""The list of cases: which fit, and one page of them. Functions only read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine.models import Case, Instance, Person, Task
from engine.rows import case_line, immune_soon_until
from engine.studio import work_counts
from engine.views import CaseLine, Page

PAGE_SIZE = 20


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What narrows the list. `process` and `element` say where a case stands; with
    them `overdue` means that it is overdue there."""

    council: str
    text: str = ""
    status: str = ""
    priority: int | None = None
    assignee: str = ""
    immune_soon: bool = False
    overdue: bool = False
    process: str = ""
    element: str = ""


def page_of_cases(
    session: Session, wanted: Wanted, page: int, *, now: datetime, today: date
) -> Page[CaseLine]:
    """The cases that fit, the newest first."""
    conditions = list(_conditions(wanted, now, today))
    total = session.scalar(
        sa.select(sa.func.count()).select_from(Case).where(*conditions)
    )
    page = existing_page(page, total or 0)
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


def existing_page(number: int, total: int) -> int:
    """The page asked for, or the nearest that there is."""
    return max(1, min(number, -(-total // PAGE_SIZE)))


def _conditions(
    wanted: Wanted, now: datetime, today: date
) -> Iterator[sa.ColumnElement[bool]]:
    yield Case.council == wanted.council
    columns = (Case.reference, Case.address, Case.postcode, Case.description)
    for word in wanted.text.split():
        yield sa.or_(*(c.icontains(word, autoescape=True) for c in columns))
    if wanted.status:
        yield Case.status == wanted.status
    if wanted.priority is not None:
        yield Case.priority == wanted.priority
    if wanted.assignee:
        yield Case.officer_id == wanted.assignee
    if wanted.immune_soon:
        yield Case.status != "closed"
        yield Case.immune_on <= immune_soon_until(today)
    yield from _where_it_stands(wanted, now)


def _where_it_stands(wanted: Wanted, now: datetime) -> Iterator[sa.ColumnElement[bool]]:
    task = [Task.council == wanted.council, Task.state == "ready"]
    if wanted.process:
        task.append(Task.process == wanted.process)
    if wanted.process and wanted.element:
        task.append(Task.element == wanted.element)
    if wanted.overdue:
        yield Case.id.in_(sa.select(Task.case_id).where(*task, Task.due_at <= now))
    elif wanted.process:
        places = sa.select(Instance.case_id).where(
            Instance.council == wanted.council,
            Instance.ended_at.is_(None),
            work_counts.stands_at(wanted.process, wanted.element),
        )
        yield sa.or_(
            Case.id.in_(sa.select(Task.case_id).where(*task)), Case.id.in_(places)
        )
