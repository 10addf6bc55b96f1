"""Working days in England and Wales: Monday to Friday less the bank holidays that
GOV.UK publishes.

The holidays come from the file bundled in the package `govuk-bank-holidays`, or from a
newer copy that `refresh` stored. Nothing here uses the network but `refresh`."""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import requests
from govuk_bank_holidays.bank_holidays import BankHolidays

from engine.errors import EngineError

DIVISION = "england-and-wales"
STORED_NAME = "bank-holidays.json"
_DAY = timedelta(days=1)
_SATURDAY = 5


class HolidaysUnavailable(EngineError):
    """GOV.UK's list of bank holidays could not be fetched or read."""


@dataclass(frozen=True)
class WorkingCalendar:
    """Which days are working days, and up to when that is known."""

    holidays: Mapping[date, str]
    source: str

    @functools.cached_property
    def known_from(self) -> date:
        """1 January of the first year whose holidays are known."""
        return date(min(self.holidays).year, 1, 1)

    @functools.cached_property
    def known_until(self) -> date:
        """31 December of the last year whose holidays are known: GOV.UK publishes
        whole years."""
        return date(max(self.holidays).year, 12, 31)

    def covers(self, day: date) -> bool:
        return self.known_from <= day <= self.known_until

    def reason_off(self, day: date) -> str | None:
        """Why nobody works on that day: "weekend", the holiday's name, or None."""
        if day.weekday() >= _SATURDAY:
            return "weekend"
        return self.holidays.get(day)

    def is_working(self, day: date) -> bool:
        return self.reason_off(day) is None

    def shift(self, day: date, working_days: int) -> date:
        """The working day so many working days after (or before, if negative) a day.

        The day itself is never counted. Nought gives the day itself if it is a working
        day, else the next one."""
        if working_days == 0:
            while not self.is_working(day):
                day += _DAY
            return day
        step = _DAY if working_days > 0 else -_DAY
        left = abs(working_days)
        while left:
            day += step
            left -= self.is_working(day)
        return day

    def between(self, start: date, end: date) -> int:
        """How many working days lie after `start` and up to `end` inclusive."""
        days = (end - start).days
        return sum(self.is_working(start + _DAY * n) for n in range(1, days + 1))

    def inspectorate_shift(self, start: date, business_days: int) -> date:
        """The Planning Inspectorate's date so many business days after its start date.

        Its published program counts weekdays, pushes the result on by the number of
        bank holidays from the start to the result, then again while the result itself
        is a bank holiday. Across Christmas this can be a day earlier than counting
        working days one by one. Backwards (proofs before an inquiry) it is a plain
        count of working days."""
        if business_days < 0:
            return self.shift(start, business_days)
        result = _add_weekdays(start, business_days)
        pushed = sum(start <= holiday <= result for holiday in self.holidays)
        while pushed:
            result = _add_weekdays(result, pushed)
            pushed = int(result in self.holidays)
        return result


def bundled() -> WorkingCalendar:
    """The calendar of the file that came with the package."""
    return _calendar(BankHolidays.load_backup_data(), "GOV.UK list in the package")


def load(stored: Path | None = None) -> WorkingCalendar:
    """The bundled calendar, or the stored one where it reaches at least as far.

    A stored file that cannot be read is refused with HolidaysUnavailable."""
    calendar = bundled()
    if stored is None or not stored.is_file():
        return calendar
    newer = read(stored.read_bytes(), source=f"GOV.UK list stored in {stored.name}")
    return newer if newer.known_until >= calendar.known_until else calendar


def read(content: bytes, *, source: str) -> WorkingCalendar:
    """A calendar from the JSON that https://www.gov.uk/bank-holidays.json gives."""
    try:
        return _calendar(json.loads(content), source)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise HolidaysUnavailable(
            f"The bank holidays from the {source} cannot be read. Delete that copy to "
            "use the list that came with the program."
        ) from error


def refresh(stored: Path, *, timeout_seconds: float = 10) -> WorkingCalendar:
    """Fetch GOV.UK's list and store it, whole or not at all. Needs a network."""
    try:
        answer = requests.get(BankHolidays.source_url, timeout=timeout_seconds)
        answer.raise_for_status()
    except requests.RequestException as error:
        raise HolidaysUnavailable(
            f"{BankHolidays.source_url} did not answer. The list already held is still "
            "in use: try again later."
        ) from error
    calendar = read(answer.content, source=f"GOV.UK list stored in {stored.name}")
    stored.parent.mkdir(parents=True, exist_ok=True)
    draft = stored.with_suffix(".part")
    draft.write_bytes(answer.content)
    draft.replace(stored)
    return calendar


def _calendar(feed: Mapping[str, Any], source: str) -> WorkingCalendar:
    holidays = {
        date.fromisoformat(event["date"]): str(event["title"])
        for event in feed[DIVISION]["events"]
    }
    if not holidays:
        raise ValueError("no bank holidays")
    return WorkingCalendar(dict(sorted(holidays.items())), source)


def _add_weekdays(day: date, weekdays: int) -> date:
    while weekdays:
        day += _DAY
        weekdays -= day.weekday() < _SATURDAY
    return day
