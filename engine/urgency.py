"""Raises the priority of a case whose breach will soon be immune. Never commits.

Maldon policy, paragraph 5.1 and ENF1 category 2: breaches likely to be immune within
six months. The target of the first priority goes on beside the new one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine import runs
from engine.clock import LONDON
from engine.law.explain import in_words
from engine.law.periods import CouncilPeriods
from engine.models import Case, Instance
from engine.periods_in_force import PeriodsInForce
from engine.rows import immune_soon_until
from engine.runs import Desk
from engine.timekeeping import CaseName
from engine.working import find_instance

SETTING = "priority_when_immune_soon"
"""The council's setting: the priority such a case gets; none where it has none."""


def to_raise(
    session: Session,
    today: date,
    periods: PeriodsInForce,
    of: CaseName | None = None,
) -> Sequence[str]:
    """The running cases that turn immune soon and stand lower than their council says.

    Instance ids; those of one case where its council and reference are given."""
    soon = (
        sa.select(Instance.id, Case.council, Case.priority)
        .join(Case, Case.id == Instance.case_id)
        .where(
            Case.immune_on.between(today, immune_soon_until(today)),
            Case.priority > 1,
            Instance.is_main,
            Instance.ended_at.is_(None),
        )
    )
    if of is not None:
        soon = soon.where(Case.council == of[0], Case.reference == of[1])
    return [
        instance_id
        for instance_id, council, priority in session.execute(soon)
        if _is_lower(priority, periods.for_council(council))
    ]


def _is_lower(priority: int | None, council: CouncilPeriods) -> bool:
    wanted = council.setting(SETTING)
    return wanted is not None and priority is not None and priority > int(wanted)


def raise_priority(desk: Desk, instance_id: str) -> None:
    """Give the case the priority of those that turn immune soon; its clocks move."""
    instance, case = find_instance(desk, instance_id)
    council = desk.periods.for_council(case.council)
    if not _is_lower(case.priority, council):
        return
    wanted = int(council.setting(SETTING))
    last_day = in_words(case.immune_on) if case.immune_on else ""
    reason = f"The last day to issue a notice is {last_day}."
    run = runs.resume(desk, instance, case)
    earlier = run.flow.facts.get("", {}).get("priorities")
    change = {
        "priority": wanted,
        "set_on": desk.now.astimezone(LONDON).date(),
        "reason": reason,
    }
    run.flow.correct(
        "",
        {
            "priority": wanted,
            "priority_reason": reason,
            "priorities": [*(earlier if isinstance(earlier, list) else []), change],
        },
    )
    desk.note(
        "priority_raised",
        f"Priority raised from {case.priority} to {wanted}: immune soon",
        case,
        instance=instance,
        detail=reason,
    )
    runs.settle(desk, run)
