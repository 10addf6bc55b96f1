"""What is shown of the work on a process: frozen dataclasses, never rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

FEW = 5
"""Fewer completed steps than this say little about how long a step takes."""


@dataclass(frozen=True, kw_only=True)
class StepWork:
    """One element of a diagram: who stands there now, and what passed."""

    element: str
    name: str
    kind: str
    """Its BPMN tag; empty where no version that is known draws it."""
    lane: str
    called: str
    """The process that it calls, if any."""
    standing: int
    """Cases that stand there now."""
    overdue: int
    """Those of them whose task there is overdue."""
    failed: int
    """Cases with an incident there that waits for repair."""
    passed: int
    """How many times it was passed in the chosen time."""
    median_days: float | None
    """How long the tasks completed in the chosen time had been open, in calendar days;
    None where none was, or where it is no step for a person."""
    slow_days: float | None
    """The 90th percentile: nine in ten took no longer."""
    measured: int
    """The number of tasks that the two rest on."""

    @property
    def is_few(self) -> bool:
        return 0 < self.measured < FEW

    @property
    def is_idle(self) -> bool:
        """Nothing stands there and nothing passed."""
        return not (self.standing or self.failed or self.passed or self.measured)


@dataclass(frozen=True, kw_only=True)
class FlowWork:
    """One flow of a diagram, and how often it was taken in the chosen time."""

    id: str
    name: str
    source: str
    target: str
    """The names of the elements that it joins."""
    source_id: str
    source_kind: str
    taken: int


@dataclass(frozen=True, kw_only=True)
class ProcessWork:
    """The work on a process, over every version of it, on its newest diagram."""

    process: str
    title: str
    version: int
    since: date
    until: date
    """The last day of the chosen time."""
    cases: int
    """Cases that are in the process now."""
    steps: tuple[StepWork, ...]
    """Every element of the newest diagram, in the order of the file."""
    flows: tuple[FlowWork, ...]
    gone_steps: tuple[StepWork, ...]
    """Elements of older versions that the newest no longer draws, with work on them."""
    gone_flows: tuple[FlowWork, ...]
