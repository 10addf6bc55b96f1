"""Days are counted as the law counts them."""

from __future__ import annotations

import copy
import json
import pickle
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.law import bank_holidays, dates
from engine.law.dates import (
    BadDate,
    DateOutOfRange,
    Deadline,
    Pause,
    add_months,
    count,
    count_hours,
    lasted,
    read_moment,
    shift,
    start_of,
)

CALENDAR = bank_holidays.bundled()
DAY = timedelta(days=1)
TRIGGER = date(2026, 3, 2)

known_days = st.dates(date(2013, 1, 1), date(2027, 12, 31))
lengths = st.integers(1, 60)
day_units = st.sampled_from(["calendar_days", "weeks", "months", "years"])
last_day_rules = st.sampled_from(
    ["beginning_with", "after", "within_after", "within_from", "max_after"]
)


def counted(rule: str, trigger: date, length: int | None, unit: str | None) -> date:
    found = count(rule, trigger, length=length, unit=unit, calendar=CALENDAR)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("rule", "length", "unit", "expected"),
    [
        ("beginning_with", 21, "calendar_days", "2026-03-22"),
        ("after", 21, "calendar_days", "2026-03-23"),
        ("clear", 28, "calendar_days", "2026-03-31"),
        ("within_after", 6, "weeks", "2026-04-13"),
        ("within_from", 6, "months", "2026-09-02"),
        ("max_after", 28, "calendar_days", "2026-03-30"),
        ("min_before", 4, "weeks", "2026-02-02"),
        ("min_before", 5, "working_days", "2026-02-23"),
        ("not_earlier_after", 3, "calendar_days", "2026-03-05"),
        ("before_event", None, None, "2026-03-01"),
        ("before_event", 6, "months", "2025-09-02"),
        ("after", None, None, "2026-03-03"),
        ("lookback_ending_with", 4, "years", "2022-03-03"),
        ("beginning_with", 4, "years", "2030-03-01"),
        ("beginning_with", 5, "working_days", "2026-03-06"),
    ],
)
def test_each_rule_gives_the_date_it_says(
    rule: str, length: int | None, unit: str | None, expected: str
) -> None:
    assert counted(rule, TRIGGER, length, unit) == date.fromisoformat(expected)


@pytest.mark.parametrize(
    "rule", ["as_specified", "event", "none", "condition", "min_duration"]
)
def test_a_rule_without_arithmetic_gives_no_date(rule: str) -> None:
    found = count(rule, TRIGGER, length=6, unit="months", calendar=CALENDAR)
    assert found is None


def test_the_rules_are_the_fifteen_of_the_law() -> None:
    assert len(dates.RULES) == 15


def test_an_unknown_rule_or_unit_is_refused() -> None:
    with pytest.raises(ValueError, match="not a counting rule"):
        count("soonish", TRIGGER, length=1, unit="weeks", calendar=CALENDAR)
    with pytest.raises(ValueError, match="not a unit"):
        shift(TRIGGER, 1, "fortnights", CALENDAR)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        ("2026-01-31", 1, "2026-02-28"),
        ("2028-01-31", 1, "2028-02-29"),
        ("2026-08-31", 6, "2027-02-28"),
        ("2026-12-31", 1, "2027-01-31"),
        ("2026-12-01", 1, "2027-01-01"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2024-02-29", 48, "2028-02-29"),
        ("2026-03-31", -1, "2026-02-28"),
        ("2026-01-15", -1, "2025-12-15"),
    ],
)
def test_months_end_on_the_corresponding_date_or_the_last_of_the_month(
    day: str, months: int, expected: str
) -> None:
    found = add_months(date.fromisoformat(day), months)
    assert found == date.fromisoformat(expected)


@pytest.mark.parametrize(
    ("start", "years", "expected"),
    [
        ("2024-04-24", 4, "2028-04-23"),
        ("2024-03-01", 4, "2028-02-29"),
        ("2020-02-29", 4, "2024-02-28"),
        ("2016-02-29", 10, "2026-02-27"),
        ("2017-01-01", 10, "2026-12-31"),
    ],
)
def test_years_beginning_with_a_day_end_the_day_before_the_anniversary(
    start: str, years: int, expected: str
) -> None:
    found = counted("beginning_with", date.fromisoformat(start), years, "years")
    assert found == date.fromisoformat(expected)


def test_a_date_too_far_away_is_refused_in_words() -> None:
    with pytest.raises(DateOutOfRange, match="too far away"):
        shift(date(9999, 12, 30), 21, "calendar_days", CALENDAR)
    with pytest.raises(DateOutOfRange):
        shift(date(9995, 1, 1), 10, "years", CALENDAR)
    with pytest.raises(DateOutOfRange):
        shift(date(9999, 12, 30), 5, "working_days", CALENDAR)
    with pytest.raises(DateOutOfRange):
        count("clear", date.max, length=0, unit="weeks", calendar=CALENDAR)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 1, 15), datetime(2026, 1, 15, tzinfo=UTC)),
        (date(2026, 3, 29), datetime(2026, 3, 29, tzinfo=UTC)),
        (date(2026, 3, 30), datetime(2026, 3, 29, 23, tzinfo=UTC)),
        (date(2026, 7, 1), datetime(2026, 6, 30, 23, tzinfo=UTC)),
        (date(2026, 10, 25), datetime(2026, 10, 24, 23, tzinfo=UTC)),
        (date(2026, 10, 26), datetime(2026, 10, 26, tzinfo=UTC)),
    ],
)
def test_a_day_starts_at_midnight_in_london(day: date, expected: datetime) -> None:
    assert start_of(day) == expected


