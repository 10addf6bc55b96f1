"""Put coordinates into a BPMN file as its diagram; nothing else is touched."""

from collections.abc import Iterator

from lxml import etree

from engine.drawing.coordinates import BPMNDI, DC, DI, Coordinates
from engine.drawing.grid import Box
from engine.drawing.reading import SUBPROCESSES, Drawing, Scope

PREFIXES = {"bpmndi": BPMNDI, "dc": DC, "di": DI}


def number(value: float) -> str:
    """A coordinate as text: no trailing zeros, no minus nought."""
    text = f"{value:.1f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def write(
    xml: bytes, root: etree._Element, drawing: Drawing, made: Coordinates
) -> bytes:
    """The same file with the diagram replaced, byte for byte elsewhere.

    The text is cut and pasted rather than written again by the XML library, so
    that quotes, blanks and order stay the author's.
    """
    text = xml.decode(_encoding(root))
    for old in root.findall(f"{{{BPMNDI}}}BPMNDiagram"):
        text = _cut(text, old)
    diagram = _diagram(root, drawing, made)
    close = text.rindex("</")
    before = text[:close].rstrip()
    return f"{before}\n{diagram}{text[close:]}".encode(_encoding(root))


def _encoding(root: etree._Element) -> str:
    return root.getroottree().docinfo.encoding or "UTF-8"


def _cut(text: str, element: etree._Element) -> str:
    prefix = f"{element.prefix}:" if element.prefix else ""
    start = text.index(f"<{prefix}BPMNDiagram")
    close = f"</{prefix}BPMNDiagram>"
    if close in text[start:]:
        end = text.index(close, start) + len(close)
    else:
        end = text.index("/>", start) + 2
    return text[:start].rstrip() + text[end:]


def _prefix(root: etree._Element, uri: str) -> tuple[str, str]:
    """The prefix the file uses for a namespace, and a declaration if it has none."""
    for prefix, known in root.nsmap.items():
        if known == uri and prefix:
            return prefix, ""
    for prefix, known in PREFIXES.items():
        if known == uri:
            return prefix, f' xmlns:{prefix}="{uri}"'
    raise KeyError(uri)


def _walk(scope: Scope) -> Iterator[Scope]:
    yield scope
    for node in scope.nodes.values():
        if node.inner is not None:
            yield from _walk(node.inner)


class _Pen:
    """Writes shapes and edges with the file's own prefixes."""

    def __init__(self, root: etree._Element, made: Coordinates) -> None:
        self.made = made
        self.bpmndi, one = _prefix(root, BPMNDI)
        self.dc, two = _prefix(root, DC)
        self.di, three = _prefix(root, DI)
        self.declared = one + two + three

    def bounds(self, box: Box, indent: str) -> str:
        return (
            f'{indent}<{self.dc}:Bounds x="{number(box.left)}" '
            f'y="{number(box.top)}" width="{number(box.width)}" '
            f'height="{number(box.height)}" />'
        )

    def label(self, owner: str) -> list[str]:
        box = self.made.captions.get(owner)
        if box is None:
            return []
        return [
            f"        <{self.bpmndi}:BPMNLabel>",
            self.bounds(_roomy(box), " " * 10),
            f"        </{self.bpmndi}:BPMNLabel>",
        ]

    def shape(self, owner: str, extra: str) -> list[str]:
        box = self.made.boxes.get(owner)
        if box is None:
            return []
        tag = f"{self.bpmndi}:BPMNShape"
        return [
            f'      <{tag} id="{owner}_di" bpmnElement="{owner}"{extra}>',
            self.bounds(box, " " * 8),
            *self.label(owner),
            f"      </{tag}>",
        ]

    def edge(self, owner: str) -> list[str]:
        points = self.made.lines.get(owner)
        if points is None:
            return []
        tag = f"{self.bpmndi}:BPMNEdge"
        return [
            f'      <{tag} id="{owner}_di" bpmnElement="{owner}">',
            *(
                f'        <{self.di}:waypoint x="{number(x)}" y="{number(y)}" />'
                for x, y in points
            ),
            *self.label(owner),
            f"      </{tag}>",
        ]


def _diagram(root: etree._Element, drawing: Drawing, made: Coordinates) -> str:
    pen = _Pen(root, made)
    name, tag = drawing.process.id, pen.bpmndi
    lines = [
        f'  <{tag}:BPMNDiagram id="{name}_diagram"{pen.declared}>',
        f'    <{tag}:BPMNPlane id="{name}_plane" bpmnElement="{drawing.plane}">',
    ]
    for band in [drawing.pool, *(lane.id for lane in drawing.process.lanes)]:
        lines += pen.shape(band, ' isHorizontal="true"')
    for scope in _walk(drawing.process):
        for node in scope.nodes.values():
            lines += pen.shape(node.id, _extra(node.kind))
    for scope in _walk(drawing.process):
        for arrow in scope.arrows:
            lines += pen.edge(arrow.id)
    lines += [f"    </{tag}:BPMNPlane>", f"  </{tag}:BPMNDiagram>", ""]
    return "\n".join(lines)


def _extra(kind: str) -> str:
    if kind == "exclusiveGateway":
        return ' isMarkerVisible="true"'
    return ' isExpanded="true"' if kind in SUBPROCESSES else ""


def _roomy(box: Box) -> Box:
    """Whole pixels around the words, so that other tools do not break them again."""
    middle = (box.left + box.right) / 2
    half = round((box.right - box.left) / 2 + 0.5)
    return Box(
        round(middle) - half, round(box.top), round(middle) + half, round(box.bottom)
    )
