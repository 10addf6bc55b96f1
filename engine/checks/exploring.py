"""Visits every marking of a board that can be reached, up to a bound, and looks back.

A marking is the set of places on which tokens lie. A second token for a place is noted
and not followed: it would be a step done twice."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from engine.checks.board import Board
from engine.checks.moves import Marking, Move

_LOOK_AT_CLOCK = 512


@dataclass(frozen=True)
class Trap:
    """A marking in which nothing can move, the element where it is stuck, and the last
    move after which no end could be reached (None if none ever could)."""

    marking: Marking
    element: str
    culprit: Move | None


@dataclass
class Explored:
    """The markings of one board, how they lead to each other, and what was noted."""

    board: Board
    markings: dict[Marking, tuple[Marking, Move] | None] = field(default_factory=dict)
    """How each marking was first reached; None for the first."""
    before: dict[Marking, list[tuple[Marking, Move]]] = field(default_factory=dict)
    stuck: list[Marking] = field(default_factory=list)
    passed: set[str] = field(default_factory=set)
    twice: dict[str, Marking] = field(default_factory=dict)
    dropped: dict[tuple[str, str], Marking] = field(default_factory=dict)
    unfinished: str = ""

    def way_to(self, marking: Marking) -> tuple[str, ...]:
        """The elements and flows by which the marking was first reached."""
        found: list[str] = []
        step = self.markings.get(marking)
        while step is not None:
            earlier, move = step
            found[:0] = move.passed
            step = self.markings.get(earlier)
        return tuple(found)

    def traps(self) -> Iterator[Trap]:
        """Where a case can be stuck, once for each element."""
        told: set[str] = set()
        good = self._leading_to([frozenset()])
        for marking in self.stuck:
            for token in sorted(marking):
                element = self.board.element_of(token).id
                if element not in told:
                    told.add(element)
                    yield Trap(marking, element, self._culprit(marking, good))

    def endless(self) -> Iterator[tuple[str, Marking]]:
        """A step after which a case goes on for ever, if there is one and every
        marking is known."""
        if self.unfinished or self.twice:
            return
        fine = self._leading_to([frozenset(), *self.stuck])
        for marking in reversed(self.markings):
            if marking not in fine:
                yield self.board.element_of(min(marking)).id, marking
                return

    def _culprit(self, marking: Marking, good: set[Marking]) -> Move | None:
        """The move on the way there that left the last marking with a way out."""
        here = marking
        while (step := self.markings[here]) is not None:
            here, move = step
            if here in good:
                return move
        return None

    def _leading_to(self, ends: Iterable[Marking]) -> set[Marking]:
        waiting = [marking for marking in ends if marking in self.markings]
        found: set[Marking] = set()
        while waiting:
            here = waiting.pop()
            if here not in found:
                found.add(here)
                waiting += [earlier for earlier, _ in self.before.get(here, ())]
        return found


def explored(board: Board, most: int, ends: float) -> Explored:
    """Visit the markings, breadth first: at most so many, and until that moment."""
    seen = Explored(board)
    first = board.start
    seen.markings[first] = None
    seen.passed |= {board.element_of(token).id for token in first}
    waiting = [first]
    for count, marking in enumerate(waiting):
        if len(seen.markings) > most:
            seen.unfinished = "markings"
            break
        if count % _LOOK_AT_CLOCK == 0 and time.monotonic() > ends:
            seen.unfinished = "time"
            break
        waiting += _visit(board, seen, marking)
    return seen


def _visit(board: Board, seen: Explored, marking: Marking) -> list[Marking]:
    """The markings that were not known before."""
    found: list[Marking] = []
    moved = not marking
    for move in board.moves(marking):
        moved = True
        seen.passed.update(move.passed)
        after = _after(board, seen, marking, move)
        if after is None:
            continue
        if after not in seen.markings:
            seen.markings[after] = (marking, move)
            found.append(after)
        seen.before.setdefault(after, []).append((marking, move))
    if not moved:
        seen.stuck.append(marking)
    return found


def _after(
    board: Board, seen: Explored, marking: Marking, move: Move
) -> Marking | None:
    """The marking after a move; None where a second token would come to a place."""
    left = marking.difference(move.takes)
    if move.closes:
        left = frozenset(token for token in left if not board.is_in(token, move.closes))
    if move.stops:
        for token in left:
            open_ = board.element_of(token).id
            seen.dropped.setdefault((move.stops, open_), marking)
        return frozenset()
    after = left.union(move.gives)
    if len(after) == len(left) + len(move.gives):
        return after
    again = [t for t in move.gives if t in left or move.gives.count(t) > 1]
    again = [token for token in again if not board.stays(token)]
    for token in again:
        seen.twice.setdefault(board.element_of(token).id, marking)
    return None if again else after
