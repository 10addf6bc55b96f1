"""The signs inside BPMN shapes, as SVG pieces."""

import math
from collections.abc import Sequence


def task_sign(kind: str, x: float, y: float, ink: str) -> list[str]:
    """The sign in a task's upper left corner, 16 pixels square at (x, y)."""
    pen = f'fill="none" stroke="{ink}" stroke-width="1.1"'
    move = f'<g transform="translate({x:g} {y:g})" {pen}>'
    inside = _TASK_SIGNS.get(kind)
    return [f"{move}{inside}</g>"] if inside else []


def badge(sign: str, x: float, y: float, ink: str) -> list[str]:
    """A sign in a disc around (x, y)."""
    return [
        f'<circle cx="{x:g}" cy="{y:g}" r="10" fill="{ink}" stroke="#ffffff"/>',
        f'<text x="{x:g}" y="{y + 5.5:g}" text-anchor="middle" font-size="16" '
        f'font-weight="bold" fill="#ffffff">{sign}</text>',
    ]


def _cog() -> str:
    points = []
    for number in range(32):
        radius = 7.4 if number % 4 in (0, 1) else 5.4
        angle = 2 * math.pi * number / 32
        points.append(
            f"{8 + radius * math.cos(angle):.1f} {8 + radius * math.sin(angle):.1f}"
        )
    return f'<path d="M{" L".join(points)} Z"/><circle cx="8" cy="8" r="2.4"/>'


_TASK_SIGNS = {
    "userTask": '<circle cx="8" cy="4.6" r="3.4"/>'
    '<path d="M1.6 15.4 V12.6 Q1.6 9 5.4 8.2 Q8 10 10.6 8.2 Q14.4 9 14.4 12.6 '
    'V15.4 Z"/><path d="M4.6 15.4 V12.8 M11.4 15.4 V12.8"/>',
    "serviceTask": _cog(),
    "scriptTask": '<path d="M4.5 1 H14 Q10.5 4.5 12 8 Q13.5 11.5 10.5 15 H1.5 '
    "Q4.5 11.5 3 8 Q1.5 4.5 4.5 1 Z M5 4.5 H10 M5 7.3 H10 M5.8 10.1 "
    'H10.8 M5.3 12.6 H9.8"/>',
    "businessRuleTask": '<rect x="1" y="2.5" width="14" height="11"/>'
    '<path d="M1 6 H15 M1 9.7 H15 M5.5 6 V13.5"/>'
    '<rect x="1" y="2.5" width="14" height="3.5" fill="#c9ced6"/>',
    "manualTask": '<path d="M1.5 7 Q3 4 6 4 H10 Q11 4 11 5 Q11 6 10 6 H7.5 M10 6 '
    "H14 Q15 6.5 15 7.3 Q15 8.2 14 8.5 H9.5 M13.5 8.5 Q14.5 9 14.2 10 "
    "Q14 11 12.5 11 H9.5 M12 11 Q12.8 11.5 12.3 12.5 Q12 13.2 10.5 "
    '13.2 H4 Q2 13.2 1.5 11.5 Z"/>',
    "sendTask": '<rect x="1" y="3" width="14" height="10" fill="#22252b"/>'
    '<path d="M1 3 L8 9 L15 3" stroke="#ffffff"/>',
    "receiveTask": '<rect x="1" y="3" width="14" height="10"/>'
    '<path d="M1 3 L8 9 L15 3"/>',
}


def marks(signs: Sequence[str], x: float, bottom: float, ink: str) -> list[str]:
    """Markers at the foot of an activity, centred on x."""
    out = []
    left = x - 8.0 * len(signs)
    y = bottom - 17
    for number, sign in enumerate(signs):
        start = left + 16 * number
        if sign == "plus":
            out.append(
                f'<rect x="{start + 1:g}" y="{y:g}" width="14" height="14" '
                f'fill="none" stroke="{ink}" stroke-width="1.2"/>'
                f'<path d="M{start + 8:g} {y + 3:g} v8 M{start + 4:g} {y + 7:g} h8" '
                f'stroke="{ink}" stroke-width="1.3"/>'
            )
        elif sign == "parallel":
            out.append(
                f'<path d="M{start + 4:g} {y + 2:g} v11 M{start + 8:g} {y + 2:g} v11 '
                f'M{start + 12:g} {y + 2:g} v11" stroke="{ink}" stroke-width="2"/>'
            )
        elif sign == "sequential":
            out.append(
                f'<path d="M{start + 2:g} {y + 3:g} h11 M{start + 2:g} {y + 7.5:g} '
                f'h11 M{start + 2:g} {y + 12:g} h11" stroke="{ink}" '
                f'stroke-width="2"/>'
            )
        elif sign == "loop":
            out.append(
                f'<path d="M{start + 5:g} {y + 13:g} a5.5 5.5 0 1 1 5 0 m-5 0 '
                f'l-4 0 m4 0 l0 -4" fill="none" stroke="{ink}" '
                f'stroke-width="1.4"/>'
            )
    return out


