"""Keeps a running process small: removes finished tasks that nothing looks up again.

More than thrift: SpiffWorkflow counts the arrivals of a loop's earlier rounds at a
join, and loses sight of tasks deeper than 1,000. The rules, found by running the engine
against itself: a finished task under a finished parent goes, unless

* it is evidence of an arrival at a join that still waits;
* it is the split of an activity with boundary events that is still open, or hangs
  directly on one;
* it holds a sub-process that has not ended, or is the last task that ran."""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.bpmn.specs.control import (
    BoundaryEventJoin,
    BoundaryEventSplit,
    _EndJoin,
)
from SpiffWorkflow.bpmn.specs.mixins.unstructured_join import UnstructuredJoin
from SpiffWorkflow.util.task import TaskState

_FINISHED = TaskState.FINISHED_MASK
_PENDING = TaskState.READY | TaskState.WAITING


def prune(top: Any) -> list[str]:
    """Prune a workflow and all that runs inside it.

    Returns the scopes (hex task ids) of the sub-processes that were dropped."""
    dropped: list[str] = []
    for workflow in (top, *list(top.subprocesses.values())):
        _prune_tree(top, workflow)
    while True:
        ended = [task_id for task_id in top.subprocesses if _has_ended(top, task_id)]
        if not ended:
            return dropped
        for task_id in ended:
            del top.subprocesses[task_id]
            dropped.append(task_id.hex)
        for workflow in (top, *list(top.subprocesses.values())):
            _prune_tree(top, workflow)


def _has_ended(top: Any, task_id: Any) -> bool:
    """Whether a sub-process has ended and its task with it (or the task is gone)."""
    inner = top.subprocesses[task_id]
    owner = _find(top, task_id)
    if owner is None:
        return True
    return bool(inner.completed and owner.has_state(_FINISHED))


def _find(top: Any, task_id: Any) -> Any:
    for workflow in (top, *top.subprocesses.values()):
        if task_id in workflow.tasks:
            return workflow.tasks[task_id]
    return None


def _prune_tree(top: Any, workflow: Any) -> None:
    tasks = workflow.tasks
    pending = {
        task.task_spec.name
        for task in tasks.values()
        if task.has_state(_PENDING)
        and isinstance(task.task_spec, UnstructuredJoin)
        and not isinstance(task.task_spec, _EndJoin)
    }
    splits = _open_splits(workflow)
    changed = True
    while changed:
        changed = False
        for task in list(tasks.values()):
            if task.id in tasks and _may_go(top, workflow, task, pending, splits):
                changed = _remove(workflow, task, pending) or changed


def _open_splits(workflow: Any) -> set[Any]:
    """The ids of splits whose join is still to come."""
    found = set()
    for task in workflow.tasks.values():
        if isinstance(task.task_spec, BoundaryEventJoin) and not task.has_state(
            _FINISHED
        ):
            split = task.find_ancestor(task.task_spec.split_task)
            if split is not None:
                found.add(split.id)
        elif isinstance(task.task_spec, BoundaryEventSplit) and any(
            not child.has_state(_FINISHED) for child in task.children
        ):
            found.add(task.id)
    return found


def _may_go(
    top: Any, workflow: Any, task: Any, pending: set[str], splits: set[Any]
) -> bool:
    parent = task.parent
    return (
        parent is not None
        and task.has_state(_FINISHED)
        and parent.has_state(_FINISHED)
        and task.task_spec.name not in pending
        and task.id not in splits
        and parent.id not in splits
        and task.id not in top.subprocesses
    )


def _remove(workflow: Any, task: Any, pending: set[str]) -> bool:
    children = task.children
    if not children:
        if task is workflow.last_task:
            return False
        task.parent._children.remove(task.id)
        del workflow.tasks[task.id]
        return True
    if len(children) > 1 or not children[0].has_state(_FINISHED):
        return False
    [only] = children
    if only.task_spec.name in pending:
        return False
    siblings = task.parent._children
    siblings[siblings.index(task.id)] = only.id
    only._parent = task._parent
    del workflow.tasks[task.id]
    return True
