"""The work on a process laid over its picture: heat, numbers and trodden paths."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from engine.drawing.coordinates import Coordinates, coordinates
from engine.drawing.inking import rounded
from engine.drawing.picture import picture
from engine.drawing.reading import parse

LEVELS = 5
HEAT = ("#fff1b8", "#ffd591", "#ffa940", "#e8590c", "#a61b00")
LATE, WAITING = "#b10e1e", "#1d4f91"


@dataclass(frozen=True, kw_only=True)
class WorkOverlay:
    """What is laid over a picture, by id. Levels go from 1 to 5.

    `standing` and `overdue` are numbers of cases; `failed` of those with an incident;
    `heat` tints an element, `trodden` thickens a flow."""

    standing: Mapping[str, int] = field(default_factory=dict)
    overdue: Mapping[str, int] = field(default_factory=dict)
    failed: Mapping[str, int] = field(default_factory=dict)
    heat: Mapping[str, int] = field(default_factory=dict)
    trodden: Mapping[str, int] = field(default_factory=dict)


def heat_level(value: float, most: float) -> int:
    """From 1 to 5 by its share of the most; 0 for nothing."""
    if value <= 0 or most <= 0:
        return 0
    return min(LEVELS, 1 + int((LEVELS - 1e-9) * min(1.0, value / most)))


def work_picture(xml: bytes, overlay: WorkOverlay) -> str:
    """SVG of a diagram with the work on it."""
    at = coordinates(parse(xml))
    drawn = picture(xml).rstrip()
    laid = [*_paths(at, overlay), *_tints(at, overlay), *_numbers(at, overlay)]
    return "\n".join([drawn.removesuffix("</svg>"), *laid, "</svg>"]) + "\n"


def _paths(at: Coordinates, overlay: WorkOverlay) -> Iterator[str]:
    for flow, trodden in overlay.trodden.items():
        if trodden and flow in at.lines:
            yield (
                f'<path d="{rounded(at.lines[flow])}" fill="none" stroke="#1d6b3c" '
                f'stroke-width="{1 + 2 * trodden}" stroke-opacity="0.45"/>'
            )


def _tints(at: Coordinates, overlay: WorkOverlay) -> Iterator[str]:
    for element, heat in overlay.heat.items():
        box = at.boxes.get(element)
        if heat and box is not None:
            yield (
                f'<rect x="{box.left - 4:g}" y="{box.top - 4:g}" '
                f'width="{box.right - box.left + 8:g}" '
                f'height="{box.bottom - box.top + 8:g}" rx="12" '
                f'fill="{HEAT[heat - 1]}" fill-opacity="0.4" '
                f'stroke="{HEAT[heat - 1]}" stroke-width="4"/>'
            )


def _numbers(at: Coordinates, overlay: WorkOverlay) -> Iterator[str]:
    """The number standing at the upper left, the overdue beside it with a sign."""
    for element, box in at.boxes.items():
        x = box.left - 8
        for sign, number, ink in (
            ("", overlay.standing.get(element, 0), WAITING),
            ("! ", overlay.overdue.get(element, 0), LATE),
            ("× ", overlay.failed.get(element, 0), "#22252b"),
        ):
            if number:
                text = f"{sign}{number}"
                width = 12 + 9 * len(text)
                yield (
                    f'<rect x="{x:g}" y="{box.top - 14:g}" width="{width}" '
                    f'height="22" rx="11" fill="{ink}" stroke="#ffffff"/>'
                    f'<text x="{x + width / 2:g}" y="{box.top + 2:g}" '
                    'text-anchor="middle" font-size="15" font-weight="bold" '
                    f'fill="#ffffff">{text}</text>'
                )
                x += width + 2
