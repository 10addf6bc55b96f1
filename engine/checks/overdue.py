"""Finds tasks for people that are never due, or of whose lateness nobody hears."""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.diagrams import Diagram, Element
from engine.checks import ways
from engine.errors import Problem

_HEARD_OF = frozenset(
    {"userTask", "serviceTask", "callActivity", "subProcess", "intermediateThrowEvent"}
)


def check(file: str, diagram: Diagram) -> Iterator[Problem]:
    """Every user task without a timer, or whose timers lead to nobody.

    The last task of an escalation may have such a timer: somebody has heard already."""
    onward = ways.onward(diagram)
    escalations = _escalations(diagram, onward)
    for task in diagram.of_kind("userTask"):
        timers = [e for e in diagram.boundaries(task.id) if e.timer or e.other_timer]
        if not timers:
            yield _found(
                file,
                task,
                f"The user task “{task.name}” has no due date.",
                "Put a timer on its edge: non-interrupting, to the manager or legal, "
                "where being late must not stop the work.",
            )
        elif task.id not in escalations and not any(
            timer.interrupting or _is_heard_of(diagram, onward, timer)
            for timer in timers
        ):
            yield _found(
                file,
                task,
                f"If the user task “{task.name}” is late, nobody hears of it: its "
                "timer leads to no task, letter or call.",
                "Lead the timer to a task of the manager or of legal.",
            )


def _escalations(diagram: Diagram, onward: ways.Ways) -> frozenset[str]:
    """What only timers beside tasks lead to."""
    beside = {e.id for e in diagram.of_kind("boundaryEvent") if not e.interrupting}
    main = {
        here: tuple(name for name in after if name not in beside)
        for here, after in onward.items()
    }
    reached = ways.reached(ways.starts(diagram), main)
    return frozenset(diagram.elements) - reached


def _is_heard_of(diagram: Diagram, onward: ways.Ways, timer: Element) -> bool:
    after = ways.reached(onward[timer.id], onward)
    return any(diagram.elements[name].kind in _HEARD_OF for name in after)


def _found(file: str, task: Element, problem: str, remedy: str) -> Problem:
    return Problem(file=file, element=task.id, problem=problem, remedy=remedy)
