"""A diagram of another tool, made into diagrams of ours; all that is lost is named.

What BPMN itself says stays, also where the engine cannot run it: the check marks it on
the element. What only the other tool understands is left out and listed."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from lxml import etree

from engine import outside
from engine.bpmn import diagrams, foreign_parts
from engine.bpmn.foreign_making import ForeignDiagram, Maker, Note
from engine.bpmn.foreign_xml import (
    BPMNDI,
    contents,
    identifier,
    local,
    nodes,
    tag,
)
from engine.errors import DefinitionError, Problem

NAMED = frozenset({"message", "signal", "error", "escalation"})
KEPT = NAMED | {"process", "collaboration", "participant", "messageFlow"}
"""What is taken over, or has been spoken of already."""

__all__ = ["ForeignDiagram", "Note", "read"]


def read(name: str, content: bytes, taken: Collection[str]) -> list[ForeignDiagram]:
    """Each process of a file as a diagram; `taken` are the ids that others have.

    Raises DefinitionError where nothing of it can be read, and says why."""
    harm = outside.refused(f"{name.removesuffix('.xml')}.bpmn", content)
    if harm is not None:
        raise DefinitionError([harm])
    root = diagrams.xml(name, content)
    if root.tag != tag("definitions"):
        raise _refused(
            name,
            f"It is not BPMN 2.0: it begins with “{etree.QName(root).localname}”.",
            "Export it from the other tool as BPMN 2.0 XML (.bpmn).",
        )
    processes = [p for p in root.findall(tag("process")) if nodes(p)]
    if not processes:
        raise _refused(
            name,
            "It holds no process with a step in it.",
            "Draw the process in the other tool, or begin a new diagram here.",
        )
    used = set(taken)
    titles = _titles(root)
    made = {}
    for process in processes:
        title = titles.get(process.get("id", ""), "") or process.get("name") or ""
        identity = identifier(title or process.get("id", ""), "process", used)
        made[process.get("id", "")] = (identity, title or identity)
    found = [
        Maker(root, process, made, is_alone=len(processes) == 1).diagram()
        for process in processes
    ]
    found[0].notes[:0] = _of_file(root, processes)
    return found


def _titles(root: etree._Element) -> dict[str, str]:
    """What the pool of each process is called."""
    return {
        pool.get("processRef", ""): pool.get("name", "")
        for pool in root.iter(tag("participant"))
        if pool.get("processRef")
    }


def _of_file(root: etree._Element, processes: list[etree._Element]) -> Iterator[Note]:
    """What belongs to no process: pools without one, message flows, definitions."""
    if len(processes) > 1:
        yield Note(
            element="",
            name="",
            says=f"The file holds {len(processes)} pools; each is a diagram here.",
            remedy="Where one has to wait for another, call it, or send a message.",
        )
    for pool in root.iter(tag("participant")):
        if not any(p.get("id") == pool.get("processRef") for p in processes):
            yield Note(
                element="",
                name=pool.get("name", ""),
                says="A pool without steps is left out.",
                remedy="Show who else takes part in the names of the steps.",
            )
    for flow in root.iter(tag("messageFlow")):
        yield Note(
            element="",
            name=flow.get("name", ""),
            says="A message flow is left out.",
            remedy="Draw a message event that throws it, and one that catches it.",
        )
    parts = [*root.iterchildren(etree.Element)]
    for collaboration in root.findall(tag("collaboration")):
        parts += [*collaboration.iterchildren(etree.Element)]
    for part in parts:
        kind = local(part)
        if kind in NAMED and len(part):
            yield Note(
                element="",
                name=part.get("name", ""),
                says=f"What the {kind} says besides its name{contents(part)} is left "
                "out.",
                remedy="Messages reach the processes of the same case.",
            )
        if kind not in KEPT and etree.QName(part).namespace != BPMNDI:
            yield Note(
                element="",
                name=part.get("name", "") or part.get("id", ""),
                says=f"“{etree.QName(part).localname}”{contents(part)} is left out.",
                remedy=foreign_parts.ROOTS.get(kind, foreign_parts.NOTHING),
            )


def _refused(name: str, problem: str, remedy: str) -> DefinitionError:
    return DefinitionError(
        [Problem(file=name, element="", problem=problem, remedy=remedy)]
    )
