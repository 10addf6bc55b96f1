"""Nodes and flows as the board of `board` sees them, and where they begin."""

import math
from dataclasses import dataclass, field

from engine.drawing.loops import back_flows
from engine.drawing.reading import Scope

SPAN = 165.0  # about how wide one column is with the gap beside it
ROWS = ((3, 2), (8, 3), (15, 4), (25, 5), (math.inf, 6))  # nodes at most, rows
SPARE = 4  # columns more than the longest chain needs


@dataclass
class Piece:
    """A node on the board. `lane` is its lane's index, `span` its columns."""

    id: str
    lane: int
    width: float
    height: float
    kind: str
    span: int
    column: int = 0
    row: int = 0
    flows: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class Link:
    """A flow between pieces; `guest` when it leaves a boundary event."""

    id: str
    source: int
    target: int
    guest: bool
    back: bool


def gather(scope: Scope) -> tuple[list[Piece], list[Link]]:
    """Pieces (boundary events belong to their hosts) and the links between them."""
    lanes = {lane.id: index for index, lane in enumerate(scope.lanes)}
    pieces: list[Piece] = []
    index: dict[str, int] = {}
    for node in scope.nodes.values():
        if node.host in scope.nodes:
            continue
        index[node.id] = len(pieces)
        span = max(1, round(node.width / SPAN)) if node.inner else 1
        lane = lanes.get(node.lane, 0)
        pieces.append(Piece(node.id, lane, node.width, node.height, node.kind, span))
    back = back_flows(scope)
    links: list[Link] = []
    for arrow in scope.arrows:
        source = scope.nodes.get(arrow.source)
        if source is None or arrow.target not in index:
            continue
        guest = bool(source.host)
        start = index[source.host if guest else source.id]
        target = index[arrow.target]
        for end in {start, target}:
            pieces[end].flows.append(len(links))
        links.append(Link(arrow.id, start, target, guest, arrow.id in back))
    return pieces, links


def rows_of_lanes(pieces: list[Piece], lanes: int) -> list[int]:
    """How many rows each lane may use: more for those with more to hold."""
    if lanes == 1:
        return [5]
    held = [0] * lanes
    for piece in pieces:
        held[piece.lane] += 1
    return [next(rows for most, rows in ROWS if count <= most) for count in held]


def layers(pieces: list[Piece], links: list[Link]) -> list[int]:
    """The column of each piece by its longest way from a start."""
    layer = [0] * len(pieces)
    for _ in pieces:
        moved = False
        for link in links:
            if link.back or link.source == link.target:
                continue
            step = 0 if link.guest else pieces[link.source].span
            least = layer[link.source] + step
            if layer[link.target] < least:
                layer[link.target] = least
                moved = True
        if not moved:
            break
    return layer


def seat_first(pieces: list[Piece], links: list[Link], rows: list[int]) -> int:
    """Give every piece a free cell near its layer; returns the board's columns."""
    starts = [sum(rows[:lane]) for lane in range(len(rows))]
    taken: set[tuple[int, int]] = set()
    for piece, column in zip(pieces, layers(pieces, links), strict=True):
        first = starts[piece.lane]
        while True:
            spot = next(
                (
                    row
                    for row in range(first, first + rows[piece.lane])
                    if not any(
                        (column + step, row) in taken for step in range(piece.span)
                    )
                ),
                None,
            )
            if spot is not None:
                break
            column += 1
        piece.column, piece.row = column, spot
        taken.update((column + step, spot) for step in range(piece.span))
    return max((p.column + p.span for p in pieces), default=1) + SPARE
