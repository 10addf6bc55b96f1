"""Work out the date of one period from the day that starts it, with the other readings
of the same rule beside it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from engine.law.bank_holidays import WorkingCalendar
from engine.law.dates import (
    DAY,
    WITHOUT_ARITHMETIC,
    DateOutOfRange,
    Pause,
    count,
    extend,
    shift,
)
from engine.law.period_model import Period, Reading, Version

Day = date


@dataclass(frozen=True)
class Alternative:
    """Another date that the same words can give, and why."""

    date: Day
    why: str


@dataclass(frozen=True, kw_only=True)
class Reckoned:
    """The date of a period (None: no arithmetic), and how it was reached.

    `rule`, `length` and `unit` are those of the reading that gave the date; `unpaused`
    is the date before the pauses of a local target moved it; `alert_on` is the earlier
    of two readings of a last day."""

    date: Day | None
    unpaused: Day | None
    rule: str
    length: int | None
    unit: str | None
    inspectorate: bool
    why: str
    alternatives: tuple[Alternative, ...]
    alert_on: Day | None


def reckon(
    period: Period,
    version: Version,
    *,
    trigger: date,
    calendar: WorkingCalendar,
    pauses: Sequence[Pause] = (),
) -> Reckoned:
    """The date of the period as it stood in that version."""
    main = next((reading for reading in period.readings if reading.main), None)
    plain = Reading(
        rule=period.rule, length=version.length, unit=version.unit, why="", main=True
    )
    chosen = main or plain
    unpaused = _date(chosen, trigger, calendar)
    moved = unpaused
    if pauses and unpaused and not period.statutory and chosen.unit:
        moved = extend(
            trigger, unpaused, pauses=pauses, unit=chosen.unit, calendar=calendar
        )
    others: list[tuple[Alternative, bool]] = []
    if main:
        other = _date(plain, trigger, calendar)
        if other and other != moved:
            backwards = plain.rule == "lookback_ending_with"
            others.append((Alternative(other, main.otherwise), not backwards))
    for reading in period.readings:
        other = None if reading.main else _date(reading, trigger, calendar)
        if other and other != moved:
            others.append((Alternative(other, reading.why), True))
    if not main and period.statutory:
        others.extend(
            (other, True) for other in _second_readings(plain, trigger, calendar)
        )
    last_day = period.date_is == "last_day"
    earlier = [other.date for other, alerts in others if alerts and last_day]
    return Reckoned(
        date=moved,
        unpaused=unpaused,
        rule=chosen.rule,
        length=chosen.length,
        unit=chosen.unit,
        inspectorate=chosen.calendar == "inspectorate",
        why=chosen.why,
        alternatives=tuple(other for other, _ in others),
        alert_on=min((moved, *earlier)) if moved else None,
    )


def _date(reading: Reading, trigger: date, calendar: WorkingCalendar) -> date | None:
    if reading.calendar == "inspectorate" and reading.length is not None:
        back = reading.rule == "min_before"
        try:
            return calendar.inspectorate_shift(
                trigger, -reading.length if back else reading.length
            )
        except OverflowError as error:
            raise DateOutOfRange() from error
    return count(
        reading.rule,
        trigger,
        length=reading.length,
        unit=reading.unit,
        calendar=calendar,
    )


def _second_readings(
    plain: Reading, trigger: date, calendar: WorkingCalendar
) -> Iterable[Alternative]:
    """The other way to read the words of the rule itself."""
    if plain.length is None or plain.unit is None:
        return
    if plain.rule in WITHOUT_ARITHMETIC:
        if plain.rule == "min_duration":
            end = count(
                "beginning_with",
                trigger,
                length=plain.length,
                unit=plain.unit,
                calendar=calendar,
            )
            if end:
                yield Alternative(
                    end,
                    "the day at whose end it has gone on long enough, if it began on "
                    "the day given",
                )
        return
    end = shift(trigger, plain.length, plain.unit, calendar)
    if plain.rule == "within_from":
        yield Alternative(
            end - DAY,
            "the cautious reading: the day that starts the period is counted as day 1",
        )
    if plain.rule == "clear":
        yield Alternative(
            end,
            "the other reading, without clear days: the day it takes effect may be "
            "the last of the days counted. Do not use an earlier date than this",
        )
    if plain.rule == "beginning_with" and plain.unit in ("months", "years"):
        if end.day != trigger.day:
            yield Alternative(
                end,
                f"{end:%B %Y} has no day {trigger.day}: if the anniversary is taken "
                "as the first of the next month, the last day is the day before that",
            )
