"""Our behaviour for SpiffWorkflow's nodes, given to a specification after parsing.

Facts live outside the task tree, so a task's own data stays empty: results, payloads
and items go through the interpreter, which is the process's script engine. Timers and
messages fire when the engine says so (`internal_data["fired"]` names the event), never
because SpiffWorkflow looked at a clock."""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.bpmn.specs import defaults as bpmn
from SpiffWorkflow.bpmn.specs.bpmn_task_spec import BpmnTaskSpec
from SpiffWorkflow.bpmn.specs.event_definitions.simple import NoneEventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.timer import TimeDateEventDefinition
from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent
from SpiffWorkflow.spiff.specs import defaults as spiff
from SpiffWorkflow.spiff.specs.event_definitions import MessageEventDefinition
from SpiffWorkflow.util.task import TaskState

from engine.bpmn.decisions import DecisionTable
from engine.bpmn.diagrams import GATEWAYS, Diagram, Element

FIRED, PAYLOAD, ITEM, NEXT, RULES = "fired", "payload", "at", "next", "rules"
CHILD = " [child]"
SPLIT, JOIN = ".BoundaryEventSplit", ".BoundaryEventJoin"


class Timer(TimeDateEventDefinition):  # type: ignore[misc]
    """A date that the engine watches."""

    element: str

    def has_fired(self, my_task: Any) -> bool:
        return bool(my_task.internal_data.get(FIRED) == self.element)

    def reset(self, my_task: Any) -> None:
        my_task.internal_data.pop(FIRED, None)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Timer) and self.element == other.element

    __hash__ = None  # type: ignore[assignment]


class Message(MessageEventDefinition):  # type: ignore[misc]
    """A message: sent and delivered by the engine, never within SpiffWorkflow."""

    element: str

    def has_fired(self, my_task: Any) -> bool:
        return bool(my_task.internal_data.get(FIRED) == self.element)

    def throw(self, my_task: Any) -> None:
        engine = my_task.workflow.script_engine
        payload = engine.evaluate(my_task, self.expression) if self.expression else {}
        engine.throw(my_task, self.name, payload)

    def catches(self, my_task: Any, event: Any) -> bool:
        return False

    def update_task(self, my_task: Any) -> None:
        """Nothing: the engine addresses messages itself, without correlations."""

    def update_task_data(self, my_task: Any) -> None:
        payload = my_task.internal_data.pop(PAYLOAD, None)
        if self.message_var:
            my_task.workflow.script_engine.keep(my_task, {self.message_var: payload})

    def reset(self, my_task: Any) -> None:
        my_task.internal_data.pop(FIRED, None)


class EventGateway(bpmn.EventBasedGateway):  # type: ignore[misc]
    """Waits for several events; the first that fires decides the way."""

    def _run_hook(self, my_task: Any) -> bool:
        fired = my_task.internal_data.pop(FIRED)
        for definition in self.event_definition.event_definitions:
            if definition.element == fired and isinstance(definition, Message):
                definition.update_task_data(my_task)
        chosen = [c.task_spec for c in my_task.children if c.task_spec.name == fired]
        my_task._sync_children(chosen, TaskState.FUTURE)
        mask = TaskState.FUTURE | TaskState.PREDICTED_MASK
        for child in my_task.children:
            child.task_spec._predict(child, mask=mask)
        return True


class AnyOf:
    """The events of an event gateway, told apart by their elements."""

    def __init__(self, event_definitions: list[Any]) -> None:
        self.name = None
        self.event_definitions = event_definitions

    def has_fired(self, my_task: Any) -> bool:
        return FIRED in my_task.internal_data

    def catches(self, my_task: Any, event: Any) -> bool:
        return False

    def update_task(self, my_task: Any) -> None:
        """Nothing: the engine fires."""

    def reset(self, my_task: Any) -> None:
        my_task.internal_data.pop(FIRED, None)


class ServiceTask(spiff.ServiceTask):  # type: ignore[misc]
    """Records an effect and nothing else."""

    element: Element

    def _execute(self, task: Any) -> bool:
        engine = task.workflow.script_engine
        given = {
            name: engine.evaluate(task, expression)
            for name, expression in self.element.parameters.items()
        }
        engine.effect(task, self.element.operation, given)
        if self.element.result:
            engine.keep(task, {self.element.result: given})
        return True


