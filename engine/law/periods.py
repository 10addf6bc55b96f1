"""The periods of law and policy, as one council counts them.

`load` reads processes/periods.yaml and the councils' files; `Periods.for_council` gives
what one council uses; that answers `deadline` and `explain`."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from engine.errors import ExpressionError, NotFound, NotInForce, UnknownPeriod
from engine.law import bank_holidays
from engine.law.bank_holidays import WorkingCalendar
from engine.law.council_file import DEFAULTS, parse_council
from engine.law.dates import (
    DAY,
    FIRST_YEAR,
    LAST_YEAR,
    DateOutOfRange,
    Deadline,
    Pause,
    count,
    count_hours,
    in_zone,
    london_day,
    read_moment,
    start_of,
    zoned,
)
from engine.law.day_by_day import in_words
from engine.law.explain import Explanation, day_lines, hour_lines
from engine.law.period_file import FILE, parse_periods
from engine.law.period_model import Council, Period, Source, Version
from engine.law.reckoning import Alternative, reckon

PROCESSES = Path(__file__).resolve().parents[2] / "processes"
PauseLike = Pause | Mapping[str, Any]


@dataclass(frozen=True)
class CouncilPeriods:
    """The periods that apply in one council: the law's, and its own targets."""

    council: Council
    periods: Mapping[str, Period]
    sources: Mapping[str, Source]
    calendar: WorkingCalendar
    withdrawn: Callable[[str], Period | None] = field(
        default=lambda key: None, compare=False
    )
    """Finds a period that is in force no more: running cases still count by it."""

    def period(self, key: str) -> Period:
        """The period of that key. Raises UnknownPeriod, with near matches."""
        found = self.periods.get(key) or self.withdrawn(key)
        if found is None:
            raise UnknownPeriod(_unknown(key, self.periods))
        return found

    @property
    def title(self) -> str:
        """The council's name as people write it."""
        return self.council.title

    def setting(self, key: str, default: Any = None) -> Any:
        """One of the council's settings, e.g. "nppf_paragraph"."""
        return self.council.settings.get(key, default)

    def authority_for(self, action: str) -> str:
        """Who authorises an action: "authorising_officer" or "committee". An action
        that standing orders do not name goes to the committee."""
        return self.council.standing_orders.get(action, "committee")

    def deadline(
        self,
        key: str,
        trigger: date | datetime | None,
        *,
        pauses: Sequence[PauseLike] = (),
        length: int | None = None,
        unit: str | None = None,
    ) -> Deadline | datetime | None:
        """The date on which the period ends or begins: a Deadline; a moment in UTC for
        a period in hours; None where the trigger is unknown or nothing is counted.

        A period whose length is written in a notice or letter takes it as `length` and
        `unit`; without them `trigger` is the date written there and is given back.
        Raises UnknownPeriod and NotInForce."""
        period = self.period(key)
        if trigger is None:
            return None
        day, version = self._version(period, trigger)
        if version.unit == "hours" and version.length is not None:
            return count_hours(trigger, version.length)
        if period.rule == "as_specified":
            return self._as_written(period, day, length, unit)
        reckoned = reckon(
            period,
            version,
            trigger=day,
            calendar=self.calendar,
            pauses=_pauses(pauses),
        )
        if reckoned.date is None:
            return None
        return Deadline.on(
            reckoned.date,
            day,
            key=key,
            date_is=period.date_is,
            length=reckoned.length,
            unit=reckoned.unit,
            alert_on=reckoned.alert_on,
        )

    def explain(
        self,
        key: str,
        trigger: date | datetime,
        pauses: Sequence[PauseLike] = (),
    ) -> Explanation:
        """The same date with its reasons. Raises UnknownPeriod and NotInForce."""
        period = self.period(key)
        trigger = in_zone(trigger)
        day, version = self._version(period, trigger)
        alternatives: tuple[Alternative, ...] = ()
        answer: date | datetime | None
        if version.unit == "hours" and version.length is not None:
            answer = count_hours(trigger, version.length)
            lines = hour_lines(period, version, trigger, answer)
        else:
            stopped = _pauses(pauses)
            reckoned = reckon(
                period, version, trigger=day, calendar=self.calendar, pauses=stopped
            )
            answer, alternatives = reckoned.date, reckoned.alternatives
            lines = day_lines(
                period,
                version,
                trigger=day,
                reckoned=reckoned,
                calendar=self.calendar,
                pauses=stopped,
            )
        return Explanation(
            key=key,
            title=period.title,
            section=period.section,
            trigger=trigger if isinstance(answer, datetime) else day,
            date=answer,
            date_is=period.date_is,
            rule=period.rule,
            lines=lines,
            alternatives=alternatives,
            confidence=period.confidence,
            confirmed=period.confirmed,
            source=period.source,
        )

    def ask(self, key: str, on: str) -> Explanation:
        """What `enforce deadline` answers for a date, or a date and time, as typed.
        Raises UnknownPeriod, NotInForce or BadDate."""
        self.period(key)
        return self.explain(key, read_moment(on))

    def _version(
        self, period: Period, trigger: date | datetime
    ) -> tuple[date, Version]:
        if not isinstance(trigger, date):
            raise ExpressionError(
                f"The period {period.key} needs a date to start from, and got "
                f"“{trigger}”. Give the day that starts it."
            )
        day = london_day(trigger)
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise DateOutOfRange()
        version = period.version_on(day)
        if version is None:
            raise NotInForce(
                f"{period.title} ({period.key}) did not apply on {in_words(day)}. "
                f"{period.not_in_force}".strip()
            )
        return day, version

    def _as_written(
        self, period: Period, day: date, length: int | None, unit: str | None
    ) -> Deadline:
        written: date | None = day
        if length is not None and unit is not None:
            written = count(
                "within_after", day, length=length, unit=unit, calendar=self.calendar
            )
        return Deadline.on(
            written or day,
            day,
            key=period.key,
            date_is=period.date_is,
            length=length,
            unit=unit,
        )


