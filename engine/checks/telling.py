"""Says in plain sentences what the exploration of a diagram has found."""

from __future__ import annotations

from engine.checks.board import JOINS, Board
from engine.checks.exploring import Explored, Trap
from engine.checks.moves import Move

_KIND = {
    "parallelGateway": "parallel gateway",
    "inclusiveGateway": "inclusive gateway",
}


class Teller:
    """Puts the findings on one board into words."""

    def __init__(self, board: Board, seen: Explored) -> None:
        self._board = board
        self._seen = seen

    def of_trap(self, trap: Trap) -> tuple[str, str, str]:
        """The element, what is wrong, and what to do about it."""
        element = self._board.diagram.elements[trap.element]
        title = f"“{element.name or element.id}”"
        if element.kind not in JOINS:
            return (
                element.id,
                f"A case that comes to {title} stays there for ever.",
                "Draw a way on from it.",
            )
        missing = self._board.missing(trap.element, trap.marking)
        wanted = " and ".join(f"“{self._name(flow.source)}”" for flow in missing)
        kind = _KIND[element.kind]
        problem = (
            f"A case can be stuck at the {kind} {title}: it waits for what comes from "
            f"{wanted}, and {self._blame(trap.culprit)}."
        )
        remedy = (
            "Bring ways together as they were split: after a question (exclusive "
            "gateway) by an exclusive gateway, after a parallel gateway by a parallel "
            "one. A branch may not leave between the two."
        )
        return element.id, problem, remedy

    def of_endless(self, element: str) -> tuple[str, str]:
        return (
            f"After “{self._name(element)}” a case goes on for ever: no end can be "
            "reached any more.",
            "Draw a way out of the loop.",
        )

    def of_twice(self, element: str) -> tuple[str, str]:
        return (
            f"A case can come to “{self._name(element)}” twice at the same time, so "
            "that what follows is done twice.",
            "Bring the branches together before it: by a parallel gateway if all of "
            "them come, by an inclusive gateway if some do.",
        )

    def of_dropped(self, end: str, other: str) -> tuple[str, str]:
        return (
            f"The end “{self._name(end)}” stops everything: “{self._name(other)}”, if "
            "it is still open, is dropped without a word.",
            "Make it a plain end event if the other work should go on. If it should "
            "not, say so in the documentation of the end event.",
        )

    def _blame(self, culprit: Move | None) -> str:
        if culprit is None:
            return "nothing ever comes from there together with the rest"
        flows = self._board.diagram.flows
        taken = [flows[name] for name in culprit.passed if name in flows]
        asked = [
            flow
            for flow in taken
            if self._board.diagram.elements[flow.source].kind
            in ("exclusiveGateway", "inclusiveGateway")
        ]
        if not asked:
            return f"after “{self._name(culprit.by)}” nothing comes from there"
        last = asked[-1]
        answer = last.name or self._name(last.target)
        return (
            f"after the answer “{answer}” to “{self._name(last.source)}” nothing comes "
            "from there"
        )

    def _name(self, element: str) -> str:
        found = self._board.diagram.elements.get(element)
        return (found.name if found else "") or element
