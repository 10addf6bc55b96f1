"""What a page shows of rehearsals and replays: plain frozen data, never rows."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from engine.rehearsing.causes import GONE, Cause
from engine.rehearsing.play_views import Asked


@dataclass(frozen=True, kw_only=True)
class StoryResult:
    """How one story went on the draft."""

    file: str
    title: str
    message: str
    """What went differently; empty where it passed."""
    step: int
    cause: Cause | None = None
    """The step for which it failed, where other stories may have failed alike."""
    times: int = 0
    """How often a step was put into it, where stories were answered a step."""

    @property
    def passed(self) -> bool:
        return not self.message


@dataclass(frozen=True, kw_only=True)
class StoppedStories:
    """Stories that failed for the same step."""

    cause: Cause
    stories: tuple[StoryResult, ...]

    @property
    def is_gone(self) -> bool:
        """The step is no longer drawn; otherwise the stories do not know it."""
        return self.cause.kind == GONE

    @property
    def sentence(self) -> str:
        """What they fail for, in words."""
        one = len(self.stories) == 1
        counted = "1 story" if one else f"{len(self.stories)} stories"
        name = f"“{self.cause.name}”"
        if self.is_gone:
            does = "does" if one else "do"
            return f"{counted} {does} {name}, which the change no longer has."
        stops, know = ("stops", "it does") if one else ("stop", "they do")
        return f"{counted} {stops} at {name}, which {know} not know."


@dataclass(frozen=True, kw_only=True)
class StepAsked:
    """A step that stories do not know, as it stands open in one of them."""

    draft_id: str
    draft_title: str
    rehearsal_id: str
    cause: Cause
    stories: tuple[StoryResult, ...]
    example: str
    """The title of the story in which it is shown."""
    now: datetime
    """When it is in that story."""
    asked: Asked


@dataclass(frozen=True, kw_only=True)
class CoverageResult:
    """What of one diagram or table the stories took."""

    name: str
    """The process, or the file name of the table without its ending."""
    title: str
    is_table: bool
    taken: int
    missing: tuple[tuple[str, str], ...]
    """Each step, way or rule that no story took: its id, and what it is called."""

    @property
    def total(self) -> int:
        return self.taken + len(self.missing)

    @property
    def percent(self) -> int:
        """Rounded down, so that 100 means all."""
        return 100 * self.taken // self.total if self.total else 100


@dataclass(frozen=True, kw_only=True)
class CaseResult:
    """How one real case would have gone on the draft."""

    reference: str
    state: str
    """same, differs, skipped."""
    sentence: str
    """Where it would have gone another way, or why it was left out."""
    at: datetime | None
    process: str
    element: str


@dataclass(frozen=True, kw_only=True)
class RehearsalView:
    """One rehearsal of the stories, or one replay of real cases."""

    id: str
    draft_id: str
    draft_title: str
    kind: str
    """stories, replay, answers."""
    revision: int
    is_current: bool
    """The draft has not been changed since."""
    state: str
    """waiting, running, finished, stopped, failed."""
    message: str
    total: int
    done: int
    failed: int
    """Stories that failed, or cases that would have gone another way."""
    is_whole: bool
    """All stories were asked for, not only those that the change touches."""
    asked_at: datetime
    asked_by: str
    finished_at: datetime | None
    stories: tuple[StoryResult, ...] = ()
    coverage: tuple[CoverageResult, ...] = ()
    cases: tuple[CaseResult, ...] = ()
    chosen: str = ""
    """Which cases were replayed, in words; or which step was answered."""

    @property
    def is_over(self) -> bool:
        return self.state not in ("waiting", "running")

    @property
    def percent(self) -> int:
        return 100 * self.done // self.total if self.total else 0

    @property
    def groups(self) -> tuple[StoppedStories, ...]:
        """Stories that failed for the same step, the most first."""
        found: defaultdict[Cause, list[StoryResult]] = defaultdict(list)
        for story in self.stories:
            if story.cause is not None:
                found[story.cause].append(story)
        groups = [
            StoppedStories(cause=cause, stories=tuple(stories))
            for cause, stories in found.items()
        ]
        return tuple(sorted(groups, key=lambda group: -len(group.stories)))
