"""The work on one process in numbers: what stands where, what passed, how long it took.

Functions take a session and only read. Each is one statement, whatever the number of
elements, versions or cases."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session

from engine.models import CaseEvent, Incident, Instance, Task

DAY = 24 * 60 * 60
_AT_A_TIME = 500


@dataclass(frozen=True)
class Of:
    """Which process of which council."""

    council: str
    process: str


@dataclass(frozen=True)
class Between:
    """A stretch of time: from a moment, and before another."""

    start: datetime
    end: datetime


@dataclass(frozen=True)
class Took:
    """How long a step took: in calendar days, and the number of tasks it rests on."""

    median: float
    slow: float
    measured: int


def standing(session: Session, of: Of) -> dict[str, set[str]]:
    """The cases that stand at each element now: the rows of what runs, and no more."""
    rows = session.execute(
        sa.select(Instance.case_id, Instance.standing).where(
            Instance.council == of.council,
            Instance.ended_at.is_(None),
            stands_at(of.process),
        )
    )
    found: defaultdict[str, set[str]] = defaultdict(set)
    for case_id, places in rows:
        for process, element in places or ():
            if process == of.process:
                found[element].add(case_id)
    return dict(found)


def open_tasks(session: Session, of: Of, now: datetime) -> dict[str, tuple[int, int]]:
    """For each element: the cases with an open task there, and with an overdue one."""
    late = sa.case((Task.due_at <= now, Task.case_id))
    rows = session.execute(
        sa.select(
            Task.element,
            sa.func.count(Task.case_id.distinct()),
            sa.func.count(late.distinct()),
        )
        .where(
            Task.council == of.council,
            Task.process == of.process,
            Task.state == "ready",
        )
        .group_by(Task.element)
    )
    return {element: (waiting, overdue) for element, waiting, overdue in rows}


def failed(session: Session, of: Of) -> dict[str, int]:
    """For each element: the cases with an incident there that waits for repair."""
    rows = session.execute(
        sa.select(Incident.element, sa.func.count(Incident.case_id.distinct()))
        .where(
            Incident.council == of.council,
            Incident.process == of.process,
            Incident.resolved_at.is_(None),
        )
        .group_by(Incident.element)
    )
    return {element: cases for element, cases in rows}


def durations(session: Session, of: Of, between: Between) -> dict[str, Took]:
    """How long the tasks completed in that time had been open, for each element.

    The database sorts and counts; at most four rows of each element come back, those
    that the median and the 90th percentile lie between."""
    seconds = sa.extract("epoch", Task.completed_at) - sa.extract(
        "epoch", Task.created_at
    )
    ranked = (
        sa.select(
            Task.element,
            seconds.label("seconds"),
            (
                sa.func.row_number().over(partition_by=Task.element, order_by=seconds)
                - 1
            ).label("place"),
            (sa.func.count().over(partition_by=Task.element) - 1).label("last"),
        )
        .where(
            Task.council == of.council,
            Task.process == of.process,
            Task.state == "completed",
            Task.completed_at >= between.start,
            Task.completed_at < between.end,
        )
        .subquery()
    )
    place, last = ranked.c.place, ranked.c.last
    wanted = (last // 2, (last + 1) // 2, last * 9 // 10, (last * 9 + 9) // 10)
    rows = session.execute(
        sa.select(ranked).where(sa.or_(*(place == each for each in wanted)))
    )
    places: defaultdict[str, dict[int, float]] = defaultdict(dict)
    lasts: dict[str, int] = {}
    for element, took, at, end in rows:
        places[element][at] = float(took) / DAY
        lasts[element] = end
    return {
        element: Took(
            median=_between(at, lasts[element] / 2),
            slow=_between(at, lasts[element] * 0.9),
            measured=lasts[element] + 1,
        )
        for element, at in places.items()
    }


def _between(values: Mapping[int, float], place: float) -> float:
    """The value at a place that may lie between two: on the line from one to the
    other, as a spreadsheet's PERCENTILE does."""
    below = int(place)
    share = place - below
    if share < 1e-9:
        return values[below]
    return values[below] * (1 - share) + values[below + 1] * share


@dataclass(frozen=True)
class Passed:
    """How often elements were left by a flow, ended without one, and flows taken.

    Each entry of a step that repeats for a list ends without a flow; the step itself
    is left once."""

    left: Counter[str]
    ended: Counter[str]
    taken: Counter[str]

    def of(self, element: str, *, is_last: bool) -> int:
        """How often an element was passed; `is_last` where no flow leads out of it."""
        return self.ended[element] if is_last else self.left[element]


def passed(session: Session, of: Of, between: Between) -> Passed:
    """How often each element was passed, and each flow taken, in that time.

    Read from the journals: the cost follows the number of commands in that time on
    cases that were in the process, about 50,000 in a second; the memory does not grow
    with it."""
    found = Passed(Counter(), Counter(), Counter())
    for journal in _journals(session, of, between):
        for process, _scope, element, what, taken, _rules in journal:
            if process != of.process:
                continue
            if what in ("completed", "fired"):
                (found.left if taken else found.ended)[element] += 1
            found.taken.update(taken)
    return found


def _journals(session: Session, of: Of, between: Between) -> Iterator[list[list[str]]]:
    text = _text(CaseEvent.data)
    rows = session.scalars(
        sa.select(text)
        .where(
            CaseEvent.council == of.council,
            CaseEvent.kind == "steps",
            CaseEvent.at >= between.start,
            CaseEvent.at < between.end,
            text.contains(_opening(of.process), autoescape=True),
        )
        .execution_options(yield_per=_AT_A_TIME)
    )
    for row in rows:
        yield json.loads(row)["journal"]


def stands_at(process: str, element: str = "") -> sa.ColumnElement[bool]:
    """Whether a row of `instances` has a token in a process, or at its element."""
    text = _opening(process) + (f"{json.dumps(element)}]" if element else "")
    return _text(Instance.standing).contains(text, autoescape=True)


def _text(document: InstrumentedAttribute[Any]) -> sa.ColumnElement[str]:
    """A document as the text that it is stored as."""
    return sa.type_coerce(document, sa.Text)


def _opening(process: str) -> str:
    """How a place or a step in this process begins in a stored document."""
    return f"[{json.dumps(process)},"
