"""The drawing board: what the pages ask while somebody draws. Pure; stores nothing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from engine.checks import layout
from engine.errors import Problem
from engine.studio import catalogue as choices
from engine.studio import knowing, naming
from engine.studio.catalogue import Catalogue
from engine.studio.knowing import KnownFact
from engine.studio.sketching import StepLine, blank, ids, outline, tidy

__all__ = [
    "Catalogue",
    "KnownFact",
    "StepLine",
    "blank",
    "catalogue",
    "facts_before",
    "ids",
    "is_of_drawing",
    "outline",
    "tidy",
    "title",
]

title = naming.title


def catalogue(files: Mapping[str, bytes], council: str, today: date) -> Catalogue:
    """What can be chosen in these files, as the council has them."""
    return choices.of(files, council, today)


def facts_before(
    files: Mapping[str, bytes], process: str, element: str
) -> tuple[KnownFact, ...]:
    """What is known when a case comes to an element, or takes a flow, of a process."""
    return knowing.before(choices.read(files), process, element)


def is_of_drawing(problem: Problem) -> bool:
    """Whether it is only about how the diagram is drawn: tidying may mend it."""
    return problem.remedy == layout.REMEDY
