"""Compares what a story expects with what the case holds."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from engine.clock import LONDON
from engine.errors import EngineError
from engine.rehearsing.story import moment
from engine.views import TaskLine

_MISSING = object()


class Unmet(EngineError):
    """Something was expected and is not so."""


@dataclass(frozen=True)
class Found:
    """Facts to look in, in this order: one mapping for each scope."""

    scopes: tuple[Mapping[str, Any], ...]

    @classmethod
    def of(cls, instances: Iterable[Mapping[str, Mapping[str, Any]]]) -> Found:
        """Of each instance its own facts first, then those of what it called."""
        scopes: list[Mapping[str, Any]] = []
        called: list[Mapping[str, Any]] = []
        for instance in instances:
            for name, facts in instance.items():
                (called if name else scopes).append(facts)
        return cls((*scopes, *called))

    def value(self, path: str) -> Any:
        """The first fact of that name; `breaches.0.outcome` goes into it."""
        first, *rest = [p for p in re.split(r"[.\[\]]", path) if p]
        for scope in self.scopes:
            if first in scope:
                return _inside(scope[first], rest)
        return _MISSING


def _inside(value: Any, path: Sequence[str]) -> Any:
    for part in path:
        if isinstance(value, Mapping):
            value = value.get(part, _MISSING)
        elif isinstance(value, list) and part.isdigit() and int(part) < len(value):
            value = value[int(part)]
        else:
            return _MISSING
    return value


def check_data(wanted: Mapping[str, Any], found: Found) -> None:
    """Raises Unmet where a fact is not as expected."""
    for path, expected in wanted.items():
        value = found.value(path)
        if value is _MISSING and expected is not None:
            raise Unmet(f"Expected {path} to be {show(expected)}; it has not been set.")
        if value is not _MISSING and not _same(expected, value):
            raise Unmet(f"Expected {path} to be {show(expected)}; it is {show(value)}.")


def check_due(wanted: Mapping[str, Any], tasks: Sequence[TaskLine]) -> None:
    """Raises Unmet where a ready task is not due on the day or at the moment given."""
    for element, expected in wanted.items():
        lines = [task for task in tasks if task.element == element]
        if not lines:
            raise Unmet(f"Expected {element} to be due, but it is not ready.")
        for task in lines:
            due = _due(task, expected)
            if due != (moment(expected) if isinstance(due, datetime) else expected):
                raise Unmet(
                    f"Expected {element} to be due on {show(expected)}; it is due on "
                    f"{show(due)}."
                )


def _due(task: TaskLine, expected: Any) -> date | datetime | None:
    if isinstance(expected, datetime):
        return task.due_at
    if task.due_on is not None or task.due_at is None:
        return task.due_on
    return task.due_at.astimezone(LONDON).date()


def _same(expected: Any, value: Any) -> bool:
    if isinstance(expected, Mapping) and isinstance(value, Mapping):
        return all(k in value and _same(v, value[k]) for k, v in expected.items())
    if isinstance(expected, list) and isinstance(value, list):
        return len(expected) == len(value) and all(
            _same(e, v) for e, v in zip(expected, value, strict=True)
        )
    if isinstance(expected, datetime) or isinstance(value, datetime):
        return moment(expected) == moment(value)
    if isinstance(expected, str) and isinstance(value, date):
        return expected == value.isoformat()
    if isinstance(expected, bool) or isinstance(value, bool):
        return expected is value
    return bool(expected == value)


def names_of(counted: Counter[str]) -> str:
    return ", ".join(counted.elements())


def show(value: Any) -> str:
    """A value as people read it."""
    if isinstance(value, datetime):
        return f"{value.astimezone(LONDON):%A %d %B %Y, %H:%M}"
    if isinstance(value, date):
        return f"{value:%A %d %B %Y}"
    return "nothing" if value is None else repr(value)
