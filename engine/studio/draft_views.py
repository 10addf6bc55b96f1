"""What a page shows of drafts and releases: plain frozen data, never rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from engine.checks.safeguards import LawChanged, SafeguardLost


@dataclass(frozen=True, kw_only=True)
class FileChange:
    """One file that differs, and who changed it."""

    name: str
    kind: str
    """changed, added, removed."""
    label: str
    changed_by: str = ""
    changed_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class DraftEventView:
    """What happened to a draft: who, when, what."""

    at: datetime
    title: str
    detail: str
    by: str


@dataclass(frozen=True, kw_only=True)
class RehearsalLine:
    """The last rehearsal of the stories on a draft."""

    id: str
    state: str
    revision: int
    is_current: bool
    """It was told on the draft as it is now."""
    total: int
    done: int
    failed: int
    finished_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class DraftLine:
    """A draft in a list."""

    id: str
    title: str
    state: str
    created_by: str
    created_at: datetime
    changed_at: datetime
    submitted_by: str
    publish_at: datetime | None
    failure: str
    is_stale: bool
    base_number: int
    files_changed: int
    release_number: int | None


@dataclass(frozen=True, kw_only=True)
class DraftView:
    """A draft with all that its page shows. What is wrong with it: `Drafts.check`."""

    id: str
    title: str
    note: str
    state: str
    """open, in_review, approved, published, withdrawn."""
    revision: int
    base_number: int
    newest_number: int
    created_by: str
    created_at: datetime
    changed_at: datetime
    changes: tuple[FileChange, ...]
    submitted_by: str
    submitted_at: datetime | None
    reviewed_by: str
    reviewed_at: datetime | None
    review_note: str
    publish_at: datetime | None
    failure: str
    release_number: int | None
    """The release that it became."""
    safeguards: tuple[SafeguardLost, ...]
    law: tuple[LawChanged, ...]
    """Statutory periods that it changes, before and after in words."""
    safeguard_reason: str
    needs_reason: bool
    needs_review: bool
    why_not_review: str
    """Why the officer who looks may not review it; '' where they may."""
    needs: tuple[str, ...]
    """What still stands in the way of publishing, one sentence each; problems of the
    files are told by `Drafts.check`."""
    events: tuple[DraftEventView, ...]
    is_stale: bool
    """A newer release exists than the one that it changes."""
    conflicts: tuple[FileChange, ...]
    """Files that both the draft and the newer releases change."""
    rehearsal: RehearsalLine | None

    @property
    def is_closed(self) -> bool:
        return self.state in ("published", "withdrawn")


@dataclass(frozen=True, kw_only=True)
class ReleaseLine:
    """A release in a list."""

    number: int
    note: str
    published_at: datetime
    published_by: str
    reviewed_by: str
    files_changed: int
    rolled_back_to: int | None
    is_newest: bool


@dataclass(frozen=True, kw_only=True)
class ReleaseView:
    """A release with all that its page shows."""

    number: int
    note: str
    published_at: datetime
    published_by: str
    reviewed_by: str
    safeguard_reason: str
    rolled_back_to: int | None
    is_newest: bool
    draft_id: str | None
    draft_title: str
    written_by: str
    """Who began the draft that it came from."""
    changes: tuple[FileChange, ...]
    """What differs from the release before it."""
    versions: Mapping[str, int]
    """The processes that got a new version with it, with its number."""
    changed_periods: Mapping[str, int]
    """Each period that it changed, with how many open timers were counted by it."""
    file_names: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ProcessLine:
    """A process that cases start on, for the studio's first page."""

    process: str
    title: str
    version: int
    published_at: datetime
    published_by: str
    running: int
    on_older: int
    """How many of them still run on an earlier version."""


@dataclass(frozen=True, kw_only=True)
class Sentence:
    """One difference in words, with the element that it is about."""

    element: str
    text: str


@dataclass(frozen=True, kw_only=True)
class FileComparison:
    """How one file differs. `before` and `after` are its text; None where it is not."""

    name: str
    label: str
    before: str | None
    after: str | None
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    moved_only: tuple[str, ...] = ()
    """Elements that are only drawn elsewhere."""
    words: tuple[Sentence, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """How two sets of files differ, file by file."""

    files: tuple[FileComparison, ...]
    before_title: str = ""
    after_title: str = ""
