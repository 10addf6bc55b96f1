"""Which element of a drawing can be reached from which, within one process or one
embedded sub-process."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from engine.bpmn.diagrams import Diagram, Element


class Ways:
    """The ways through a part of a diagram: flows, and onto the events on an edge.

    What is found is kept: a part is looked at for many cases."""

    def __init__(self, diagram: Diagram, inside: str = "") -> None:
        self.elements: dict[str, Element] = {
            e.id: e for e in diagram.elements.values() if e.parent == inside
        }
        self._onward: dict[str, list[str]] = {name: [] for name in self.elements}
        self._into: dict[str, list[str]] = {name: [] for name in self.elements}
        for flow in diagram.flows.values():
            if flow.source in self._onward and flow.target in self._into:
                self._onward[flow.source].append(flow.target)
                self._into[flow.target].append(flow.source)
        self._events: dict[str, list[str]] = {}
        for element in self.elements.values():
            if element.attached_to:
                self._events.setdefault(element.attached_to, []).append(element.id)
        self._known: dict[tuple[str, ...], frozenset[str]] = {}

    def after(self, element: str) -> list[str]:
        """What the flows out of an element lead to."""
        return self._onward.get(element, [])

    def before(self, element: str) -> list[str]:
        """What the flows into an element come from."""
        return self._into.get(element, [])

    def edge(self, element: str) -> list[str]:
        """The events on the edge of an element."""
        return self._events.get(element, [])

    def reached(self, element: str, *without: str) -> frozenset[str]:
        """The element and all that can come after it; nothing goes on at `without`."""
        key = (element, *without)
        if key not in self._known:
            self._known[key] = frozenset(self._walk([element], without))
        return self._known[key]

    def _walk(self, begin: Iterable[str], without: Collection[str]) -> set[str]:
        waiting = list(begin)
        seen: set[str] = set()
        while waiting:
            here = waiting.pop()
            if here in seen or here not in self.elements:
                continue
            seen.add(here)
            if here not in without:
                waiting += self._onward[here]
                waiting += self.edge(here)
        return seen
