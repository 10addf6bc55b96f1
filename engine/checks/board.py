"""The board of the token game: where tokens may lie in a diagram, and how they move.

One board is one part that runs by itself: the process, an embedded sub-process, or the
branch of a timer beside a task if the main path never enters it. Tokens lie in steps
that wait (for a person, a called process, a date, a message), before elements to which
several flows lead, and on the flows into joins; everything between is passed at once.

What nothing leads to is left out, as the engine leaves it out.

Conditions are not looked at: whoever stands at a question may take any answer. A
sub-process and a called process are steps that end some day; a message may come."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations

from engine.bpmn import branches
from engine.bpmn.diagrams import Element, Flow
from engine.checks.moves import Marking, Move, Place, Via, Wires
from engine.checks.parts import Part

WAITING = frozenset(
    {
        "userTask",
        "manualTask",
        "task",
        "callActivity",
        "subProcess",
        "intermediateCatchEvent",
        "eventBasedGateway",
    }
)
JOINS = frozenset({"parallelGateway", "inclusiveGateway"})
MOST_WAYS = 6
"""Ways out of an inclusive gateway of which every choice is tried; of more, only each
one and all, and then nothing is proven."""


@dataclass(frozen=True)
class _Way:
    gives: tuple[Place, ...]
    passed: tuple[str, ...]
    stops: str = ""


class Board:
    """The places and moves of one part of a diagram."""

    def __init__(self, wires: Wires, part: Part) -> None:
        self.diagram = wires.diagram
        self.untried = ""
        self.part = part
        self._places: list[Place] = []
        self._numbers: dict[Place, int] = {}
        self.start: Marking = frozenset(self._number(((), n)) for n in part.begin)
        self._out, self._in = wires.out, wires.into
        self._regions: dict[str, frozenset[str]] = {}
        self._moves: dict[int, tuple[Move, ...]] = {}
        self._upstream: dict[str, dict[str, frozenset[str]]] = {}

    def _number(self, place: Place) -> int:
        if place not in self._numbers:
            self._numbers[place] = len(self._places)
            self._places.append(place)
        return self._numbers[place]

    # What people call things

    def element_of(self, token: int) -> Element:
        """The element at which the token stands or arrives."""
        name = self._places[token][1]
        flow = self.diagram.flows.get(name)
        return self.diagram.elements[flow.target if flow else name]

    def is_in(self, token: int, branches_closed: tuple[Via, ...]) -> bool:
        """Whether the token lies in one of these branches."""
        via = self._places[token][0]
        return any(via[: len(branch)] == branch for branch in branches_closed)

    def stays(self, token: int) -> bool:
        """Whether the token is in a branch that stays open however often it begins."""
        via = self._places[token][0]
        return bool(via) and not self._closes(via[-1])

    def missing(self, join: str, held: Marking) -> list[Flow]:
        """The flows into a join on which no token lies."""
        there = {self._places[token][1] for token in held}
        return [flow for flow in self._in[join] if flow.id not in there]

    # Moves

    def moves(self, held: Marking) -> Iterator[Move]:
        """Every move that these tokens allow."""
        joins: dict[tuple[Via, str], None] = {}
        for token in sorted(held):
            known = self._moves.get(token)
            if known is None:
                known = self._moves[token] = tuple(self._of(self._places[token]))
            yield from known
            if not known and (join := self._join_at(token)):
                joins[join] = None
        for via, name in joins:
            yield from self._joined(via, name, held)

    def _join_at(self, token: int) -> tuple[Via, str] | None:
        via, name = self._places[token]
        flow = self.diagram.flows.get(name)
        if flow is not None and self._is_join(flow.target):
            return via, flow.target
        return None

    def _of(self, place: Place) -> Iterator[Move]:
        via, name = place
        flow = self.diagram.flows.get(name)
        if flow is not None and self._is_join(flow.target):
            return
        if flow is not None:
            for way in self._along(flow, via):
                yield self._move(flow.target, (place,), way)
            return
        element = self.diagram.elements[name]
        if element.attached_to:
            for way in self._out_of(name, self._deeper(via, name)):
                yield self._move(name, (place,), way)
        elif element.kind in WAITING:
            yield from self._ended(place, element)
        elif element.kind in JOINS:
            yield from self._split(element, (place,), via)
        else:
            for way in self._out_of(name, via):
                yield self._move(name, (place,), way)

    def _ended(self, place: Place, element: Element) -> Iterator[Move]:
        """The step is done, or something on its edge ends it."""
        via = place[0]
        beside = self._beside(element.id)
        takes = (place, *((via, event) for event in beside))
        closes = tuple((*via, event) for event in beside if self._closes(event))
        ways = [(element.id, way) for way in self._done(element, via)]
        for event in self.diagram.boundaries(element.id):
            if event.interrupting:
                ways += [(event.id, way) for way in self._out_of(event.id, via)]
        for by, way in ways:
            yield self._move(by, takes, way, closes)

    def _done(self, element: Element, via: Via) -> Iterator[_Way]:
        if element.kind != "eventBasedGateway":
            yield from self._out_of(element.id, via)
            return
        for flow in self._out[element.id]:
            for way in self._out_of(flow.target, via):
                passed = (flow.id, flow.target, *way.passed)
                yield _Way(way.gives, passed, way.stops)

    def _move(
        self, by: str, takes: tuple[Place, ...], way: _Way, closes: tuple[Via, ...] = ()
    ) -> Move:
        beside = (e.id for e in self.diagram.boundaries(by) if e.id in self.part.alone)
        passed = (by, *way.passed, *beside)
        return Move(
            by, self._all(takes), self._all(way.gives), passed, closes, way.stops
        )

    def _all(self, places: Iterable[Place]) -> tuple[int, ...]:
        return tuple(self._number(place) for place in places)

    # Joins and splits

    def _is_join(self, element: str) -> bool:
        kind = self.diagram.elements[element].kind
        return kind in JOINS and len(self._in[element]) > 1

    def _joined(self, via: Via, join: str, held: Marking) -> Iterator[Move]:
        element = self.diagram.elements[join]
        flows = self._in[join]
        here = tuple((via, f.id) for f in flows if self._number((via, f.id)) in held)
        if len(here) < len(flows):
            if element.kind == "parallelGateway" or self._may_come(join, here, held):
                return
        yield from self._split(element, here, via)

    def _may_come(self, join: str, here: tuple[Place, ...], held: Marking) -> bool:
        """Whether a token elsewhere can still come to a flow of the inclusive join on
        which none lies, and to none on which one lies."""
        filled = {name for _, name in here}
        for token in held.difference(self._all(here)):
            comes_to = self._comes_to(join, self._places[token][1])
            if comes_to and not comes_to & filled:
                return True
        return False

    def _comes_to(self, join: str, name: str) -> frozenset[str]:
        """The flows into the join that a token there can come to, not through it."""
        known = self._upstream.setdefault(join, {})
        if name not in known:
            flow = self.diagram.flows.get(name)
            known[name] = self._ahead(join, flow.target if flow else name, flow)
        return known[name]

    def _ahead(self, join: str, begin: str, on: Flow | None) -> frozenset[str]:
        found = {on.id} if on is not None and on.target == join else set()
        waiting, seen = [begin], {join}
        while waiting:
            here = waiting.pop()
            if here in seen:
                continue
            seen.add(here)
            events = [event.id for event in self.diagram.boundaries(here)]
            for source in (here, *events):
                for flow in self._out.get(source, ()):
                    if flow.target == join:
                        found.add(flow.id)
                    waiting.append(flow.target)
        return frozenset(found)

    def _split(
        self, element: Element, takes: tuple[Place, ...], via: Via
    ) -> Iterator[Move]:
        flows = self._out[element.id]
        if element.kind == "inclusiveGateway" and len(flows) > MOST_WAYS:
            self.untried = element.id
        for chosen in _choices(element, flows):
            gives = [place for flow in chosen for place in self._place_on(flow, via)]
            passed = (element.id, *(flow.id for flow in chosen))
            yield Move(element.id, self._all(takes), self._all(gives), passed)

    # Ways from one place to the next

    def _out_of(self, element: str, via: Via) -> Iterator[_Way]:
        """Where a token goes that leaves the element; nowhere at an end."""
        if not self._out.get(element):
            yield _Way((), (), self._stopped_by(element))
            return
        for flow in self._out[element]:
            yield from self._along(flow, via)

    def _along(self, flow: Flow, via: Via) -> Iterator[_Way]:
        waiting: list[tuple[Flow, Via, tuple[str, ...]]] = [(flow, via, ())]
        while waiting:
            flow, via, passed = waiting.pop(0)
            target = self.diagram.elements[flow.target]
            via = self._within(via, target.id)
            if self._is_kept(target):
                yield _Way(self._entered(target, flow, via), (*passed, flow.id))
                continue
            passed = (*passed, flow.id, target.id)
            if not self._out[target.id]:
                yield _Way((), passed, self._stopped_by(target.id))
            waiting += [(after, via, passed) for after in self._out[target.id]]

    def _stopped_by(self, element: str) -> str:
        found = self.diagram.elements.get(element)
        return element if found and found.is_terminate else ""

    def _place_on(self, flow: Flow, via: Via) -> tuple[Place, ...]:
        """Where a token lies that was put on a flow by a split."""
        target = self.diagram.elements[flow.target]
        via = self._within(via, target.id)
        if self._is_kept(target):
            return self._entered(target, flow, via)
        return ((via, flow.id),)

    def _entered(self, target: Element, flow: Flow, via: Via) -> tuple[Place, ...]:
        if self._is_join(target.id):
            return ((via, flow.id),)
        return ((via, target.id), *((via, name) for name in self._beside(target.id)))

    def _is_kept(self, element: Element) -> bool:
        """Whether a token can lie at the element, or is only passed on by it."""
        if element.kind in WAITING or self._is_join(element.id):
            return True
        if element.kind in JOINS and len(self._out[element.id]) > 1:
            return True
        return len(self._in[element.id]) > 1 and bool(self._out[element.id])

    # Timers beside steps, and their branches

    def _beside(self, host: str) -> list[str]:
        """The events beside a step whose branch is played on this board."""
        return [e.id for e in self.diagram.boundaries(host) if e.id in self.part.inline]

    def _closes(self, event: str) -> bool:
        """Whether the branch of the event ends with the step that it stands beside."""
        element = self.diagram.elements[event]
        return bool(element.timer) and not element.keeps_open

    def _deeper(self, via: Via, event: str) -> Via:
        return (*via[: via.index(event)], event) if event in via else (*via, event)

    def _within(self, via: Via, element: str) -> Via:
        """The branches that a token is still in when it comes to the element."""
        while via and element not in self._region(via[-1]):
            via = via[:-1]
        return via

    def _region(self, event: str) -> frozenset[str]:
        if event not in self._regions:
            self._regions[event] = branches.only_through(self.diagram, event)
        return self._regions[event]


def _choices(element: Element, flows: list[Flow]) -> Iterator[tuple[Flow, ...]]:
    if element.kind == "parallelGateway" or len(flows) < 2:
        yield tuple(flows)
        return
    sizes = range(1, len(flows) + 1)
    for size in sizes if len(flows) <= MOST_WAYS else (1, len(flows)):
        yield from combinations(flows, size)
