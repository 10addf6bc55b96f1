"""Whether a case can always get to an end, found out by playing it through.

Every marking of a diagram that can be reached is visited: every answer to every
question, every order in which steps end, every timer and message that may come or not.
It is proven, or there are findings, or there were more markings than the bound: then it
is not proven, and said so."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from engine.bpmn.diagrams import Diagram
from engine.checks import parts, rounds, ways
from engine.checks.board import MOST_WAYS, Board
from engine.checks.exploring import Explored, explored
from engine.checks.moves import Marking, Wires
from engine.checks.telling import Teller
from engine.errors import Problem

__all__ = ["Finding", "Soundness", "check", "explore"]

MARKINGS = 10_000
"""The most markings that are visited in one diagram."""
SECONDS = 5.0
"""And the longest time, for a machine that is much slower than ours."""


Kind = Literal["trap", "endless", "twice", "restless", "dead", "dropped"]


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One way in which a case goes wrong. `way` are the flows that lead there.

    trap: it stops for ever; endless: it goes on and never ends; twice: a step is done
    twice at the same time; restless: it goes round without waiting for anybody; dead:
    it never comes there; dropped: a terminate end silently drops what is open."""

    kind: Kind
    element: str
    problem: str
    remedy: str
    way: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Soundness:
    """What the exploration of one diagram has shown."""

    markings: int
    findings: tuple[Finding, ...] = ()
    not_proven: str = ""
    """Why the answer is not certain; empty where everything was visited."""

    @property
    def proven(self) -> bool:
        """Whether every case can always get to an end."""
        return not self.not_proven and all(f.kind == "dropped" for f in self.findings)


def explore(diagram: Diagram) -> Soundness:
    """Play one diagram through, all its parts."""
    ends = time.monotonic() + SECONDS
    findings = [restless(diagram, loop) for loop in rounds.without_waiting(diagram)]
    markings, reached, reason = 0, set[str](), ""
    wires = Wires(diagram)
    for part in parts.of(diagram):
        board = Board(wires, part)
        seen = explored(board, MARKINGS - markings, ends)
        markings += len(seen.markings)
        reached |= seen.passed
        findings += _findings(board, seen)
        reason = reason or _why(board, seen)
        if seen.unfinished:
            break
    if not reason and all(finding.kind == "dropped" for finding in findings):
        findings += _dead(diagram, reached)
    unique = {(f.kind, f.element): f for f in reversed(findings)}
    return Soundness(
        markings=markings,
        findings=tuple(reversed(unique.values())),
        not_proven=reason,
    )


def check(file: str, diagram: Diagram) -> Iterator[Problem]:
    """The findings as problems; what is dropped or not proven as advice."""
    found = explore(diagram)
    for finding in found.findings:
        yield as_problem(file, finding)
    if found.not_proven:
        yield Problem(
            file=file,
            element=diagram.process,
            problem=f"It is not proven that every case can get to an end: "
            f"{found.not_proven}",
            remedy="Move some of the branches to a called process of their own: each "
            "process is explored by itself.",
            severity="advice",
        )


def as_problem(file: str, finding: Finding) -> Problem:
    """A finding as a problem of a file."""
    return Problem(
        file=file,
        element=finding.element,
        problem=finding.problem,
        remedy=finding.remedy,
        severity="advice" if finding.kind == "dropped" else "problem",
    )


def _why(board: Board, seen: Explored) -> str:
    if seen.unfinished == "time":
        return f"it took longer than {SECONDS:.0f} seconds to try."
    if seen.unfinished:
        return (
            f"“{board.diagram.title}” can stand in more than {MARKINGS:,} different "
            "ways, and no more were tried."
        )
    if board.untried:
        return (
            f"more than {MOST_WAYS} ways lead out of "
            f"“{board.diagram.elements[board.untried].name}”, and not every choice "
            "among them was tried."
        )
    return ""


def _findings(board: Board, seen: Explored) -> Iterator[Finding]:
    teller = Teller(board, seen)

    def found(
        kind: Kind, element: str, marking: Marking, told: tuple[str, str]
    ) -> Finding:
        problem, remedy = told
        return Finding(
            kind=kind,
            element=element,
            problem=problem,
            remedy=remedy,
            way=seen.way_to(marking),
        )

    for trap in seen.traps():
        join, problem, remedy = teller.of_trap(trap)
        yield found("trap", join, trap.marking, (problem, remedy))
    for element, marking in seen.endless():
        yield found("endless", element, marking, teller.of_endless(element))
    for element, marking in seen.twice.items():
        yield found("twice", element, marking, teller.of_twice(element))
    for (end, other), marking in seen.dropped.items():
        if not board.diagram.elements[end].documentation:
            yield found("dropped", end, marking, teller.of_dropped(end, other))


def restless(diagram: Diagram, loop: tuple[str, ...]) -> Finding:
    """What to say of a loop in which nothing waits."""
    names = " → ".join(f"“{diagram.elements[n].name or n}”" for n in loop)
    return Finding(
        kind="restless",
        element=loop[0],
        problem=f"The loop {names} waits for nobody: a case would go round and round "
        "at once.",
        remedy="Draw a task, a timer or a message into the loop.",
    )


def _dead(diagram: Diagram, reached: set[str]) -> Iterator[Finding]:
    drawn = ways.reached(ways.starts(diagram), ways.onward(diagram))
    for name, element in diagram.elements.items():
        if name in drawn and name not in reached and element.kind != "startEvent":
            yield Finding(
                kind="dead",
                element=name,
                problem=f"No case can ever come to “{element.name or name}”.",
                remedy="Look at the gateways before it: one of them waits for what "
                "cannot come, or something else always ends the case first.",
            )
            return
