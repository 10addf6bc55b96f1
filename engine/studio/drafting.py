"""A draft and its files: opened, saved, withdrawn. Never commits."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine import library, outside, periods_in_force, permissions, publishing
from engine.clock import LONDON
from engine.errors import DraftChanged, DraftClosed, InvalidAnswers, NotFound
from engine.law.explain import in_words
from engine.publishing import About
from engine.runs import Desk
from engine.studio import draft_files, naming
from engine.studio.tables import Draft, DraftEvent, DraftFile, Release
from engine.views import Officer

OPEN = ("open", "in_review", "approved")
"""The states in which a draft is still in work."""
LONGEST_TITLE = 200
MOST_CHANGES = 500
SHORTEN = 12


def find(
    session: Session, draft_id: str, officer: Officer, *, lock: bool = False
) -> Draft:
    """The draft; another council's is not found. Raises NotPermitted."""
    permissions.require_reviewer(officer)
    draft = session.get(Draft, draft_id, with_for_update=lock or None)
    if draft is None or draft.council != officer.council:
        raise NotFound("There is no such change in the studio.")
    return draft


def find_open(desk: Desk, draft_id: str, officer: Officer) -> Draft:
    """The draft, locked, to be changed by a manager. Raises DraftClosed."""
    permissions.require_manager(officer)
    draft = find(desk.session, draft_id, officer, lock=True)
    require_open(draft)
    return draft


def require_open(draft: Draft) -> None:
    if draft.state == "published":
        raise DraftClosed(
            f"“{draft.title}” has been published. Start a new change instead."
        )
    if draft.state == "withdrawn":
        raise DraftClosed(
            f"“{draft.title}” has been withdrawn. Start a new change instead."
        )


def note(
    desk: Desk, draft: Draft, title: str, *, detail: str = "", **data: Any
) -> None:
    """Something happened to a draft."""
    desk.session.add(
        DraftEvent(
            council=draft.council,
            draft_id=draft.id,
            at=desk.now,
            title=title,
            detail=detail,
            by_id=desk.officer.id if desk.officer is not None else None,
            by_name=desk.officer.name if desk.officer is not None else "",
            data=data,
        )
    )


# The commands


def open_draft(
    desk: Desk,
    title: str,
    text: str,
    officer: Officer,
    *,
    folder: Path,
    of_release: int | None = None,
) -> str:
    """A new draft on the newest release; with the files of an older one if named."""
    permissions.require_manager(officer)
    base = newest_release(desk, officer.council, folder)
    draft = Draft(
        council=officer.council,
        title=require_title(title),
        note=text.strip(),
        base_release_id=base.id,
        created_at=desk.now,
        created_by_id=officer.id,
        changed_at=desk.now,
    )
    desk.session.add(draft)
    desk.session.flush()
    note(desk, draft, "Started", detail=f"On release {base.number}.", revision=1)
    if of_release is not None and of_release != base.number:
        older = find_release(desk.session, of_release, officer)
        put(desk, draft, officer, draft_files.differing(base.files, older.files))
        note(desk, draft, f"Given the files of release {of_release}")
    return draft.id


def require_title(title: str) -> str:
    title = " ".join(title.split())
    if not title:
        raise InvalidAnswers({"title": "Say in a few words what changes."})
    if len(title) > LONGEST_TITLE:
        raise InvalidAnswers(
            {"title": f"The title must be {LONGEST_TITLE} characters or fewer."}
        )
    return title


def newest_release(desk: Desk, council: str, folder: Path) -> Release:
    """The release that the council works by; its first is made of what it runs.

    A council that published before there were releases has versions of processes only:
    periods and stories are then those of the folder, by which it has worked."""
    session = desk.session
    release = publishing.newest_release(session, council)
    if release is None:
        kept = library.of_council(library.read_policy(folder), council)
        files = kept | publishing.exported_versions(session, council)
        about = About(at=desk.now, note="What was in use before the first release")
        publishing.publish(
            session, council, files, desk.periods.folder, about=about, is_whole=False
        )
        release = publishing.newest_release(session, council)
    if release is None:
        raise NotFound("Nothing has been published. Run enforce publish first.")
    return release


def find_release(session: Session, number: int, officer: Officer) -> Release:
    permissions.require_reviewer(officer)
    release = session.scalar(
        sa.select(Release).where(
            Release.council == officer.council, Release.number == number
        )
    )
    if release is None:
        raise NotFound(f"There is no release {number}.")
    return release


def save(
    desk: Desk,
    draft_id: str,
    changes: Mapping[str, bytes | None],
    revision: int,
    officer: Officer,
) -> int:
    """Keep changed files; None takes one out. Returns the new revision.

    Raises DraftChanged where somebody saved since that revision: nothing is kept."""
    draft = find_open(desk, draft_id, officer)
    if draft.revision != revision:
        raise saved_since(desk.session, draft)
    _require_names(changes, officer.council)
    kept = {name: content for name, content in changes.items() if content is not None}
    stored = publishing.store(desk.session, kept)
    touched = put(desk, draft, officer, {name: stored.get(name) for name in changes})
    if touched:
        labels = [naming.label(name, changes[name]) for name in touched]
        next_revision(desk, draft)
        note(
            desk,
            draft,
            f"Changed {_listed(labels)}",
            revision=draft.revision,
            files=list(touched),
        )
    return draft.revision


