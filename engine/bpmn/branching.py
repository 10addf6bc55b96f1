"""Whether work that goes on in several branches will meet again as it is drawn.

Asked of a drawing other than the one that brought the case where it stands. A join
would wait for ever for a branch that nothing can reach; two branches that have become
one would be gone through twice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from engine.bpmn import nodes
from engine.bpmn.standing import Node, Part, Tree

_SPLITS = frozenset({"parallelGateway", "inclusiveGateway"})


@dataclass(frozen=True)
class Branches:
    """Where one part of a case stands: the elements with work, what has arrived at each
    join, and for each gateway that divided it, where each branch stands."""

    tokens: tuple[str, ...]
    arrived: Mapping[str, frozenset[str]]
    splits: tuple[tuple[str, tuple[frozenset[str], ...]], ...]


def of(tree: Tree) -> Branches:
    """Where a stored process stands."""
    tokens = {node.id: element.id for node, element in tree.tokens()}
    arrived: dict[str, frozenset[str]] = {}
    places = dict(tokens)
    for name, parents in tree.arrivals().items():
        sources = {node.id: _element(tree.part, node) for node in parents}
        arrived[name] = frozenset(sources.values())
        places |= sources
    splits = []
    for node in tree.root.all():
        element = tree.part.element(node)
        if element is None or element.kind not in _SPLITS or not node.is_finished:
            continue
        live = [_inside(child, places) for child in node.children]
        live = [branch for branch in live if branch]
        if len(live) > 1:
            splits.append((element.id, tuple(live)))
    return Branches(tuple(tokens.values()), arrived, tuple(splits))


def _element(part: Part, node: Node) -> str:
    return nodes.belongs_to(part.specs[node.name]) or node.name


def _inside(top: Node, places: Mapping[str, str]) -> frozenset[str]:
    return frozenset(places[node.id] for node in top.all() if node.id in places)


def new_faults(branches: Branches, old: Part, new: Part) -> Iterator[str]:
    """What would go wrong by the new drawing and not by the old one."""
    already = set(faults(branches, old))
    for fault in faults(branches, new):
        if fault not in already:
            already.add(fault)
            yield fault


def faults(branches: Branches, part: Part) -> Iterator[str]:
    """What would go wrong with work that stands there."""
    for join in part.ways.elements.values():
        if join.kind in _SPLITS and len(part.ways.before(join.id)) > 1:
            yield from _join(branches, part, join.id, join.kind)
    for split, live in branches.splits:
        if split not in part.ways.elements:
            continue
        if not _fit(part, split, live):
            yield (
                f"The branches of “{part.title(split)}” that it stands on follow one "
                "another, so that steps would be done twice."
            )
        yield from _meet(branches, part, split, frozenset().union(*live))


def _join(branches: Branches, part: Part, join: str, kind: str) -> Iterator[str]:
    reached: set[str] = set()
    for token in branches.tokens:
        reached |= part.ways.reached(token, join)
    arrived = branches.arrived.get(join, frozenset())
    if not arrived and (join not in reached or kind == "inclusiveGateway"):
        return
    missing = [way for way in part.ways.before(join) if way not in arrived]
    never = [way for way in missing if way not in reached]
    if not missing or (kind == "inclusiveGateway" and never == missing):
        yield f"“{part.title(join)}” would wait, and nothing would come to it."
    elif kind == "parallelGateway":
        for way in never:
            yield _never(part, join, way)


def _meet(
    branches: Branches, part: Part, split: str, places: frozenset[str]
) -> Iterator[str]:
    """Where the branches of a gateway meet, each must come without a further round."""
    ways = part.ways
    for join in ways.elements.values():
        if join.kind != "parallelGateway":
            continue
        begun = [ways.reached(way, split, join.id) for way in ways.after(split)]
        if sum(join.id in reached for reached in begun) < 2:
            continue
        arrived = branches.arrived.get(join.id, frozenset())
        reached = {e for each in places for e in ways.reached(each, split, join.id)}
        if not arrived and join.id not in reached:
            continue
        for way in ways.before(join.id):
            if any(way in each for each in begun) and way not in arrived | reached:
                yield _never(part, join.id, way)


def _never(part: Part, join: str, way: str) -> str:
    return (
        f"“{part.title(join)}” would wait for “{part.title(way)}”, which this case "
        "would never come to."
    )


def _fit(part: Part, split: str, live: Sequence[frozenset[str]]) -> bool:
    """Whether each branch can stand on a way of its own out of the gateway."""
    ways = part.ways.after(split)
    possible = [
        [way for way in ways if branch <= part.ways.reached(way, split)]
        for branch in live
    ]
    taken: dict[str, int] = {}

    def give(branch: int, asked: set[str]) -> bool:
        for way in possible[branch]:
            if way not in asked:
                asked.add(way)
                if way not in taken or give(taken[way], asked):
                    taken[way] = branch
                    return True
        return False

    return all(give(branch, set()) for branch in range(len(live)))
