"""Releases and their processes as pages show them: rows turned into views."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine import publishing
from engine.bpmn import diagrams
from engine.errors import DefinitionError
from engine.models import Instance, Person, Version
from engine.studio import draft_files, drafting, naming
from engine.studio.draft_files import Names
from engine.studio.draft_views import (
    FileChange,
    ProcessLine,
    ReleaseLine,
    ReleaseView,
)
from engine.studio.tables import Draft, Release
from engine.views import Officer

LISTED = 200


def release_lines(session: Session, council: str) -> tuple[ReleaseLine, ...]:
    """The releases of a council, the newest first."""
    rows = session.scalars(
        sa.select(Release)
        .where(Release.council == council)
        .order_by(Release.number.desc())
        .limit(LISTED)
    ).all()
    before = {row.number + 1: row.files for row in rows}
    return tuple(
        ReleaseLine(
            number=row.number,
            note=row.note,
            published_at=row.published_at,
            published_by=row.published_by,
            reviewed_by=row.reviewed_by,
            files_changed=len(
                draft_files.differing(before.get(row.number, {}), row.files)
            ),
            rolled_back_to=row.rolled_back_to,
            is_newest=row is rows[0],
        )
        for row in rows
    )


def release_view(session: Session, number: int, officer: Officer) -> ReleaseView:
    """A release with what differs from the one before it."""
    release = drafting.find_release(session, number, officer)
    newest = publishing.newest_release(session, officer.council)
    before = session.scalar(
        sa.select(Release.files).where(
            Release.council == officer.council, Release.number == number - 1
        )
    )
    draft = session.get(Draft, release.draft_id) if release.draft_id else None
    versions = session.execute(
        sa.select(Version.process, Version.number).where(
            Version.council == officer.council, Version.release_number == number
        )
    )
    return ReleaseView(
        number=number,
        note=release.note,
        published_at=release.published_at,
        published_by=release.published_by,
        reviewed_by=release.reviewed_by,
        safeguard_reason=release.safeguard_reason,
        rolled_back_to=release.rolled_back_to,
        is_newest=newest is not None and newest.id == release.id,
        draft_id=release.draft_id,
        draft_title=draft.title if draft is not None else "",
        written_by=_author(session, draft),
        changes=_differences(session, before or {}, release.files),
        versions=dict(sorted((process, at) for process, at in versions)),
        changed_periods=release.changed_periods,
        file_names=tuple(sorted(release.files)),
    )


def _author(session: Session, draft: Draft | None) -> str:
    if draft is None:
        return ""
    name = sa.select(Person.name).where(Person.id == draft.created_by_id)
    return session.scalar(name) or ""


def _differences(
    session: Session, before: Names, after: Names
) -> tuple[FileChange, ...]:
    wanted = draft_files.differing(before, after)
    shown = {name: sha or before[name] for name, sha in wanted.items()}
    contents = publishing.read_files(session, shown)
    return tuple(
        FileChange(
            name=name,
            kind=draft_files.kind_of_change(before.get(name), sha),
            label=naming.label(name, contents[name]),
        )
        for name, sha in wanted.items()
    )


def process_lines(session: Session, council: str) -> tuple[ProcessLine, ...]:
    """The processes that cases start on, with how many run, and on which version."""
    versions = publishing.newest_of_all(session, council)
    running = session.execute(
        sa.select(Instance.process, Instance.definition_hash, sa.func.count())
        .where(Instance.council == council, Instance.ended_at.is_(None))
        .group_by(Instance.process, Instance.definition_hash)
    ).all()
    titles = _titles(session, council, versions)
    lines = []
    for process, version in versions.items():
        counts = {h: n for p, h, n in running if p == process}
        total = sum(counts.values())
        lines.append(
            ProcessLine(
                process=process,
                title=titles.get(process, process),
                version=version.number,
                published_at=version.published_at,
                published_by=version.published_by,
                running=total,
                on_older=total - counts.get(version.definition_hash, 0),
            )
        )
    return tuple(sorted(lines, key=lambda line: line.title))


def _titles(
    session: Session, council: str, versions: Mapping[str, Version]
) -> dict[str, str]:
    release = publishing.newest_release(session, council)
    names = release.files if release is not None else {}
    wanted = {f"{p}.bpmn": names[f"{p}.bpmn"] for p in versions if f"{p}.bpmn" in names}
    titles = {}
    for name, content in publishing.read_files(session, wanted).items():
        try:
            diagram = diagrams.read(name, content)
        except DefinitionError:
            continue
        titles[diagram.process] = diagram.title
    return titles
