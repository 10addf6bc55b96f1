"""Where a case has been and stands on a diagram, read from its journal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine.bpmn.definitions import Definition
from engine.bpmn.diagrams import Diagram
from engine.errors import NotFound
from engine.models import Case, CaseEvent, Instance
from engine.pages import Reading, definition_of, flow_of
from engine.views import CalledProcess, DiagramView, Officer


@dataclass
class Trail:
    """What was done on one diagram, in one run of it."""

    process: str
    done: dict[str, None] = field(default_factory=dict)
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
    trails = _trails(reading.session, instance)
    for position in flow_of(reading, instance, case).positions():
        place = _place(instance, position.process, position.scope)
        trail = trails.setdefault(place, Trail(position.process))
        trail.current[position.element] = None
    if scope not in trails:
        raise NotFound("This case has not been through that part of the process.")
    trail = trails[scope]
    diagram = definition.diagrams[trail.process]
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
        done=tuple(trail.done),
        flows_taken=tuple(trail.flows),
        called=tuple(_called(definition, diagram, trails)),
        parents=_parents(definition, trails, scope),
    )


def _place(instance: Instance, process: str, scope: str) -> str:
    """The name of one run of a diagram within an instance: empty for its own.

    The items of a multi-instance call share the run of their diagram."""
    return "" if process == instance.process and not scope else f"{process}:{scope}"


def _trails(session: Session, instance: Instance) -> dict[str, Trail]:
    rows = session.scalars(
        sa.select(CaseEvent.data)
        .where(CaseEvent.instance_id == instance.id, CaseEvent.kind == "steps")
        .order_by(CaseEvent.id)
    )
    trails = {"": Trail(instance.process)}
    for data in rows:
        for process, scope, element, what, flows, _rules in data["journal"]:
            place = _place(instance, process, scope)
            trail = trails.setdefault(place, Trail(process))
            if what in ("completed", "fired") and element:
                trail.done[element] = None
            trail.flows.update(dict.fromkeys(flows))
    return trails


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
