"""What every door with commands shares: one use case is one transaction."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError

from engine import database
from engine.clock import Clock
from engine.errors import CaseChanged
from engine.law.periods import Periods
from engine.periods_in_force import PeriodsInForce
from engine.publishing import Library
from engine.runs import Desk
from engine.views import Officer

Result = TypeVar("Result")


class Commands:
    """A door of the office: it opens transactions, and nothing behind it does."""

    def __init__(
        self,
        engine: sa.Engine,
        clock: Clock,
        periods: Periods,
        library: Library,
        *,
        is_demonstration: bool = False,
    ) -> None:
        self._engine = engine
        self._clock = clock
        self._periods = periods
        self._library = library
        self._is_demonstration = is_demonstration

    def _command(
        self, officer: Officer | None, work: Callable[[Desk], Result]
    ) -> Result:
        """One transaction. Where another command came first, it is done once more.

        Raises CaseChanged where another came first again."""
        try:
            return self._attempt(officer, work)
        except (StaleDataError, IntegrityError):
            pass
        except OperationalError as error:
            if not database.is_in_the_way(error):
                raise
        try:
            return self._attempt(officer, work)
        except StaleDataError as error:
            raise CaseChanged() from error
        except OperationalError as error:
            if not database.is_in_the_way(error):
                raise
            raise CaseChanged() from error

    def _attempt(
        self, officer: Officer | None, work: Callable[[Desk], Result]
    ) -> Result:
        with database.writing(self._engine) as session:
            periods = PeriodsInForce(session, self._periods)
            desk = Desk(session, self._clock.now(), officer, self._library, periods)
            result = work(desk)
            session.flush()
            desk.write_events()
            return result
