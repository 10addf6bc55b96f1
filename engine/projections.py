"""Rows that mirror a running process: its tasks, timers, notices, breaches, case.

They are written from what the process reports and may be made again from it.
Functions take a desk and never commit."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from engine import documents
from engine.bpmn.workflow import Effect, Flow, OpenTask, WaitingTimer
from engine.errors import EngineError
from engine.law.dates import Deadline
from engine.law.explain import at_in_words
from engine.law.explain import in_words as day_in_words
from engine.law.immunity import immunity
from engine.law.periods import fires_at
from engine.models import Breach, Notice, Task, Timer
from engine.permissions import role_of_lane

if TYPE_CHECKING:
    from engine.runs import Desk, Run

NOTICE_OPERATIONS = frozenset({"issue_notice", "update_notice"})
ITEM_LABELS = ("name", "label", "title", "description", "requirement", "reference")


def write_tasks_and_timers(desk: Desk, run: Run) -> None:
    """Make the task and timer rows of an instance agree with its process."""
    places = {(place.process, place.element) for place in run.flow.positions()}
    run.instance.standing = [list(place) for place in sorted(places)]
    timers = run.flow.timers()
    before = {
        row.id: row
        for row in desk.session.scalars(
            sa.select(Timer).where(Timer.instance_id == run.instance.id)
        )
    }
    earliest: dict[str, WaitingTimer] = {}
    for timer in timers:
        if timer.on_task is None:
            continue
        first = earliest.get(timer.on_task)
        if first is None or timer.due_at < first.due_at:
            earliest[timer.on_task] = timer
    _write_tasks(desk, run, earliest, _kept_dates(desk, run, timers, before))
    _write_timers(desk, run, timers, before)


def _kept_dates(
    desk: Desk, run: Run, timers: Sequence[WaitingTimer], before: Mapping[str, Timer]
) -> Callable[[Task, OpenTask], bool]:
    """Tells whether a task keeps its due date, whatever its timers say now.

    It does once the date has passed, and where the date cannot be worked out again."""
    waiting = {timer.id for timer in timers}
    broken = {(failure.process, failure.element) for failure in run.flow.failures}
    live = {(row.task_id, row.due_at) for row in before.values() if row.id in waiting}
    lost = {
        (row.task_id, row.due_at)
        for row in before.values()
        if (row.process, row.element) in broken
    }

    def keeps(row: Task, task: OpenTask) -> bool:
        if row.due_at is None:
            return False
        places = {(held, row.due_at) for held in (task.id, *task.within)}
        if places & lost:
            return True
        return row.due_at <= desk.now and not places & live

    return keeps


def _write_tasks(
    desk: Desk,
    run: Run,
    earliest: Mapping[str, WaitingTimer],
    keeps: Callable[[Task, OpenTask], bool],
) -> None:
    rows = {
        row.id: row
        for row in desk.session.scalars(
            sa.select(Task).where(
                Task.instance_id == run.instance.id, Task.state == "ready"
            )
        )
    }
    open_tasks = run.flow.open_tasks()
    escalated = {t.escalates for t in open_tasks if t.escalates}
    for task in open_tasks:
        timer = next(
            (earliest[held] for held in (task.id, *task.within) if held in earliest),
            None,
        )
        row = rows.pop(task.id, None)
        if row is None:
            row = _new_task(desk, run, task)
            desk.session.add(row)
            desk.opened_tasks.append(row)
            if timer is None:
                _set_passed(run, row, task)
        _follow(row, task)
        if not keeps(row, task):
            _set_due(run, row, timer)
        if escalated.intersection((task.id, *task.within)):
            row.is_escalated = True
    for row in rows.values():
        row.state = "cancelled"
        row.completed_at = desk.now
        desk.note(
            "task_closed",
            f"No longer needed: {row.title}",
            run.case,
            instance=run.instance,
            process=row.process,
            element=row.element,
        )


def _follow(row: Task, task: OpenTask) -> None:
    """Call an open task what its drawing calls it: the case may have moved to another.

    Nobody keeps a task that has become another role's."""
    row.title, row.form = task.name, task.form
    role = _role(task)
    if row.role != role:
        row.role, row.assignee_id = role, None


