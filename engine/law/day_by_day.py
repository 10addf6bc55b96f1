"""Write out the days that a period counts, one by one or in runs, in plain English."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from engine.law.bank_holidays import WorkingCalendar
from engine.law.dates import DAY, LONDON, add_months
from engine.law.reckoning import Reckoned

DAYS_LISTED = 31
WORKING_DAYS_LISTED = 10
WEEKS_LISTED = 12

_UNIT_WORDS = {
    "calendar_days": ("day", "days"),
    "working_days": ("working day", "working days"),
    "weeks": ("week", "weeks"),
    "months": ("month", "months"),
    "years": ("year", "years"),
    "hours": ("hour", "hours"),
}


def in_words(day: date) -> str:
    """Monday 2 March 2026"""
    return f"{day:%A} {day.day} {day:%B %Y}"


def at_in_words(moment: datetime) -> str:
    """11:00 on Sunday 29 March 2026, London time"""
    local = moment.astimezone(LONDON)
    return f"{local:%H:%M} on {in_words(local.date())}"


def length_in_words(length: int | None, unit: str | None) -> str:
    """21 days, 1 month"""
    if length is None or unit is None:
        return "the time stated"
    one, many = _UNIT_WORDS[unit]
    return f"{length} {one if length == 1 else many}"


def rule_lines(
    trigger: date, reckoned: Reckoned, calendar: WorkingCalendar
) -> Iterator[str]:
    """How the rule counts, then the days it counts and those it passes over."""
    rule, length, unit = reckoned.rule, reckoned.length, reckoned.unit
    end = reckoned.unpaused
    assert end is not None
    if length is None or unit is None:
        which = "before" if end < trigger else "after"
        yield f"The rule is the day {which} that day: {in_words(end)}."
        return
    words = length_in_words(length, unit)
    if rule == "lookback_ending_with":
        yield (
            f"It looks back over {words} ending with that day. The {words} began on "
            f"{in_words(end)}."
        )
    elif rule in ("min_before", "before_event"):
        yield f"It is counted back: {words} before that day, which is not counted."
        yield from _counted_lines(trigger, reckoned, calendar)
    elif rule == "beginning_with":
        yield f"It is {words} beginning with that day, so that day is day 1."
        yield from _counted_lines(trigger, reckoned, calendar)
    elif rule == "clear":
        yield (
            f"It is {words} clear: neither that day nor the day it takes effect is "
            "counted."
        )
        yield from _counted_lines(trigger, reckoned, calendar)
    elif length == 0:
        yield from _same_day_lines(trigger, end, calendar)
    else:
        yield f"It is {words} after that day, which is not itself counted."
        yield from _counted_lines(trigger, reckoned, calendar)


def _same_day_lines(
    trigger: date, end: date, calendar: WorkingCalendar
) -> Iterator[str]:
    if end == trigger:
        yield "It is the same day."
    else:
        off = calendar.reason_off(trigger)
        yield f"It is the same day, but that is not a working day ({off})."
        yield f"The next working day is {in_words(end)}."


def _counted_lines(
    trigger: date, reckoned: Reckoned, calendar: WorkingCalendar
) -> Iterator[str]:
    match reckoned.unit:
        case "working_days":
            yield from _working_lines(trigger, reckoned, calendar)
        case "calendar_days":
            yield from _calendar_lines(trigger, reckoned)
        case "weeks":
            yield from _week_lines(trigger, reckoned)
        case _:
            yield from _month_lines(trigger, reckoned)


def _calendar_lines(trigger: date, reckoned: Reckoned) -> Iterator[str]:
    length = reckoned.length or 0
    first = trigger if reckoned.rule == "beginning_with" else trigger + DAY
    step = 1
    if reckoned.rule in ("min_before", "before_event"):
        first, step = trigger - DAY, -1
    yield "Weekends and bank holidays count."
    if length <= DAYS_LISTED:
        for number in range(length):
            yield f"Day {number + 1}: {in_words(first + DAY * number * step)}"
    else:
        for start in range(0, length, 7):
            stop = min(start + 7, length) - 1
            from_day = in_words(first + DAY * start * step)
            to_day = in_words(first + DAY * stop * step)
            yield f"Days {start + 1} to {stop + 1}: {from_day} to {to_day}"
    if reckoned.rule == "clear" and reckoned.unpaused:
        yield f"The day after those is {in_words(reckoned.unpaused)}."


def _week_lines(trigger: date, reckoned: Reckoned) -> Iterator[str]:
    length = reckoned.length or 0
    step = -1 if reckoned.rule in ("min_before", "before_event") else 1
    yield "Weekends and bank holidays count. A week later is the same day of the week."
    if length <= WEEKS_LISTED:
        for week in range(1, length + 1):
            yield f"Week {week}: {in_words(trigger + DAY * 7 * week * step)}"
    else:
        yield f"{length} weeks: {in_words(trigger + DAY * 7 * length * step)}"


def _month_lines(trigger: date, reckoned: Reckoned) -> Iterator[str]:
    months = (reckoned.length or 0) * (12 if reckoned.unit == "years" else 1)
    back = reckoned.rule in ("min_before", "before_event")
    same = add_months(trigger, -months if back else months)
    words = length_in_words(reckoned.length, reckoned.unit)
    which = "before" if back else "after"
    if same.day == trigger.day:
        yield f"The same date {words} {which} is {in_words(same)}."
    else:
        yield (
            f"There is no {trigger.day} {same:%B %Y}, so the last day of that month "
            f"stands for it: {in_words(same)}."
        )
    if reckoned.rule == "beginning_with" and reckoned.unpaused:
        yield (
            "Because the first day is counted, the period ends on the day before: "
            f"{in_words(reckoned.unpaused)}."
        )
    if reckoned.rule == "clear" and reckoned.unpaused:
        yield f"The day after that is {in_words(reckoned.unpaused)}."


def _working_lines(
    trigger: date, reckoned: Reckoned, calendar: WorkingCalendar
) -> Iterator[str]:
    length = reckoned.length or 0
    step = -DAY if reckoned.rule in ("min_before", "before_event") else DAY
    day = trigger - DAY if reckoned.rule == "beginning_with" else trigger
    listed = length <= WORKING_DAYS_LISTED
    if not listed:
        yield "Saturdays and Sundays are not counted."
    number, run_start, run_number = 0, day, 0
    while number < length:
        day += step
        off = calendar.reason_off(day)
        if off is None:
            number += 1
            if not run_number:
                run_start, run_number = day, number
            if listed:
                yield f"Working day {number}: {in_words(day)}"
                run_number = 0
            if number < length:
                continue
        if run_number:
            counted = number
            yield _run(run_number, counted, run_start, day - step if off else day)
            run_number = 0
        if off and (listed or off != "weekend"):
            yield f"Not counted: {in_words(day)} ({off})"
    if reckoned.inspectorate and day != reckoned.unpaused and reckoned.unpaused:
        yield (
            "The Planning Inspectorate's program passes over bank holidays all at once "
            f"and arrives at {in_words(reckoned.unpaused)}."
        )


def _run(first: int, last: int, start: date, end: date) -> str:
    if first == last:
        return f"Working day {first}: {in_words(start)}"
    return f"Working days {first} to {last}: {in_words(start)} to {in_words(end)}"


def holiday_lines(
    trigger: date, reckoned: Reckoned, calendar: WorkingCalendar
) -> Iterator[str]:
    """A warning where bank holidays are not yet, or no longer, known."""
    days = [day for day in (trigger, reckoned.date) if day]
    if reckoned.unit != "working_days" or all(calendar.covers(day) for day in days):
        return
    yield (
        f"Bank holidays are known only from {calendar.known_from.year} to "
        f"{calendar.known_until.year} ({calendar.source}). Some of the days counted "
        "lie outside those years, so only weekends could be left out there: check this "
        "date."
    )
