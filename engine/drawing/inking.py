"""Arrowheads, lines of text and soft corners, as SVG pieces."""

import math
from html import escape

from engine.drawing.lettering import LINE_SPACING

INK = "#22252b"


def arrowhead(name: str, colour: str) -> str:
    return (
        f'<marker id="{name}" viewBox="0 0 10 8" refX="9.6" refY="4" '
        f'markerWidth="10" markerHeight="8" markerUnits="userSpaceOnUse" '
        f'orient="auto"><path d="M0 0 L10 4 L0 8 Z" fill="{colour}"/></marker>'
    )


def text_lines(lines: list[str], x: float, y: float, font: float) -> list[str]:
    """Centred lines of text around a point."""
    step = font * LINE_SPACING
    first = y - step * (len(lines) - 1) / 2 + font * 0.35
    return [
        f'<text x="{x:g}" y="{first + step * number:.1f}" text-anchor="middle" '
        f'font-size="{font:g}" fill="{INK}">{escape(line)}</text>'
        for number, line in enumerate(lines)
    ]


def rounded(points: list[tuple[float, float]]) -> str:
    """A path with slightly softened corners."""
    path = [f"M{points[0][0]:g} {points[0][1]:g}"]
    for before, here, after in zip(points, points[1:], points[2:], strict=False):
        one, two = math.dist(before, here), math.dist(here, after)
        bend = min(6.0, one / 2, two / 2)
        if bend < 1:
            path.append(f"L{here[0]:g} {here[1]:g}")
            continue
        ax = here[0] + (before[0] - here[0]) * bend / one
        ay = here[1] + (before[1] - here[1]) * bend / one
        bx = here[0] + (after[0] - here[0]) * bend / two
        by = here[1] + (after[1] - here[1]) * bend / two
        path.append(f"L{ax:.1f} {ay:.1f} Q{here[0]:g} {here[1]:g} {bx:.1f} {by:.1f}")
    path.append(f"L{points[-1][0]:g} {points[-1][1]:g}")
    return " ".join(path)


def slash(points: list[tuple[float, float]], ink: str) -> str:
    """The stroke across the start of a default flow."""
    (x, y), (x1, y1) = points[0], points[1]
    length = math.dist(points[0], points[1]) or 1.0
    ux, uy = (x1 - x) / length, (y1 - y) / length
    cx, cy = x + ux * 9, y + uy * 9
    px, py = -uy, ux
    return (
        f'<line x1="{cx - 5 * px - 3 * ux:.1f}" y1="{cy - 5 * py - 3 * uy:.1f}" '
        f'x2="{cx + 5 * px + 3 * ux:.1f}" y2="{cy + 5 * py + 3 * uy:.1f}" '
        f'stroke="{ink}" stroke-width="1.3"/>'
    )