def gateway_sign(kind: str, x: float, y: float, ink: str) -> list[str]:
    """The sign inside a gateway centred on (x, y)."""
    if kind == "exclusiveGateway":
        return [
            f'<path d="M{x - 7:g} {y - 8:g} L{x + 7:g} {y + 8:g} M{x + 7:g} '
            f'{y - 8:g} L{x - 7:g} {y + 8:g}" stroke="{ink}" stroke-width="3"/>'
        ]
    if kind == "parallelGateway":
        return [
            f'<path d="M{x - 11:g} {y:g} h22 M{x:g} {y - 11:g} v22" '
            f'stroke="{ink}" stroke-width="3.2"/>'
        ]
    if kind == "inclusiveGateway":
        return [
            f'<circle cx="{x:g}" cy="{y:g}" r="11" fill="none" stroke="{ink}" '
            f'stroke-width="2.8"/>'
        ]
    if kind == "eventBasedGateway":
        return [
            f'<circle cx="{x:g}" cy="{y:g}" r="14" fill="none" stroke="{ink}"/>'
            f'<circle cx="{x:g}" cy="{y:g}" r="11.5" fill="none" '
            f'stroke="{ink}"/>',
            f'<path d="{_pentagon(x, y, 8)}" fill="none" stroke="{ink}" '
            f'stroke-width="1.4"/>',
        ]
    return [
        f'<path d="M{x - 11:g} {y:g} h22 M{x:g} {y - 11:g} v22 M{x - 8:g} {y - 8:g} '
        f'l16 16 M{x + 8:g} {y - 8:g} l-16 16" stroke="{ink}" stroke-width="2.6"/>'
    ]


def _pentagon(x: float, y: float, radius: float) -> str:
    points = []
    for number in range(5):
        angle = -math.pi / 2 + 2 * math.pi * number / 5
        points.append(
            f"{x + radius * math.cos(angle):.1f} {y + radius * math.sin(angle):.1f}"
        )
    return f"M{' L'.join(points)} Z"


def event_sign(kind: str, throwing: bool, x: float, y: float, ink: str) -> list[str]:
    """The sign inside an event; filled when the event throws."""
    if kind == "timer":
        ticks = []
        for number in range(12):
            angle = math.pi * number / 6
            c, s = math.cos(angle), math.sin(angle)
            ticks.append(
                f"M{x + 8 * c:.1f} {y + 8 * s:.1f} L{x + 10 * c:.1f} {y + 10 * s:.1f}"
            )
        return [
            f'<circle cx="{x:g}" cy="{y:g}" r="10.5" fill="#ffffff" '
            f'stroke="{ink}" stroke-width="1.3"/>',
            f'<path d="{" ".join(ticks)} M{x:g} {y:g} L{x + 1.5:g} {y - 8:g} '
            f'M{x:g} {y:g} L{x + 5.5:g} {y + 0.8:g}" stroke="{ink}" '
            f'stroke-width="1.2" fill="none"/>',
        ]
    if kind == "message":
        fill, line = (ink, "#ffffff") if throwing else ("#ffffff", ink)
        return [
            f'<rect x="{x - 10:g}" y="{y - 7:g}" width="20" height="14" '
            f'fill="{fill}" stroke="{ink}" stroke-width="1.2"/>',
            f'<path d="M{x - 10:g} {y - 7:g} L{x:g} {y + 1:g} L{x + 10:g} '
            f'{y - 7:g}" fill="none" stroke="{line}" stroke-width="1.2"/>',
        ]
    if kind == "terminate":
        return [f'<circle cx="{x:g}" cy="{y:g}" r="10.5" fill="{ink}"/>']
    if kind == "error":
        return [
            f'<path d="M{x - 9:g} {y + 8:g} L{x - 4:g} {y - 7:g} L{x + 3:g} {y + 2:g} '
            f'L{x + 9:g} {y - 8:g} L{x + 4:g} {y + 8:g} L{x - 3:g} {y - 1:g} Z" '
            f'fill="{ink if throwing else "none"}" stroke="{ink}"/>'
        ]
    if kind == "signal":
        return [
            f'<path d="M{x:g} {y - 9:g} L{x + 9:g} {y + 6:g} H{x - 9:g} Z" '
            f'fill="{ink if throwing else "none"}" stroke="{ink}"/>'
        ]
    if kind == "escalation":
        return [
            f'<path d="M{x:g} {y - 10:g} L{x + 7:g} {y + 9:g} L{x:g} {y + 2:g} '
            f'L{x - 7:g} {y + 9:g} Z" fill="{ink if throwing else "none"}" '
            f'stroke="{ink}"/>'
        ]
    if kind == "conditional":
        return [
            f'<path d="M{x - 7:g} {y - 9:g} h14 v18 h-14 Z M{x - 5:g} {y - 5:g} h10 '
            f'M{x - 5:g} {y:g} h10 M{x - 5:g} {y + 5:g} h10" fill="none" '
            f'stroke="{ink}"/>'
        ]
    return []
