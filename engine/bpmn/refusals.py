"""What a diagram or table may not contain because it would not run, or run wrongly.

Only what the engine itself relies on; style and completeness are `engine.checks`."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Set
from dataclasses import dataclass

from engine.bpmn import decisions, scripting
from engine.bpmn.decisions import DecisionTable
from engine.bpmn.diagrams import Diagram, Element, Flow
from engine.errors import ExpressionError, Problem

_TAKEN_IDS = frozenset({"start", "end", "root"})
_SPLITS = frozenset({"exclusiveGateway", "inclusiveGateway"})
_MANY_OUT = frozenset(
    {"exclusiveGateway", "inclusiveGateway", "parallelGateway", "eventBasedGateway"}
)


@dataclass
class _Found:
    """Problems of one file."""

    file: str

    def __call__(self, element: str, problem: str, remedy: str) -> Problem:
        return Problem(file=self.file, element=element, problem=problem, remedy=remedy)


def of_diagram(
    diagram: Diagram, present: Collection[str], unread: Set[str]
) -> Iterator[Problem]:
    """Everything in one diagram that would not run. `present` are the names of the
    files it is loaded with, `unread` those that have problems of their own."""
    found = _Found(diagram.file)
    starts = [e for e in diagram.of_kind("startEvent") if not e.parent]
    if len(starts) != 1:
        yield found(
            diagram.process,
            f"The process has {len(starts)} start events; it needs exactly one.",
            "Draw one start event; a message may start it too.",
        )
    for element in diagram.elements.values():
        yield from _element(found, diagram, element)
        yield from _needs(found, element, present, unread)
    for flow in diagram.flows.values():
        yield from _flow(found, diagram, flow)


def of_table(table: DecisionTable) -> Iterator[Problem]:
    """The columns and cells of a table that are not expressions of the wall."""
    found = _Found(f"{table.decision}.dmn")
    for element, text in decisions.expressions(table):
        yield from _expression(found, element, text)


def of_names(drawn: Iterable[Diagram]) -> Iterator[Problem]:
    """Embedded sub-processes whose ids would be mixed up with another process's."""
    taken: dict[str, str] = {}
    drawn = list(drawn)
    for diagram in drawn:
        taken[diagram.process] = diagram.file
    for diagram in drawn:
        for element in diagram.of_kind("subProcess"):
            if element.id in taken:
                yield Problem(
                    file=diagram.file,
                    element=element.id,
                    problem=f"The id “{element.id}” is also used in "
                    f"{taken[element.id]}.",
                    remedy=f"Call it {diagram.process}_{element.id}.",
                )
            taken[element.id] = diagram.file


def _element(found: _Found, diagram: Diagram, element: Element) -> Iterator[Problem]:
    name = element.id
    if not name or name.lower() in _TAKEN_IDS:
        yield found(name, "The id is taken by the engine.", "Give it another id.")
    if element.is_event_subprocess:
        yield found(
            name,
            "Event sub-processes are not run correctly.",
            "Draw an embedded sub-process with a boundary event.",
        )
    out = [flow for flow in diagram.flows.values() if flow.source == name]
    if len(out) > 1 and element.kind not in _MANY_OUT:
        yield found(
            name,
            "More than one flow leaves this element.",
            "Put a gateway after it and let the flows leave from there.",
        )
    if len({flow.target for flow in out}) < len(out):
        yield found(
            name,
            "Two flows lead from this element to the same element.",
            "Join their conditions with “or” in one flow.",
        )
    if not out and element.kind != "endEvent":
        yield found(
            name, "Nothing follows this element.", "Draw a flow to what comes next."
        )
    if element.kind == "subProcess":
        yield from _inside(found, diagram, element)
    yield from _event(found, element)
    yield from _work(found, element)


def _inside(found: _Found, diagram: Diagram, element: Element) -> Iterator[Problem]:
    kinds = [e.kind for e in diagram.elements.values() if e.parent == element.id]
    if kinds.count("startEvent") != 1 or "endEvent" not in kinds:
        yield found(
            element.id,
            "The sub-process needs exactly one start event and an end event.",
            "Draw them inside it.",
        )