def _role(task: OpenTask) -> str:
    return role_of_lane(task.lane or "") or "manager"


def _set_due(run: Run, row: Task, timer: WaitingTimer | None) -> None:
    """The task's due date: its earliest timer's. One that has passed stays."""
    if timer is None:
        row.due_at = row.due_on = None
        return
    row.due_at, row.due_on = timer.due_at, _due_on(timer)
    row.period = getattr(timer.deadline, "key", "")
    row.trigger = getattr(timer.deadline, "trigger", None)
    row.pauses = _pauses(run, timer)


def _set_passed(run: Run, row: Task, task: OpenTask) -> None:
    """The due date of a task whose date had passed before it was opened."""
    elements = run.definition.diagrams[task.process].elements.values()
    for element in elements:
        if element.attached_to != task.element or not element.timer:
            continue
        try:
            due = run.flow.evaluate(element.timer, task.scope, task.id)
        except EngineError:
            continue
        if not isinstance(due, date):
            continue
        at = fires_at(due)
        if row.due_at is not None and row.due_at <= at:
            continue
        row.due_at, row.due_on = at, None
        if isinstance(due, Deadline):
            row.due_on = due.plain
            row.period, row.trigger = due.key, due.trigger


def _new_task(desk: Desk, run: Run, task: OpenTask) -> Task:
    role = _role(task)
    return Task(
        id=task.id,
        council=run.case.council,
        case_id=run.case.id,
        instance_id=run.instance.id,
        process=task.process,
        element=task.element,
        scope=task.scope,
        item_index=task.item_index or "",
        item_label=item_label(task.item),
        title=task.name,
        role=role,
        form=task.form,
        assignee_id=run.case.officer_id if role == "officer" else None,
        escalates=task.escalates,
        created_at=desk.now,
    )


def item_label(item: object) -> str:
    """Which recipient, breach or step a task is about, in a few words."""
    if isinstance(item, Mapping):
        for key in ITEM_LABELS:
            if item.get(key):
                return str(item[key])
        return ""
    return "" if item is None else str(item)


def _due_on(timer: WaitingTimer) -> date | None:
    return None if timer.deadline is None else timer.deadline.plain


def _write_timers(
    desk: Desk,
    run: Run,
    timers: Sequence[WaitingTimer],
    before: Mapping[str, Timer],
) -> None:
    rows = dict(before)
    for timer in timers:
        row = rows.pop(timer.id, None)
        due_on = _due_on(timer)
        if row is None:
            desk.session.add(_new_timer(run, timer, due_on))
            continue
        if row.due_at != timer.due_at:
            _note_move(desk, run, row, timer, due_on)
            row.moved_from_on = row.due_on
            row.due_at, row.due_on = timer.due_at, due_on
        row.title = timer.name
        row.period = getattr(timer.deadline, "key", "")
        row.trigger = getattr(timer.deadline, "trigger", None)
        row.pauses = _pauses(run, timer)
    if rows:
        desk.session.execute(sa.delete(Timer).where(Timer.id.in_(list(rows))))


def _new_timer(run: Run, timer: WaitingTimer, due_on: date | None) -> Timer:
    return Timer(
        id=timer.id,
        council=run.case.council,
        case_id=run.case.id,
        instance_id=run.instance.id,
        process=timer.process,
        element=timer.element,
        title=timer.name,
        task_id=timer.on_task,
        due_at=timer.due_at,
        due_on=due_on,
        period=getattr(timer.deadline, "key", ""),
        trigger=getattr(timer.deadline, "trigger", None),
        pauses=_pauses(run, timer),
        is_held=timer.id in run.instance.held,
    )


def _pauses(run: Run, timer: WaitingTimer) -> list[Any]:
    pauses = run.flow.visible(timer.scope).get("pauses")
    return list(pauses) if isinstance(pauses, list) else []


