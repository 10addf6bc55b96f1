"""Bring a running process back from its row, and write down what it reports.

Functions take a session and never commit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine import incidents, projections
from engine.bpmn.definitions import Definition
from engine.bpmn.workflow import Effect, Flow, Step, Surroundings
from engine.clock import LONDON
from engine.errors import NotFound
from engine.models import (
    Case,
    CaseEvent,
    Instance,
    Message,
    OutboxMessage,
    Task,
)
from engine.periods_in_force import PeriodsInForce
from engine.publishing import Library
from engine.views import Officer


@dataclass
class Desk:
    """What one command works with: a session, the moment, and who acts."""

    session: Session
    now: datetime
    officer: Officer | None
    library: Library
    periods: PeriodsInForce
    events: list[dict[str, Any]] = field(default_factory=list)
    opened_tasks: list[Task] = field(default_factory=list)

    @property
    def today(self) -> date:
        """The date in London."""
        return self.now.astimezone(LONDON).date()

    def note(
        self,
        kind: str,
        title: str,
        case: Case | None,
        *,
        instance: Instance | None = None,
        detail: str = "",
        process: str = "",
        element: str = "",
        data: Mapping[str, Any] | None = None,
        council: str = "",
    ) -> None:
        """Something happened; written with the rest at the end of the command."""
        self.events.append(
            {
                "council": case.council if case is not None else council,
                "case_id": case.id if case is not None else None,
                "instance_id": instance.id if instance is not None else None,
                "at": self.now,
                "kind": kind,
                "title": title,
                "detail": detail,
                "by_id": self.officer.id if self.officer is not None else None,
                "by_name": self.officer.name if self.officer is not None else "",
                "process": process,
                "element": element,
                "data": dict(data or {}),
            }
        )

    def write_events(self) -> None:
        """Add the events noted so far: one statement."""
        if self.events:
            self.session.execute(sa.insert(CaseEvent), self.events)
            self.events = []


@dataclass(frozen=True)
class Run:
    """A process brought back to life, with the rows that it belongs to."""

    case: Case
    instance: Instance
    definition: Definition
    flow: Flow
    breaches_before: str = ""
    """The alleged breaches as they were, to see whether the command changed them."""


def surroundings(
    now: datetime, periods: PeriodsInForce, case: Case, *, held: Iterable[str] = ()
) -> Surroundings:
    """What a diagram of this case may see besides its own facts."""
    return Surroundings(
        now=now,
        case={
            "reference": case.reference,
            "address": case.address,
            "council": case.council,
            "received_on": case.received_on,
            "priority": case.priority,
        },
        periods=periods.for_council(case.council),
        counters=dict(case.counters),
        held=frozenset(held),
    )


def resume(desk: Desk, instance: Instance, case: Case) -> Run:
    """The process as it was after its last command."""
    definition = desk.library.definition(desk.session, instance.definition_hash)
    flow = Flow.restore(
        definition,
        instance.state,
        instance.facts,
        surroundings(desk.now, desk.periods, case, held=instance.held),
    )
    return Run(case, instance, definition, flow, projections.breaches_of(flow))


def begin(
    desk: Desk,
    case: Case,
    definition: Definition,
    facts: Mapping[str, Any],
    *,
    notice: str = "",
    is_main: bool = False,
    said: Mapping[str, Any] | None = None,
) -> Run:
    """A new instance of a process on a case, not yet run.

    `said` are those of its facts that somebody gave it besides the case's own: they
    are kept with the event, so that the case can be told again."""
    instance = Instance(
        council=case.council,
        case_id=case.id,
        process=definition.process,
        title=definition.title,
        definition_hash=definition.hash,
        notice=notice,
        is_main=is_main,
        state="",
        facts="",
        started_at=desk.now,
    )
    desk.session.add(instance)
    given = {**facts, "notice": notice} if notice else dict(facts)
    flow = Flow.start(definition, given, surroundings(desk.now, desk.periods, case))
    state, stored_facts = flow.dump()
    instance.state, instance.facts = state, stored_facts
    desk.session.flush()
    desk.note(
        "process_started",
        f"{definition.title} started",
        case,
        instance=instance,
        process=definition.process,
        data=said,
    )
    return Run(case, instance, definition, flow)


def record(desk: Desk, run: Run) -> bool:
    """Write all that a process reports: state, tasks, timers, events, effects.

    The reports are taken from the flow. Returns whether it threw a message."""
    flow, instance, case = run.flow, run.instance, run.case
    instance.steps += 1
    instance.state, instance.facts = flow.dump()
    instance.awaits = [
        {"id": m.id, "name": m.name, "notice": m.notice or ""} for m in flow.awaited()
    ]
    case.counters = dict(flow.surroundings.counters)
    _note_journal(desk, run)
    projections.write_tasks_and_timers(desk, run)
    for number, effect in enumerate(flow.effects):
        _record_effect(desk, run, effect, number)
    incidents.add_failures(desk, run)
    if instance.is_main:
        projections.write_case(desk, run)
    if flow.ended and instance.ended_at is None:
        _record_end(desk, run)
    for thrown in flow.thrown:
        send(desk, case, thrown.name, thrown.notice or "", thrown.payload)
    has_thrown = bool(flow.thrown)
    for reports in (flow.journal, flow.effects, flow.thrown, flow.failures):
        reports.clear()
    return has_thrown


def _note_journal(desk: Desk, run: Run) -> None:
    steps = [_step(step) for step in run.flow.journal]
    if steps:
        desk.note(
            "steps",
            "",
            run.case,
            instance=run.instance,
            process=run.instance.process,
            data={"journal": steps},
        )
    for step in run.flow.journal:
        element = run.definition.diagrams[step.process].elements.get(step.element)
        if step.what == "fired" and element is not None:
            desk.note(
                "timer_fired" if element.timer else "message_received",
                element.name,
                run.case,
                instance=run.instance,
                process=step.process,
                element=step.element,
            )


def _step(step: Step) -> list[Any]:
    return [
        step.process,
        step.scope,
        step.element,
        step.what,
        list(step.flows),
        [rule for _decision, rule in step.rules],
    ]


def _record_effect(desk: Desk, run: Run, effect: Effect, number: int) -> None:
    if effect.operation in projections.NOTICE_OPERATIONS:
        projections.write_notice(desk, run, effect)
        return
    element = run.definition.diagrams[effect.process].elements[effect.element]
    desk.note(
        "effect_asked",
        element.name,
        run.case,
        instance=run.instance,
        process=effect.process,
        element=effect.element,
        data={"operation": effect.operation, **effect.parameters},
    )
    desk.session.add(
        OutboxMessage(
            key=f"{run.instance.id}:{run.instance.steps}:{number}",
            council=run.case.council,
            case_id=run.case.id,
            instance_id=run.instance.id,
            title=element.name,
            operation=effect.operation,
            parameters=effect.parameters,
            created_at=desk.now,
        )
    )


def _record_end(desk: Desk, run: Run) -> None:
    instance, case = run.instance, run.case
    instance.ended_at = desk.now
    instance.end_element = run.flow.end_event or ""
    end = run.definition.diagrams[instance.process].elements.get(instance.end_element)
    instance.outcome = end.name if end is not None else ""
    desk.note(
        "process_ended",
        f"{run.definition.title}: {instance.outcome}",
        case,
        instance=instance,
        process=instance.process,
        element=instance.end_element,
    )
    still_running = desk.session.scalar(
        sa.select(sa.func.count())
        .select_from(Instance)
        .where(
            Instance.case_id == case.id,
            Instance.ended_at.is_(None),
            Instance.id != instance.id,
        )
    )
    if still_running:
        return
    main = _latest_main(desk, case, instance)
    if main is None:
        return
    case.status = "closed"
    case.closed_on = desk.today
    case.outcome = main.outcome
    case.outcome_element = main.end_element
    desk.note("case_closed", f"Case closed. {main.outcome}", case, instance=main)


def _latest_main(desk: Desk, case: Case, instance: Instance) -> Instance | None:
    if instance.is_main:
        return instance
    return desk.session.scalar(
        sa.select(Instance)
        .where(Instance.case_id == case.id, Instance.is_main)
        .order_by(Instance.started_at.desc())
        .limit(1)
    )


def send(
    desk: Desk, case: Case, name: str, notice: str, payload: Mapping[str, Any]
) -> Message:
    """Keep a message for whoever on the case waits for it, now or later."""
    message = Message(
        council=case.council,
        case_id=case.id,
        name=name,
        notice=notice,
        payload=dict(payload),
        sent_at=desk.now,
    )
    desk.session.add(message)
    return message


def settle(desk: Desk, run: Run) -> None:
    """Record a run and deliver the case's messages until nobody can take one."""
    has_thrown = record(desk, run)
    if has_thrown or run.instance.awaits:
        deliver_messages(desk, run.case, {run.instance.id: run})


