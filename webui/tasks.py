"""One task: the case in brief, why it is due, its form, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine import Form, InvalidAnswers, TaskNotReady, TaskView, may_do
from webui import answers as typed_answers
from webui import questions
from webui.here import casework, officer, records

pages = Blueprint("tasks", __name__)


@pages.get("/tasks/<task_id>")
def show(task_id: str) -> ResponseReturnValue:
    """The form of a task that waits; who did it and what they answered, once done."""
    task = records().task(task_id, officer())
    if task.state != "ready":
        return _done(task)
    form = Form.parse(task.form)
    values = task.draft or task.initial
    return _form(task, form, values)


@pages.post("/tasks/<task_id>")
def submit(task_id: str) -> ResponseReturnValue:
    """Complete, save a draft, or add and remove entries of a list."""
    task = records().task(task_id, officer())
    form = Form.parse(task.form)
    typed = typed_answers.read(form.fields, request.form)
    action = request.form.get("action", "complete")
    if task.state == "ready" and action == "draft":
        casework().save_draft(task_id, typed, officer())
        flash("Your answers are saved. The task is not complete yet.")
        return redirect(url_for("tasks.show", task_id=task_id))
    if task.state == "ready" and action != "complete":
        focus = typed_answers.change_rows(typed, action)
        return _form(task, form, typed, focus=focus)
    return _complete(task, form, typed)


def _complete(task: TaskView, form: Form, typed: dict[str, Any]) -> ResponseReturnValue:
    typed = typed_answers.without_empty_rows(typed, form.fields)
    try:
        casework().complete_task(task.id, typed, officer())
    except InvalidAnswers as invalid:
        return _form(task, form, typed, errors=invalid.errors)
    except TaskNotReady:
        done = records().task(task.id, officer())
        if done.completed_by != officer().name:
            return _done(done, typed=typed)
    return redirect(url_for("tasks.show", task_id=task.id))


@pages.get("/tasks/<task_id>/correct")
def correct(task_id: str) -> ResponseReturnValue:
    """The answers of a completed task, to put right."""
    task = _completed(task_id)
    return _correction(task, Form.parse(task.form), task.answers)


@pages.post("/tasks/<task_id>/correct")
def submit_correction(task_id: str) -> ResponseReturnValue:
    task = _completed(task_id)
    form = Form.parse(task.form)
    typed = typed_answers.read(form.fields, request.form)
    action = request.form.get("action", "complete")
    if action != "complete":
        focus = typed_answers.change_rows(typed, action)
        return _correction(task, form, typed, focus=focus)
    typed = typed_answers.without_empty_rows(typed, form.fields)
    reason = request.form.get("reason", "")
    try:
        casework().correct_answers(task_id, typed, reason, officer())
    except InvalidAnswers as invalid:
        return _correction(task, form, typed, errors=invalid.errors)
    flash("The answers are corrected. The dates that depend on them have been moved.")
    return redirect(url_for("cases.show", reference=task.case_reference))


def _completed(task_id: str) -> TaskView:
    task = records().task(task_id, officer())
    if task.state != "completed":
        raise TaskNotReady("Only completed answers can be corrected.")
    return task


def _form(
    task: TaskView,
    form: Form,
    values: Mapping[str, Any],
    *,
    errors: Mapping[str, str] | None = None,
    focus: str | None = None,
) -> ResponseReturnValue:
    shown = questions.show(
        form, values, task.facts, errors=errors, choices=task.choices
    )
    page = render_template(
        "tasks/task.html",
        task=task,
        form=form,
        questions=shown,
        errors=_summary(shown, errors),
        focus=focus,
        may_claim=may_do(officer(), task.role),
    )
    return page, 400 if errors else 200


def _correction(
    task: TaskView,
    form: Form,
    values: Mapping[str, Any],
    *,
    errors: Mapping[str, str] | None = None,
    focus: str | None = None,
) -> ResponseReturnValue:
    shown = questions.show(
        form, values, task.facts, errors=errors, choices=task.choices
    )
    page = render_template(
        "tasks/correct.html",
        task=task,
        form=form,
        questions=shown,
        errors=_summary(shown, errors),
        reason=request.form.get("reason", ""),
        reason_error=(errors or {}).get("reason", ""),
        focus=focus,
    )
    return page, 400 if errors else 200


def _summary(
    shown: tuple[questions.Shown, ...], errors: Mapping[str, str] | None
) -> list[dict[str, str]]:
    """Every error, those of no question on the page too."""
    listed = questions.summary(shown)
    texts = {each["text"] for each in listed}
    rest = [text for text in (errors or {}).values() if text not in texts]
    return listed + [{"text": text, "href": "#reason"} for text in rest]


def _done(
    task: TaskView, *, typed: Mapping[str, Any] | None = None
) -> ResponseReturnValue:
    """Who did it and when; with 409 and what they typed for whoever came second."""
    form = Form.parse(task.form)
    labels = {field.key: field.label for field in form.fields}
    page = render_template(
        "tasks/done.html",
        task=task,
        case=records().case(task.case_reference, officer()),
        answered=[(labels.get(k, k), v) for k, v in task.answers.items()],
        typed=[(labels.get(k, k), v) for k, v in (typed or {}).items() if v],
        was_mine=task.completed_by == officer().name,
    )
    return page, 200 if typed is None else 409
