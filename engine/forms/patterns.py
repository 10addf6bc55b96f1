"""Patterns that an answer must fit: only those that are tried in no time.

A pattern such as ``(a+)+`` would keep the server busy for years over one answer."""

from __future__ import annotations

import re

LONGEST_PATTERN = 100
LONGEST_ANSWER = 200
"""A longer text is not tried: it fits no pattern."""
MOST_REPEATS = 3
MOST_SHORT_REPEATS = 8
_PART = re.compile(
    r"""(?P<escape>\\.)
    |(?P<set>\[\^?\]?(?:\\.|[^\]\\])*\])
    |(?P<open>\((?:\?:)?)
    |(?P<close>\))
    |(?P<either>\|)
    |(?P<repeat>(?:[*+?]|\{\d*,?\d*\})[?+]?)
    |(?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)
_MOST_TIMES = 20
"""Of a repeat that counts as short, such as {1,4}."""


def fault(pattern: str) -> str:
    """Why a pattern may not be used, "" where it may."""
    if len(pattern) > LONGEST_PATTERN:
        return f"is longer than {LONGEST_PATTERN} characters"
    try:
        re.compile(pattern)
    except (re.error, OverflowError, RecursionError):
        return "is not a pattern"
    return _slow(pattern)


def fits(pattern: str, text: str) -> bool:
    """Whether the whole of a text fits."""
    return len(text) <= LONGEST_ANSWER and re.fullmatch(pattern, text) is not None


def _slow(pattern: str) -> str:
    """Whether trying it could take long: what is repeated repeats or forks within
    itself, or there are so many repeats that they could share a text in many ways."""
    long = short = 0
    forks = [False]
    """For each open group: whether it holds a repeat or a choice."""
    closed = False
    for part in _PART.finditer(pattern):
        kind, text = part.lastgroup, part[0]
        if kind == "escape" and text[1].isdigit():
            return "refers back to an earlier part"
        if kind == "open" and pattern[part.end() :].startswith("?"):
            return "looks ahead or back"
        if kind == "close":
            closed = forks.pop()
            forks[-1] = forks[-1] or closed
            continue
        if kind == "open":
            forks.append(False)
        elif kind == "either":
            forks[-1] = True
        elif kind == "repeat":
            if closed and text[0] != "?":
                return "repeats something that repeats or forks within itself"
            forks[-1] = True
            long += _is_long(text)
            short += not _is_long(text)
        closed = False
    too_many = long > MOST_REPEATS or short > MOST_SHORT_REPEATS
    return "has too many repeats" if too_many else ""


def _is_long(repeat: str) -> bool:
    """Whether a repeat may be of many: not ``?``, not ``{2}``, not ``{1,4}``."""
    if repeat[0] != "{":
        return repeat[0] != "?"
    last = repeat.rstrip("?+").strip("{}").split(",")[-1]
    return not last or int(last) > _MOST_TIMES
