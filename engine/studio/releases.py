"""Drafts become releases: at once, at a planned time, or back again. Never commits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine import permissions, publishing
from engine.clock import LONDON
from engine.errors import DraftConflict, DraftNotReady, InvalidAnswers
from engine.law.explain import in_words
from engine.models import Person
from engine.publishing import About
from engine.runs import Desk
from engine.studio import draft_files, drafting, naming, reviewing
from engine.studio.reviewing import FileSets, Findings
from engine.studio.tables import Draft, DraftEvent, Release
from engine.views import Officer


def publish(
    desk: Desk,
    draft_id: str,
    officer: Officer,
    files: FileSets,
    findings: Findings,
    *,
    at: datetime | None = None,
) -> int | None:
    """Publish a draft, or plan it for a time to come. Returns the release's number.

    A draft that has been published stays as it is. Raises DraftNotReady."""
    permissions.require_manager(officer)
    draft = drafting.find(desk.session, draft_id, officer, lock=True)
    if draft.state == "published":
        return _number(desk.session, draft)
    drafting.require_open(draft)
    _require_ready(desk, draft, findings)
    if at is not None:
        if at <= desk.now:
            raise InvalidAnswers({"at": "Enter a day and time that is to come."})
        draft.publish_at, draft.failure = at, ""
        title = f"To be published on {moment_in_words(at)}"
        drafting.note(desk, draft, title, planned=at)
        return None
    return _release(desk, draft, files, by=officer.name)


def publish_planned(
    desk: Desk, draft_id: str, files: FileSets, findings: Findings
) -> bool:
    """Publish a draft whose time has come; no where somebody was faster."""
    draft = desk.session.get(Draft, draft_id, with_for_update=True)
    if draft is None or not _is_due(draft, desk.now):
        return False
    _require_ready(desk, draft, findings)
    _release(desk, draft, files, by=_planned_by(desk.session, draft))
    return True


def _planned_by(session: Session, draft: Draft) -> str:
    """Who planned the publication: it is theirs."""
    events = session.scalars(
        sa.select(DraftEvent)
        .where(DraftEvent.draft_id == draft.id)
        .order_by(DraftEvent.id.desc())
    )
    return next((event.by_name for event in events if event.data.get("planned")), "")


def keep_failure(desk: Desk, draft_id: str, failure: str) -> None:
    """Why a planned publication could not be; the plan is off."""
    draft = desk.session.get(Draft, draft_id, with_for_update=True)
    if draft is not None and _is_due(draft, desk.now):
        draft.publish_at, draft.failure = None, failure
        drafting.note(desk, draft, "It could not be published", detail=failure)


def _is_due(draft: Draft, now: datetime) -> bool:
    return (
        draft.state in drafting.OPEN
        and draft.publish_at is not None
        and draft.publish_at <= now
    )


def due(session: Session, now: datetime) -> Sequence[str]:
    """The drafts whose planned time has come, the earliest first."""
    return session.scalars(
        sa.select(Draft.id)
        .where(Draft.publish_at <= now, Draft.state.in_(drafting.OPEN))
        .order_by(Draft.publish_at)
    ).all()


def unschedule(desk: Desk, draft_id: str, officer: Officer) -> None:
    draft = drafting.find_open(desk, draft_id, officer)
    if draft.publish_at is not None:
        draft.publish_at = None
        drafting.note(desk, draft, "The planned publication is off")


def _require_ready(desk: Desk, draft: Draft, findings: Findings) -> None:
    publishing.lock(desk.session, draft.council)
    reviewing.require_same(desk, draft, findings)
    if left := reviewing.needs(desk.session, desk.periods, draft, findings):
        raise DraftNotReady(left)


def _release(desk: Desk, draft: Draft, files: FileSets, *, by: str) -> int:
    about = About(
        at=desk.now,
        by=by,
        note=draft.note or draft.title,
        reviewed_by=_name(desk.session, draft.reviewed_by_id),
        safeguard_reason=draft.safeguard_reason,
        draft_id=draft.id,
    )
    published = publishing.publish(
        desk.session, draft.council, files.after, desk.periods.folder, about=about
    )
    release = publishing.newest_release(desk.session, draft.council)
    draft.state, draft.publish_at, draft.failure = "published", None, ""
    draft.release_id = release.id if release is not None else None
    drafting.note(desk, draft, f"Published as release {published.number}")
    return published.number


def _number(session: Session, draft: Draft) -> int | None:
    release = session.get(Release, draft.release_id) if draft.release_id else None
    return release.number if release is not None else None


def _name(session: Session, person_id: str | None) -> str:
    person = session.get(Person, person_id) if person_id else None
    return person.name if person is not None else ""


def moment_in_words(at: datetime) -> str:
    local = at.astimezone(LONDON)
    return f"{in_words(local.date())} at {local:%H:%M}"


def roll_back(
    desk: Desk,
    number: int,
    text: str,
    officer: Officer,
    files: Mapping[str, bytes],
    findings: Findings,
) -> int:
    """The files of an older release again, as a new one. Returns its number.

    Raises DraftNotReady where they cannot be used, or take out what the law sets."""
    permissions.require_manager(officer)
    if not text.strip():
        raise InvalidAnswers({"note": "Say why you go back."})
    publishing.lock(desk.session, officer.council)
    older = drafting.find_release(desk.session, number, officer)
    newest = publishing.newest_release(desk.session, officer.council)
    if newest is None or newest.id != findings.base_id:
        raise DraftNotReady(["Somebody has just published. Look again first."])
    if older.files == newest.files:
        raise InvalidAnswers({"number": f"Release {number} is what is in use now."})
    if blocking := _not_back(number, findings):
        raise DraftNotReady(blocking)
    about = About(
        at=desk.now, by=officer.name, note=text.strip(), rolled_back_to=number
    )
    return publishing.publish(
        desk.session, officer.council, files, desk.periods.folder, about=about
    ).number


def _not_back(number: int, findings: Findings) -> list[str]:
    found = [f"{p.file}: {p.problem} {p.remedy}" for p in findings.problems]
    if findings.is_grave:
        found.append(
            f"Going back to release {number} changes what the law sets: "
            f"{findings.named}. Start "
            f"a change with the files of release {number} instead, so that another "
            "person reviews it."
        )
    return found


def rebase(
    desk: Desk, draft_id: str, officer: Officer, choices: Mapping[str, str]
) -> int:
    """Put a draft onto the newest release. Returns its revision.

    `choices` says `ours` (the draft's) or `theirs` for each file that both change.
    Raises DraftConflict, with their names, where one is missing."""
    draft = drafting.find_open(desk, draft_id, officer)
    base = draft_files.base_of(desk.session, draft)
    newest = publishing.newest_release(desk.session, draft.council)
    if newest is None or newest.id == base.id:
        return draft.revision
    rows = draft_files.rows_of(desk.session, draft.id)
    both = draft_files.conflicts(base.files, newest.files, rows)
    undecided = [name for name in both if choices.get(name) not in ("ours", "theirs")]
    if undecided:
        raise DraftConflict(_conflict(newest, undecided), names=undecided)
    for name, row in rows.items():
        theirs = name in both and choices[name] == "theirs"
        if theirs or row.sha256 == newest.files.get(name):
            desk.session.delete(row)
    draft.base_release_id = newest.id
    drafting.next_revision(desk, draft)
    drafting.note(
        desk,
        draft,
        f"Brought up to date with release {newest.number}",
        detail=" ".join(
            f"{naming.label(name, None)}: "
            + ("this change’s." if choices[name] == "ours" else "the release’s.")
            for name in both
        ),
        revision=draft.revision,
    )
    return draft.revision


def _conflict(newest: Release, names: Sequence[str]) -> str:
    by = f" by {newest.published_by}" if newest.published_by else ""
    return (
        f"Release {newest.number}, published{by}, also changes {', '.join(names)}. "
        "Choose for each file: this change’s, or the release’s."
    )
