"""The events that a running process waits for: its dates and its messages.

A timer's date is worked out from the facts each time it is asked for, so that it moves
when they change. Nothing fires here; `waiting` lists, `fire` lets one event happen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid5

from SpiffWorkflow.bpmn.specs.control import BoundaryEventSplit
from SpiffWorkflow.util.task import TaskState

from engine.bpmn import nodes
from engine.bpmn.diagrams import Element
from engine.bpmn.interpreter import Interpreter
from engine.bpmn.journal import AwaitedMessage, Failure, WaitingTimer
from engine.errors import EngineError, ExpressionError, WorkflowFailed
from engine.law.dates import Deadline
from engine.law.periods import fires_at


@dataclass(frozen=True)
class WaitingEvent:
    """A place where the process waits: the task, and the element that would fire."""

    task: Any
    element: Element
    process: str

    @property
    def id(self) -> str:
        """The same for as long as the process waits here, through storage too."""
        if self.task.task_spec.bpmn_id == self.element.id:
            return str(self.task.id.hex)
        return uuid5(self.task.id, self.element.id).hex


def waiting(top: Any, interpreter: Interpreter) -> list[WaitingEvent]:
    """Every event that the process waits for, in the order of its task tree."""
    return list(_waiting(top, interpreter))


def _waiting(top: Any, interpreter: Interpreter) -> Iterator[WaitingEvent]:
    for workflow in (top, *top.subprocesses.values()):
        for task in workflow.tasks.values():
            if not task.has_state(TaskState.WAITING) or not nodes.is_catching(task):
                continue
            diagram = interpreter.diagram_of(task)
            if isinstance(task.task_spec, nodes.EventGateway):
                names = [target.name for target in task.task_spec.outputs]
            else:
                names = [task.task_spec.bpmn_id]
            for name in names:
                yield WaitingEvent(task, diagram.elements[name], diagram.process)


def timers(
    events: list[WaitingEvent], interpreter: Interpreter
) -> tuple[list[WaitingTimer], list[Failure]]:
    """The timers that have a date, earliest first, and those that fail."""
    found: list[WaitingTimer] = []
    failures: list[Failure] = []
    for event in events:
        if not event.element.timer:
            continue
        try:
            timer = _timer(event, interpreter)
        except EngineError as error:
            process, element = event.process, event.element.id
            if isinstance(error, WorkflowFailed):
                process, element = error.process, error.element
            failures.append(
                Failure(process=process, element=element, message=str(error))
            )
        else:
            if timer is not None:
                found.append(timer)
    found.sort(key=lambda timer: timer.due_at)
    return found, failures


def _timer(event: WaitingEvent, interpreter: Interpreter) -> WaitingTimer | None:
    value = interpreter.evaluate(event.task, event.element.timer)
    if value is None:
        return None
    first = interpreter.links(event.task)[0]
    return WaitingTimer(
        id=event.id,
        element=event.element.id,
        process=event.process,
        name=event.element.name,
        due_at=_moment(value),
        deadline=value if isinstance(value, Deadline) else None,
        on_task=host_of(event.task),
        interrupting=event.element.interrupting,
        scope=first.scope,
        item_index=first.path or None,
    )


def _moment(value: object) -> datetime:
    if isinstance(value, datetime) and value.tzinfo is None:
        raise ExpressionError("The timer's time has no time zone.")
    if isinstance(value, date):
        return fires_at(value).astimezone(UTC)
    raise ExpressionError(
        f"The timer needs a date; its expression gave {value!r}. "
        'Write deadline("…", …) with the period by name.'
    )


def host_of(task: Any) -> str | None:
    """The id of the activity that a boundary event hangs on."""
    split = task.parent
    if split is None or not isinstance(split.task_spec, BoundaryEventSplit):
        return None
    host = split.task_spec.name.removesuffix(nodes.SPLIT)
    for child in split.children:
        if child.task_spec.name == host:
            return str(child.id.hex)
    return None


def awaited(
    events: list[WaitingEvent], interpreter: Interpreter
) -> list[AwaitedMessage]:
    """The messages that the process waits for."""
    return [
        AwaitedMessage(
            id=event.id,
            element=event.element.id,
            process=event.process,
            name=event.element.message,
            notice=interpreter.notice_at(event.task),
        )
        for event in events
        if event.element.message
    ]


def fire(event: WaitingEvent, payload: object = None) -> None:
    """Let an event happen: its task becomes ready."""
    event.task.internal_data[nodes.FIRED] = event.element.id
    if event.element.message:
        event.task.internal_data[nodes.PAYLOAD] = payload
    event.task.task_spec._update(event.task)
