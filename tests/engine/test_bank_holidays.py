"""Working days leave out weekends and the bank holidays that GOV.UK publishes."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from engine.law import bank_holidays
from engine.law.bank_holidays import HolidaysUnavailable, WorkingCalendar

CALENDAR = bank_holidays.bundled()
known_days = st.dates(date(2013, 1, 1), date(2027, 12, 31))


def feed(*days: str) -> bytes:
    events = [{"date": day, "title": f"Holiday {day}"} for day in days]
    return json.dumps({"england-and-wales": {"events": events}}).encode()


@pytest.mark.parametrize(
    ("day", "name"),
    [
        ("2026-04-03", "Good Friday"),
        ("2026-04-06", "Easter Monday"),
        ("2026-05-04", "Early May bank holiday"),
        ("2026-05-25", "Spring bank holiday"),
        ("2026-08-31", "Summer bank holiday"),
        ("2026-12-25", "Christmas Day"),
        ("2026-12-28", "Boxing Day"),
        ("2027-01-01", "New Year’s Day"),
        ("2026-03-07", "weekend"),
        ("2026-03-17", None),  # St Patrick's Day: Northern Ireland only
        ("2026-11-30", None),  # St Andrew's Day: Scotland only
    ],
)
def test_the_holidays_are_those_of_england_and_wales(
    day: str, name: str | None
) -> None:
    assert CALENDAR.reason_off(date.fromisoformat(day)) == name


@pytest.mark.parametrize(
    ("start", "n", "expected"),
    [
        ("2026-03-02", 5, "2026-03-09"),
        ("2026-03-06", 1, "2026-03-09"),
        ("2026-04-01", 2, "2026-04-07"),
        ("2026-12-24", 1, "2026-12-29"),
        ("2026-12-31", 1, "2027-01-04"),
        ("2026-03-07", 1, "2026-03-09"),
        ("2026-03-09", -5, "2026-03-02"),
        ("2026-04-07", -1, "2026-04-02"),
        ("2026-03-04", 0, "2026-03-04"),
        ("2026-03-07", 0, "2026-03-09"),
        ("2026-04-03", 0, "2026-04-07"),
    ],
)
def test_working_days_pass_over_weekends_and_holidays(
    start: str, n: int, expected: str
) -> None:
    found = CALENDAR.shift(date.fromisoformat(start), n)
    assert found == date.fromisoformat(expected)


@pytest.mark.parametrize(
    ("start", "ten", "thirty", "forty_five"),
    [
        ("2026-03-16", "2026-03-30", "2026-04-29", "2026-05-21"),
        ("2026-05-01", "2026-05-18", "2026-06-16", "2026-07-07"),
        ("2026-09-07", "2026-09-21", "2026-10-19", "2026-11-09"),
        ("2026-12-01", "2026-12-15", "2027-01-15", "2027-02-05"),
    ],
)
def test_the_inspectorates_timetable_agrees_with_its_published_dates(
    start: str, ten: str, thirty: str, forty_five: str
) -> None:
    day = date.fromisoformat(start)
    found = [CALENDAR.inspectorate_shift(day, n).isoformat() for n in (10, 30, 45)]
    assert found == [ten, thirty, forty_five]


@pytest.mark.parametrize(
    ("inquiry", "expected"),
    # The Inspectorate's own tests expect 30 July and 25 August, which is itself a bank
    # holiday; these are twenty working days counted back.
    [("2025-08-27", "2025-07-29"), ("2025-09-22", "2025-08-22")],
)
def test_proofs_are_counted_back_over_bank_holidays(
    inquiry: str, expected: str
) -> None:
    found = CALENDAR.inspectorate_shift(date.fromisoformat(inquiry), -20)
    assert found == date.fromisoformat(expected)


def test_the_inspectorate_can_land_a_day_early_across_new_year() -> None:
    # Thursday 31 December is ten weekdays on; the two holidays of Christmas push it to
    # Monday 4 January, over New Year's Day, which is not counted again.
    start = date(2026, 12, 17)
    assert CALENDAR.inspectorate_shift(start, 10) == date(2027, 1, 4)
    assert CALENDAR.shift(start, 10) == date(2027, 1, 5)


def test_years_beyond_the_list_are_not_covered() -> None:
    assert CALENDAR.covers(date(2026, 12, 31))
    assert not CALENDAR.covers(date(CALENDAR.known_until.year + 1, 1, 1))
    assert not CALENDAR.covers(date(2011, 12, 31))


@given(known_days, st.integers(1, 60))
def test_forward_and_back_meet_on_a_working_day(day: date, n: int) -> None:
    working = CALENDAR.shift(day, 0)
    there = CALENDAR.shift(working, n)
    assert CALENDAR.is_working(there)
    assert CALENDAR.shift(there, -n) == working
    assert CALENDAR.between(working, there) == n


@given(known_days, known_days, st.integers(0, 40))
def test_a_later_start_never_gives_an_earlier_working_day(
    one: date, other: date, n: int
) -> None:
    early, late = sorted((one, other))
    assert CALENDAR.shift(early, n) <= CALENDAR.shift(late, n)


@given(known_days, st.integers(1, 60))
def test_the_inspectorate_lands_on_a_working_day_near_the_plain_count(
    day: date, n: int
) -> None:
    start = CALENDAR.shift(day, 0)
    found = CALENDAR.inspectorate_shift(start, n)
    assert CALENDAR.is_working(found)
    assert 0 <= (CALENDAR.shift(start, n) - found).days <= 7


def test_a_stored_list_that_reaches_further_is_used(tmp_path: Path) -> None:
    stored = tmp_path / bank_holidays.STORED_NAME
    stored.write_bytes(feed("2040-01-02"))
    assert bank_holidays.load(stored).known_until == date(2040, 12, 31)
    stored.write_bytes(feed("2014-01-01"))
    assert bank_holidays.load(stored).known_until == CALENDAR.known_until


def test_a_stored_list_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    stored = tmp_path / bank_holidays.STORED_NAME
    for content in (b"not json", b"{}", b"[]", feed()):
        stored.write_bytes(content)
        with pytest.raises(HolidaysUnavailable, match="Delete that copy"):
            bank_holidays.load(stored)


class _Answer:
    def __init__(self, content: bytes) -> None:
        self.content = content

    def raise_for_status(self) -> None:
        """As a good answer does: nothing."""


def test_refreshing_stores_what_gov_uk_answers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def answer(url: str, **_: Any) -> _Answer:
        assert url == "https://www.gov.uk/bank-holidays.json"
        return _Answer(feed("2041-12-25"))

    monkeypatch.setattr(requests, "get", answer)
    stored = tmp_path / "kept" / bank_holidays.STORED_NAME
    found = bank_holidays.refresh(stored)
    assert isinstance(found, WorkingCalendar)
    assert bank_holidays.load(stored).known_until == date(2041, 12, 31)
    assert [file.name for file in stored.parent.iterdir()] == [stored.name]


def test_without_a_network_the_list_held_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_network(*_: Any, **__: Any) -> _Answer:
        raise requests.ConnectionError

    stored = tmp_path / bank_holidays.STORED_NAME
    stored.write_bytes(feed("2040-01-02"))
    monkeypatch.setattr(requests, "get", no_network)
    with pytest.raises(HolidaysUnavailable, match="still in use"):
        bank_holidays.refresh(stored)
    assert bank_holidays.load(stored).known_until == date(2040, 12, 31)
    monkeypatch.setattr(requests, "get", lambda *_, **__: _Answer(b"<html>"))
    with pytest.raises(HolidaysUnavailable):
        bank_holidays.refresh(stored)
    assert bank_holidays.load(stored).known_until == date(2040, 12, 31)
