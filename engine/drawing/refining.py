"""Small moves on a routed arrangement, kept when the real paths get better.

The board of `arranging` only estimates what paths will cost; here every change is
routed, starting with the nodes whose flows cross.
"""

import math
import random
from dataclasses import dataclass

from engine.drawing.arranging import Arrangement
from engine.drawing.paper import paper_price
from engine.drawing.paths import direction_price, seat_of
from engine.drawing.reading import Scope
from engine.drawing.routing import Router

CROSSED = 120.0
LONGER = 2  # times as many tries while flows still cross
PASSES = 2
RIP_UP_GAIN = 25.0  # more than laying again is likely to save
NEAR_CROSSING = 0.75  # share of tries that start where flows cross
FLIP = 0.2

Spot = tuple[float, float]


@dataclass
class Trial:
    """An arrangement, its paths, what they cost and which flows cross."""

    arrangement: Arrangement
    router: Router
    price: float
    crossed: list[str]


def try_out(scope: Scope, arrangement: Arrangement, best: float = math.inf) -> Trial:
    """Route an arrangement and price it: infinite when far from the `best`."""
    router = Router(scope, arrangement)
    fixed = _direction_price(scope, arrangement, router.back)
    fixed += paper_price(*arrangement.paper(scope))
    price = fixed + router.lay_all(PASSES, best - fixed + RIP_UP_GAIN)
    crossed = router.crossed()
    price += CROSSED * len(crossed) / 2
    return Trial(arrangement, router, price, crossed)


def _direction_price(scope: Scope, arrangement: Arrangement, back: set[str]) -> float:
    """What flows cost that do not lead from left to right."""
    price = 0.0
    for arrow in scope.arrows:
        start = scope.nodes[arrow.source].host or arrow.source
        ends = (start, arrow.target)
        if arrow.id in back or not all(end in arrangement.cells for end in ends):
            continue
        one, two = (seat_of(*arrangement.cells[n], arrangement.spans[n]) for n in ends)
        starts = scope.nodes[start].kind == "startEvent"
        price += direction_price(one, two, starts)
    return price


def refine(scope: Scope, start: Trial, tries: int, seed: int) -> Trial:
    """The best of many small changes one after another."""
    dice = random.Random(seed)  # noqa: S311  no secret
    best = start
    for arrow in scope.arrows:
        ends = [scope.nodes[arrow.source].host or arrow.source, arrow.target]
        for name, mate in (ends, reversed(ends)):
            best = _beside(scope, best, name, mate)
    for number in range(LONGER * tries):
        if number >= tries and not best.crossed:
            break
        arrangement = _propose(scope, best, dice)
        if arrangement is None:
            continue
        trial = try_out(scope, arrangement, best.price)
        if trial.price <= best.price:
            best = trial
    return best


def _beside(scope: Scope, best: Trial, name: str, mate: str) -> Trial:
    """Try a node on the row of one it is linked to, so that the flow is straight."""
    cells = best.arrangement.cells
    if scope.nodes[name].lane != scope.nodes[mate].lane:
        return best
    column, row = cells[name][0], cells[mate][1]
    if row == cells[name][1] or (column, row) in cells.values():
        return best
    arrangement = _moved(scope, best.arrangement, name, (column, row))
    if arrangement is None:
        return best
    trial = try_out(scope, arrangement, best.price)
    return trial if trial.price < best.price else best


def _propose(scope: Scope, trial: Trial, dice: random.Random) -> Arrangement | None:
    """A random small change near what crosses, or anywhere when nothing does."""
    old = trial.arrangement
    names = sorted(old.cells)
    if trial.crossed and dice.random() < NEAR_CROSSING:
        guests = [flow for flow in trial.crossed if flow in old.guest_sides]
        if guests and dice.random() < FLIP:
            return _flipped(old, dice.choice(guests))
        wanted = dice.choice(trial.crossed)
        arrow = next(arrow for arrow in scope.arrows if arrow.id == wanted)
        ends = (arrow.source, arrow.target)
        names = [scope.nodes[end].host or end for end in ends]
    elif old.guest_sides and dice.random() < FLIP / 2:
        return _flipped(old, dice.choice(sorted(old.guest_sides)))
    name = dice.choice(names)
    column, row = old.cells[name]
    lane = scope.nodes[name].lane
    rows = sorted({r for n, (_, r) in old.cells.items() if scope.nodes[n].lane == lane})
    spots = [rows[0] - 0.5, *(r + step for r in rows for step in (0.0, 0.5))]
    to_row = dice.choice(spots)
    to_column = column + dice.choice((-2.0, -1.0, -0.5, 0.0, 0.0, 0.5, 1.0, 2.0))
    return _moved(scope, old, name, (to_column, to_row))


def _flipped(old: Arrangement, flow: str) -> Arrangement:
    """A boundary event on the other edge of its host."""
    sides = dict(old.guest_sides)
    sides[flow] = "T" if sides[flow] == "B" else "B"
    return Arrangement(old.cells, old.spans, old.lane_rows, sides)


def _moved(scope: Scope, old: Arrangement, name: str, to: Spot) -> Arrangement | None:
    """A node in another place; whoever is there changes places with it."""
    spans = old.spans
    if to == old.cells[name] or (to[0] % 1 and _splits(old, name, to[0])):
        return None
    cells: dict[str, Spot] = dict(old.cells)
    for other, (column, row) in old.cells.items():
        apart = column + spans[other] <= to[0] or column >= to[0] + spans[name]
        if other == name or row != to[1] or apart:
            continue
        if spans[name] > 1 or spans[other] > 1:
            return None
        cells[other] = old.cells[name]
    cells[name] = to
    return _settled(scope, cells, old)


def _splits(old: Arrangement, name: str, column: float) -> bool:
    """Whether a new column would open inside a wide node."""
    return old.spans[name] > 1 or any(
        old.spans[other] > 1 and left < column < left + old.spans[other] - 1
        for other, (left, _) in old.cells.items()
    )


def _settled(scope: Scope, cells: dict[str, Spot], old: Arrangement) -> Arrangement:
    """Close up columns and rows; positions may be halves, for a new one between."""
    columns = {
        column + step
        for name, (column, _) in cells.items()
        for step in range(old.spans[name])
    }
    column_of = {column: number for number, column in enumerate(sorted(columns))}
    row_of: dict[tuple[str, float], int] = {}
    lane_rows: list[int] = []
    for lane in [lane.id for lane in scope.lanes] or [""]:
        rows = {row for n, (_, row) in cells.items() if scope.nodes[n].lane == lane}
        for row in sorted(rows):
            row_of[(lane, row)] = sum(lane_rows) + sorted(rows).index(row)
        lane_rows.append(max(1, len(rows)))
    settled = {
        name: (column_of[column], row_of[(scope.nodes[name].lane, row)])
        for name, (column, row) in cells.items()
    }
    return Arrangement(settled, dict(old.spans), lane_rows, dict(old.guest_sides))
