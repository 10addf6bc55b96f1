"""Which parts of a diagram belong to the branch of one boundary event."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from engine.bpmn.diagrams import Diagram


def only_through(diagram: Diagram, event: str) -> frozenset[str]:
    """The elements that can be reached through this boundary event, and otherwise only
    through timers beside other tasks (several late tasks may bring in the same
    manager); those of embedded sub-processes there, and of further boundary events,
    too."""
    onward: defaultdict[str, list[str]] = defaultdict(list)
    for flow in diagram.flows.values():
        onward[flow.source].append(flow.target)
    for element in diagram.elements.values():
        if element.attached_to:
            onward[element.attached_to].append(element.id)
        if element.parent and element.kind == "startEvent":
            onward[element.parent].append(element.id)
    starts = [e.id for e in diagram.of_kind("startEvent") if not e.parent]
    through = _reached(onward, onward[event])
    beside: dict[str, list[str]] = {
        element.id: []
        for element in diagram.elements.values()
        if element.attached_to and element.timer and not element.interrupting
    }
    otherwise = _reached({**onward, **beside, event: []}, starts)
    return frozenset(through - otherwise)


def _reached(onward: dict[str, list[str]], begin: Iterable[str]) -> set[str]:
    waiting = list(begin)
    seen: set[str] = set()
    while waiting:
        here = waiting.pop()
        if here not in seen:
            seen.add(here)
            waiting.extend(onward.get(here, ()))
    return seen
