"""Sees where the case of a play stands: its tasks, dates, diagrams and what happened.

What a step calls a task is worked out here, since a task's own id is another one at
every telling."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from engine import database, pages, people, permissions, trails
from engine.errors import CannotPlay
from engine.models import Case, CaseEvent, Instance
from engine.periods_in_force import PeriodsInForce
from engine.permissions import ROLES
from engine.rehearsing.play_views import (
    Asked,
    PlayDiagram,
    Player,
    PlayMessage,
    PlayStart,
    PlayTask,
    Scene,
    ToldStep,
)
from engine.rehearsing.play_words import Speaker, player
from engine.rehearsing.playing import PlayStage
from engine.rehearsing.story import Person, Story
from engine.views import CaseView, InstanceView, Officer, TaskLine

FOLLOWED = (
    "case_closed",
    "date_moved",
    "effect_asked",
    "immunity_moved",
    "message_received",
    "notice_changed",
    "priority_raised",
    "process_ended",
    "task_closed",
    "timer_fired",
)
"""The kinds of events that are told as having followed from a step."""
ALIKE = 2
"""How many people of the role that does a task are offered."""


@dataclass(frozen=True)
class Look:
    """What the page asks to see: one task's form, one diagram."""

    task: str = ""
    diagram: int = 0


def see(
    stage: PlayStage,
    story: Story,
    look: Look,
    speaker: Speaker,
    *,
    stopped: CannotPlay | None = None,
) -> Scene:
    """The scene after the story told so far; the stage stands there already.

    `stopped` says what keeps the story from going on."""
    seen = _Scene(stage, story, look, speaker).whole()
    if stopped is None:
        return seen
    return replace(seen, problem=str(stopped), broken_step=stopped.step)


def task_step(
    line: TaskLine, ready: Sequence[TaskLine], instances: Sequence[InstanceView]
) -> Mapping[str, Any]:
    """How a step names a task: with `for` and `in` where there are several alike."""
    places = {each.id: _place(each, instances) for each in instances}
    alike = [each for each in ready if each.element == line.element]

    def named(each: TaskLine, *parts: str) -> dict[str, Any]:
        said = {
            "do": each.element,
            "for": each.item_label or each.notice,
            "in": places.get(each.instance_id, ""),
        }
        return {part: said[part] for part in ("do", *parts) if said[part]}

    ways = ((), ("for",), ("in",), ("for", "in"))
    for parts in ways:
        found = named(line, *parts)
        if sum(named(each, *parts) == found for each in alike) == 1:
            return found
    return named(line, *ways[-1])


def _place(instance: InstanceView, instances: Sequence[InstanceView]) -> str:
    same = [each for each in instances if each.process == instance.process]
    return f"{instance.process}#{same.index(instance) + 1}"


def task_key(step: Mapping[str, Any]) -> str:
    """A task's name in an address: the same at every telling."""
    return "~".join(str(step.get(part, "")) for part in ("do", "for", "in"))


