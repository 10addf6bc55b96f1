"""Which elements of diagrams, and rows of tables, name a period, a form or a table."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from lxml import etree

from engine.bpmn import diagrams
from engine.errors import DefinitionError

_QUOTED = re.compile(r"""["']([a-z][a-z0-9_]*)["']""")


@dataclass(frozen=True, kw_only=True)
class Use:
    """An element that names something, and the file that it stands in."""

    file: str
    element: str
    name: str
    guidance: str = ""


def periods(
    files: Mapping[str, bytes], keys: Collection[str]
) -> dict[str, tuple[Use, ...]]:
    """The users of each period that has any."""
    found: dict[str, dict[Use, None]] = {}
    for name, content in files.items():
        if name.endswith((".bpmn", ".dmn")):
            for key, use in _quoted(name, content):
                if key in keys:
                    found.setdefault(key, {})[use] = None
    return {key: tuple(uses) for key, uses in found.items()}


def form(files: Mapping[str, bytes], form_id: str) -> tuple[Use, ...]:
    """The tasks that ask the questions of a form."""
    return _all(files, "form", form_id)


def decision(files: Mapping[str, bytes], decision_id: str) -> tuple[Use, ...]:
    """The steps that ask a decision table."""
    return _all(files, "decision", decision_id)


def _all(files: Mapping[str, bytes], kind: str, wanted: str) -> tuple[Use, ...]:
    return tuple(
        use
        for name, content in files.items()
        if name.endswith(".bpmn")
        for of, target, use in _named(name, content)
        if (of, target) == (kind, wanted)
    )


@lru_cache(maxsize=512)
def _quoted(name: str, content: bytes) -> tuple[tuple[str, Use], ...]:
    """Every word in quotation marks that a diagram or table says."""
    found = []
    for node in _nodes(name, content):
        said = [node.text or "", *(str(value) for value in node.attrib.values())]
        words = [word for text in said for word in _QUOTED.findall(text)]
        if words:
            owner = _use(name, _owner(node))
            found += [(word, owner) for word in words]
    return tuple(found)


@lru_cache(maxsize=512)
def _named(name: str, content: bytes) -> tuple[tuple[str, str, Use], ...]:
    """(form or decision, its id, the step) of a diagram."""
    found = []
    for node in _nodes(name, content):
        tag = etree.QName(node).localname
        if tag == "property" and node.get("name") == "form":
            found.append(("form", node.get("value") or "", _owner(node)))
        elif tag == "calledDecisionId":
            found.append(("decision", (node.text or "").strip(), _owner(node)))
    return tuple((kind, target, _use(name, owner)) for kind, target, owner in found)


def _nodes(name: str, content: bytes) -> Iterator[etree._Element]:
    try:
        root = diagrams.xml(name, content)
    except DefinitionError:
        return
    yield from root.iter(etree.Element)


def _owner(node: etree._Element) -> etree._Element:
    """What people point at: the nearest element with a name, or a row of a table."""
    named = etree.QName(node).localname == "property"
    for each in (*(() if named else (node,)), *node.iterancestors()):
        is_row = etree.QName(each).localname == "rule"
        if each.get("id") and (each.get("name") or is_row):
            return each
    return node


def _use(file: str, owner: etree._Element) -> Use:
    name = owner.get("name") or _said(owner, "description")
    if source := owner.get("sourceRef"):
        asked = owner.getroottree().xpath("//*[@id=$id]/@name", id=source)
        name = f"{asked[0]} {name}" if asked else name
    return Use(
        file=file,
        element=owner.get("id") or "",
        name=name,
        guidance=_said(owner, "documentation"),
    )


def _said(owner: etree._Element, tag: str) -> str:
    for child in owner.iterchildren(etree.Element):
        if etree.QName(child).localname == tag:
            return (child.text or "").strip()
    return ""
