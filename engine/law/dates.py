"""Counting days as the law counts them. Pure: no files, no network, no clock.

A rule says how a length of time is counted from the day that starts it; `count` applies
one. Legal days are London's: midnight there is what ends them."""

from __future__ import annotations

import calendar as month_lengths
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Literal, Self, get_args
from zoneinfo import ZoneInfo

from engine.errors import EngineError
from engine.law.bank_holidays import WorkingCalendar

LONDON = ZoneInfo("Europe/London")
DAY = timedelta(days=1)

Unit = Literal["calendar_days", "working_days", "weeks", "months", "years", "hours"]
DateIs = Literal["last_day", "first_day"]
Rule = Literal[
    "beginning_with",
    "after",
    "clear",
    "within_after",
    "within_from",
    "max_after",
    "min_before",
    "not_earlier_after",
    "before_event",
    "lookback_ending_with",
    "as_specified",
    "event",
    "none",
    "condition",
    "min_duration",
]
UNITS: tuple[str, ...] = get_args(Unit)
RULES: tuple[str, ...] = get_args(Rule)
DATE_IS: tuple[str, ...] = get_args(DateIs)

FIRST_YEAR, LAST_YEAR = 1900, 2900
"""Triggers outside these years are slips of the pen."""

WITHOUT_ARITHMETIC = frozenset(
    ("as_specified", "event", "none", "condition", "min_duration")
)


class DateOutOfRange(EngineError):
    """That date is too far away to be worked out. Check the year."""


class BadDate(EngineError):
    """That is not a date. Write it as year, month and day, for example 2026-03-02."""


class Deadline(date):
    """A date that knows the period it came from; otherwise an ordinary date.

    `trigger` is the day that started the period, `date_is` says whether this is the
    last day on which something may be done or the first, `length` and `unit` are those
    in force on the day (None where the period has no length of its own). `alert_on` is
    the earlier of two readings where the law can be read in two ways, else the date
    itself. Arithmetic on a deadline gives a plain date."""

    key: str = ""
    trigger: date | None = None
    date_is: str = "last_day"
    length: int | None = None
    unit: str | None = None
    alert_on: date | None = None

    @classmethod
    def on(
        cls,
        day: date,
        trigger: date,
        *,
        key: str,
        date_is: str,
        length: int | None = None,
        unit: str | None = None,
        alert_on: date | None = None,
    ) -> Self:
        self = cls(day.year, day.month, day.day)
        self.key = key
        self.trigger = trigger
        self.date_is = date_is
        self.length = length
        self.unit = unit
        self.alert_on = alert_on or self.plain
        return self

    @property
    def plain(self) -> date:
        return date(self.year, self.month, self.day)

    def __add__(self, other: timedelta) -> date:  # type: ignore[override]
        return self.plain + other

    def __radd__(self, other: timedelta) -> date:  # type: ignore[override]
        return self.plain + other

    def __sub__(self, other: Any) -> Any:
        return self.plain - other

    def replace(self, *args: Any, **changes: Any) -> date:  # type: ignore[override]
        return self.plain.replace(*args, **changes)

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return (date, (self.year, self.month, self.day))


@dataclass(frozen=True, kw_only=True)
class Pause:
    """Days on which a local target's clock stands still: from `from_on` up to, and not
    including, `to_on`."""

    from_on: date
    to_on: date

    def days(self) -> set[date]:
        return {self.from_on + DAY * n for n in range((self.to_on - self.from_on).days)}


def london_day(moment: date | datetime) -> date:
    """The legal day of a moment (a moment without a zone is London's), or the day."""
    if not isinstance(moment, datetime):
        return moment
    if moment.tzinfo is None:
        return moment.date()
    return moment.astimezone(LONDON).date()


def in_zone(moment: date | datetime) -> date | datetime:
    """A moment without a zone is London's; anything else is given back as it is."""
    return zoned(moment) if isinstance(moment, datetime) else moment


def read_moment(text: str) -> date | datetime:
    """A date (2026-03-02) or a date and time (2026-03-02T09:30), as typed. A time
    without a zone is London's. Raises BadDate."""
    written = text.strip()
    try:
        return date.fromisoformat(written)
    except ValueError:
        pass
    try:
        return in_zone(datetime.fromisoformat(written))
    except ValueError as error:
        raise BadDate(
            f"“{text}” is not a date. Write it as year, month and day, for example "
            "2026-03-02, or with a time, 2026-03-02T09:30."
        ) from error


