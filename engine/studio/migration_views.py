"""What the pages on running cases that move show: frozen dataclasses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from engine.bpmn.relocating import Area

RUNNING = frozenset({"checking", "running", "undoing"})
"""The states in which there is something left to do."""


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How many running cases follow one version of a process."""

    process: str
    title: str
    version: int | None
    """None where this council has not published it."""
    cases: int
    is_newest: bool


@dataclass(frozen=True, kw_only=True)
class Affected:
    """The running cases that contain a process, by the version that they follow."""

    process: str
    title: str
    version: int
    """The newest."""
    published_at: datetime
    lines: tuple[Standing, ...]

    @property
    def to_move(self) -> int:
        """How many follow an older version."""
        return sum(line.cases for line in self.lines if not line.is_newest)

    @property
    def total(self) -> int:
        return sum(line.cases for line in self.lines)


@dataclass(frozen=True, kw_only=True)
class ReasonCount:
    """A reason, and how many cases it keeps from moving."""

    state: str
    reason: str
    cases: int


@dataclass(frozen=True, kw_only=True)
class MigrationView:
    """Running cases of a process on their way to another version of it.

    `kind` is `version`, or `dates` where they stay on theirs and their dates are worked
    out again. `state` is one of checking, checked, running, stopped, finished, undoing,
    undo_stopped, undone; `counts` says how many cases are in which state, as `of`."""

    id: str
    process: str
    title: str
    kind: str
    version: int
    state: str
    reason: str
    counts: Mapping[str, int]
    created_by: str
    created_at: datetime
    by: str
    """Who started it or had it undone; empty before."""
    started_at: datetime | None
    finished_at: datetime | None
    reasons: tuple[ReasonCount, ...] = ()

    def of(self, *states: str) -> int:
        """How many cases are in these states."""
        return sum(self.counts.get(state, 0) for state in states)

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def can(self) -> int:
        """How many can move, those that have moved too."""
        return self.of("can_move", "moved", "undone", "cannot_undo")

    @property
    def cannot(self) -> int:
        return self.of("cannot_move", "failed")

    @property
    def has_work(self) -> bool:
        return self.state in RUNNING

    @property
    def done(self) -> int:
        """How many cases are done with in what is going on now."""
        match self.state:
            case "checking":
                return self.total - self.of("unchecked")
            case "undoing" | "undo_stopped":
                return self.of("undone", "cannot_undo")
            case _:
                return self.to_do - self.of("can_move")

    @property
    def to_do(self) -> int:
        """How many cases what is going on now is about."""
        match self.state:
            case "checking":
                return self.total
            case "undoing" | "undo_stopped":
                return self.of("undone", "cannot_undo", "moved")
            case _:
                return self.of("can_move", "moved", "failed", "undone", "cannot_undo")


@dataclass(frozen=True, kw_only=True)
class MigratedCase:
    """One case in a migration, and what became of it."""

    instance_id: str
    reference: str
    address: str
    title: str
    """Of the process that runs on it."""
    from_version: int | None
    state: str
    reason: str
    at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Relocation:
    """Where a running process stands, and where else a manager may put it."""

    instance_id: str
    reference: str
    address: str
    title: str
    areas: tuple[Area, ...]
