"""Which elements of a diagram are drawn elsewhere than before. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from engine.bpmn import diagrams

DI = "http://www.omg.org/spec/BPMN/20100524/DI"
Place = tuple[tuple[str, ...], ...]


def moved(before: bytes, after: bytes) -> list[str]:
    """The ids of what both draw, but in another place or size."""
    old, new = dict(_places(before)), dict(_places(after))
    return [
        identity for identity, place in new.items() if old.get(identity, place) != place
    ]


def _places(content: bytes) -> Iterator[tuple[str, Place]]:
    root = diagrams.xml("", content)
    for kind in ("BPMNShape", "BPMNEdge"):
        for drawn in root.iter(f"{{{DI}}}{kind}"):
            yield drawn.get("bpmnElement", ""), tuple(_points(drawn))


def _points(drawn: etree._Element) -> Iterator[tuple[str, ...]]:
    for child in drawn.iterchildren(etree.Element):
        if etree.QName(child).localname in ("Bounds", "waypoint"):
            names = ("x", "y", "width", "height")
            yield tuple(_number(child.get(name)) for name in names)


def _number(text: str | None) -> str:
    """140 and 140.0 are the same place."""
    try:
        return f"{float(text or 0):g}"
    except ValueError:
        return text or ""
