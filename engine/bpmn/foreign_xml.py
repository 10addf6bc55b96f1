"""The XML of a foreign diagram: names, parts, and small changes to it."""

from __future__ import annotations

import re

from lxml import etree

from engine.bpmn.diagrams import BPMN, NODES, SPIFF

BPMNDI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
DI = "http://www.omg.org/spec/DD/20100524/DI"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
OURS = frozenset({BPMN, BPMNDI, DC, DI, XSI, SPIFF, ""})
ALL_NODES = NODES | frozenset(
    "sendTask receiveTask complexGateway transaction adHocSubProcess".split()
)
_LONGEST_ID = 60


def tag(name: str) -> str:
    """A BPMN tag."""
    return f"{{{BPMN}}}{name}"


def local(element: etree._Element) -> str:
    """The name of a BPMN element, "" for any other."""
    name = etree.QName(element)
    return str(name.localname) if name.namespace == BPMN else ""


def nodes(process: etree._Element) -> list[etree._Element]:
    """The steps, gateways and events that lie in a process or sub-process itself."""
    return [e for e in process.iterchildren(etree.Element) if local(e) in ALL_NODES]


def remove(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def extend(element: etree._Element, name: str) -> etree._Element:
    """A new part among the element's additions, in our own namespace."""
    holder = element.find(tag("extensionElements"))
    if holder is None:
        holder = etree.Element(tag("extensionElements"))
        after = element.find(tag("documentation"))
        element.insert(0 if after is None else element.index(after) + 1, holder)
    return etree.SubElement(holder, f"{{{SPIFF}}}{name}")


def contents(part: etree._Element) -> str:
    """What stands in an addition, in one line: names, values, text."""
    said = []
    for inner in part.iter(etree.Element):
        said += [f"{etree.QName(k).localname} {v}" for k, v in inner.attrib.items()]
        if inner.text and inner.text.strip():
            said.append(inner.text.strip())
    text = ", ".join(said)
    return f" ({text[:300]}{'…' if len(text) > 300 else ''})" if text else ""


def identifier(name: str, otherwise: str, used: set[str]) -> str:
    """Small letters, digits and underscores of a name; a number where it is taken."""
    words = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")[:_LONGEST_ID].strip("_")
    if not words or not words[0].isalpha():
        words = f"{otherwise}_{words}".strip("_")
    found, number = words, 1
    while found in used:
        number += 1
        found = f"{words}_{number}"
    used.add(found)
    return found
