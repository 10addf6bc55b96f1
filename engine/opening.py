"""Opening cases and starting processes on them. Functions take a desk, never commit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa

from engine import incidents, permissions, publishing, runs
from engine.bpmn.definitions import Definition
from engine.errors import (
    InvalidAnswers,
    NotFound,
    NotPermitted,
    WorkflowFailed,
)
from engine.models import BreachReport, Case, Council, Instance, Notice
from engine.runs import Desk, Run
from engine.views import Officer


@dataclass(frozen=True, kw_only=True)
class Report:
    """A report of a suspected breach, as received. The complainant may be anonymous."""

    address: str
    description: str
    breach_type: str
    harm_described: str
    received_on: date | None = None
    """Today, where it is None."""
    postcode: str = ""
    ward: str = ""
    uprn: str = ""
    how_known: str = "public"
    complainant_relation: str = "public"
    channel: str = "web"
    is_anonymous: bool = False
    complainant_name: str = ""
    complainant_address: str = ""
    complainant_email: str = ""
    complainant_phone: str = ""
    council: str = "maldon"
    process: str = "enforcement"
    facts: Mapping[str, Any] = field(default_factory=dict)
    """Further facts to start with: a story's, or an import's."""


MISSING = {
    "address": "Enter the address or describe where the site is.",
    "breach_type": "Choose what kind of breach is reported.",
    "description": "Describe what has been done or is being done.",
    "harm_described": "Say what harm it causes.",
}
"""What Maldon's policy asks for before any investigation (paragraph 4.3)."""


LONGEST = {"postcode": 12, "ward": 120, "uprn": 20}
"""What the columns of a case hold."""


def report_breach(desk: Desk, report: Report) -> str:
    """Record a report, open its case and start its process. Returns the reference."""
    run = _begin(desk, report)
    run.flow.run()
    runs.settle(desk, run)
    return run.case.reference


def keep_report(desk: Desk, report: Report, failure: WorkflowFailed) -> str:
    """Record a report whose process broke at its first step; it can be tried again."""
    run = _begin(desk, report)
    incidents.add(
        desk,
        run.instance,
        run.case,
        process=failure.process,
        element=failure.element,
        message=str(failure),
    )
    return run.case.reference


def _begin(desk: Desk, report: Report) -> Run:
    errors = {
        key: sentence
        for key, sentence in MISSING.items()
        if not str(getattr(report, key)).strip()
    }
    today = desk.today
    received_on = report.received_on or today
    if received_on > today:
        errors["received_on"] = "The date received must be today or in the past."
    for key, longest in LONGEST.items():
        if len(getattr(report, key).strip()) > longest:
            errors[key] = f"The {key} must have at most {longest} characters."
    if errors:
        raise InvalidAnswers(errors)
    case = _new_case(desk, report, received_on)
    definition = newest_definition(desk, case.council, report.process)
    facts = {**_report_facts(report, received_on), **report.facts}
    return runs.begin(desk, case, definition, facts, is_main=True, said=report.facts)


def newest_definition(desk: Desk, council: str, process: str) -> Definition:
    """What a new instance of a process runs on. Raises NotFound."""
    version = publishing.newest(desk.session, council, process)
    return desk.library.definition(desk.session, version.definition_hash)


def _new_case(desk: Desk, report: Report, received_on: date) -> Case:
    council = desk.session.get(
        Council, report.council, with_for_update={"key_share": True}
    )
    if council is None:
        raise NotFound(f"There is no council called ‘{report.council}’.")
    number = council.next_case_number
    council.next_case_number = number + 1
    case = Case(
        council=council.name,
        reference=f"ENF/{received_on.year}/{number:04d}",
        address=report.address.strip(),
        postcode=report.postcode.strip().upper(),
        ward=report.ward,
        uprn=report.uprn,
        description=report.description.strip(),
        breach_type=report.breach_type,
        received_on=received_on,
    )
    desk.session.add(case)
    desk.session.flush()
    desk.session.add(
        BreachReport(
            council=council.name,
            case_id=case.id,
            received_on=received_on,
            channel=report.channel,
            description=report.description.strip(),
            harm_described=report.harm_described.strip(),
            how_known=report.how_known,
            is_anonymous=report.is_anonymous,
            complainant_name="" if report.is_anonymous else report.complainant_name,
            complainant_address=(
                "" if report.is_anonymous else report.complainant_address
            ),
            complainant_email="" if report.is_anonymous else report.complainant_email,
            complainant_phone="" if report.is_anonymous else report.complainant_phone,
            complainant_relation=report.complainant_relation,
        )
    )
    desk.note("case_opened", f"Report received. Case {case.reference} opened", case)
    return case