def _note_move(
    desk: Desk, run: Run, row: Timer, timer: WaitingTimer, due_on: date | None
) -> None:
    before = _in_words(row.due_on, row.due_at)
    after = _in_words(due_on, timer.due_at)
    desk.note(
        "date_moved",
        f"{row.title}: the date moved from {before} to {after}",
        run.case,
        instance=run.instance,
        process=timer.process,
        element=timer.element,
        data={"before": row.due_on or row.due_at, "after": due_on or timer.due_at},
    )


def _in_words(day: date | None, moment: datetime) -> str:
    return at_in_words(moment) if day is None else day_in_words(day)


def write_notice(desk: Desk, run: Run, effect: Effect) -> None:
    """Carry out `issue_notice` or `update_notice` on the case's list of notices."""
    wanted: dict[str, Any] = effect.parameters
    reference = str(wanted["notice"])
    notice = desk.session.scalar(
        sa.select(Notice).where(
            Notice.case_id == run.case.id, Notice.reference == reference
        )
    )
    if notice is None:
        notice = Notice(
            council=run.case.council,
            case_id=run.case.id,
            reference=reference,
            kind=str(wanted.get("kind", "")),
            status="draft",
        )
        desk.session.add(notice)
    if effect.operation == "issue_notice":
        notice.kind = str(wanted["kind"])
        notice.status = "issued"
        notice.issued_on = wanted.get("issued_on")
        notice.effective_on = wanted.get("effective_on")
    else:
        notice.status = str(wanted["status"])
        notice.changed_on = wanted.get("date") or desk.today
    desk.session.flush()
    desk.note(
        "notice_changed",
        f"Notice {reference}: {notice.status.replace('_', ' ')}",
        run.case,
        instance=run.instance,
        process=effect.process,
        element=effect.element,
        data=dict(wanted),
    )


def write_case(desk: Desk, run: Run) -> None:
    """The case's priority, score, breaches and immunity from its facts."""
    case, facts = run.case, run.flow.facts.get("", {})
    case.priority = _whole(facts.get("priority"), case.priority)
    case.harm_score = _whole(facts.get("harm_score"), case.harm_score)
    breaches = facts.get("breaches")
    if isinstance(breaches, list) and breaches_of(run.flow) != run.breaches_before:
        _write_breaches(desk, run, breaches)


def breaches_of(flow: Flow) -> str:
    """The alleged breaches among a process's facts, as text to compare."""
    return documents.dumps(flow.facts.get("", {}).get("breaches"))


def _whole(value: object, otherwise: int | None) -> int | None:
    return int(value) if isinstance(value, int | float) else otherwise


def _write_breaches(desk: Desk, run: Run, breaches: Sequence[Any]) -> None:
    case = run.case
    wanted = {
        int(b.get("number") or place): b
        for place, b in enumerate(breaches, start=1)
        if isinstance(b, Mapping)
    }
    rows = {
        row.number: row
        for row in desk.session.scalars(
            sa.select(Breach).where(Breach.case_id == case.id)
        )
    }
    periods = desk.periods.for_council(case.council)
    for number, breach in wanted.items():
        row = rows.pop(number, None)
        if row is not None and row.content == breach:
            continue
        last_day = immunity(breach, periods).last_day_to_issue
        if row is None:
            row = Breach(case_id=case.id, number=number, council=case.council)
            desk.session.add(row)
        elif row.last_day_to_issue != last_day:
            desk.note(
                "immunity_moved",
                f"Breach {number}: the last day to issue a notice is now "
                f"{day_in_words(last_day) if last_day else 'not set'}",
                case,
                instance=run.instance,
                data={"before": row.last_day_to_issue, "after": last_day},
            )
        row.content = dict(breach)
        row.last_day_to_issue = last_day
    for row in rows.values():
        desk.session.delete(row)
    days = [
        day
        for breach in wanted.values()
        if (day := immunity(breach, periods).last_day_to_issue) is not None
    ]
    case.immune_on = min(days, default=None)
