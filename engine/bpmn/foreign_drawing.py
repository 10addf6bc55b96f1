"""The drawing of another tool's file, kept if it shows all that a diagram must show."""

from __future__ import annotations

import copy
from collections.abc import Mapping

from lxml import etree

from engine.bpmn.foreign_xml import ALL_NODES, BPMNDI, OURS, local, remove, tag


def keep(
    source: etree._Element,
    root: etree._Element,
    process: str,
    renamed: Mapping[str, str],
) -> bool:
    """Take the drawing over into a file that has none; False if it is not whole."""
    plane = source.find(f"{{{BPMNDI}}}BPMNDiagram/{{{BPMNDI}}}BPMNPlane")
    if plane is None:
        return False
    kept = copy.deepcopy(plane)
    drawn = _rename(kept, {**renamed, **_pools(source, process)})
    if not _wanted(root, process) <= drawn:
        return False
    kept.set("bpmnElement", f"{process}_collaboration")
    kept.set("id", f"{process}_plane")
    picture = etree.SubElement(
        root, f"{{{BPMNDI}}}BPMNDiagram", id=f"{process}_diagram"
    )
    picture.append(kept)
    etree.cleanup_namespaces(root)
    return True


def _pools(source: etree._Element, process: str) -> dict[str, str]:
    return {
        pool.get("id", ""): f"{process}_pool"
        for pool in source.iter(tag("participant"))
        if pool.get("processRef")
    }


def _rename(plane: etree._Element, renamed: Mapping[str, str]) -> set[str]:
    """Have shapes name the new ids, and drop those of what is gone. Returns the ids."""
    drawn = set()
    for shape in list(plane):
        owner = renamed.get(shape.get("bpmnElement", ""), "")
        if not owner:
            remove(shape)
            continue
        for key in list(shape.attrib):
            if (etree.QName(key).namespace or "") not in OURS:
                shape.attrib.pop(key)
        for part in list(shape.iter(etree.Element)):
            part.attrib.pop("id", None)
            if etree.QName(part).namespace not in OURS:
                remove(part)
        shape.set("bpmnElement", owner)
        shape.set("id", f"{owner}_di")
        drawn.add(owner)
    return drawn


def _wanted(root: etree._Element, process: str) -> set[str]:
    kinds = ALL_NODES | {"sequenceFlow", "lane"}
    found = {e.get("id", "") for e in root.iter(etree.Element) if local(e) in kinds}
    return found | {f"{process}_pool"}
