"""Writes stories: the YAML of a case played by hand, and what it then expects."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import yaml

from engine.clock import LONDON
from engine.forms import is_empty
from engine.rehearsing.stories import LOADER
from engine.views import TaskLine

Raw = dict[str, Any]
"""A story as YAML has it: mappings, lists and plain values."""


class _Writer(yaml.SafeDumper):
    """Lists stand below their name with two more spaces, as stories have them."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


def load(text: str) -> Raw:
    """The story in a text that `dump` wrote."""
    found: Raw = yaml.load(text, LOADER)  # noqa: S506  safe either way
    return found


def dump(story: Mapping[str, Any]) -> str:
    """A story as text, its parts in the order in which they are given."""
    return yaml.dump(
        written(story),
        Dumper=_Writer,
        sort_keys=False,
        allow_unicode=True,
        width=88,
    )


def dump_step(step: Mapping[str, Any]) -> str:
    """One step as it stands in the list of a story's steps, not indented."""
    return yaml.dump(
        [written(step)],
        Dumper=yaml.SafeDumper,
        sort_keys=False,
        allow_unicode=True,
        width=88,
    )


def written(value: Any) -> Any:
    """A fact as a story writes it: moments in London's time, without a zone."""
    if isinstance(value, datetime):
        local = value.astimezone(LONDON) if value.tzinfo else value
        precision = "seconds" if local.second else "minutes"
        return local.replace(tzinfo=None).isoformat(timespec=precision)
    if isinstance(value, date):
        return date(value.year, value.month, value.day)
    if isinstance(value, Mapping):
        return {str(key): written(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [written(entry) for entry in value]
    return value


def given_answers(
    answers: Mapping[str, Any], defaults: Mapping[str, Any]
) -> dict[str, Any]:
    """What a story must say of a task's answers, so that they are given again: all but
    the empty ones, and those where a default would stand."""
    return {
        key: _full(value)
        for key, value in answers.items()
        if not is_empty(value) or not is_empty(defaults.get(key))
    }


def _full(value: Any) -> Any:
    """The same without what was left empty in the entries of a list."""
    if isinstance(value, Mapping):
        return {k: _full(entry) for k, entry in value.items() if not is_empty(entry)}
    if isinstance(value, list):
        return [_full(entry) for entry in value]
    return value


def expected(ready: Iterable[TaskLine]) -> Raw:
    """A step that expects these tasks, and no others, with their dates."""
    lines = list(ready)
    wanted: Raw = {"only_ready": sorted(line.element for line in lines)}
    due = {
        element: days[0]
        for element in dict.fromkeys(wanted["only_ready"])
        if (days := _dates(lines, element))
    }
    if due:
        wanted["due"] = due
    return {"expect": wanted}


def _dates(lines: Sequence[TaskLine], element: str) -> list[date]:
    """The one date of an element's tasks; empty where they have several or none."""
    found = {_date(line) for line in lines if line.element == element}
    return [each for each in found if each is not None] if len(found) == 1 else []


def _date(line: TaskLine) -> date | None:
    if line.due_on is not None or line.due_at is None:
        return line.due_on
    return line.due_at.astimezone(LONDON).date()
