"""Moves a running process to another drawing of it: whether it can, and why not.

Every step where the case stands must still be drawn as the same kind of step, with the
same events on its edge, in the same part. What it has passed is kept where a join looks
it up and forgotten elsewhere. Nothing is run and no fact is touched. Dates are worked
out from the facts, so that one whose period is the same stays where it was."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from engine import documents
from engine.bpmn import branching, nodes, standing
from engine.bpmn.definitions import Definition
from engine.bpmn.diagrams import Element
from engine.bpmn.needs import Facts, Needs
from engine.bpmn.standing import Node, Part, Parts, Tree
from engine.bpmn.words import Surroundings
from engine.bpmn.workflow import Flow
from engine.errors import EngineError

ONWARD = "which the new version no longer has"
BACK = "which the older version does not have"


@dataclass(frozen=True)
class Verdict:
    """Whether a case can move; if not, why, in words that name the steps."""

    reasons: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        return not self.reasons


class CannotMove(EngineError):
    """This case cannot move to that version."""


def can_move(flow: Flow, to: Definition) -> Verdict:
    """Whether a running process could go on by another definition."""
    return Mover(flow.definition, to).attempt(*flow.dump(), flow.surroundings)[0]


def move(flow: Flow, to: Definition) -> Flow:
    """The process as it goes on by another definition. CannotMove says why not."""
    mover = Mover(flow.definition, to)
    verdict, moved = mover.attempt(*flow.dump(), flow.surroundings)
    if moved is None:
        raise CannotMove(" ".join(verdict.reasons))
    return moved


class Mover:
    """Moves cases from one definition to another: made once, used for many."""

    def __init__(
        self, before: Definition, after: Definition, *, is_back: bool = False
    ) -> None:
        self._gone = BACK if is_back else ONWARD
        self._before, self._after = Parts(before), Parts(after)
        self._needs = Needs(self._before, self._after)

    def attempt(
        self, state: str, facts: str, surroundings: Surroundings
    ) -> tuple[Verdict, Flow | None]:
        """What stands in the way of a stored process, and the process as moved."""
        trees = standing.read(state, self._before)
        pairs = list(self._pairs(trees))
        known = documents.loads(facts)
        assert isinstance(known, dict)
        reasons = [r for tree, part in pairs for r in _steps(tree, part, self._gone)]
        if not reasons:
            reasons += self._deeper(pairs, known)
        if reasons:
            return Verdict(tuple(dict.fromkeys(reasons))), None
        for tree, part in pairs:
            _forget(tree, part)
        after = self._after.definition
        moved = Flow.restore(after, standing.write(trees, state), facts, surroundings)
        undated = tuple(self._undated(moved, state, facts))
        return Verdict(undated), None if undated else moved

    def _pairs(self, trees: list[Tree]) -> Iterator[tuple[Tree, Part]]:
        """Each tree with its part in the new definition, where there is one."""
        found: dict[int, Part] = {}
        for tree in trees:
            part = None
            if tree.outer is None or tree.owner is None:
                part = self._after.get(tree.part.name)
            elif outer := found.get(id(tree.outer)):
                spec = outer.specs.get(tree.owner.name)
                part = self._after.get(getattr(spec, "spec", ""))
            if part is not None:
                found[id(tree)] = part
                yield tree, part

    def _deeper(
        self, pairs: list[tuple[Tree, Part]], facts: Mapping[str, Facts]
    ) -> Iterator[str]:
        """What stands in the way although every step is still there."""
        for tree, part in pairs:
            passed = [
                *_arrivals(tree, part, self._gone),
                *_divided(tree, part, self._gone),
            ]
            yield from passed or branching.new_faults(
                branching.of(tree), tree.part, part
            )
        yield from self._needs.lacking(pairs, facts)

    def _undated(self, moved: Flow, state: str, facts: str) -> Iterator[str]:
        """The dates that cannot be worked out any more."""
        moved.timers()
        if not moved.failures:
            return
        before = Flow.restore(self._before.definition, state, facts, moved.surroundings)
        before.timers()
        already = {(failure.process, failure.element) for failure in before.failures}
        for failure in moved.failures:
            if (failure.process, failure.element) not in already:
                diagram = moved.definition.diagrams[failure.process]
                name = diagram.elements[failure.element].name or failure.element
                yield f"The date of “{name}” cannot be worked out: {failure.message}"


# Where it stands


def _steps(tree: Tree, new: Part, gone: str) -> Iterator[str]:
    for node, element in tree.tokens():
        if element.id in new.diagram.elements:
            yield from _step(tree.part, new, node, element)
        else:
            yield f"It stands at “{tree.part.title(element.id)}”, {gone}."


def _step(old: Part, new: Part, node: Node, element: Element) -> Iterator[str]:
    title = f"“{old.title(element.id)}”"
    there = new.diagram.elements[element.id]
    if there.parent != element.parent:
        yield f"It stands at {title}, which now lies in another part of the diagram."
        return
    if there.kind != element.kind:
        yield f"It stands at {title}, which is another kind of step now."
        return
    if (there.multi, there.is_sequential) != (element.multi, element.is_sequential):
        yield f"It stands at {title}, which is repeated for another list or otherwise."
    elif type(old.specs[node.name]) is not type(new.specs.get(node.name)):
        yield f"It stands at {title}, which is another kind of step now."
        return
    if there.called != element.called:
        yield f"It stands at {title}, which calls another process now."
    if _waits_for(old, element) != _waits_for(new, there):
        yield f"It stands at {title}, which waits for something else now."
    if changed := list(_changed_edge(old, new, element.id)):
        yield (
            f"It stands at {title}, and the events on its edge have changed: "
            f"{', '.join(changed)}."
        )


def _waits_for(part: Part, element: Element) -> Mapping[str, str]:
    if element.kind == "eventBasedGateway":
        return part.waits_for(element.id)
    return {"": _trigger(element)}


def _trigger(event: Element) -> str:
    return "timer" if event.timer else "message" if event.message else ""


def _changed_edge(old: Part, new: Part, host: str) -> Iterator[str]:
    before, after = (
        {e.id: (_trigger(e), e.interrupting) for e in part.diagram.boundaries(host)}
        for part in (old, new)
    )
    for event in before:
        if event not in after:
            yield f"“{old.title(event)}” was taken away"
        elif before[event] != after[event]:
            yield f"“{new.title(event)}” works in another way"
    for event in after:
        if event not in before:
            yield f"“{new.title(event)}” was added"


# What it has passed


def _arrivals(tree: Tree, new: Part, gone: str) -> Iterator[str]:
    """Joins that wait must still be reached from where something has arrived."""
    for name, arrived in tree.arrivals().items():
        title = f"“{tree.part.title(name)}”"
        if type(tree.part.specs[name]) is not type(new.specs.get(name)):
            yield f"Its branches wait for each other at {title}, {gone}."
            continue
        inputs = new.inputs(name)
        for node in arrived:
            source = nodes.belongs_to(tree.part.specs[node.name]) or node.name
            if source not in inputs:
                yield (
                    f"It has come to {title} from “{tree.part.title(source)}”, and "
                    "the new version draws no such way."
                )


def _divided(tree: Tree, new: Part, gone: str) -> Iterator[str]:
    """A gateway that divided the case must still do so."""
    for split, _branches in branching.of(tree).splits:
        old_element = tree.part.diagram.elements[split]
        there = new.diagram.elements.get(split)
        if there is None or there.kind != old_element.kind:
            title = tree.part.title(split)
            yield f"It is on several branches of “{title}”, {gone}."


def _forget(tree: Tree, new: Part) -> None:
    """Take out what the new drawing does not have, and name arrivals as it does."""
    for name, arrived in tree.arrivals().items():
        inputs = new.inputs(name)
        for node in arrived:
            source = nodes.belongs_to(tree.part.specs[node.name]) or node.name
            node.name = inputs[source]
    for node in list(tree.root.all()):
        if node.is_finished and node.parent is not None and _is_gone(node, tree, new):
            if node is tree.last:
                tree.last = node.parent
            node.splice()


def _is_gone(node: Node, tree: Tree, new: Part) -> bool:
    spec = new.specs.get(node.name)
    return spec is None or (
        node.name in tree.part.specs
        and type(spec) is not type(tree.part.specs[node.name])
    )
