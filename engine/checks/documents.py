"""Reads a BPMN or DMN file safely and finds what is wrong with it as XML.

Knows nothing of what a diagram means: that is for the other checks."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files as package_files

from lxml import etree

from engine.errors import Problem

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
BPMNDI = "http://www.omg.org/spec/BPMN/20100524/DI"
SPIFF = "http://spiffworkflow.org/bpmn/schema/1.0/core"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
DMN_SCHEMAS = {
    "http://www.omg.org/spec/DMN/20151101/dmn.xsd": "DMN.xsd",
    "http://www.omg.org/spec/DMN/20180521/MODEL/": "DMN12.xsd",
    "https://www.omg.org/spec/DMN/20191111/MODEL/": "DMN13.xsd",
}
LARGEST_FILE = 2_000_000
"""Bytes. The longest diagram of the product is under a tenth of this."""
DEEPEST_NESTING = 60
MOST_ELEMENTS = 20_000

_NAMESPACE = re.compile(r"\{[^}]*\}")
_NAME = {"bpmn": "diagram", "dmn": "decision table"}


def read(name: str, content: bytes) -> tuple[etree._Element | None, list[Problem]]:
    """The root element, or None with the reason why the file cannot be read."""
    what = _NAME.get(name.rsplit(".", 1)[-1], "file")

    def refuse(problem: str, remedy: str) -> tuple[None, list[Problem]]:
        return None, [Problem(file=name, element="", problem=problem, remedy=remedy)]

    if len(content) > LARGEST_FILE:
        return refuse(
            f"The file is {len(content):,} bytes long.",
            f"Keep a {what} under {LARGEST_FILE:,} bytes: split it into called "
            "processes.",
        )
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        return refuse(
            f"This is not a well-formed XML file: {_sentence(str(error))}",
            f"Open the {what} in the editor and save it again, or go back to the "
            "last version that worked.",
        )
    if root.getroottree().docinfo.internalDTD is not None:
        return refuse(
            "The file declares a document type (DOCTYPE) or entities.",
            f"Remove the DOCTYPE line: a {what} needs none, and it could read "
            "other files.",
        )
    return _within_limits(name, root, what)


def _within_limits(
    name: str, root: etree._Element, what: str
) -> tuple[etree._Element | None, list[Problem]]:
    depth = count = 0
    level = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        level += 1 if event == "start" else -1
        count += event == "start"
        depth = max(depth, level)
    if depth > DEEPEST_NESTING or count > MOST_ELEMENTS:
        return None, [
            Problem(
                file=name,
                element="",
                problem=f"The file has {count:,} elements, nested {depth} deep.",
                remedy=f"Keep a {what} under {MOST_ELEMENTS:,} elements and "
                f"{DEEPEST_NESTING} levels: split it into called processes.",
            )
        ]
    return root, []


def against_schema(name: str, root: etree._Element) -> list[Problem]:
    """What the published BPMN or DMN schema says is wrong, at most five of them."""
    namespace = etree.QName(root).namespace or ""
    schema = _schema(namespace)
    if schema is None:
        return [
            Problem(
                file=name,
                element="",
                problem=f"The file is not BPMN 2.0 or DMN: its root element is "
                f"“{etree.QName(root).localname}” of “{namespace}”.",
                remedy="Save it from a BPMN or DMN editor.",
            )
        ]
    if schema.validate(root):
        return []
    by_line = {element.sourceline: element for element in root.iter(etree.Element)}
    found: dict[tuple[str, str], Problem] = {}
    for error in schema.error_log:
        element = _owner(by_line.get(error.line))
        problem = Problem(
            file=name,
            element=element,
            problem=f"Line {error.line} does not follow the standard: "
            f"{_sentence(_NAMESPACE.sub('', error.message))}",
            remedy="Open the file in the editor and save it again; if it was edited "
            "by hand, put the parts of the element in the order that the message "
            "asks for.",
        )
        found.setdefault((element, str(error.line)), problem)
    return list(found.values())[:5]


@cache
def _schema(namespace: str) -> etree.XMLSchema | None:
    package = package_files("SpiffWorkflow")
    if namespace == BPMN:
        path = package / "bpmn" / "parser" / "schema" / "BPMN20.xsd"
    elif namespace in DMN_SCHEMAS:
        path = package / "dmn" / "parser" / "schema" / DMN_SCHEMAS[namespace]
    else:
        return None
    return etree.XMLSchema(etree.parse(str(path)))


def _owner(element: etree._Element | None) -> str:
    """The id of the element, or of the nearest one around it that has an id."""
    while element is not None:
        if found := element.get("id") or element.get("bpmnElement"):
            return str(found)
        element = element.getparent()
    return ""


def _sentence(text: str) -> str:
    text = text.strip()
    return text if text.endswith(".") else text + "."


def local(element: etree._Element) -> str:
    return str(etree.QName(element).localname)


def bpmn(tag: str) -> str:
    return f"{{{BPMN}}}{tag}"


def spiff(tag: str) -> str:
    return f"{{{SPIFF}}}{tag}"
