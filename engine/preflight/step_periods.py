"""What is wrong with the period that a notice gives for one of its steps.

Section 173(9): every step has a period, in numbers, that starts when the notice takes
effect. A notice without one is a nullity (R (Lynes) v West Berkshire [2002] EWHC
1828)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

Found = tuple[str, str, str]
"""Rule, message, remedy."""

_AT_ONCE = re.compile(
    r"\b(immediately|forthwith|at once|straight ?away|with immediate effect|"
    r"without delay|instantly)\b",
    re.I,
)
_VAGUE = re.compile(
    r"\b(about|around|approximately|reasonabl[ey]|as soon as|promptly|if possible|"
    r"where practicable|or so|between|or sooner|at the earliest)\b",
    re.I,
)
_NUMBERS = {
    word: number
    for number, word in enumerate(
        "one two three four five six seven eight nine ten eleven twelve".split(), 1
    )
}
_PERIOD = re.compile(
    rf"\b(\d+|{'|'.join(_NUMBERS)})\s+(?:calendar\s+)?(day|week|month|year)s?\b", re.I
)
_DATE = re.compile(
    r"\b(\d{1,2}) (January|February|March|April|May|June|July|August|September|"
    r"October|November|December) (\d{4})\b"
)
_UNITS = {"calendar_days": "day", "weeks": "week", "months": "month", "years": "year"}


def step_findings(
    step: Mapping[str, Any], number: int, *, effective_on: date | None
) -> Iterator[Found]:
    """Each defect of the step. `step` holds requirement, length (a whole number), unit
    (calendar_days, weeks, months, years) and period_words, the words as printed."""
    requirement = str(step.get("requirement") or "").strip()
    words = str(step.get("period_words") or "").strip()
    length, unit = step.get("length"), _UNITS.get(str(step.get("unit")))
    if not requirement:
        yield (
            "step_unclear",
            f"Step {number} does not say what must be done (s173(3)).",
            "Say exactly what must be done or stop.",
        )
    if at_once := _AT_ONCE.search(f"{requirement} {words}"):
        yield (
            "stop_immediately",
            f"Step {number} says “{at_once.group()}”: a notice that requires something "
            "at once gives no period for compliance (s173(9)).",
            "Take the word out and give a number of days, weeks or months.",
        )
        return
    if length is not None and length <= 0:
        yield (
            "no_time_to_comply",
            f"Step {number} leaves no time between the effective date and the end of "
            "compliance (s173(9)).",
            "Give a period of at least one day.",
        )
        return
    yield from _period(number, length, unit, words, effective_on)
    if length is not None and unit:
        yield from _conflicts(number, length, unit, requirement)


def _period(
    number: int,
    length: int | None,
    unit: str | None,
    words: str,
    effective_on: date | None,
) -> Iterator[Found]:
    remedy = "Give one period: a whole number of days, weeks, months or years."
    stated = _stated_date(words)
    if stated and effective_on and stated <= effective_on:
        yield (
            "no_time_to_comply",
            f"Step {number} must be done by a day that is not after the notice takes "
            "effect (s173(9)).",
            remedy,
        )
    elif length is None and not words:
        yield (
            "period_missing",
            f"Step {number} has no period for compliance (s173(9)). The notice would "
            "be a nullity.",
            remedy,
        )
    elif stated:
        yield (
            "period_unclear",
            f"Step {number} names a day instead of a period: an appeal can outlast it "
            "(s173(9)).",
            remedy,
        )
    elif length is None and not _PERIOD.search(words):
        yield (
            "period_only_described",
            f"Step {number} only describes its period (“{words}”) (s173(9)).",
            remedy,
        )
    elif length is None or unit is None or _VAGUE.search(words):
        yield (
            "period_unclear",
            f"The period for step {number} is unclear (s173(9)).",
            remedy,
        )
    else:
        yield from _conflicts(number, length, unit, words)


def _conflicts(number: int, length: int, unit: str, text: str) -> Iterator[Found]:
    for found in _PERIOD.finditer(text):
        amount, what = found.group(1).lower(), found.group(2).lower()
        if (int(_NUMBERS.get(amount, amount)), what) != (length, unit):
            yield (
                "period_unclear",
                f"Step {number} gives two periods: {length} {unit}{_s(length)}, and "
                f"“{found.group()}” (s173(9)).",
                "Leave one of them.",
            )


def _stated_date(words: str) -> date | None:
    found = _DATE.search(words)
    if found is None:
        return None
    try:
        return datetime.strptime(" ".join(found.groups()), "%d %B %Y").date()
    except ValueError:
        return None


def _s(length: int) -> str:
    return "" if length == 1 else "s"
