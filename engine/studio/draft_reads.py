"""What can be read of drafts and releases, without changing anything."""

from __future__ import annotations

from collections.abc import Mapping

from engine import checks, database, permissions, publishing
from engine.commanding import Commands
from engine.errors import NotFound, Problem
from engine.periods_in_force import PeriodsInForce
from engine.studio import (
    comparing,
    draft_files,
    draft_pages,
    drafting,
    release_pages,
    reviewing,
)
from engine.studio.draft_views import (
    Comparison,
    DraftLine,
    DraftView,
    ProcessLine,
    ReleaseLine,
    ReleaseView,
)
from engine.studio.reviewing import FileSets
from engine.studio.tables import Draft
from engine.views import Officer


class DraftReads(Commands):
    """Reads of drafts and releases, for managers and for legal.

    Each raises NotFound for what another council owns, and NotPermitted for what the
    officer's roles do not allow."""

    # Drafts

    def files(self, draft_id: str, officer: Officer) -> dict[str, bytes]:
        """All files as they are with the draft."""
        return dict(self._read(draft_id, officer).after)

    def exported(self, draft_id: str, council: str) -> dict[str, bytes]:
        """All files as they are with a draft, for whoever has the command line."""
        with database.reading(self._engine) as session:
            draft = session.get(Draft, draft_id)
            if draft is None or draft.council != council:
                raise NotFound("There is no such change in the studio.")
            names = draft_files.names_of(session, draft)
            return publishing.read_files(session, names)

    def check(
        self,
        draft_id: str,
        officer: Officer,
        changes: Mapping[str, bytes | None] | None = None,
    ) -> tuple[Problem, ...]:
        """What is wrong with the draft with `changes` in front; nothing is kept."""
        files = self.files(draft_id, officer)
        for name, content in (changes or {}).items():
            if content is None:
                files.pop(name, None)
            else:
                files[name] = content
        return tuple(checks.check(files))

    def get(self, draft_id: str, officer: Officer) -> DraftView:
        """A draft with all that its page shows, but what `check` finds."""
        with database.reading(self._engine) as session:
            draft = drafting.find(session, draft_id, officer)
            findings = reviewing.examine(
                reviewing.read_of(session, draft), with_problems=False
            )
            return draft_pages.draft_view(
                session,
                PeriodsInForce(session, self._periods),
                draft,
                officer,
                findings,
            )

    def all(self, officer: Officer) -> tuple[DraftLine, ...]:
        """The drafts of the officer's council: those in work first."""
        permissions.require_reviewer(officer)
        with database.reading(self._engine) as session:
            return draft_pages.draft_lines(session, officer.council)

    def compare(self, draft_id: str, officer: Officer) -> Comparison:
        """How the draft differs from the release that it changes."""
        with database.reading(self._engine) as session:
            draft = drafting.find(session, draft_id, officer)
            base = draft_files.base_of(session, draft).number
            files = reviewing.read_of(session, draft)
        return comparing.compare(
            files.before,
            files.after,
            before_title=f"Release {base}",
            after_title=draft.title,
        )

    # Releases

    def compare_releases(self, before: int, after: int, officer: Officer) -> Comparison:
        """How one release differs from another."""
        return comparing.compare(
            self.release_files(before, officer),
            self.release_files(after, officer),
            before_title=f"Release {before}",
            after_title=f"Release {after}",
        )

    def releases(self, officer: Officer) -> tuple[ReleaseLine, ...]:
        """What the officer's council has published, the newest first."""
        permissions.require_reviewer(officer)
        with database.reading(self._engine) as session:
            return release_pages.release_lines(session, officer.council)

    def release(self, number: int, officer: Officer) -> ReleaseView:
        """A release with what differs from the one before it."""
        with database.reading(self._engine) as session:
            return release_pages.release_view(session, number, officer)

    def release_files(self, number: int, officer: Officer) -> dict[str, bytes]:
        """All files of a release, byte for byte."""
        with database.reading(self._engine) as session:
            found = drafting.find_release(session, number, officer)
            return publishing.read_files(session, found.files)

    def processes(self, officer: Officer) -> tuple[ProcessLine, ...]:
        """The processes that cases start on, by title."""
        permissions.require_reviewer(officer)
        with database.reading(self._engine) as session:
            return release_pages.process_lines(session, officer.council)

    def _read(self, draft_id: str, officer: Officer) -> FileSets:
        with database.reading(self._engine) as session:
            return reviewing.read(session, draft_id, officer)
