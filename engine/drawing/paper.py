"""How much paper a drawing takes, and what that costs."""

from collections.abc import Iterable

GAP = 48.0
ROW_HEIGHT = 130.0
A3 = 1.414
LEGIBLE = 2200.0  # at this width on A3 12 pixels print as 6 points

Placed = tuple[int, int, int, float, float]  # column, row, span, width, height


def paper_size(pieces: Iterable[Placed], lanes: int) -> tuple[float, float]:
    """About how wide and high a drawing will be, in pixels."""
    widths: dict[int, float] = {}
    heights: dict[int, float] = {}
    for column, row, span, width, height in pieces:
        share = width / span
        for at in range(column, column + span):
            if share > widths.get(at, 0.0):
                widths[at] = share
        if height + 50 > heights.get(row, 0.0):
            heights[row] = max(ROW_HEIGHT, height + 50)
    wide = sum(widths.values()) + GAP * len(widths)
    return wide, max(sum(heights.values()), lanes * ROW_HEIGHT)


def paper_price(width: float, height: float) -> float:
    """What a drawing of this size costs: little until it would print too small."""
    scale = max(width, A3 * height)
    return (
        0.006 * scale
        + 0.05 * max(0.0, scale - LEGIBLE)
        + 0.002 * width
        + 0.006 * height
    )
