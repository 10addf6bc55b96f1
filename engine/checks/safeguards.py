"""What the law requires of the diagrams: that it is marked, and that it is not lost.

An element that counts a statutory period, or asks the pre-flight, carries the property
`safeguard`: what the law requires, and in brackets where it says so. Taking one out of
use needs a reason and a second person; `lost` says which ones a change takes out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.bpmn.diagrams import Diagram, Element
from engine.checks import expressions, lasting, reading, rules_of_law, tables
from engine.checks.everything import Everything
from engine.checks.law_changes import LawChanged, changed_law
from engine.checks.rules_of_law import SafeguardLost
from engine.errors import Problem

__all__ = ["LawChanged", "SafeguardLost", "changed_law", "check", "lost"]

PREFLIGHT = frozenset({"notice_defects"})


def lost(
    before: Mapping[str, bytes], after: Mapping[str, bytes]
) -> tuple[SafeguardLost, ...]:
    """The safeguards of diagrams, forms and tables that `after` no longer keeps."""
    change = lasting.Change(_diagrams(before), _diagrams(after))
    found: list[SafeguardLost] = []
    for file, diagram in change.old.items():
        for element in diagram.elements.values():
            if not element.safeguard:
                continue
            if how := lasting.differences(file, element, change):
                found.append(_of_element(file, element, how))
    return (*found, *rules_of_law.lost(before, after))


def _of_element(file: str, element: Element, how: tuple[str, ...]) -> SafeguardLost:
    what, section = in_words(element.safeguard)
    return SafeguardLost(
        file=file,
        element=element.id,
        name=element.name or element.id,
        what=what,
        section=section,
        how=" ".join(how),
    )


def in_words(mark: str) -> tuple[str, str]:
    """What the law requires, and where: both parts of “21 days (s171D(1))”."""
    what, bracket, section = mark.strip().partition(" (")
    if not bracket or not section.endswith(")"):
        return mark.strip(), ""
    return what, section[:-1]


def _diagrams(files: Mapping[str, bytes]) -> dict[str, Diagram]:
    looks = {
        name: reading.look(name, content).diagram
        for name, content in files.items()
        if name.endswith(".bpmn")
    }
    return {name: diagram for name, diagram in looks.items() if diagram}


def check(everything: Everything) -> Iterator[Problem]:
    """Elements that the law requires and that are not marked so, or marked badly."""
    for file, diagram in everything.diagrams.items():
        for element in diagram.elements.values():
            if element.safeguard:
                yield from _mark(file, element)
            elif reason := _requires(diagram, element, everything):
                yield Problem(
                    file=file,
                    element=element.id,
                    problem=f"“{element.name}” {reason}, but is not marked as a "
                    "safeguard.",
                    remedy="Give it the property “safeguard” with the law in words, "
                    "such as 21 days to answer (TCPA 1990 s171D(1)): then nobody takes "
                    "it out by mistake.",
                )


def _mark(file: str, element: Element) -> Iterator[Problem]:
    what, section = in_words(element.safeguard)
    if not what or not section:
        yield Problem(
            file=file,
            element=element.id,
            problem=f"The safeguard “{element.safeguard}” does not say where the law "
            "is found.",
            remedy="End it with the section in brackets, such as 21 days to answer "
            "(TCPA 1990 s171D(1)).",
        )


def _requires(diagram: Diagram, element: Element, everything: Everything) -> str:
    """Why the element is a safeguard; "" where it is none."""
    conditions = [f.condition for f in diagram.flows.values() if f.source == element.id]
    for text in (element.timer, element.script, *conditions):
        if not text:
            continue
        if expressions.calls(text, PREFLIGHT):
            return "runs the pre-flight"
        for key in _keys(text, everything):
            period = everything.periods.get(key)
            if period is not None and period.statutory:
                return f"counts the statutory period “{period.title}”"
    return ""


def _keys(text: str, everything: Everything) -> Iterator[str]:
    """The periods that the expression counts, those that a table chooses too."""
    keys, facts = expressions.counted(text)
    yield from keys
    for table in everything.tables.values() if facts else ():
        for fact in facts:
            yield from tables.texts_of(table, fact)
