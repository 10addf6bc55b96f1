"""The pages of one case, one task, one diagram: all that they show, read once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from engine import earlier_steps, forms, people, permissions, publishing, runs
from engine.bpmn.definitions import Definition
from engine.bpmn.diagrams import Diagram
from engine.bpmn.workflow import Flow
from engine.clock import LONDON
from engine.errors import EngineError, NotFound
from engine.models import (
    Breach,
    BreachReport,
    Case,
    CaseEvent,
    Incident,
    Instance,
    Notice,
    Person,
    Task,
    Timer,
)
from engine.periods_in_force import PeriodsInForce
from engine.publishing import Library
from engine.rows import (
    breach_view,
    case_fields,
    case_line,
    date_reason,
    deadline_line,
    event_view,
    incident_view,
    instance_view,
    notice_view,
    people_of,
    report_view,
    task_fields,
    task_line,
)
from engine.views import (
    CaseView,
    Officer,
    Reason,
    StartableProcess,
    TaskLine,
    TaskView,
)

HIDDEN_EVENTS = ("steps", "effect_asked")


@dataclass(frozen=True)
class Reading:
    """What a page is read with."""

    session: Session
    now: datetime
    periods: PeriodsInForce
    library: Library

    @property
    def today(self) -> date:
        return self.now.astimezone(LONDON).date()


def find_case(session: Session, reference: str, officer: Officer | None) -> Case:
    """The case; another council's is not found."""
    query = sa.select(Case).where(Case.reference == reference)
    if officer is not None:
        query = query.where(Case.council == officer.council)
    case = session.scalars(query).one_or_none()
    if case is None:
        raise NotFound(f"There is no case {reference}.")
    return case


def flow_of(reading: Reading, instance: Instance, case: Case) -> Flow:
    """A process as it stands, to look at."""
    return Flow.restore(
        definition_of(reading, instance),
        instance.state,
        instance.facts,
        runs.surroundings(reading.now, reading.periods, case),
    )


def definition_of(reading: Reading, instance: Instance) -> Definition:
    return reading.library.definition(reading.session, instance.definition_hash)


def _names(session: Session, ids: Sequence[str | None]) -> dict[str | None, str]:
    wanted = {person_id for person_id in ids if person_id}
    if not wanted:
        return {}
    rows = session.execute(
        sa.select(Person.id, Person.name).where(Person.id.in_(wanted))
    )
    return {person_id: name for person_id, name in rows}


def case_view(reading: Reading, reference: str, officer: Officer) -> CaseView:
    """A case with all that its page shows. Raises NotFound."""
    session, now = reading.session, reading.now
    case = find_case(session, reference, officer)
    periods = reading.periods.for_council(case.council)

    def all_of(model: Any, *order: Any) -> Sequence[Any]:
        query = sa.select(model).where(model.case_id == case.id)
        return session.scalars(query.order_by(*order)).all()

    instances = all_of(Instance, Instance.started_at)
    tasks = all_of(Task, Task.due_at.is_(None), Task.due_at, Task.created_at)
    names = _names(
        session,
        [case.officer_id, *(t.assignee_id for t in tasks)],
    )
    by_id = {instance.id: instance for instance in instances}
    lines = [
        task_line(
            task,
            case,
            now=now,
            instance=by_id[task.instance_id],
            assignee=names.get(task.assignee_id),
        )
        for task in tasks
    ]
    ready = tuple(line for line in lines if line.state == "ready")
    titles = {line.id: line.title for line in ready}
    notices = all_of(Notice, Notice.reference)
    fields = case_fields(
        case,
        today=reading.today,
        officer=names.get(case.officer_id),
        open_tasks=len(ready),
        overdue=sum(line.is_overdue for line in ready),
    )
    return CaseView(
        **fields,
        id=case.id,
        ward=case.ward,
        breaches=tuple(
            breach_view(row, periods, reading.today)
            for row in all_of(Breach, Breach.number)
        ),
        reports=tuple(
            report_view(
                row, may_see_complainant=permissions.may_see_complainants(officer)
            )
            for row in all_of(BreachReport, BreachReport.received_on)
        ),
        tasks=ready,
        completed_tasks=tuple(_completed(lines, tasks)),
        deadlines=tuple(
            deadline_line(
                timer, periods, now=now, task_title=titles.get(timer.task_id or "", "")
            )
            for timer in all_of(Timer, Timer.due_at)
        ),
        events=_events(session, case),
        notices=tuple(notice_view(row) for row in notices),
        people=_people(reading, instances, case),
        instances=tuple(instance_view(row) for row in instances),
        incidents=tuple(incident_view(row) for row in all_of(Incident, Incident.at)),
        startable=_startable(reading, case, officer, [n.reference for n in notices]),
        may_reopen=case.status == "closed",
        may_correct=True,
    )


def _completed(lines: Sequence[TaskLine], tasks: Sequence[Task]) -> Sequence[TaskLine]:
    done_at = {task.id: task.completed_at for task in tasks}
    done = [line for line in lines if line.state == "completed"]
    return sorted(
        done, key=lambda line: done_at[line.id] or line.created_at, reverse=True
    )


def _events(session: Session, case: Case) -> tuple[Any, ...]:
    rows = session.scalars(
        sa.select(CaseEvent)
        .where(CaseEvent.case_id == case.id, CaseEvent.kind.not_in(HIDDEN_EVENTS))
        .order_by(CaseEvent.id.desc())
    )
    return tuple(event_view(row) for row in rows)


