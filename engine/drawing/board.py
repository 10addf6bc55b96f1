"""A coarse board of cells and gaps on which flows lie along simple paths.

The board has a point for every cell and for every gap between cells: cell
(column, row) is the point (2*column + 1, 2*row + 1), even numbers are gaps. The
price of a board is what crossings, bends, blocked cells, length and paper cost.
"""

import math
from collections.abc import Iterable

from engine.drawing.paper import paper_price, paper_size
from engine.drawing.paths import (
    Corner,
    Found,
    Path,
    Seat,
    direction_price,
    guest_paths,
    own_loop,
    plain_paths,
    seat_of,
)
from engine.drawing.pieces import gather, rows_of_lanes, seat_first
from engine.drawing.reading import Scope

CROSS = 14.0
BLOCK = 30.0
TOUCH = 5.0
OVER = 0.5
BEND = 1.0
LENGTH = 0.16
MIXED = 5.0  # a side where one flow comes in and another leaves
SHARED_SIDE = 4.0
NO_PATH = 200.0

Step = tuple[int, int, int]  # piece, column, row
Snapshot = tuple[list[tuple[int, int]], list[Found]]


class Board:
    """Pieces, links and their paths, with the running price of everything."""

    def __init__(self, scope: Scope) -> None:
        self.pieces, self.links = gather(scope)
        self.lane_size = rows_of_lanes(self.pieces, max(1, len(scope.lanes)))
        self.lane_start = [
            sum(self.lane_size[:lane]) for lane in range(len(self.lane_size))
        ]
        self.columns = seat_first(self.pieces, self.links, self.lane_size)
        self.wide = 2 * self.columns + 1
        self.high = 2 * sum(self.lane_size) + 1
        size = self.wide * self.high
        self.along = [0.0] * size  # price of passing a point from side to side
        self.down = [0.0] * size  # price of passing it from top to bottom
        self.turn = [0.0] * size  # price of turning there
        self.busy = [0] * size  # flows there
        self.ports = [{side: [0, 0] for side in "LRTB"} for _ in self.pieces]
        self.cells: dict[tuple[int, int], int] = {}
        self.laid: list[Found] = [(0.0, "R", "L", ())] * len(self.links)
        for number in range(len(self.pieces)):
            self.occupy(number, 1)
        for number in sorted(range(len(self.links)), key=self.reach):
            self.lay(number)
        self.relay()

    # -- pieces --------------------------------------------------------------

    def is_free(self, number: int, column: int, row: int) -> bool:
        span = self.pieces[number].span
        if column < 0 or column + span > self.columns:
            return False
        return all(
            self.cells.get((column + step, row), number) == number
            for step in range(span)
        )

    def occupy(self, number: int, sign: int) -> None:
        """Put a piece on the board or take it off (`sign` 1 or -1)."""
        piece = self.pieces[number]
        for step in range(piece.span):
            key = (piece.column + step, piece.row)
            if sign > 0:
                self.cells[key] = number
            else:
                del self.cells[key]
        base = (2 * piece.row + 1) * self.wide
        for x in range(2 * piece.column + 1, 2 * (piece.column + piece.span)):
            for prices in (self.along, self.down, self.turn):
                prices[base + x] += sign * BLOCK

    def replace(self, steps: list[Step]) -> None:
        """Take pieces from where they are and put them elsewhere."""
        for number, _, _ in steps:
            self.occupy(number, -1)
        for number, column, row in steps:
            self.pieces[number].column, self.pieces[number].row = column, row
            self.occupy(number, 1)

    def seat(self, number: int) -> Seat:
        piece = self.pieces[number]
        return seat_of(piece.column, piece.row, piece.span)

    # -- flows ---------------------------------------------------------------

    def candidates(self, number: int) -> Iterable[Found]:
        """Extra price, side left, side entered and corners of simple paths."""
        link = self.links[number]
        one, two = self.seat(link.source), self.seat(link.target)
        if link.source == link.target:
            return own_loop(one)
        extra = 0.0
        if not link.back:
            starts = self.pieces[link.source].kind == "startEvent"
            extra = direction_price(one, two, starts)
        if link.guest:
            return guest_paths(extra, one, two)
        return plain_paths(extra, one, two, self.high)

    def path_price(self, path: Path) -> float:
        """What a path would cost on the board as it is."""
        total = 0.0
        wide = self.wide
        x, y = path[0]
        last = len(path) - 1
        for number in range(1, last + 1):
            x1, y1 = path[number]
            if y1 == y:
                low, high = (x, x1) if x < x1 else (x1, x)
                base = y * wide
                total += sum(self.along[base + low + 1 : base + high])
            else:
                low, high = (y, y1) if y < y1 else (y1, y)
                base = low * wide + x
                total += sum(self.down[base + wide : high * wide + x : wide])
            total += LENGTH * (high - low)
            if number < last:
                total += self.turn[y1 * wide + x1] + BEND
            x, y = x1, y1
        return total

    def port_price(self, number: int, out: str, into: str) -> float:
        """Prefer a free side; never leave where another flow comes in."""
        link = self.links[number]
        total = 0.0
        came, left = self.ports[link.source][out.upper()]
        if out in "bt":
            total += 3.0 if came else 0.0
        else:
            total += MIXED * came + (SHARED_SIDE if left else 0.0)
            if out in "TB" and not self.pieces[link.source].kind.endswith("Gateway"):
                total += 0.6
        came, left = self.ports[link.target][into]
        total += MIXED * left + (0.3 if into in "TB" else 0.0)
        if came:
            total += 1.0 if "ask" in self.pieces[link.target].kind else 2.0
        return total

    def mark(self, path: Path, sign: int) -> None:
        """Put a path on the board or take it off (`sign` 1 or -1)."""
        wide, busy, turn = self.wide, self.busy, self.turn
        cross, over, touch = sign * CROSS, sign * OVER, sign * TOUCH
        x, y = path[0]
        last = len(path) - 1
        for number in range(1, last + 1):
            x1, y1 = path[number]
            if y1 == y:
                low, high = (x, x1) if x < x1 else (x1, x)
                points = range(y * wide + low + 1, y * wide + high)
                with_it, against = self.along, self.down
            else:
                low, high = (y, y1) if y < y1 else (y1, y)
                points = range((low + 1) * wide + x, high * wide + x, wide)
                with_it, against = self.down, self.along
            for at in points:
                with_it[at] += over
                against[at] += cross
                turn[at] += touch
                busy[at] += sign
            if number < last:
                at = y1 * wide + x1
                for prices in (self.along, self.down, turn):
                    prices[at] += touch
                busy[at] += sign
            x, y = x1, y1

    def lay(self, number: int) -> float:
        """Put a flow on its cheapest path; returns the price."""
        link = self.links[number]
        best: Found | None = None
        least = math.inf
        for found in self.candidates(number):
            extra, out, into, path = found
            price = extra + self.port_price(number, out, into)
            if price >= least:
                continue
            price += self.path_price(path)
            if price < least:
                best, least = found, price
        if best is None:
            one, two = self.seat(link.source), self.seat(link.target)
            corners = ((one.left, one.y), (two.left, one.y), (two.left, two.y))
            best, least = (NO_PATH, "R", "L", corners), NO_PATH
        self.put(number, best)
        return least

    def put(self, number: int, found: Found) -> None:
        _, out, into, path = found
        link = self.links[number]
        self.mark(path, 1)
        self.laid[number] = found
        self.ports[link.source][out.upper()][1] += 1
        self.ports[link.target][into][0] += 1

    def lift(self, number: int) -> float:
        """Take a flow off the board; returns what it costs on what remains."""
        extra, out, into, path = self.laid[number]
        link = self.links[number]
        self.mark(path, -1)
        self.ports[link.source][out.upper()][1] -= 1
        self.ports[link.target][into][0] -= 1
        return extra + self.port_price(number, out, into) + self.path_price(path)

    def relay(self) -> None:
        """Lift each flow in turn and lay it where it is cheapest now."""
        for number in range(len(self.links)):
            self.lift(number)
            self.lay(number)

    def reach(self, number: int) -> tuple[int, int]:
        link = self.links[number]
        one, two = self.pieces[link.source], self.pieces[link.target]
        return abs(one.column - two.column) + abs(one.row - two.row), number

    def touching(self, steps: list[Step]) -> list[int]:
        """Flows of the pieces that move, and those that lie where they go or were."""
        touched: set[int] = set()
        spots: list[Corner] = []
        for number, column, row in steps:
            piece = self.pieces[number]
            touched.update(piece.flows)
            for step in range(piece.span):
                for c, r in ((column, row), (piece.column, piece.row)):
                    x, y = 2 * (c + step) + 1, 2 * r + 1
                    if self.busy[y * self.wide + x]:
                        spots.append((x, y))
        if spots:
            for number, found in enumerate(self.laid):
                if any(_passes(found[3], spot) for spot in spots):
                    touched.add(number)
        return sorted(touched)

    # -- the whole -----------------------------------------------------------

    def paper_price(self) -> float:
        pieces = ((p.column, p.row, p.span, p.width, p.height) for p in self.pieces)
        return paper_price(*paper_size(pieces, len(self.lane_size)))

    def price(self) -> float:
        """Everything, each crossing once."""
        laid = list(self.laid)
        total = self.paper_price()
        for number in range(len(self.links)):
            total += self.lift(number)
        for number, found in enumerate(laid):
            self.put(number, found)
        return total

    def snapshot(self) -> Snapshot:
        return [(piece.column, piece.row) for piece in self.pieces], list(self.laid)

    def restore(self, saved: Snapshot) -> None:
        cells, laid = saved
        for number in range(len(self.links)):
            self.lift(number)
        self.replace([(n, column, row) for n, (column, row) in enumerate(cells)])
        for number, found in enumerate(laid):
            self.put(number, found)


def _passes(path: Path, spot: Corner) -> bool:
    x, y = spot
    for (x0, y0), (x1, y1) in zip(path, path[1:], strict=False):
        if y0 == y1 == y and min(x0, x1) <= x <= max(x0, x1):
            return True
        if x0 == x1 == x and min(y0, y1) <= y <= max(y0, y1):
            return True
    return False
