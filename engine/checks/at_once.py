"""Finds loops that go through called processes and in which nobody is waited for.

A called process that can end without a person, a date or a message stops no loop;
whether it can is only known when all processes are read."""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.diagrams import Diagram
from engine.checks import rounds, soundness, ways
from engine.checks.board import WAITING
from engine.checks.everything import Everything
from engine.errors import Problem


def check(everything: Everything) -> Iterator[Problem]:
    """Every such loop."""
    passed = _ending_at_once(everything)
    for file, diagram in everything.diagrams.items():
        if not any(call.called in passed for call in diagram.of_kind("callActivity")):
            continue
        alone = set(rounds.without_waiting(diagram))
        for loop in rounds.without_waiting(diagram, at_once=passed):
            if loop not in alone:
                yield soundness.as_problem(file, soundness.restless(diagram, loop))


def _ending_at_once(everything: Everything) -> frozenset[str]:
    """The processes that can end without waiting for anything."""
    found: set[str] = set()
    changed = True
    while changed:
        changed = False
        for name, diagram in everything.processes.items():
            if name not in found and _can_end(diagram, found):
                found.add(name)
                changed = True
    return frozenset(found)


def _can_end(diagram: Diagram, passed: set[str]) -> bool:
    waits = {
        element.id
        for element in diagram.elements.values()
        if element.kind in WAITING
        and (element.kind != "callActivity" or element.called not in passed)
    }
    onward = {
        here: () if here in waits else after
        for here, after in ways.onward(diagram).items()
    }
    reached = ways.reached(ways.starts(diagram), onward)
    return any(end.id in reached for end in diagram.of_kind("endEvent"))
