"""Cuts a diagram into the parts that run by themselves, so that each is explored alone.

The process and each embedded sub-process are parts. The branch of an event beside a
step (a timer that brings in the manager) is one too, if the main path never enters it:
what happens there cannot hold up anything outside."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.bpmn.diagrams import Diagram, Element
from engine.checks import ways


@dataclass(frozen=True)
class Part:
    """A part: the element or flows where its first token lies, the events beside steps
    whose branch belongs to it, and those whose branch is a part of its own."""

    begin: tuple[str, ...]
    inline: frozenset[str] = frozenset()
    alone: frozenset[str] = frozenset()


def of(diagram: Diagram) -> Iterator[Part]:
    """The parts of the diagram, each branch that several events share once."""
    onward = _flat(diagram)
    waiting: list[tuple[str, ...]] = [
        (start.id,) for start in diagram.of_kind("startEvent")
    ]
    seen: set[tuple[str, ...]] = set()
    while waiting:
        begin = waiting.pop(0)
        first = tuple(_target(diagram, name) for name in begin)
        if first in seen or not begin:
            continue
        seen.add(first)
        inline, alone = _beside(diagram, onward, first)
        yield Part(begin, inline, frozenset(alone))
        waiting += [_flows_out(diagram, event) for event in alone]


def _flows_out(diagram: Diagram, event: str) -> tuple[str, ...]:
    flows = [flow for flow in diagram.flows.values() if flow.source == event]
    return tuple(flow.id for flow in flows if flow.target in diagram.elements)


def _target(diagram: Diagram, name: str) -> str:
    flow = diagram.flows.get(name)
    return flow.target if flow else name


def _beside(
    diagram: Diagram, onward: ways.Ways, begin: tuple[str, ...]
) -> tuple[frozenset[str], list[str]]:
    """The events beside steps of the part: those whose branch belongs to it, and those
    whose branch is a part of its own."""
    events = [e for e in diagram.elements.values() if e.attached_to]
    beside = [e for e in events if not e.interrupting]
    main = set(ways.reached(begin, _without(onward, beside)))
    inline: set[str] = set()
    ahead: dict[str, frozenset[str]] = {}
    changed = True
    while changed:
        changed = False
        for event in beside:
            if event.id in inline or event.attached_to not in main:
                continue
            if event.id not in ahead:
                ahead[event.id] = ways.reached(onward[event.id], onward)
            branch = ahead[event.id]
            if branch & main or any(diagram.elements[n].is_terminate for n in branch):
                inline.add(event.id)
                main |= branch
                changed = True
    alone = [e.id for e in beside if e.attached_to in main and e.id not in inline]
    return frozenset(inline), alone


def _flat(diagram: Diagram) -> ways.Ways:
    """What comes next on the same level: a sub-process is one step."""
    found: dict[str, list[str]] = {element: [] for element in diagram.elements}
    for flow in diagram.flows.values():
        if flow.source in found and flow.target in found:
            found[flow.source].append(flow.target)
    for element in diagram.elements.values():
        if element.attached_to in found:
            found[element.attached_to].append(element.id)
    return {element: tuple(after) for element, after in found.items()}


def _without(onward: ways.Ways, events: list[Element]) -> ways.Ways:
    """The same, as if the events never happened."""
    gone = {event.id for event in events}
    return {
        here: tuple(name for name in after if name not in gone)
        for here, after in onward.items()
    }
