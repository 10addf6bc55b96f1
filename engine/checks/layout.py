"""Finds what is wrong with the picture of a diagram: what is not drawn, or badly."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from lxml import etree

from engine import drawing
from engine.checks.documents import BPMNDI, bpmn, local
from engine.checks.vocabulary import NODES
from engine.errors import Problem

REMEDY = (
    "Press “Tidy the drawing”, or move it or its words by hand (on the command line: "
    "enforce draw)."
)
"""What to do about a drawing that reads badly."""


def check(name: str, content: bytes, root: etree._Element) -> list[Problem]:
    """What is not drawn; else, as advice, what keeps the drawing from reading well."""
    if missing := list(_missing(name, root)):
        return missing
    called = _called(root)
    try:
        faults = drawing.faults(content)
    except drawing.UndrawableError as error:
        return [_fault(name, "", f"The drawing cannot be read: {error}")]
    return [
        replace(
            _fault(name, fault.element, _in_words(fault, called)),
            severity="advice",
        )
        for fault in faults
    ]


def _in_words(fault: drawing.Fault, called: Mapping[str, str]) -> str:
    """The sentence with what the drawing calls its elements in the place of ids."""
    subject = called.get(fault.element, f"“{fault.element}”")
    head, _, last = fault.problem.rpartition(" ")
    said = f"{head} {called.get(last, last)}"
    return f"{subject[:1].upper()}{subject[1:]} {said}"


def _called(root: etree._Element) -> dict[str, str]:
    """What each element is called, by its id; flows without words by their ends."""
    elements = {e.get("id", ""): e for e in root.iter(etree.Element) if e.get("id")}
    names = {key: " ".join(e.get("name", "").split()) for key, e in elements.items()}
    found = {key: f"“{name}”" for key, name in names.items() if name}
    for key, element in elements.items():
        if local(element) == "sequenceFlow" and key not in found:
            ends = [element.get(end, "") for end in ("sourceRef", "targetRef")]
            source, target = (f"“{names.get(end) or end}”" for end in ends)
            found[key] = f"the flow from {source} to {target}"
    return found


def _fault(name: str, element: str, problem: str) -> Problem:
    return Problem(
        file=name,
        element=element,
        problem=problem if problem.endswith(".") else f"{problem}.",
        remedy=REMEDY,
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
            remedy="Press “Tidy the drawing” (on the command line: enforce draw).",
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
                    remedy="Press “Tidy the drawing” (on the command line: enforce "
                    "draw).",
                )
