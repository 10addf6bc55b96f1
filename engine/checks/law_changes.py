"""Which statutory rows of periods.yaml a change alters or removes, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from engine.checks import reading
from engine.law import period_file
from engine.law.day_by_day import in_words, length_in_words
from engine.law.period_model import Period, Reading, Version

_COUNTED = {
    "beginning_with": "the day that starts it is day 1",
    "after": "the day that starts it is not counted",
    "clear": "neither end is counted",
    "within_after": "within it, after the day that starts it",
    "within_from": "within it, from the day that starts it",
    "max_after": "at most, after the day that starts it",
    "min_before": "at least, before the event",
    "not_earlier_after": "not earlier, after the day that starts it",
    "before_event": "before the event",
    "lookback_ending_with": "looking back from the day that starts it",
    "as_specified": "as the notice or letter says",
    "event": "on the event",
    "none": "no time is counted",
    "condition": "a test that is met or not",
    "min_duration": "a test of how long something lasted",
}


@dataclass(frozen=True, kw_only=True)
class LawChanged:
    """A statutory period as it was and as it would be, in words. `old` is empty where
    it is new, `new` where it was removed."""

    key: str
    title: str
    section: str
    old: str
    new: str


def changed_law(
    before: Mapping[str, bytes], after: Mapping[str, bytes]
) -> tuple[LawChanged, ...]:
    """The statutory periods that `after` has otherwise, has not, or has besides.

    Nothing where one of the two files cannot be read: the check says that."""
    old, new = _periods(before), _periods(after)
    if old is None or new is None:
        return ()
    found = []
    for key in dict.fromkeys((*old, *new)):
        was, now = old.get(key), new.get(key)
        named = was or now
        is_law = any(period and period.statutory for period in (was, now))
        if named is None or not is_law or _words(was) == _words(now):
            continue
        found.append(
            LawChanged(
                key=key,
                title=named.title,
                section=named.section,
                old=_words(was),
                new=_words(now),
            )
        )
    return tuple(found)


def _periods(files: Mapping[str, bytes]) -> Mapping[str, Period] | None:
    content = files.get(period_file.FILE)
    if content is None:
        return {}
    return reading.look(period_file.FILE, content).periods


def _words(period: Period | None) -> str:
    """Everything of a period that decides a date, or how it may be relied upon."""
    return "" if period is None else " ".join(_sentences(period))


def _sentences(period: Period) -> Iterator[str]:
    law = "set by law" if period.statutory else "the council’s own target"
    lengths = lengths_of(period)
    yield f"{lengths[:1].upper()}{lengths[1:]}, {law} ({period.section})."
    day = "last day" if period.date_is == "last_day" else "first day"
    rule = _COUNTED.get(period.rule, period.rule)
    yield f"Counted from {period.trigger}: {rule}; the date is the {day}."
    for reading_ in period.readings:
        yield _reading(reading_)
    if period.not_in_force:
        yield f"Otherwise: {period.not_in_force.rstrip('.')}."
    yield f"Sources: {', '.join(period.source)} ({period.confidence})."
    if period.confirmed_by:
        yield f"Confirmed by {period.confirmed_by.rstrip('.')}."


def lengths_of(period: Period) -> str:
    """How long a period is in each version of the law, and when that applies."""
    return "; ".join(_length(version) for version in period.versions)


def _length(version: Version) -> str:
    if version.length is None:
        length = "no length of its own"
    else:
        length = length_in_words(version.length, version.unit)
    first = f" from {in_words(version.from_on)}" if version.from_on else ""
    last = f" until {in_words(version.until_on)}" if version.until_on else ""
    return f"{length}{first}{last}"


def _reading(reading_: Reading) -> str:
    what = "It is read as" if reading_.main else "It may be read as"
    length = length_in_words(reading_.length, reading_.unit) if reading_.length else ""
    rule = _COUNTED.get(reading_.rule, reading_.rule)
    calendar = f" by the {reading_.calendar}’s calendar" if reading_.calendar else ""
    return f"{what} {length or 'the same length'}{calendar}: {rule}."
