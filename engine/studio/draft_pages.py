"""Drafts and releases as pages show them: rows turned into views."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine import publishing
from engine.models import Person
from engine.periods_in_force import PeriodsInForce
from engine.studio import draft_files, drafting, naming, reviewing
from engine.studio.draft_files import Names
from engine.studio.draft_views import (
    DraftEventView,
    DraftLine,
    DraftView,
    FileChange,
    RehearsalLine,
)
from engine.studio.reviewing import Findings
from engine.studio.tables import Draft, DraftEvent, DraftFile, RehearsalRun, Release
from engine.views import Officer

LISTED = 200


def draft_view(
    session: Session,
    periods: PeriodsInForce,
    draft: Draft,
    officer: Officer,
    findings: Findings,
) -> DraftView:
    """A draft with all that its page shows."""
    base = draft_files.base_of(session, draft)
    newest = publishing.newest_release(session, draft.council) or base
    rows = draft_files.rows_of(session, draft.id)
    people = _people(session, [draft], rows.values())
    is_closed = draft.state not in drafting.OPEN
    changes = _changes(session, base.files, rows, people)
    both = () if is_closed else draft_files.conflicts(base.files, newest.files, rows)
    return DraftView(
        id=draft.id,
        title=draft.title,
        note=draft.note,
        state=draft.state,
        revision=draft.revision,
        base_number=base.number,
        newest_number=newest.number,
        created_by=people.get(draft.created_by_id, ""),
        created_at=draft.created_at,
        changed_at=draft.changed_at,
        changes=changes,
        submitted_by=people.get(draft.submitted_by_id, ""),
        submitted_at=draft.submitted_at,
        reviewed_by=people.get(draft.reviewed_by_id, ""),
        reviewed_at=draft.reviewed_at,
        review_note=draft.review_note,
        publish_at=draft.publish_at,
        failure=draft.failure,
        release_number=_release_numbers(session, [draft]).get(draft.release_id),
        safeguards=findings.lost,
        law=findings.law,
        safeguard_reason=draft.safeguard_reason,
        needs_reason=findings.is_grave,
        needs_review=reviewing.needs_review(periods, draft, findings),
        why_not_review=reviewing.why_not_review(
            session, periods, draft, officer, findings
        ),
        needs=() if is_closed else reviewing.needs(session, periods, draft, findings),
        events=_events(session, draft),
        is_stale=not is_closed and newest.id != base.id,
        conflicts=tuple(change for change in changes if change.name in both),
        rehearsal=_rehearsal(session, draft),
    )


def _people(
    session: Session, drafts: Iterable[Draft], rows: Iterable[DraftFile] = ()
) -> dict[str | None, str]:
    wanted = {row.changed_by_id for row in rows}
    for draft in drafts:
        of_draft = draft.created_by_id, draft.submitted_by_id, draft.reviewed_by_id
        wanted |= {person for person in of_draft if person}
    found = session.execute(
        sa.select(Person.id, Person.name).where(Person.id.in_(wanted))
    )
    return {person_id: name for person_id, name in found}


def _changes(
    session: Session,
    base: Names,
    rows: Mapping[str, DraftFile],
    people: Mapping[str | None, str],
) -> tuple[FileChange, ...]:
    shown = {name: row.sha256 or base[name] for name, row in rows.items()}
    contents = publishing.read_files(session, shown)
    return tuple(
        FileChange(
            name=name,
            kind=draft_files.kind_of_change(base.get(name), row.sha256),
            label=naming.label(name, contents[name]),
            changed_by=people.get(row.changed_by_id, ""),
            changed_at=row.changed_at,
        )
        for name, row in rows.items()
    )


def _events(session: Session, draft: Draft) -> tuple[DraftEventView, ...]:
    rows = session.scalars(
        sa.select(DraftEvent)
        .where(DraftEvent.draft_id == draft.id)
        .order_by(DraftEvent.id)
    )
    return tuple(
        DraftEventView(at=row.at, title=row.title, detail=row.detail, by=row.by_name)
        for row in rows
    )


def _rehearsal(session: Session, draft: Draft) -> RehearsalLine | None:
    run = session.scalar(
        sa.select(RehearsalRun)
        .where(RehearsalRun.draft_id == draft.id, RehearsalRun.kind == "stories")
        .order_by(RehearsalRun.asked_at.desc())
        .limit(1)
    )
    if run is None:
        return None
    return RehearsalLine(
        id=run.id,
        state=run.state,
        revision=run.revision,
        is_current=run.revision == draft.revision,
        total=run.total,
        done=run.done,
        failed=run.failed,
        finished_at=run.finished_at,
    )


def _release_numbers(
    session: Session, drafts: Sequence[Draft]
) -> dict[str | None, int]:
    wanted = {d.release_id for d in drafts if d.release_id} | {
        d.base_release_id for d in drafts
    }
    found = session.execute(
        sa.select(Release.id, Release.number).where(Release.id.in_(wanted))
    )
    return {release_id: number for release_id, number in found}


def draft_lines(session: Session, council: str) -> tuple[DraftLine, ...]:
    """The drafts of a council: those in work first, then the latest."""
    drafts = session.scalars(
        sa.select(Draft)
        .where(Draft.council == council)
        .order_by(Draft.state.in_(drafting.OPEN).desc(), Draft.changed_at.desc())
        .limit(LISTED)
    ).all()
    numbers = _release_numbers(session, drafts)
    people = _people(session, drafts)
    counted = session.execute(
        sa.select(DraftFile.draft_id, sa.func.count())
        .where(DraftFile.draft_id.in_([d.id for d in drafts]))
        .group_by(DraftFile.draft_id)
    )
    counts = {draft_id: count for draft_id, count in counted}
    newest = publishing.newest_release(session, council)
    return tuple(
        DraftLine(
            id=draft.id,
            title=draft.title,
            state=draft.state,
            created_by=people.get(draft.created_by_id, ""),
            created_at=draft.created_at,
            changed_at=draft.changed_at,
            submitted_by=people.get(draft.submitted_by_id, ""),
            publish_at=draft.publish_at,
            failure=draft.failure,
            is_stale=draft.state in drafting.OPEN
            and newest is not None
            and newest.id != draft.base_release_id,
            base_number=numbers[draft.base_release_id],
            files_changed=counts.get(draft.id, 0),
            release_number=numbers.get(draft.release_id),
        )
        for draft in drafts
    )
