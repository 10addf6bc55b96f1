"""A new report of a suspected breach, taken by an officer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine import Form, InvalidAnswers, Report, validate_answers
from webui import answers as typed_answers
from webui import questions
from webui.here import casework, clock, officer
from webui.words import BREACH_TYPES, CHANNELS, HOW_KNOWN, RELATIONS

pages = Blueprint("reports", __name__)


def _question(kind: str, key: str, label: str, **settings: Any) -> dict[str, Any]:
    required = settings.pop("required", "")
    if required:
        settings["validate"] = {**settings.get("validate", {}), "required": True}
        settings["properties"] = {"required_message": required}
    return {"id": key, "type": kind, "key": key, "label": label, **settings}


def _choices(words: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"value": value, "label": label} for value, label in words.items()]


_NAMED = {"conditional": {"hide": '=is_anonymous = "yes"'}}

# Place, nature and harm are required: Maldon Local Enforcement Plan, paragraph 4.3.
FORM = Form.parse(
    {
        "id": "report",
        "components": [
            _question(
                "textfield",
                "address",
                "Where is it?",
                description="The full address, or how to find the land.",
                required="Enter the address, or say how to find the land",
            ),
            _question("textfield", "postcode", "Postcode", validate={"maxLength": 10}),
            _question(
                "select",
                "breach_type",
                "What kind of breach is it?",
                values=_choices(dict(sorted(BREACH_TYPES.items(), key=lambda i: i[1]))),
                required="Select the kind of breach",
            ),
            _question(
                "textarea",
                "description",
                "What has happened, and when did it start?",
                required="Enter what has happened",
            ),
            _question(
                "textarea",
                "harm_described",
                "What harm does it cause?",
                description="For example to neighbours, wildlife or safety.",
                required="Enter what harm it causes",
            ),
            _question(
                "datetime",
                "received_on",
                "When was the report received?",
                subtype="date",
                description="For example, 27 3 2026. Leave empty for today.",
            ),
            _question(
                "select",
                "channel",
                "How did it reach the council?",
                values=_choices(CHANNELS),
                required="Select how the report reached the council",
            ),
            _question(
                "radio",
                "how_known",
                "Who reported it?",
                values=_choices(HOW_KNOWN),
                required="Select who reported it",
            ),
            _question(
                "radio",
                "is_anonymous",
                "Does the person want to stay anonymous?",
                description=(
                    "Anonymous reports are not normally investigated. The council "
                    "never tells anyone who made a report."
                ),
                values=[
                    {"value": "no", "label": "No, they gave their details"},
                    {"value": "yes", "label": "Yes, they gave no name"},
                ],
                required="Select whether the person wants to stay anonymous",
            ),
            _question(
                "textfield",
                "complainant_name",
                "Name",
                required="Enter the name of the person who reported it",
                **_NAMED,
            ),
            _question("textfield", "complainant_address", "Address", **_NAMED),
            _question("textfield", "complainant_email", "Email address", **_NAMED),
            _question("textfield", "complainant_phone", "Telephone number", **_NAMED),
            _question(
                "select",
                "complainant_relation",
                "Who are they to the site?",
                values=_choices(RELATIONS),
                **_NAMED,
            ),
        ],
    },
    file="the report page",
)


@pages.get("/reports/new")
def new() -> ResponseReturnValue:
    return _page({})


@pages.post("/reports/new")
def submit() -> ResponseReturnValue:
    """Open a case from the report."""
    typed = typed_answers.read(FORM.fields, request.form)
    try:
        given = validate_answers(FORM, typed, {})
        reference = casework().report_breach(_report(given), officer())
    except InvalidAnswers as invalid:
        return _page(typed, invalid.errors)
    flash(f"Case {reference} has been opened.")
    return redirect(url_for("cases.show", reference=reference))


def _report(given: Mapping[str, Any]) -> Report:
    words = {key: value for key, value in given.items() if value is not None}
    is_anonymous = words.pop("is_anonymous") == "yes"
    return Report(**words, is_anonymous=is_anonymous, council=officer().council)


def _page(
    values: Mapping[str, Any], errors: Mapping[str, str] | None = None
) -> ResponseReturnValue:
    shown = questions.show(FORM, values, {}, errors=errors)
    page = render_template(
        "reports/new.html",
        form=FORM,
        questions=shown,
        errors=questions.summary(shown),
        today=clock().today(),
    )
    return page, 400 if errors else 200