def deliver_messages(
    desk: Desk, case: Case, runs: dict[str, Run] | None = None
) -> None:
    """Give the messages kept on a case to the processes that wait for them."""
    known = {} if runs is None else runs
    while (receiver := _deliver_one(desk, case, known)) is not None:
        record(desk, receiver)


def _deliver_one(desk: Desk, case: Case, runs: dict[str, Run]) -> Run | None:
    desk.session.flush()
    waiting = desk.session.scalars(
        sa.select(Message)
        .where(Message.case_id == case.id, Message.delivered_at.is_(None))
        .order_by(Message.sent_at)
    ).all()
    if not waiting:
        return None
    instances = desk.session.scalars(
        sa.select(Instance)
        .where(Instance.case_id == case.id, Instance.ended_at.is_(None))
        .order_by(Instance.started_at)
    ).all()
    for message in waiting:
        place = awaiting(instances, message.name, message.notice)
        if place is None:
            continue
        instance, waiting_id = place
        run = runs.get(instance.id) or resume(desk, instance, case)
        runs[instance.id] = run
        try:
            run.flow.deliver(waiting_id, message.name, message.payload)
        except NotFound:
            return run  # a date that was due came first; the message is kept
        message.delivered_at = desk.now
        message.delivered_to = instance.id
        return run
    return None


def awaiting(
    instances: Iterable[Instance], name: str, notice: str
) -> tuple[Instance, str] | None:
    """The first instance that waits for a message, with the place where it does."""
    for instance in instances:
        for awaited in instance.awaits:
            if awaited["name"] == name and (
                not notice or not awaited["notice"] or awaited["notice"] == notice
            ):
                return instance, awaited["id"]
    return None
