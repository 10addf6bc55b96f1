"""Say in plain English why a date is what it is, day by day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from engine.law.bank_holidays import WorkingCalendar
from engine.law.dates import DAY, LONDON, Pause, paused_days
from engine.law.day_by_day import (
    at_in_words,
    holiday_lines,
    in_words,
    length_in_words,
    rule_lines,
)
from engine.law.period_model import Period, Version
from engine.law.reckoning import Alternative, Reckoned

__all__ = [
    "Explanation",
    "as_dict",
    "as_text",
    "at_in_words",
    "day_lines",
    "hour_lines",
    "in_words",
    "length_in_words",
]

_CONFIDENCE = {
    "verified": "The rule was read in the sources named. It is not legal advice.",
    "partly_verified": "Part of this rule was read in a source and part was not: it is "
    "not yet confirmed by a solicitor.",
    "general_knowledge": "This rule comes from general knowledge and its text was not "
    "seen: it is not yet confirmed by a solicitor.",
    "local_policy": "This is a target the council sets itself, not law.",
}


Day = date | datetime


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """A date and the reasons for it. `date` is a datetime (UTC) for periods in hours
    and None where there is no arithmetic; `confirmed` is False where the UI must mark
    the period as not yet confirmed by a solicitor."""

    key: str
    title: str
    section: str
    trigger: Day
    date: Day | None
    date_is: str
    rule: str
    lines: tuple[str, ...]
    alternatives: tuple[Alternative, ...]
    confidence: str
    confirmed: bool
    source: tuple[str, ...]


def day_lines(
    period: Period,
    version: Version,
    *,
    trigger: date,
    reckoned: Reckoned,
    calendar: WorkingCalendar,
    pauses: Sequence[Pause] = (),
) -> tuple[str, ...]:
    """The reasons for the date of a period counted in days, weeks, months or years."""
    lines = [f"The day that starts it is {period.trigger}: {in_words(trigger)}."]
    lines.extend(version_lines(period, version))
    if reckoned.date is None or reckoned.unpaused is None:
        lines.append(f"There is no arithmetic to do. {period.reason}".strip())
    else:
        lines.extend([reckoned.why] if reckoned.why else [])
        lines.extend(rule_lines(trigger, reckoned, calendar))
        lines.extend(pause_lines(period, trigger, reckoned, calendar, pauses))
        lines.append(result_line(period, reckoned.date))
    lines.extend(closing_lines(period, reckoned.alternatives))
    lines.extend(holiday_lines(trigger, reckoned, calendar))
    return tuple(lines)


def version_lines(period: Period, version: Version) -> Iterator[str]:
    """What the law was on the day, where it has not always been the same."""
    if version.note:
        yield version.note
    elif version.from_on or version.until_on:
        words = length_in_words(version.length, version.unit)
        yield f"On that day the period was {words}."


def result_line(period: Period, day: date) -> str:
    """What the date means for the person who reads it."""
    what = period.on_expiry
    if period.date_is == "first_day":
        meaning = f": {what}." if what else "."
        return f"{in_words(day)} is the first day{meaning}"
    after = f" From {in_words(day + DAY)}: {what}." if what else ""
    return (
        f"{in_words(day)} is the last day, and the whole of it counts: the period ends "
        f"when that day is over.{after}"
    )


def closing_lines(period: Period, alternatives: Sequence[Alternative]) -> Iterator[str]:
    """Other readings, notes, where the rule comes from and how sure it is."""
    for other in alternatives:
        yield f"Also shown: {in_words(other.date)} ({other.why})."
    if period.counting:
        yield period.counting
    yield f"Rule: {period.section}."
    if period.confirmed_by:
        yield f"Confirmed by {period.confirmed_by}."
    else:
        yield _CONFIDENCE[period.confidence]


def pause_lines(
    period: Period,
    trigger: date,
    reckoned: Reckoned,
    calendar: WorkingCalendar,
    pauses: Sequence[Pause],
) -> Iterator[str]:
    """What pauses did to a local target, or that they do nothing to a legal period."""
    end, unpaused = reckoned.date, reckoned.unpaused
    if not pauses or end is None or unpaused is None:
        return
    if period.statutory:
        yield (
            "The clock of a local target was paused on this case. That does not change "
            "this date: the law sets it, and no pause extends it."
        )
        return
    working = reckoned.unit == "working_days"
    for pause in sorted(pauses, key=lambda each: each.from_on):
        stopped = paused_days(
            trigger, end, pauses=[pause], working=calendar if working else None
        )
        if stopped:
            unit = "working_days" if working else "calendar_days"
            yield (
                f"The clock stood still from {in_words(pause.from_on)} to "
                f"{in_words(pause.to_on - DAY)}: {length_in_words(stopped, unit)} not "
                "counted."
            )
    if end != unpaused:
        yield f"Without the pause it would have been {in_words(unpaused)}."


def hour_lines(
    period: Period, version: Version, trigger: date | datetime, answer: datetime
) -> tuple[str, ...]:
    """The reasons for the moment of a period counted in hours."""
    lines = []
    if isinstance(trigger, datetime):
        lines.append(f"It starts with {period.trigger}: {at_in_words(trigger)}.")
        before, after = trigger.astimezone(LONDON), answer.astimezone(LONDON)
        if before.utcoffset() != after.utcoffset():
            lines.append(
                "The clocks change in between. Hours that pass are counted, not hours "
                "on the clock."
            )
    else:
        lines.append(
            f"It starts with {period.trigger}: {in_words(trigger)}. No time was given, "
            "so it is counted from the end of that day. Give the time for an exact "
            "answer."
        )
    lines.extend(version_lines(period, version))
    words = length_in_words(version.length, version.unit)
    lines.append(f"{words} later is {at_in_words(answer)}.")
    if period.on_expiry:
        lines.append(f"From then: {period.on_expiry}.")
    lines.extend(closing_lines(period, ()))
    return tuple(lines)


def as_dict(explanation: Explanation) -> dict[str, object]:
    """The explanation as `enforce deadline --json` prints it."""
    return {
        "key": explanation.key,
        "trigger": _written(explanation.trigger),
        "date": _written(explanation.date),
        "date_is": explanation.date_is,
        "rule": explanation.rule,
        "explanation": list(explanation.lines),
        "alternatives": [
            {"date": other.date.isoformat(), "why": other.why}
            for other in explanation.alternatives
        ],
        "title": explanation.title,
        "section": explanation.section,
        "confidence": explanation.confidence,
        "confirmed": explanation.confirmed,
        "source": list(explanation.source),
    }


def as_text(explanation: Explanation) -> str:
    """The explanation as `enforce deadline` prints it: the bare date first, then why.
    Alternatives and doubts are among the lines."""
    found = explanation.date
    which = explanation.date_is.replace("_", " ")
    if found is None:
        first, second = "No date", explanation.title
    elif isinstance(found, datetime):
        first, second = str(_written(found)), explanation.title
    else:
        first, second = found.isoformat(), f"{explanation.title}: the {which}"
    return "\n".join((first, *(f"  {line}" for line in (second, *explanation.lines))))


def _written(found: date | datetime | None) -> str | None:
    if isinstance(found, datetime):
        return found.astimezone(LONDON).isoformat()
    return found.isoformat() if found else None
