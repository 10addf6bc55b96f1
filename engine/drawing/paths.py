"""The simple paths a flow may take over the coarse board of `board`."""

from collections.abc import Iterator
from dataclasses import dataclass

STACKED = 2.5  # a flow that does not lead to the right
UPWARD = 1.0  # nor down
BACKWARD = 14.0  # a flow to the left that is no loop
FROM_START = 2.5  # a start event anywhere but on the left
TURNED = 0.4
ARCHED = 0.8

Corner = tuple[int, int]
Path = tuple[Corner, ...]
Found = tuple[float, str, str, Path]  # extra price, side left, side entered, path


@dataclass(frozen=True)
class Seat:
    """Where a piece stands on the board: its left, middle and right points."""

    left: int
    middle: int
    right: int
    y: int


def seat_of(column: int, row: int, span: int) -> Seat:
    """The seat of a piece on the board."""
    left, right = 2 * column + 1, 2 * (column + span) - 1
    return Seat(left, (left + right) // 2 | 1, right, 2 * row + 1)


def _lean(one: Seat, two: Seat) -> tuple[int, str, str]:
    """Step towards the other row, the side to leave by and the side to enter."""
    return (1, "B", "T") if two.y > one.y else (-1, "T", "B")


def direction_price(one: Seat, two: Seat, starts: bool) -> float:
    """What it costs that a flow (no loop) does not lead from left to right."""
    if two.left > one.right:
        return 0.0
    price = FROM_START if starts else 0.0
    if two.right >= one.left:
        return price + STACKED + (UPWARD if two.y < one.y else 0.0)
    return price + BACKWARD + 0.5 * (one.left - two.right)


def own_loop(one: Seat) -> Iterator[Found]:
    """From a piece back to itself."""
    x, y = one.right + 1, one.y - 1
    corners = ((one.right, one.y), (x, one.y), (x, y), (one.middle, y))
    yield 0.0, "R", "T", (*corners, (one.middle, one.y))


def plain_paths(extra: float, one: Seat, two: Seat, high: int) -> Iterator[Found]:
    """Straight, angled and stepped paths, then those that go round."""
    forward = two.left > one.right
    if two.y == one.y:
        if forward:
            yield extra, "R", "L", ((one.right, one.y), (two.left, two.y))
    else:
        yield from _angled(extra, one, two, forward)
        yield from _stepped(extra, one, two)
    yield from _detours(extra, one, two, high)


def _angled(extra: float, one: Seat, two: Seat, forward: bool) -> Iterator[Found]:
    _, out, into = _lean(one, two)
    start, down = (one.middle, one.y), (one.middle, two.y)
    if one.middle == two.middle:
        yield extra + TURNED, out, into, (start, (two.middle, two.y))
    if not forward:
        return
    right, end = (one.right, one.y), (two.left, two.y)
    yield extra + TURNED, out, "L", (start, down, end)
    across = ((two.middle, one.y), (two.middle, two.y))
    yield extra + TURNED, "R", into, (right, *across)
    for x in sorted({one.right + 1, two.left - 1}):
        yield extra, "R", "L", (right, (x, one.y), (x, two.y), end)


def _stepped(extra: float, one: Seat, two: Seat) -> Iterator[Found]:
    if one.middle == two.middle:
        return
    step, out, into = _lean(one, two)
    start, end = (one.middle, one.y), (two.middle, two.y)
    for level in sorted({one.y + step, two.y - step}):
        across = ((one.middle, level), (two.middle, level))
        yield extra + ARCHED, out, into, (start, *across, end)
    if two.right < one.left:
        yield extra + 3, out, "R", (start, (one.middle, two.y), (two.right, two.y))


def _detours(extra: float, one: Seat, two: Seat, high: int) -> Iterator[Found]:
    forward = two.left > one.right
    after, before = one.right + 1, two.left - 1
    for level in sorted({one.y - 1, one.y + 1, two.y - 1, two.y + 1}):
        if not 0 <= level < high:
            continue
        out = "B" if level > one.y else "T"
        into = "T" if level < two.y else "B"
        rise = ((one.middle, one.y), (one.middle, level))
        fall = ((two.middle, level), (two.middle, two.y))
        leave = ((one.right, one.y), (after, one.y), (after, level))
        enter = ((before, level), (before, two.y), (two.left, two.y))
        if one.middle != two.middle:
            yield extra + ARCHED, out, into, (*rise, *fall)
        if before != one.middle:
            yield extra + TURNED, out, "L", (*rise, *enter)
        if after != two.middle:
            yield extra + TURNED, "R", into, (*leave, *fall)
        if after != before and not (forward and level in (one.y, two.y)):
            yield extra, "R", "L", (*leave, *enter)


def guest_paths(extra: float, one: Seat, two: Seat) -> Iterator[Found]:
    """Paths from a boundary event, which leaves its host's foot (b) or head (t)."""
    x, y = one.middle, one.y
    start = (x, y)
    if two.y != y:
        _, down, into = _lean(one, two)
        out = down.lower()
        if two.middle == x:
            yield extra - STACKED, out, into, (start, (x, two.y))
        if two.left > x:
            yield extra, out, "L", (start, (x, two.y), (two.left, two.y))
        if two.right < x:
            yield extra + 2, out, "R", (start, (x, two.y), (two.right, two.y))
    for out, level in (("b", y + 1), ("t", y - 1)):
        for other in sorted({level, two.y - 1, two.y + 1}):
            if (other > y) != (out == "b"):
                continue
            yield from _guest_round(extra, start, two, out, other)


def _guest_round(
    extra: float, start: Corner, two: Seat, out: str, level: int
) -> Iterator[Found]:
    x = start[0]
    before = two.left - 1
    into = "T" if level < two.y else "B"
    if two.middle != x:
        across = ((x, level), (two.middle, level), (two.middle, two.y))
        yield extra + TURNED, out, into, (start, *across)
    if before > x:
        enter = ((before, level), (before, two.y), (two.left, two.y))
        yield extra, out, "L", (start, (x, level), *enter)
