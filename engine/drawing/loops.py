"""Which flows lead back to what came before."""

from collections.abc import Iterator

from engine.drawing.reading import Scope

UNDER_WAY, DONE = 1, 2


def back_flows(scope: Scope) -> set[str]:
    """Flows that return to a node already on the way from a start."""
    hosts = {node.id: node.host for node in scope.nodes.values() if node.host}
    after: dict[str, list[tuple[str, str]]] = {name: [] for name in scope.nodes}
    entered: set[str] = set()
    for arrow in scope.arrows:
        if arrow.source in after and arrow.target in scope.nodes:
            source = hosts.get(arrow.source, arrow.source)
            after[source].append((arrow.id, arrow.target))
            entered.add(arrow.target)
    plain = [name for name in scope.nodes if name not in hosts]
    first = [name for name in plain if scope.nodes[name].kind == "startEvent"]
    first += [name for name in plain if name not in entered and name not in first]
    state: dict[str, int] = {}
    found: set[str] = set()
    for name in first + plain:
        if name not in state:
            found.update(_returns(name, after, state))
    return found


def _returns(
    start: str, after: dict[str, list[tuple[str, str]]], state: dict[str, int]
) -> Iterator[str]:
    stack = [(start, iter(after[start]))]
    state[start] = UNDER_WAY
    while stack:
        name, rest = stack[-1]
        for flow, target in rest:
            if state.get(target) == UNDER_WAY:
                yield flow
            elif target not in state:
                state[target] = UNDER_WAY
                stack.append((target, iter(after[target])))
                break
        else:
            state[name] = DONE
            stack.pop()
