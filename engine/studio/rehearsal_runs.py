"""Rehearsals as rows: asked for, claimed, carried on, finished. Never commits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine import people, permissions
from engine.clock import Clock
from engine.errors import (
    DraftChanged,
    DraftClosed,
    InvalidAnswers,
    NotFound,
    NotPermitted,
)
from engine.runs import Desk
from engine.studio import drafting
from engine.studio.tables import Draft, RehearsalRun
from engine.views import Officer

SILENT_AFTER = timedelta(seconds=60)
"""One that gave no sign of life for so long is taken over by another worker."""
UNDER_WAY = ("waiting", "running")
KINDS = ("stories", "replay")
MOST_CASES = 500
MOST_TOLD = 5_000
"""Results that are kept of one rehearsal; more are counted only."""

_machine = Clock()
"""Signs of life are the machine's: a demonstration's date may be moved meanwhile."""


@dataclass
class Work:
    """What a rehearsal that is at work has said so far."""

    id: str
    draft_id: str
    kind: str
    council: str
    beat: datetime
    """The last sign of life written: whoever finds another has lost the claim."""
    by: Officer
    """Who asked for it."""
    options: Mapping[str, Any] = field(default_factory=dict)
    total: int = 0
    results: list[Mapping[str, Any]] = field(default_factory=list)
    coverage: Mapping[str, Any] = field(default_factory=dict)
    broken: str = ""
    texts: dict[str, bytes] = field(default_factory=dict)
    """The stories in which a step was answered, to be saved at the end."""

    @property
    def failed(self) -> int:
        """Stories that went differently, or cases that would have."""
        if self.kind == "replay":
            return sum(case["state"] == "differs" for case in self.results)
        return sum(bool(told["message"]) for told in self.results)

    def hear(self, said: Mapping[str, Any]) -> None:
        """One result more."""
        for name in ("told", "case"):
            if name in said:
                self.results.append(said[name])
        if mended := dict(said.get("mended", {})):
            text = mended.pop("text")
            self.results.append(mended)
            if mended["times"]:
                self.texts[mended["file"]] = text.encode()
        self.coverage = said.get("coverage", self.coverage)
        self.broken = said.get("broken", self.broken)


def ask(
    desk: Desk, draft_id: str, kind: str, officer: Officer, options: Mapping[str, Any]
) -> str:
    """A new rehearsal waits. One that waits already for the same is that one."""
    if kind not in KINDS:
        raise NotFound(f"There is no rehearsal called ‘{kind}’.")
    draft = drafting.find_open(desk, draft_id, officer)
    kept = _options(kind, options)
    same = sa.select(RehearsalRun).where(
        RehearsalRun.draft_id == draft.id,
        RehearsalRun.kind == kind,
        RehearsalRun.revision == draft.revision,
        RehearsalRun.state.in_(UNDER_WAY),
    )
    for run in desk.session.scalars(same):
        if run.options == kept:
            return run.id
    made = add(desk, draft, kind, officer, kept)
    drafting.note(desk, draft, _ASKED[kind])
    return made


def add(
    desk: Desk, draft: Draft, kind: str, officer: Officer, options: Mapping[str, Any]
) -> str:
    """One more waits. Returns its id."""
    run = RehearsalRun(
        council=draft.council,
        draft_id=draft.id,
        kind=kind,
        revision=draft.revision,
        options=dict(options),
        asked_at=desk.now,
        asked_by_id=officer.id,
    )
    desk.session.add(run)
    desk.session.flush()
    return run.id


_ASKED = {
    "stories": "A rehearsal of the stories was asked for",
    "replay": "A replay of real cases was asked for",
}


def _options(kind: str, options: Mapping[str, Any]) -> dict[str, Any]:
    if kind == "stories":
        return {"all": bool(options.get("all"))}
    which = str(options.get("which") or "all")
    if which not in ("all", "open", "closed"):
        raise InvalidAnswers({"which": "Choose open cases, closed cases or both."})
    try:
        limit = int(str(options.get("limit") or 50))
    except ValueError:
        limit = 0
    if not 0 < limit <= MOST_CASES:
        raise InvalidAnswers(
            {"limit": f"Enter how many cases, from 1 to {MOST_CASES}."}
        )
    process = str(options.get("process") or "")
    return {"which": which, "limit": limit, "process": process}


def find(session: Session, run_id: str, officer: Officer) -> RehearsalRun:
    """The rehearsal; another council's is not found. Raises NotPermitted."""
    permissions.require_reviewer(officer)
    run = session.get(RehearsalRun, run_id)
    if run is None or run.council != officer.council:
        raise NotFound("There is no such rehearsal.")
    return run


