"""Periods, service standards and settings of a draft: looked up, and changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from engine import (
    DefinitionError,
    DraftChanged,
    EngineError,
    Form,
    InvalidAnswers,
    NewLaw,
    NewStandard,
    PeriodChange,
    PeriodExample,
    PeriodRow,
    PeriodSheet,
    validate_answers,
)
from webui import answers as typed_answers
from webui import questions
from webui.here import office, officer, today
from webui.studio import for_managers, period_questions
from webui.studio.places import editor

pages = for_managers(Blueprint("studio_periods", __name__))

_DRAFT = "/studio/drafts/<draft_id>"
SHOWN: Mapping[str, Callable[[PeriodRow], bool]] = {
    "all": lambda row: True,
    "statutory": lambda row: row.is_statutory,
    "standards": lambda row: not row.is_statutory,
    "unconfirmed": lambda row: row.is_statutory and not row.is_confirmed,
    "unused": lambda row: not row.uses,
}


@pages.get(f"{_DRAFT}/periods")
def index(draft_id: str) -> ResponseReturnValue:
    """Every period with its source and where it is used; searched and filtered."""
    draft = office().drafts.get(draft_id, officer())
    try:
        sheet = _sheet(draft_id)
    except DefinitionError as error:
        return render_template(
            "studio/periods_unread.html", draft=draft, problems=error.problems
        )
    asked = request.args.get("q", "").strip()[:100]
    show = request.args.get("show", "all")
    wanted = SHOWN.get(show, SHOWN["all"])
    words = asked.lower().split()
    rows = [
        row
        for row in sheet.rows
        if wanted(row) and all(word in row.words for word in words)
    ]
    return render_template(
        "studio/periods.html",
        draft=draft,
        sheet=sheet,
        rows=rows,
        asked=asked,
        show=show if show in SHOWN else "all",
        rules=period_questions.RULES,
        place=editor,
        element=request.args.get("element", ""),
    )


@pages.get(f"{_DRAFT}/periods/<key>")
def show(draft_id: str, key: str) -> ResponseReturnValue:
    """One period: what it was and is, who uses it, and the questions to change it."""
    row = _row(draft_id, key)
    answers = {
        "length": row.number,
        "unit": row.unit,
        "section": row.section,
        "note": "" if row.is_statutory else row.note,
        "on": today(),
    }
    return _page(draft_id, row, answers)


@pages.post(f"{_DRAFT}/periods/<key>")
def change(draft_id: str, key: str) -> ResponseReturnValue:
    """Show an example of the change, keep it, or go back to the common target."""
    row = _row(draft_id, key)
    action = request.form.get("action", "keep")
    if action == "common":
        return _keep(
            draft_id, row, {}, office().workbench.use_common_target(key, officer())
        )
    form = _form(row)
    typed = typed_answers.read(form.fields, request.form)
    try:
        given = validate_answers(form, typed, {})
        changed = _change(row, given)
        example = _example(draft_id, row, given, changed)
    except InvalidAnswers as invalid:
        return _page(draft_id, row, typed, errors=invalid.errors)
    if action == "example":
        return _page(draft_id, row, typed, example=example)
    return _keep(draft_id, row, typed, changed)


@pages.get(f"{_DRAFT}/new-standard")
def ask_standard(draft_id: str) -> ResponseReturnValue:
    """The questions of a service standard that does not exist yet."""
    return _new(draft_id, {"unit": "working_days", "date_is": "last_day"}, {})


@pages.post(f"{_DRAFT}/new-standard")
def add_standard(draft_id: str) -> ResponseReturnValue:
    form = period_questions.new_standard()
    typed = typed_answers.read(form.fields, request.form)
    try:
        given = validate_answers(form, typed, {})
        new = NewStandard(
            **{k: v or "" for k, v in given.items() if k != "length"},
            length=whole(given["length"]),
        )
        save(draft_id, office().workbench.add_standard(new))
    except InvalidAnswers as invalid:
        return _new(draft_id, typed, invalid.errors)
    except DraftChanged as changed:
        return _new(draft_id, typed, {}, meanwhile=str(changed))
    flash(f"“{new.title}” is a service standard of this change. Its key is {new.key}.")
    return redirect(url_for("studio_periods.show", draft_id=draft_id, key=new.key))


def _sheet(draft_id: str) -> PeriodSheet:
    return office().workbench.periods(draft_id, officer())


def _row(draft_id: str, key: str) -> PeriodRow:
    row = _sheet(draft_id).row(key)
    if row is None:
        raise NotFound()
    return row


def _form(row: PeriodRow) -> Form:
    asked = period_questions.law if row.is_statutory else period_questions.standard
    return asked(row)


def _change(row: PeriodRow, given: Mapping[str, Any]) -> PeriodChange:
    bench = office().workbench
    length, unit = whole(given["length"]), given["unit"] or ""
    note = given["note"] or ""
    if not row.is_statutory:
        return bench.set_target(row.key, officer(), length=length, unit=unit, note=note)
    new = NewLaw(
        from_on=given["from_on"],
        length=length,
        unit=unit,
        note=note,
        section=given["section"] or "",
        instrument=given["instrument"] or "",
        link=given["link"] or "",
        entered_by=officer().name,
        entered_on=today(),
    )
    return bench.change_law(row.key, new)


def _example(
    draft_id: str, row: PeriodRow, given: Mapping[str, Any], changed: PeriodChange
) -> PeriodExample | None:
    """The date before and after; None where the day is not one for it."""
    on: date = given["on"] or today()
    try:
        return office().workbench.example(draft_id, row.key, on, changed, officer())
    except (InvalidAnswers, DefinitionError):
        raise
    except EngineError as refused:
        raise InvalidAnswers({"on": str(refused)}) from refused


def _keep(
    draft_id: str, row: PeriodRow, typed: dict[str, Any], changed: PeriodChange
) -> ResponseReturnValue:
    try:
        save(draft_id, changed)
    except InvalidAnswers as invalid:
        return _page(draft_id, row, typed, errors=invalid.errors)
    except DraftChanged as meanwhile:
        return _page(draft_id, row, typed, meanwhile=str(meanwhile))
    second = " A second person must agree to it before it is published."
    flash(f"“{row.title}” is changed.{second if row.is_statutory else ''}")
    return redirect(url_for("studio_periods.show", draft_id=draft_id, key=row.key))


def save(draft_id: str, changed: PeriodChange) -> None:
    """Into the revision that the page was made from, so that nobody is overwritten."""
    revision = request.form.get("revision", 0, type=int)
    office().workbench.keep(draft_id, changed, revision, officer())


def _page(
    draft_id: str,
    row: PeriodRow,
    answers: Mapping[str, Any],
    *,
    errors: Mapping[str, str] | None = None,
    example: PeriodExample | None = None,
    meanwhile: str = "",
) -> ResponseReturnValue:
    shown = questions.show(_form(row), answers, {}, errors=errors)
    page = render_template(
        "studio/period.html",
        draft=office().drafts.get(draft_id, officer()),
        row=row,
        questions=shown,
        errors=summary(shown, errors),
        example=example,
        meanwhile=meanwhile,
        rules=period_questions.RULES,
        place=editor,
    )
    return page, 409 if meanwhile else 400 if errors else 200


def _new(
    draft_id: str,
    answers: Mapping[str, Any],
    errors: Mapping[str, str],
    *,
    meanwhile: str = "",
) -> ResponseReturnValue:
    shown = questions.show(period_questions.new_standard(), answers, {}, errors=errors)
    page = render_template(
        "studio/new_standard.html",
        draft=office().drafts.get(draft_id, officer()),
        questions=shown,
        errors=summary(shown, errors),
        meanwhile=meanwhile,
    )
    return page, 409 if meanwhile else 400 if errors else 200


def summary(
    shown: tuple[questions.Shown, ...], errors: Mapping[str, str] | None
) -> list[dict[str, str]]:
    """Every error, those of no question on the page too."""
    listed = questions.summary(shown)
    texts = {each["text"] for each in listed}
    rest = [text for text in (errors or {}).values() if text not in texts]
    return listed + [{"text": text, "href": "#main-content"} for text in rest]


def whole(number: Any) -> int | None:
    """A number of a form, which has no decimals."""
    return int(number) if number is not None else None
