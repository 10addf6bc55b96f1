"""How what a diagram waits for differs: its period, and the day it runs from. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping

from engine.studio.comparing_words import instead, named, quoted

_DEADLINE = re.compile(r'deadline\(\s*"(\w+)"\s*,\s*(.*)\)', re.DOTALL)

Lengths = Mapping[str, str]
"""A period's length in words, by its key."""


def in_words(timer: str, lengths: Lengths) -> str:
    """The period ‘second visit’ (10 working days) from ‘visited on’."""
    counted = _counted(timer)
    if counted is None:
        return quoted(timer) if timer.strip() else ""
    return f"{_period(counted[0], lengths)} from {_day(counted[1], lengths)}"


def changed(old: str, new: str, before: Lengths, after: Lengths) -> str:
    """What follows “The wait”, where the expression has changed."""
    was, now = _counted(old), _counted(new)
    if was and now and was[1] == now[1]:
        periods = _period(now[0], after), _period(was[0], before)
        return f"now uses {periods[0]} instead of {periods[1]}"
    if was and now and was[0] == now[0]:
        return (
            f"now counts from {_day(now[1], after)} instead of {_day(was[1], before)}"
        )
    return instead(in_words(old, before), in_words(new, after))


def only_longer(timer: str, before: Lengths, after: Lengths) -> str:
    """Where the expression is the same, and its period another; else ''."""
    counted = _counted(timer)
    if counted is None:
        return ""
    was, now = before.get(counted[0]), after.get(counted[0])
    if was is None or now is None or was == now:
        return ""
    return f"its period {named(counted[0])} is now {now} instead of {was}"


def _counted(timer: str) -> tuple[str, str] | None:
    """The period, and the day from which it runs."""
    match = _DEADLINE.fullmatch(timer.strip())
    return (match[1], " ".join(match[2].split())) if match else None


def _period(key: str, lengths: Lengths) -> str:
    length = f" ({lengths[key]})" if key in lengths else ""
    return f"the period {named(key)}{length}"


def _day(expression: str, lengths: Lengths) -> str:
    """The day from which is counted: a fact, the end of another period, or more."""
    if expression.isidentifier():
        return named(expression)
    counted = _counted(expression)
    if counted is None:
        return quoted(expression)
    return f"the end of {_period(counted[0], lengths)} from {_day(counted[1], lengths)}"
