"""The door of rehearsals: stories told on a draft, and real cases' answers replayed.

Both run in a process of their own. `carry_on` begins what waits and hears what it says;
the ticker calls it every few seconds, and no page waits for it."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from engine import database, drawing
from engine.clock import Clock
from engine.errors import EngineError, NotFound
from engine.law.periods import Periods
from engine.publishing import Library
from engine.rehearsing import causes, remembering, touching
from engine.rehearsing.remembering import Memory
from engine.studio import drafting, rehearsal_pages, rehearsal_runs, reviewing
from engine.studio.children import Child
from engine.studio.rehearsal_runs import Work
from engine.studio.rehearsal_views import RehearsalView
from engine.studio.reviewing import FileSets
from engine.studio.story_answers import StoryAnswers
from engine.studio.tables import Draft
from engine.views import Officer

PATIENCE = 2.0
"""Seconds that one call of `carry_on` listens."""


@dataclass
class _AtWork:
    work: Work
    child: Child | None
    """None where there is nothing to tell."""


class Rehearsals(StoryAnswers):
    """Rehearsals of drafts, and cases played by hand on them.

    Managers ask for them; legal may read what came of them. Raises NotFound for what
    another council owns, and NotPermitted for what the officer's roles do not allow."""

    def __init__(
        self,
        engine: sa.Engine,
        clock: Clock,
        periods: Periods,
        library: Library,
        *,
        is_demonstration: bool = False,
    ) -> None:
        super().__init__(
            engine, clock, periods, library, is_demonstration=is_demonstration
        )
        self._at_work: _AtWork | None = None
        self._turn = threading.Lock()

    def ask(
        self,
        draft_id: str,
        kind: str,
        officer: Officer,
        options: Mapping[str, Any] | None = None,
    ) -> str:
        """Have the stories told (`stories`) or real cases replayed (`replay`).

        Options: `all` stories; for a replay `which` cases (all, open, closed), `limit`
        and `process`. Returns the rehearsal's id. Raises InvalidAnswers."""
        return self._command(
            officer,
            lambda desk: rehearsal_runs.ask(
                desk, draft_id, kind, officer, options or {}
            ),
        )

    def stop(self, rehearsal_id: str, officer: Officer) -> None:
        """Stop it; what it found so far stays."""
        self._command(
            officer, lambda desk: rehearsal_runs.stop(desk, rehearsal_id, officer)
        )

    def get(self, rehearsal_id: str, officer: Officer) -> RehearsalView:
        """A rehearsal with its results so far."""
        with database.reading(self._engine) as session:
            run = rehearsal_runs.find(session, rehearsal_id, officer)
            files = self._files(session, run.draft_id).after
            return rehearsal_pages.rehearsal_view(session, run, files)

    def latest(
        self, draft_id: str, kind: str, officer: Officer
    ) -> RehearsalView | None:
        """The rehearsal of that kind that was asked for last."""
        return next(iter(self.of_draft(draft_id, kind, officer)), None)

    def of_draft(
        self, draft_id: str, kind: str, officer: Officer
    ) -> tuple[RehearsalView, ...]:
        """The rehearsals of a draft, the newest first."""
        with database.reading(self._engine) as session:
            draft = drafting.find(session, draft_id, officer)
            return tuple(
                rehearsal_pages.rehearsal_view(session, run, {})
                for run in rehearsal_runs.of_draft(session, draft.id, kind)
            )

    def picture(self, rehearsal_id: str, process: str, officer: Officer) -> str:
        """A diagram with what the stories took inked. Raises NotFound."""
        with database.reading(self._engine) as session:
            run = rehearsal_runs.find(session, rehearsal_id, officer)
            found = run.results.get("coverage", {}).get(process)
            files = self._files(session, run.draft_id).after
            content = files.get(f"{process}.bpmn")
        if found is None or content is None:
            raise NotFound("This rehearsal did not go through such a diagram.")
        return drawing.picture(content, done=found["taken"], taken=found["taken"])

    # At work

    def carry_on(self, seconds: float = PATIENCE) -> int:
        """Begin a rehearsal that waits, or hear for so long what ours says.

        Returns 1 while there is one, 0 where there is nothing to do here."""
        if not self._turn.acquire(blocking=False):
            return 0
        try:
            if self._at_work is None:
                self._at_work = self._begin()
            if self._at_work is None:
                return 0
            if self._is_done(self._at_work, seconds):
                self._at_work = None
            return 1
        finally:
            self._turn.release()

    def _begin(self) -> _AtWork | None:
        work = self._command(None, rehearsal_runs.claim)
        if work is None:
            return None
        try:
            return self._start(work)
        except EngineError as error:
            work.broken = str(error)
            return _AtWork(work, None)

    def _start(self, work: Work) -> _AtWork:
        with database.reading(self._engine) as session:
            files = self._files(session, work.draft_id)
            if work.kind == "replay":
                memory = remembering.remember(
                    session,
                    self._library,
                    work.council,
                    self._clock.now(),
                    work.options,
                )
        if work.kind == "replay":
            return _replay(work, memory, files.after)
        if work.kind == "answers":
            return _answer(work, files.after)
        return _tell(work, files)

    def _is_done(self, at_work: _AtWork, seconds: float) -> bool:
        work, child = at_work.work, at_work.child
        for said in child.hear(seconds) if child is not None else ():
            work.hear(said)
        is_over = child is None or child.is_over
        if is_over and child is not None:
            ended_with = child.end()
            work.broken = work.broken or ended_with
        is_ours = self._command(
            work.by, lambda desk: rehearsal_runs.write(desk, work, is_over=is_over)
        )
        if not is_ours and child is not None and not is_over:
            child.end()
        return is_over or not is_ours

    def _files(self, session: Any, draft_id: str) -> FileSets:
        return reviewing.read_of(session, session.get_one(Draft, draft_id))


def _replay(work: Work, memory: Memory, files: Mapping[str, bytes]) -> _AtWork:
    work.total = len(memory.cases) + len(memory.skipped)
    for case in memory.skipped:
        work.hear({"case": case})
    if not memory.cases:
        return _AtWork(work, None)
    job = {
        "kind": "replay",
        "council": work.council,
        "people": memory.people,
        "drawn": memory.drawn,
    }
    return _AtWork(work, Child(job, files, memory.cases))


def _tell(work: Work, files: FileSets) -> _AtWork:
    found = (
        touching.everything(files.after)
        if work.options.get("all")
        else touching.touched(files.before, files.after, work.council)
    )
    work.total = len(found.stories) + len(found.unreadable)
    for file, why in found.unreadable.items():
        work.hear({"told": {"file": file, "title": file, "message": why, "step": 0}})
    if not found.stories:
        return _AtWork(work, None)
    job = {
        "kind": "stories",
        "stories": list(found.stories),
        "covered": list(found.covered),
        "steps": vars(causes.changes(files.before, files.after)),
    }
    return _AtWork(work, Child(job, _needed(files.after, found.stories)))


def _answer(work: Work, files: Mapping[str, bytes]) -> _AtWork:
    chosen = [name for name in work.options["stories"] if name in files]
    work.total = len(chosen)
    job = {
        "kind": "answers",
        "stories": chosen,
        **{key: work.options[key] for key in ("task", "person", "answers")},
    }
    return _AtWork(work, Child(job, _needed(files, chosen)))


def _needed(files: Mapping[str, bytes], stories: Iterable[str]) -> dict[str, bytes]:
    """What is run, and of the stories only these."""
    chosen = {*stories, *(name for name in files if "scenarios/" not in name)}
    return {name: files[name] for name in sorted(chosen)}
