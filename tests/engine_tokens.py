"""A token game that checks a process's journal against its diagram.

It knows BPMN and nothing of the engine: activities and events take one token, a
parallel join one from each incoming flow, an inclusive join all that came from its
split. A token that cannot be accounted for fails the test."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

from engine.bpmn.definitions import Definition, Diagram, Element
from engine.bpmn.workflow import Flow, Step

Place = tuple[str, str, str | None]
"""Where a diagram runs: its process, its scope, its item."""

ACTIVITIES = frozenset({"userTask", "callActivity", "subProcess"})
WAITING = ACTIVITIES | {"intermediateCatchEvent", "eventBasedGateway"}


class TokenGame:
    """Tokens on flows and inside elements, as the journal says they move.

    An inclusive split and its join are named ``<x>_split`` and ``<x>_join``."""

    def __init__(self, definition: Definition) -> None:
        self._definition = definition
        self.on_flows: defaultdict[Place, Counter[str]] = defaultdict(Counter)
        self.inside: defaultdict[Place, Counter[str]] = defaultdict(Counter)

    def play(self, steps: Iterable[Step]) -> None:
        for step in steps:
            diagram = self._definition.diagrams[step.process]
            element = diagram.elements[step.element]
            place = self._place(step, element)
            if step.what == "entered":
                self._enter(place, diagram, element, step)
            elif step.what == "cancelled":
                self._leave(place, element, step)
                self._clear_inside(place, diagram, element)
            else:
                self._complete(place, diagram, element, step)

    def _place(self, step: Step, element: Element) -> Place:
        return (step.process, step.scope, step.item_index)

    def _enter(
        self, place: Place, diagram: Diagram, element: Element, step: Step
    ) -> None:
        if not self._is_one_item(element, step):
            self._take(place, diagram, element)
        self.inside[place][element.id] += 1

    def _leave(self, place: Place, element: Element, step: Step) -> None:
        assert self.inside[place][element.id] > 0, f"{step} was never entered"
        self.inside[place][element.id] -= 1

    def _is_one_item(self, element: Element, step: Step) -> bool:
        return element.multi is not None and (step.item_index or "").rsplit("/", 1)[
            0
        ].endswith(element.multi[0])

    def _complete(
        self, place: Place, diagram: Diagram, element: Element, step: Step
    ) -> None:
        if element.kind in WAITING and not self._came_from_event_gateway(
            place, diagram, element
        ):
            self._leave(place, element, step)
        elif element.kind == "boundaryEvent":
            hosts = self.inside[place]
            assert hosts[element.attached_to] > 0, f"{step}: its host is not open"
        elif element.kind != "startEvent":
            self._take(place, diagram, element)
        if element.is_terminate:
            self._clear(place, diagram, element.parent, flows_only=True)
        for flow in step.flows:
            self.on_flows[place][flow] += 1

    def _came_from_event_gateway(
        self, place: Place, diagram: Diagram, element: Element
    ) -> bool:
        return (
            element.kind == "intermediateCatchEvent"
            and not self.inside[place][element.id]
        )

    def _take(self, place: Place, diagram: Diagram, element: Element) -> None:
        incoming = [f.id for f in diagram.flows.values() if f.target == element.id]
        held = self.on_flows[place]
        if element.kind == "parallelGateway":
            missing = [flow for flow in incoming if held[flow] < 1]
            assert not missing, f"{element.id} fired before {missing} at {place}"
            held.subtract(incoming)
        elif element.kind == "inclusiveGateway" and element.id.endswith("_join"):
            assert any(held[flow] for flow in incoming)
            held.subtract({flow: held[flow] for flow in incoming})
            self._nothing_left_between(place, diagram, element)
        else:
            came = [flow for flow in incoming if held[flow] > 0]
            assert came, f"nothing came to {element.id} at {place}"
            held[came[0]] -= 1

    def _nothing_left_between(
        self, place: Place, diagram: Diagram, join: Element
    ) -> None:
        split = join.id.removesuffix("_join") + "_split"
        region: set[str] = set()
        waiting = [split]
        while waiting:
            here = waiting.pop()
            for flow in diagram.flows.values():
                if flow.source == here and flow.target not in region | {join.id}:
                    region.add(flow.target)
                    waiting.append(flow.target)
        left = [e for e in region if self.inside[place][e]]
        left += [
            flow.id
            for flow in diagram.flows.values()
            if flow.target in region and self.on_flows[place][flow.id]
        ]
        assert not left, f"{join.id} fired before {left}"

    def _clear_inside(self, place: Place, diagram: Diagram, element: Element) -> None:
        if element.kind == "subProcess":
            self._clear(place, diagram, element.id)

    def _clear(
        self, place: Place, diagram: Diagram, parent: str, *, flows_only: bool = False
    ) -> None:
        inner = {
            e.id for e in diagram.elements.values() if _lies_in(diagram, e, parent)
        }
        for there in list(self.inside):
            if there[0] == place[0] and there[1] == place[1] and _at(there, place):
                for element in () if flows_only else inner:
                    self.inside[there][element] = 0
                for flow in diagram.flows.values():
                    if flow.source in inner:
                        self.on_flows[there][flow.id] = 0

    def open_tasks(self, flow: Flow) -> Counter[tuple[str, str | None]]:
        """The (user task, item) pairs that hold a token, in scopes that still live."""
        found: Counter[tuple[str, str | None]] = Counter()
        for (process, scope, item), held in self.inside.items():
            elements = self._definition.diagrams[process].elements
            if scope not in flow.facts and scope:
                continue
            for name, count in held.items():
                element = elements[name]
                many = element.multi is not None
                whole = many and not (item or "").rsplit("/", 1)[0].endswith(
                    element.multi[0] if element.multi else ""
                )
                if element.kind == "userTask" and count and not whole:
                    found[(name, item)] += count
        return found

    def waited_at(self, flow: Flow) -> set[tuple[str, str]]:
        """(process, element) of all that holds a token, in scopes that still live."""
        return {
            (process, name)
            for (process, scope, _), held in self.inside.items()
            for name, count in held.items()
            if count and (not scope or scope in flow.facts)
        }

    def stranded(self, flow: Flow) -> list[tuple[Place, str]]:
        """Flows that hold a token although nothing there waits for another one."""
        found = []
        for place, held in self.on_flows.items():
            diagram = self._definition.diagrams[place[0]]
            if place[1] and place[1] not in flow.facts:
                continue
            for name, count in held.items():
                target = diagram.elements[diagram.flows[name].target]
                joins = target.kind in ("parallelGateway", "inclusiveGateway")
                if count and not joins:
                    found.append((place, name))
        return found


def _lies_in(diagram: Diagram, element: Element, parent: str) -> bool:
    while True:
        if element.parent == parent or not parent:
            return True
        if not element.parent:
            return False
        element = diagram.elements[element.parent]


def _at(there: Place, place: Place) -> bool:
    return place[2] is None or (there[2] or "").startswith(place[2])
