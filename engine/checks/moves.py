"""What the board of the token game is made of: places, moves and flows."""

from __future__ import annotations

from dataclasses import dataclass

from engine.bpmn.diagrams import Diagram, Flow
from engine.checks import ways

Via = tuple[str, ...]
Place = tuple[Via, str]
"""A place is an element, or a flow; `Via` are the timers through whose branches a token
came there, so that each branch closes with the step that it belongs to."""
Marking = frozenset[int]
"""The places on which tokens lie, by their numbers on the board."""


@dataclass(frozen=True)
class Move:
    """Tokens leave some places and come to others; `passed` names the elements and
    flows on the way. `closes` are branches that end with it; `stops` is a terminate
    end, which takes every other token with it."""

    by: str
    takes: tuple[int, ...]
    gives: tuple[int, ...]
    passed: tuple[str, ...] = ()
    closes: tuple[Via, ...] = ()
    stops: str = ""


class Wires:
    """The flows out of and into each element that something leads to."""

    def __init__(self, diagram: Diagram) -> None:
        self.diagram = diagram
        self.out: dict[str, list[Flow]] = {name: [] for name in diagram.elements}
        self.into: dict[str, list[Flow]] = {name: [] for name in diagram.elements}
        drawn = ways.reached(ways.starts(diagram), ways.onward(diagram))
        drawn &= diagram.elements.keys()
        for flow in diagram.flows.values():
            if flow.source in drawn and flow.target in drawn:
                self.out[flow.source].append(flow)
                self.into[flow.target].append(flow)
