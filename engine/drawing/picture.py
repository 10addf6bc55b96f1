"""A diagram as SVG: BPMN's own signs, fit for paper, without a browser."""

from collections.abc import Collection, Mapping
from html import escape

from lxml import etree

from engine.drawing.coordinates import Coordinates, coordinates
from engine.drawing.grid import Box
from engine.drawing.inking import INK, arrowhead, rounded, slash, text_lines
from engine.drawing.lettering import (
    LABEL_FONT,
    TASK_FONT,
    wrap,
)
from engine.drawing.reading import (
    EVENTS,
    GATEWAYS,
    LABEL_WRAP,
    SUBPROCESSES,
    TASKS,
    children,
    definition,
    local,
    parse,
    read,
)
from engine.drawing.symbols import badge, event_sign, gateway_sign, marks, task_sign

FAINT = "#8a9099"
FILL = "#ffffff"
LANE_FILL = "#fbfbfc"
HEAD_FILL = "#eef1f4"
DONE = ("#e3f0e6", "#1d6b3c")
CURRENT = ("#fff3cd", "#b35c00")
CHANGES = {
    "added": ("#e3f0e6", "#00703c", "+"),
    "removed": ("#fbe6e2", "#b10e1e", "−"),
    "changed": ("#e6f0fa", "#1d4f91", "≠"),
}
"""How an element differs from another version: fill, ink, and the sign on it."""
MARGIN = 12.0


def picture(
    xml: bytes,
    *,
    done: Collection[str] = (),
    current: Collection[str] = (),
    taken: Collection[str] = (),
    changes: Mapping[str, str] | None = None,
) -> str:
    """SVG of the diagram in `xml`.

    `done` and `current` are ids of elements to tint, `taken` ids of flows to ink.
    `changes` says of elements that they are added, removed or changed: each is tinted
    and bears a sign.
    """
    root = parse(xml)
    drawing = read(root)
    at = coordinates(root)
    edges = [box for box in at.boxes.values()] + [box for box in at.captions.values()]
    left = min((box.left for box in edges), default=0.0) - MARGIN
    top = min((box.top for box in edges), default=0.0) - MARGIN
    right = max((box.right for box in edges), default=100.0) + MARGIN
    bottom = max((box.bottom for box in edges), default=100.0) + MARGIN
    width, height = right - left, bottom - top
    title = drawing.pool_name or drawing.process.id
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" '
        f'viewBox="{left:g} {top:g} {width:g} {height:g}" '
        f'width="{width:g}" height="{height:g}" '
        f'font-family="Arial, Liberation Sans, Helvetica, sans-serif">',
        f"<title>{escape(title)}</title>",
        "<defs>",
        arrowhead("arrow", INK),
        arrowhead("arrow-taken", DONE[1]),
        *(arrowhead(f"arrow-{how}", ink) for how, (_, ink, _) in CHANGES.items()),
        "</defs>",
    ]
    pen = _Pen(
        at, set(done), set(current), taken=set(taken), changes=dict(changes or {})
    )
    if drawing.pool:
        out += pen.band(drawing.pool, drawing.pool_name, bold=True)
    for lane in drawing.process.lanes:
        out += pen.band(lane.id, lane.name, bold=False)
    out += pen.scope(_process(root, drawing.process.id))
    out += pen.badges()
    out.append("</svg>")
    return "\n".join(out) + "\n"


def _process(root: etree._Element, name: str) -> etree._Element:
    return next(p for p in children(root, "process") if p.get("id", "") == name)


