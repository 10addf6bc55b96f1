"""Cases played by hand on a draft: each is a story being written, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine import database, library, permissions
from engine.clock import LONDON, Clock
from engine.commanding import Commands
from engine.errors import (
    CannotPlay,
    CaseChanged,
    DefinitionError,
    EngineError,
    InvalidAnswers,
    NotFound,
)
from engine.law.periods import Periods
from engine.opening import MISSING
from engine.publishing import Library
from engine.rehearsing import playing, recording, scene
from engine.rehearsing.play_views import PlayLine, PlayView, Scene
from engine.rehearsing.play_words import Speaker
from engine.rehearsing.playing import PlayStage, Stages
from engine.rehearsing.scene import Look
from engine.rehearsing.story import Story
from engine.runs import Desk
from engine.studio import draft_files, drafting, rehearsal_pages, reviewing
from engine.studio.tables import Draft, Play
from engine.views import Officer

_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
LONGEST_TITLE = 200


@dataclass(frozen=True)
class _Kept:
    """A play as it was read, with the files that it is played on."""

    id: str
    draft_id: str
    title: str
    text: str
    council: str
    revision: int
    is_closed: bool
    files: Mapping[str, bytes]


class Plays(Commands):
    """Managers play; each step is told at once, and kept where it was accepted."""

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
        self._stages = Stages()

    def start_play(
        self,
        draft_id: str,
        title: str,
        process: str,
        case: Mapping[str, Any],
        officer: Officer,
        *,
        given: Mapping[str, Any] | None = None,
    ) -> str:
        """Begin to play a case that runs a process of the draft; returns the play's id.

        `case` is what is reported, `given` further facts. Raises InvalidAnswers."""
        text = _begun(title, process, case, given or {}, officer, self._clock)

        def work(desk: Desk) -> str:
            draft = drafting.find_open(desk, draft_id, officer)
            if f"{process}.bpmn" not in draft_files.names_of(desk.session, draft):
                raise InvalidAnswers({"process": "Choose a process of this draft."})
            play = Play(
                council=draft.council,
                draft_id=draft.id,
                title=title.strip(),
                story=text,
                by_id=officer.id,
                created_at=desk.now,
                changed_at=desk.now,
            )
            desk.session.add(play)
            desk.session.flush()
            return play.id

        return self._command(officer, work)

    def plays(self, draft_id: str, officer: Officer) -> tuple[PlayLine, ...]:
        """The plays of a draft, the latest first."""
        with database.reading(self._engine) as session:
            draft = drafting.find(session, draft_id, officer)
            return rehearsal_pages.play_lines(session, draft.id)

    def play(
        self, play_id: str, officer: Officer, *, task: str = "", diagram: int = 0
    ) -> PlayView:
        """Where a play stands: the form of one open task, and one diagram.

        What stops it is told in words in its scene, never raised."""
        kept = self._read(play_id, officer)
        story = playing.read(kept.text)
        return PlayView(
            id=kept.id,
            draft_id=kept.draft_id,
            title=kept.title,
            process=story.process,
            is_closed=kept.is_closed,
            story=kept.text,
            scene=self._scene(kept, story, Look(task, diagram)),
        )

    def _scene(self, kept: _Kept, story: Story, look: Look) -> Scene:
        speaker = Speaker(library.for_council(kept.files, kept.council))
        try:
            with self._stages.at(kept.id, kept.files, kept.council) as stage:
                return _seen(stage, story, look, speaker)
        except EngineError as error:
            return Scene(
                now=story.starts_at, status="", outcome="", problem=_in_words(error)
            )

    def act(
        self,
        play_id: str,
        step: Mapping[str, Any],
        officer: Officer,
        *,
        keep_refusal: bool = False,
    ) -> None:
        """One step more, as a story writes it (`do`, `wait`, `until`, `send` …).

        What the engine refuses is raised as the officer would see it, and not kept;
        with `keep_refusal` the refusal becomes part of the story."""
        kept = self._read(play_id, officer, to_change=True)
        raw = recording.load(kept.text)
        if len(raw["steps"]) >= playing.MOST_STEPS:
            raise InvalidAnswers(
                {"step": f"A story has at most {playing.MOST_STEPS} steps. Record it."}
            )
        with self._stages.at(kept.id, kept.files, kept.council) as stage:
            stage.bring_to(playing.read(kept.text))
            told = _tell(stage, raw, step, keep_refusal=keep_refusal)
            text = recording.dump({**raw, "steps": [*raw["steps"], told]})
            if not keep_refusal:
                stage.story = playing.read(text)
        self._keep(kept, text, officer)

    def undo(self, play_id: str, officer: Officer, *, step: int = 0) -> None:
        """Take back the last step, or a step with all that came after it."""
        kept = self._read(play_id, officer, to_change=True)
        raw = recording.load(kept.text)
        number = step or len(raw["steps"])
        if number < 1 or number > len(raw["steps"]):
            raise InvalidAnswers({"step": "There is no step to take back."})
        text = recording.dump({**raw, "steps": raw["steps"][: number - 1]})
        self._keep(kept, text, officer)

    def record(self, play_id: str, file_name: str, title: str, officer: Officer) -> str:
        """Save the play among the draft's stories; returns the name of the file.

        Behind each step the story expects what was then open and due. Raises
        InvalidAnswers for a name that is taken or cannot be, CannotPlay."""
        kept = self._read(play_id, officer, to_change=True)
        name = _file_name(file_name, kept, title)
        raw = recording.load(kept.text)
        with self._stages.at(kept.id, kept.files, kept.council) as stage:
            story = playing.read(kept.text)
            stage.bring_to(story)
            text = recording.dump(_recorded(stage, story, {**raw, "title": title}))
        content = {name: text.encode()}
        self._command(
            officer,
            lambda desk: drafting.save(
                desk, kept.draft_id, content, kept.revision, officer
            ),
        )
        return name

    def discard_play(self, play_id: str, officer: Officer) -> None:
        """Throw a play away."""
        self._command(
            officer,
            lambda desk: desk.session.delete(_find(desk.session, play_id, officer)),
        )

    def _read(
        self, play_id: str, officer: Officer, *, to_change: bool = False
    ) -> _Kept:
        with database.reading(self._engine) as session:
            play = _find(session, play_id, officer)
            draft = session.get_one(Draft, play.draft_id)
            if to_change:
                drafting.require_open(draft)
            return _Kept(
                id=play.id,
                draft_id=draft.id,
                title=play.title,
                text=play.story,
                council=play.council,
                revision=draft.revision,
                is_closed=draft.state not in drafting.OPEN,
                files=reviewing.read_of(session, draft).after,
            )

    def _keep(self, kept: _Kept, text: str, officer: Officer) -> None:
        def work(desk: Desk) -> None:
            play = _find(desk.session, kept.id, officer, lock=True)
            if play.story != kept.text:
                raise CaseChanged("This play was gone on with in another window.")
            play.story, play.changed_at = text, desk.now

        self._command(officer, work)


def _find(
    session: Session, play_id: str, officer: Officer, *, lock: bool = False
) -> Play:
    permissions.require_manager(officer)
    play = session.get(Play, play_id, with_for_update=lock or None)
    if play is None or play.council != officer.council:
        raise NotFound("There is no such play.")
    return play


def _begun(
    title: str,
    process: str,
    case: Mapping[str, Any],
    given: Mapping[str, Any],
    officer: Officer,
    clock: Clock,
) -> str:
    """A story that only begins: today at nine."""
    told = {key: value for key, value in case.items() if str(value).strip()}
    errors = {key: text for key, text in MISSING.items() if key not in told}
    if not title.strip() or len(title) > LONGEST_TITLE:
        errors["title"] = "Say in a few words what the play is about."
    if errors:
        raise InvalidAnswers(errors)
    day = clock.now().astimezone(LONDON).date()
    text = recording.dump(
        {
            "title": title.strip(),
            "process": process,
            "starts": f"{day}T09:00",
            "council": officer.council,
            "case": told,
            **({"given": given} if given else {}),
            "steps": [],
        }
    )
    playing.read(text)
    return text


def _seen(stage: PlayStage, story: Story, look: Look, speaker: Speaker) -> Scene:
    try:
        stage.bring_to(story)
    except CannotPlay as stopped:
        if stage.teller is None or stage.story is None:
            raise
        return scene.see(stage, stage.story, look, speaker, stopped=stopped)
    return scene.see(stage, story, look, speaker)


def _tell(
    stage: PlayStage,
    raw: Mapping[str, Any],
    wanted: Mapping[str, Any],
    *,
    keep_refusal: bool,
) -> Mapping[str, Any]:
    """Tell one step on the stage. Returns it as the story keeps it."""
    step = _read_step(raw, wanted)
    defaults = stage.defaults(step) if step.verb == "do" else {}
    try:
        stage.tell(step)
    except EngineError as refused:
        if not keep_refusal:
            raise
        errors = getattr(refused, "errors", None)
        return {**wanted, "refused": errors or str(refused)}
    if keep_refusal:
        raise InvalidAnswers({"step": "This is not refused any more."})
    if step.verb != "do":
        return wanted
    answers = recording.given_answers(stage.answered(), defaults)
    return {**wanted, "answers": answers} if answers else dict(_without(wanted))


def _without(wanted: Mapping[str, Any]) -> Mapping[str, Any]:
    return {key: value for key, value in wanted.items() if key != "answers"}


def _read_step(raw: Mapping[str, Any], wanted: Mapping[str, Any]) -> Any:
    text = recording.dump({**raw, "steps": [*raw["steps"], wanted]})
    try:
        return playing.read(text).steps[-1]
    except DefinitionError as error:
        said = " ".join(f"{p.problem} {p.remedy}" for p in error.problems)
        raise InvalidAnswers({"step": said}) from error


def _recorded(
    stage: PlayStage, story: Story, raw: Mapping[str, Any]
) -> Mapping[str, Any]:
    """The story with what it expects behind each step, and where it ends."""
    if not story.steps:
        raise InvalidAnswers({"step": "Nothing has been played yet. Do a step first."})
    steps: list[Mapping[str, Any]] = []
    for step, ready in zip(raw["steps"], stage.tell_again(story), strict=False):
        steps += [step, recording.expected(ready)]
    ends = stage.end_element()
    return {**raw, "steps": steps, **({"ends": ends} if ends else {})}


def _file_name(file_name: str, kept: _Kept, title: str) -> str:
    stem = file_name.strip().removesuffix(".yaml").removeprefix("scenarios/")
    errors = {}
    if not title.strip() or len(title) > LONGEST_TITLE:
        errors["title"] = "Say in a few words what happens in the story."
    if not _NAME.fullmatch(stem) or len(stem) > 100:
        errors["file_name"] = (
            "Use small letters, digits and underscores, such as second_visit_late."
        )
    name = f"scenarios/{stem}.yaml"
    if name in kept.files:
        errors["file_name"] = "There is a story of that name already. Choose another."
    if errors:
        raise InvalidAnswers(errors)
    return name


def _in_words(error: EngineError) -> str:
    if isinstance(error, DefinitionError):
        return " ".join(
            f"{p.file}, {p.element}: {p.problem} {p.remedy}" for p in error.problems
        )
    return str(error)