@pytest.mark.parametrize(
    ("given_at", "expected"),
    [
        ("2026-03-02T09:30", "2026-03-03T09:30:00+00:00"),
        ("2026-03-28T10:00", "2026-03-29T10:00:00+00:00"),
        ("2026-10-24T10:00", "2026-10-25T09:00:00+00:00"),
        ("2026-06-01T09:00:00Z", "2026-06-02T09:00:00+00:00"),
    ],
)
def test_hours_are_hours_that_pass_also_when_the_clocks_change(
    given_at: str, expected: str
) -> None:
    found = count_hours(read_moment(given_at), 24)
    assert found == datetime.fromisoformat(expected)


def test_hours_from_a_day_without_a_time_count_from_its_end() -> None:
    assert count_hours(TRIGGER, 24) == datetime(2026, 3, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    "text", ["", "tomorrow", "2/3/2026", "2026-02-30", "2026-13-01", "2026-03-02T99"]
)
def test_what_is_not_a_date_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(BadDate, match="is not a date. Write it as"):
        read_moment(text)


def test_a_moment_belongs_to_its_day_in_london() -> None:
    late = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)
    assert dates.london_day(late) == date(2026, 7, 1)
    assert dates.london_day(datetime(2026, 6, 30, 23, 30)) == date(2026, 6, 30)


@pytest.mark.parametrize(
    ("ended", "expected"),
    [("2026-08-30", False), ("2026-08-31", True), ("2027-01-01", True)],
)
def test_six_months_have_lasted_at_the_end_of_their_last_day(
    ended: str, expected: bool
) -> None:
    found = lasted(date(2026, 3, 1), date.fromisoformat(ended), length=6, unit="months")
    assert found is expected


def deadline() -> Deadline:
    return Deadline.on(
        date(2026, 3, 22),
        TRIGGER,
        key="pcn_response",
        date_is="last_day",
        length=21,
        unit="calendar_days",
    )


def test_a_deadline_is_an_ordinary_date_that_knows_its_period() -> None:
    found = deadline()
    assert found == date(2026, 3, 22)
    assert hash(found) == hash(date(2026, 3, 22))
    assert found < date(2026, 3, 23)
    assert str(found) == "2026-03-22"
    assert json.dumps(found, default=date.isoformat) == '"2026-03-22"'
    assert (found.key, found.trigger, found.date_is) == (
        "pcn_response",
        TRIGGER,
        "last_day",
    )
    assert (found.length, found.unit) == (21, "calendar_days")
    assert found.alert_on == found


def test_arithmetic_and_copies_of_a_deadline_are_safe() -> None:
    found = deadline()
    assert type(found + DAY) is date
    assert type(DAY + found) is date
    assert type(found - DAY) is date
    assert found - TRIGGER == timedelta(days=20)
    assert date(2026, 3, 23) - found == DAY
    assert type(found.replace(day=1)) is date
    assert copy.deepcopy(found).key == "pcn_response"
    assert copy.copy(found).key == "pcn_response"
    assert pickle.loads(pickle.dumps(found)) == found  # noqa: S301


def test_pauses_do_not_count_and_may_follow_each_other() -> None:
    pauses = [
        Pause(from_on=date(2026, 3, 4), to_on=date(2026, 3, 6)),
        Pause(from_on=date(2026, 3, 10), to_on=date(2026, 3, 11)),
    ]
    end = dates.extend(
        TRIGGER,
        date(2026, 3, 9),
        pauses=pauses,
        unit="working_days",
        calendar=CALENDAR,
    )
    assert end == date(2026, 3, 12)


def test_overlapping_pauses_count_once() -> None:
    pauses = [
        Pause(from_on=date(2026, 3, 4), to_on=date(2026, 3, 8)),
        Pause(from_on=date(2026, 3, 5), to_on=date(2026, 3, 9)),
    ]
    end = dates.extend(
        TRIGGER,
        date(2026, 3, 30),
        pauses=pauses,
        unit="calendar_days",
        calendar=CALENDAR,
    )
    assert end == date(2026, 4, 4)


@given(known_days, known_days, lengths, last_day_rules, day_units)
def test_a_later_start_never_gives_an_earlier_last_day(
    one: date, other: date, length: int, rule: str, unit: str
) -> None:
    early, late = sorted((one, other))
    assert counted(rule, early, length, unit) <= counted(rule, late, length, unit)


@given(known_days, lengths, day_units)
def test_counting_from_day_one_ends_the_day_before_counting_after_it(
    day: date, length: int, unit: str
) -> None:
    after = counted("within_after", day, length, unit)
    assert counted("beginning_with", day, length, unit) == after - DAY
    assert counted("clear", day, length, unit) == after + DAY


@given(known_days, st.integers(1, 600))
def test_months_there_and_back_differ_only_where_a_month_is_short(
    day: date, months: int
) -> None:
    there = add_months(day, months)
    back = add_months(there, -months)
    assert back == day or there.day < day.day
    assert 0 <= (day - back).days <= 3


@given(known_days, st.integers(1, 4))
def test_the_window_that_looks_back_is_the_one_that_looks_forward(
    day: date, years: int
) -> None:
    start = counted("lookback_ending_with", day, years, "years")
    if day.day < 29 and start.day < 29:
        assert counted("beginning_with", start, years, "years") == day
