"""How two sets of files differ, file by file, in words that a planner reads. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from engine.errors import DefinitionError
from engine.studio import (
    comparing_diagrams,
    comparing_forms,
    comparing_periods,
    comparing_tables,
    naming,
)
from engine.studio.comparing_words import Found, counted_lines, listed, of_count, quoted
from engine.studio.draft_views import Comparison, FileComparison, Sentence

_ORDER = ("Diagram", "Form", "Decision table", "Periods")
"""What people look at first; then policy, settings and stories."""


def compare(
    before: Mapping[str, bytes],
    after: Mapping[str, bytes],
    *,
    before_title: str = "",
    after_title: str = "",
) -> Comparison:
    """The files that differ, in the order in which people read them."""
    both = _Sets(before, after)
    names = [n for n in {*before, *after} if before.get(n) != after.get(n)]
    return Comparison(
        files=tuple(_compare_file(both, name) for name in sorted(names, key=_rank)),
        before_title=before_title,
        after_title=after_title,
    )


def _rank(name: str) -> tuple[int, str]:
    kind = naming.kind(name)
    return (_ORDER.index(kind) if kind in _ORDER else len(_ORDER)), name


@dataclass(frozen=True)
class _Sets:
    before: Mapping[str, bytes]
    after: Mapping[str, bytes]

    @cached_property
    def lengths_before(self) -> dict[str, str]:
        return comparing_periods.lengths(self.before)

    @cached_property
    def lengths_after(self) -> dict[str, str]:
        if all(
            self.before.get(name) == self.after.get(name)
            for name in {*self.before, *self.after}
            if name.endswith(".yaml") and not name.startswith("scenarios/")
        ):
            return self.lengths_before
        return comparing_periods.lengths(self.after)


def _compare_file(both: _Sets, name: str) -> FileComparison:
    before, after = both.before.get(name), both.after.get(name)
    found = _found(both, name, before, after)
    return FileComparison(
        name=name,
        label=naming.label(name, before if after is None else after),
        before=_text(before),
        after=_text(after),
        added=tuple(found.added),
        removed=tuple(found.removed),
        changed=tuple(found.changed),
        moved_only=tuple(found.moved_only),
        words=tuple(found.words),
    )


def _text(content: bytes | None) -> str | None:
    return None if content is None else content.decode("utf-8", "replace")


def _found(both: _Sets, name: str, before: bytes | None, after: bytes | None) -> Found:
    try:
        if before is None:
            return _only(_is_new(name, after or b""))
        if after is None:
            return _only(f"{naming.label(name, before)} is taken out.")
        return _of_kind(both, name, before, after)
    except (DefinitionError, ValueError):
        return _lines(before or b"", after or b"")


def _only(text: str) -> Found:
    return Found(words=[Sentence(element="", text=text)])


def _is_new(name: str, content: bytes) -> str:
    if name.endswith(".bpmn"):
        return comparing_diagrams.is_new(name, content)
    if name.endswith(".json"):
        asked = comparing_forms.questions_of(content)
        names = f", {listed([quoted(each) for each in asked])}" if asked else ""
        return f"This form is new: {of_count(len(asked), 'question')}{names}."
    return f"{naming.label(name, content)} is new."


def _of_kind(both: _Sets, name: str, before: bytes, after: bytes) -> Found:
    if name.endswith(".bpmn"):
        return comparing_diagrams.compare(
            name,
            before,
            after,
            lengths_before=both.lengths_before,
            lengths_after=both.lengths_after,
        )
    if name.endswith(".json"):
        return comparing_forms.compare(before, after)
    if name.endswith(".dmn"):
        return comparing_tables.compare(name, before, after)
    if name.startswith("scenarios/"):
        return comparing_periods.compare_story(name, before, after)
    if name == "periods.yaml":
        return comparing_periods.compare_periods(before, after)
    return comparing_periods.compare_policy(name, before, after)


def _lines(before: bytes, after: bytes) -> Found:
    """For a file that cannot be read as what it is."""
    new, gone = counted_lines(before.splitlines(), after.splitlines())
    are = of_count(new, "line is", "lines are")
    return _only(f"The file cannot be read. {are} new, {gone} gone.")
