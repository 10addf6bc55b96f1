"""Every period, service standard and setting of a draft, as a page lists them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from engine.law.day_by_day import length_in_words
from engine.law.period_model import Period, Source
from engine.law.period_writing import why_no_new_version
from engine.law.periods import Periods
from engine.studio import used_by
from engine.studio.used_by import Use


@dataclass(frozen=True, kw_only=True)
class Span:
    """What a period was from one day to another."""

    from_on: date | None
    until_on: date | None
    length: str
    note: str


@dataclass(frozen=True, kw_only=True)
class PeriodRow:
    """One period with all that is known about it."""

    key: str
    title: str
    group: str
    section: str
    trigger: str
    rule: str
    date_is: str
    is_statutory: bool
    is_confirmed: bool
    confidence: str
    confirmed_by: str
    length: str
    """In words, on the day that was asked about."""
    number: int | None
    unit: str
    note: str
    common: str
    """The length that all councils have, where this one has its own; or ''."""
    spans: tuple[Span, ...]
    sources: tuple[Source, ...]
    uses: tuple[Use, ...]
    why_fixed: str
    """Why its length cannot be changed on the page; '' where it can."""

    @property
    def words(self) -> str:
        """What a search looks at."""
        return " ".join((self.key, self.title, self.section, self.group)).lower()


@dataclass(frozen=True, kw_only=True)
class Choice:
    """A standing order or a setting: the council's, and the common one behind it."""

    key: str
    value: Any
    common: Any
    is_own: bool


@dataclass(frozen=True, kw_only=True)
class PeriodSheet:
    """All of it, for one council."""

    rows: tuple[PeriodRow, ...]
    orders: tuple[Choice, ...]
    settings: tuple[Choice, ...]
    council: str
    holidays: tuple[tuple[date, str], ...]
    holidays_source: str

    def row(self, key: str) -> PeriodRow | None:
        return next((row for row in self.rows if row.key == key), None)


def sheet(
    files: Mapping[str, bytes], periods: Periods, council: str, on: date
) -> PeriodSheet:
    """The periods of the files as one council has them, as they are on a day."""
    named = used_by.periods(files, periods.periods)
    own = periods.councils.get(council)
    effective = periods.for_council(council if own else None)
    rows = tuple(
        _row(effective.periods[key], period, periods.sources, named.get(key, ()), on)
        for key, period in periods.periods.items()
    )
    council_file = periods.councils.get(council, periods.defaults)
    return PeriodSheet(
        rows=rows,
        orders=_choices(council_file.standing_orders, periods.defaults.standing_orders),
        settings=_choices(council_file.settings, periods.defaults.settings),
        council=council_file.title,
        holidays=tuple(sorted(periods.calendar.holidays.items())),
        holidays_source=periods.calendar.source,
    )


def _row(
    own: Period,
    common: Period,
    sources: Mapping[str, Source],
    uses: tuple[Use, ...],
    on: date,
) -> PeriodRow:
    version = own.version_on(on)
    length = length_in_words(version.length, version.unit) if version else "none now"
    differs = own is not common
    plain = common.version_on(on)
    return PeriodRow(
        key=own.key,
        title=own.title,
        group=own.group,
        section=own.section,
        trigger=own.trigger,
        rule=own.rule,
        date_is=own.date_is,
        is_statutory=own.statutory,
        is_confirmed=own.confirmed,
        confidence=own.confidence,
        confirmed_by=own.confirmed_by,
        length=length,
        number=version.length if version else None,
        unit=(version.unit if version else None) or "",
        note=version.note if version else "",
        common=length_in_words(plain.length, plain.unit) if differs and plain else "",
        spans=tuple(
            Span(
                from_on=each.from_on,
                until_on=each.until_on,
                length=length_in_words(each.length, each.unit),
                note=each.note,
            )
            for each in own.versions
        ),
        sources=tuple(sources[key] for key in own.source if key in sources),
        uses=uses,
        why_fixed=why_no_new_version(own),
    )


def _choices(own: Mapping[str, Any], common: Mapping[str, Any]) -> tuple[Choice, ...]:
    return tuple(
        Choice(
            key=key,
            value=own.get(key, common.get(key)),
            common=common.get(key),
            is_own=key in own and own[key] != common.get(key),
        )
        for key in dict.fromkeys((*common, *own))
    )
