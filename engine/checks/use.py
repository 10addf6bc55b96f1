"""Finds what is wrong between files: a diagram and the forms, tables, periods, roles
and other diagrams that it names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.bpmn.diagrams import Diagram, Element, words_of
from engine.checks import expressions, facts, operations
from engine.checks.everything import Everything
from engine.errors import Problem
from engine.permissions import ROLES, role_of_lane

PROPERTIES = {
    "userTask": frozenset({"form", "not_by", "only_by"}),
    "callActivity": frozenset({"outputs"}),
    "boundaryEvent": frozenset({"keeps_open"}),
}
"""The properties that mean something, by the kind of element that has them."""
EVERYWHERE = frozenset({"safeguard"})
"""The properties that any element may have."""
PAGE_FORMS = frozenset({"report_breach"})
"""Forms that a page shows, not a task."""


def check(everything: Everything) -> list[Problem]:
    """Everything that is wrong between the files."""
    problems: list[Problem] = []
    for file, diagram in everything.diagrams.items():
        looker = _Looker(everything, file, diagram)
        problems += looker.process()
        for element in diagram.elements.values():
            problems += looker.element(element)
        for flow in diagram.flows.values():
            if flow.condition:
                problems += looker.expression(flow.id, flow.condition, "The condition")
    problems += _orphans(everything)
    problems += _circles(everything)
    return problems


class _Looker:
    """Looks at one diagram among everything else."""

    def __init__(self, everything: Everything, file: str, diagram: Diagram) -> None:
        self._everything = everything
        self._file = file
        self._diagram = diagram

    def _found(self, element: str, problem: str, remedy: str) -> Problem:
        return Problem(file=self._file, element=element, problem=problem, remedy=remedy)

    def process(self) -> Iterator[Problem]:
        properties = self._diagram.properties
        known = {"start_from_case", "start_roles", "for", "inputs", "outputs"}
        for name in sorted(set(properties) - known):
            yield self._found(
                self._diagram.process,
                f"The process has the property “{name}”, which means nothing.",
                f"Remove it, or use one of {', '.join(sorted(known))}.",
            )
        for role in words_of(properties.get("start_roles", "")):
            if role not in ROLES:
                yield self._found(
                    self._diagram.process,
                    f"The property “start_roles” names “{role}”, which is no role.",
                    f"Use the words {', '.join(ROLES)}.",
                )
        if properties.get("for", "notice") != "notice":
            yield self._found(
                self._diagram.process,
                f"The property “for” is “{properties['for']}”.",
                "Write notice, or remove the property.",
            )

    def element(self, element: Element) -> Iterator[Problem]:
        yield from self._known_properties(element)
        if element.kind == "userTask":
            yield from self._user_task(element)
        elif element.kind == "serviceTask":
            yield from operations.check(self._file, element)
        elif element.kind == "businessRuleTask":
            yield from self._decision(element)
        elif element.kind == "callActivity":
            yield from self._call(element)
        elif element.kind == "scriptTask":
            yield from self._script(element)
        elif element.kind == "subProcess":
            yield from self._embedded(element)
        if element.timer:
            yield from self._timer(element)
        if element.payload:
            yield from self.expression(element.id, element.payload, "The message")

    def _user_task(self, task: Element) -> Iterator[Problem]:
        if not task.form:
            yield self._found(
                task.id,
                f"The user task “{task.name}” has no form.",
                "Choose a form under “Form”, or make a new one there (in the file: "
                "the property “form”).",
            )
        elif task.form not in self._everything.forms and not self._everything.is_unread(
            f"forms/{task.form}.json"
        ):
            yield self._found(
                task.id,
                f"The user task “{task.name}” names the form “{task.form}”, which "
                "does not exist.",
                f"Make the form {task.form}.json, or choose another under “Form”.",
            )
        if not task.lane:
            yield self._found(
                task.id,
                f"The user task “{task.name}” lies in no lane.",
                "Drag it into the lane of the role that does it.",
            )
        elif role_of_lane(task.lane) is None:
            yield self._found(
                task.id,
                f"The user task “{task.name}” lies in the lane “{task.lane}”, which "
                "is no role.",
                f"Name the lane after a role: {', '.join(ROLES.values())}.",
            )
        yield from self._other_tasks(task)

    def _known_properties(self, element: Element) -> Iterator[Problem]:
        known = PROPERTIES.get(element.kind, frozenset()) | EVERYWHERE
        for name in sorted(set(element.properties) - known):
            yield self._found(
                element.id,
                f"“{element.name}” has the property “{name}”, which means nothing.",
                f"Remove it, or use one of {', '.join(sorted(known))}.",
            )

    def _other_tasks(self, task: Element) -> Iterator[Problem]:
        for name in ("not_by", "only_by"):
            for other in words_of(task.properties.get(name, "")):
                if other not in self._everything.user_tasks:
                    yield self._found(
                        task.id,
                        f"The property “{name}” names “{other}”, which is no user "
                        "task.",
                        "Choose another task under “Second signature” (in the file: "
                        "the id of a user task).",
                    )

    def _decision(self, element: Element) -> Iterator[Problem]:
        decision = element.decision
        if not decision:
            yield self._found(
                element.id,
                f"The decision “{element.name}” names no table.",
                "Choose a table under “Decision table” (in the file: its id, such as "
                "priority).",
            )
        elif (
            decision not in self._everything.decisions
            and not self._everything.is_unread(f"{decision}.dmn")
        ):
            yield self._found(
                element.id,
                f"The decision “{element.name}” names the table “{decision}”, which "
                "does not exist.",
                f"Make the table {decision}.dmn, or choose another here.",
            )

    def _call(self, element: Element) -> Iterator[Problem]:
        called = element.called
        if not called:
            yield self._found(
                element.id,
                f"The call activity “{element.name}” calls no process.",
                "Choose a process under “Called process” (in the file: its id).",
            )
            return
        if called in self._everything.processes:
            yield from self._outputs(element, called)
        elif not self._everything.is_unread(f"{called}.bpmn"):
            yield self._found(
                element.id,
                f"The call activity “{element.name}” calls “{called}”, which does not "
                "exist.",
                f"Draw the process {called}.bpmn, or choose another here.",
            )
        stem = element.id.rstrip("0123456789").rstrip("_")
        if called not in (element.id, stem):
            yield self._found(
                element.id,
                f"The call activity “{element.name}” has the id “{element.id}”, but "
                f"calls “{called}”.",
                f"Give it the id {called}, or {called}_2 where it is drawn twice.",
            )

    def _outputs(self, element: Element, called: str) -> Iterator[Problem]:
        if facts.lacks_forms(called, self._everything):
            return
        given = facts.set_by(called, self._everything) | set(element.multi or ())
        for name in element.outputs:
            if name not in given:
                yield self._found(
                    element.id,
                    f"The property “outputs” names “{name}”, which nothing in the "
                    f"process “{called}” sets.",
                    "Name a question of one of its forms, or a fact that one of its "
                    "scripts or tables sets.",
                )

    def _embedded(self, element: Element) -> Iterator[Problem]:
        for process, diagram in self._everything.processes.items():
            other = diagram.elements.get(element.id)
            is_taken = process == element.id or (
                diagram is not self._diagram
                and other is not None
                and other.kind == "subProcess"
            )
            if is_taken:
                yield self._found(
                    element.id,
                    f"The sub-process has the id “{element.id}”, which {process}.bpmn "
                    "uses too.",
                    f"Give it another, such as {self._diagram.process}_{element.id}.",
                )

    def _script(self, element: Element) -> Iterator[Problem]:
        if not element.script:
            yield self._found(
                element.id,
                f"The script task “{element.name}” has no script.",
                "Write one, such as  reminders = reminders + 1, or delete the task.",
            )
        elif reason := expressions.script_fault(element.script):
            yield self._found(
                element.id,
                f"The script of “{element.name}” cannot be used: {reason}",
                expressions.REMEDY,
            )

    def _timer(self, element: Element) -> Iterator[Problem]:
        text = element.timer
        if reason := expressions.timer_fault(text):
            yield self._found(
                element.id,
                f"The timer's date “{expressions.short(text)}” cannot be used: "
                f"{reason}",
                expressions.TIMER_REMEDY,
            )

    def expression(self, element: str, text: str, what: str) -> Iterator[Problem]:
        """What is wrong with an expression that is not a timer's date."""
        if reason := expressions.fault(text):
            yield self._found(
                element,
                f"{what} “{expressions.short(text)}” cannot be used: {reason}",
                expressions.REMEDY,
            )


