"""Which column and row each node gets: seeded annealing over the coarse board."""

import math
import random
from dataclasses import dataclass

from engine.drawing.board import Board, Step
from engine.drawing.paper import paper_size
from engine.drawing.pieces import Piece
from engine.drawing.reading import Scope

HOT = 6.0
COLD = 0.15
RELAY_EVERY = 250


@dataclass
class Arrangement:
    """Column and row (counted over all lanes) of each node, and rows by lane.

    `guest_sides` says by flow whether its boundary event sits at the head (T) or
    the foot (B) of its host.
    """

    cells: dict[str, tuple[int, int]]
    spans: dict[str, int]
    lane_rows: list[int]
    guest_sides: dict[str, str]

    def paper(self, scope: Scope) -> tuple[float, float]:
        """About how wide and high the drawing will be, in pixels."""
        placed = (
            (column, row, self.spans[name], node.width, node.height)
            for name, (column, row) in self.cells.items()
            for node in (scope.nodes[name],)
        )
        return paper_size(placed, len(self.lane_rows))


def arrange(scope: Scope, seed: int, moves: int) -> Arrangement:
    """The best board that one annealing of so many moves finds."""
    board = Board(scope)
    if board.pieces:
        _Annealer(board, random.Random(seed)).run(moves)  # noqa: S311  no secret
    return _closed_up(board)


class _Annealer:
    """Random moves, kept when they help or while it is hot."""

    def __init__(self, board: Board, dice: random.Random) -> None:
        self.board = board
        self.dice = dice

    def run(self, moves: int) -> None:
        """Cool over `moves` proposals; ends on the best board."""
        board, dice = self.board, self.dice
        now = board.price()
        best, saved = now, board.snapshot()
        for step in range(moves):
            heat = HOT * (COLD / HOT) ** (step / moves)
            steps = self.propose()
            if steps:
                change = self.move(steps)
                if change <= 0 or dice.random() < math.exp(-change / heat):
                    now += change
                else:
                    self.undo()
            if step % RELAY_EVERY == RELAY_EVERY - 1:
                board.relay()
                now = board.price()
            if now < best - 0.01:
                best, saved = now, board.snapshot()
        board.restore(saved)
        board.relay()

    def move(self, steps: list[Step]) -> float:
        """Move pieces and lay their flows again; returns the change of price."""
        board = self.board
        order = board.touching(steps)
        self.undo_paths = [(number, board.laid[number]) for number in order]
        self.undo_cells = [
            (number, board.pieces[number].column, board.pieces[number].row)
            for number, _, _ in steps
        ]
        change = -board.paper_price()
        for number in order:
            change -= board.lift(number)
        board.replace(steps)
        order.sort(key=board.reach)
        for number in order:
            change += board.lay(number)
        return change + board.paper_price()

    def undo(self) -> None:
        board = self.board
        for number, _ in self.undo_paths:
            board.lift(number)
        board.replace(self.undo_cells)
        for number, found in self.undo_paths:
            board.put(number, found)

    def propose(self) -> list[Step]:
        """A random legal move, or nothing."""
        chance = self.dice.random()
        if chance < 0.04:
            return self._shift()
        if chance < 0.06:
            return self._swap_rows()
        return self._step()

    def _step(self) -> list[Step]:
        """One piece to another cell of its lane, or two that change places."""
        board, dice = self.board, self.dice
        number = dice.randrange(len(board.pieces))
        piece = board.pieces[number]
        row = board.lane_start[piece.lane] + dice.randrange(board.lane_size[piece.lane])
        column = self._column(number, piece)
        if (column, row) == (piece.column, piece.row):
            return []
        if column < 0 or column + piece.span > board.columns:
            return []
        found = board.cells.get((column, row))
        if found is not None and found != number:
            mate = board.pieces[found]
            if mate.lane != piece.lane or mate.span != 1 or piece.span != 1:
                return []
            return [(number, column, row), (found, piece.column, piece.row)]
        return [(number, column, row)] if board.is_free(number, column, row) else []

    def _column(self, number: int, piece: Piece) -> int:
        dice = self.dice
        chance = dice.random()
        if chance < 0.25 and piece.flows:
            link = self.board.links[dice.choice(piece.flows)]
            other = link.source if link.target == number else link.target
            return self.board.pieces[other].column + dice.choice((-1, 0, 0, 1, 1))
        if chance < 0.4:
            return piece.column
        return piece.column + dice.choice((-3, -2, -1, -1, 1, 1, 2, 3))

    def _shift(self) -> list[Step]:
        """Open or close a column: every piece right of a line, in some lanes."""
        board, dice = self.board, self.dice
        line = dice.randrange(board.columns)
        step = dice.choice((-1, -1, 1))
        lanes = set(range(len(board.lane_size)))
        if dice.random() < 0.5:
            lanes = {dice.randrange(len(board.lane_size))}
        moved = {
            number
            for number, piece in enumerate(board.pieces)
            if piece.column >= line and piece.lane in lanes
        }
        steps = []
        for number in sorted(moved):
            piece = board.pieces[number]
            column = piece.column + step
            if column < 0 or column + piece.span > board.columns:
                return []
            for offset in range(piece.span):
                found = board.cells.get((column + offset, piece.row), number)
                if found not in moved:
                    return []
            steps.append((number, column, piece.row))
        return steps

    def _swap_rows(self) -> list[Step]:
        """Exchange two rows of a lane."""
        board, dice = self.board, self.dice
        lane = dice.randrange(len(board.lane_size))
        one, two = dice.sample(range(board.lane_size[lane]), 2)
        one, two = one + board.lane_start[lane], two + board.lane_start[lane]
        swap = {one: two, two: one}
        return [
            (number, piece.column, swap[piece.row])
            for number, piece in enumerate(board.pieces)
            if piece.row in swap
        ]


def _closed_up(board: Board) -> Arrangement:
    """The board's arrangement with empty columns and rows taken out."""
    used = {p.column + step for p in board.pieces for step in range(p.span)}
    column_of = {column: number for number, column in enumerate(sorted(used))}
    row_of: dict[int, int] = {}
    lane_rows = []
    for lane, start in enumerate(board.lane_start):
        rows = sorted({p.row for p in board.pieces if p.lane == lane}) or [start]
        for row in rows:
            row_of[row] = len(row_of)
        lane_rows.append(len(rows))
    return Arrangement(
        {p.id: (column_of[p.column], row_of[p.row]) for p in board.pieces},
        {p.id: p.span for p in board.pieces},
        lane_rows,
        {
            link.id: board.laid[number][1].upper()
            for number, link in enumerate(board.links)
            if link.guest
        },
    )
