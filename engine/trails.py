"""Where a case has been and stands on a diagram, read from its journal."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine.bpmn.definitions import Definition
from engine.bpmn.diagrams import Diagram
from engine.diagram_views import CalledProcess, DiagramView, PassedStep
from engine.errors import NotFound
from engine.models import Case, CaseEvent, Instance, Person, Task, Version
from engine.pages import Reading, definition_of, flow_of
from engine.views import Officer


@dataclass(frozen=True)
class Passage:
    """An element was passed, by the flows named."""

    element: str
    at: datetime
    flows: tuple[str, ...]
    task: Task | None
    by: str


@dataclass
class Trail:
    """What was done on one diagram, in one run of it."""

    process: str
    done: dict[str, None] = field(default_factory=dict)
    steps: list[Passage] = field(default_factory=list)
    flows: dict[str, None] = field(default_factory=dict)
    current: dict[str, None] = field(default_factory=dict)


def diagram_view(
    reading: Reading, instance_id: str, officer: Officer, scope: str
) -> DiagramView:
    """A diagram with where the case stands on it. Raises NotFound.

    `scope` is empty for the instance's own diagram, otherwise one that the `called`
    of another view gave."""
    row = reading.session.execute(
        sa.select(Instance, Case)
        .join(Case, Case.id == Instance.case_id)
        .where(Instance.id == instance_id, Instance.council == officer.council)
    ).one_or_none()
    if row is None:
        raise NotFound("There is no such process.")
    instance, case = row
    definition = definition_of(reading, instance)
    trails = {
        place: trail
        for place, trail in trails_of(reading, instance, case).items()
        if trail.process in definition.diagrams
    }
    if scope not in trails:
        raise NotFound("This case has not been through that part of the process.")
    trail = trails[scope]
    diagram = definition.diagrams[trail.process]
    version, newest = _versions(reading.session, instance)
    names = [diagram.elements[each].name or each for each in trail.current]
    return DiagramView(
        instance_id=instance.id,
        case_reference=case.reference,
        scope=scope,
        process=trail.process,
        title=diagram.title,
        xml=definition.files[f"{trail.process}.bpmn"].decode(),
        current=tuple(trail.current),
        standing=tuple(dict.fromkeys(names)),
        done=tuple(each for each in trail.done if each in diagram.elements),
        flows_taken=tuple(each for each in trail.flows if each in diagram.flows),
        called=tuple(_called(definition, diagram, trails)),
        parents=_parents(definition, trails, scope),
        steps=tuple(_passed(trail, diagram)),
        version=version.number if version is not None else 0,
        version_at=version.published_at if version is not None else None,
        newest=newest,
    )


def trails_of(reading: Reading, instance: Instance, case: Case) -> dict[str, Trail]:
    """Every diagram that an instance has been on, with where it stands now."""
    trails = _trails(reading.session, instance)
    for position in flow_of(reading, instance, case).positions():
        place = _place(instance, position.process, position.scope)
        trail = trails.setdefault(place, Trail(position.process))
        trail.current[position.element] = None
    return trails


def _place(instance: Instance, process: str, scope: str) -> str:
    """The name of one run of a diagram within an instance: empty for its own.

    The items of a multi-instance call share the run of their diagram."""
    return "" if process == instance.process and not scope else f"{process}:{scope}"


def _trails(session: Session, instance: Instance) -> dict[str, Trail]:
    rows = session.execute(
        sa.select(CaseEvent.at, CaseEvent.data)
        .where(CaseEvent.instance_id == instance.id, CaseEvent.kind == "steps")
        .order_by(CaseEvent.id)
    )
    tasks = _completed_tasks(session, instance)
    trails = {"": Trail(instance.process)}
    for at, data in rows:
        for process, scope, element, what, flows, _rules in data["journal"]:
            place = _place(instance, process, scope)
            trail = trails.setdefault(place, Trail(process))
            if what in ("completed", "fired") and element:
                trail.done[element] = None
                task, by = _whose(tasks, (process, scope, element), at)
                trail.steps.append(Passage(element, at, tuple(flows), task, by))
            trail.flows.update(dict.fromkeys(flows))
    return trails


_Where = tuple[str, str, str]
"""A process, the scope of its run, and an element."""
_Completed = Mapping[_Where, deque[tuple[Task, str]]]


def _completed_tasks(session: Session, instance: Instance) -> _Completed:
    """Who completed what, in the order in which they did."""
    rows = session.execute(
        sa.select(Task, Person.name)
        .outerjoin(Person, Person.id == Task.completed_by_id)
        .where(Task.instance_id == instance.id, Task.state == "completed")
        .order_by(Task.completed_at)
    )
    found: defaultdict[_Where, deque[tuple[Task, str]]] = defaultdict(deque)
    for task, name in rows:
        found[task.process, task.scope, task.element].append((task, name or ""))
    return found


def _whose(tasks: _Completed, where: _Where, at: datetime) -> tuple[Task | None, str]:
    """The task that was completed there at that moment. A step that repeats for each
    entry of a list is passed once more than it has tasks."""
    waiting = tasks.get(where)
    if waiting and waiting[0][0].completed_at == at:
        return waiting.popleft()
    return None, ""


def _passed(trail: Trail, diagram: Diagram) -> Iterator[PassedStep]:
    """The steps of a trail in the words of the diagram. What has no name is left out:
    a gateway where flows only meet."""
    for passage in _once(trail.steps):
        element = diagram.elements.get(passage.element)
        name = element.name if element is not None else ""
        if passage.task is not None:
            name = passage.task.title
        if element is not None and not name:
            continue
        flows = [diagram.flows[f].name for f in passage.flows if f in diagram.flows]
        yield PassedStep(
            element=passage.element,
            name=name or passage.element,
            at=passage.at,
            by=passage.by,
            answer=", ".join(filter(None, flows)),
            task_id=passage.task.id if passage.task is not None else "",
            is_drawn=element is not None,
        )


def _once(passages: Iterable[Passage]) -> Iterator[Passage]:
    """A step that repeats for each entry of a list ends once more than it has entries:
    its own end is one with that of the last entry."""
    before: Passage | None = None
    for passage in passages:
        if before is not None:
            is_its_own = (
                passage.task is None
                and not before.flows
                and (passage.element, passage.at) == (before.element, before.at)
            )
            if is_its_own:
                before = replace(before, flows=passage.flows)
                continue
            yield before
        before = passage
    if before is not None:
        yield before


def _versions(session: Session, instance: Instance) -> tuple[Version | None, int]:
    """The version that an instance runs on, and the number of the newest."""
    rows = session.scalars(
        sa.select(Version)
        .where(Version.council == instance.council, Version.process == instance.process)
        .order_by(Version.number.desc())
    ).all()
    own = next((v for v in rows if v.definition_hash == instance.definition_hash), None)
    return own, rows[0].number if rows else 0


def _called(
    definition: Definition, diagram: Diagram, trails: Mapping[str, Trail]
) -> Iterator[CalledProcess]:
    """Where the diagram of each call activity is shown: its latest run, if any."""
    latest = {trail.process: place for place, trail in trails.items() if place}
    current = {
        element
        for trail in trails.values()
        if trail.process == diagram.process
        for element in trail.current
    }
    for element in diagram.elements.values():
        if element.kind != "callActivity":
            continue
        place = latest.get(element.called, "")
        done = "done" if place else "not_reached"
        yield CalledProcess(
            element=element.id,
            title=definition.diagrams[element.called].title,
            process=element.called,
            scope=place,
            state="open" if element.id in current else done,
        )


def _parents(
    definition: Definition, trails: Mapping[str, Trail], scope: str
) -> tuple[tuple[str, str], ...]:
    """The way back up from a called diagram: (place, title), outermost first."""
    chain: list[tuple[str, str]] = []
    seen = {trails[scope].process}
    place = scope
    while place:
        caller = _caller(definition, trails, trails[place].process, seen)
        if caller is None:
            break
        place = caller
        process = trails[place].process
        seen.add(process)
        chain.insert(0, (place, definition.diagrams[process].title))
    return tuple(chain)


def _caller(
    definition: Definition, trails: Mapping[str, Trail], process: str, seen: set[str]
) -> str | None:
    for place, trail in reversed(list(trails.items())):
        elements = definition.diagrams[trail.process].elements.values()
        if trail.process not in seen and any(e.called == process for e in elements):
            return place
    return None
