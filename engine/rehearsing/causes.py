"""Finds what many stories fail for alike: a step that a change adds or takes out."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.bpmn import definitions
from engine.errors import DefinitionError
from engine.rehearsing.story import Step, Story

UNKNOWN, GONE = "unknown", "gone"
NAMED_BY = ("ready", "only_ready", "due")
"""What a step may expect that names tasks which are open."""


@dataclass(frozen=True)
class Cause:
    """A step of the diagrams for which a story fails."""

    kind: str
    """unknown: the story does not know it; gone: it is no longer drawn."""
    element: str
    name: str


@dataclass(frozen=True)
class StepChanges:
    """The tasks for people that a change adds and takes out: id to name."""

    new: Mapping[str, str] = field(default_factory=dict)
    gone: Mapping[str, str] = field(default_factory=dict)


def changes(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> StepChanges:
    """What two sets of files differ in. A task that moved to another diagram stays."""
    names = {
        name
        for name in before.keys() | after.keys()
        if name.endswith(".bpmn") and before.get(name) != after.get(name)
    }
    was, now = _asked(before, names), _asked(after, names)
    return StepChanges(
        {element: name for element, name in now.items() if element not in was},
        {element: name for element, name in was.items() if element not in now},
    )


def _asked(files: Mapping[str, bytes], names: Collection[str]) -> dict[str, str]:
    return dict(pair for name in sorted(names) for pair in _of_file(name, files))


def _of_file(name: str, files: Mapping[str, bytes]) -> Iterator[tuple[str, str]]:
    if name not in files:
        return
    try:
        drawn = definitions.read_diagram(name, files[name])
    except DefinitionError:
        return
    for each in drawn.elements.values():
        if each.kind == "userTask":
            yield each.id, each.name or each.id


def find(
    story: Story, number: int, ready: Collection[str], steps: StepChanges
) -> Cause | None:
    """For what a story fails at that step; `ready` are the tasks open there."""
    failing = next((step for step in story.steps if step.number == number), None)
    if failing is not None:
        for element in named(failing):
            if element in steps.gone:
                return Cause(GONE, element, steps.gone[element])
        if failing.verb == "do" and failing.what in ready:
            return None
    for element in ready:
        if element in steps.new and not does_later(story, number, element):
            return Cause(UNKNOWN, element, steps.new[element])
    return None


def does_later(story: Story, number: int, element: str) -> bool:
    """Whether the story does the task at that step or behind it."""
    return any(
        step.verb == "do" and step.what == element
        for step in story.steps
        if step.number >= number
    )


def named(step: Step) -> tuple[str, ...]:
    """The tasks that must be there for a step to pass."""
    if step.verb in ("do", "correct"):
        return (str(step.what),)
    if step.verb != "expect":
        return ()
    wanted: Mapping[str, Any] = step.what
    return tuple(str(name) for key in NAMED_BY for name in wanted.get(key, ()))
