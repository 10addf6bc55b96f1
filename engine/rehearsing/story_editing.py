"""Puts steps into the text of a story and takes them out; every other line stays.

PyYAML says where each step begins and ends. Comments and everybody's way of writing
are kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import yaml

from engine.errors import DefinitionError, EngineError
from engine.rehearsing import causes, recording, stories
from engine.rehearsing.story import Step

Raw = Mapping[str, Any]


class CannotEdit(EngineError):
    """This story is written in a way that only a person can change. Open the story
    among the files of the change, and change it there."""


@dataclass(frozen=True)
class Put:
    """A step to stand behind the one of that number; behind 0 it is the first."""

    after: int
    step: Raw


@dataclass(frozen=True)
class _Lines:
    """A step in the text: from the start of its first line to the end of its last."""

    start: int
    end: int
    indent: str


def put_in(file: str, text: str, puts: Sequence[Put]) -> str:
    """The story with these steps, those of one place in their order.

    Raises CannotEdit."""
    lines = _steps(text)
    steps = list(stories.read(file, text.encode()).steps)
    wanted = [_meaning(step) for step in steps]
    written = text
    for put in sorted(reversed(puts), key=lambda each: each.after, reverse=True):
        block = _written(put.step, lines[0].indent)
        if put.after:
            at = lines[put.after - 1].end
            written = written[:at] + _as(text, "\n" + block) + written[at:]
        else:
            at = lines[0].start
            written = written[:at] + _as(text, block + "\n") + written[at:]
        wanted.insert(put.after, _meaning(read_step(put.step)))
    return _checked(file, written, wanted)


def take_out(file: str, text: str, element: str) -> str:
    """The story without that task: what does it, and what expects it to be open.

    Raises CannotEdit."""
    lines = _steps(text)
    found = stories.read(file, text.encode()).steps
    raw = recording.load(text)["steps"]
    written, wanted = text, [_meaning(step) for step in found]
    for step in reversed(found):
        if element not in causes.named(step):
            continue
        place = lines[step.number - 1]
        left = _without(raw[step.number - 1], element)
        if left is None:
            end = place.end + 1 if written[place.end : place.end + 1] else place.end
            written = written[: place.start] + written[end:]
            del wanted[step.number - 1]
            continue
        block = _as(text, _written(left, place.indent))
        written = written[: place.start] + block + written[place.end :]
        wanted[step.number - 1] = _meaning(read_step(left))
    return _checked(file, written, wanted)


def _without(step: Raw, element: str) -> Raw | None:
    """A step that no longer names a task; None where nothing of it is left.

    What `only_ready` then has to name nobody knows before it is told: it goes."""
    if "expect" not in step:
        return None
    kept: dict[str, Any] = {}
    for key, value in step["expect"].items():
        if key in causes.NAMED_BY and element in value:
            value = _other(key, value, element)
        if value is not None:
            kept[key] = value
    return {**step, "expect": kept} if kept else None


def _other(key: str, value: Any, element: str) -> Any:
    if key == "due":
        return {name: day for name, day in value.items() if name != element} or None
    if key == "only_ready" or isinstance(value, str):
        return None
    return [name for name in value if name != element] or None


def _steps(text: str) -> list[_Lines]:
    root = yaml.compose(text, Loader=stories.LOADER)
    pairs = root.value if isinstance(root, yaml.MappingNode) else []
    node = next((value for key, value in pairs if key.value == "steps"), None)
    if not isinstance(node, yaml.SequenceNode) or node.flow_style:
        raise CannotEdit()
    return [_lines(text, each) for each in node.value]


def _lines(text: str, node: yaml.Node) -> _Lines:
    begins = text.rfind("\n", 0, node.start_mark.index) + 1
    indent, dash, _ = text[begins : node.start_mark.index].partition("-")
    if not dash or indent.strip():
        raise CannotEdit()
    end = text.find("\n", _end(node, text))
    end = len(text) if end < 0 else end
    return _Lines(begins, end - (text[end - 1 : end] == "\r"), indent)


def _end(node: yaml.Node, text: str) -> int:
    """Where the last character of a step stands, without what only follows it."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return _end(last[1] if isinstance(last, tuple) else last, text)
    end = int(node.end_mark.index)
    while end > node.start_mark.index and text[end - 1] in " \r\n":
        end -= 1
    return end


def _written(step: Raw, indent: str) -> str:
    lines = recording.dump_step(step).rstrip("\n").split("\n")
    return "\n".join(indent + line if line else line for line in lines)


def _as(text: str, written: str) -> str:
    return written.replace("\n", "\r\n") if "\r\n" in text else written


def read_step(step: Raw) -> Step:
    """A step as `scenarios` tells it. Raises DefinitionError."""
    story = {
        "starts": "2026-01-01",
        "case": {key: "x" for key in stories.NEEDED},
        "steps": [step],
    }
    return stories.read("a step", recording.dump(story).encode()).steps[0]


def _meaning(step: Step) -> tuple[Any, ...]:
    """All of a step but its number."""
    return tuple(value for name, value in vars(step).items() if name != "number")


def _checked(file: str, written: str, wanted: Sequence[tuple[Any, ...]]) -> str:
    """The text, where it reads as it was meant."""
    try:
        found = stories.read(file, written.encode()).steps
    except DefinitionError as error:
        raise CannotEdit() from error
    if [_meaning(step) for step in found] != list(wanted):
        raise CannotEdit()
    return written
