"""Changes one value in a YAML file and leaves every other character as it was.

PyYAML says where each value begins and ends; the new text is put between. Comments, the
order of entries and everybody's way of writing stay."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import yaml

from engine.errors import DefinitionError, Problem
from engine.law import strict_yaml

if TYPE_CHECKING:
    _Composer = yaml.SafeLoader
else:
    _Composer = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

Path = Sequence[str | int]
Scalar = str | int | float | bool | date | None
_STEP = "  "
_DUMPED: Any = {"width": 10**9, "allow_unicode": True}


@dataclass(frozen=True)
class YamlText:
    """A file as text. Every change gives a new one."""

    text: str

    @classmethod
    def of(cls, content: bytes, file: str) -> YamlText:
        """Raises DefinitionError where the file cannot be read, or where one place of
        it stands for another: a change would then show in both."""
        strict_yaml.read(content, file)
        for event in yaml.parse(content, Loader=_Composer):
            if isinstance(event, yaml.AliasEvent):
                raise DefinitionError([_borrowed(file, event)])
        return cls(content.decode())

    @property
    def content(self) -> bytes:
        return self.text.encode()

    def has(self, path: Path) -> bool:
        """Whether something stands at the path."""
        return self._entry(path)[1] is not None

    def put(self, path: Path, value: Any) -> YamlText:
        """Set what stands at the path; a name that is not there yet is added last."""
        key, node = self._entry(path)
        if node is not None:
            return self._replace(key, node, value)
        above, parent = self._entry(path[:-1])
        if parent is None and len(path) > 1:
            return self.put(path[:-1], {path[-1]: value})
        return self._add(above, parent, str(path[-1]), value)

    def take_out(self, path: Path) -> YamlText:
        """Without the entry at the path, where it is there."""
        (above, parent), name = self._entry(path[:-1]), str(path[-1])
        if not isinstance(parent, yaml.MappingNode):
            return self
        for key, held in parent.value:
            if key.value == name and parent.flow_style:
                kept = {k.value: _plain(v) for k, v in parent.value if k is not key}
                return self._replace(above, parent, kept)
            if key.value == name:
                start = self._line_start(key.start_mark.index)
                end = self._line_end(_end(held, self.text))
                return self._spliced(start, min(end + 1, len(self.text)), "")
        return self

    def _entry(self, path: Path) -> tuple[yaml.Node | None, yaml.Node | None]:
        """The key and the value at the path; the file as a whole has no key."""
        key, node = None, yaml.compose(self.text, Loader=_Composer)
        for step in path:
            key, node = _inside(node, step)
            if node is None:
                return None, None
        return key, node

    def _replace(self, key: yaml.Node | None, node: yaml.Node, value: Any) -> YamlText:
        start, end = node.start_mark.index, _end(node, self.text)
        if key is None or _in_flow(self.text, node):
            return self._spliced(start, end, _inline(value, in_brackets=True))
        if not _is_block(value) and not _has_own_line(node) and start < end:
            return self._spliced(start, end, _inline(value))
        start = self.text.index(":", key.end_mark.index) + 1
        indent = " " * key.start_mark.column + _STEP
        return self._spliced(start, max(start, end), _written(value, indent))

    def _add(
        self, above: yaml.Node | None, parent: yaml.Node | None, name: str, value: Any
    ) -> YamlText:
        if parent is None:
            body = self.text if self.text.endswith("\n") else self.text + "\n"
            return YamlText(body + _line(name, value, "") + "\n")
        if not isinstance(parent, yaml.MappingNode) or not parent.value:
            return self._replace(above, parent, {name: value})
        if parent.flow_style:
            at = _end(parent.value[-1][1], self.text)
            return self._spliced(
                at, at, f", {name}: {_inline(value, in_brackets=True)}"
            )
        indent = " " * parent.value[0][0].start_mark.column
        at = self._line_end(_end(parent, self.text))
        return self._spliced(at, at, "\n" + _line(name, value, indent))

    def _spliced(self, start: int, end: int, written: str) -> YamlText:
        if "\r\n" in self.text:
            written = written.replace("\n", "\r\n")
        return YamlText(self.text[:start] + written + self.text[end:])

    def _line_start(self, at: int) -> int:
        return self.text.rfind("\n", 0, at) + 1

    def _line_end(self, at: int) -> int:
        found = self.text.find("\n", at)
        end = len(self.text) if found < 0 else found
        return end - 1 if self.text[end - 1 : end] == "\r" else end


def _borrowed(file: str, event: yaml.AliasEvent) -> Problem:
    mark = event.start_mark
    return Problem(
        file=file,
        element=f"line {mark.line + 1}" if mark else "the file",
        problem=f"borrows its value from another place (*{event.anchor}).",
        remedy="Write the value out there, or change the file itself.",
    )


def _inside(
    node: yaml.Node | None, step: str | int
) -> tuple[yaml.Node | None, yaml.Node | None]:
    if isinstance(node, yaml.MappingNode):
        pairs = ((k, v) for k, v in node.value if k.value == str(step))
        return next(pairs, (None, None))
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int):
        return None, node.value[step] if step < len(node.value) else None
    return None, None


def _has_own_line(node: yaml.Node) -> bool:
    """Whether the value begins below its key: a list or entries in lines."""
    return isinstance(node, yaml.CollectionNode) and not node.flow_style


def _end(node: yaml.Node, text: str) -> int:
    """Where the last character of the value stands, without what only follows it."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return _end(last[1] if isinstance(last, tuple) else last, text)
    end = int(node.end_mark.index)
    while end > node.start_mark.index and text[end - 1] in " \r\n":
        end -= 1
    return end


