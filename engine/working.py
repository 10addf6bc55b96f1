"""Working on tasks: answer, correct, claim, hand over. Takes a desk, never commits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager

from engine import earlier_steps, forms, incidents, people, permissions, runs
from engine.bpmn.definitions import Definition
from engine.bpmn.workflow import Flow
from engine.errors import (
    InvalidAnswers,
    NotFound,
    NotPermitted,
    TaskNotReady,
    WorkflowFailed,
)
from engine.models import Case, Instance, Person, Task
from engine.rows import task_line
from engine.runs import Desk
from engine.views import Completed, Officer


def find_task(desk: Desk, task_id: str, officer: Officer) -> Task:
    """The task with its instance and case, all three locked for this command.

    All three, because PostgreSQL gives what it need not lock as it was before it
    waited; the case first, as in every command. Another council's is not found."""
    task = desk.session.scalars(
        sa.select(Task)
        .join(Task.instance)
        .join(Task.case)
        .options(contains_eager(Task.instance), contains_eager(Task.case))
        .where(Task.id == task_id, Task.council == officer.council)
        .with_for_update(of=[Case, Instance, Task])
    ).one_or_none()
    if task is None:
        raise NotFound("There is no such task.")
    return task


def find_ready_task(desk: Desk, task_id: str, officer: Officer) -> Task:
    """A task that waits and that this person may do."""
    task = find_task(desk, task_id, officer)
    permissions.require_role(officer, task.role)
    require_ready(desk, task)
    return task


def require_ready(desk: Desk, task: Task) -> None:
    """Raise TaskNotReady, saying who completed it, where the task no longer waits."""
    if task.state == "ready":
        return
    if task.completed_by_id is None:
        raise TaskNotReady(f"‘{task.title}’ is no longer needed.")
    by = desk.session.get_one(Person, task.completed_by_id).name
    raise TaskNotReady(f"‘{task.title}’ was already completed by {by}.", done_by=by)


def complete(
    desk: Desk, task_id: str, answers: Mapping[str, Any], officer: Officer
) -> Completed:
    """Answer a task's form and run the process on to the next people."""
    task = find_ready_task(desk, task_id, officer)
    run = runs.resume(desk, task.instance, task.case)
    _require_person(desk, run.definition, task, officer)
    given = validated(run.flow, run.definition, task, answers)
    run.flow.complete(task.id, given)
    if task.draft is not None:
        incidents.resolve_for_task(desk, task.id)
    task.state = "completed"
    task.answers = given
    task.draft = None
    task.completed_at = desk.now
    task.completed_by_id = officer.id
    case = task.case
    if case.status == "not_started":
        case.status = "under_investigation"
    if task.role == "officer" and case.officer_id is None:
        case.officer_id = officer.id
    desk.note(
        "task_completed",
        task.title,
        case,
        instance=task.instance,
        process=task.process,
        element=task.element,
        detail=task.item_label,
        data=given,
    )
    runs.settle(desk, run)
    return _completed(desk, case)


def _require_person(
    desk: Desk, definition: Definition, task: Task, officer: Officer
) -> None:
    """Refuse a person whom the diagram keeps from this task, or from its answers."""
    element = definition.diagrams[task.process].elements[task.element]
    because = people.why_not(desk.session, officer, task.case_id, element.properties)
    if because:
        raise NotPermitted(because)


def keep_failed(
    desk: Desk,
    task_id: str,
    answers: Mapping[str, Any],
    failure: WorkflowFailed,
    officer: Officer,
) -> None:
    """After a step broke: the answers stay as a draft, and an incident waits."""
    task = find_task(desk, task_id, officer)
    if task.state == "ready":
        task.draft = dict(answers)
    incidents.add(
        desk,
        task.instance,
        task.case,
        process=failure.process,
        element=failure.element,
        message=str(failure),
        task_id=task_id,
    )


def validated(
    flow: Flow, definition: Definition, task: Task, answers: Mapping[str, Any]
) -> dict[str, Any]:
    """The answers as facts. Raises InvalidAnswers with a sentence for each question."""
    form = forms.Form.parse(definition.forms[task.form])
    task_id = task.id if task.state == "ready" else None

    def evaluate(expression: str, names: Mapping[str, Any]) -> Any:
        return flow.evaluate(expression, task.scope, task_id, extra=names)

    facts = flow.visible(task.scope, task_id)
    return forms.validate(form, answers, facts, evaluate=evaluate)


