"""What a story is: who reported what, what was done when, and what was expected.

`stories` reads them and `scenarios` tells them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from engine.clock import LONDON

UNITS = {
    "day": "calendar_days",
    "working day": "working_days",
    "week": "weeks",
    "month": "months",
    "year": "years",
}
"""The units that a story waits in, as `dates` calls them."""


@dataclass(frozen=True)
class Place:
    """`in: appeal#2`: the second appeal of the case. Number 0: any, if there is one."""

    process: str
    number: int = 0


@dataclass(frozen=True)
class Person:
    """`as: officer#2`: the second person with a role."""

    role: str
    number: int = 1


@dataclass(frozen=True)
class Length:
    """`wait: 10 working days`."""

    number: int
    unit: str


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step of a story. `what` is the task, message, process, time or wait."""

    number: int
    verb: str
    what: Any
    person: Person | None = None
    answers: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""
    place: Place | None = None
    item: str = ""
    refused: str | Mapping[str, str] | None = None


@dataclass(frozen=True, kw_only=True)
class Story:
    """A story: who reported what, what was done when, and what was expected."""

    file: str
    title: str
    process: str
    starts_at: datetime
    council: str
    case: Mapping[str, Any]
    given: Mapping[str, Any]
    steps: tuple[Step, ...]
    ends: str


def moment(value: Any) -> datetime | None:
    """A moment or the first of a day, as written; without a zone it is London's."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return None
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=LONDON)
    if isinstance(value, date):
        return datetime.combine(value, time(), LONDON)
    return None


_WRITTEN = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d)?)?")
"""A day, or a time of a day, as YAML leaves it where it takes it for text."""


def later(value: Any, by: timedelta) -> Any:
    """The value with every date in it moved; clock times stay London's."""
    if isinstance(value, datetime):
        local = value.astimezone(LONDON) if value.tzinfo else value
        return datetime.combine(local.date() + by, local.time(), local.tzinfo)
    if isinstance(value, date):
        return value + by
    if isinstance(value, Mapping):
        return {key: later(entry, by) for key, entry in value.items()}
    if isinstance(value, list):
        return [later(entry, by) for entry in value]
    if isinstance(value, str) and _WRITTEN.fullmatch(value):
        try:
            day = date.fromisoformat(value[:10])
        except ValueError:
            return value
        return (day + by).isoformat() + value[10:]
    return value
