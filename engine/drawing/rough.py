"""A rough drawing, made in a moment: every element has a place, in its lane, in order.

For diagrams that come without one. `layout` draws well, and takes its time."""

from __future__ import annotations

from dataclasses import dataclass, field

from lxml import etree

from engine.drawing.coordinates import BPMNDI, DC, DI
from engine.drawing.reading import (
    BPMN,
    EVENTS,
    GATEWAYS,
    SUBPROCESSES,
    TASKS,
    children,
    local,
)

GAP, ROW, MARGIN, HEAD = 60.0, 120.0, 30.0, 30.0
_SIZES = {"task": (120.0, 80.0), "gateway": (50.0, 50.0), "event": (36.0, 36.0)}


@dataclass
class _Sheet:
    """Where everything lies: boxes as (x, y, width, height)."""

    boxes: dict[str, tuple[float, float, float, float]] = field(default_factory=dict)
    flows: list[tuple[str, str, str]] = field(default_factory=list)

    def take(self, inner: _Sheet, x: float, y: float) -> None:
        """Lay another sheet on this one, with its corner there."""
        self.flows += inner.flows
        for name, (left, top, width, height) in inner.boxes.items():
            self.boxes[name] = (left + x, top + y, width, height)


def rough(xml: bytes) -> bytes:
    """The same file with a rough drawing in the place of what it had."""
    root = etree.fromstring(xml, etree.XMLParser(resolve_entities=False))
    [process] = children(root, "process")
    for picture in root.findall(f"{{{BPMNDI}}}BPMNDiagram"):
        root.remove(picture)
    sheet = _Sheet()
    lanes: dict[str, list[str]] = {}
    for lane in process.iter(f"{{{BPMN}}}lane"):
        steps = children(lane, "flowNodeRef")
        lanes[lane.get("id", "")] = [(step.text or "").strip() for step in steps]
    _place(process, lanes, sheet, 2 * HEAD, 0.0)
    pools = [p.get("id", "") for c in children(root, "collaboration") for p in c]
    if pools:
        right = (
            max((x + w for x, _, w, _ in sheet.boxes.values()), default=600) + MARGIN
        )
        low = max((y + h for _, y, _, h in sheet.boxes.values()), default=200)
        sheet.boxes[pools[0]] = (0, 0, right, low)
        for lane in lanes:
            _, y, _, high = sheet.boxes[lane]
            sheet.boxes[lane] = (HEAD, y, right - HEAD, high)
    _write(root, process, sheet)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))


def _place(
    scope: etree._Element,
    lanes: dict[str, list[str]],
    sheet: _Sheet,
    left: float,
    top: float,
) -> tuple[float, float]:
    """Place what a process or sub-process holds. Returns its width and height."""
    inside = [e for e in scope if local(e) in TASKS | GATEWAYS | EVENTS | SUBPROCESSES]
    guests = [e for e in inside if local(e) == "boundaryEvent"]
    hosts = [e for e in inside if local(e) != "boundaryEvent"]
    flows = [
        (f.get("id", ""), f.get("sourceRef", ""), f.get("targetRef", ""))
        for f in children(scope, "sequenceFlow")
    ]
    sheet.flows += flows
    on = {g.get("id", ""): g.get("attachedToRef", "") for g in guests}
    columns = _columns(hosts, [(on.get(a, a), b) for _, a, b in flows])
    inner = {e.get("id", ""): _Sheet() for e in hosts if local(e) in SUBPROCESSES}
    sizes = {e.get("id", ""): _size(e, inner) for e in hosts}
    starts = _starts(columns, sizes, left)
    bands = lanes or {"": [e.get("id", "") for e in hosts]}
    home = {step: lane for lane, steps in bands.items() for step in steps}
    first = next(iter(bands))
    y = top
    for lane in bands:
        mine = [e for e in hosts if home.get(e.get("id", ""), first) == lane]
        high = _band(
            mine, columns, starts, sizes=sizes, inner=inner, sheet=sheet, top=y
        )
        if lane:
            sheet.boxes[lane] = (HEAD, y, 0, high)
        y += high
    for number, guest in enumerate(guests):
        x, v, w, h = sheet.boxes.get(guest.get("attachedToRef", ""), (left, top, 0, 0))
        at = x + min(w, 20 + 40 * (number % 3))
        sheet.boxes[guest.get("id", "")] = (at, v + h - 18, 36, 36)
    return max(starts) + GAP - left, y - top


