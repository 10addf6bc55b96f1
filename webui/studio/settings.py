"""The council's standing orders and settings, and the bank holidays it counts by."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine import DraftChanged, InvalidAnswers, PeriodSheet, validate_answers
from webui import answers as typed_answers
from webui import questions
from webui.here import office, officer
from webui.studio import for_managers, period_questions
from webui.studio.periods import save, summary, whole

pages = for_managers(Blueprint("studio_settings", __name__))

_DRAFT = "/studio/drafts/<draft_id>"


@pages.get(f"{_DRAFT}/settings")
def ask(draft_id: str) -> ResponseReturnValue:
    """Standing orders and settings of the council."""
    sheet = _sheet(draft_id)
    answers = {f"order_{o.key}": o.value for o in sheet.orders}
    answers |= {f"setting_{s.key}": _as_typed(s.value) for s in sheet.settings}
    return _policy(draft_id, sheet, answers)


@pages.post(f"{_DRAFT}/settings")
def change(draft_id: str) -> ResponseReturnValue:
    sheet = _sheet(draft_id)
    form = period_questions.policy(sheet.orders, sheet.settings)
    typed = typed_answers.read(form.fields, request.form)
    try:
        given = validate_answers(form, typed, {})
        orders = {o.key: str(given[f"order_{o.key}"]) for o in sheet.orders}
        settings = {
            s.key: _as_kept(given[f"setting_{s.key}"], s.value, s.common)
            for s in sheet.settings
        }
        save(draft_id, office().workbench.set_policy(officer(), orders, settings))
    except InvalidAnswers as invalid:
        return _policy(draft_id, sheet, typed, errors=invalid.errors)
    except DraftChanged as changed:
        return _policy(draft_id, sheet, typed, meanwhile=str(changed))
    flash("The standing orders and settings are kept in this change.")
    return redirect(url_for("studio_settings.ask", draft_id=draft_id))


@pages.get(f"{_DRAFT}/bank-holidays")
def holidays(draft_id: str) -> ResponseReturnValue:
    """The bank holidays that working days pass over, and where they come from."""
    return render_template(
        "studio/bank_holidays.html",
        draft=office().drafts.get(draft_id, officer()),
        sheet=_sheet(draft_id),
    )


def _sheet(draft_id: str) -> PeriodSheet:
    return office().workbench.periods(draft_id, officer())


def _policy(
    draft_id: str,
    sheet: PeriodSheet,
    answers: Mapping[str, Any],
    *,
    errors: Mapping[str, str] | None = None,
    meanwhile: str = "",
) -> ResponseReturnValue:
    form = period_questions.policy(sheet.orders, sheet.settings)
    shown = questions.show(form, answers, {}, errors=errors)
    page = render_template(
        "studio/settings.html",
        draft=office().drafts.get(draft_id, officer()),
        sheet=sheet,
        orders=shown[: len(sheet.orders)],
        settings=shown[len(sheet.orders) :],
        errors=summary(shown, errors),
        meanwhile=meanwhile,
    )
    return page, 409 if meanwhile else 400 if errors else 200


def _as_typed(value: Any) -> Any:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value


def _as_kept(given: Any, before: Any, common: Any) -> Any:
    """An answer in the kind of the value that it takes the place of."""
    sample = before if common is None else common
    if isinstance(sample, bool):
        return given == "yes"
    if isinstance(sample, int):
        return whole(given)
    return given if given is not None else before
