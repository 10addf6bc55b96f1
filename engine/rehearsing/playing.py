"""Plays a case by hand: a story told step by step on files of its own.

A few stages are kept, each with the story that it has told: the next step then needs
no telling from the start. Nothing is lost with a stage: the story is all there is."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
import threading
import weakref
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from engine import database, library
from engine.errors import (
    CannotPlay,
    EngineError,
    InvalidAnswers,
    NotPermitted,
    TaskNotReady,
)
from engine.models import CaseEvent
from engine.rehearsing import stories
from engine.rehearsing.expectations import Unmet
from engine.rehearsing.rehearsal import Stage
from engine.rehearsing.scenarios import Cast, Teller
from engine.rehearsing.story import Step, Story
from engine.views import TaskLine

if TYPE_CHECKING:
    from engine import Office

MOST_STAGES = 3
MOST_STEPS = 300


@dataclass(frozen=True)
class Told:
    """A step that was told: when it was then, and the last event of the case."""

    at: datetime
    event: int


def read(text: str) -> Story:
    """The story told so far. Raises DefinitionError where a step makes no sense."""
    return stories.read("scenarios/played.yaml", text.encode(), is_begun=True)


@dataclass
class PlayStage:
    """A draft's files published in a database of their own, and one case in it."""

    folder: Path
    stage: Stage
    lock: threading.RLock = field(default_factory=threading.RLock)
    teller: Teller | None = None
    story: Story | None = None
    told: list[Told] = field(default_factory=list)
    is_closed: bool = False

    @classmethod
    def open(cls, files: Mapping[str, bytes], council: str) -> PlayStage:
        """Raises DefinitionError where a form or a table keeps all from being run."""
        folder = Path(tempfile.mkdtemp(prefix="enforce-play-"))
        library.write(files, folder)
        url = f"sqlite:///{folder}/live.db"
        try:
            stage = Stage.open(files, url, folder, [council])
        except EngineError:
            shutil.rmtree(folder)
            raise
        stage.office.engine.dispose()
        shutil.copy(folder / "live.db", folder / "blank.db")
        opened = cls(folder, stage)
        weakref.finalize(opened, _clear, folder, stage)
        return opened

    @property
    def office(self) -> Office:
        return self.stage.office

    def close(self) -> None:
        """Nothing is left of it."""
        with self.lock:
            self.is_closed = True
            _clear(self.folder, self.stage)

    def bring_to(self, story: Story) -> None:
        """Have the case stand where the story ends.

        Raises CannotPlay with the step that cannot be told; the case then stands
        before it."""
        if not self._is_on_the_way_to(story):
            self._begin(story)
        for step in story.steps[len(self.told) - 1 :]:
            try:
                self.tell(step)
            except EngineError as error:
                self._stand_before(story, step)
                raise CannotPlay(str(error), step=step.number) from error
        self.story = story

    def _is_on_the_way_to(self, story: Story) -> bool:
        if self.story is None or self.teller is None:
            return False
        done = self.story.steps
        same = replace(self.story, steps=()) == replace(story, steps=())
        return same and story.steps[: len(done)] == done

    def _begin(self, story: Story) -> None:
        if reason := self.stage.unpublished.get(story.process):
            raise CannotPlay(f"The process cannot be run: {reason}")
        self.office.engine.dispose()
        shutil.copy(self.folder / "blank.db", self.folder / "live.db")
        cast = Cast(self.office)
        self.stage.clock.begin_at(story.starts_at)
        self.teller = Teller(story, self.office, self.stage.clock, cast)
        self.story, self.told = None, []
        try:
            self.teller.open()
        except EngineError as error:
            self.teller = None
            raise CannotPlay(f"The case cannot be opened: {error}") from error
        self._note()

    def _stand_before(self, story: Story, step: Step) -> None:
        self.teller = None
        self.bring_to(replace(story, steps=story.steps[: step.number - 1]))

    def tell(self, step: Step) -> None:
        """One step more. Raises what the engine says against it.

        Where that may have left the case half-way, it is told anew next time."""
        assert self.teller is not None
        before, self.story = self.story, None
        try:
            self.teller.carry_out(step)
        except (NotPermitted, TaskNotReady):
            self.story = before
            raise
        except Unmet as unmet:
            if isinstance(unmet.__cause__, InvalidAnswers):
                self.story = before
                raise unmet.__cause__ from None
            raise
        self._note()

    def _note(self) -> None:
        with database.reading(self.office.engine) as session:
            last = session.scalar(sa.select(sa.func.max(CaseEvent.id)))
        self.told.append(Told(self.stage.clock.now(), last or 0))

    def defaults(self, step: Step) -> Mapping[str, Any]:
        """What the page of a step's task shows before anybody has typed."""
        assert self.teller is not None
        witness = self.teller.witness
        try:
            return witness.defaults(witness.ready_task(step))
        except Unmet:
            return {}

    def answered(self) -> Mapping[str, Any]:
        """What was answered at the last task that was completed."""
        query = (
            sa.select(CaseEvent.data)
            .where(CaseEvent.kind == "task_completed")
            .order_by(CaseEvent.id.desc())
            .limit(1)
        )
        with database.reading(self.office.engine) as session:
            return session.scalar(query) or {}

    def end_element(self) -> str:
        """Where the story's process has ended; empty while it runs."""
        assert self.teller is not None
        return self.teller.witness.main().end_element

    def tell_again(self, story: Story) -> Iterator[tuple[TaskLine, ...]]:
        """The whole story from its start: behind each step, the tasks that are open."""
        self._begin(story)
        assert self.teller is not None
        for step in story.steps:
            self.tell(step)
            yield self.teller.witness.glance.ready()
        self.story = story


def _clear(folder: Path, stage: Stage) -> None:
    stage.office.engine.dispose()
    shutil.rmtree(folder, ignore_errors=True)


class Stages:
    """The stages that this process keeps, the latest used last."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, str], PlayStage] = OrderedDict()
        self._lock = threading.Lock()

    @contextmanager
    def at(
        self, play_id: str, files: Mapping[str, bytes], council: str
    ) -> Iterator[PlayStage]:
        """The stage of a play on these files, nobody else's for the while."""
        key = (play_id, _digest(files))
        while True:
            stage = self._stage(key, files, council)
            with stage.lock:
                if stage.is_closed:
                    continue
                yield stage
                return

    def _stage(
        self, key: tuple[str, str], files: Mapping[str, bytes], council: str
    ) -> PlayStage:
        with self._lock:
            stage = self._kept.pop(key, None) or PlayStage.open(files, council)
            self._kept[key] = stage
            while len(self._kept) > MOST_STAGES:
                self._kept.popitem(last=False)[1].close()
            return stage


def _digest(files: Mapping[str, bytes]) -> str:
    digest = hashlib.sha256()
    for name in sorted(files):
        digest.update(name.encode())
        digest.update(hashlib.sha256(files[name]).digest())
    return digest.hexdigest()