def stop(desk: Desk, run_id: str, officer: Officer) -> None:
    """Stop a rehearsal that waits or is under way; what it found so far stays."""
    permissions.require_manager(officer)
    run = find(desk.session, run_id, officer)
    if run.state in UNDER_WAY:
        run.state = "stopped"
        run.finished_at = desk.now


def claim(desk: Desk) -> Work | None:
    """The rehearsal that waits longest becomes ours, or one whose worker is silent."""
    now = _machine.now()
    run = desk.session.scalar(
        sa.select(RehearsalRun)
        .where(
            sa.or_(
                RehearsalRun.state == "waiting",
                sa.and_(
                    RehearsalRun.state == "running",
                    RehearsalRun.beat_at < now - SILENT_AFTER,
                ),
            )
        )
        .order_by(RehearsalRun.asked_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if run is None:
        return None
    draft = desk.session.get_one(Draft, run.draft_id)
    run.state, run.beat_at = "running", now
    run.revision = draft.revision
    run.done = run.failed = 0
    return Work(
        id=run.id,
        draft_id=run.draft_id,
        kind=run.kind,
        council=run.council,
        beat=now,
        by=people.find(desk.session, run.asked_by_id),
        options=run.options,
    )


def write(desk: Desk, work: Work, *, is_over: bool) -> bool:
    """Keep what was found so far. False where the rehearsal was stopped, or is another
    worker's by now."""
    run = desk.session.get(RehearsalRun, work.id, with_for_update=True)
    if run is None or run.state != "running" or run.beat_at != work.beat:
        return False
    if is_over and not work.broken:
        work.broken = _save(desk, work, run.revision)
    work.beat = run.beat_at = _machine.now()
    run.total, run.done, run.failed = work.total, len(work.results), work.failed
    run.results = {
        "results": list(work.results[:MOST_TOLD]),
        "coverage": dict(work.coverage),
    }
    if is_over:
        run.state = "failed" if work.broken else "finished"
        run.message = work.broken
        run.finished_at = desk.now
    return True


def _save(desk: Desk, work: Work, revision: int) -> str:
    """Keep the changed stories, all at once. Returns why that cannot be."""
    if not work.texts:
        return ""
    try:
        drafting.save(desk, work.draft_id, work.texts, revision, work.by)
    except (DraftChanged, DraftClosed, NotPermitted, InvalidAnswers) as error:
        return str(error)
    return ""


def newest(session: Session, draft_id: str, kind: str) -> RehearsalRun | None:
    """The rehearsal of that kind that was asked for last."""
    return next(iter(of_draft(session, draft_id, kind, limit=1)), None)


def of_draft(
    session: Session, draft_id: str, kind: str, *, limit: int = 50
) -> Sequence[RehearsalRun]:
    """The rehearsals of a draft, the newest first."""
    rows: Iterable[RehearsalRun] = session.scalars(
        sa.select(RehearsalRun)
        .where(RehearsalRun.draft_id == draft_id, RehearsalRun.kind == kind)
        .order_by(RehearsalRun.asked_at.desc(), RehearsalRun.id)
        .limit(limit)
    )
    return tuple(rows)