def _report_facts(report: Report, received_on: date) -> dict[str, Any]:
    """What the diagrams may know of a report: never who the complainant is."""
    return {
        "address": report.address.strip(),
        "ward": report.ward,
        "uprn": report.uprn,
        "breach_type": report.breach_type,
        "description": report.description.strip(),
        "harm_described": report.harm_described.strip(),
        "how_known": report.how_known,
        "complainant_relation": report.complainant_relation,
        "anonymous": report.is_anonymous,
        "received_on": received_on,
        "report_channel": report.channel,
        "reopened": False,
    }


def find_case(desk: Desk, reference: str, officer: Officer | None) -> Case:
    """The case, locked for this command. Another council's case is not found."""
    query = sa.select(Case).where(Case.reference == reference).with_for_update()
    if officer is not None:
        query = query.where(Case.council == officer.council)
    case = desk.session.scalars(query).one_or_none()
    if case is None:
        raise NotFound(f"There is no case {reference}.")
    return case


def start_process(
    desk: Desk,
    reference: str,
    process: str,
    officer: Officer,
    *,
    notice: str | None,
    facts: Mapping[str, Any],
) -> str:
    """Start a further process on a case. Returns the instance's id."""
    permissions.require_caseworker(officer)
    case = find_case(desk, reference, officer)
    definition = newest_definition(desk, case.council, process)
    wanted = definition.diagrams[process].properties
    require_startable(officer, wanted, definition.title, notice)
    if notice:
        _require_notice(desk, case, notice)
    given = _inputs(desk, case, wanted.get("inputs", ""), notice or "")
    run = runs.begin(
        desk,
        case,
        definition,
        {**given, **facts},
        notice=notice or "",
        said=facts,
    )
    if case.status == "closed":
        _open_again(case)
    run.flow.run()
    runs.settle(desk, run)
    return run.instance.id


def _require_notice(desk: Desk, case: Case, reference: str) -> None:
    known = desk.session.scalar(
        sa.select(Notice.id).where(
            Notice.case_id == case.id, Notice.reference == reference
        )
    )
    if known is None:
        raise InvalidAnswers(
            {"notice": f"This case has no notice ‘{reference}’. Choose one of its own."}
        )


def require_startable(
    officer: Officer, wanted: Mapping[str, str], title: str, notice: str | None
) -> None:
    """Refuse a process that its diagram does not offer to this person."""
    if not wanted.get("start_from_case"):
        raise NotPermitted(f"‘{title}’ cannot be started from a case.")
    roles = [r.strip() for r in wanted.get("start_roles", "").split(",") if r.strip()]
    if roles and not any(permissions.may_do(officer, role) for role in roles):
        names = " or ".join(permissions.ROLES.get(r, r) for r in roles)
        raise NotPermitted(f"‘{title}’ can only be started by: {names}.")
    if wanted.get("for") == "notice" and not notice:
        raise InvalidAnswers({"notice": "Choose the notice that it is about."})


def _inputs(desk: Desk, case: Case, names: str, notice: str) -> dict[str, Any]:
    """Facts copied at the start: from the case, then from the scopes in which the
    notice lives, innermost last. Processes that were started about the notice hold
    copies of their own, so they are left out."""
    wanted = [name.strip() for name in names.split(",") if name.strip()]
    if not wanted:
        return {}
    instances = desk.session.scalars(
        sa.select(Instance)
        .where(Instance.case_id == case.id)
        .order_by(Instance.started_at)
    ).all()
    flows = {instance: runs.resume(desk, instance, case).flow for instance in instances}
    main = [flow.facts.get("", {}) for flow in flows.values()]
    owning = [
        facts
        for instance, flow in flows.items()
        if notice and instance.notice != notice
        for scope, facts in flow.facts.items()
        if flow.visible(scope).get("notice") == notice
    ]
    found: dict[str, Any] = {}
    for scope in [*main, *owning]:
        found.update({n: scope[n] for n in wanted if scope.get(n) is not None})
    return found


def _open_again(case: Case) -> None:
    case.status = "under_investigation"
    case.closed_on = None
    case.outcome = ""
    case.outcome_element = ""


def reopen_case(desk: Desk, reference: str, reason: str, officer: Officer) -> str:
    """Open a closed case again, with its facts. Returns the new instance's id."""
    permissions.require_caseworker(officer)
    if not reason.strip():
        raise InvalidAnswers({"reason": "Say why the case is opened again."})
    case = find_case(desk, reference, officer)
    if case.status != "closed":
        raise NotPermitted("This case is not closed.")
    last = desk.session.scalars(
        sa.select(Instance)
        .where(Instance.case_id == case.id, Instance.is_main)
        .order_by(Instance.started_at.desc())
        .limit(1)
    ).one()
    facts = dict(runs.resume(desk, last, case).flow.facts.get("", {}))
    facts |= {
        "reopened": True,
        "reopening_reason": reason,
        "received_on": desk.today,
    }
    definition = newest_definition(desk, case.council, last.process)
    _open_again(case)
    desk.note("case_reopened", "Case reopened", case, detail=reason)
    run = runs.begin(desk, case, definition, facts, is_main=True)
    run.flow.run()
    runs.settle(desk, run)
    return run.instance.id
