"""Moves a case by hand within one drawing: ends work where it stands, and lets it go on
at another step of the same part. Refused where branches would wait for ever."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from SpiffWorkflow.bpmn.specs.control import BoundaryEventSplit
from SpiffWorkflow.bpmn.specs.mixins.unstructured_join import UnstructuredJoin
from SpiffWorkflow.util.task import TaskState

from engine.bpmn import branching, nodes, standing, storing, tokens
from engine.bpmn.definitions import Definition
from engine.bpmn.diagrams import TASKS, Element
from engine.bpmn.interpreter import Interpreter
from engine.bpmn.standing import Part, Parts
from engine.errors import EngineError, NotFound

TARGETS = TASKS | {
    "callActivity",
    "subProcess",
    "intermediateCatchEvent",
    "eventBasedGateway",
    "endEvent",
}
"""Where a case may be put: steps, and events that it waits for or ends with."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """One place where the case stands. A join that waits is one too."""

    id: str
    element: str
    title: str
    is_join: bool


@dataclass(frozen=True, kw_only=True)
class Area:
    """One part of the case where it stands: the process itself ("" as its id), a called
    process or an embedded sub-process, with where else in it the case may be put."""

    id: str
    process: str
    title: str
    item: str
    places: tuple[Place, ...]
    targets: tuple[Element, ...]


_WAITING = TaskState.WAITING


class CannotRelocate(EngineError):
    """The case cannot be put there."""


def areas(top: Any, interpreter: Interpreter) -> list[Area]:
    """The parts where a case stands, the process itself first."""
    parts = Parts(interpreter.definition)
    found = [_area(workflow, interpreter, parts) for workflow in _all(top)]
    return [area for area in found if area.places]


def _all(top: Any) -> tuple[Any, ...]:
    return (top, *top.subprocesses.values())


def _area(workflow: Any, interpreter: Interpreter, parts: Parts) -> Area:
    part = _part(parts, workflow)
    inside = part.diagram.elements.get(part.inside)
    return Area(
        id=_id(workflow),
        process=part.process,
        title=inside.name if inside is not None else part.diagram.title,
        item=interpreter.links(workflow.task_tree)[0].path,
        places=tuple(_place(part, task) for task in _standing(workflow, part)),
        targets=tuple(e for e in part.ways.elements.values() if e.kind in TARGETS),
    )


def _part(parts: Parts, workflow: Any) -> Part:
    part = parts.get(workflow.spec.name)
    assert part is not None
    return part


def _standing(workflow: Any, part: Part) -> Iterator[Any]:
    """The tasks where work stands, without events on an edge and items of a list."""
    for task in workflow.tasks.values():
        element = part.diagram.elements.get(task.task_spec.bpmn_id or "")
        if element is None or element.attached_to or nodes.is_item(task):
            continue
        if task.has_state(tokens.OPEN):
            yield task


def _place(part: Part, task: Any) -> Place:
    element = str(task.task_spec.bpmn_id)
    return Place(
        id=task.id.hex,
        element=element,
        title=part.title(element),
        is_join=isinstance(task.task_spec, UnstructuredJoin),
    )


def relocate(
    top: Any, interpreter: Interpreter, area: str, leave: Collection[str], to: str
) -> None:
    """End the work at these places of an area, and begin at another element of it.

    Raises CannotRelocate, in words, and NotFound where the case has gone on."""
    definition = interpreter.definition
    workflow = next((w for w in _all(top) if _id(w) == area), None)
    if workflow is None:
        raise NotFound("The case does not stand in that part of the process any more.")
    part = _part(Parts(definition), workflow)
    standing_at = {task.id.hex: task for task in _standing(workflow, part)}
    leaving = [standing_at.pop(each) for each in set(leave) if each in standing_at]
    if not leaving or len(leaving) < len(set(leave)):
        raise NotFound("The case does not stand at that step any more.")
    remaining = {str(task.task_spec.bpmn_id) for task in standing_at.values()}
    left = {str(task.task_spec.bpmn_id) for task in leaving}
    _require_target(definition, part, to, left, remaining)
    already = _faults(top, definition)
    _begin(workflow, _anchor(leaving[0]), to)
    for task in leaving:
        _leave(workflow, task)
    if wrong := [each for each in _faults(top, definition) if each not in already]:
        raise CannotRelocate(f"The case cannot go on there. {' '.join(wrong)}")


def _id(workflow: Any) -> str:
    return "" if workflow.parent_task_id is None else workflow.parent_task_id.hex


def _require_target(
    definition: Definition, part: Part, to: str, left: set[str], remaining: set[str]
) -> None:
    element = part.ways.elements.get(to)
    if element is None or element.kind not in TARGETS:
        raise CannotRelocate("Choose a step or an event of the same part.")
    title = f"“{part.title(to)}”"
    if to in remaining:
        raise CannotRelocate(f"The case already stands at {title}.")
    beside = _beside(definition, part, to)
    before = [_beside(definition, part, each) for each in left]
    if any(beside - each for each in before):
        events = ", ".join(f"“{part.title(e)}”" for e in sorted(beside))
        raise CannotRelocate(
            f"{title} is a side step: it is only begun by {events}, beside the work "
            "that goes on. Choose a step of the main way."
        )
    if remaining and any(each != beside for each in before):
        raise CannotRelocate(
            f"{title} is on the main way, where other work goes on. End that work "
            "too, or choose a step of the same branch."
        )


def _beside(definition: Definition, part: Part, element: str) -> frozenset[str]:
    """The events beside other work that alone bring a case to an element."""
    return frozenset(
        event.id
        for event in part.ways.elements.values()
        if event.attached_to
        and not event.interrupting
        and element in definition.branch_of(part.process, event.id)
    )


def _faults(top: Any, definition: Definition) -> set[str]:
    parts = Parts(definition)
    trees = standing.read(storing.dump(top, None), parts)
    return {
        fault
        for tree in trees
        for fault in branching.faults(branching.of(tree), tree.part)
    }


def _anchor(task: Any) -> Any:
    """What is over and led to a task."""
    before = task.parent
    is_split = isinstance(before.task_spec, BoundaryEventSplit)
    return before.parent if is_split else before


def _begin(workflow: Any, anchor: Any, to: str) -> None:
    specs = workflow.spec.task_specs
    entry = specs.get(f"{to}{nodes.SPLIT}") or specs[to]
    begun = anchor._add_child(entry, TaskState.FUTURE)
    begun.task_spec._predict(begun, mask=TaskState.NOT_FINISHED_MASK)
    begun.task_spec._update(begun)


def _leave(workflow: Any, task: Any) -> None:
    """End a task, and with it the events on its edge."""
    split = task.parent
    if isinstance(split.task_spec, BoundaryEventSplit):
        join = f"{task.task_spec.name}{nodes.JOIN}"
        waiting = [e for e in split.children if e is not task and e.has_state(_WAITING)]
        waiting += [
            each
            for each in workflow.tasks.values()
            if each.task_spec.name == join
            and each.has_state(_WAITING)
            and each.is_descendant_of(split)
        ]
        for each in waiting:
            each.cancel()
    task.cancel()