class _Pen:
    """Draws elements at their coordinates."""

    def __init__(
        self,
        at: Coordinates,
        done: set[str],
        current: set[str],
        *,
        taken: set[str],
        changes: dict[str, str],
    ) -> None:
        self.at = at
        self.done, self.current, self.taken = done, current, taken
        self.changes = changes

    def badges(self) -> list[str]:
        """A sign on every element that differs: its colour alone would not do."""
        out = []
        for name, how in self.changes.items():
            _, ink, sign = CHANGES[how]
            box, points = self.at.boxes.get(name), self.at.lines.get(name)
            if box is not None:
                out += badge(sign, box.left, box.top, ink)
            elif points:
                (x, y), (x1, y1) = points[0], points[1]
                out += badge(sign, (x + x1) / 2, (y + y1) / 2, ink)
        return out

    def colours(self, name: str, fill: str = FILL) -> tuple[str, str]:
        if name in self.changes:
            tint, ink, _ = CHANGES[self.changes[name]]
            return tint, ink
        if name in self.current:
            return CURRENT
        if name in self.done:
            return DONE
        return fill, INK

    def band(self, name: str, words: str, *, bold: bool) -> list[str]:
        """A pool or lane with its name turned up its left side."""
        box = self.at.boxes.get(name)
        if box is None:
            return []
        fill = HEAD_FILL if bold else LANE_FILL
        wide, high = box.right - box.left, box.bottom - box.top
        x, y = box.left + 19, (box.top + box.bottom) / 2
        weight = ' font-weight="bold"' if bold else ""
        font = 14 if bold else TASK_FONT
        out = [
            f'<rect x="{box.left:g}" y="{box.top:g}" width="{wide:g}" '
            f'height="{high:g}" fill="{fill}" stroke="{INK}" '
            f'stroke-width="{1.5 if bold else 1}"/>'
        ]
        if not bold:
            out.append(
                f'<line x1="{box.left + 30:g}" y1="{box.top:g}" '
                f'x2="{box.left + 30:g}" y2="{box.bottom:g}" stroke="{FAINT}"/>'
            )
        out.append(
            f'<text transform="translate({x:g} {y:g}) rotate(-90)" '
            f'text-anchor="middle" font-size="{font:g}"{weight} fill="{INK}">'
            f"{escape(words)}</text>"
        )
        return out

    def scope(self, element: etree._Element) -> list[str]:
        """Everything in a process: shapes, then flows, then boundary events."""
        shapes: list[str] = []
        guests: list[str] = []
        flows: list[str] = []
        words: list[str] = []
        defaults = {child.get("default", "") for child in element}
        for child in element:
            kind, name = local(child), child.get("id", "")
            box = self.at.boxes.get(name)
            if kind == "sequenceFlow":
                flows += self.flow(child, name in defaults)
                words += self.caption(name, child.get("name", ""))
            if box is None:
                continue
            if kind in TASKS:
                shapes += self.task(child, kind, box)
            elif kind in SUBPROCESSES:
                shapes += self.subprocess(child, box)
                shapes += self.scope(child)
            elif kind in GATEWAYS:
                shapes += self.gateway(child, kind, box)
                words += self.caption(name, child.get("name", ""))
            elif kind in EVENTS:
                drawn = self.event(child, kind, box)
                (guests if kind == "boundaryEvent" else shapes).extend(drawn)
                words += self.caption(name, child.get("name", ""))
        return [*shapes, *flows, *guests, *words]

    def task(self, element: etree._Element, kind: str, box: Box) -> list[str]:
        name = element.get("id", "")
        fill, ink = self.colours(name)
        heavy = 4 if kind == "callActivity" else 1.5
        wide, high = box.right - box.left, box.bottom - box.top
        multi = children(element, "multiInstanceLoopCharacteristics")
        sequential = bool(multi) and multi[0].get("isSequential") == "true"
        looped = bool(children(element, "standardLoopCharacteristics"))
        signs = (["sequential" if sequential else "parallel"] if multi else []) + (
            ["loop"] if looped else []
        )
        if kind == "callActivity":
            signs.append("plus")
        return [
            f'<rect id="{escape(name)}" x="{box.left:g}" y="{box.top:g}" '
            f'width="{wide:g}" height="{high:g}" rx="9" fill="{fill}" '
            f'stroke="{ink}" stroke-width="{heavy}"/>',
            *task_sign(kind, box.left + 5, box.top + 5, ink),
            *marks(signs, (box.left + box.right) / 2, box.bottom, ink),
            *text_lines(
                wrap(element.get("name", ""), wide - 12, TASK_FONT),
                (box.left + box.right) / 2,
                (box.top + box.bottom) / 2,
                TASK_FONT,
            ),
        ]

    def subprocess(self, element: etree._Element, box: Box) -> list[str]:
        name = element.get("id", "")
        fill, ink = self.colours(name)
        wide, high = box.right - box.left, box.bottom - box.top
        multi = children(element, "multiInstanceLoopCharacteristics")
        sequential = bool(multi) and multi[0].get("isSequential") == "true"
        signs = ["sequential" if sequential else "parallel"] if multi else []
        return [
            f'<rect id="{escape(name)}" x="{box.left:g}" y="{box.top:g}" '
            f'width="{wide:g}" height="{high:g}" rx="9" fill="{fill}" '
            f'stroke="{ink}" stroke-width="1.5"/>',
            *marks(signs, (box.left + box.right) / 2, box.bottom, ink),
            *text_lines(
                [element.get("name", "")],
                (box.left + box.right) / 2,
                box.top + 15,
                TASK_FONT,
            ),
        ]

    def gateway(self, element: etree._Element, kind: str, box: Box) -> list[str]:
        name = element.get("id", "")
        fill, ink = self.colours(name)
        x, y = (box.left + box.right) / 2, (box.top + box.bottom) / 2
        return [
            f'<path id="{escape(name)}" d="M{x:g} {box.top:g} L{box.right:g} {y:g} '
            f'L{x:g} {box.bottom:g} L{box.left:g} {y:g} Z" fill="{fill}" '
            f'stroke="{ink}" stroke-width="1.5"/>',
            *gateway_sign(kind, x, y, ink),
        ]

    def event(self, element: etree._Element, kind: str, box: Box) -> list[str]:
        name = element.get("id", "")
        fill, ink = self.colours(name)
        x, y = (box.left + box.right) / 2, (box.top + box.bottom) / 2
        radius = (box.right - box.left) / 2
        heavy = 3.5 if kind == "endEvent" else 1.5
        aside = kind == "boundaryEvent" and element.get("cancelActivity") == "false"
        dash = ' stroke-dasharray="4 3"' if aside else ""
        out = [
            f'<circle id="{escape(name)}" cx="{x:g}" cy="{y:g}" r="{radius:g}" '
            f'fill="{fill}" stroke="{ink}" stroke-width="{heavy}"{dash}/>'
        ]
        if kind not in ("startEvent", "endEvent"):
            out.append(
                f'<circle cx="{x:g}" cy="{y:g}" r="{radius - 3.5:g}" fill="none" '
                f'stroke="{ink}" stroke-width="1.2"{dash}/>'
            )
        throwing = kind in ("endEvent", "intermediateThrowEvent")
        return out + event_sign(definition(element), throwing, x, y, ink)

    def caption(self, name: str, words: str) -> list[str]:
        box = self.at.captions.get(name)
        if box is None or not words:
            return []
        lines = wrap(words, max(LABEL_WRAP, box.right - box.left), LABEL_FONT)
        x, y = (box.left + box.right) / 2, (box.top + box.bottom) / 2
        return text_lines(lines, x, y, LABEL_FONT)

    def line(self, name: str) -> tuple[str, float, str]:
        """The ink, the width and the arrowhead of a flow."""
        if name in self.changes:
            how = self.changes[name]
            return CHANGES[how][1], 2.6, f"arrow-{how}"
        if name in self.taken:
            return DONE[1], 2.6, "arrow-taken"
        return INK, 1.3, "arrow"

    def flow(self, element: etree._Element, default: bool) -> list[str]:
        name = element.get("id", "")
        points = self.at.lines.get(name)
        if not points:
            return []
        ink, heavy, head = self.line(name)
        out = [
            f'<path id="{escape(name)}" d="{rounded(points)}" fill="none" '
            f'stroke="{ink}" stroke-width="{heavy}" marker-end="url(#{head})"/>'
        ]
        if default and name:
            out.append(slash(points, ink))
        return out
