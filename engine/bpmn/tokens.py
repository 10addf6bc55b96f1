"""Where the tokens of a running process stand: open tasks, and all for a picture."""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.bpmn.specs.control import BoundaryEventSplit
from SpiffWorkflow.bpmn.specs.mixins.events.intermediate_event import BoundaryEvent
from SpiffWorkflow.util.task import TaskState

from engine.bpmn import nodes, timers
from engine.bpmn.interpreter import Interpreter
from engine.bpmn.journal import OpenTask, Position
from engine.errors import EngineError

OPEN = TaskState.READY | TaskState.WAITING | TaskState.STARTED


def tasks(top: Any, state: int) -> list[Any]:
    """All tasks in a state. (SpiffWorkflow's own iterator stops at a depth.)"""
    found = []
    for workflow in (top, *top.subprocesses.values()):
        found += [task for task in workflow.tasks.values() if task.has_state(state)]
    return found


def open_tasks(top: Any, interpreter: Interpreter) -> list[OpenTask]:
    """The tasks that people must do now."""
    return [
        _open_task(top, interpreter, task)
        for task in tasks(top, TaskState.READY)
        if task.task_spec.manual
    ]


def positions(top: Any, interpreter: Interpreter) -> list[Position]:
    """Where tokens stand: open tasks, calls, sub-processes, joins, events."""
    found: dict[tuple[str, str, str], Position] = {}
    for task in tasks(top, OPEN):
        element = interpreter.element_of(task)
        if element is None or element.kind == "boundaryEvent":
            continue
        is_ready = task.has_state(TaskState.READY) and task.task_spec.manual
        position = Position(
            process=interpreter.diagram_of(task).process,
            element=element.id,
            scope=interpreter.links(task)[0].scope,
            state="ready" if is_ready else "waiting",
        )
        key = (position.process, position.element, position.scope)
        if key not in found or is_ready:
            found[key] = position
    return list(found.values())


def _open_task(top: Any, interpreter: Interpreter, task: Any) -> OpenTask:
    element = interpreter.element_of(task)
    if element is None:
        raise EngineError(f"The task {task.task_spec.name} is not in the diagram.")
    links = interpreter.links(task)
    item = next((link for link in links if link.word), None)
    return OpenTask(
        id=task.id.hex,
        element=element.id,
        process=interpreter.diagram_of(task).process,
        name=element.name or element.id,
        lane=element.lane,
        form=element.form,
        properties=element.properties,
        documentation=element.documentation,
        scope=links[0].scope,
        item=None if item is None else dict(item.values),
        item_index=links[0].path or None,
        escalates=_escalates(top, interpreter, task),
        within=tuple(_within(top, task)),
    )


def _within(top: Any, task: Any) -> list[str]:
    found = []
    while True:
        if nodes.is_item(task):
            found.append(task.parent.id.hex)
        owner = task.workflow.parent_task_id
        if owner is None:
            return found
        found.append(owner.hex)
        task = top.get_task_from_id(owner)


def _escalates(top: Any, interpreter: Interpreter, task: Any) -> str | None:
    """The activity that a timer had this task brought in for, if it is open."""
    while task is not None:
        here = task
        while here.parent is not None:
            if _is_late_branch(interpreter, here):
                host = timers.host_of(here)
                if host is not None and _is_open(here.workflow, host):
                    return host
            here = here.parent
        owner = task.workflow.parent_task_id
        task = None if owner is None else top.get_task_from_id(owner)
    return None


def _is_late_branch(interpreter: Interpreter, task: Any) -> bool:
    """Whether the task is a date that passed beside an activity that goes on."""
    if not isinstance(task.parent.task_spec, BoundaryEventSplit):
        return False
    if not isinstance(task.task_spec, BoundaryEvent):
        return False
    element = interpreter.element_of(task)
    return element is not None and bool(element.timer) and not element.interrupting


def _is_open(workflow: Any, task_id: str) -> bool:
    return any(
        task.id.hex == task_id and task.has_state(OPEN)
        for task in workflow.tasks.values()
    )
