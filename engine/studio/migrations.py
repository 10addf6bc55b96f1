"""Running cases move to a newer version: who can, who cannot and why, and the move.

A door of the office. Each case is a transaction of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from engine import database, permissions
from engine.bpmn.relocating import CannotRelocate
from engine.commanding import Commands
from engine.errors import CaseChanged, EngineError, InvalidAnswers
from engine.pages import Reading
from engine.periods_in_force import PeriodsInForce
from engine.runs import Desk
from engine.studio import case_moves, migrating, migration_lists, migration_plans
from engine.studio.case_moves import Movers
from engine.studio.migration_views import (
    Affected,
    MigratedCase,
    MigrationView,
    Relocation,
)
from engine.views import Officer, Page
from engine.working import find_instance

_UNREADABLE = (LookupError, TypeError, ValueError)
"""What a stored state that nobody can read any more may raise."""


class Migrations(Commands):
    """Running cases of the officer's council on their way to other versions.

    For managers; another council's are not found."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._movers = Movers(self._library)
        self._ready: set[str] = set()

    # What is asked

    def affected(self, process: str, officer: Officer) -> Affected:
        """The running cases that contain a process, by the version they follow.

        Raises NotFound where the process is not published."""
        permissions.require_manager(officer)
        with database.reading(self._engine) as session:
            return migration_lists.affected(session, self._library, process, officer)

    def all(self, officer: Officer) -> tuple[MigrationView, ...]:
        """The migrations of the council, the newest first."""
        permissions.require_manager(officer)
        with database.reading(self._engine) as session:
            return migration_lists.all_of(session, self._library, officer)

    def get(self, migration_id: str, officer: Officer) -> MigrationView:
        """One migration: how far it is, and the reasons of those that cannot move."""
        permissions.require_manager(officer)
        with database.reading(self._engine) as session:
            return migration_lists.one(session, self._library, migration_id, officer)

    def cases(
        self,
        migration_id: str,
        officer: Officer,
        states: Sequence[str] = (),
        *,
        reason: str = "",
        page: int = 1,
    ) -> Page[MigratedCase]:
        """The cases of a migration in these states, or all; of one reason if given."""
        permissions.require_manager(officer)
        with database.reading(self._engine) as session:
            return migration_lists.cases(
                session, migration_id, officer, states, reason=reason, page=page
            )

    # Commands

    def plan(self, process: str, officer: Officer, *, kind: str = "version") -> str:
        """Begin a dry run over all running cases that contain a process.

        `carry_on` does the looking. With the kind `dates` the cases stay on their
        versions and their dates are worked out again by the periods in force. Returns
        the migration's id. Raises InvalidAnswers where there is nothing to move."""
        permissions.require_manager(officer)
        return self._command(
            officer, lambda desk: migration_plans.plan(desk, process, officer, kind)
        )

    def start(self, migration_id: str, reason: str, officer: Officer) -> None:
        """Begin to move the cases that can. Raises InvalidAnswers without a reason."""
        permissions.require_manager(officer)
        self._command(
            officer,
            lambda desk: migration_plans.start(desk, migration_id, reason, officer),
        )

    def stop(self, migration_id: str, officer: Officer) -> None:
        """Stop after the case that is moving now. It can be resumed or undone."""
        self._change(migration_id, officer, migration_plans.stop)

    def resume(self, migration_id: str, officer: Officer) -> None:
        """Go on where it was stopped."""
        self._change(migration_id, officer, migration_plans.resume)

    def undo(self, migration_id: str, officer: Officer) -> None:
        """Move back the cases that have moved."""
        self._change(migration_id, officer, migration_plans.undo)

    def _change(
        self,
        migration_id: str,
        officer: Officer,
        change: Callable[[Desk, str, Officer], None],
    ) -> None:
        permissions.require_manager(officer)
        self._command(officer, lambda desk: change(desk, migration_id, officer))

    def carry_on(self, limit: int = 50, migration_id: str | None = None) -> int:
        """Do the next cases of one migration, or of the oldest with work left.

        Each case is a transaction of its own, and done once however many do this at
        the same time. Returns how many cases were done; 0 where nothing is left."""
        with database.reading(self._engine) as session:
            found = migration_lists.with_work(session, migration_id)
        if found is None:
            return 0
        self._get_ready(found.id)
        if found.state == "checking":
            return self._attempt_quietly(
                lambda desk: migrating.check_some(desk, self._movers, found.id, limit)
            )
        with database.reading(self._engine) as session:
            next_ones = migrating.next_ones(session, found.id, limit)
        if not next_ones:
            self._command(None, lambda desk: migrating.finish(desk, found.id))
        return sum(self._one(found.id, instance_id) for instance_id in next_ones)

    def _get_ready(self, migration_id: str) -> None:
        """Parse the diagrams before a transaction begins that others wait for."""
        self._movers.begin()
        if migration_id not in self._ready:
            with database.reading(self._engine) as session:
                for definition in migration_lists.definitions(session, migration_id):
                    self._library.definition(session, definition)
            self._ready.add(migration_id)

    def _attempt_quietly(self, work: Callable[[Desk], int]) -> int:
        """What another command stands in the way of is done another time."""
        try:
            return self._command(None, work)
        except CaseChanged:
            return 0

    def _one(self, migration_id: str, instance_id: str) -> int:
        try:
            return self._attempt_quietly(
                lambda desk: migrating.go_on(
                    desk, self._movers, migration_id, instance_id
                )
            )
        except EngineError as error:
            why = str(error)
        except _UNREADABLE as error:
            why = f"Its stored state could not be read ({type(error).__name__})."
        self._command(
            None,
            lambda desk: migrating.keep_failed(desk, migration_id, instance_id, why),
        )
        return 1

    # One case, by hand

    def standing(self, instance_id: str, officer: Officer) -> Relocation:
        """Where a running process stands, and where else it may be put by hand."""
        permissions.require_manager(officer)
        with database.reading(self._engine) as session:
            reading = Reading(
                session,
                self._clock.now(),
                PeriodsInForce(session, self._periods),
                self._library,
            )
            return migration_lists.standing(reading, instance_id, officer)

    def relocate(
        self,
        instance_id: str,
        officer: Officer,
        *,
        area: str,
        leave: Sequence[str],
        to: str,
        reason: str,
    ) -> None:
        """End the work at some places of a case and go on at another step, by hand.

        Raises InvalidAnswers in words where it would break the case, and NotFound where
        it has gone on meanwhile."""
        permissions.require_manager(officer)
        errors = {}
        if not leave:
            errors["leave"] = "Choose at least one step that ends."
        if not to:
            errors["to"] = "Choose the step where the case goes on."
        if not reason.strip():
            errors["reason"] = "Say why the case is moved by hand."
        if errors:
            raise InvalidAnswers(errors)

        def work(desk: Desk) -> None:
            instance, case = find_instance(desk, instance_id)
            migration_lists.require_running(instance, officer)
            case_moves.relocate(
                desk, instance, case, area=area, leave=leave, to=to, reason=reason
            )

        try:
            self._command(officer, work)
        except CannotRelocate as error:
            raise InvalidAnswers({"to": str(error)}) from error
