"""Where flows may leave and enter shapes, and what each place costs."""

from collections.abc import Iterator
from dataclasses import dataclass

from engine.drawing.arranging import Arrangement
from engine.drawing.grid import FOOT_PORTS, SIDE_PORTS, Grid, host_column
from engine.drawing.reading import Node, Scope

OUT_LEFT = 6.0
IN_RIGHT = 6.5
LOOP_IN_RIGHT = 3.0
OFF_CENTRE = 0.7
CROWDED = 1.5  # beside a boundary event
GUEST_ROOM = 40.0


@dataclass(frozen=True)
class Port:
    """A place on a shape's edge: its side, and the grid line that meets it."""

    node: str
    side: str
    line: int
    price: float

    @property
    def key(self) -> tuple[str, str, int]:
        return self.node, self.side, self.line


class Ports:
    """The ports of every shape of an arrangement on its grid."""

    def __init__(self, scope: Scope, arrangement: Arrangement, grid: Grid) -> None:
        self.scope, self.arrangement, self.grid = scope, arrangement, grid
        self.shut = grid.shut_points()
        self.taken: dict[tuple[str, str], list[float]] = {}
        for host, side, offset in grid.guest_at.values():
            self.taken.setdefault((host, side), []).append(offset)
        self.known: dict[tuple[str, bool, bool], list[tuple[int, Port]]] = {}

    def of(self, name: str, out: bool, back: bool) -> list[tuple[int, Port]]:
        """Ports for leaving (`out`) or entering, each with the first free point."""
        key = (name, out, back)
        if key not in self.known:
            found = []
            for port in self._all(name, out, back):
                at = self._outside(port)
                if at is not None:
                    found.append((at, port))
            self.known[key] = found
        return self.known[key]

    def _all(self, name: str, out: bool, back: bool) -> Iterator[Port]:
        guest = self.grid.guest_at.get(name)
        if guest is not None:
            host, side, offset = guest
            column = host_column(self.arrangement, host)
            yield Port(name, side, self.grid.x_line[(column, offset)], 0.0)
            return
        node = self.scope.nodes[name]
        yield from self._sides(node, out, back)
        yield from self._head_and_foot(node, out)

    def _sides(self, node: Node, out: bool, back: bool) -> Iterator[Port]:
        row = self.arrangement.cells[node.id][1]
        corners = node.is_event or node.is_gateway
        left = OUT_LEFT if out else 0.0
        right = 0.0 if out else LOOP_IN_RIGHT if back else IN_RIGHT
        for side, price in (("L", left), ("R", right)):
            for offset in SIDE_PORTS[:1] if corners else SIDE_PORTS:
                extra = OFF_CENTRE if offset else 0.0
                if offset and node.inner is not None:
                    extra = 8.0
                line = self.grid.y_line[(row, offset)]
                yield Port(node.id, side, line, price + extra)

    def _head_and_foot(self, node: Node, out: bool) -> Iterator[Port]:
        column = self.arrangement.cells[node.id][0]
        one_place = node.is_event or node.is_gateway or node.inner is not None
        price = (0.2 if node.is_gateway else 0.9) if out else 0.4
        for side in "TB":
            taken = self.taken.get((node.id, side), [])
            for at in range(column, column + self.arrangement.spans[node.id]):
                for offset in FOOT_PORTS[:1] if one_place else FOOT_PORTS:
                    tight = any(abs(offset - other) < GUEST_ROOM for other in taken)
                    if tight and (offset or len(taken) > 1):
                        continue
                    extra = OFF_CENTRE if offset else 0.0
                    extra += CROWDED if taken else 0.0
                    line = self.grid.x_line[(at, offset)]
                    yield Port(node.id, side, line, price + extra)

    def _outside(self, port: Port) -> int | None:
        """The first free point beyond a port, or None when it is walled in."""
        grid, wide = self.grid, len(self.grid.xs)
        box = grid.boxes[port.node]
        across = port.side in "LR"
        lines = grid.xs if across else grid.ys
        least, most = (box.left, box.right) if across else (box.top, box.bottom)
        if port.side in "RB":
            walk = [n for n, line in enumerate(lines) if line.at > most]
        else:
            walk = [n for n, line in enumerate(lines) if line.at < least][::-1]
        for number in walk[:3]:
            at = port.line * wide + number if across else number * wide + port.line
            if not self.shut[at]:
                return at
        return None
