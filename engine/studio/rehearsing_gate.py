"""Whether the stories have been told on a draft as it is now, and all passed."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine.studio.tables import Draft, RehearsalRun


@dataclass(frozen=True)
class Standing:
    """Whether a draft may be published as far as its stories go, and why not."""

    passed: bool
    sentence: str


def passed(session: Session, draft_id: str, revision: int) -> bool:
    """A rehearsal of this revision has finished without a failure."""
    return _finished(session, draft_id, revision) is not None


def standing(session: Session, draft: Draft) -> Standing:
    """How the rehearsal of a draft stands, in a sentence."""
    done = _finished(session, draft.id, draft.revision)
    if done is not None:
        return Standing(True, _told(done))
    newest = session.scalar(
        sa.select(RehearsalRun)
        .where(RehearsalRun.draft_id == draft.id, RehearsalRun.kind == "stories")
        .order_by(RehearsalRun.asked_at.desc())
        .limit(1)
    )
    if newest is None:
        return Standing(False, "The stories have not been told on this draft yet.")
    if newest.revision != draft.revision:
        return Standing(
            False, "The draft was changed after its rehearsal. Rehearse it again."
        )
    return Standing(False, _unfinished(newest))


def _finished(session: Session, draft_id: str, revision: int) -> RehearsalRun | None:
    return session.scalar(
        sa.select(RehearsalRun)
        .where(
            RehearsalRun.draft_id == draft_id,
            RehearsalRun.kind == "stories",
            RehearsalRun.revision == revision,
            RehearsalRun.state == "finished",
            RehearsalRun.failed == 0,
        )
        .order_by(RehearsalRun.asked_at.desc())
        .limit(1)
    )


def _told(run: RehearsalRun) -> str:
    if not run.total:
        return "No story goes through what this draft changes."
    return f"{stories(run.total)} told, and none failed."


def _unfinished(run: RehearsalRun) -> str:
    match run.state:
        case "waiting":
            return "The rehearsal waits to begin."
        case "running":
            return f"The rehearsal is under way: {run.done} of {stories(run.total)}."
        case "stopped":
            return "The rehearsal was stopped. Rehearse the draft again."
        case "failed":
            return f"The rehearsal broke off: {run.message}"
    return f"{run.failed} of {stories(run.total)} failed. Look at the rehearsal."


def stories(number: int) -> str:
    """One story, or several."""
    return "1 story" if number == 1 else f"{number} stories"
