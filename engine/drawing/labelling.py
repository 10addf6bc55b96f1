"""Where the words of events, gateways and flows go, while there is room to spare."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from engine.drawing.geometry import Point, piece_box, pieces_of
from engine.drawing.grid import Box
from engine.drawing.reading import Arrow, Node, Scope

CLEAR = 3.0


@dataclass(frozen=True)
class Caption:
    """A placed label. `piece` is the segment it belongs to, -1 for a shape's."""

    owner: str
    box: Box
    piece: int


def overlap(one: Box, two: Box, clear: float = 0.0) -> bool:
    return (
        one.left < two.right + clear
        and two.left < one.right + clear
        and one.top < two.bottom + clear
        and two.top < one.bottom + clear
    )


def around(node: Node, box: Box) -> Iterable[tuple[float, Box]]:
    """Places for the words of an event or gateway, with how much we mind."""
    width, height = node.label_size
    x, y = (box.left + box.right) / 2, (box.top + box.bottom) / 2
    half = (box.right - box.left) / 2

    def at(left: float, top: float) -> Box:
        return Box(left, top, left + width, top + height)

    below, above = y + half + 4, y - half - 4 - height
    if node.host:
        for top, mind in ((y + 4, 0.0), (y + half + 2, 0.3)):
            yield mind, at(x + half + 3, top)
            yield mind + 0.2, at(x - half - 3 - width, top)
            yield mind + 0.5, at(x + 5, top + half)
            yield mind + 0.6, at(x - 5 - width, top + half)
        for top, mind in ((y - 4 - height, 0.0), (y - half - 2 - height, 0.3)):
            yield mind + 0.1, at(x + half + 3, top)
            yield mind + 0.3, at(x - half - 3 - width, top)
        return
    gateway = node.is_gateway
    yield (0.3 if gateway else 0.0), at(x - width / 2, below)
    yield (0.0 if gateway else 0.3), at(x - width / 2, above)
    inset, lift = (6.0, 2.0) if gateway else (5.0, -1.0)
    for mind, top in ((0.8, y - half + lift - height), (1.0, y + half - lift)):
        yield mind, at(x + inset, top)
        yield mind + 0.1, at(x - inset - width, top)
    yield 2.0, at(x + half + 4, y - 4 - height)
    yield 2.0, at(x + half + 4, y + 4)
    yield 2.2, at(x - half - 4 - width, y - 4 - height)
    yield 2.2, at(x - half - 4 - width, y + 4)


def beside(
    arrow: Arrow, points: Sequence[Point], first: int
) -> Iterable[tuple[float, int, Box]]:
    """Places for the words of a flow from segment `first` on: cost, segment, box."""
    width, height = arrow.label_size
    for number in range(first, min(first + 2, len(points) - 1)):
        (x, y), (x1, y1) = points[number], points[number + 1]
        mind = 1.5 * (number - first)
        gap = 17.0 if arrow.default and number == 0 else 5.0
        if y == y1:
            room = abs(x1 - x) - width - gap
            mind += 0.0 if room >= 0 else 1.0
            left = x + gap if x1 > x else x - gap - width
            yield mind, number, Box(left, y - 3 - height, left + width, y - 3)
            yield mind + 0.2, number, Box(left, y + 3, left + width, y + 3 + height)
        else:
            room = abs(y1 - y) - height - gap
            mind += 0.0 if room >= 0 else 1.0
            top = y + gap if y1 > y else y - gap - height
            yield mind, number, Box(x + 5, top, x + 5 + width, top + height)
            yield mind + 0.1, number, Box(x - 5 - width, top, x - 5, top + height)


class Places:
    """What stands in the way of words, and the words placed so far."""

    def __init__(
        self,
        scope: Scope,
        boxes: dict[str, Box],
        lines: dict[str, list[Point]],
        borders: Sequence[float],
    ) -> None:
        self.scope, self.boxes, self.lines = scope, boxes, lines
        self.borders = borders
        self.pieces = [
            piece_box(piece) for points in lines.values() for piece in pieces_of(points)
        ]
        self.placed: list[Caption] = []

    def clashes(self, owner: str, box: Box) -> int:
        """How many things a box of words would lie on."""
        count = 0
        for name, other in self.boxes.items():
            own = name == owner
            if own and self.scope.nodes[name].is_gateway:
                continue  # the words may use the corners beside a diamond
            count += overlap(box, other, 0.0 if own else CLEAR)
        count += sum(overlap(box, piece, CLEAR - 0.5) for piece in self.pieces)
        count += sum(overlap(box, caption.box, CLEAR) for caption in self.placed)
        count += sum(box.top - 4 < at < box.bottom + 4 for at in self.borders)
        return count

    def settle(self, owner: str, choices: Iterable[tuple[float, int, Box]]) -> None:
        """Keep the best of several places."""
        best: tuple[float, Caption] | None = None
        for mind, piece, box in choices:
            cost = mind + 40 * self.clashes(owner, box)
            if best is None or cost < best[0]:
                best = (cost, Caption(owner, box, piece))
        if best is not None:
            self.placed.append(best[1])


def place(
    scope: Scope,
    boxes: dict[str, Box],
    lines: dict[str, list[Point]],
    trunks: dict[str, int],
    borders: Sequence[float],
) -> list[Caption]:
    """Give every label a place clear of shapes, flows and other labels.

    `trunks` says from which segment on a flow runs alone.
    """
    places = Places(scope, boxes, lines, borders)
    for arrow in scope.arrows:
        if arrow.label and arrow.id in lines:
            first = trunks[arrow.id]
            places.settle(arrow.id, beside(arrow, lines[arrow.id], first))
    nodes = [node for node in scope.nodes.values() if node.label and node.id in boxes]
    nodes.sort(key=lambda node: (not node.is_gateway, not node.host))
    for node in nodes:
        choices = around(node, boxes[node.id])
        places.settle(node.id, ((mind, -1, box) for mind, box in choices))
    return places.placed