def _event(found: _Found, element: Element) -> Iterator[Problem]:
    if element.other_event:
        yield found(
            element.id,
            f"Events of the kind {element.other_event} are not supported.",
            "Use a timer or a message.",
        )
    if element.other_timer:
        yield found(
            element.id,
            "The timer must be a date.",
            "Give it a timeDate with a period by name, such as "
            'deadline("pcn_response", served_on).',
        )
    catches = element.kind in ("boundaryEvent", "intermediateCatchEvent")
    plain = not (element.timer or element.message)
    if catches and plain and not (element.other_event or element.other_timer):
        yield found(
            element.id, "The event waits for nothing.", "Make it a timer or a message."
        )
    if element.kind == "startEvent" and element.timer:
        yield found(
            element.id,
            "A process cannot be started by a timer.",
            "Start it by hand, by a call or by a message.",
        )
    if element.timer:
        yield from _expression(found, element.id, element.timer)
    if element.payload:
        yield from _expression(found, element.id, element.payload)


def _work(found: _Found, element: Element) -> Iterator[Problem]:
    if element.kind == "scriptTask":
        try:
            scripting.check_script(element.script)
        except ExpressionError as error:
            yield found(element.id, f"The script cannot be used: {error}", _REMEDY)
    if element.kind == "serviceTask" and not element.operation:
        yield found(
            element.id, "The service task does nothing.", "Choose its operation."
        )
    for text in element.parameters.values():
        yield from _expression(found, element.id, text)
    if element.multi is not None:
        collection, word = element.multi
        output = element.multi_output or collection
        if not (collection.isidentifier() and word.isidentifier()):
            yield found(
                element.id,
                "The multi-instance marker names no list or no item.",
                "Give it loopDataInputRef (a fact) and inputDataItem with a name.",
            )
        elif output != collection or word in scripting.RESERVED:
            yield found(
                element.id,
                "The multi-instance marker must write to the list that it reads, and "
                "its item may not have the name of a word.",
                "Give loopDataOutputRef the same fact; choose another item name.",
            )


def _needs(
    found: _Found, element: Element, present: Collection[str], unread: Set[str]
) -> Iterator[Problem]:
    if element.kind == "callActivity":
        file = f"{element.called}.bpmn"
        if file not in present and file not in unread:
            yield found(
                element.id,
                f"It calls the process “{element.called}”, which does not exist.",
                f"Add {file}, or call another process.",
            )
    if element.kind == "businessRuleTask":
        file = f"{element.decision}.dmn"
        if file not in present and file not in unread:
            yield found(
                element.id,
                f"It asks the table “{element.decision}”, which does not exist.",
                f"Add {file}, or choose another table.",
            )
    if element.form and f"forms/{element.form}.json" not in present:
        yield found(
            element.id,
            f"Its form “{element.form}” does not exist.",
            f"Add forms/{element.form}.json, or choose another form.",
        )


def _flow(found: _Found, diagram: Diagram, flow: Flow) -> Iterator[Problem]:
    source = diagram.elements.get(flow.source)
    if source is None or flow.target not in diagram.elements:
        yield found(
            flow.id,
            "The flow leads from or to something that is not in the diagram.",
            "Draw it again.",
        )
        return
    if flow.condition:
        yield from _expression(found, flow.id, flow.condition)
        return
    siblings = [f for f in diagram.flows.values() if f.source == flow.source]
    if source.kind in _SPLITS and len(siblings) > 1 and source.default != flow.id:
        yield found(
            flow.id,
            "A flow out of this gateway has no condition.",
            "Give it a condition, or make it the default flow.",
        )


_REMEDY = "Use facts, comparisons and the words that diagrams may use."


def _expression(found: _Found, element: str, text: str) -> Iterator[Problem]:
    try:
        scripting.check_expression(text)
    except ExpressionError as error:
        yield found(
            element, f"The expression “{text}” cannot be used: {error}", _REMEDY
        )
