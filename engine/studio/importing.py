"""Diagrams of other tools for a draft: read, drawn, and what was lost of them told."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from lxml import etree

from engine.bpmn import foreign
from engine.bpmn.foreign import Note
from engine.drawing.rough import rough

__all__ = ["ImportedDiagram", "Note", "read_foreign"]


@dataclass(frozen=True, kw_only=True)
class ImportedDiagram:
    """One process of the file, as a diagram of ours."""

    file: str
    process: str
    title: str
    content: bytes
    notes: tuple[Note, ...]
    """What is not as it was, element by element."""


def read_foreign(
    name: str, content: bytes, taken: Collection[str]
) -> tuple[ImportedDiagram, ...]:
    """Each process of another tool's file as a diagram; `taken` are the processes that
    exist. Raises DefinitionError where nothing of it can be read, and says why."""
    return tuple(_imported(found) for found in foreign.read(name, content, taken))


def _imported(found: foreign.ForeignDiagram) -> ImportedDiagram:
    content = etree.tostring(found.root, xml_declaration=True, encoding="UTF-8")
    notes = list(found.notes)
    if not found.is_drawn:
        content = rough(content)
        notes.append(
            Note(
                element="",
                name="",
                says="The diagram is drawn anew: the file shows no pool or lanes, or "
                "not all of its steps.",
                remedy="Open it, and choose “Tidy the drawing”.",
            )
        )
    return ImportedDiagram(
        file=f"{found.process}.bpmn",
        process=found.process,
        title=found.title,
        content=content,
        notes=tuple(notes),
    )
