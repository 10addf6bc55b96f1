"""Begins a migration of running cases, starts it, stops it, has it undone.

Functions take a desk and never commit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine import publishing
from engine.errors import InvalidAnswers, NotFound, NotPermitted
from engine.models import Instance, StoredDefinition, new_id
from engine.runs import Desk
from engine.studio.tables import InstanceMigration, MigratedInstance
from engine.views import Officer

KINDS = ("version", "dates")
UNKNOWN = "There is no such move of running cases."


def followed(
    session: Session, council: str, process: str
) -> dict[str, tuple[str, int]]:
    """The definitions that running cases follow and that contain a process: for each
    hash its own process and the number of cases."""
    counted = session.execute(
        sa.select(Instance.definition_hash, sa.func.count())
        .where(Instance.council == council, Instance.ended_at.is_(None))
        .group_by(Instance.definition_hash)
    )
    cases = {definition: count for definition, count in counted}
    stored = session.scalars(
        sa.select(StoredDefinition).where(StoredDefinition.hash.in_(cases))
    )
    return {
        definition.hash: (definition.process, cases[definition.hash])
        for definition in stored
        if f"{process}.bpmn" in definition.files
    }


def plan(desk: Desk, process: str, officer: Officer, kind: str) -> str:
    """A new migration with a row for every case that it is about. Returns its id."""
    if kind not in KINDS:
        raise InvalidAnswers({"kind": f"Choose one of {', '.join(KINDS)}."})
    session, council = desk.session, officer.council
    version = publishing.newest(session, council, process)
    _require_none_running(session, council, process)
    moves = _moves(session, council, process, kind)
    if not moves:
        raise InvalidAnswers(
            {
                "process": "Every running case already follows the newest version."
                if kind == "version"
                else "No case of this process is running."
            }
        )
    _forget_dry_runs(session, council, process)
    migration = InstanceMigration(
        id=new_id(),
        council=council,
        process=process,
        kind=kind,
        to_hash=version.definition_hash,
        to_number=version.number,
        created_at=desk.now,
        created_by_id=officer.id,
    )
    session.add(migration)
    session.flush()
    for before, after in moves.items():
        session.execute(_rows(migration, before, after))
    return migration.id


def _moves(
    session: Session, council: str, process: str, kind: str
) -> Mapping[str, str]:
    """From which definition to which."""
    here = followed(session, council, process)
    if kind == "dates":
        return {definition: definition for definition in here}
    newest = publishing.newest_of_all(session, council)
    return {
        before: newest[own].definition_hash
        for before, (own, _) in here.items()
        if own in newest and newest[own].definition_hash != before
    }


def _rows(migration: InstanceMigration, before: str, after: str) -> sa.Insert:
    """One statement, however many cases there are."""
    values: dict[str, Any] = {
        "migration_id": sa.literal(migration.id),
        "instance_id": Instance.id,
        "council": Instance.council,
        "case_id": Instance.case_id,
        "from_hash": sa.literal(before),
        "to_hash": sa.literal(after),
        "state": sa.literal("unchecked"),
        "reason": sa.literal(""),
    }
    cases = sa.select(*values.values()).where(
        Instance.council == migration.council,
        Instance.ended_at.is_(None),
        Instance.definition_hash == before,
    )
    return sa.insert(MigratedInstance).from_select(list(values), cases)


def _require_none_running(session: Session, council: str, process: str) -> None:
    busy = session.scalar(
        sa.select(InstanceMigration.id)
        .where(
            InstanceMigration.council == council,
            InstanceMigration.process == process,
            InstanceMigration.state.in_(("running", "undoing")),
        )
        .limit(1)
    )
    if busy is not None:
        raise NotPermitted(
            "Cases of this process are being moved now. Wait until that has finished, "
            "or stop it first."
        )


def _forget_dry_runs(session: Session, council: str, process: str) -> None:
    """A dry run that was never started is no longer of use."""
    unstarted = sa.select(InstanceMigration.id).where(
        InstanceMigration.council == council,
        InstanceMigration.process == process,
        InstanceMigration.started_at.is_(None),
    )
    session.execute(
        sa.delete(MigratedInstance).where(MigratedInstance.migration_id.in_(unstarted))
    )
    session.execute(
        sa.delete(InstanceMigration).where(
            InstanceMigration.council == council,
            InstanceMigration.process == process,
            InstanceMigration.started_at.is_(None),
        )
    )


def start(desk: Desk, migration_id: str, reason: str, officer: Officer) -> None:
    """Let the cases that can move begin to. Raises InvalidAnswers without a reason."""
    if not reason.strip():
        raise InvalidAnswers({"reason": "Say why the running cases are moved."})
    migration = _locked(desk, migration_id, officer)
    if migration.state == "checking":
        raise NotPermitted("The dry run has not finished. Wait until it has.")
    _require_state(migration, "checked")
    newest = publishing.newest(desk.session, officer.council, migration.process)
    if newest.definition_hash != migration.to_hash:
        raise NotPermitted(
            f"Version {newest.number} has been published since. Make a new dry run."
        )
    _require_none_running(desk.session, officer.council, migration.process)
    migration.state = "running"
    migration.reason = reason.strip()
    migration.started_at = desk.now
    migration.by_id = officer.id


def stop(desk: Desk, migration_id: str, officer: Officer) -> None:
    migration = _locked(desk, migration_id, officer)
    _require_state(migration, "running", "undoing")
    is_undoing = migration.state == "undoing"
    migration.state = "undo_stopped" if is_undoing else "stopped"


def resume(desk: Desk, migration_id: str, officer: Officer) -> None:
    migration = _locked(desk, migration_id, officer)
    _require_state(migration, "stopped", "undo_stopped")
    _require_none_running(desk.session, officer.council, migration.process)
    migration.state = "running" if migration.state == "stopped" else "undoing"
    migration.by_id = officer.id


def undo(desk: Desk, migration_id: str, officer: Officer) -> None:
    migration = _locked(desk, migration_id, officer)
    if migration.kind == "dates":
        raise NotPermitted(
            "Dates follow the periods in force. Publish the old periods, and have the "
            "dates worked out again."
        )
    _require_state(migration, "finished", "stopped")
    _require_none_running(desk.session, officer.council, migration.process)
    migration.state = "undoing"
    migration.by_id = officer.id


def _locked(desk: Desk, migration_id: str, officer: Officer) -> InstanceMigration:
    migration = desk.session.scalar(
        sa.select(InstanceMigration)
        .where(
            InstanceMigration.id == migration_id,
            InstanceMigration.council == officer.council,
        )
        .with_for_update()
    )
    if migration is None:
        raise NotFound(UNKNOWN)
    return migration


def _require_state(migration: InstanceMigration, *states: str) -> None:
    if migration.state not in states:
        raise NotPermitted(
            f"This cannot be done now: {IN_WORDS.get(migration.state, migration.state)}"
        )


IN_WORDS = {
    "checking": "the dry run is still looking at the cases.",
    "checked": "it has not been started.",
    "running": "the cases are being moved.",
    "stopped": "it has been stopped.",
    "finished": "it has finished.",
    "undoing": "the cases are being moved back.",
    "undo_stopped": "moving back has been stopped.",
    "undone": "the cases have been moved back.",
}