def start_of(day: date) -> datetime:
    """00:00 in London on that day, in UTC."""
    return datetime.combine(day, time(), LONDON).astimezone(UTC)


def add_months(day: date, months: int) -> date:
    """The corresponding date so many months later or earlier; the last day of the month
    where the month is too short (31 January + 1 month = 28 or 29 February)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = month_lengths.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def shift(day: date, length: int, unit: str, calendar: WorkingCalendar) -> date:
    """The day so long after a day (before it, if the length is negative)."""
    try:
        match unit:
            case "calendar_days":
                return day + DAY * length
            case "weeks":
                return day + DAY * 7 * length
            case "months":
                return add_months(day, length)
            case "years":
                return add_months(day, length * 12)
            case "working_days":
                return calendar.shift(day, length)
    except (OverflowError, ValueError, month_lengths.IllegalMonthError) as error:
        raise DateOutOfRange() from error
    raise ValueError(f"{unit} is not a unit that is counted in days")


def count(
    rule: str,
    trigger: date,
    *,
    length: int | None,
    unit: str | None,
    calendar: WorkingCalendar,
) -> date | None:
    """The date that a counting rule gives, or None where it has no arithmetic.

    Without a length, `before_event` gives the day before and `after` the day after."""
    if rule in WITHOUT_ARITHMETIC:
        return None
    if length is None or unit is None:
        one = {"before_event": -1, "after": 1}.get(rule)
        return shift(trigger, one, "calendar_days", calendar) if one else None
    try:
        return _count(rule, trigger, length, unit, calendar)
    except OverflowError as error:
        raise DateOutOfRange() from error


def _count(
    rule: str, trigger: date, length: int, unit: str, calendar: WorkingCalendar
) -> date:
    match rule:
        case "beginning_with" if unit == "working_days":
            return shift(trigger - DAY, length, unit, calendar)
        case "beginning_with":
            return shift(trigger, length, unit, calendar) - DAY
        case "clear":
            return shift(trigger, length, unit, calendar) + DAY
        case "min_before" | "before_event":
            return shift(trigger, -length, unit, calendar)
        case "lookback_ending_with":
            return shift(trigger, -length, unit, calendar) + DAY
        case "after" | "within_after" | "within_from" | "max_after":
            return shift(trigger, length, unit, calendar)
        case "not_earlier_after":
            return shift(trigger, length, unit, calendar)
    raise ValueError(f"{rule} is not a counting rule")


def count_hours(given_at: date | datetime, hours: int) -> datetime:
    """The moment so many hours later, in UTC: hours that pass, not hours on the clock
    on the wall. A day without a time counts from its end, because the hour of giving
    is not known."""
    if isinstance(given_at, datetime):
        start = zoned(given_at).astimezone(UTC)
    else:
        start = start_of(given_at + DAY)
    return start + timedelta(hours=hours)


def paused_days(
    trigger: date,
    end: date,
    *,
    pauses: Sequence[Pause],
    working: WorkingCalendar | None = None,
) -> int:
    """How many days after `trigger` and up to `end` fall in a pause (only working days,
    if a calendar is given)."""
    stopped: set[date] = set().union(*(pause.days() for pause in pauses))
    return sum(
        trigger < day <= end and (working is None or working.is_working(day))
        for day in stopped
    )


def extend(
    trigger: date,
    end: date,
    *,
    pauses: Sequence[Pause],
    unit: str,
    calendar: WorkingCalendar,
) -> date:
    """The end of a local target after the days on which its clock stood still."""
    working = calendar if unit == "working_days" else None
    step = unit if working else "calendar_days"
    extended, seen = end, -1
    while True:
        stopped = paused_days(trigger, extended, pauses=pauses, working=working)
        if stopped == seen:
            return extended
        seen = stopped
        extended = shift(end, stopped, step, calendar) if stopped else end


def lasted(began: date, ended: date, *, length: int, unit: str) -> bool:
    """Whether something that went on from `began` to `ended`, both days included,
    lasted so many months or years at least (the rule min_duration)."""
    months = length * 12 if unit == "years" else length
    return ended >= add_months(began, months) - DAY


def zoned(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=LONDON)
