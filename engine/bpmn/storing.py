"""The state of a running process as JSON text, without its diagram, and back.

Tasks are listed parents first, children in their order, as
``[id, parent's place, node, state, internal data, triggered]``."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.bpmn import nodes

VERSION = 1
_OPEN = TaskState.READY | TaskState.WAITING | TaskState.STARTED


def dump(top: Any, end_event: str | None) -> str:
    """The state of a workflow and of all that runs inside it."""
    inner = sorted(top.subprocesses.values(), key=lambda workflow: workflow.depth)
    state = {
        "v": VERSION,
        "end": end_event,
        "main": _dump_tree(top),
        "inner": [[w.parent_task_id.hex, *_dump_tree(w)] for w in inner],
    }
    return json.dumps(state, separators=(",", ":"))


def _dump_tree(workflow: Any) -> list[Any]:
    places: dict[Any, int] = {}
    rows: list[list[Any]] = []
    last = workflow.last_task
    waiting = [workflow.task_tree]
    while waiting:
        task = waiting.pop()
        places[task.id] = len(rows)
        parent = places[task._parent] if task._parent is not None else -1
        row: list[Any] = [task.id.hex, parent, task.task_spec.name, task.state]
        if task.internal_data or task.triggered:
            row.append(task.internal_data)
        if task.triggered:
            row.append(1)
        rows.append(row)
        waiting.extend(reversed(task.children))
    place = places.get(last.id, -1) if last is not None else -1
    return [int(workflow.completed), place, rows]


def restore(
    text: str, spec: Any, inner_specs: dict[str, Any], engine: Any
) -> tuple[Any, str | None]:
    """The workflow that `dump` wrote, on freshly parsed specifications, and the last
    end event that it had reached."""
    state = json.loads(text)
    top = BpmnWorkflow(spec, inner_specs, script_engine=engine, deserializing=True)
    _restore_tree(top, top, state["main"])
    owners = dict(top.tasks)
    for owner_id, *tree in state["inner"]:
        owner = owners[UUID(hex=owner_id)]
        inner = BpmnSubWorkflow(
            inner_specs[owner.task_spec.spec], owner.id, top, deserializing=True
        )
        top.subprocesses[owner.id] = inner
        _restore_tree(top, inner, tree)
        inner.completed_event.connect(owner.task_spec._on_subworkflow_completed, owner)
        owners.update(inner.tasks)
    return top, state["end"]


def _restore_tree(top: Any, workflow: Any, tree: list[Any]) -> None:
    completed, last, rows = tree
    workflow.completed = bool(completed)
    tasks: list[Any] = []
    for identity, parent, name, state, *rest in rows:
        task = Task(
            workflow,
            workflow.spec.task_specs[name],
            parent=tasks[parent] if parent >= 0 else None,
            state=state,
            id=UUID(hex=identity),
        )
        task.internal_data = rest[0] if rest else {}
        task.triggered = len(rest) > 1
        tasks.append(task)
        if nodes.is_catching(task) and task.has_state(TaskState.WAITING):
            top.event_manager.add_task(task)
    for task in tasks:
        _foresee(task)
    workflow.task_tree = tasks[0]
    workflow.last_task = tasks[last] if last >= 0 else None


def _foresee(task: Any) -> None:
    """Predict what comes after an open task where the state does not say it."""
    if (
        task.has_state(_OPEN)
        and task.task_spec.outputs
        and all(child.triggered for child in task.children)
    ):
        task.task_spec._predict(task, mask=TaskState.NOT_FINISHED_MASK)
