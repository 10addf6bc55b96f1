"""Stock SpiffWorkflow on the same diagram: its parser, its full JSON, nothing pruned.

It gets the words that our diagrams use, bound to plain task data, and no wall."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

from lxml import etree
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine, TaskDataEnvironment
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.spiff.parser import SpiffBpmnParser
from SpiffWorkflow.spiff.serializer.config import SPIFF_CONFIG
from SpiffWorkflow.util.task import TaskState

from engine.bpmn import words
from engine.bpmn.words import Surroundings
from engine.law.periods import fires_at


class _Fields(dict[str, Any]):
    """A mapping whose fields may be read with a dot, as our diagrams do."""

    def __getattr__(self, name: str) -> Any:
        return self[name]


class _Words(TaskDataEnvironment):  # type: ignore[misc]
    """Plain Python on task data, with the words that our diagrams know."""

    def __init__(self, surroundings: Surroundings) -> None:
        super().__init__({})
        self._surroundings = surroundings
        self._words = words.bound_to(surroundings)

    def _names(self, data: Mapping[str, Any]) -> dict[str, Any]:
        table = words.with_names(self._words, self._surroundings, data)
        names = dict(table) | dict(data)
        names["case"] = _Fields(self._surroundings.case)
        return names

    def evaluate(
        self, expression: str, context: Any, external_context: Any = None
    ) -> Any:
        data = {**(external_context or {}), **context}
        found = eval(expression, self._names(data))  # noqa: S307
        return _moment(found) if "deadline(" in expression else found

    def execute(self, script: str, context: Any, external_context: Any = None) -> bool:
        names = self._names(context)
        before = set(names)
        exec(script, names)  # noqa: S102
        for name in set(names) - {"__builtins__"}:
            if name in context or name not in before:
                context[name] = names[name]
        return True

    def call_service(self, *_: Any, **__: Any) -> str:
        return json.dumps({})


class Stock:
    """A workflow as SpiffWorkflow alone keeps it."""

    def __init__(
        self, files: Mapping[str, bytes], process: str, surroundings: Surroundings
    ) -> None:
        parser = SpiffBpmnParser()
        for name, content in files.items():
            if name.endswith(".bpmn"):
                parser.add_bpmn_xml(etree.parse(BytesIO(content)), filename=name)
            elif name.endswith(".dmn"):
                parser.add_dmn_xml(etree.fromstring(content), filename=name)
        self._engine = PythonScriptEngine(environment=_Words(surroundings))
        spec, inner = parser.get_spec(process), parser.get_subprocess_specs(process)
        registry = BpmnWorkflowSerializer.configure(SPIFF_CONFIG)
        registry.register(
            date, lambda d: {"value": d.isoformat()}, _date_from, typename="date"
        )
        self._serializer = BpmnWorkflowSerializer(registry)
        self.workflow = BpmnWorkflow(spec, inner, script_engine=self._engine)

    def begin(self, facts: Mapping[str, Any]) -> None:
        self.workflow.task_tree.data.update(facts)
        (start,) = self.workflow.get_tasks(state=TaskState.READY)
        start.data.update(facts)
        self.workflow.do_engine_steps()

    def waiting(self) -> list[Any]:
        return list(self.workflow.get_tasks(state=TaskState.READY, manual=True))

    def complete(self, task: Any, answers: Mapping[str, Any]) -> None:
        task.data.update(answers)
        task.run()
        self.workflow.refresh_waiting_tasks()
        self.workflow.do_engine_steps()

    def dump(self) -> str:
        return str(self._serializer.serialize_json(self.workflow))

    def load(self, text: str) -> None:
        self.workflow = self._serializer.deserialize_json(text)
        self.workflow.script_engine = self._engine


def _moment(deadline: Any) -> str:
    """A moment, as stock timers want it; the end of time for a date not known."""
    if deadline is None:
        return datetime(9999, 1, 1, tzinfo=UTC).isoformat()
    return fires_at(deadline).isoformat()


def _date_from(stored: Mapping[str, str]) -> date:
    return date.fromisoformat(stored["value"])