class BusinessRuleTask(spiff.BusinessRuleTask):  # type: ignore[misc]
    """Asks a decision table; its outputs become facts."""

    element: Element
    table: DecisionTable

    def _run_hook(self, my_task: Any) -> bool:
        engine = my_task.workflow.script_engine
        found = engine.decide(my_task, self.table)
        engine.keep(my_task, found.outputs)
        return bool(BpmnTaskSpec._run_hook(self, my_task))


class _Inside:
    """Reports its own end too when it is cancelled, after that of what it holds."""

    def _on_cancel(self, my_task: Any) -> None:
        super()._on_cancel(my_task)  # type: ignore[misc]
        BpmnTaskSpec._on_cancel(self, my_task)


class CallActivity(_Inside, spiff.CallActivity):  # type: ignore[misc]
    """A called process has its own scope: no data is copied through the tree."""

    def copy_data(self, my_task: Any, subworkflow: Any) -> None:
        """Nothing: the called process reads its caller's facts."""

    def update_data(self, my_task: Any, subworkflow: Any) -> None:
        """Nothing: outputs are handed back when the call completes."""


class SubWorkflowTask(_Inside, spiff.SubWorkflowTask):  # type: ignore[misc]
    """An embedded sub-process shares the facts of what surrounds it."""

    def copy_data(self, my_task: Any, subworkflow: Any) -> None:
        """Nothing: the facts are shared."""

    def update_data(self, my_task: Any, subworkflow: Any) -> None:
        """Nothing: the facts are shared."""


class _EachItem:
    """Runs its child once for each item of a list of facts; the item stays in place."""

    collection: str
    word: str

    def _open(self, my_task: Any, index: int) -> None:
        child_spec = my_task.workflow.spec.task_specs[self.task_spec]  # type: ignore[attr-defined]
        child = my_task._add_child(child_spec, TaskState.WAITING)
        child.triggered = True
        child.internal_data[ITEM] = index
        child.task_spec._update(child)


class ParallelItems(_EachItem, spiff.ParallelMultiInstanceTask):  # type: ignore[misc]
    """All items at once."""

    def _update_hook(self, my_task: Any) -> bool | None:
        if my_task.has_state(TaskState.STARTED):
            return None
        BpmnTaskSpec._update_hook(self, my_task)
        count = my_task.workflow.script_engine.begin_items(my_task)
        if count == 0:
            return True
        my_task._set_state(TaskState.STARTED)
        for index in range(count):
            self._open(my_task, index)
        return None

    def merge_child(self, workflow: Any, child: Any) -> None:
        my_task = child.parent
        if all(c.has_state(TaskState.COMPLETED) for c in self._instances(my_task)):
            my_task._set_state(TaskState.READY)


class SequentialItems(_EachItem, spiff.SequentialMultiInstanceTask):  # type: ignore[misc]
    """One item after the other; items added meanwhile have their turn."""

    def _update_hook(self, my_task: Any) -> bool | None:
        if my_task.has_state(TaskState.STARTED):
            return None
        BpmnTaskSpec._update_hook(self, my_task)
        if my_task.workflow.script_engine.begin_items(my_task) == 0:
            return True
        my_task._set_state(TaskState.STARTED)
        my_task.internal_data[NEXT] = 1
        self._open(my_task, 0)
        return None

    def merge_child(self, workflow: Any, child: Any) -> None:
        my_task = child.parent
        index = my_task.internal_data[NEXT]
        if index < my_task.workflow.script_engine.count_items(my_task):
            my_task.internal_data[NEXT] = index + 1
            self._open(my_task, index)
        else:
            my_task._set_state(TaskState.READY)


_CLASSES: dict[type, type] = {
    TimeDateEventDefinition: Timer,
    MessageEventDefinition: Message,
    spiff.ServiceTask: ServiceTask,
    spiff.BusinessRuleTask: BusinessRuleTask,
    spiff.CallActivity: CallActivity,
    spiff.SubWorkflowTask: SubWorkflowTask,
    spiff.ParallelMultiInstanceTask: ParallelItems,
    spiff.SequentialMultiInstanceTask: SequentialItems,
    bpmn.EventBasedGateway: EventGateway,
}


