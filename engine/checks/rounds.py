"""Finds the loops of a diagram in which nothing waits: no person, timer or message."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter

from engine.bpmn.diagrams import Diagram
from engine.checks.board import WAITING


def without_waiting(
    diagram: Diagram, *, at_once: frozenset[str] = frozenset()
) -> Iterator[tuple[str, ...]]:
    """Each such loop once, as the elements on it. `at_once` are called processes that
    may end without waiting either."""

    def waits(name: str) -> bool:
        element = diagram.elements[name]
        if element.kind == "callActivity" and not element.multi:
            return element.called not in at_once
        return element.kind in WAITING

    ahead: dict[str, list[str]] = {}
    for flow in diagram.flows.values():
        known = flow.source in diagram.elements and flow.target in diagram.elements
        if known and not waits(flow.source) and not waits(flow.target):
            ahead.setdefault(flow.source, []).append(flow.target)
    while loop := _loop(ahead):
        yield loop
        for name in loop:
            ahead.pop(name, None)


def _loop(ahead: Mapping[str, list[str]]) -> tuple[str, ...]:
    """One way from an element back to itself; empty where there is none."""
    try:
        TopologicalSorter(ahead).prepare()
    except CycleError as error:
        cycle: list[str] = error.args[1]
        return tuple(reversed(cycle[1:]))
    return ()
