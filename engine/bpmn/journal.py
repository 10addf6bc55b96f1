"""What a process did, as it says it: steps, effects, messages, failures. Plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from engine.law.dates import Deadline

What = Literal["entered", "completed", "cancelled", "fired"]


@dataclass(frozen=True, kw_only=True)
class Step:
    """One element was entered, completed, cancelled, or fired (an event).

    `process` is the diagram it is drawn in; `scope` and `item_index` tell apart
    several runs of a called process and the items of a multi-instance activity.
    `flows` are the sequence flows taken out of it; `rules` the rows of a decision
    table taken, as (decision, rule id). An element that nobody waits at (a gateway, a
    script, a start or end event) is only completed."""

    process: str
    element: str
    scope: str
    what: What
    flows: tuple[str, ...] = ()
    rules: tuple[tuple[str, str], ...] = ()
    item_index: str | None = None


@dataclass(frozen=True, kw_only=True)
class Effect:
    """Something that a service task wants done in the world."""

    operation: str
    parameters: dict[str, object]
    process: str
    element: str
    scope: str


@dataclass(frozen=True, kw_only=True)
class ThrownMessage:
    """A message sent; `notice` is the fact of that name where it was sent from."""

    name: str
    payload: dict[str, object]
    notice: str | None
    process: str
    element: str


@dataclass(frozen=True, kw_only=True)
class Failure:
    """A timer whose date could not be worked out; the process goes on without it."""

    process: str
    element: str
    message: str


@dataclass(frozen=True, kw_only=True)
class OpenTask:
    """A task that a person must do now.

    `scope` and `item_index` say where its answers are kept (pass both to `correct`);
    `item` is the entry that it is about. `escalates` is the id of the task, or of the
    enclosing call, sub-process or multi-instance activity, that it was drawn to chase;
    `within` are the ids of those that it lies in itself, innermost first."""

    id: str
    element: str
    process: str
    name: str
    lane: str
    form: str
    properties: Mapping[str, str]
    documentation: str
    scope: str
    item: dict[str, object] | None
    item_index: str | None
    escalates: str | None
    within: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class WaitingTimer:
    """A date that the process waits for. `on_task` is the id of the task it hangs on
    (or of the call, sub-process or multi-instance activity), None for an event of its
    own; `deadline` is None where the expression gave a plain moment."""

    id: str
    element: str
    process: str
    name: str
    due_at: datetime
    deadline: Deadline | None
    on_task: str | None
    interrupting: bool
    scope: str
    item_index: str | None


@dataclass(frozen=True, kw_only=True)
class AwaitedMessage:
    """A message that the process waits for; pass `id` to `deliver`."""

    id: str
    element: str
    process: str
    name: str
    notice: str | None


@dataclass(frozen=True, kw_only=True)
class Position:
    """Where a token stands, for a picture."""

    process: str
    element: str
    scope: str
    state: Literal["ready", "waiting"]