def _listed(labels: list[str]) -> str:
    if len(labels) > SHORTEN:
        return f"{len(labels)} files"
    return ", ".join(labels)


def put(
    desk: Desk, draft: Draft, officer: Officer, wanted: Mapping[str, str | None]
) -> tuple[str, ...]:
    """Have the draft hold these files, None for taken out. Returns what has changed."""
    base = draft_files.base_of(desk.session, draft).files
    rows = draft_files.rows_of(desk.session, draft.id)
    now = draft_files.overlaid(base, rows)
    touched = [name for name, sha in wanted.items() if now.get(name) != sha]
    for name in touched:
        row = rows.get(name)
        if wanted[name] == base.get(name):
            desk.session.delete(rows[name])
            continue
        if row is None:
            row = DraftFile(draft_id=draft.id, name=name, council=draft.council)
            desk.session.add(row)
        row.sha256 = wanted[name]
        row.changed_at, row.changed_by_id = desk.now, officer.id
    return tuple(touched)


def changed_by(session: Session, draft: Draft) -> set[str | None]:
    """The ids of all who saved files of a draft, also where another did so since."""
    rows = draft_files.rows_of(session, draft.id).values()
    events = session.scalars(
        sa.select(DraftEvent).where(DraftEvent.draft_id == draft.id)
    )
    saved = {event.by_id for event in events if event.data.get("files")}
    return saved | {row.changed_by_id for row in rows}


def next_revision(desk: Desk, draft: Draft) -> None:
    """The files have changed: what was said of the earlier ones no longer counts."""
    draft.revision += 1
    draft.changed_at = desk.now
    draft.failure = ""
    take_back(desk, draft)


def take_back(desk: Desk, draft: Draft) -> None:
    """The review begins again, and a planned publication is off."""
    if draft.publish_at is not None:
        draft.publish_at = None
        note(desk, draft, "The planned publication is off: files were changed")
    if draft.state == "open":
        return
    was = "The approval" if draft.state == "approved" else "The request for review"
    draft.state = "open"
    draft.reviewed_at = draft.reviewed_by_id = draft.reviewed_revision = None
    draft.review_note = ""
    note(desk, draft, f"{was} is taken back: files were changed")


def saved_since(session: Session, draft: Draft) -> DraftChanged:
    """Who changed the draft last, and when, in words."""
    events = session.scalars(
        sa.select(DraftEvent)
        .where(DraftEvent.draft_id == draft.id)
        .order_by(DraftEvent.id.desc())
    )
    for event in events:
        if event.data.get("revision") == draft.revision:
            local = event.at.astimezone(LONDON)
            return DraftChanged(
                f"{event.by_name or 'Somebody'} changed this at {local:%H:%M} on "
                f"{in_words(local.date())}, after you had opened it. Nothing of yours "
                "was saved over it. Keep a copy of your file, open the page again, and "
                "put your change into what is there now.",
                revision=draft.revision,
            )
    return DraftChanged(revision=draft.revision)


def _require_names(changes: Mapping[str, bytes | None], council: str) -> None:
    if len(changes) > MOST_CHANGES:
        raise InvalidAnswers(
            {"file": f"At most {MOST_CHANGES} files can be changed at once."}
        )
    for name, content in changes.items():
        if len(name) > LONGEST_TITLE or not library.may_be_called(name, council):
            raise InvalidAnswers(
                {
                    "file": f"A file cannot be called “{name[:80]}”. Use letters, "
                    "digits and _, and the ending of its kind: .bpmn, .dmn, .json "
                    "(in forms) or .yaml (in scenarios)."
                }
            )
        if content is None and name in periods_in_force.names_of(council):
            raise InvalidAnswers(
                {"file": f"{name} cannot be taken out: dates are counted by it."}
            )
        harm = None if content is None else outside.refused(name, content)
        if harm is not None:
            where = f"{name}, {harm.element}" if harm.element else name
            raise InvalidAnswers({"file": f"{where}: {harm.problem} {harm.remedy}"})


def rename(desk: Desk, draft_id: str, title: str, text: str, officer: Officer) -> None:
    """Say anew what changes and why."""
    draft = find_open(desk, draft_id, officer)
    wanted = require_title(title), text.strip()
    if wanted != (draft.title, draft.note):
        draft.title, draft.note = wanted
        note(desk, draft, "Said anew what changes and why", detail=draft.note)


def withdraw(desk: Desk, draft_id: str, officer: Officer) -> None:
    """Give a draft up; it stays readable."""
    draft = find_open(desk, draft_id, officer)
    draft.state, draft.publish_at = "withdrawn", None
    note(desk, draft, "Withdrawn")
