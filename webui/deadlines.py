"""Every period with its source, and a calculator that shows its working."""

from __future__ import annotations

from datetime import date, datetime
from itertools import groupby

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from engine import EngineError, Form, InvalidAnswers, PeriodView, validate_answers
from webui import answers as typed_answers
from webui import questions
from webui.here import officer, records
from webui.words import phrase

pages = Blueprint("deadlines", __name__)


@pages.get("/periods")
def periods() -> ResponseReturnValue:
    """All periods, statutory first, by group."""
    found = sorted(records().periods(officer()), key=_order)
    grouped = [(name, list(rows)) for name, rows in groupby(found, key=_heading)]
    return render_template("deadlines/periods.html", groups=grouped, total=len(found))


@pages.get("/deadline")
def calculate() -> ResponseReturnValue:
    """A date worked out from a period and the day that starts it."""
    form = _form(records().periods(officer()))
    typed = typed_answers.read(form.fields, request.args)
    errors: dict[str, str] = {}
    reason = None
    if "key" in request.args and request.args.get("calculate"):
        try:
            given = validate_answers(form, typed, {})
            reason = records().explain(given["key"], _trigger(given), officer())
        except InvalidAnswers as invalid:
            errors = invalid.errors
        except EngineError as refused:
            errors = {"trigger": str(refused)}
    shown = questions.show(form, typed, {}, errors=errors)
    page = render_template(
        "deadlines/calculator.html",
        form=form,
        questions=shown,
        errors=questions.summary(shown),
        reason=reason,
    )
    return page, 400 if errors else 200


def _order(period: PeriodView) -> tuple[bool, str, str]:
    return (not period.is_statutory, period.group, period.title)


def _heading(period: PeriodView) -> str:
    kind = "Set by law" if period.is_statutory else "Service standards"
    return f"{kind}: {phrase(period.group).lower()}"


def _trigger(given: dict[str, date | str]) -> date | datetime:
    """A day, or a moment where a time was given: some periods count hours."""
    trigger = given["trigger"]
    time = given.get("time")
    if not time:
        return trigger  # type: ignore[return-value]
    return datetime.fromisoformat(f"{trigger}T{time}")


def _form(found: tuple[PeriodView, ...]) -> Form:
    values = [
        {"value": period.key, "label": f"{period.title} ({period.length})"}
        for period in sorted(found, key=_order)
    ]
    required = {"required": True}
    return Form.parse(
        {
            "id": "deadline",
            "components": [
                {
                    "id": "key",
                    "key": "key",
                    "type": "select",
                    "label": "Which period?",
                    "values": values,
                    "validate": required,
                    "properties": {"required_message": "Select a period"},
                },
                {
                    "id": "trigger",
                    "key": "trigger",
                    "type": "datetime",
                    "subtype": "date",
                    "label": "On what day does it start?",
                    "description": "For example, 27 3 2026",
                    "validate": required,
                    "properties": {"required_message": "Enter the day it starts"},
                },
                {
                    "id": "time",
                    "key": "time",
                    "type": "textfield",
                    "label": "At what time?",
                    "description": "Only for periods counted in hours, like 09:30",
                    "validate": {"pattern": "([01]\\d|2[0-3]):[0-5]\\d"},
                },
            ],
        }
    )
