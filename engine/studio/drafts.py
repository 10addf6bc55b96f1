"""The door of the studio's drafts and releases: changed, reviewed, published."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from pathlib import Path

import sqlalchemy as sa

from engine import database, permissions, publishing
from engine.clock import Clock
from engine.errors import CaseChanged, EngineError
from engine.law.periods import Periods
from engine.publishing import Library
from engine.studio import drafting, releases, reviewing
from engine.studio.draft_reads import DraftReads
from engine.studio.reviewing import FileSets
from engine.views import Officer


class Drafts(DraftReads):
    """Changes to a council's files: made by managers, reviewed by another or by legal.

    Each raises NotFound for what another council owns, and NotPermitted for what the
    officer's roles do not allow; nothing is then changed."""

    def __init__(
        self,
        engine: sa.Engine,
        clock: Clock,
        periods: Periods,
        library: Library,
        *,
        folder: Path,
        is_demonstration: bool = False,
    ) -> None:
        """`folder` holds the periods and stories of a council without a release."""
        super().__init__(
            engine, clock, periods, library, is_demonstration=is_demonstration
        )
        self._folder = folder

    # Changing

    def open(
        self, title: str, note: str, officer: Officer, *, of_release: int | None = None
    ) -> str:
        """A new draft on the newest release; returns its id.

        With `of_release` it holds the files of that older release."""
        return self._command(
            officer,
            lambda desk: drafting.open_draft(
                desk,
                title,
                note,
                officer,
                folder=self._folder,
                of_release=of_release,
            ),
        )

    def save(
        self,
        draft_id: str,
        changes: Mapping[str, bytes | None],
        revision: int,
        officer: Officer,
    ) -> int:
        """Keep changed files, None for one taken out; returns the new revision.

        Raises DraftChanged where another saved since that revision, DraftClosed, and
        InvalidAnswers for a name or a size that cannot be."""
        return self._command(
            officer,
            lambda desk: drafting.save(desk, draft_id, changes, revision, officer),
        )

    def rename(self, draft_id: str, title: str, note: str, officer: Officer) -> None:
        """Say anew what changes and why."""
        self._command(
            officer, lambda desk: drafting.rename(desk, draft_id, title, note, officer)
        )

    def withdraw(self, draft_id: str, officer: Officer) -> None:
        """Give a draft up; it stays readable."""
        self._command(officer, lambda desk: drafting.withdraw(desk, draft_id, officer))

    def rebase(
        self,
        draft_id: str,
        officer: Officer,
        choices: Mapping[str, str] | None = None,
    ) -> int:
        """Put a draft onto the newest release; returns its revision.

        `choices`: file name to `ours` (the draft's) or `theirs` (the release's). Raises
        DraftConflict with the names of the files for which one is missing."""
        return self._command(
            officer,
            lambda desk: releases.rebase(desk, draft_id, officer, choices or {}),
        )

    # Review

    def submit(
        self, draft_id: str, officer: Officer, safeguard_reason: str = ""
    ) -> None:
        """Ask another person for review. Raises DraftNotReady with what is missing."""
        permissions.require_manager(officer)
        findings = reviewing.examine(self._read(draft_id, officer))
        self._command(
            officer,
            lambda desk: reviewing.submit(
                desk, draft_id, officer, safeguard_reason, findings
            ),
        )

    def approve(self, draft_id: str, note: str, officer: Officer) -> None:
        """Agree to the draft as it is. Raises NotPermitted for whoever made it."""
        findings = reviewing.examine(self._read(draft_id, officer), with_problems=False)
        self._command(
            officer,
            lambda desk: reviewing.approve(desk, draft_id, note, officer, findings),
        )

    def send_back(self, draft_id: str, note: str, officer: Officer) -> None:
        """Give the draft back to be changed, with the reason."""
        self._command(
            officer, lambda desk: reviewing.send_back(desk, draft_id, note, officer)
        )

    # Publishing

    def publish(
        self, draft_id: str, officer: Officer, at: datetime | None = None
    ) -> int | None:
        """Make the draft the newest release, now or at a time to come.

        Returns the release's number, or None where it is planned. Publishing twice is
        publishing once. Raises DraftNotReady with what stands in the way."""
        permissions.require_manager(officer)
        files = self._read(draft_id, officer)
        findings = reviewing.examine(files)
        return self._command(
            officer,
            lambda desk: releases.publish(
                desk, draft_id, officer, files, findings, at=at
            ),
        )

    def unschedule(self, draft_id: str, officer: Officer) -> None:
        """Take a planned publication back."""
        self._command(
            officer, lambda desk: releases.unschedule(desk, draft_id, officer)
        )

    def publish_scheduled(self) -> int:
        """Publish the drafts whose time has come; returns how many.

        Everything is checked again; what cannot be published says so in words. What
        another command stands in the way of is done another time."""
        with database.reading(self._engine) as session:
            due = releases.due(session, self._clock.now())
        return sum(self._publish_due(draft_id) for draft_id in due)

    def _publish_due(self, draft_id: str) -> bool:
        try:
            with database.reading(self._engine) as session:
                files = reviewing.read_due(session, draft_id)
            findings = reviewing.examine(files)
            return self._command(
                None,
                partial(
                    releases.publish_planned,
                    draft_id=draft_id,
                    files=files,
                    findings=findings,
                ),
            )
        except CaseChanged:
            return False
        except EngineError as error:
            failure = str(error)
        self._command(None, lambda desk: releases.keep_failure(desk, draft_id, failure))
        return False

    # Releases

    def roll_back(self, number: int, note: str, officer: Officer) -> int:
        """The files of an older release again, as a new one; returns its number.

        Checked again. Raises DraftNotReady where they cannot be used as they are."""
        permissions.require_manager(officer)
        with database.reading(self._engine) as session:
            older = drafting.find_release(session, number, officer)
            newest = publishing.newest_release(session, officer.council) or older
            files = FileSets(
                draft_id=older.id,
                revision=older.number,
                base_id=newest.id,
                before=publishing.read_files(session, newest.files),
                after=publishing.read_files(session, older.files),
                content=reviewing.known_by(newest.files, older.files),
            )
        findings = reviewing.examine(files)
        return self._command(
            officer,
            lambda desk: releases.roll_back(
                desk, number, note, officer, files.after, findings
            ),
        )
