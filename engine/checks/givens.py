"""What is surely known, and what may be known, at each step of each process.

Follows every path: a form sets its answers, a script and a table what they set, a
called process the outputs that it hands back. What holds on all paths to a step is
surely known there; what holds on one may be. A called process also knows what its
callers know.

Sets of names are kept as bits, so that all processes take some milliseconds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from engine.bpmn.diagrams import Diagram, Element, Flow, words_of
from engine.checks import expressions, facts, reads, tables, ways
from engine.checks.everything import Everything
from engine.checks.names import Names, State


@dataclass
class Process:
    """One process while its paths are followed."""

    diagram: Diagram
    sets: dict[str, tuple[int, int]]
    """What each element sets: surely, and perhaps."""
    read: dict[str, int]
    """What was surely there if a case comes past the element: it has read it."""
    enters: State | None = None
    before: dict[str, State] = field(default_factory=dict)
    after: dict[str, State] = field(default_factory=dict)

    @cached_property
    def order(self) -> tuple[Element, ...]:
        """The elements, from the start onward."""
        onward = ways.onward(self.diagram)
        found = dict.fromkeys(ways.starts(self.diagram))
        for name in (waiting := list(found)):
            more = [after for after in onward.get(name, ()) if after not in found]
            found |= dict.fromkeys(more)
            waiting += dict.fromkeys(more)
        return tuple(self.diagram.elements[name] for name in found)

    @cached_property
    def into(self) -> Mapping[str, list[Flow]]:
        """The flows into each element."""
        found: dict[str, list[Flow]] = {}
        for flow in self.diagram.flows.values():
            found.setdefault(flow.target, []).append(flow)
        return found

    @cached_property
    def inner(self) -> Mapping[str, list[Element]]:
        """The elements of each embedded sub-process."""
        found: dict[str, list[Element]] = {}
        for element in self.diagram.elements.values():
            found.setdefault(element.parent, []).append(element)
        return found


class Givens:
    """What is known where, in all processes."""

    def __init__(self, everything: Everything) -> None:
        self._everything = everything
        self.names = Names()
        self._report = self.names.of(facts.OF_THE_REPORT)
        self.processes = {
            name: Process(diagram, self._set_in(diagram), self._read_in(diagram))
            for name, diagram in everything.processes.items()
        }
        self._follow()

    def before(self, process: str, element: str) -> State | None:
        """What is known when a case comes to the element; None if none ever does."""
        return self.processes[process].before.get(element)

    def after(self, process: str, element: str) -> State | None:
        """What is known when the element is done."""
        return self.processes[process].after.get(element)

    # What elements set

    def _set_in(self, diagram: Diagram) -> dict[str, tuple[int, int]]:
        return {
            name: self._set_by(element) for name, element in diagram.elements.items()
        }

    def _read_in(self, diagram: Diagram) -> dict[str, int]:
        found = {
            name: self._always(element.script) | self._always(element.payload)
            for name, element in diagram.elements.items()
        }
        asked: set[str] = set()
        for flow in diagram.flows.values():
            if flow.condition and flow.source in found and flow.source not in asked:
                asked.add(flow.source)
                found[flow.source] |= self._always(flow.condition)
        return found

    def _always(self, text: str) -> int:
        return self.names.of(reads.of(text).always) if text else 0

    def _set_by(self, element: Element) -> tuple[int, int]:
        sure: set[str] = set()
        may: set[str] = set()
        if element.kind == "userTask":
            sure |= self._everything.questions.get(element.form, frozenset())
        elif element.kind == "scriptTask":
            sure |= reads.surely_set(element.script)
            may |= expressions.assigned(element.script)
        elif element.kind == "businessRuleTask":
            for name, table in self._everything.tables.items():
                if name.rsplit("/", 1)[-1] == f"{element.decision}.dmn":
                    sure |= set(tables.outputs(table))
        sure |= {name for name in (element.variable, element.result) if name}
        if element.multi:
            may |= sure | set(element.multi)
            sure = set()
        return self.names.of(sure), self.names.of(may)

    # Following the paths

    def _follow(self) -> None:
        self._callers: dict[str, list[str]] = {}
        for name, process in self.processes.items():
            for element in process.diagram.of_kind("callActivity"):
                self._callers.setdefault(element.called, []).append(name)
        for name, process in self.processes.items():
            if name not in self._callers or _stands_alone(process.diagram):
                inputs = words_of(process.diagram.properties.get("inputs", ""))
                known = self._report | self.names.of(inputs)
                process.enters = State(known, known)
        waiting = dict.fromkeys(self.processes)
        while waiting:
            name = next(iter(waiting))
            del waiting[name]
            waiting |= dict.fromkeys(self._round(self.processes[name]))

    def _round(self, process: Process) -> Iterator[str]:
        """Follow one process; the processes that must be followed again for it."""
        if process.enters is None:
            return
        was = self._ends(process)
        _Walk(self, process).run()
        for element in process.diagram.of_kind("callActivity"):
            called = self.processes.get(element.called)
            given = process.before.get(element.id)
            if called is None or given is None:
                continue
            given = self.inside(element, given)
            entered = given if called.enters is None else called.enters.meets(given)
            if entered != called.enters:
                called.enters = entered
                yield element.called
        if was != self._ends(process):
            yield from self._callers.get(process.diagram.process, ())

    def _ends(self, process: Process) -> State | None:
        """What is known when the process has ended."""
        found: State | None = None
        for end in process.diagram.of_kind("endEvent"):
            known = process.after.get(end.id) if not end.parent else None
            if known is not None:
                found = known if found is None else found.meets(known)
        return found

    def inside(self, element: Element, given: State) -> State:
        """What is known inside a repeated step: the entry and its fields too."""
        if not element.multi:
            return given
        asked = self._everything.entries.get(element.multi[0], frozenset())
        fields = self.names.of(asked | {element.multi[1]})
        return given.plus(fields, self._anything)

    @cached_property
    def _anything(self) -> int:
        """All that is set anywhere: what earlier rounds may have left in an entry."""
        found = 0
        for process in self.processes.values():
            for sets in process.sets.values():
                found |= sum_of(sets)
        return found

    def handed_back(self, element: Element) -> tuple[int, int]:
        """What a call hands back to its caller: surely, and perhaps."""
        called = self.processes.get(element.called)
        outputs = self.names.of(element.outputs)
        ends = self._ends(called) if called else None
        sure = outputs & ends.sure if ends else outputs
        return (0, outputs) if element.multi else (sure, outputs)


def _stands_alone(diagram: Diagram) -> bool:
    """Whether it is started from the case page or by a message, called or not."""
    return bool(diagram.properties.get("start_from_case")) or any(
        start.message for start in diagram.of_kind("startEvent") if not start.parent
    )


class _Walk:
    """Follows all paths of one process until nothing changes any more."""

    def __init__(self, givens: Givens, process: Process) -> None:
        self._givens = givens
        self._process = process
        self._diagram = process.diagram

    def run(self) -> None:
        self._process.before.clear()
        self._process.after.clear()
        changed = True
        while changed:
            changed = any([self._step(each) for each in self._process.order])

    def _step(self, element: Element) -> bool:
        before = self._before(element)
        if before is None:
            return False
        after = self._after(element, before)
        held = self._process
        changed = (
            held.before.get(element.id) != before or held.after.get(element.id) != after
        )
        held.before[element.id] = before
        if after is not None:
            held.after[element.id] = after
        return changed

    def _before(self, element: Element) -> State | None:
        if element.attached_to:
            return self._at_edge(element)
        if element.kind == "startEvent":
            return self._at_start(element)
        come = [self._along(flow) for flow in self._process.into.get(element.id, ())]
        states = [state for state in come if state is not None]
        if not states:
            return None
        found = states[0]
        for state in states[1:]:
            both = element.kind == "parallelGateway"
            found = found.joins(state) if both else found.meets(state)
        return found

    def _at_start(self, element: Element) -> State | None:
        if not element.parent:
            return self._process.enters
        around = self._diagram.elements[element.parent]
        given = self._process.before.get(around.id)
        if given is None:
            return None
        return self._givens.inside(around, given)

    def _at_edge(self, event: Element) -> State | None:
        """An event on the edge of a step: the step is not done, parts of it may be."""
        given = self._process.before.get(event.attached_to)
        if given is None:
            return None
        host = self._diagram.elements[event.attached_to]
        inside = 0
        for inner in self._process.inner.get(host.id, ()):
            inside |= sum_of(self._process.sets[inner.id])
        return given.plus(0, inside)

    def _along(self, flow: Flow) -> State | None:
        state = self._process.after.get(flow.source)
        if state is None or not flow.condition:
            return state
        return state.plus(self._givens.names.of(reads.of(flow.condition).sure), 0)

    def _after(self, element: Element, before: State) -> State | None:
        sure, may = self._process.sets[element.id]
        if element.kind == "callActivity":
            more = self._givens.handed_back(element)
            sure, may = sure | more[0], may | more[1]
        elif element.kind == "subProcess":
            return self._after_inside(element, before)
        return before.plus(sure | self._process.read[element.id], may)

    def _after_inside(self, element: Element, before: State) -> State | None:
        ends = [
            self._process.after[inner.id]
            for inner in self._process.inner.get(element.id, ())
            if inner.kind == "endEvent" and inner.id in self._process.after
        ]
        if not ends:
            return None
        found = ends[0]
        for state in ends[1:]:
            found = found.meets(state)
        return before.plus(0, found.may) if element.multi else found


def sum_of(sets: tuple[int, int]) -> int:
    """Everything that is set, surely or perhaps."""
    return sets[0] | sets[1]


def beside(diagram: Diagram, element: str) -> frozenset[str]:
    """The steps that may run at the same time as this one, or before it."""
    onward = ways.onward(diagram)
    found: set[str] = set()
    for other in diagram.elements.values():
        splits = other.kind in ("parallelGateway", "inclusiveGateway")
        hosts = any(not event.interrupting for event in diagram.boundaries(other.id))
        if splits or hosts:
            ahead = ways.reached(onward[other.id], onward)
            if element in ahead:
                found |= ahead
    return frozenset(found) - ways.only_after(diagram, element) - {element}
