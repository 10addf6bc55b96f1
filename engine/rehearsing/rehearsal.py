"""Rehearses: tells every story and reports what of the diagrams none of them took.

Every node and sequence flow of every diagram, and every rule of every decision table,
should be taken by some story."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import engine
from engine import database, drawing, library
from engine.bpmn import diagrams
from engine.checks import tables
from engine.errors import DefinitionError, NotFound
from engine.rehearsing import causes, scenarios, stories
from engine.rehearsing.causes import Cause, StepChanges
from engine.rehearsing.glance import Glance
from engine.rehearsing.scenarios import Cast, StoryClock, StoryFailed
from engine.rehearsing.story import Story

if TYPE_CHECKING:
    from engine import Office


@dataclass(frozen=True)
class Told:
    """How a story went. `message` is empty where it passed."""

    file: str
    title: str
    message: str = ""
    step: int = 0
    """The number of the step at which it went differently, where it got that far."""
    cause: Cause | None = None
    """What other stories may fail for alike, where that can be told."""

    @property
    def passed(self) -> bool:
        return not self.message


@dataclass(frozen=True)
class Coverage:
    """What of one process or table was taken: nodes and flows, or rules, by id."""

    taken: frozenset[str]
    missing: tuple[str, ...]

    @property
    def total(self) -> int:
        return len(self.taken) + len(self.missing)

    @property
    def share(self) -> float:
        """From 0 to 1."""
        return len(self.taken) / self.total if self.total else 1.0


@dataclass(frozen=True)
class Rehearsal:
    """All stories, and the coverage of each process (by id) and table (by name)."""

    told: tuple[Told, ...]
    coverage: Mapping[str, Coverage] = field(default_factory=dict)

    @property
    def failed(self) -> tuple[Told, ...]:
        return tuple(story for story in self.told if not story.passed)

    def as_json(self) -> dict[str, object]:
        return {
            "stories": [
                {
                    "file": story.file,
                    "title": story.title,
                    "passed": story.passed,
                    "message": story.message,
                }
                for story in self.told
            ],
            "coverage": {
                name: {
                    "taken": len(found.taken),
                    "total": found.total,
                    "missing": list(found.missing),
                }
                for name, found in self.coverage.items()
            },
        }


def rehearse(
    files: Mapping[str, bytes],
    database_url: str,
    *,
    only: Iterable[str] = (),
    forget: bool = False,
    told: Callable[[Told], None] | None = None,
    steps: StepChanges | None = None,
) -> Rehearsal:
    """Tell the stories of these files in an empty database, each as it is published.

    `only` names the story files to tell; all where it is empty. With `forget` every
    step restores its case onto freshly parsed diagrams. `told` hears of each story;
    `steps` are the tasks that a change adds and takes out.
    Raises DefinitionError where a story cannot be read."""
    chosen = [
        story
        for story in stories.read_all(files)
        if not set(only) or story.file in set(only)
    ]
    with tempfile.TemporaryDirectory() as folder:
        library.write(files, Path(folder))
        stage = Stage.open(files, database_url, Path(folder), councils_of(chosen))
        results = []
        for story in chosen:
            results.append(stage.tell(story, forget=forget, steps=steps))
            if told is not None:
                told(results[-1])
        coverage = coverage_of(files, stage.office, councils_of(chosen))
        stage.office.engine.dispose()
    return Rehearsal(tuple(results), coverage)


def draw(files: Mapping[str, bytes], done: Rehearsal, folder: Path) -> None:
    """A picture of each process with what was taken inked: `<process>.svg`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, found in done.coverage.items():
        content = files.get(f"{name}.bpmn")
        if content is not None:
            taken = found.taken
            text = drawing.picture(content, done=taken, taken=taken)
            (folder / f"{name}.svg").write_text(text, encoding="utf-8")


def councils_of(chosen: Iterable[Story]) -> tuple[str, ...]:
    """The councils in which stories are set."""
    return tuple(sorted({story.council for story in chosen}))


