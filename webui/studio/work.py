"""The work on a process, shown on its newest diagram and below it as a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine import (
    DraftLine,
    FlowWork,
    Form,
    InvalidAnswers,
    ProcessWork,
    StepWork,
    WorkOverlay,
    heat_level,
    validate_answers,
    work_picture,
)
from webui import answers as typed_answers
from webui import questions
from webui.diagrams import as_picture
from webui.here import office, officer
from webui.studio import for_managers
from webui.studio.places import editor

pages = for_managers(Blueprint("studio_work", __name__))

PLACES = frozenset(
    {"userTask", "callActivity", "intermediateCatchEvent", "subProcess", ""}
)
"""Where a case can stand for a while."""
EVENTS = frozenset({"boundaryEvent", "endEvent"})
CHOICES = frozenset({"exclusiveGateway", "inclusiveGateway", "eventBasedGateway"})
_DATE = {"type": "datetime", "subtype": "date"}
FORM = Form.parse(
    {
        "id": "work",
        "components": [
            _DATE | {"id": "since", "key": "since", "label": "From"},
            _DATE | {"id": "until", "key": "until", "label": "Until"},
            {
                "type": "radio",
                "id": "tint",
                "key": "tint",
                "label": "Tint the steps by",
                "values": [
                    {"value": "number", "label": "Cases there now"},
                    {"value": "time", "label": "How long they take"},
                ],
            },
        ],
    }
)


@dataclass(frozen=True)
class _Asked:
    """What was asked for, and what is wrong with it."""

    answers: Mapping[str, Any]
    typed: Mapping[str, Any]
    errors: Mapping[str, str]

    @property
    def tint(self) -> str:
        return self.answers.get("tint") or "number"

    @property
    def days(self) -> tuple[date | None, date | None]:
        return self.answers.get("since"), self.answers.get("until")


@pages.get("/studio/processes/<process>/work")
def show(process: str) -> ResponseReturnValue:
    """How many cases stand where, how long steps take, which paths were taken."""
    asked = _asked()
    work, errors = _work(process, asked)
    shown = questions.show(
        FORM,
        {"since": work.since, "until": work.until, "tint": asked.tint}
        | ({} if not errors else {k: v for k, v in asked.typed.items() if v}),
        {},
        errors=errors,
    )
    page = render_template(
        "studio/work.html",
        work=work,
        steps=[step for step in work.steps if _is_listed(step)],
        idle=[step for step in work.steps if step.kind in PLACES and step.is_idle],
        happened=[step for step in work.steps if step.kind in EVENTS and step.passed],
        paths=_paths(work.flows),
        questions=shown,
        errors=questions.summary(shown),
        tint=asked.tint,
        days={"since": work.since.isoformat(), "until": work.until.isoformat()},
        viewer=_for_viewer(work),
        drafts=_open_drafts(),
        editor=editor,
    )
    return page, 400 if errors else 200


@pages.get("/studio/processes/<process>/work.bpmn")
def xml(process: str) -> ResponseReturnValue:
    drawing = office().statistics.drawing(process, officer())
    return Response(drawing, mimetype="application/xml")


@pages.get("/studio/processes/<process>/work.svg")
def picture(process: str) -> ResponseReturnValue:
    """The same as a picture, for those without the viewer."""
    asked = _asked()
    work, _ = _work(process, asked)
    steps = work.steps
    heat = _heat(steps, asked.tint)
    drawn = work_picture(
        office().statistics.drawing(process, officer()),
        WorkOverlay(
            standing={step.element: step.standing for step in steps},
            overdue={step.element: step.overdue for step in steps},
            failed={step.element: step.failed for step in steps},
            heat=heat,
            trodden=_trodden(work.flows),
        ),
    )
    return as_picture(drawn)


def _open_drafts() -> list[DraftLine]:
    """The changes that can still be drawn in."""
    drafts = office().drafts.all(officer())
    return [draft for draft in drafts if draft.state == "open"][:5]


def _asked() -> _Asked:
    """The days come in three parts from the form, and in one from our own links."""
    typed = typed_answers.read(FORM.fields, request.args)
    for name in ("since", "until"):
        typed[name] = typed[name] or request.args.get(name) or None
    try:
        return _Asked(validate_answers(FORM, typed, {}), typed, {})
    except InvalidAnswers as invalid:
        return _Asked({}, typed, invalid.errors)


def _work(process: str, asked: _Asked) -> tuple[ProcessWork, Mapping[str, str]]:
    """The work in the days asked for; with the usual days where they are wrong."""
    statistics = office().statistics
    if asked.errors:
        return statistics.of_process(process, officer()), asked.errors
    try:
        return statistics.of_process(process, officer(), *asked.days), {}
    except InvalidAnswers as invalid:
        return statistics.of_process(process, officer()), invalid.errors


def _is_listed(step: StepWork) -> bool:
    if step.kind in PLACES:
        return not step.is_idle
    return bool(step.standing or step.failed)


def _paths(flows: Sequence[FlowWork]) -> list[tuple[FlowWork, int]]:
    """The flows out of questions, with the share of each in per cent."""
    totals: dict[str, int] = {}
    chosen = [flow for flow in flows if flow.source_kind in CHOICES]
    for flow in chosen:
        totals[flow.source_id] = totals.get(flow.source_id, 0) + flow.taken
    return [
        (flow, round(100 * flow.taken / totals[flow.source_id]))
        for flow in chosen
        if flow.taken
    ]


def _heat(steps: Sequence[StepWork], tint: str) -> dict[str, int]:
    if tint == "time":
        values = {step.element: step.median_days or 0.0 for step in steps}
    else:
        values = {step.element: float(step.standing) for step in steps}
    most = max(values.values(), default=0.0)
    return {element: heat_level(value, most) for element, value in values.items()}


def _trodden(flows: Sequence[FlowWork]) -> dict[str, int]:
    most = max((flow.taken for flow in flows), default=0)
    return {flow.id: heat_level(flow.taken, most) for flow in flows}


def _for_viewer(work: ProcessWork) -> dict[str, Any]:
    """What the diagram in the browser lays over its elements and flows."""
    by_number = _heat(work.steps, "number")
    by_time = _heat(work.steps, "time")
    trodden = _trodden(work.flows)
    return {
        "steps": [
            _badge(work, step)
            | {"number": by_number[step.element], "time": by_time[step.element]}
            for step in work.steps
            if not step.is_idle or step.called
        ],
        "flows": [
            {"id": flow.id, "level": trodden[flow.id], "taken": flow.taken}
            for flow in work.flows
            if flow.taken
        ],
    }


def _badge(work: ProcessWork, step: StepWork) -> dict[str, Any]:
    place: dict[str, Any] = {"process": work.process, "element": step.element}
    down = ""
    if step.called:
        down = url_for(
            "studio_work.show",
            process=step.called,
            since=work.since.isoformat(),
            until=work.until.isoformat(),
        )
    return {
        "element": step.element,
        "name": step.name,
        "standing": step.standing,
        "overdue": step.overdue,
        "failed": step.failed,
        "took": took(step),
        "cases": url_for("cases.index", **place),
        "late": url_for("cases.index", **place, overdue=1),
        "incidents": url_for("incidents.index"),
        "down": down,
    }


@pages.app_template_filter("took")
def took(step: StepWork) -> str:
    """How long a step takes, with what that rests on."""
    if step.median_days is None or step.slow_days is None:
        return ""
    half, most = days(step.median_days), days(step.slow_days)
    rests_on = "1 task" if step.measured == 1 else f"{step.measured} tasks"
    return f"half within {half}, nine in ten within {most}; from {rests_on}"


@pages.app_template_filter("days")
def days(number: float | None) -> str:
    """4.5 days."""
    if number is None:
        return ""
    said = f"{number:.1f}"
    return "1 day" if said == "1.0" else f"{said.removesuffix('.0')} days"
