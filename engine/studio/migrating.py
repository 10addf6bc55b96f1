"""Moves running cases to another version, one after another, and back.

What is left to do stands in the rows, so that it goes on after a crash, and on several
workers at once. Functions take a desk and never commit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine import runs
from engine.models import Case, Instance, Timer
from engine.runs import Desk
from engine.studio import case_moves
from engine.studio.case_moves import Movers
from engine.studio.tables import InstanceMigration, MigratedInstance
from engine.working import find_instance

# The dry run


def check_some(desk: Desk, movers: Movers, migration_id: str, limit: int) -> int:
    """Look at some more cases: can they move? Returns how many were looked at."""
    migration = desk.session.get(InstanceMigration, migration_id)
    if migration is None or migration.state != "checking":
        return 0
    rows = desk.session.execute(
        sa.select(MigratedInstance, Instance, Case)
        .join(Instance, Instance.id == MigratedInstance.instance_id)
        .join(Case, Case.id == Instance.case_id)
        .where(*_in_state(migration_id, "unchecked"))
        .order_by(MigratedInstance.instance_id)
        .limit(limit)
        .with_for_update(of=MigratedInstance, skip_locked=True)
    ).all()
    for row, instance, case in rows:
        row.at = desk.now
        if instance.ended_at is not None:
            row.state = "ended"
        elif migration.kind == "dates":
            _check_dates(desk, row, instance, case)
        else:
            verdict, _ = case_moves.attempt(desk, movers, instance, case, row.to_hash)
            row.state = "can_move" if verdict.ok else "cannot_move"
            row.reason = "\n".join(verdict.reasons)
    desk.session.flush()
    _close(desk, migration, "unchecked", "checked")
    return len(rows)


def _check_dates(
    desk: Desk, row: MigratedInstance, instance: Instance, case: Case
) -> None:
    """Whether a date of the case is another by the periods that count now."""
    flow = runs.resume(desk, instance, case).flow
    now = {timer.id: timer.due_at for timer in flow.timers()}
    before: dict[str, datetime] = {
        timer_id: due_at
        for timer_id, due_at in desk.session.execute(
            sa.select(Timer.id, Timer.due_at).where(Timer.instance_id == instance.id)
        )
    }
    if flow.failures:
        row.state = "cannot_move"
        row.reason = "\n".join(failure.message for failure in flow.failures)
    else:
        row.state = "unchanged" if now == before else "can_move"


def _in_state(migration_id: str, state: str) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        MigratedInstance.migration_id == migration_id,
        MigratedInstance.state == state,
    )


def _close(desk: Desk, migration: InstanceMigration, left: str, state: str) -> None:
    """It is done once no case is left in a state."""
    more = sa.select(MigratedInstance.instance_id).where(*_in_state(migration.id, left))
    if desk.session.scalar(more.limit(1)) is None:
        migration.state = state
        if state != "checked":
            migration.finished_at = desk.now


# Moving and moving back

_LEFT = {"running": "can_move", "undoing": "moved"}
_AT_THE_END = {"running": "finished", "undoing": "undone"}


def next_ones(session: Session, migration_id: str, limit: int) -> Sequence[str]:
    """The instances that are next, by id: only ids are read."""
    state = session.scalar(
        sa.select(InstanceMigration.state).where(InstanceMigration.id == migration_id)
    )
    if state not in _LEFT:
        return ()
    return session.scalars(
        sa.select(MigratedInstance.instance_id)
        .where(*_in_state(migration_id, _LEFT[state]))
        .order_by(MigratedInstance.instance_id)
        .limit(limit)
    ).all()


def finish(desk: Desk, migration_id: str) -> None:
    """Close a migration that has nothing left to do."""
    migration = desk.session.get(InstanceMigration, migration_id, with_for_update=True)
    if migration is not None and migration.state in _LEFT:
        state = migration.state
        _close(desk, migration, _LEFT[state], _AT_THE_END[state])


def go_on(desk: Desk, movers: Movers, migration_id: str, instance_id: str) -> bool:
    """Do what is to be done with one case. False where it is not to be done any more,
    or somebody else does it at this moment."""
    found = desk.session.execute(
        sa.select(MigratedInstance, InstanceMigration)
        .join(InstanceMigration, InstanceMigration.id == MigratedInstance.migration_id)
        .where(
            MigratedInstance.migration_id == migration_id,
            MigratedInstance.instance_id == instance_id,
        )
        .with_for_update(of=MigratedInstance, skip_locked=True)
    ).one_or_none()
    if found is None:
        return False
    row, migration = found
    if _LEFT.get(migration.state) != row.state:
        return False
    if migration.by_id is not None:
        desk.officer = movers.officer(desk.session, migration.by_id)
    instance, case = find_instance(desk, instance_id)
    if migration.state == "undoing":
        case_moves.undo(desk, movers, row, instance, case)
    elif instance.ended_at is not None:
        row.state = "ended"
    elif instance.definition_hash != row.from_hash:
        row.state, row.reason = "cannot_move", case_moves.GONE_ON
    elif migration.kind == "dates":
        case_moves.work_dates_out(desk, row, instance, case, reason=migration.reason)
    else:
        case_moves.move(desk, movers, row, instance, case, reason=migration.reason)
    row.at = desk.now
    return True


def keep_failed(desk: Desk, migration_id: str, instance_id: str, why: str) -> None:
    """Moving a case failed: it says why, and the rest go on."""
    migration = desk.session.get_one(InstanceMigration, migration_id)
    row = desk.session.get_one(
        MigratedInstance, (migration_id, instance_id), with_for_update=True
    )
    if row.state == _LEFT.get(migration.state):
        row.state = "failed" if migration.state == "running" else "cannot_undo"
        row.reason, row.at = why, desk.now
