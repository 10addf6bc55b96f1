"""The script engine of one process: evaluates through the wall, keeps facts where they
belong, and writes the journal as SpiffWorkflow's nodes report."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.specs.control import BoundaryEventSplit
from SpiffWorkflow.bpmn.specs.mixins.events.intermediate_event import BoundaryEvent
from SpiffWorkflow.util.task import TaskState

from engine.bpmn import facts, nodes, scripting, scripting_sums, words
from engine.bpmn.decisions import DecisionTable, Found
from engine.bpmn.definitions import Definition
from engine.bpmn.diagrams import Diagram, Element
from engine.bpmn.facts import Facts, Link, View
from engine.bpmn.journal import Effect, Step, ThrownMessage, What
from engine.bpmn.words import Surroundings
from engine.errors import EngineError, WorkflowFailed

MAX_STEPS = 3_000
"""More nodes than any command runs; beyond it a diagram goes round without waiting."""

_WAITED_AT = frozenset(
    {
        "userTask",
        "manualTask",
        "task",
        "callActivity",
        "subProcess",
        "intermediateCatchEvent",
        "eventBasedGateway",
    }
)
_LIVE = TaskState.READY | TaskState.WAITING | TaskState.STARTED
_EVENTS = frozenset({"boundaryEvent", "intermediateCatchEvent"})


class Interpreter(PythonScriptEngine):  # type: ignore[misc]
    """Bound to one process's facts and surroundings."""

    def __init__(
        self,
        definition: Definition,
        scopes: dict[str, Facts],
        surroundings: Surroundings,
    ) -> None:
        super().__init__()
        self.definition = definition
        self.scopes = scopes
        self.surroundings = surroundings
        self.journal: list[Step] = []
        self.effects: list[Effect] = []
        self.thrown: list[ThrownMessage] = []
        self.end_event: str | None = None
        self.steps = 0
        self._words = words.bound_to(surroundings)
        self._open: set[Any] = set()

    # Where things are

    def diagram_of(self, task: Any) -> Diagram:
        """The diagram that the task's element is drawn in."""
        process = self.definition.process_of(task.workflow.spec.name)
        return self.definition.diagrams[process]

    def element_of(self, task: Any) -> Element | None:
        """The task's element; None for SpiffWorkflow's own nodes."""
        if task.task_spec.bpmn_id is None:
            return None
        return self.diagram_of(task).elements.get(task.task_spec.bpmn_id)

    def links(self, task: Any) -> list[Link]:
        """The chain of facts seen from a task, innermost first."""
        found: list[Link] = []
        here = task
        while True:
            workflow = here.workflow
            if nodes.is_item(here):
                found.append(self._item(here))
            owner_id = workflow.parent_task_id
            if owner_id is None:
                found.append(Link(self.scopes.setdefault("", {}), ""))
                return found
            here = workflow.top_workflow.get_task_from_id(owner_id)
            if nodes.is_call(here) and not nodes.is_item(here):
                scope = here.id.hex
                found.append(Link(self.scopes.setdefault(scope, {}), scope))

    def check_place(self, task: Any) -> None:
        """WorkflowFailed if the item that the task is about has gone."""
        try:
            self.links(task)
        except EngineError as error:
            raise self._failed(task, error) from error

    def _item(self, task: Any) -> Link:
        each = task.parent
        holder = self.links(each)[0]
        index = task.internal_data[nodes.ITEM]
        spec = each.task_spec
        return facts.item_of(holder, spec.collection, index, spec.word)

    def view(self, task: Any, extra: Mapping[str, object] | None = None) -> View:
        return View(self.links(task), self.surroundings.case, extra)

    # What SpiffWorkflow and our nodes ask for

    def validate(self, expression: str) -> None:
        scripting.check_expression(expression)

    def evaluate(
        self,
        task: Any,
        expression: str,
        external_context: Mapping[str, object] | None = None,
    ) -> object:
        try:
            view = self.view(task, external_context)
            table = words.with_names(self._words, self.surroundings, view)
            return scripting.evaluate(expression, view, table)
        except WorkflowFailed:
            raise
        except EngineError as error:
            raise self._failed(task, error) from error

    def execute(
        self,
        task: Any,
        script: str,
        external_context: Mapping[str, object] | None = None,
    ) -> bool:
        try:
            view = self.view(task, external_context)
            table = words.with_names(self._words, self.surroundings, view)
            scripting.execute(script, view, table)
        except EngineError as error:
            raise self._failed(task, error) from error
        return True

    def call_service(self, task: Any, **given: object) -> str:
        raise self._failed(
            task, EngineError("A service task can only ask for effects.")
        )

    def _failed(self, task: Any, error: EngineError) -> WorkflowFailed:
        process = self.diagram_of(task).process
        element = task.task_spec.bpmn_id or str(task.task_spec.name)
        return WorkflowFailed(process, element, str(error))

    def keep(self, task: Any, values: Mapping[str, object]) -> None:
        """Set facts from where the task stands."""
        view = self.view(task)
        try:
            for name, value in values.items():
                view[name] = value
        except EngineError as error:
            raise self._failed(task, error) from error

    def _kept(self, task: Any, values: Mapping[str, object]) -> Facts:
        """A copy that later steps cannot change."""
        try:
            return {name: scripting_sums.kept(v) for name, v in values.items()}
        except EngineError as error:
            raise self._failed(task, error) from error

    def begin_items(self, task: Any) -> int:
        try:
            return facts.begin_items(self.links(task), task.task_spec.collection)
        except EngineError as error:
            raise self._failed(task, error) from error

    def count_items(self, task: Any) -> int:
        held = self.links(task)[0].values.get(task.task_spec.collection)
        return len(held) if isinstance(held, list) else 0

    def effect(
        self, task: Any, operation: str, parameters: Mapping[str, object]
    ) -> None:
        self.effects.append(
            Effect(
                operation=operation,
                parameters=self._kept(task, parameters),
                process=self.diagram_of(task).process,
                element=task.task_spec.bpmn_id,
                scope=self.links(task)[0].scope,
            )
        )

    def throw(self, task: Any, name: str, payload: object) -> None:
        self.thrown.append(
            ThrownMessage(
                name=name,
                payload=self._kept(
                    task, payload if isinstance(payload, Mapping) else {}
                ),
                notice=self.notice_at(task),
                process=self.diagram_of(task).process,
                element=task.task_spec.bpmn_id,
            )
        )

    def notice_at(self, task: Any) -> str | None:
        """The reference of the notice that this part of the process is about."""
        try:
            notice = self.view(task)["notice"]
        except KeyError:
            return None
        return notice if isinstance(notice, str) and notice else None

    # The journal

    def decide(self, task: Any, table: DecisionTable) -> Found:
        """Ask a table from where the task stands, and note the rules taken."""
        try:
            found = table.decide(lambda text, extra: self.evaluate(task, text, extra))
        except WorkflowFailed:
            raise
        except EngineError as error:
            raise self._failed(task, error) from error
        taken = tuple((table.decision, rule) for rule in found.rules)
        task.internal_data[nodes.RULES] = taken
        return found

    def entered(self, task: Any) -> None:
        element = self.element_of(task)
        if element is None or task.id in self._open or element.kind not in _WAITED_AT:
            return
        self._open.add(task.id)
        self._note(task, element, "entered")

    def reopen(self, tasks: list[Any]) -> None:
        """Know the tasks of a restored process again, without noting them."""
        for task in tasks:
            element = self.element_of(task)
            if task.has_state(_LIVE) and element and element.kind in _WAITED_AT:
                self._open.add(task.id)

    def completed(self, task: Any) -> None:
        self.steps += 1
        if self.steps > MAX_STEPS:
            raise self._failed(
                task,
                EngineError(
                    "The diagram goes round and round without waiting for anybody. "
                    "Draw a task or a timer into the loop."
                ),
            )
        element = self.element_of(task)
        if element is None:
            return
        self._open.discard(task.id)
        diagram = self.diagram_of(task)
        flows = []
        for child in task.children:
            target = None if child.triggered else nodes.element_id(child.task_spec)
            flow = diagram.flow_between(element.id, target) if target else None
            if flow is not None:
                flows.append(flow)
        self._note(
            task,
            element,
            "fired" if element.kind in _EVENTS else "completed",
            flows=tuple(flows),
            rules=task.internal_data.pop(nodes.RULES, ()),
        )
        if nodes.is_call(task):
            self._hand_back(task, element)
        if element.kind == "endEvent" and task.workflow.parent_task_id is None:
            self.end_event = element.id
        self._close_escalations(task, diagram)

    def cancelled(self, task: Any) -> None:
        element = self.element_of(task)
        if element is None:
            return
        if task.id in self._open:
            self._open.discard(task.id)
            self._note(task, element, "cancelled")
        self._close_escalations(task, self.diagram_of(task))

    def removed(self, workflow: Any, task: Any) -> None:
        """A task was dropped from the tree: what ran inside it ends with it."""
        top = task.workflow.top_workflow
        top.event_manager.remove_task(task)
        inner = top.subprocesses.get(task.id)
        if inner is not None and not inner.completed:
            top.tasks[task.id] = task
            inner.cancel()
            del top.tasks[task.id]
        self.cancelled(task)

    def _note(
        self,
        task: Any,
        element: Element,
        what: What,
        *,
        flows: tuple[str, ...] = (),
        rules: tuple[tuple[str, str], ...] = (),
    ) -> None:
        try:
            link = self.links(task)[0]
            scope, path = link.scope, link.path or None
        except EngineError:
            scope, path = "", None
        self.journal.append(
            Step(
                process=self.diagram_of(task).process,
                element=element.id,
                scope=scope,
                what=what,
                flows=flows,
                rules=rules,
                item_index=path,
            )
        )

    def _hand_back(self, task: Any, element: Element) -> None:
        """Copy what a called process set, and its outputs name, to its caller."""
        own = self.scopes.get(task.id.hex, {})
        self.keep(task, {name: own[name] for name in element.outputs if name in own})

    def _close_escalations(self, task: Any, diagram: Diagram) -> None:
        """End the open work that a timer on this task had brought in beside it."""
        split = task.parent
        if split is None or not isinstance(split.task_spec, BoundaryEventSplit):
            return
        if isinstance(task.task_spec, BoundaryEvent):
            return
        for event in split.children:
            element = diagram.elements.get(event.task_spec.bpmn_id or "")
            if (
                element is not None
                and element.timer
                and not element.interrupting
                and not element.keeps_open
                and event.has_state(TaskState.COMPLETED)
            ):
                branch = self.definition.branch_of(diagram.process, element.id)
                _cancel_branch(event, branch)


def _cancel_branch(task: Any, branch: frozenset[str]) -> None:
    for child in list(task.children):
        if child.has_state(TaskState.FINISHED_MASK):
            _cancel_branch(child, branch)
        elif nodes.belongs_to(child.task_spec) in branch:
            child.cancel()
        else:
            _cancel_branch(child, branch)