def _people(
    reading: Reading, instances: Sequence[Instance], case: Case
) -> tuple[Any, ...]:
    found: list[Any] = []
    for instance in instances:
        for facts in flow_of(reading, instance, case).facts.values():
            for key in ("recipients", "owners", "defendants"):
                items = facts.get(key)
                found += items if isinstance(items, list) else []
    return people_of(found)


def _startable(
    reading: Reading, case: Case, officer: Officer, notices: Sequence[str]
) -> tuple[StartableProcess, ...]:
    found = []
    versions = publishing.newest_of_all(reading.session, case.council)
    for process, version in sorted(versions.items()):
        definition = reading.library.definition(
            reading.session, version.definition_hash
        )
        wanted = definition.diagrams[process].properties
        label = wanted.get("start_from_case", "")
        needs_notice = wanted.get("for") == "notice"
        roles = [r.strip() for r in wanted.get("start_roles", "").split(",") if r]
        if not label or (needs_notice and not notices):
            continue
        if roles and not any(permissions.may_do(officer, role) for role in roles):
            continue
        found.append(
            StartableProcess(
                process=process,
                label=label,
                title=definition.title,
                notices=tuple(notices) if needs_notice else (),
                needs_notice=needs_notice,
            )
        )
    return tuple(found)


def task_view(reading: Reading, task_id: str, officer: Officer) -> TaskView:
    """A task with all that its page shows. Raises NotFound."""
    session = reading.session
    assignee, done_by, lead = aliased(Person), aliased(Person), aliased(Person)
    row = session.execute(
        sa.select(Task, Case, Instance, assignee.name, done_by.name, lead.name)
        .join(Case, Case.id == Task.case_id)
        .join(Instance, Instance.id == Task.instance_id)
        .outerjoin(assignee, assignee.id == Task.assignee_id)
        .outerjoin(done_by, done_by.id == Task.completed_by_id)
        .outerjoin(lead, lead.id == Case.officer_id)
        .where(Task.id == task_id, Task.council == officer.council)
    ).one_or_none()
    if row is None:
        raise NotFound("There is no such task.")
    task, case, instance, assignee_name, done_by_name, lead_name = row
    definition = earlier_steps.definition_of(session, reading.library, instance, task)
    diagram = definition.diagrams[task.process]
    flow = flow_of(reading, instance, case)
    asked = _asked(definition, flow, task)
    because = _why_not(session, diagram, task, officer)
    return TaskView(
        **task_fields(
            task, case, now=reading.now, instance=instance, assignee=assignee_name
        ),
        form=definition.forms[task.form],
        facts=asked.facts,
        initial=asked.initial,
        choices=asked.choices,
        draft=task.draft or {},
        answers=task.answers or {},
        guidance=diagram.elements[task.element].documentation,
        reasons=_reasons(reading, task, case),
        comes_next=_comes_next(diagram, task.element),
        may_complete=not because and task.state == "ready",
        may_not_because=because,
        completed_by=done_by_name,
        completed_at=task.completed_at,
        case=case_line(
            case, today=reading.today, officer=lead_name, open_tasks=0, overdue=0
        ),
    )


@dataclass(frozen=True)
class _Asked:
    facts: Mapping[str, Any]
    initial: Mapping[str, Any]
    choices: Mapping[str, tuple[forms.Option, ...]]


def _asked(definition: Definition, flow: Flow, task: Task) -> _Asked:
    form = forms.Form.parse(definition.forms[task.form])
    open_id = task.id if task.state == "ready" else None
    scope = task.scope if task.scope in flow.facts else ""

    def evaluate(expression: str, names: Mapping[str, Any]) -> Any:
        return flow.evaluate(expression, scope, open_id, extra=names)

    facts = flow.visible(scope, open_id)
    return _Asked(
        facts,
        forms.initial(form, facts, evaluate=evaluate),
        {
            question.key: _choices(question, facts, task, evaluate)
            for question in form.fields
            if question.options_from or question.values_key
        },
    )


def _choices(
    question: forms.Field,
    facts: Mapping[str, Any],
    task: Task,
    evaluate: forms.Evaluate,
) -> tuple[forms.Option, ...]:
    """What may be chosen; once its part of the process is over, what was chosen."""
    try:
        return forms.options(question, facts, evaluate=evaluate)
    except EngineError:
        if task.state == "ready":
            raise
    given = (task.answers or {}).get(question.key)
    return forms.as_options(given if isinstance(given, list) else [given or ""])


def _why_not(session: Session, diagram: Diagram, task: Task, officer: Officer) -> str:
    if not permissions.may_do(officer, task.role):
        return f"This task is for: {permissions.ROLES.get(task.role, task.role)}."
    return people.why_not(
        session, officer, task.case_id, diagram.elements[task.element].properties
    )


def _reasons(reading: Reading, task: Task, case: Case) -> tuple[Reason, ...]:
    periods = reading.periods.for_council(case.council)
    timers = reading.session.scalars(
        sa.select(Timer).where(Timer.task_id == task.id).order_by(Timer.due_at)
    )
    found = [date_reason(task, periods)]
    found += [
        date_reason(timer, periods) for timer in timers if timer.due_at != task.due_at
    ]
    return tuple(why for why in found if why is not None)


def _comes_next(diagram: Diagram, element: str) -> tuple[str, ...]:
    """The names of what the diagram draws after an element, past its gateways."""
    found: list[str] = []
    seen = {element}
    waiting = [element]
    while waiting:
        current = waiting.pop(0)
        for flow in diagram.flows.values():
            if flow.source != current or flow.target in seen:
                continue
            seen.add(flow.target)
            target = diagram.elements[flow.target]
            if target.kind.endswith("Gateway"):
                waiting.append(target.id)
            elif target.name:
                found.append(target.name)
    return tuple(found)
