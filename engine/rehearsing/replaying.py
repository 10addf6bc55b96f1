"""Replays a real case on a draft: the same answers on the same days, by the same
people, and then where it would have gone another way."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine import database
from engine.bpmn.definitions import Definition
from engine.errors import EngineError, InvalidAnswers, NotPermitted
from engine.models import Case, CaseEvent, Incident, Instance, Task
from engine.opening import Report
from engine.publishing import newest_of_all
from engine.rehearsing import scenarios, ways
from engine.rehearsing.replay_stage import ReplayStage
from engine.rehearsing.ways import STOPPED, Parting
from engine.views import Officer


class Stopped(EngineError):
    """The case cannot go on as it did."""

    def __init__(self, message: str, process: str = "", element: str = "") -> None:
        super().__init__(message)
        self.process = process
        self.element = element


def replay(case: Mapping[str, Any], stage: ReplayStage) -> dict[str, Any]:
    """What would have become of a remembered case: the same, or where it parts."""
    parting = _Replay(case, stage).parting()
    return {
        "reference": case["reference"],
        "state": "same" if parting is None else "differs",
        "sentence": "" if parting is None else parting.sentence,
        "at": None if parting is None else parting.at,
        "process": "" if parting is None else parting.process,
        "element": "" if parting is None else parting.element,
    }


class _Replay:
    """One case being told again."""

    def __init__(self, case: Mapping[str, Any], stage: ReplayStage) -> None:
        self._case = case
        self._stage = stage
        self._office = stage.stage.office
        self._clock = stage.stage.clock
        self._council = stage.council
        self._of = (stage.council, str(case["reference"]))
        self._scopes: dict[str, str] = {}
        """The scope of each called process: the real one's to ours."""

    def parting(self) -> Parting | None:
        """The first place where the case goes another way; None where it does not."""
        stopped = self._tell()
        then = self._case["journal"]
        found: list[Parting] = []
        if stopped is not None:
            found.append(stopped)
            then = [entry for entry in then if entry["at"] <= stopped.at]
        with database.reading(self._office.engine) as session:
            drawn = self._definitions(session)
            found += ways.partings(
                then,
                list(self._journal(session, drawn)),
                before=self._stage.drawn,
                after=_places(drawn),
            )
        return ways.first(found)

    def _tell(self) -> Parting | None:
        """Do everything again. Returns where it could not go on, if anywhere."""
        clock = self._clock
        clock.begin_at(self._case["opened_at"])
        try:
            self._open()
            for action in self._case["actions"]:
                self._pass_until(action["at"])
                clock.move_to(max(action["at"], clock.now()))
                self._act(action)
                self._check()
            self._pass_until(self._case["until"])
            self._check()
        except Stopped as stopped:
            return Parting(
                clock.now(), STOPPED, stopped.process, stopped.element, str(stopped)
            )
        return None

    def _pass_until(self, moment: datetime) -> None:
        clock = self._clock
        if moment <= clock.now():
            return
        try:
            scenarios.let_pass(self._office, clock, self._of, until=moment)
        except EngineError as error:
            raise Stopped(f"In the draft time does not pass: {error}") from error

    def _check(self) -> None:
        """No step of the draft has failed."""
        with database.reading(self._office.engine) as session:
            incident = session.scalar(
                sa.select(Incident)
                .join(Case, Case.id == Incident.case_id)
                .where(Case.reference == self._of[1], Incident.resolved_at.is_(None))
                .limit(1)
            )
        if incident is not None:
            raise Stopped(
                f"A step of the draft fails: {incident.message}",
                incident.process,
                incident.element,
            )

    def _officer(self, person: str | None) -> Officer | None:
        """The same person on the stage, under no name."""
        if person is None:
            return None
        return self._stage.officer(person)

    def _open(self) -> None:
        self._stage.next_case_is(self._of[1])
        report = Report(**self._case["report"], council=self._council)
        try:
            self._office.casework.report_breach(
                report, self._officer(self._case["opened_by"])
            )
        except EngineError as error:
            raise Stopped(f"In the draft the case cannot begin: {error}") from error
        self._check()

    def _act(self, action: Mapping[str, Any]) -> None:
        acts: Mapping[str, Callable[[Mapping[str, Any]], object]] = {
            "complete": self._complete,
            "correct": self._correct,
            "send": self._send,
            "start": self._start,
            "reopen": self._reopen,
            "sweep": lambda _: self._office.casework.sweep(of=self._of),
        }
        acts[action["act"]](action)

    def _complete(self, action: Mapping[str, Any]) -> None:
        place = action["process"], action["element"]
        task = self._ready(action)
        by = self._officer(action["by"])
        assert by is not None
        self._scopes.setdefault(action["scope"], task.scope)
        shown = self._office.records.task(task.id, by)
        asked = {**shown.initial, **action["answers"]}
        name = action["name"]
        try:
            self._office.casework.complete_task(task.id, asked, by)
        except InvalidAnswers as error:
            raise Stopped(
                f"In the draft “{name}” asks for more than was answered: {error}.",
                *place,
            ) from error
        except NotPermitted as error:
            raise Stopped(
                f"In the draft “{name}” is not for whoever did it: {error}", *place
            ) from error
        except EngineError as error:
            raise Stopped(
                f"In the draft “{name}” could not be completed: {error}", *place
            ) from error

    def _ready(self, action: Mapping[str, Any]) -> Task:
        """The open task that this answer belongs to."""
        found = self._tasks("ready", action)
        scope = self._scopes.get(action["scope"])
        alike = [t for t in found if t.scope == scope] or [
            t for t in found if t.scope not in self._scopes.values()
        ]
        exact = [t for t in alike if t.item_index == action["item_index"]]
        named = [t for t in exact or alike if t.item_label == action["item_label"]]
        for task in named or exact or alike or found:
            return task
        with database.reading(self._office.engine) as session:
            titles = session.scalars(
                sa.select(Task.title)
                .join(Case, Case.id == Task.case_id)
                .where(Case.reference == self._of[1], Task.state == "ready")
            )
            open_now = ", ".join(f"“{title}”" for title in dict.fromkeys(titles))
        raise Stopped(
            f"“{action['name']}” was done then; in the draft it would not be open. "
            f"Open would be: {open_now or 'nothing'}.",
            action["process"],
            action["element"],
        )

    def _tasks(self, state: str, action: Mapping[str, Any]) -> Sequence[Task]:
        query = (
            sa.select(Task)
            .join(Case, Case.id == Task.case_id)
            .where(
                Case.reference == self._of[1],
                Task.state == state,
                Task.element == action["element"],
                Task.instance_id == self._instance(action["instance"]),
            )
            .order_by(Task.created_at, sa.literal_column("tasks.rowid"))
        )
        with database.reading(self._office.engine) as session:
            found = session.scalars(query).all()
        same = [task for task in found if task.process == action["process"]]
        return same or found

    def _instance(self, number: int) -> str:
        query = (
            sa.select(Instance.id)
            .join(Case, Case.id == Instance.case_id)
            .where(Case.reference == self._of[1])
            .order_by(Instance.started_at, sa.literal_column("instances.rowid"))
        )
        with database.reading(self._office.engine) as session:
            ids = session.scalars(query).all()
        return ids[number] if number < len(ids) else ""

    def _correct(self, action: Mapping[str, Any]) -> None:
        before = action["before"]
        done = [
            task
            for task in self._tasks("completed", action)
            if all((task.answers or {}).get(k) == v for k, v in before.items())
        ]
        by = self._officer(action["by"])
        if not done or by is None:
            raise Stopped(
                f"“{action['name']}” was corrected then; in the draft there is no "
                "such answer.",
                action["process"],
                action["element"],
            )
        task = done[-1]
        try:
            self._office.casework.correct_answers(
                task.id,
                {**(task.answers or {}), **action["after"]},
                action["reason"],
                by,
            )
        except EngineError as error:
            raise Stopped(
                f"In the draft “{action['name']}” cannot be corrected: {error}",
                action["process"],
                action["element"],
            ) from error

    def _send(self, action: Mapping[str, Any]) -> None:
        self._do(
            f"The message “{action['message']}” cannot be sent",
            lambda: self._office.casework.send_message(
                self._of[1],
                action["message"],
                action["payload"],
                self._officer(action["by"]),
                notice=action["notice"] or None,
            ),
        )

    def _start(self, action: Mapping[str, Any]) -> None:
        by = self._officer(action["by"])
        if by is None:
            return
        self._do(
            f"“{action['title']}” cannot be started",
            lambda: self._office.casework.start_process(
                self._of[1],
                action["process"],
                by,
                notice=action["notice"] or None,
                facts=action["facts"],
            ),
        )

    def _reopen(self, action: Mapping[str, Any]) -> None:
        by = self._officer(action["by"])
        assert by is not None
        self._do(
            "The case cannot be opened again",
            lambda: self._office.casework.reopen_case(
                self._of[1], action["reason"], by
            ),
        )

    def _do(self, refused: str, work: Any) -> None:
        try:
            work()
        except EngineError as error:
            raise Stopped(f"In the draft: {refused}. {error}") from error

    # The way it went

    def _definitions(self, session: Any) -> Sequence[Definition]:
        hashes = set(
            session.scalars(
                sa.select(Instance.definition_hash)
                .join(Case, Case.id == Instance.case_id)
                .where(Case.reference == self._of[1])
            )
        )
        newest = newest_of_all(session, self._council).values()
        hashes |= {version.definition_hash for version in newest}
        return [self._office.library.definition(session, each) for each in hashes]

    def _journal(
        self, session: Any, drawn: Sequence[Definition]
    ) -> Iterator[ways.Entry]:
        diagrams = {p: d for each in drawn for p, d in each.diagrams.items()}
        rows = session.execute(
            sa.select(CaseEvent.at, CaseEvent.data)
            .join(Case, Case.id == CaseEvent.case_id)
            .where(Case.reference == self._of[1], CaseEvent.kind == "steps")
            .order_by(CaseEvent.id)
        )
        for at, data in rows:
            yield from ways.entries(at, data["journal"], diagrams)


def _places(drawn: Sequence[Definition]) -> frozenset[tuple[str, str]]:
    return frozenset(
        (process, element)
        for definition in drawn
        for process, diagram in definition.diagrams.items()
        for element in diagram.elements
    )
