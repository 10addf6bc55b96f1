"""Sets of names as the bits of numbers, and what is known of a place by such sets."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


class Names:
    """Names as bits."""

    def __init__(self) -> None:
        self._bits: dict[str, int] = {}
        self._known: dict[frozenset[str], int] = {}

    def of(self, names: Iterable[str]) -> int:
        """The number whose bits are these names."""
        key = names if isinstance(names, frozenset) else frozenset(names)
        if key not in self._known:
            found = 0
            for name in key:
                found |= self._bits.setdefault(name, 1 << len(self._bits))
            self._known[key] = found
        return self._known[key]

    def has(self, held: int, name: str) -> bool:
        return bool(held & self.of(frozenset({name})))


@dataclass(frozen=True)
class State:
    """Names that are surely known, and names that may be."""

    sure: int
    may: int

    def meets(self, other: State) -> State:
        """What is known where a case comes from one of two places."""
        return State(self.sure & other.sure, self.may | other.may)

    def joins(self, other: State) -> State:
        """What is known where it comes from both."""
        return State(self.sure | other.sure, self.may | other.may)

    def plus(self, sure: int, may: int) -> State:
        return State(self.sure | sure, self.may | may | sure)
