"""Finds what is wrong with the picture of a diagram: what is not drawn, or badly."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from engine import drawing
from engine.checks.documents import BPMNDI, bpmn, local
from engine.checks.vocabulary import NODES
from engine.errors import Problem


def check(name: str, content: bytes, root: etree._Element) -> list[Problem]:
    """What is not drawn, or else what in the drawing keeps it from reading well."""
    if missing := list(_missing(name, root)):
        return missing
    try:
        faults = drawing.faults(content)
    except drawing.UndrawableError as error:
        return [_fault(name, "", f"The drawing cannot be read: {error}")]
    return [
        _fault(name, fault.element, f"“{fault.element}” {fault.problem}")
        for fault in faults
    ]


def _fault(name: str, element: str, problem: str) -> Problem:
    return Problem(
        file=name,
        element=element,
        problem=problem if problem.endswith(".") else f"{problem}.",
        remedy="Move it in the editor, or lay the diagram out again with “enforce "
        "draw”.",
    )


def _missing(name: str, root: etree._Element) -> Iterator[Problem]:
    drawn = {
        shape.get("bpmnElement")
        for tag in ("BPMNShape", "BPMNEdge")
        for shape in root.iter(f"{{{BPMNDI}}}{tag}")
    }
    if not drawn:
        yield Problem(
            file=name,
            element="",
            problem="Nothing of the diagram is drawn.",
            remedy="Lay it out with “enforce draw”, or draw it in the editor.",
        )
        return
    for process in root.findall(bpmn("process")):
        for element in process.iter(etree.Element):
            tag = local(element)
            is_drawn = tag in NODES or tag in ("sequenceFlow", "lane")
            if is_drawn and element.get("id") not in drawn:
                what = "line" if tag == "sequenceFlow" else "shape"
                yield Problem(
                    file=name,
                    element=element.get("id", ""),
                    problem=f"“{element.get('name') or element.get('id')}” has no "
                    f"{what} in the picture of the diagram.",
                    remedy="Lay the diagram out with “enforce draw”, or draw it in "
                    "the editor.",
                )