@dataclass
class Stage:
    """A database with everything published, and the people who play."""

    office: Office
    clock: StoryClock
    cast: Cast
    unpublished: Mapping[str, str]
    """Processes that cannot be published, with the reason."""

    @classmethod
    def open(
        cls,
        files: Mapping[str, bytes],
        database_url: str,
        folder: Path,
        councils: Sequence[str],
    ) -> Stage:
        """`folder` holds the same files, for what is read from the disk."""
        clock = StoryClock()
        office = engine.connect(
            database_url, clock=clock, processes=folder / "processes"
        )
        database.make_fleeting(office.engine)
        unpublished: dict[str, str] = {}
        for council in councils:
            office.casework.add_council(council)
            unpublished |= _publish(office, files, council)
        return cls(office, clock, Cast(office), unpublished)

    def tell(
        self, story: Story, *, forget: bool = False, steps: StepChanges | None = None
    ) -> Told:
        """One story, and how it went."""
        if story.process in self.unpublished:
            reason = self.unpublished[story.process]
            return Told(
                story.file,
                story.title,
                f"{story.file}: {story.process} cannot be published: {reason}",
            )
        try:
            scenarios.tell(
                story,
                self.office,
                self.clock,
                cast=self.cast,
                between_steps=self.office.forget_definitions if forget else None,
            )
        except StoryFailed as failure:
            cause = self._cause(failure, steps or StepChanges())
            return Told(story.file, story.title, str(failure), failure.number, cause)
        except Exception as defect:
            # An outer edge: one story that meets a defect must not hide the others.
            return Told(
                story.file,
                story.title,
                f"{story.file}: the engine broke, which is a defect: {defect!r}",
            )
        return Told(story.file, story.title)

    def _cause(self, failure: StoryFailed, steps: StepChanges) -> Cause | None:
        """Which changed step it is for; none where a step of the case broke."""
        if not failure.reference:
            return None
        council, now = failure.story.council, self.clock.now()
        glance = Glance(self.office.engine, council, failure.reference, now)
        if glance.incidents():
            return None
        ready = [task.element for task in glance.ready()]
        return causes.find(failure.story, failure.number, ready, steps)


def _publish(
    office: Office, files: Mapping[str, bytes], council: str
) -> dict[str, str]:
    """Publish what can be published; what cannot, with the reason.

    A process that is broken must not keep the stories of the others from being told."""
    wanted = library.for_council(files, council)
    refused: dict[str, str] = {}
    while True:
        try:
            office.casework.publish(wanted, council, None, "Rehearsal")
        except DefinitionError as error:
            broken = {p.file: p for p in error.problems if p.file in wanted}
            bpmn = {name: p for name, p in broken.items() if name.endswith(".bpmn")}
            if not bpmn:
                raise
            for name, problem in bpmn.items():
                del wanted[name]
                refused[name.removesuffix(".bpmn")] = (
                    f"{problem.element}: {problem.problem}"
                )
        else:
            return refused


def coverage_of(
    files: Mapping[str, bytes], office: Office, councils: Sequence[str]
) -> dict[str, Coverage]:
    """What the cases of these councils took of each diagram and table."""
    taken: defaultdict[str, set[str]] = defaultdict(set)
    for council in councils:
        for process, element, flows, rules in office.records.taken(council):
            taken[process] |= {element, *flows}
            for rule in rules:
                taken[_table_name(files, council, rule)].add(rule)
    return {
        name: Coverage(
            frozenset(ids) & taken[name],
            tuple(identity for identity in ids if identity not in taken[name]),
        )
        for name, ids in _everything(files)
    }


def _everything(files: Mapping[str, bytes]) -> Iterator[tuple[str, tuple[str, ...]]]:
    for name, content in sorted(files.items()):
        if name.endswith(".bpmn"):
            drawn = diagrams.read(name, content)
            yield drawn.process, (*drawn.elements, *drawn.flows)
        elif name.endswith(".dmn"):
            table = diagrams.xml(name, content)
            yield name.removesuffix(".dmn"), tables.rules(table)


def _table_name(files: Mapping[str, bytes], council: str, rule: str) -> str:
    """Which table a rule is of: the council's own before the common one."""
    for name in sorted(files, key=lambda n: not n.startswith(f"councils/{council}/")):
        is_own = name.startswith(f"councils/{council}/") or "/" not in name
        if name.endswith(".dmn") and is_own:
            if rule in tables.rules(diagrams.xml(name, files[name])):
                return name.removesuffix(".dmn")
    raise NotFound(f"No table of {council} has a rule {rule}.")
