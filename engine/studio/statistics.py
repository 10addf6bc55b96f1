"""The work on a process, shown on its newest diagram: a door that only reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine import database, permissions, publishing
from engine.bpmn.diagrams import Diagram, Element, Flow
from engine.clock import LONDON, Clock
from engine.errors import InvalidAnswers
from engine.models import Version
from engine.publishing import Library
from engine.studio import work_counts
from engine.studio.work_counts import Between, Of, Passed, Took
from engine.studio.work_views import FlowWork, ProcessWork, StepWork
from engine.views import Officer

DAYS = 90
"""The time that is looked at where none is chosen."""
FIRST_DAY, LAST_DAY = date(1990, 1, 1), date(2999, 12, 31)


@dataclass(frozen=True)
class _Counted:
    """What was counted, by element and by flow."""

    standing: Mapping[str, set[str]]
    tasks: Mapping[str, tuple[int, int]]
    failed: Mapping[str, int]
    took: Mapping[str, Took]
    passed: Passed

    @property
    def elements(self) -> set[str]:
        found = {*self.standing, *self.tasks, *self.failed, *self.took}
        return {*found, *self.passed.left, *self.passed.ended} - {""}

    @property
    def taken(self) -> Mapping[str, int]:
        return self.passed.taken


class Statistics:
    """How the work stands, for managers."""

    def __init__(self, engine: sa.Engine, clock: Clock, library: Library) -> None:
        self._engine = engine
        self._clock = clock
        self._library = library

    def of_process(
        self,
        process: str,
        officer: Officer,
        since: date | None = None,
        until: date | None = None,
    ) -> ProcessWork:
        """The work on a process now, and what passed between two days.

        Without days the last 90 days. Cases count whatever version they run on, and
        whichever process called this one. Raises NotFound where it is not published,
        InvalidAnswers where the days are the wrong way round."""
        permissions.require_manager(officer)
        today = self._clock.today()
        until = until or today
        since = since or max(until, FIRST_DAY) - timedelta(days=DAYS)
        _require_in_order(since, until)
        of = Of(officer.council, process)
        between = Between(_midnight(since), _midnight(until + timedelta(days=1)))
        with database.reading(self._engine) as session:
            version = publishing.newest(session, officer.council, process)
            counted = self._count(session, of, between)
            diagram = self._diagram(session, version)
            older = self._older(session, version, counted, diagram)
            words = _Words((diagram, *older))
            return ProcessWork(
                process=process,
                title=diagram.title,
                version=version.number,
                since=since,
                until=until,
                cases=len(set().union(*counted.standing.values())),
                steps=tuple(words.step(e, counted) for e in diagram.elements.values()),
                flows=tuple(
                    words.flow(f, counted.taken) for f in diagram.flows.values()
                ),
                gone_steps=tuple(
                    words.step(words.element(each), counted)
                    for each in sorted(counted.elements - diagram.elements.keys())
                ),
                gone_flows=tuple(words.gone_flows(diagram, counted.taken)),
            )

    def drawing(self, process: str, officer: Officer) -> bytes:
        """The file of the newest diagram of a process."""
        permissions.require_manager(officer)
        with database.reading(self._engine) as session:
            version = publishing.newest(session, officer.council, process)
            definition = self._library.definition(session, version.definition_hash)
        return definition.files[f"{process}.bpmn"]

    def _count(self, session: Session, of: Of, between: Between) -> _Counted:
        """Five statements, whatever there is to count."""
        return _Counted(
            standing=work_counts.standing(session, of),
            tasks=work_counts.open_tasks(session, of, self._clock.now()),
            failed=work_counts.failed(session, of),
            took=work_counts.durations(session, of, between),
            passed=work_counts.passed(session, of, between),
        )

    def _diagram(self, session: Session, version: Version) -> Diagram:
        definition = self._library.definition(session, version.definition_hash)
        return definition.diagrams[version.process]

    def _older(
        self, session: Session, newest: Version, counted: _Counted, diagram: Diagram
    ) -> tuple[Diagram, ...]:
        """Older diagrams, the newest first, where the newest does not draw it all."""
        if (
            counted.elements <= diagram.elements.keys()
            and counted.taken.keys() <= diagram.flows.keys()
        ):
            return ()
        versions = session.scalars(
            sa.select(Version)
            .where(
                Version.council == newest.council,
                Version.process == newest.process,
                Version.number < newest.number,
            )
            .order_by(Version.number.desc())
        ).all()
        return tuple(self._diagram(session, version) for version in versions)


@dataclass(frozen=True)
class _Words:
    """Elements and flows in the words of the newest version that draws them."""

    diagrams: tuple[Diagram, ...]

    def element(self, element: str) -> Element:
        for diagram in self.diagrams:
            if element in diagram.elements:
                return diagram.elements[element]
        return Element(id=element, kind="")

    def step(self, element: Element, counted: _Counted) -> StepWork:
        """An element with the work on it. A gateway where branches meet is no place of
        its own: a case that waits there is counted where its other branches are."""
        took = counted.took.get(element.id)
        waiting, overdue = counted.tasks.get(element.id, (0, 0))
        here = counted.standing.get(element.id, set())
        if element.kind.endswith("Gateway"):
            here = set()
        leaves = any(
            flow.source == element.id
            for diagram in self.diagrams
            for flow in diagram.flows.values()
        )
        return StepWork(
            element=element.id,
            name=element.name or element.id,
            kind=element.kind,
            lane=element.lane,
            called=element.called,
            standing=max(waiting, len(here)),
            overdue=overdue,
            failed=counted.failed.get(element.id, 0),
            passed=counted.passed.of(element.id, is_last=not leaves),
            median_days=took.median if took else None,
            slow_days=took.slow if took else None,
            measured=took.measured if took else 0,
        )

    def flow(self, flow: Flow, taken: Mapping[str, int]) -> FlowWork:
        source, target = self.element(flow.source), self.element(flow.target)
        return FlowWork(
            id=flow.id,
            name=flow.name,
            source=source.name or source.id,
            target=target.name or target.id,
            source_id=source.id,
            source_kind=source.kind,
            taken=taken.get(flow.id, 0),
        )

    def gone_flows(
        self, newest: Diagram, taken: Mapping[str, int]
    ) -> Iterator[FlowWork]:
        for flow_id in sorted(taken.keys() - newest.flows.keys()):
            for diagram in self.diagrams:
                if flow_id in diagram.flows:
                    yield self.flow(diagram.flows[flow_id], taken)
                    break


def _require_in_order(since: date, until: date) -> None:
    if since > until:
        raise InvalidAnswers(
            {"since": "The first day must not be later than the last day."}
        )
    if until > LAST_DAY:
        raise InvalidAnswers({"until": "The last day must be before the year 3000."})


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), LONDON)