class _Scene:
    def __init__(
        self, stage: PlayStage, story: Story, look: Look, speaker: Speaker
    ) -> None:
        assert stage.teller is not None
        self._stage = stage
        self._story = story
        self._look = look
        self._speaker = speaker
        self._cast = stage.teller.cast
        self._manager = self._officer(Person("manager"))
        self._case: CaseView = stage.office.records.case(
            stage.teller.reference, self._manager
        )

    def _officer(self, person: Person) -> Officer:
        return self._cast.officer(self._story.council, person)

    def whole(self) -> Scene:
        case = self._case
        tasks = tuple(self._tasks())
        asked = self._asked(tasks)
        diagrams = tuple(self._diagrams())
        shown = self._shown(diagrams, asked)
        return Scene(
            now=self._stage.stage.clock.now(),
            status=case.status,
            outcome=case.outcome,
            steps=tuple(self._steps()),
            tasks=tasks,
            asked=asked,
            messages=tuple(self._messages()),
            startable=tuple(startable(self._speaker)),
            notices=tuple(notice.reference for notice in case.notices),
            deadlines=case.deadlines,
            diagrams=diagrams,
            diagram=self._stage.office.records.diagram(
                diagrams[shown - 1].instance_id,
                self._manager,
                diagrams[shown - 1].scope,
            ),
            shown=shown,
        )

    def _tasks(self) -> Iterator[PlayTask]:
        for line in self._case.tasks:
            step = task_step(line, self._case.tasks, self._case.instances)
            yield PlayTask(key=task_key(step), line=line, step=step)

    def _asked(self, tasks: Sequence[PlayTask]) -> Asked | None:
        chosen = next((task for task in tasks if task.key == self._look.task), None)
        if chosen is None:
            chosen = tasks[0] if tasks else None
        if chosen is None:
            return None
        view = self._stage.office.records.task(chosen.line.id, self._manager)
        return Asked(
            key=chosen.key, task=view, players=tuple(self._players(chosen.line))
        )

    def _players(self, line: TaskLine) -> Iterator[Player]:
        element = self._speaker.elements[line.element]
        covering = [
            role for role in ROLES if role != line.role and _covers(role, line.role)
        ]
        offered = [Person(line.role, n + 1) for n in range(ALIKE)]
        acted = {step.person for step in self._story.steps if step.person}
        offered += sorted(
            (p for p in acted if p.role == line.role and p not in offered),
            key=lambda person: person.number,
        )
        offered += [Person(role) for role in covering]
        with database.reading(self._stage.office.engine) as session:
            for person in offered:
                because = people.why_not(
                    session,
                    self._officer(person),
                    self._case.id,
                    element.properties,
                )
                yield Player(value=_value(person), name=player(person), because=because)

    def _messages(self) -> Iterator[PlayMessage]:
        query = sa.select(Instance.awaits).where(
            Instance.case_id == self._case.id, Instance.ended_at.is_(None)
        )
        with database.reading(self._stage.office.engine) as session:
            found = {
                (awaited["name"], awaited["notice"]): None
                for awaits in session.scalars(query)
                for awaited in awaits
            }
        for name, notice in found:
            title = name.replace("_", " ").capitalize()
            yield PlayMessage(name=name, title=title, notice=notice)

    def _diagrams(self) -> Iterator[PlayDiagram]:
        office = self._stage.office
        number = 0
        with database.reading(office.engine) as session:
            reading = pages.Reading(
                session,
                office.clock.now(),
                PeriodsInForce(session, office.periods),
                office.library,
            )
            case = session.get_one(Case, self._case.id)
            for view in self._case.instances:
                instance = session.get_one(Instance, view.id)
                for scope, trail in trails.trails_of(reading, instance, case).items():
                    number += 1
                    yield PlayDiagram(
                        number=number,
                        title=self._speaker.title(trail.process),
                        process=trail.process,
                        is_current=bool(trail.current),
                        instance_id=view.id,
                        scope=scope,
                    )

    def _shown(self, diagrams: Sequence[PlayDiagram], asked: Asked | None) -> int:
        """The diagram asked for; else the one that the task is drawn on."""
        if 0 < self._look.diagram <= len(diagrams):
            return self._look.diagram
        if asked is not None:
            for each in reversed(diagrams):
                same = each.instance_id == asked.task.instance_id and each.is_current
                if same and each.process == asked.task.process:
                    return each.number
        current = [each.number for each in diagrams if each.is_current]
        return current[-1] if current else 1

    def _steps(self) -> Iterator[ToldStep]:
        followed = list(self._followed())
        told = self._stage.told
        title = self._speaker.title(self._story.process)
        yield ToldStep(
            number=0,
            text=f"The report was received: “{title}” began",
            at=told[0].at,
            followed=followed[0],
        )
        for step in self._story.steps:
            yield ToldStep(
                number=step.number,
                text=self._speaker.step(step),
                detail=self._speaker.detail(step),
                at=told[step.number].at,
                followed=followed[step.number],
            )

    def _followed(self) -> Iterator[tuple[str, ...]]:
        """Behind each step, and behind the opening first, what happened by itself."""
        query = (
            sa.select(CaseEvent.id, CaseEvent.title)
            .where(CaseEvent.case_id == self._case.id, CaseEvent.kind.in_(FOLLOWED))
            .order_by(CaseEvent.id)
        )
        with database.reading(self._stage.office.engine) as session:
            rows = [(identity, title) for identity, title in session.execute(query)]
        after = -1
        for told in self._stage.told:
            yield tuple(title for number, title in rows if after < number <= told.event)
            after = told.event


def startable(speaker: Speaker) -> Iterator[PlayStart]:
    """The processes that a person may start beside the case's own."""
    for diagram in speaker.diagrams:
        wanted = diagram.properties
        if wanted.get("start_from_case"):
            named = wanted.get("start_roles", "").split(",")
            yield PlayStart(
                process=diagram.process,
                label=wanted["start_from_case"],
                roles=tuple(r.strip() for r in named if r.strip()) or ("officer",),
                needs_notice=wanted.get("for") == "notice",
            )


def _covers(role: str, other: str) -> bool:
    return other in permissions.covered_by(role)


def _value(person: Person) -> str:
    return person.role if person.number == 1 else f"{person.role}#{person.number}"