def _orphans(everything: Everything) -> Iterator[Problem]:
    used = {
        element.form
        for diagram in everything.diagrams.values()
        for element in diagram.elements.values()
        if element.form
    }
    if any(name.endswith(".bpmn") for name in everything.unread):
        return
    for identity in sorted(set(everything.forms) - used - PAGE_FORMS):
        yield Problem(
            file=f"forms/{identity}.json",
            element=identity,
            problem="No user task uses this form.",
            remedy="Choose it for a task, under “Form” (in the file: the property "
            f"form = {identity}), or delete the file.",
        )
    decisions = {
        element.decision
        for diagram in everything.diagrams.values()
        for element in diagram.elements.values()
        if element.decision
    }
    for file in sorted(everything.tables):
        identity = file.rsplit("/", 1)[-1].removesuffix(".dmn")
        if identity in decisions:
            continue
        yield Problem(
            file=file,
            element=identity,
            problem="No diagram uses this decision table.",
            remedy="Choose it in a step “Ask a decision table” (in the file: a "
            "business rule task), or delete the file.",
        )


def _circles(everything: Everything) -> Iterator[Problem]:
    calls = {
        process: {
            element.called: element.id
            for element in diagram.elements.values()
            if element.called in everything.processes
        }
        for process, diagram in everything.processes.items()
    }
    for file, diagram in everything.diagrams.items():
        for called, element in calls.get(diagram.process, {}).items():
            path = _path(called, diagram.process, calls)
            if path:
                yield Problem(
                    file=file,
                    element=element,
                    problem="The processes call each other in a circle: "
                    f"{' → '.join([diagram.process, *path])}.",
                    remedy="Break the circle: draw a loop inside one process, or start "
                    "the second as a process of its own by a message.",
                )


def _path(start: str, goal: str, calls: Mapping[str, Mapping[str, str]]) -> list[str]:
    waiting = [[start]]
    seen: set[str] = set()
    while waiting:
        path = waiting.pop(0)
        if path[-1] == goal:
            return path
        if path[-1] not in seen:
            seen.add(path[-1])
            waiting += [[*path, called] for called in calls.get(path[-1], {})]
    return []
