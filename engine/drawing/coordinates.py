"""Read the coordinates that a BPMN file's own diagram gives."""

from dataclasses import dataclass, field

from lxml import etree

from engine.drawing.grid import Box

BPMNDI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
DI = "http://www.omg.org/spec/DD/20100524/DI"


@dataclass
class Coordinates:
    """Shapes, words and flows of a diagram by the id of the element drawn."""

    boxes: dict[str, Box] = field(default_factory=dict)
    lines: dict[str, list[tuple[float, float]]] = field(default_factory=dict)
    captions: dict[str, Box] = field(default_factory=dict)


def _bounds(element: etree._Element) -> Box | None:
    found = element.find(f"{{{DC}}}Bounds")
    if found is None:
        return None
    try:
        x, y = float(found.get("x", "")), float(found.get("y", ""))
        width, height = float(found.get("width", "")), float(found.get("height", ""))
    except ValueError:
        return None
    return Box(x, y, x + width, y + height)


def _points(edge: etree._Element) -> list[tuple[float, float]]:
    try:
        return [
            (float(point.get("x", "")), float(point.get("y", "")))
            for point in edge.findall(f"{{{DI}}}waypoint")
        ]
    except ValueError:
        return []


def coordinates(root: etree._Element) -> Coordinates:
    """Coordinates of the first diagram; what is malformed counts as missing."""
    found = Coordinates()
    plane = root.find(f"{{{BPMNDI}}}BPMNDiagram/{{{BPMNDI}}}BPMNPlane")
    if plane is None:
        return found
    for element in plane:
        owner = element.get("bpmnElement", "")
        words = element.find(f"{{{BPMNDI}}}BPMNLabel")
        caption = _bounds(words) if words is not None else None
        if caption is not None:
            found.captions[owner] = caption
        if element.tag == f"{{{BPMNDI}}}BPMNShape":
            box = _bounds(element)
            if box is not None:
                found.boxes[owner] = box
        elif element.tag == f"{{{BPMNDI}}}BPMNEdge":
            points = _points(element)
            if len(points) > 1:
                found.lines[owner] = points
    return found
