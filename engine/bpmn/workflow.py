"""Runs a process: start, restore, complete, fire, deliver, correct, dump.

A flow is one running instance. It knows no database and no clock: what it may see is
handed in, and what it did is handed back as plain data."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any, Self

from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.exceptions import SpiffWorkflowException
from SpiffWorkflow.util.task import TaskState

from engine import documents
from engine.bpmn import (
    facts,
    pruning,
    relocating,
    scripting,
    storing,
    timers,
    tokens,
    words,
)
from engine.bpmn.definitions import Definition
from engine.bpmn.facts import Facts, View
from engine.bpmn.interpreter import Interpreter
from engine.bpmn.journal import (
    AwaitedMessage,
    Effect,
    Failure,
    OpenTask,
    Position,
    Step,
    ThrownMessage,
    WaitingTimer,
)
from engine.bpmn.relocating import Area
from engine.bpmn.words import Surroundings
from engine.errors import NotFound, TaskNotReady, WorkflowFailed

__all__ = [
    "AwaitedMessage",
    "Effect",
    "Failure",
    "Flow",
    "OpenTask",
    "Position",
    "Step",
    "Surroundings",
    "ThrownMessage",
    "WaitingTimer",
]

_PRUNE_EVERY = 50
"""Nodes run before the tree is pruned within a command: it slows down as it grows."""


class Flow:
    """One running instance of a process.

    `facts` maps scopes to facts: "" is the instance's own, the others belong to called
    processes. `journal`, `effects`, `thrown` and `failures` collect what was reported
    since the flow was started or restored; the caller may empty them."""

    def __init__(
        self, definition: Definition, interpreter: Interpreter, top: Any
    ) -> None:
        self.definition = definition
        self.failures: list[Failure] = []
        self._dated: list[WaitingTimer] | None = None
        self._interpreter = interpreter
        self._top = top
        top.task_removed_event.connect(interpreter.removed)

    @classmethod
    def start(
        cls,
        definition: Definition,
        given: Mapping[str, object],
        surroundings: Surroundings,
        *,
        payload: Mapping[str, object] | None = None,
    ) -> Self:
        """A new instance with these facts, not yet run.

        `payload` is what the message brought, where a message started it: it lands in
        the start event's variable."""
        scopes: dict[str, Facts] = {"": {k: _kept(v) for k, v in given.items()}}
        interpreter = Interpreter(definition, scopes, surroundings)
        specs = definition.parsed
        top = BpmnWorkflow(specs.main, dict(specs.inner), script_engine=interpreter)
        diagram = definition.diagrams[definition.process]
        for element in diagram.of_kind("startEvent"):
            if payload is not None and element.variable and not element.parent:
                scopes[""][element.variable] = _kept(dict(payload))
        return cls(definition, interpreter, top)

    @classmethod
    def restore(
        cls,
        definition: Definition,
        state: str,
        stored_facts: str,
        surroundings: Surroundings,
    ) -> Self:
        """The instance that `dump` wrote."""
        scopes: dict[str, Facts] = {}
        loaded = documents.loads(stored_facts)
        if isinstance(loaded, dict):
            scopes.update(loaded)
        interpreter = Interpreter(definition, scopes, surroundings)
        specs = definition.parsed
        top, end = storing.restore(state, specs.main, dict(specs.inner), interpreter)
        interpreter.end_event = end
        flow = cls(definition, interpreter, top)
        interpreter.reopen(tokens.tasks(top, tokens.OPEN))
        return flow

    def dump(self) -> tuple[str, str]:
        """(state, facts) as JSON text, the state pruned."""
        self._prune()
        state = storing.dump(self._top, self._interpreter.end_event)
        return state, documents.dumps(self._interpreter.scopes)

    # What happened

    @property
    def facts(self) -> dict[str, Facts]:
        return self._interpreter.scopes

    @property
    def surroundings(self) -> Surroundings:
        return self._interpreter.surroundings

    @property
    def journal(self) -> list[Step]:
        return self._interpreter.journal

    @property
    def effects(self) -> list[Effect]:
        return self._interpreter.effects

    @property
    def thrown(self) -> list[ThrownMessage]:
        return self._interpreter.thrown

    @property
    def ended(self) -> bool:
        return bool(self._top.completed)

    @property
    def end_event(self) -> str | None:
        """The last end event reached by the instance itself, if any."""
        return self._interpreter.end_event

    # Commands

    def run(self) -> None:
        """Go on to the next people, timers and ends; due timers fire."""
        self._command(lambda: None)

    def complete(self, task_id: str, answers: Mapping[str, object]) -> None:
        """Complete an open task with its answers, and go on.

        Timers that were due already fire first, so that what is late is late.
        TaskNotReady if the task is not open (any more)."""

        def act() -> None:
            task = self._ready(task_id)
            self._interpreter.keep(task, answers)
            task.run()

        self._fire_due()
        self._command(act)

    def fire(self) -> None:
        """Let every timer that is due fire, the earliest first, until all is quiet."""
        self._command(lambda: None)

    def deliver(
        self, waiting_id: str, name: str, payload: Mapping[str, object]
    ) -> None:
        """Hand a message to the place that waits for it. NotFound if none does."""

        def act() -> None:
            for event in timers.waiting(self._top, self._interpreter):
                if event.id == waiting_id and event.element.message == name:
                    timers.fire(event, dict(payload))
                    return
            raise NotFound(f"Nothing waits for the message “{name}” here any more.")

        self._fire_due()
        self._command(act)

    def correct(
        self,
        scope: str,
        changes: Mapping[str, object],
        item_index: str | None = None,
    ) -> None:
        """Change facts that were answered before; dates are worked out again.

        `scope` and `item_index` are those of the task that was answered. An event that
        has fired stays fired. NotFound if that part of the process has ended."""

        def act() -> None:
            try:
                held = facts.at_path(self.facts[scope], item_index or "")
            except KeyError:
                raise NotFound(
                    "The part of the procedure that used this answer has ended, so it "
                    "cannot be corrected there."
                ) from None
            held.update({name: _kept(value) for name, value in changes.items()})

        self._command(act)

    def relocate(self, area: str, leave: Collection[str], to: str) -> None:
        """End the work at some places of an area and go on at another element of it.

        CannotRelocate says why not; NotFound where the case has gone on."""
        self._command(
            lambda: relocating.relocate(self._top, self._interpreter, area, leave, to)
        )

    def cancel(self) -> None:
        """End the instance where it stands."""
        self._top.cancel()
        self._prune()
        self._work_out_dates()

    # What is open

    def open_tasks(self) -> list[OpenTask]:
        """The tasks that people must do now, in the order of the task tree."""
        return tokens.open_tasks(self._top, self._interpreter)

    def timers(self) -> list[WaitingTimer]:
        """The timers that have a date, earliest first."""
        if self._dated is None:
            self._work_out_dates()
        return list(self._dated or ())

    def awaited(self) -> list[AwaitedMessage]:
        """The messages that the instance waits for."""
        events = timers.waiting(self._top, self._interpreter)
        return timers.awaited(events, self._interpreter)

    def positions(self) -> list[Position]:
        """Where tokens stand: open tasks, calls, sub-processes, events."""
        return tokens.positions(self._top, self._interpreter)

    def areas(self) -> list[Area]:
        """The parts of the process where it stands, and where else it may be put."""
        return relocating.areas(self._top, self._interpreter)

    def visible(self, scope: str = "", task_id: str | None = None) -> Facts:
        """All facts visible from a task, or from a scope, by name."""
        return self._view(scope, task_id).everything()

    def evaluate(
        self,
        expression: str,
        scope: str = "",
        task_id: str | None = None,
        *,
        extra: Mapping[str, object] | None = None,
    ) -> object:
        """The value of an expression as seen from a task or a scope, with `extra`
        names in front. ExpressionError says why it has none."""
        view = self._view(scope, task_id, extra)
        table = words.with_names(
            words.bound_to(self.surroundings), self.surroundings, view
        )
        return scripting.evaluate(expression, view, table)

    # Inside

    def _command(self, act: Callable[[], None]) -> None:
        self._interpreter.steps = 0
        try:
            act()
            self._settle()
            for task in tokens.tasks(self._top, tokens.OPEN):
                self._interpreter.check_place(task)
        except SpiffWorkflowException as error:
            raise self._failed(error) from error

    def _fire_due(self) -> None:
        """Fire if anything is due: what is late must be late before a person acts."""
        if self._due():
            self.fire()

    def _due(self) -> list[WaitingTimer]:
        """The timers that are due and not held back, the earliest first."""
        now, held = self.surroundings.now, self.surroundings.held
        return [t for t in self.timers() if t.due_at <= now and t.id not in held]

    def _settle(self) -> None:
        """Run until only people, dates and messages are waited for."""
        while True:
            self._advance()
            self._work_out_dates()
            due = self._due()
            if not due or self.ended:
                return
            for event in timers.waiting(self._top, self._interpreter):
                if event.id == due[0].id:
                    timers.fire(event)

    def _work_out_dates(self) -> None:
        events = timers.waiting(self._top, self._interpreter)
        self._dated, self.failures = timers.timers(events, self._interpreter)

    def _advance(self) -> None:
        while True:
            pruned_at = self._interpreter.steps
            while self._top._do_engine_steps():
                if self._interpreter.steps - pruned_at > _PRUNE_EVERY:
                    break
            self._prune()
            ready = tokens.tasks(self._top, TaskState.READY)
            if all(task.task_spec.manual for task in ready):
                return

    def _prune(self) -> None:
        for scope in pruning.prune(self._top):
            self.facts.pop(scope, None)

    def _ready(self, task_id: str) -> Any:
        for task in tokens.tasks(self._top, TaskState.READY):
            if task.id.hex == task_id and task.task_spec.manual:
                return task
        raise TaskNotReady()

    def _view(
        self,
        scope: str,
        task_id: str | None,
        extra: Mapping[str, object] | None = None,
    ) -> View:
        place = self._top.task_tree
        if task_id is not None:
            place = self._ready(task_id)
        elif scope:
            for owner, inner in self._top.subprocesses.items():
                if owner.hex == scope:
                    place = inner.task_tree
        return self._interpreter.view(place, extra)

    def _failed(self, error: SpiffWorkflowException) -> WorkflowFailed:
        task = getattr(error, "task", None)
        spec = getattr(error, "task_spec", None)
        element = getattr(spec, "bpmn_id", None) or getattr(spec, "name", "")
        process = self.definition.process
        if task is not None:
            process = self._interpreter.diagram_of(task).process
        elif spec is not None:
            process = self.definition.process_of(spec._wf_spec.name)
        return WorkflowFailed(process, str(element), _in_words(str(error), element))


def _in_words(message: str, element: object) -> str:
    if "No conditions satisfied" in message:
        return (
            f"None of the ways out of “{element}” fits. Draw a default flow out of it, "
            "or correct the answer that decides."
        )
    return f"“{element}” could not be carried out: {message}."


def _kept(value: object) -> object:
    return documents.plain(value)