@dataclass(frozen=True)
class Periods:
    """Every period of the files, and every council's own version of them."""

    periods: Mapping[str, Period]
    sources: Mapping[str, Source]
    councils: Mapping[str, Council]
    defaults: Council
    calendar: WorkingCalendar

    def for_council(self, name: str | None = None) -> CouncilPeriods:
        """What one council uses. Without a name: the targets of periods.yaml."""
        if name is None:
            return self._with(self.defaults)
        council = self.councils.get(name)
        if council is None:
            raise NotFound(
                f"There is no council called “{name}”. Known councils: "
                f"{', '.join(sorted(self.councils))}."
            )
        return self._with(council)

    def _with(self, council: Council) -> CouncilPeriods:
        own = {
            key: replace(self.periods[key], versions=(target,))
            for key, target in council.targets.items()
        }
        return CouncilPeriods(
            council, {**self.periods, **own}, self.sources, self.calendar
        )


def parse(
    files: Mapping[str, bytes], *, calendar: WorkingCalendar | None = None
) -> Periods:
    """Periods from files by name: "periods.yaml", "councils/defaults.yaml" and
    "councils/<name>/council.yaml"; other names are passed over.
    Raises DefinitionError, naming file, element and remedy."""
    periods, sources = parse_periods(files.get(FILE, b""))
    defaults = parse_council("", files.get(DEFAULTS, b"{}"), periods)
    councils = {}
    for name, content in files.items():
        parts = name.split("/")
        if len(parts) == 3 and parts[0] == "councils" and parts[2] == "council.yaml":
            own = parse_council(parts[1], content, periods)
            councils[parts[1]] = replace(
                own,
                standing_orders={**defaults.standing_orders, **own.standing_orders},
                settings={**defaults.settings, **own.settings},
            )
    return Periods(
        periods, sources, councils, defaults, calendar or bank_holidays.load()
    )


def load(path: Path = PROCESSES) -> Periods:
    """Periods from a folder, with the bank holidays stored there if they are newer than
    those that came with the program."""
    found = [
        path / FILE,
        path / DEFAULTS,
        *sorted(path.glob("councils/*/council.yaml")),
    ]
    files = {
        file.relative_to(path).as_posix(): file.read_bytes()
        for file in found
        if file.is_file()
    }
    return parse(files, calendar=bank_holidays.load(path / bank_holidays.STORED_NAME))


def fires_at(deadline: date | datetime) -> datetime:
    """The moment, in UTC, when a timer on that deadline fires: 00:00 in London on the
    day after a last day, 00:00 on a first day, the moment itself for hours. A plain
    date is a last day."""
    if isinstance(deadline, datetime):
        return zoned(deadline).astimezone(UTC)
    if isinstance(deadline, Deadline) and deadline.date_is == "first_day":
        return start_of(deadline.plain)
    return start_of(deadline + DAY)


def _pauses(pauses: Sequence[PauseLike]) -> tuple[Pause, ...]:
    """Pauses that have ended; one still open has no length yet."""
    read = []
    for pause in pauses:
        if isinstance(pause, Pause):
            read.append(pause)
        elif pause.get("from_on") and pause.get("to_on"):
            read.append(Pause(from_on=pause["from_on"], to_on=pause["to_on"]))
    return tuple(read)


def _unknown(key: str, known: Mapping[str, Period]) -> str:
    near = difflib.get_close_matches(key, known, n=3, cutoff=0.5)
    if not near:
        words = [word for word in key.lower().split("_") if len(word) > 2]
        near = [name for name in known if any(word in name for word in words)][:3]
    hint = f"Did you mean {', '.join(near)}?" if near else f"{FILE} lists them all."
    return f"There is no period called “{key}”. {hint}"
