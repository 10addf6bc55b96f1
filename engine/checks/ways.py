"""Where the paths of one diagram lead, embedded sub-processes opened up.

A path is what the drawing allows: conditions and joins are not looked at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from engine.bpmn.diagrams import Diagram

Ways = Mapping[str, tuple[str, ...]]


def starts(diagram: Diagram) -> tuple[str, ...]:
    """The start events of the process itself."""
    return tuple(e.id for e in diagram.of_kind("startEvent") if not e.parent)


def onward(diagram: Diagram) -> Ways:
    """What can come next after each element: along flows, from a step to the events on
    its edge, and into and out of embedded sub-processes."""
    found: dict[str, list[str]] = {element: [] for element in diagram.elements}
    follows: dict[str, list[str]] = {element: [] for element in diagram.elements}
    for flow in diagram.flows.values():
        if flow.source in follows and flow.target in follows:
            follows[flow.source].append(flow.target)
    inside = {e.parent for e in diagram.elements.values() if e.parent}
    for element in diagram.elements.values():
        if element.id not in inside:
            found[element.id] += follows[element.id]
        if element.attached_to in found:
            found[element.attached_to].append(element.id)
        if element.parent in found and element.kind == "startEvent":
            found[element.parent].append(element.id)
        if element.parent in found and element.kind == "endEvent":
            found[element.id] += follows[element.parent]
    return {element: tuple(after) for element, after in found.items()}


def reached(begin: Iterable[str], ways: Ways, *, without: str = "") -> frozenset[str]:
    """Everything that paths from there come to, if none may pass through `without`."""
    waiting = [element for element in begin if element != without]
    seen: set[str] = set()
    while waiting:
        here = waiting.pop()
        if here not in seen:
            seen.add(here)
            waiting += [after for after in ways.get(here, ()) if after != without]
    return frozenset(seen)


def only_after(diagram: Diagram, element: str) -> frozenset[str]:
    """What every path from the start comes to only after this element."""
    ways, begin = onward(diagram), starts(diagram)
    without = reached(begin, ways, without=element)
    return reached(begin, ways) - without - {element}
