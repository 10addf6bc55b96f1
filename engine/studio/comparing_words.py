"""What is found while two files are compared, in the words of people who plan."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field

from engine.studio.draft_views import Sentence

LONGEST = 160


@dataclass
class Found:
    """The differences of one file, told one after another."""

    added: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    moved_only: list[str] = field(default_factory=list)
    words: list[Sentence] = field(default_factory=list)

    def add(self, element: str, text: str) -> None:
        self.added.append(element)
        self.say(element, text)

    def remove(self, element: str, text: str) -> None:
        self.removed.append(element)
        self.say(element, text)

    def change(self, element: str, text: str) -> None:
        if element not in self.changed:
            self.changed.append(element)
        self.say(element, text)

    def say(self, element: str, text: str) -> None:
        self.words.append(Sentence(element=element, text=text))


def quoted(text: str) -> str:
    """A text of the file in a sentence; a long one is cut."""
    text = " ".join(text.split())
    if len(text) > LONGEST:
        text = f"{text[:LONGEST]}…"
    return f"“{text}”"


def named(key: str) -> str:
    """A name of the files as people read it: ‘visited on’."""
    return f"‘{key.replace('_', ' ')}’"


def listed(parts: Sequence[str]) -> str:
    """a, b and c."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} and {parts[-1]}"


def instead(before: str, after: str) -> str:
    """… is now b instead of a; a text may be missing on either side."""
    if not before:
        return f"is now {after}; before there was none"
    if not after:
        return f"is gone; it was {before}"
    return f"is now {after} instead of {before}"


def told_changed(what: str, before: str, after: str) -> str:
    """The condition changed from a to b; a text may be missing on either side."""
    if not before:
        return f"{what} is new: {quoted(after)}."
    if not after:
        return f"{what} is taken out; it was {quoted(before)}."
    return f"{what} changed from {quoted(before)} to {quoted(after)}."


def is_reordered(before: Sequence[str], after: Sequence[str]) -> bool:
    """Whether what both have stands in another order."""
    both = set(before) & set(after)
    return [b for b in before if b in both] != [a for a in after if a in both]


def counted_lines(
    before: Sequence[Hashable], after: Sequence[Hashable]
) -> tuple[int, int]:
    """How many entries of a list are new, and how many are gone, in any order."""
    was, now = Counter(before), Counter(after)
    return (now - was).total(), (was - now).total()


def of_count(count: int, one: str, several: str = "") -> str:
    """1 line, 2 lines."""
    return f"{count} {one if count == 1 else several or one + 's'}"


def without(mapping: Mapping[str, str], *keys: str) -> dict[str, str]:
    return {key: value for key, value in mapping.items() if key not in keys}