def adapt(spec: Any, diagram: Diagram, tables: dict[str, DecisionTable]) -> None:
    """Give the nodes of a freshly parsed (sub-)process our behaviour, once."""
    for task_spec in spec.task_specs.values():
        task_spec.__class__ = _CLASSES.get(type(task_spec), type(task_spec))
        element = diagram.elements.get(task_spec.bpmn_id or "")
        if isinstance(task_spec, ServiceTask | BusinessRuleTask) and element:
            task_spec.element = element
        if isinstance(task_spec, BusinessRuleTask) and element:
            task_spec.table = tables[element.decision]
        if isinstance(task_spec, _EachItem) and element and element.multi:
            task_spec.collection, task_spec.word = element.multi
        if isinstance(task_spec, bpmn.StartEvent):
            task_spec.event_definition = NoneEventDefinition()
    for task_spec in spec.task_specs.values():
        _adapt_event(task_spec)
    for task_spec in spec.task_specs.values():
        _order_by_file(task_spec, spec, diagram)
    _connect(spec)


def _order_by_file(task_spec: Any, spec: Any, diagram: Diagram) -> None:
    """Take the ways out of a node in the order of the file. SpiffWorkflow takes them
    from the top of the drawing down, so that moving a shape would change which of two
    conditions that both hold decides."""
    source = task_spec.bpmn_id or ""
    element = diagram.elements.get(source)
    if element is None or element.kind not in GATEWAYS:
        return
    order = {
        flow.target: place
        for place, flow in enumerate(diagram.flows.values())
        if flow.source == source
    }

    def place_of(name: str) -> int:
        return order.get(element_id(spec.task_specs[name]) or "", len(diagram.flows))

    task_spec._outputs.sort(key=place_of)
    if hasattr(task_spec, "cond_task_specs"):
        task_spec.cond_task_specs.sort(key=lambda way: place_of(way[1]))


def _adapt_event(task_spec: Any) -> None:
    definition: Any = getattr(task_spec, "event_definition", None)
    if isinstance(task_spec, EventGateway):
        for event, target in zip(
            definition.event_definitions, task_spec.outputs, strict=True
        ):
            event.__class__ = _CLASSES.get(type(event), type(event))
            event.element = target.name
        task_spec.event_definition = AnyOf(definition.event_definitions)
    elif type(definition) in _CLASSES:
        definition.__class__ = _CLASSES[type(definition)]
        definition.element = task_spec.name


def _connect(spec: Any) -> None:
    """Have every node report to the interpreter of the process that it runs in, and
    each item's node to its multi-instance node (SpiffWorkflow only connects these
    when it creates a child, so never after a restart)."""
    for task_spec in spec.task_specs.values():
        task_spec.update_event.connect(_entered)
        task_spec.completed_event.connect(_completed)
        task_spec.cancelled_event.connect(_cancelled)
    for task_spec in spec.task_specs.values():
        if isinstance(task_spec, _EachItem):
            child = spec.task_specs[task_spec.task_spec]  # type: ignore[attr-defined]
            child.completed_event.connect(task_spec.merge_child)  # type: ignore[attr-defined]


def _entered(workflow: Any, task: Any) -> None:
    workflow.script_engine.entered(task)


def _completed(workflow: Any, task: Any) -> None:
    workflow.script_engine.completed(task)


def _cancelled(workflow: Any, task: Any) -> None:
    workflow.script_engine.cancelled(task)


def is_item(task: Any) -> bool:
    """Whether the task is one item of a multi-instance activity."""
    return ITEM in task.internal_data


def is_catching(task: Any) -> bool:
    return isinstance(task.task_spec, CatchingEvent)


def is_call(task: Any) -> bool:
    return isinstance(task.task_spec, CallActivity)


def element_id(task_spec: Any) -> str | None:
    """The element that a node stands for; None for SpiffWorkflow's own nodes. The
    node before an activity with boundary events stands for the activity."""
    if task_spec.bpmn_id is not None:
        return str(task_spec.bpmn_id)
    name = str(task_spec.name)
    return name.removesuffix(SPLIT) if name.endswith(SPLIT) else None


def belongs_to(task_spec: Any) -> str | None:
    """The element that a node, SpiffWorkflow's own ones around it too, is part of."""
    found = element_id(task_spec)
    name = str(task_spec.name)
    return name.removesuffix(JOIN) if found is None and name.endswith(JOIN) else found
