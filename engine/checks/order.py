"""Finds facts that are read before anything on the way there sets them.

A name that is not there is an error in a running case. Read on no way after it is set:
a problem. Read where some ways have set it and some have not, and where only this
diagram sets it: advice, since a question may keep those ways apart."""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.diagrams import Diagram, Element
from engine.checks import expressions, facts, reads, tables
from engine.checks.everything import Everything
from engine.checks.givens import Givens, beside, sum_of
from engine.checks.names import State
from engine.errors import Problem
from engine.forms.form_model import every

_REMEDY_NEVER = (
    "Ask for it, or set it, in a step before this one; or write "
    'value("{name}", …), which says what holds while it is missing.'
)
_REMEDY_PERHAPS = (
    "Look at the ways that lead here. If one of them does not set it, write "
    'value("{name}", …), which says what holds while it is missing.'
)


def check(everything: Everything) -> Iterator[Problem]:
    """Every such name, once for each element."""
    if everything.unread or any(
        facts.lacks_forms(process, everything) for process in everything.processes
    ):
        return
    givens = Givens(everything)
    known = facts.known(everything)
    for file, diagram in everything.diagrams.items():
        looker = _Looker(givens, file, diagram, known)
        for element, at, text in _texts(diagram, everything):
            yield from looker.text(element, at, text)
        for task in diagram.of_kind("userTask"):
            if task.form in everything.forms:
                yield from looker.form(task, everything)


def _texts(
    diagram: Diagram, everything: Everything
) -> Iterator[tuple[str, Element, str]]:
    """(element, where it is worked out, text) of all that the diagram evaluates."""
    elements = diagram.elements
    for element in elements.values():
        if element.timer:
            host = elements.get(element.attached_to, element)
            yield element.id, host, element.timer
        for text in (element.script, element.payload, *element.parameters.values()):
            if text:
                yield element.id, element, text
        for name, table in everything.tables.items():
            if element.decision and name.endswith(f"{element.decision}.dmn"):
                for _, text in tables.read_by(table):
                    yield element.id, element, text
    for flow in diagram.flows.values():
        if flow.condition and flow.source in elements:
            yield flow.id, elements[flow.source], flow.condition


class _Looker:
    """Looks at the names read in one diagram."""

    def __init__(
        self, givens: Givens, file: str, diagram: Diagram, known: frozenset[str]
    ) -> None:
        self._givens = givens
        self._file = file
        self._diagram = diagram
        self._known = known
        self._process = givens.processes[diagram.process]

    def text(self, element: str, at: Element, text: str) -> Iterator[Problem]:
        """What is not known where this text is worked out."""
        state = self._givens.before(self._diagram.process, at.id)
        if state is None:
            return
        read = reads.of(text)
        for name in sorted(read.needed & self._known):
            if self._is_missing(name, state, at):
                yield self._never(element, text, name)
            elif name in read.always and self._is_doubtful(name, state):
                yield self._perhaps(element, text, name)

    def form(self, task: Element, everything: Everything) -> Iterator[Problem]:
        """What is not known where the form is shown and its rules are looked at."""
        state = self._givens.before(self._diagram.process, task.id)
        form = everything.forms[task.form]
        own = {field.key for field in every(form.components)}
        for _, setting, text in form.expressions if state is not None else ():
            if setting == "default_from":
                continue
            for name in sorted((reads.of(text).needed & self._known) - own):
                if state is not None and self._is_missing(name, state, task):
                    yield self._never(task.id, text, name)

    def _is_missing(self, name: str, state: State, at: Element) -> bool:
        names = self._givens.names
        if names.has(state.may, name):
            return False
        sets = self._process.sets
        near = beside(self._diagram, at.id)
        return not any(names.has(sum_of(sets[other]), name) for other in near)

    def _is_doubtful(self, name: str, state: State) -> bool:
        names = self._givens.names
        enters = self._process.enters
        if names.has(state.sure, name) or enters and names.has(enters.may, name):
            return False
        return not any(
            name in call.outputs for call in self._diagram.of_kind("callActivity")
        )

    def _setters(self, name: str) -> str:
        names = self._givens.names
        steps = [
            f"“{element.name or element.id}”"
            for element in self._diagram.elements.values()
            if names.has(sum_of(self._process.sets[element.id]), name)
        ]
        return " and ".join(steps[:3])

    def _never(self, element: str, text: str, name: str) -> Problem:
        where = self._setters(name)
        when = f": only {where} sets it, which is not before" if where else ""
        return Problem(
            file=self._file,
            element=element,
            problem=f"“{expressions.short(text)}” reads “{name}”, which is not known "
            f"yet when a case comes here{when}.",
            remedy=_REMEDY_NEVER.format(name=name),
        )

    def _perhaps(self, element: str, text: str, name: str) -> Problem:
        return Problem(
            file=self._file,
            element=element,
            problem=f"“{expressions.short(text)}” reads “{name}”, which only "
            f"{self._setters(name)} sets, and a way may lead past that.",
            remedy=_REMEDY_PERHAPS.format(name=name),
            severity="advice",
        )
