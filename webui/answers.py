"""Reads what was typed on a page into plain answers, as `engine.forms` takes them.

A question ``key`` is the field ``key``; a date has ``key-day``, ``key-month`` and
``key-year``; row 0 of a list has ``key-0-…`` and the list has ``key-count``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from werkzeug.datastructures import MultiDict

from engine import Field, is_empty

MOST_ROWS = 200
DATE_PARTS = ("day", "month", "year", "time")
Typed = MultiDict[str, Any]


def read(fields: Sequence[Field], typed: Typed, *, prefix: str = "") -> dict[str, Any]:
    """Each question's answer as it was typed; nothing is checked."""
    return {field.key: _read(field, typed, prefix + field.key) for field in fields}


def _read(field: Field, typed: Typed, name: str) -> Any:
    match field.type:
        case "checklist":
            return typed.getlist(name)
        case "checkbox":
            return name in typed
        case "datetime":
            parts = {part: typed.get(f"{name}-{part}", "") for part in DATE_PARTS}
            return parts if any(parts.values()) else None
        case "dynamiclist":
            return _read_rows(field, typed, name)
        case "filepicker":
            kept = [value for value in typed.getlist(name) if value]
            return kept if field.multiple else next(iter(kept), None)
    return typed.get(name)


def _read_rows(field: Field, typed: Typed, name: str) -> list[dict[str, Any]]:
    count = typed.get(f"{name}-count", 0, type=int)
    return [
        read(field.fields, typed, prefix=f"{name}-{row}-")
        for row in range(max(0, min(count, MOST_ROWS)))
    ]


def change_rows(answers: dict[str, Any], action: str) -> str | None:
    """Carry out ``add:recipients`` or ``remove:recipients:1``.

    Returns the row to go to next, such as ``recipients-1``; None if it was another
    action."""
    verb, _, rest = action.partition(":")
    key, _, number = rest.partition(":")
    rows = answers.get(key)
    if verb not in ("add", "remove") or not isinstance(rows, list):
        return None
    if verb == "add" and len(rows) < MOST_ROWS:
        rows.append({})
    elif verb == "remove" and number.isdigit() and int(number) < len(rows):
        del rows[int(number)]
    return f"{key}-{max(0, len(rows) - 1)}"


def without_empty_rows(
    answers: dict[str, Any], fields: Sequence[Field]
) -> dict[str, Any]:
    """The same without rows in which nothing was typed, so that rows keep their number
    between what was sent and what is shown again."""
    kept = dict(answers)
    for field in fields:
        if field.type == "dynamiclist":
            rows = answers.get(field.key) or []
            kept[field.key] = [
                row for row in rows if not all(is_empty(v) for v in row.values())
            ]
    return kept
