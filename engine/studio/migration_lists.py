"""What is shown of migrations of running cases, read from their rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased, defer

from engine import publishing
from engine.errors import NotFound, TaskNotReady
from engine.models import Case, Instance, Person, Version
from engine.pages import Reading, flow_of
from engine.publishing import Library
from engine.studio import migration_plans
from engine.studio.migration_plans import UNKNOWN
from engine.studio.migration_views import (
    RUNNING,
    Affected,
    MigratedCase,
    MigrationView,
    ReasonCount,
    Relocation,
    Standing,
)
from engine.studio.tables import InstanceMigration, MigratedInstance
from engine.views import Officer, Page

PAGE_SIZE = 50
REASONS = 50
"""The reasons that are listed, those of the most cases first."""


def affected(
    session: Session, library: Library, process: str, officer: Officer
) -> Affected:
    """The running cases that contain a process, by the version that they follow."""
    council = officer.council
    version = publishing.newest(session, council, process)
    newest = publishing.newest_of_all(session, council)
    numbers = _numbers(session, council)
    lines = [
        Standing(
            process=own,
            title=library.definition(session, definition).title,
            version=numbers.get((own, definition)),
            cases=cases,
            is_newest=own not in newest or newest[own].definition_hash == definition,
        )
        for definition, (own, cases) in migration_plans.followed(
            session, council, process
        ).items()
    ]
    lines.sort(
        key=lambda line: (line.process != process, line.title, -(line.version or 0))
    )
    return Affected(
        process=process,
        title=library.definition(session, version.definition_hash).title,
        version=version.number,
        published_at=version.published_at,
        lines=tuple(lines),
    )


def _numbers(session: Session, council: str) -> dict[tuple[str, str], int]:
    """The newest number of each definition of a council."""
    rows = session.execute(
        sa.select(Version.process, Version.definition_hash, sa.func.max(Version.number))
        .where(Version.council == council)
        .group_by(Version.process, Version.definition_hash)
    )
    return {(process, definition): number for process, definition, number in rows}


def all_of(
    session: Session, library: Library, officer: Officer
) -> tuple[MigrationView, ...]:
    """The migrations of a council, the newest first."""
    rows = session.execute(
        _migrations(officer.council).order_by(InstanceMigration.created_at.desc())
    ).all()
    counts = _counts(session, [row[0].id for row in rows])
    return tuple(_view(row, counts, _title(session, library, row)) for row in rows)


def _title(session: Session, library: Library, row: Any) -> str:
    return library.definition(session, row[0].to_hash).title


def one(
    session: Session, library: Library, migration_id: str, officer: Officer
) -> MigrationView:
    """One migration, with its reasons. Raises NotFound."""
    row = session.execute(
        _migrations(officer.council).where(InstanceMigration.id == migration_id)
    ).one_or_none()
    if row is None:
        raise NotFound(UNKNOWN)
    return _view(
        row,
        _counts(session, [migration_id]),
        _title(session, library, row),
        _reasons(session, migration_id),
    )


def _own(migration_id: str, officer: Officer) -> sa.Select[str]:
    return sa.select(InstanceMigration.id).where(
        InstanceMigration.id == migration_id,
        InstanceMigration.council == officer.council,
    )


def _migrations(council: str) -> sa.Select[InstanceMigration, str, str]:
    maker, starter = aliased(Person), aliased(Person)
    return (
        sa.select(InstanceMigration, maker.name, starter.name)
        .join(maker, maker.id == InstanceMigration.created_by_id)
        .outerjoin(starter, starter.id == InstanceMigration.by_id)
        .where(InstanceMigration.council == council)
    )


def _counts(session: Session, ids: Iterable[str]) -> dict[str, dict[str, int]]:
    rows = session.execute(
        sa.select(
            MigratedInstance.migration_id, MigratedInstance.state, sa.func.count()
        )
        .where(MigratedInstance.migration_id.in_(list(ids)))
        .group_by(MigratedInstance.migration_id, MigratedInstance.state)
    )
    found: dict[str, dict[str, int]] = {}
    for migration_id, state, count in rows:
        found.setdefault(migration_id, {})[state] = count
    return found


def _view(
    row: Any,
    counts: Mapping[str, Mapping[str, int]],
    title: str,
    reasons: tuple[ReasonCount, ...] = (),
) -> MigrationView:
    migration, maker, starter = row
    return MigrationView(
        id=migration.id,
        process=migration.process,
        title=title,
        kind=migration.kind,
        version=migration.to_number,
        state=migration.state,
        reason=migration.reason,
        counts=counts.get(migration.id, {}),
        created_by=maker,
        created_at=migration.created_at,
        by=starter or "",
        started_at=migration.started_at,
        finished_at=migration.finished_at,
        reasons=reasons,
    )


def _reasons(session: Session, migration_id: str) -> tuple[ReasonCount, ...]:
    rows = session.execute(
        sa.select(MigratedInstance.state, MigratedInstance.reason, sa.func.count())
        .where(
            MigratedInstance.migration_id == migration_id,
            MigratedInstance.reason != "",
        )
        .group_by(MigratedInstance.state, MigratedInstance.reason)
        .order_by(sa.func.count().desc(), MigratedInstance.reason)
        .limit(REASONS)
    )
    return tuple(
        ReasonCount(state=state, reason=reason, cases=count)
        for state, reason, count in rows
    )


def cases(
    session: Session,
    migration_id: str,
    officer: Officer,
    states: Sequence[str],
    *,
    reason: str,
    page: int,
) -> Page[MigratedCase]:
    """The cases of a migration, in the order of their references. Raises NotFound."""
    if session.scalar(_own(migration_id, officer)) is None:
        raise NotFound(UNKNOWN)
    wanted: list[sa.ColumnElement[bool]] = [
        MigratedInstance.migration_id == migration_id,
    ]
    if states:
        wanted.append(MigratedInstance.state.in_(states))
    if reason:
        wanted.append(MigratedInstance.reason == reason)
    total = session.scalar(
        sa.select(sa.func.count()).select_from(MigratedInstance).where(*wanted)
    )
    number = min(max(1, page), max(1, -(-(total or 0) // PAGE_SIZE)))
    numbers = _numbers(session, officer.council)
    rows = session.execute(
        sa.select(MigratedInstance, Case.reference, Case.address, Instance)
        .join(Case, Case.id == MigratedInstance.case_id)
        .join(Instance, Instance.id == MigratedInstance.instance_id)
        .where(*wanted)
        .options(
            defer(Instance.state),
            defer(Instance.facts),
            defer(MigratedInstance.before),
        )
        .order_by(Case.reference, MigratedInstance.instance_id)
        .limit(PAGE_SIZE)
        .offset((number - 1) * PAGE_SIZE)
    )
    lines = tuple(
        MigratedCase(
            instance_id=row.instance_id,
            reference=reference,
            address=address,
            title=instance.title,
            from_version=numbers.get((instance.process, row.from_hash)),
            state=row.state,
            reason=row.reason,
            at=row.at,
        )
        for row, reference, address, instance in rows
    )
    return Page(rows=lines, number=number, size=PAGE_SIZE, total=total or 0)


def with_work(session: Session, migration_id: str | None) -> Any:
    """The id and state of a migration with work left: this one, or the oldest."""
    found = sa.select(InstanceMigration.id, InstanceMigration.state).where(
        InstanceMigration.state.in_(RUNNING)
    )
    if migration_id is not None:
        found = found.where(InstanceMigration.id == migration_id)
    return session.execute(
        found.order_by(InstanceMigration.created_at).limit(1)
    ).one_or_none()


def definitions(session: Session, migration_id: str) -> set[str]:
    """The hashes of the definitions that a migration is about."""
    rows = session.execute(
        sa.select(MigratedInstance.from_hash, MigratedInstance.to_hash)
        .where(MigratedInstance.migration_id == migration_id)
        .distinct()
    )
    return {definition for row in rows for definition in row}


def standing(reading: Reading, instance_id: str, officer: Officer) -> Relocation:
    """Where a running process stands. Raises NotFound, TaskNotReady where it ended."""
    row = reading.session.execute(
        sa.select(Instance, Case)
        .join(Case, Case.id == Instance.case_id)
        .where(Instance.id == instance_id)
    ).one_or_none()
    if row is None:
        raise NotFound("There is no such process.")
    instance, case = row
    require_running(instance, officer)
    return Relocation(
        instance_id=instance.id,
        reference=case.reference,
        address=case.address,
        title=instance.title,
        areas=tuple(flow_of(reading, instance, case).areas()),
    )


def require_running(instance: Instance, officer: Officer) -> None:
    """Refuse another council's process, and one that has ended."""
    if instance.council != officer.council:
        raise NotFound("There is no such process.")
    if instance.ended_at is not None:
        raise TaskNotReady("This process has ended, so it cannot be moved.")
