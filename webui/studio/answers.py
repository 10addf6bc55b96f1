"""Many stories changed at once: a new step answered in them, a gone one taken out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine import (
    DraftChanged,
    DraftClosed,
    EngineError,
    Form,
    InvalidAnswers,
    NotFound,
    StepAsked,
)
from webui import answers as typed_answers
from webui import questions
from webui.here import office, officer
from webui.studio import for_managers
from webui.studio.playing import summary
from webui.studio.rehearsals import find

pages = for_managers(Blueprint("studio_answers", __name__))

STEP = "/studio/drafts/<draft_id>/rehearsals/<rehearsal_id>/steps/<step>"


@pages.get(STEP)
def ask(draft_id: str, rehearsal_id: str, step: str) -> ResponseReturnValue:
    """The form of a step that stories do not know."""
    return _page(_asked(draft_id, rehearsal_id, step))


@pages.post(STEP)
def answer(draft_id: str, rehearsal_id: str, step: str) -> ResponseReturnValue:
    """Have it answered in all of them, or add and remove entries of a list."""
    asked = _asked(draft_id, rehearsal_id, step)
    form = Form.parse(asked.asked.task.form)
    typed = typed_answers.read(form.fields, request.form)
    action = request.form.get("action", "answer")
    if action != "answer":
        focus = typed_answers.change_rows(typed, action)
        return _page(asked, values=typed, focus=focus)
    typed = typed_answers.without_empty_rows(typed, form.fields)
    person = request.form.get("as", "")
    try:
        work = office().rehearsals.answer(rehearsal_id, step, person, typed, officer())
    except InvalidAnswers as invalid:
        return _page(asked, values=typed, errors=invalid.errors)
    except (DraftChanged, DraftClosed):
        raise
    except EngineError as refused:
        return _page(asked, values=typed, refused=str(refused))
    return redirect(
        url_for("studio_answers.show", draft_id=draft_id, rehearsal_id=work)
    )


@pages.get("/studio/drafts/<draft_id>/answers/<rehearsal_id>")
def show(draft_id: str, rehearsal_id: str) -> ResponseReturnValue:
    """How far it is, and in which stories the step is answered."""
    found = find(draft_id, rehearsal_id, "answers")
    return render_template("studio/answers.html", rehearsal=found)


@pages.post(f"{STEP}/take-out")
def take_out(draft_id: str, rehearsal_id: str, step: str) -> ResponseReturnValue:
    """Take a step that is no longer drawn out of the stories."""
    find(draft_id, rehearsal_id, "stories")
    changed, left = office().rehearsals.take_out(rehearsal_id, step, officer())
    flash(
        f"The step is taken out of {changed} {'story' if changed == 1 else 'stories'}. "
        "Tell the stories again."
    )
    if left:
        flash(f"Change these stories yourself, line by line: {', '.join(left)}.")
    return redirect(url_for("studio_rehearsals.index", draft_id=draft_id))


def _asked(draft_id: str, rehearsal_id: str, step: str) -> StepAsked:
    asked = office().rehearsals.unanswered(rehearsal_id, step, officer())
    if asked.draft_id != draft_id:
        raise NotFound("There is no such rehearsal of this draft.")
    return asked


def _page(
    asked: StepAsked,
    *,
    values: Mapping[str, Any] | None = None,
    errors: Mapping[str, str] | None = None,
    refused: str = "",
    focus: str | None = None,
) -> ResponseReturnValue:
    task = asked.asked.task
    shown = questions.show(
        Form.parse(task.form),
        task.initial if values is None else values,
        task.facts,
        errors=errors,
        choices=task.choices,
    )
    page = render_template(
        "studio/answer.html",
        step=asked,
        questions=shown,
        errors=summary(shown, errors or {}, refused),
        acting=request.form.get("as", ""),
        focus=focus,
    )
    return page, 400 if errors or refused else 200
