"""Where a stored process stands, read from its state without running it.

The state names nodes; here each is put beside the element that it stands for, so that
one can ask whether another drawing still has it, and write the state down again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from SpiffWorkflow.bpmn.specs.control import _EndJoin
from SpiffWorkflow.bpmn.specs.mixins.unstructured_join import UnstructuredJoin
from SpiffWorkflow.util.task import TaskState

from engine.bpmn import nodes
from engine.bpmn.definitions import Definition
from engine.bpmn.diagrams import Diagram, Element
from engine.bpmn.reaching import Ways
from engine.bpmn.tokens import OPEN


class Part:
    """A process, or an embedded sub-process, as one definition draws it."""

    def __init__(self, definition: Definition, name: str) -> None:
        parsed = definition.parsed
        self.definition = definition
        self.name = name
        self.process = definition.process_of(name)
        self.diagram: Diagram = definition.diagrams[self.process]
        self.inside = "" if name == self.process else name
        spec = parsed.main if name == definition.process else parsed.inner[name]
        self.specs: dict[str, Any] = spec.task_specs
        self.ways = Ways(self.diagram, self.inside)

    def element(self, node: Node) -> Element | None:
        """What a node stands for; None for those that nobody drew."""
        spec = self.specs.get(node.name)
        return self.element_of(spec) if spec is not None else None

    def element_of(self, spec: Any) -> Element | None:
        return self.diagram.elements.get(nodes.belongs_to(spec) or "")

    def title(self, element: str) -> str:
        """An element as people call it."""
        found = self.diagram.elements.get(element)
        return (found.name if found else "") or element

    def is_join(self, node: Node) -> bool:
        """A gateway that several arrivals meet at, in SpiffWorkflow's eyes."""
        spec = self.specs.get(node.name)
        return isinstance(spec, UnstructuredJoin) and not isinstance(spec, _EndJoin)

    def inputs(self, name: str) -> dict[str, str]:
        """What leads into a node: element to node name."""
        return {
            nodes.belongs_to(spec) or str(spec.name): str(spec.name)
            for spec in self.specs[name].inputs
        }

    def waits_for(self, name: str) -> dict[str, str]:
        """The events after an event gateway, and of what kind they are."""
        found = (self.diagram.elements[s.name] for s in self.specs[name].outputs)
        return {e.id: "timer" if e.timer else "message" for e in found}


class Parts:
    """The parts of one definition, each looked at once."""

    def __init__(self, definition: Definition) -> None:
        self.definition = definition
        self._known: dict[str, Part] = {}

    def get(self, name: str) -> Part | None:
        """A process or embedded sub-process; None where it is not drawn."""
        definition = self.definition
        if name != definition.process and name not in definition.parsed.inner:
            return None
        if name not in self._known:
            self._known[name] = Part(definition, name)
        return self._known[name]


@dataclass(eq=False)
class Node:
    """One task of a tree. `rest` is what it keeps besides."""

    id: str
    name: str
    state: int
    rest: list[Any]
    parent: Node | None
    children: list[Node] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        return bool(self.state & OPEN)

    @property
    def is_finished(self) -> bool:
        return bool(self.state & TaskState.FINISHED_MASK)

    @property
    def is_item(self) -> bool:
        """One of the items of a multi-instance activity."""
        return bool(self.rest) and nodes.ITEM in self.rest[0]

    def all(self) -> Iterator[Node]:
        """This node and all below it, parents first, children in their order."""
        waiting = [self]
        while waiting:
            node = waiting.pop()
            yield node
            waiting.extend(reversed(node.children))

    def splice(self) -> None:
        """Take a node out; what hangs on it hangs on its parent then."""
        assert self.parent is not None
        siblings = self.parent.children
        place = siblings.index(self)
        siblings[place : place + 1] = self.children
        for child in self.children:
            child.parent = self.parent


@dataclass
class Tree:
    """The tasks of the process itself, or of one call or sub-process inside it.

    `owner` is the task that it runs in, None for the process itself."""

    owner: Node | None
    outer: Tree | None
    completed: int
    root: Node
    last: Node | None
    part: Part

    def tokens(self) -> Iterator[tuple[Node, Element]]:
        """Where work stands: open activities, events and event gateways; without the
        events on an edge, the items of a repeated one, and joins that wait."""
        for node in self.root.all():
            if not node.is_open or node.is_item or self.part.is_join(node):
                continue
            element = self.part.element(node)
            drawn = self.part.specs[node.name].bpmn_id
            if element is not None and drawn and not element.attached_to:
                yield node, element

    def arrivals(self) -> dict[str, list[Node]]:
        """The joins that wait, by node name, each with what has arrived there."""
        found: dict[str, list[Node]] = {}
        for node in self.root.all():
            if node.is_open and self.part.is_join(node):
                found[node.name] = []
        for node in self.root.all():
            if node.name in found and node.parent and node.parent.is_finished:
                found[node.name].append(node.parent)
        return found


def read(state: str, parts: Parts) -> list[Tree]:
    """The trees of a stored process: its own first, each after the one it runs in."""
    stored = json.loads(state)
    main = parts.get(parts.definition.process)
    assert main is not None
    trees = [_tree(None, None, stored["main"], main)]
    owners = {node.id: (node, trees[0]) for node in trees[0].root.all()}
    for owner_id, *rows in stored["inner"]:
        owner, outer = owners[owner_id]
        part = parts.get(outer.part.specs[owner.name].spec)
        assert part is not None
        tree = _tree(owner, outer, rows, part)
        trees.append(tree)
        owners.update({node.id: (node, tree) for node in tree.root.all()})
    return trees


def _tree(
    owner: Node | None, outer: Tree | None, stored: list[Any], part: Part
) -> Tree:
    completed, last, rows = stored
    found: list[Node] = []
    for identity, place, name, state, *rest in rows:
        parent = found[place] if place >= 0 else None
        node = Node(identity, name, state, rest, parent)
        if parent is not None:
            parent.children.append(node)
        found.append(node)
    return Tree(
        owner, outer, completed, found[0], found[last] if last >= 0 else None, part
    )


def write(trees: list[Tree], before: str) -> str:
    """The state as text again, without what was only predicted: whoever restores it
    predicts anew."""
    stored = json.loads(before)
    stored["main"] = _rows(trees[0])
    stored["inner"] = [
        [tree.owner.id, *_rows(tree)] for tree in trees[1:] if tree.owner is not None
    ]
    return json.dumps(stored, separators=(",", ":"))


def _rows(tree: Tree) -> list[Any]:
    places: dict[str, int] = {}
    rows: list[list[Any]] = []
    for node in tree.root.all():
        if not (node.is_open or node.is_finished):
            continue
        places[node.id] = len(rows)
        parent = places[node.parent.id] if node.parent is not None else -1
        rows.append([node.id, parent, node.name, node.state, *node.rest])
    last = places.get(tree.last.id, -1) if tree.last is not None else -1
    return [tree.completed, last, rows]