def _band(
    mine: list[etree._Element],
    columns: dict[str, int],
    starts: list[float],
    *,
    sizes: dict[str, tuple[float, float]],
    inner: dict[str, _Sheet],
    sheet: _Sheet,
    top: float,
) -> float:
    """Place the elements of one lane: those of a column below one another."""
    used: dict[int, float] = {}
    for element in mine:
        name = element.get("id", "")
        width, height = sizes[name]
        column = columns[name]
        y = used.get(column, top + MARGIN)
        used[column] = y + max(ROW, height + 40)
        sheet.boxes[name] = (
            starts[column],
            y + max(0.0, (80 - height) / 2),
            width,
            height,
        )
        if name in inner:
            sheet.take(inner[name], starts[column], y)
    return max(used.values(), default=top + ROW) - top + MARGIN


def _columns(
    hosts: list[etree._Element], flows: list[tuple[str, str]]
) -> dict[str, int]:
    """How many steps each element lies from where the process begins."""
    found: dict[str, int] = {}
    entered = {target for _, target in flows}
    waiting = [e.get("id", "") for e in hosts if e.get("id", "") not in entered]
    known = {e.get("id", "") for e in hosts}
    column = 0
    while waiting or len(found) < len(known):
        if not waiting:
            waiting = [next(name for name in known if name not in found)]
        for name in waiting:
            found.setdefault(name, column)
        waiting = [
            target
            for source, target in flows
            if source in waiting and target in known and target not in found
        ]
        waiting = list(dict.fromkeys(waiting))
        column += 1
    return found


def _size(element: etree._Element, inner: dict[str, _Sheet]) -> tuple[float, float]:
    """Width and height; a sub-process is as large as what it holds, laid out here."""
    kind, name = local(element), element.get("id", "")
    if name in inner:
        width, height = _place(element, {}, inner[name], MARGIN, 0)
        return width + 2 * MARGIN, height + MARGIN
    if kind in EVENTS:
        return _SIZES["event"]
    return _SIZES["gateway" if kind in GATEWAYS else "task"]


def _starts(
    columns: dict[str, int], sizes: dict[str, tuple[float, float]], left: float
) -> list[float]:
    """Where each column begins; the last is where the next would."""
    widest: dict[int, float] = {}
    for name, column in columns.items():
        widest[column] = max(widest.get(column, 0), sizes[name][0])
    starts = [left + MARGIN]
    for column in range(max(widest, default=0) + 1):
        starts.append(starts[-1] + widest.get(column, 0) + GAP)
    return starts


def _write(root: etree._Element, process: etree._Element, sheet: _Sheet) -> None:
    owner = next(
        (c.get("id", "") for c in children(root, "collaboration")),
        process.get("id", ""),
    )
    picture = etree.SubElement(root, f"{{{BPMNDI}}}BPMNDiagram", id="rough_diagram")
    plane = etree.SubElement(
        picture, f"{{{BPMNDI}}}BPMNPlane", id="rough_plane", bpmnElement=owner
    )
    sideways = {p.get("id") for p in root.iter(f"{{{BPMN}}}participant")}
    sideways |= {lane.get("id") for lane in process.iter(f"{{{BPMN}}}lane")}
    open_ones = {e.get("id") for e in process.iter() if local(e) in SUBPROCESSES}
    for name, box in sheet.boxes.items():
        shape = etree.SubElement(
            plane, f"{{{BPMNDI}}}BPMNShape", id=f"{name}_di", bpmnElement=name
        )
        if name in sideways:
            shape.set("isHorizontal", "true")
        if name in open_ones:
            shape.set("isExpanded", "true")
        sizes = dict(
            zip(("x", "y", "width", "height"), map("{:g}".format, box), strict=True)
        )
        etree.SubElement(shape, f"{{{DC}}}Bounds", sizes)
    for name, source, target in sheet.flows:
        if source in sheet.boxes and target in sheet.boxes:
            edge = etree.SubElement(
                plane, f"{{{BPMNDI}}}BPMNEdge", id=f"{name}_di", bpmnElement=name
            )
            for x, y in _line(sheet.boxes[source], sheet.boxes[target]):
                etree.SubElement(edge, f"{{{DI}}}waypoint", x=f"{x:g}", y=f"{y:g}")


def _line(
    source: tuple[float, float, float, float], target: tuple[float, float, float, float]
) -> list[tuple[float, float]]:
    """From the right of one to the left of the other, with one bend where needed."""
    (x, y, w, h), (x1, y1, _, h1) = source, target
    begin, end = (x + w, y + h / 2), (x1, y1 + h1 / 2)
    if begin[1] == end[1]:
        return [begin, end]
    middle = (begin[0] + end[0]) / 2
    return [begin, (middle, begin[1]), (middle, end[1]), end]
