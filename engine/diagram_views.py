"""What is shown of one case on a diagram: frozen dataclasses, never rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class CalledProcess:
    """A call activity on a diagram and where its own diagram is shown."""

    element: str
    title: str
    process: str
    scope: str
    state: str
    """`open`, `done` or `not_reached`."""


@dataclass(frozen=True, kw_only=True)
class PassedStep:
    """An element that the case has passed: when, and by whom where it was a task."""

    element: str
    name: str
    at: datetime
    by: str
    """Empty where no person did it."""
    answer: str
    """Which way it went on, where the diagram names it."""
    task_id: str
    """Of the task whose answers can be read; empty where it was none."""
    is_drawn: bool
    """Whether the version that the case runs on now still draws it."""


@dataclass(frozen=True, kw_only=True)
class DiagramView:
    """A diagram with where the case stands on it."""

    instance_id: str
    case_reference: str
    scope: str
    process: str
    title: str
    xml: str
    current: tuple[str, ...]
    standing: tuple[str, ...]
    """The names of what is current, to say it in words."""
    done: tuple[str, ...]
    flows_taken: tuple[str, ...]
    called: tuple[CalledProcess, ...]
    parents: tuple[tuple[str, str], ...]
    """The way back up: (scope, title), outermost first."""
    steps: tuple[PassedStep, ...]
    """What the case has passed on this diagram, the first first."""
    version: int
    """Of the process that was started, as it was published; 0 where it was not."""
    version_at: datetime | None
    newest: int
    """The version that new cases start on."""