def _in_flow(text: str, node: yaml.Node) -> bool:
    """Whether the value stands between brackets on its line."""
    line = text[text.rfind("\n", 0, node.start_mark.index) + 1 : node.start_mark.index]
    return line.count("{") > line.count("}") or line.count("[") > line.count("]")


def _plain(node: yaml.Node) -> Any:
    return yaml.safe_load(yaml.serialize(node))


def _is_block(value: Any) -> bool:
    """Whether a value gets lines of its own: what holds more than plain values."""
    if isinstance(value, Mapping):
        return not _is_target(value)
    return isinstance(value, list) and any("note" in each for each in value)


def _is_target(value: Mapping[str, Any]) -> bool:
    return bool(value) and set(value) <= {"length", "unit", "from", "until"}


def _line(name: str, value: Any, indent: str) -> str:
    return f"{indent}{name}:{_written(value, indent + _STEP)}"


def _written(value: Any, indent: str) -> str:
    """What follows the colon: on its line, or on lines of its own."""
    if not _is_block(value):
        return " " + _inline(value)
    if isinstance(value, Mapping):
        return "".join("\n" + _line(k, v, indent) for k, v in value.items())
    return "".join("\n" + line for each in value for line in _listed(each, indent))


def _listed(row: Mapping[str, Any], indent: str) -> Iterator[str]:
    for number, (name, value) in enumerate(row.items()):
        yield f"{indent}{'  ' if number else '- '}{name}: {_inline(value)}"


def _inline(value: Any, *, in_brackets: bool = False) -> str:
    if isinstance(value, Mapping):
        inside = (f"{k}: {_inline(v, in_brackets=True)}" for k, v in value.items())
        return "{" + ", ".join(inside) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_inline(v, in_brackets=True) for v in value) + "]"
    return _scalar(value, in_brackets)


def _scalar(value: Scalar, in_brackets: bool) -> str:
    """Plain where YAML reads it back as the same, or else in double quotes."""
    if in_brackets:
        dumped = yaml.safe_dump([value], default_flow_style=True, **_DUMPED)
        written = dumped.strip()[1:-1]
    else:
        dumped = yaml.safe_dump({"k": value}, default_flow_style=False, **_DUMPED)
        written = dumped.removeprefix("k:").strip()
    if isinstance(value, str) and written != value:
        return json.dumps(value, ensure_ascii=False)
    return str(written)
