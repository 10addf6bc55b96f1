"""Finds the stories that go through what a change of files changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from engine import library
from engine.bpmn import definitions
from engine.errors import DefinitionError
from engine.rehearsing import stories
from engine.rehearsing.story import Story

Files = Mapping[str, bytes]


@dataclass(frozen=True)
class Touched:
    """What a rehearsal of a change looks at.

    `covered` are the processes and tables whose stories are all among `stories`: what
    none of them took can be told of these alone. A story that cannot be read is among
    `unreadable`, with the reason."""

    stories: tuple[str, ...]
    covered: tuple[str, ...]
    unreadable: Mapping[str, str]


def everything(files: Files) -> Touched:
    """All stories, and all diagrams and tables."""
    readable, unreadable = _read(files)
    return Touched(
        tuple(story.file for story in readable),
        tuple(_covered(files)),
        unreadable,
    )


def touched(before: Files, after: Files, council: str) -> Touched:
    """The stories that go through a process of which a file was changed, or that were
    changed themselves. Where a period was changed, all of them."""
    changed = _changed(before, after)
    if any(_is_policy(name) for name in changed):
        return everything(after)
    readable, unreadable = _read(after)
    drawn_before = library.for_council(before, council)
    drawn = library.for_council(after, council)
    moved = _changed(drawn_before, drawn)
    chosen = [
        story.file
        for story in readable
        if story.file in changed
        or moved & (_needs(drawn, story) | _needs(drawn_before, story))
    ]
    return Touched(
        tuple(chosen),
        tuple(name for name in _covered(after) if name in _stems(changed)),
        {file: why for file, why in unreadable.items() if file in changed},
    )


def _changed(before: Files, after: Files) -> set[str]:
    names = before.keys() | after.keys()
    return {name for name in names if before.get(name) != after.get(name)}


def _is_policy(name: str) -> bool:
    return name.endswith(".yaml") and not name.startswith("scenarios/")


def _read(files: Files) -> tuple[list[Story], dict[str, str]]:
    readable: list[Story] = []
    unreadable: dict[str, str] = {}
    for name in sorted(files):
        if name.startswith("scenarios/") and name.endswith(".yaml"):
            try:
                readable.append(stories.read(name, files[name]))
            except DefinitionError as error:
                unreadable[name] = str(error)
    return readable, unreadable


def _needs(files: Files, story: Story) -> set[str]:
    """The files of every process that a story starts, with all that they call."""
    started = [str(step.what) for step in story.steps if step.verb == "start"]
    needed: set[str] = set()
    for process in (story.process, *started):
        needed |= definitions.closure(files, process).keys()
    return needed


def _covered(files: Files) -> Iterable[str]:
    for name in sorted(files):
        if name.endswith((".bpmn", ".dmn")):
            yield name.rsplit(".", 1)[0]


def _stems(names: Iterable[str]) -> set[str]:
    return {name.rsplit(".", 1)[0] for name in names}
