"""Answers a step that stories do not know: where it opens, in each of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.errors import EngineError, NotPermitted
from engine.rehearsing import causes, story_editing
from engine.rehearsing.rehearsal import Stage
from engine.rehearsing.scenarios import StoryFailed, Teller
from engine.rehearsing.scene import task_step
from engine.rehearsing.story import Person, Story
from engine.rehearsing.story_editing import Put

MOST_TIMES = 20
"""How often one story is answered the step: more often, it goes round."""
MOST_PEOPLE = 3
"""How many people of the role are tried, where the first may not do it."""


@dataclass(frozen=True)
class Given:
    """The answers to a step, and the role that gives them."""

    element: str
    person: Person
    answers: Mapping[str, Any]


@dataclass(frozen=True)
class Mended:
    """What became of a story: how often the step was put in, its text with it, and for
    what it still stops."""

    file: str
    title: str
    times: int
    text: str = ""
    message: str = ""

    def as_data(self) -> dict[str, Any]:
        return dict(vars(self))


def mend(story: Story, text: str, stage: Stage, given: Given) -> Mended:
    """Tell a story; wherever the step opens and the story leaves it, it is done."""
    if reason := stage.unpublished.get(story.process):
        return Mended(story.file, story.title, 0, message=reason)
    telling = _Telling(story, stage, given)
    message = telling.tell()
    try:
        written = story_editing.put_in(story.file, text, telling.puts)
    except EngineError as error:
        return Mended(story.file, story.title, 0, message=str(error))
    times = len(telling.puts)
    return Mended(story.file, story.title, times, written, message)


@dataclass
class _Telling:
    story: Story
    stage: Stage
    given: Given
    puts: list[Put] = field(default_factory=list)

    def tell(self) -> str:
        """Why the story stops; empty where it passes."""
        clock, office, cast = self.stage.clock, self.stage.office, self.stage.cast
        clock.begin_at(self.story.starts_at)
        teller = Teller(self.story, office, clock, cast)
        try:
            teller.attempt(0, teller.open)
            self._answer(teller, 0)
            for step in self.story.steps:
                teller.attempt(step.number, lambda s=step: teller.carry_out(s))  # type: ignore[misc]
                if step.verb != "expect":
                    self._answer(teller, step.number)
            if self.story.ends:
                teller.attempt(len(self.story.steps), teller.check_end)
        except StoryFailed as failure:
            return str(failure.__cause__ or failure)
        return ""

    def _answer(self, teller: Teller, number: int) -> None:
        while said := next(self._open(teller, number), None):
            if len(self.puts) == MOST_TIMES:
                raise StoryFailed(
                    self.story,
                    number,
                    f"The step opened more than {MOST_TIMES} times: it goes round.",
                )
            teller.attempt(number, lambda s=said: self._do(teller, number, s))  # type: ignore[misc]

    def _open(self, teller: Teller, number: int) -> Iterator[Mapping[str, Any]]:
        """How a step names the task, where it is open and the story leaves it."""
        element = self.given.element
        if causes.does_later(self.story, number + 1, element):
            return
        glance = teller.witness.glance
        ready = glance.ready()
        for line in ready:
            if line.element == element:
                yield task_step(line, ready, glance.instances())

    def _do(self, teller: Teller, number: int, said: Mapping[str, Any]) -> None:
        chosen = self.given.person
        spare = (Person(chosen.role, n + 1) for n in range(MOST_PEOPLE))
        people = [chosen, *(person for person in spare if person != chosen)]
        for person in people:
            raw = written(said, person, self.given.answers)
            try:
                teller.carry_out(story_editing.read_step(raw))
            except NotPermitted:
                if person == people[-1]:
                    raise
            else:
                self.puts.append(Put(number, raw))
                return


def written(
    said: Mapping[str, Any], person: Person, answers: Mapping[str, Any]
) -> dict[str, Any]:
    """The step as a story has it."""
    role = person.role if person.number == 1 else f"{person.role}#{person.number}"
    rest = {key: value for key, value in said.items() if key != "do"}
    raw = {"do": said["do"], "as": role, **rest}
    return {**raw, "answers": dict(answers)} if answers else raw
