"""What a page shows of a case that is played by hand: plain frozen data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.diagram_views import DiagramView
from engine.views import DeadlineLine, TaskLine, TaskView


@dataclass(frozen=True, kw_only=True)
class Player:
    """Somebody who may be asked to act: a role, and the number of a person in it."""

    value: str
    """As a story writes it: `officer`, or `officer#2`."""
    name: str
    because: str = ""
    """Why this person may not do it; empty where they may."""


@dataclass(frozen=True, kw_only=True)
class PlayTask:
    """A task that is open in the play."""

    key: str
    """The same at every telling, unlike the task's own id."""
    line: TaskLine
    step: Mapping[str, Any]
    """How a step names it: `do`, and `in` and `for` where it needs them."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """The open task whose form is shown, and who may answer it."""

    key: str
    task: TaskView
    players: tuple[Player, ...]


@dataclass(frozen=True, kw_only=True)
class ToldStep:
    """One step told so far."""

    number: int
    text: str
    detail: tuple[str, ...] = ()
    """What was answered, or what was sent with it."""
    at: datetime | None = None
    """When it was, in the story's time."""
    followed: tuple[str, ...] = ()
    """What happened by itself: dates that passed, messages, letters, ends."""


@dataclass(frozen=True, kw_only=True)
class PlayDiagram:
    """A diagram that the case is on, or has been on."""

    number: int
    title: str
    process: str
    is_current: bool
    instance_id: str
    scope: str


@dataclass(frozen=True, kw_only=True)
class PlayMessage:
    """A message that the case waits for."""

    name: str
    title: str
    notice: str


@dataclass(frozen=True, kw_only=True)
class PlayStart:
    """A process that may be started beside the case's own."""

    process: str
    label: str
    roles: tuple[str, ...]
    needs_notice: bool


@dataclass(frozen=True, kw_only=True)
class Scene:
    """Where the case of a play stands."""

    now: datetime
    status: str
    outcome: str
    steps: tuple[ToldStep, ...] = ()
    tasks: tuple[PlayTask, ...] = ()
    asked: Asked | None = None
    messages: tuple[PlayMessage, ...] = ()
    startable: tuple[PlayStart, ...] = ()
    notices: tuple[str, ...] = ()
    deadlines: tuple[DeadlineLine, ...] = ()
    diagrams: tuple[PlayDiagram, ...] = ()
    diagram: DiagramView | None = None
    shown: int = 0
    """The number of the diagram that is shown."""
    problem: str = ""
    """Why the story cannot be told to its end on the draft as it is now."""
    broken_step: int = 0
    """The step at which it stops, where it began."""

    @property
    def next_due(self) -> DeadlineLine | None:
        """The date that passes first."""
        return self.deadlines[0] if self.deadlines else None


@dataclass(frozen=True, kw_only=True)
class PlayView:
    """A play with all that its page shows."""

    id: str
    draft_id: str
    title: str
    process: str
    is_closed: bool
    """Its draft is published or withdrawn: nothing can be recorded any more."""
    story: str
    scene: Scene


@dataclass(frozen=True, kw_only=True)
class PlayLine:
    """A play in a list."""

    id: str
    title: str
    process: str
    steps: int
    by: str
    changed_at: datetime
