"""Rows turned into views. Pure: what is shown follows from the row and the moment."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from engine.clock import LONDON
from engine.errors import NotInForce, UnknownPeriod
from engine.law.dates import add_months
from engine.law.explain import Explanation, length_in_words
from engine.law.immunity import immunity
from engine.law.period_model import Period
from engine.law.periods import CouncilPeriods
from engine.models import (
    Breach,
    BreachReport,
    Case,
    CaseEvent,
    Incident,
    Instance,
    Notice,
    Task,
    Timer,
)
from engine.views import (
    BreachView,
    CaseLine,
    ComplainantView,
    DeadlineLine,
    EventView,
    IncidentView,
    InstanceView,
    NoticeView,
    PeriodView,
    PersonView,
    Reason,
    ReportView,
    TaskLine,
)

IMMUNE_SOON_MONTHS = 6
"""Maldon policy, paragraph 5.1: likely to be immune within six months."""


def immune_soon_until(today: date) -> date:
    """A last day to issue up to this day is soon."""
    return add_months(today, IMMUNE_SOON_MONTHS)


def _is_immune_soon(case: Case, today: date) -> bool:
    return (
        case.immune_on is not None
        and case.status != "closed"
        and case.immune_on <= immune_soon_until(today)
    )


def task_fields(
    task: Task,
    case: Case,
    *,
    now: datetime,
    instance: Instance | None = None,
    assignee: str | None = None,
) -> dict[str, Any]:
    """The fields of a TaskLine, by name."""
    return {
        "id": task.id,
        "element": task.element,
        "title": task.title,
        "process": task.process,
        "process_title": instance.title if instance is not None else "",
        "role": task.role,
        "state": task.state,
        "case_reference": case.reference,
        "case_address": case.address,
        "case_priority": case.priority,
        "assignee_id": task.assignee_id,
        "assignee_name": assignee,
        "due_on": task.due_on,
        "due_at": task.due_at,
        "is_overdue": (
            task.state == "ready" and task.due_at is not None and task.due_at <= now
        ),
        "is_escalated": task.is_escalated,
        "is_escalation": task.escalates is not None,
        "immune_on": case.immune_on,
        "is_immune_soon": _is_immune_soon(case, now.astimezone(LONDON).date()),
        "item_label": task.item_label,
        "created_at": task.created_at,
        "instance_id": task.instance_id,
        "notice": instance.notice if instance is not None else "",
    }


def task_line(
    task: Task,
    case: Case,
    *,
    now: datetime,
    instance: Instance | None = None,
    assignee: str | None = None,
) -> TaskLine:
    return TaskLine(
        **task_fields(task, case, now=now, instance=instance, assignee=assignee)
    )


def reason(explanation: Explanation, periods: CouncilPeriods) -> Reason:
    """An explanation with the words for its sources."""
    return Reason(
        key=explanation.key,
        title=explanation.title,
        section=explanation.section,
        trigger=explanation.trigger,
        date=explanation.date,
        date_is=explanation.date_is,
        lines=explanation.lines,
        alternatives=tuple((a.date, a.why) for a in explanation.alternatives),
        is_confirmed=explanation.confirmed,
        is_statutory=periods.period(explanation.key).kind == "statutory",
        source=sources_in_words(explanation.source, periods),
        confidence=explanation.confidence,
    )


def sources_in_words(keys: Sequence[str], periods: CouncilPeriods) -> str:
    """What was read for a period, and where."""
    found = (periods.sources.get(key) for key in keys)
    return "; ".join(
        each.what if each.where in ("", "-") else f"{each.what} ({each.where})"
        for each in found
        if each is not None
    )


def periods_shown(council: CouncilPeriods, today: date) -> tuple[PeriodView, ...]:
    """Every period as one council counts it, with its length on that day."""
    return tuple(
        _period_shown(key, period, council, today)
        for key, period in council.periods.items()
    )


def _period_shown(
    key: str, period: Period, council: CouncilPeriods, today: date
) -> PeriodView:
    versions = [v for v in period.versions if v.covers(today)]
    length = (
        length_in_words(versions[0].length, versions[0].unit)
        if versions
        else "not in force"
    )
    return PeriodView(
        key=key,
        title=period.title,
        group=period.group,
        section=period.section,
        trigger=period.trigger,
        rule=period.rule,
        length=length,
        date_is=period.date_is,
        source=sources_in_words(period.source, council),
        confidence=period.confidence,
        is_confirmed=period.confirmed,
        is_statutory=period.statutory,
        in_force="; ".join(v.note for v in versions if v.note),
    )


def date_reason(counted: Timer | Task, periods: CouncilPeriods) -> Reason | None:
    """Why a timer or a task is due then; None where no period says so."""
    if not counted.period or counted.trigger is None:
        return None
    try:
        explanation = periods.explain(
            counted.period, counted.trigger, tuple(counted.pauses or ())
        )
    except (UnknownPeriod, NotInForce):
        return None
    return reason(explanation, periods)


def deadline_line(
    timer: Timer, periods: CouncilPeriods, *, now: datetime, task_title: str
) -> DeadlineLine:
    return DeadlineLine(
        id=timer.id,
        element=timer.element,
        title=timer.title,
        process=timer.process,
        due_at=timer.due_at,
        on=timer.due_on,
        is_late=timer.due_at <= now,
        task_id=timer.task_id,
        task_title=task_title,
        reason=date_reason(timer, periods),
        moved_from=timer.moved_from_on,
    )


def breach_view(row: Breach, periods: CouncilPeriods, today: date) -> BreachView:
    breach = row.content
    clock = immunity(breach, periods)
    last = clock.last_day_to_issue
    return BreachView(
        number=row.number,
        type=str(breach.get("type") or ""),
        nature=str(breach.get("nature") or ""),
        description=str(breach.get("description") or ""),
        began_on=breach.get("began_on"),
        substantially_completed_on=breach.get("substantially_completed_on"),
        outcome=str(breach.get("outcome") or ""),
        last_day_to_issue=last,
        is_immune=clock.immune_on(today),
        is_immune_soon=clock.soon_on(today),
        is_never_immune=clock.never,
        needs_legal=clock.needs_legal,
        immunity_lines=tuple(clock.lines),
        immunity_rule=str(clock.rule or ""),
    )


def report_view(row: BreachReport, *, may_see_complainant: bool) -> ReportView:
    complainant = None
    if may_see_complainant and not row.is_anonymous:
        complainant = ComplainantView(
            name=row.complainant_name,
            address=row.complainant_address,
            email=row.complainant_email,
            phone=row.complainant_phone,
            relation=row.complainant_relation,
        )
    return ReportView(
        id=row.id,
        received_on=row.received_on,
        channel=row.channel,
        description=row.description,
        harm_described=row.harm_described,
        how_known=row.how_known,
        is_anonymous=row.is_anonymous,
        complainant=complainant,
    )


def event_view(row: CaseEvent) -> EventView:
    return EventView(
        id=str(row.id),
        at=row.at,
        kind=row.kind,
        title=row.title,
        detail=row.detail,
        by=row.by_name,
        process=row.process,
        element=row.element,
        data=row.data,
    )


def notice_view(row: Notice) -> NoticeView:
    return NoticeView(
        reference=row.reference,
        kind=row.kind,
        status=row.status,
        issued_on=row.issued_on,
        effective_on=row.effective_on,
        changed_on=row.changed_on,
    )


def instance_view(row: Instance) -> InstanceView:
    return InstanceView(
        id=row.id,
        process=row.process,
        title=row.title,
        notice=row.notice,
        started_at=row.started_at,
        ended_at=row.ended_at,
        outcome=row.outcome,
        end_element=row.end_element,
        definition=row.definition_hash[:12],
    )


def incident_view(row: Incident) -> IncidentView:
    return IncidentView(
        id=row.id,
        at=row.at,
        process=row.process,
        element=row.element,
        message=row.message,
        is_resolved=row.resolved_at is not None,
    )


def people_of(facts: Sequence[Any]) -> tuple[PersonView, ...]:
    """Whom a process's recipients name, each once."""
    found: dict[str, PersonView] = {}
    for item in facts:
        if not isinstance(item, dict) or not item.get("name"):
            continue
        name = str(item["name"])
        served = item.get("served_on")
        found[name] = PersonView(
            name=name,
            interest=str(item.get("interest") or ""),
            address=str(item.get("address") or ""),
            served_on=served if isinstance(served, date) else None,
            method=str(item.get("method") or item.get("service_method") or ""),
        )
    return tuple(found.values())


def case_fields(
    case: Case, *, today: date, officer: str | None, open_tasks: int, overdue: int
) -> dict[str, Any]:
    """The fields of a CaseLine, by name."""
    return {
        "reference": case.reference,
        "address": case.address,
        "description": case.description,
        "breach_type": case.breach_type,
        "status": case.status,
        "outcome": case.outcome,
        "priority": case.priority,
        "harm_score": case.harm_score,
        "officer_name": officer,
        "received_on": case.received_on,
        "closed_on": case.closed_on,
        "immune_on": case.immune_on,
        "is_immune_soon": _is_immune_soon(case, today),
        "open_tasks": open_tasks,
        "overdue_tasks": overdue,
    }


def case_line(
    case: Case, *, today: date, officer: str | None, open_tasks: int, overdue: int
) -> CaseLine:
    return CaseLine(
        **case_fields(
            case,
            today=today,
            officer=officer,
            open_tasks=open_tasks,
            overdue=overdue,
        )
    )