def _completed(desk: Desk, case: Case) -> Completed:
    return Completed(
        case_reference=case.reference,
        next_tasks=tuple(
            task_line(task, case, now=desk.now) for task in desk.opened_tasks
        ),
        case_closed=case.status == "closed",
        outcome=case.outcome,
    )


def correct(
    desk: Desk,
    task_id: str,
    answers: Mapping[str, Any],
    reason: str,
    officer: Officer,
) -> None:
    """Put right what a completed task answered; dates that depend on it move."""
    if not reason.strip():
        raise InvalidAnswers({"reason": "Say why the answers are corrected."})
    task = find_task(desk, task_id, officer)
    permissions.require_role(officer, task.role)
    if task.state != "completed":
        raise TaskNotReady("Only completed answers can be corrected.")
    run = runs.resume(desk, task.instance, task.case)
    definition = earlier_steps.definition_of(
        desk.session, desk.library, task.instance, task
    )
    _require_person(desk, definition, task, officer)
    given = validated(run.flow, definition, task, answers)
    before = dict(task.answers or {})
    changes = {key: value for key, value in given.items() if before.get(key) != value}
    if not changes:
        raise InvalidAnswers({"reason": "Nothing was changed. Change an answer first."})
    _correct_facts(run.flow, task, before, changes)
    task.answers = {**before, **given}
    desk.note(
        "answers_corrected",
        f"Corrected: {task.title}",
        task.case,
        instance=task.instance,
        process=task.process,
        element=task.element,
        detail=reason,
        data={"before": {key: before.get(key) for key in changes}, "after": changes},
    )
    runs.settle(desk, run)


def _correct_facts(
    flow: Flow, task: Task, before: Mapping[str, Any], changes: Mapping[str, Any]
) -> None:
    """Change what was answered where it is kept, and where it was handed on.

    A called process that has ended has handed its answers to its caller: there, a
    fact or an entry of a list that still has the old values gets the new ones."""
    if task.scope in flow.facts:
        flow.correct(task.scope, changes, item_index=task.item_index or None)
        return
    old = {key: before.get(key) for key in changes}
    for scope, facts in flow.facts.items():
        same = {k: v for k, v in changes.items() if k in facts and facts[k] == old[k]}
        if same:
            flow.correct(scope, same)
        for name, entries in facts.items():
            places = _entries_with(entries, old)
            if len(places) == 1:
                flow.correct(scope, changes, item_index=f"{name}/{places[0]}")


def _entries_with(entries: object, old: Mapping[str, Any]) -> list[int]:
    """Where a list of entries has all the old values (those that it names)."""
    if not isinstance(entries, list):
        return []
    return [
        place
        for place, entry in enumerate(entries)
        if isinstance(entry, Mapping)
        and all(key in entry and entry[key] == value for key, value in old.items())
    ]


def claim(desk: Desk, task_id: str, officer: Officer) -> None:
    task = find_ready_task(desk, task_id, officer)
    if task.assignee_id not in (None, officer.id):
        raise NotPermitted("Somebody else has this task. A manager can reassign it.")
    _assign(desk, task, officer)


def release(desk: Desk, task_id: str, officer: Officer) -> None:
    task = find_ready_task(desk, task_id, officer)
    if task.assignee_id != officer.id and "manager" not in officer.roles:
        raise NotPermitted("Only the person who has a task can release it.")
    task.assignee_id = None
    desk.note("task_released", f"Released: {task.title}", task.case)


def reassign(desk: Desk, task_id: str, to_officer_id: str, officer: Officer) -> None:
    permissions.require_manager(officer)
    task = find_task(desk, task_id, officer)
    require_ready(desk, task)
    to = people.find(desk.session, to_officer_id)
    if to.council != officer.council or not to.is_active:
        raise NotFound("There is no such person.")
    permissions.require_role(to, task.role)
    _assign(desk, task, to)


def _assign(desk: Desk, task: Task, to: Officer) -> None:
    task.assignee_id = to.id
    if task.role == "officer":
        task.case.officer_id = to.id
    desk.note("task_assigned", f"{task.title}: assigned to {to.name}", task.case)


def find_instance(desk: Desk, instance_id: str) -> tuple[Instance, Case]:
    """An instance and its case, both locked for this command."""
    row = desk.session.execute(
        sa.select(Instance, Case)
        .join(Case, Case.id == Instance.case_id)
        .where(Instance.id == instance_id)
        .with_for_update(of=[Case, Instance])
    ).one_or_none()
    if row is None:
        raise NotFound("There is no such process.")
    return row[0], row[1]
