"""Whether boxes and straight pieces of line meet, cross or hold each other."""

from engine.drawing.grid import Box

Point = tuple[float, float]
Piece = tuple[Point, Point]
SLACK = 1.0  # pixels that rounding may cost


def meet(one: Box, two: Box, slack: float = SLACK) -> bool:
    return (
        one.left < two.right - slack
        and two.left < one.right - slack
        and one.top < two.bottom - slack
        and two.top < one.bottom - slack
    )


def within(inner: Box, outer: Box) -> bool:
    return (
        inner.left >= outer.left - SLACK
        and inner.right <= outer.right + SLACK
        and inner.top >= outer.top - SLACK
        and inner.bottom <= outer.bottom + SLACK
    )


def touches(point: Point, box: Box) -> bool:
    x, y = point
    if not (box.left - 2 <= x <= box.right + 2 and box.top - 2 <= y <= box.bottom + 2):
        return False
    edges = (x - box.left, box.right - x, y - box.top, box.bottom - y)
    return min(abs(edge) for edge in edges) <= 2


def pieces_of(points: list[Point]) -> list[Piece]:
    return list(zip(points, points[1:], strict=False))


def _side(a: Point, b: Point, c: Point) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def piece_box(piece: Piece) -> Box:
    (x, y), (x1, y1) = piece
    return Box(min(x, x1), min(y, y1), max(x, x1), max(y, y1))


def cross(one: Piece, two: Piece) -> bool:
    """Whether two pieces cross, one ends on the other, or they run together."""
    a, b = piece_box(one), piece_box(two)
    if (
        a.left > b.right + SLACK
        or b.left > a.right + SLACK
        or a.top > b.bottom + SLACK
        or b.top > a.bottom + SLACK
    ):
        return False
    s1, s2 = _side(*one, two[0]), _side(*one, two[1])
    s3, s4 = _side(*two, one[0]), _side(*two, one[1])
    return s1 * s2 <= 0 and s3 * s4 <= 0


def joined(one: Piece, two: Piece) -> bool:
    """Whether two pieces run along each other or one turns into the other."""
    lies = abs(_side(*one, two[0])) < 1 and abs(_side(*one, two[1])) < 1
    if lies:
        return True
    for point in two:
        box = piece_box(one)
        if (
            box.left - SLACK <= point[0] <= box.right + SLACK
            and box.top - SLACK <= point[1] <= box.bottom + SLACK
        ):
            return True
    for point in one:
        box = piece_box(two)
        if (
            box.left - SLACK <= point[0] <= box.right + SLACK
            and box.top - SLACK <= point[1] <= box.bottom + SLACK
        ):
            return True
    return False


def widened(box: Box) -> Box:
    return Box(box.left - 0.1, box.top - 0.1, box.right + 0.1, box.bottom + 0.1)
