"""The roomy grid that flows are routed on, and the shapes standing on it.

The grid is generous on purpose: `tightening` takes the spare room out afterwards
without changing what crosses what.
"""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field

from engine.drawing.arranging import Arrangement
from engine.drawing.reading import EVENT_SIZE, Scope

# Free tracks in the gap before a column or row, in pixels from the gap's start;
# the room before them is for words.
COLUMN_TRACKS = (100.0, 112.0, 124.0, 136.0)
COLUMN_GAP = 164.0
ROW_TRACKS = (84.0, 96.0, 108.0, 156.0, 168.0, 180.0)
ROW_GAP = 264.0
OUTER_GAP = 210.0  # beyond the last track outside the first and last row
SIDE_PORTS = (0.0, -20.0, 20.0)
FOOT_PORTS = (0.0, -30.0, 30.0)
LEAST_BAND = 60.0
CLEAR = 6.0
CLEAR_OF_EVENT = 14.0  # to the sides, so that its words find a place


@dataclass(frozen=True)
class Line:
    """A grid line: where it runs nominally, and what it is tied to.

    `band` is the column or row of a port line, -1 for a free track; `offset` is
    measured from the middle of the band.
    """

    at: float
    band: int
    offset: float


@dataclass(frozen=True)
class Box:
    """A rectangle in pixels."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def middle(self) -> tuple[float, float]:
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2


def box_around(x: float, y: float, width: float, height: float) -> Box:
    """The box of that size with its middle at (x, y)."""
    return Box(x - width / 2, y - height / 2, x + width / 2, y + height / 2)


@dataclass
class Grid:
    """Lines, middles of columns and rows, borders of lanes, and shapes.

    `guest_at` is host, side and offset from the host's middle by boundary event.
    """

    xs: list[Line]
    ys: list[Line]
    column_at: list[float]
    row_at: list[float]
    borders: list[float]
    guest_at: dict[str, tuple[str, str, float]]
    boxes: dict[str, Box] = field(default_factory=dict)
    x_line: dict[tuple[int, float], int] = field(default_factory=dict)
    y_line: dict[tuple[int, float], int] = field(default_factory=dict)

    def shut_points(self) -> bytearray:
        """1 for every point (row by row) that lies in or too near a shape."""
        wide = len(self.xs)
        shut = bytearray(wide * len(self.ys))
        xs = [line.at for line in self.xs]
        ys = [line.at for line in self.ys]
        for name, box in self.boxes.items():
            event = box.width == EVENT_SIZE and name not in self.guest_at
            clear = CLEAR_OF_EVENT if event else CLEAR
            first = bisect_right(xs, box.left - clear)
            last = bisect_left(xs, box.right + clear)
            top = bisect_right(ys, box.top - CLEAR)
            for j in range(top, bisect_left(ys, box.bottom + CLEAR)):
                shut[j * wide + first : j * wide + last] = b"\1" * (last - first)
        return shut


def host_column(arrangement: Arrangement, name: str) -> int:
    """The column whose middle a node's boundary events are measured from."""
    return arrangement.cells[name][0] + (arrangement.spans[name] - 1) // 2


def guest_places(
    scope: Scope, arrangement: Arrangement
) -> dict[str, tuple[str, str, float]]:
    """Host, side and offset from the host's middle of each boundary event."""
    leads_to: dict[str, tuple[int, str]] = {}
    for arrow in scope.arrows:
        node = scope.nodes.get(arrow.source)
        if node is not None and node.host and arrow.target in arrangement.cells:
            side = arrangement.guest_sides.get(arrow.id, "B")
            leads_to.setdefault(node.id, (arrangement.cells[arrow.target][0], side))
    groups: dict[tuple[str, str], list[tuple[int, str]]] = {}
    for node in scope.nodes.values():
        if node.host in arrangement.cells:
            own = arrangement.cells[node.host][0]
            column, side = leads_to.get(node.id, (own, "B"))
            groups.setdefault((node.host, side), []).append((column, node.id))
    places: dict[str, tuple[str, str, float]] = {}
    for (host, side), guests in groups.items():
        guests.sort(key=lambda guest: guest[0])
        if len(guests) == 1:
            column, name = guests[0]
            left = side == "B" and column < arrangement.cells[host][0]
            places[name] = (host, side, -30.0 if left else 30.0)
            continue
        step = 60.0 if len(guests) == 2 else 44.0
        for number, (_, name) in enumerate(guests):
            places[name] = (host, side, (number - (len(guests) - 1) / 2) * step)
    return places


def build_grid(scope: Scope, arrangement: Arrangement) -> Grid:
    """Lay out the roomy grid for an arrangement."""
    cells, spans = arrangement.cells, arrangement.spans
    columns = max(cells[name][0] + spans[name] for name in cells)
    widths = [LEAST_BAND] * columns
    heights = [LEAST_BAND] * sum(arrangement.lane_rows)
    for name, (column, row) in cells.items():
        node = scope.nodes[name]
        for at in range(column, column + spans[name]):
            widths[at] = max(widths[at], node.width / spans[name])
        heights[row] = max(heights[row], node.height)
    guests = guest_places(scope, arrangement)
    offsets: list[set[float]] = [set(FOOT_PORTS) for _ in widths]
    for host, _, offset in guests.values():
        offsets[host_column(arrangement, host)].add(offset)
    xs, column_at = _lines(widths, offsets, COLUMN_TRACKS, COLUMN_GAP)
    ys, row_at = _lines(heights, [set(SIDE_PORTS)] * len(heights), ROW_TRACKS, ROW_GAP)
    grid = Grid(xs, ys, column_at, row_at, [], guests)
    edges = [
        (at - size / 2, at + size / 2) for at, size in zip(row_at, heights, strict=True)
    ]
    grid.borders.append(edges[0][0] - OUTER_GAP)
    row = 0
    for count in arrangement.lane_rows:
        row += count
        last = row == len(edges)
        grid.borders.append(edges[row - 1][1] + (OUTER_GAP if last else ROW_GAP / 2))
    grid.x_line = {(x.band, x.offset): n for n, x in enumerate(xs) if x.band >= 0}
    grid.y_line = {(y.band, y.offset): n for n, y in enumerate(ys) if y.band >= 0}
    for name, (column, row) in cells.items():
        node = scope.nodes[name]
        x = (column_at[column] + column_at[column + spans[name] - 1]) / 2
        grid.boxes[name] = box_around(x, row_at[row], node.width, node.height)
    for guest, (host, side, offset) in guests.items():
        x = column_at[host_column(arrangement, host)] + offset
        y = grid.boxes[host].bottom if side == "B" else grid.boxes[host].top
        grid.boxes[guest] = box_around(x, y, EVENT_SIZE, EVENT_SIZE)
    return grid


def _lines(
    sizes: list[float],
    offsets: list[set[float]],
    tracks: tuple[float, ...],
    gap: float,
) -> tuple[list[Line], list[float]]:
    lines: list[Line] = []
    middles: list[float] = []
    edge = 0.0
    for band, size in enumerate(sizes):
        lines += [Line(edge + track, -1, 0.0) for track in tracks]
        middle = edge + gap + size / 2
        middles.append(middle)
        lines += [Line(middle + by, band, by) for by in sorted(offsets[band])]
        edge += gap + size
    lines += [Line(edge + track, -1, 0.0) for track in tracks]
    return lines, middles
