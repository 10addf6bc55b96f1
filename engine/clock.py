"""The only module that knows what time it is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


class Clock:
    """The machine's time, in UTC."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def today(self) -> date:
        """The date in London: the one that the law counts by."""
        return self.now().astimezone(LONDON).date()


class VirtualClock(Clock):
    """A clock that stands still until it is moved: for stories and rehearsals."""

    def __init__(self, start: datetime) -> None:
        self._now = start.astimezone(UTC)

    def now(self) -> datetime:
        return self._now

    def move_to(self, moment: datetime) -> None:
        if moment < self._now:
            raise ValueError("A clock only moves forward.")
        self._now = moment.astimezone(UTC)


class ShiftedClock(Clock):
    """The machine's time plus a shift kept elsewhere: the demonstration's clock.

    The shift is asked for each time, so that every process sees a move at once."""

    def __init__(self, shift: Callable[[], timedelta]) -> None:
        self._shift = shift

    def now(self) -> datetime:
        return datetime.now(UTC) + self._shift()
