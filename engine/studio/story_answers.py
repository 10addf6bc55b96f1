"""Stories brought into step with a change: a step that it adds is answered in all of
them at once, a step that it takes out is taken out of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from engine import database, library, permissions
from engine.errors import (
    CannotPlay,
    DefinitionError,
    DraftChanged,
    InvalidAnswers,
    NotFound,
)
from engine.rehearsing import recording, scene, stories, story_editing
from engine.rehearsing.causes import GONE, UNKNOWN
from engine.rehearsing.play_words import Speaker
from engine.rehearsing.playing import PlayStage
from engine.rehearsing.scene import Look, task_key, task_step
from engine.rehearsing.story import Step, Story
from engine.rehearsing.story_editing import CannotEdit
from engine.runs import Desk
from engine.studio import drafting, rehearsal_pages, rehearsal_runs, reviewing
from engine.studio.plays import Plays
from engine.studio.rehearsal_views import StepAsked, StoppedStories
from engine.studio.tables import Draft
from engine.views import Officer, TaskLine


@dataclass(frozen=True)
class _Group:
    """Stories of a draft that failed for one step, and the files that they fail on."""

    rehearsal_id: str
    draft_id: str
    draft_title: str
    revision: int
    stopped: StoppedStories
    files: Mapping[str, bytes]

    @property
    def example(self) -> Story:
        """The story in which the step is shown."""
        file = self.stopped.stories[0].file
        return stories.read(file, self.files[file])


class StoryAnswers(Plays):
    """Managers change many stories at once."""

    def unanswered(
        self, rehearsal_id: str, element: str, officer: Officer
    ) -> StepAsked:
        """A step that stories do not know: its form, as it opens in the first of them.

        Raises NotFound where no story of the rehearsal stopped there, DraftChanged
        where the draft was changed since, CannotPlay."""
        group = self._group(rehearsal_id, UNKNOWN, element, officer)
        story = group.example
        speaker = Speaker(library.for_council(group.files, story.council))
        with self._stages.at(_key(group), group.files, story.council) as stage:
            line = _bring_to(stage, story, element)
            assert stage.story is not None
            look = Look(task_key(_said(stage, line)))
            seen = scene.see(stage, stage.story, look, speaker)
        assert seen.asked is not None
        return StepAsked(
            draft_id=group.draft_id,
            draft_title=group.draft_title,
            rehearsal_id=rehearsal_id,
            cause=group.stopped.cause,
            stories=group.stopped.stories,
            example=story.title,
            now=seen.now,
            asked=seen.asked,
        )

    def answer(
        self,
        rehearsal_id: str,
        element: str,
        person: str,
        answers: Mapping[str, Any],
        officer: Officer,
    ) -> str:
        """Have the step answered in all stories that stop there; returns the id of
        what then goes on, as a rehearsal does.

        The answers are tried in the first story: raises InvalidAnswers and what else
        the engine says against them."""
        group = self._group(rehearsal_id, UNKNOWN, element, officer)
        story = group.example
        with self._stages.at(_key(group), group.files, story.council) as stage:
            line = _bring_to(stage, story, element)
            step = _step(_said(stage, line), person, answers)
            defaults = stage.defaults(step)
            stage.tell(step)
            kept = _own(stage.answered(), defaults)
        assert step.person is not None
        options = {
            "task": element,
            "name": group.stopped.cause.name,
            "person": vars(step.person),
            "answers": kept,
            "stories": [each.file for each in group.stopped.stories],
        }

        def work(desk: Desk) -> str:
            draft = drafting.find_open(desk, group.draft_id, officer)
            return rehearsal_runs.add(desk, draft, "answers", officer, options)

        return self._command(officer, work)

    def take_out(
        self, rehearsal_id: str, element: str, officer: Officer
    ) -> tuple[int, tuple[str, ...]]:
        """Take a step that is no longer drawn out of the stories that failed for it.

        Returns how many were changed, and the titles of those that could not be."""
        group = self._group(rehearsal_id, GONE, element, officer)
        changed: dict[str, bytes] = {}
        left: list[str] = []
        for story in group.stopped.stories:
            text = group.files[story.file].decode()
            try:
                without = story_editing.take_out(story.file, text, element)
            except CannotEdit:
                left.append(story.title)
            else:
                changed[story.file] = without.encode()
        if changed:
            self._command(
                officer,
                lambda desk: drafting.save(
                    desk, group.draft_id, changed, group.revision, officer
                ),
            )
        return len(changed), tuple(left)

    def _group(
        self, rehearsal_id: str, kind: str, element: str, officer: Officer
    ) -> _Group:
        permissions.require_manager(officer)
        with database.reading(self._engine) as session:
            return _find(session, rehearsal_id, (kind, element), officer)


def _find(
    session: Session, rehearsal_id: str, wanted: tuple[str, str], officer: Officer
) -> _Group:
    run = rehearsal_runs.find(session, rehearsal_id, officer)
    draft = session.get_one(Draft, run.draft_id)
    drafting.require_open(draft)
    view = rehearsal_pages.rehearsal_view(session, run, {})
    if not view.is_current:
        raise DraftChanged(
            "The change was changed after this rehearsal. Rehearse it again, and go on "
            "from there."
        )
    for group in view.groups:
        if (group.cause.kind, group.cause.element) == wanted:
            files = reviewing.read_of(session, draft).after
            return _Group(run.id, draft.id, draft.title, draft.revision, group, files)
    raise NotFound("No story of this rehearsal stopped at such a step.")


def _key(group: _Group) -> str:
    return f"{group.rehearsal_id}~{group.stopped.cause.element}"


def _bring_to(stage: PlayStage, story: Story, element: str) -> TaskLine:
    """Tell the story to where the task opens. Raises CannotPlay."""
    told = stage.story.steps if stage.story is not None else ()
    is_begun = told == story.steps[: len(told)] and stage.teller is not None
    for number in range(len(told) if is_begun else 0, len(story.steps) + 1):
        stage.bring_to(_until(story, number))
        assert stage.teller is not None
        for line in stage.teller.witness.glance.ready():
            if line.element == element:
                return line
    raise CannotPlay("The step does not open in this story. Rehearse the change again.")


def _until(story: Story, number: int) -> Story:
    return Story(**{**vars(story), "steps": story.steps[:number]})


def _said(stage: PlayStage, line: TaskLine) -> Mapping[str, Any]:
    assert stage.teller is not None
    glance = stage.teller.witness.glance
    return task_step(line, glance.ready(), glance.instances())


def _step(said: Mapping[str, Any], person: str, answers: Mapping[str, Any]) -> Step:
    try:
        return story_editing.read_step({**said, "as": person, "answers": answers})
    except DefinitionError as error:
        raise InvalidAnswers({"as": "Choose who does it."}) from error


def _own(answers: Mapping[str, Any], defaults: Mapping[str, Any]) -> dict[str, Any]:
    """The answers that are not the form's own: each story fills those in itself."""
    given = recording.given_answers(answers, defaults)
    return {
        key: value
        for key, value in given.items()
        if recording.written(value) != recording.written(defaults.get(key))
    }
