"""Remembers what was done on a real case, so that it can be done again on a draft.

Everything comes from the case's events, in their order: who answered what and when,
what was corrected, sent, started; and the way that the case went. Who complained is
not a fact, and is left out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine.bpmn.definitions import Definition
from engine.models import (
    BreachReport,
    Case,
    CaseEvent,
    Instance,
    Message,
    Person,
    StoredDefinition,
    Task,
    Timer,
)
from engine.publishing import Library
from engine.rehearsing.ways import entries

Remembered = Mapping[str, Any]
SKIPPED: Mapping[str, str] = {
    "step_failed": "A step of it failed and was mended, which cannot be told again.",
    "moved_by_hand": "It was moved by hand to another step.",
}
"""The kinds of events that keep a case from being replayed, and why."""


@dataclass(frozen=True)
class Memory:
    """The cases to replay, and those that cannot be, each with the reason."""

    cases: tuple[Remembered, ...]
    skipped: tuple[Remembered, ...]
    people: Mapping[str, list[str]]
    """Whoever acted, by id, with the roles that they have or acted in."""
    drawn: tuple[tuple[str, str], ...]
    """The (process, element) of the diagrams that the cases run on."""


def remember(
    session: Session,
    library: Library,
    council: str,
    now: datetime,
    options: Mapping[str, Any],
) -> Memory:
    """The newest cases that fit: `which` (all, open, closed), `process`, `limit`."""
    found, skipped = [], []
    people: defaultdict[str, set[str]] = defaultdict(set)
    definitions: dict[str, Definition] = {}
    for case in _chosen(session, council, options):
        events = session.scalars(
            sa.select(CaseEvent)
            .where(CaseEvent.case_id == case.id)
            .order_by(CaseEvent.id)
        ).all()
        why = next((SKIPPED[e.kind] for e in events if e.kind in SKIPPED), "")
        if why:
            skipped.append(
                {"reference": case.reference, "state": "skipped", "sentence": why}
            )
            continue
        told = _Case(session, library, case, events)
        found.append(told.told(now))
        for person, roles in told.people():
            people[person] |= roles
        definitions |= told.definitions
    return Memory(
        tuple(found),
        tuple(skipped),
        {person: sorted(roles) for person, roles in people.items()},
        _drawn(definitions.values()),
    )


def _drawn(definitions: Iterable[Definition]) -> tuple[tuple[str, str], ...]:
    found = {
        (process, element)
        for definition in definitions
        for process, diagram in definition.diagrams.items()
        for element in diagram.elements
    }
    return tuple(sorted(found))


def _chosen(
    session: Session, council: str, options: Mapping[str, Any]
) -> Sequence[Case]:
    query = sa.select(Case).where(Case.council == council)
    if options["which"] == "open":
        query = query.where(Case.status != "closed")
    if options["which"] == "closed":
        query = query.where(Case.status == "closed")
    if process := options.get("process"):
        with_it = [
            stored.hash
            for stored in session.scalars(sa.select(StoredDefinition))
            if f"{process}.bpmn" in stored.files
        ]
        query = query.where(
            sa.select(Instance.id)
            .where(Instance.case_id == Case.id, Instance.definition_hash.in_(with_it))
            .exists()
        )
    return session.scalars(
        query.order_by(Case.received_on.desc(), Case.reference.desc()).limit(
            options["limit"]
        )
    ).all()


class _Case:
    """One case being remembered."""

    def __init__(
        self,
        session: Session,
        library: Library,
        case: Case,
        events: Sequence[CaseEvent],
    ) -> None:
        self._session = session
        self._case = case
        self._events = events
        self._instances = session.scalars(
            sa.select(Instance)
            .where(Instance.case_id == case.id)
            .order_by(Instance.started_at)
        ).all()
        self.definitions: Mapping[str, Definition] = {
            each.definition_hash: library.definition(session, each.definition_hash)
            for each in self._instances
        }
        self._done: defaultdict[tuple[object, ...], list[Task]] = defaultdict(list)
        for task in session.scalars(
            sa.select(Task).where(Task.case_id == case.id, Task.state == "completed")
        ):
            self._done[_place(task, task.completed_at)].append(task)

    def told(self, now: datetime) -> Remembered:
        opening = next(e for e in self._events if e.kind == "case_opened")
        return {
            "reference": self._case.reference,
            "report": self._report(),
            "opened_at": opening.at,
            "opened_by": opening.by_id,
            "actions": list(self._actions()),
            "journal": list(self._journal()),
            "until": self._until(now),
        }

    def _report(self) -> Mapping[str, Any]:
        case = self._case
        report = self._session.scalars(
            sa.select(BreachReport)
            .where(BreachReport.case_id == case.id)
            .order_by(BreachReport.received_on)
            .limit(1)
        ).one()
        started = next(e for e in self._events if e.kind == "process_started")
        return {
            "address": case.address,
            "postcode": case.postcode,
            "ward": case.ward,
            "uprn": case.uprn,
            "description": report.description,
            "breach_type": case.breach_type,
            "harm_described": report.harm_described,
            "received_on": case.received_on,
            "how_known": report.how_known,
            "complainant_relation": report.complainant_relation,
            "channel": report.channel,
            "is_anonymous": report.is_anonymous,
            "process": started.process,
            "facts": started.data,
        }

    def people(self) -> Iterator[tuple[str, set[str]]]:
        """Whoever acted, with the roles that they have, and those in which they did."""
        acted = {event.by_id for event in self._events if event.by_id}
        rows = self._session.scalars(sa.select(Person).where(Person.id.in_(acted)))
        for person in rows:
            yield person.id, set(person.roles)
        done = sa.select(Task.completed_by_id, Task.role).where(
            Task.case_id == self._case.id, Task.state == "completed"
        )
        for by, role in self._session.execute(done):
            yield str(by), {role}

    def _number(self, instance_id: str | None) -> int:
        """Which of the case's processes it is, in the order of their start."""
        ids = [each.id for each in self._instances]
        return ids.index(instance_id) if instance_id in ids else 0

    def _actions(self) -> Iterator[Remembered]:
        """What people did, and the moments at which the system looked at the case."""
        told = {
            "task_completed": self._completed,
            "answers_corrected": self._corrected,
            "message_sent": self._sent,
            "case_reopened": lambda event: {"act": "reopen", "reason": event.detail},
            "priority_raised": lambda event: {"act": "sweep"},
            "process_started": self._started,
        }
        is_opening = True
        for event in self._events:
            if event.kind not in told:
                continue
            if event.kind == "process_started" and self._is_main(event):
                is_opening = False
                continue
            if not is_opening:
                yield {"at": event.at, "by": event.by_id, **told[event.kind](event)}

    def _is_main(self, event: CaseEvent) -> bool:
        number = self._number(event.instance_id)
        return self._instances[number].is_main

    def _completed(self, event: CaseEvent) -> Remembered:
        alike = self._done[
            (
                event.instance_id,
                event.process,
                event.element,
                event.at,
            )
        ]
        task = alike.pop(0) if alike else None
        return {
            "act": "complete",
            "instance": self._number(event.instance_id),
            "process": event.process,
            "element": event.element,
            "name": event.title,
            "role": task.role if task else "",
            "scope": task.scope if task else "",
            "item_index": task.item_index if task else "",
            "item_label": event.detail,
            "answers": event.data,
        }

    def _corrected(self, event: CaseEvent) -> Remembered:
        return {
            "act": "correct",
            "instance": self._number(event.instance_id),
            "process": event.process,
            "element": event.element,
            "name": event.title.removeprefix("Corrected: "),
            "before": event.data["before"],
            "after": event.data["after"],
            "reason": event.detail,
        }

    def _sent(self, event: CaseEvent) -> Remembered:
        name = event.title.replace(" ", "_").lower()
        message = self._session.scalar(
            sa.select(Message)
            .where(
                Message.case_id == self._case.id,
                sa.func.lower(Message.name) == name,
                Message.sent_at == event.at,
            )
            .limit(1)
        )
        return {
            "act": "send",
            "message": message.name if message else name,
            "notice": message.notice if message else "",
            "payload": event.data,
        }

    def _started(self, event: CaseEvent) -> Remembered:
        instance = self._instances[self._number(event.instance_id)]
        return {
            "act": "start",
            "process": event.process,
            "title": instance.title,
            "notice": instance.notice,
            "facts": event.data,
        }

    def _journal(self) -> Iterator[Remembered]:
        for event in self._events:
            if event.kind == "steps" and event.instance_id is not None:
                instance = self._instances[self._number(event.instance_id)]
                definition = self.definitions[instance.definition_hash]
                yield from entries(event.at, event.data["journal"], definition.diagrams)

    def _until(self, now: datetime) -> datetime:
        """Now, or before a date that has passed and of which nothing was made yet."""
        due = self._session.scalar(
            sa.select(sa.func.min(Timer.due_at)).where(Timer.case_id == self._case.id)
        )
        return now if due is None or due > now else due - timedelta(seconds=1)


def _place(task: Task, at: datetime | None) -> tuple[object, ...]:
    return task.instance_id, task.process, task.element, at
