"""The worklist: what there is to do, and who has it."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine import DraftLine, may_do, may_review
from webui.here import casework, office, officer, records

pages = Blueprint("worklist", __name__)

TABS = (
    ("mine", "My tasks"),
    ("team", "My team’s tasks"),
    ("unassigned", "Unassigned"),
)


@pages.get("/worklist")
def show() -> ResponseReturnValue:
    """Mine, my team's or unassigned; first what is due first."""
    which = request.args.get("show", "mine")
    number = request.args.get("page", 1, type=int)
    return render_template(
        "worklist/worklist.html",
        page=records().worklist(officer(), which, number),
        counts=records().worklist_counts(officer()),
        tabs=TABS,
        which=which,
        to_review=_to_review(),
    )


def _to_review() -> list[DraftLine]:
    """The changes of the procedure that wait for somebody's review, not one's own."""
    if not may_review(officer()):
        return []
    drafts = office().drafts.all(officer())
    return [
        draft
        for draft in drafts
        if draft.state == "in_review" and draft.submitted_by != officer().name
    ]


@pages.post("/tasks/<task_id>/claim")
def claim(task_id: str) -> ResponseReturnValue:
    casework().claim_task(task_id, officer())
    flash("You have taken this task.")
    return redirect(url_for("tasks.show", task_id=task_id))


@pages.post("/tasks/<task_id>/release")
def release(task_id: str) -> ResponseReturnValue:
    task = records().task(task_id, officer())
    casework().release_task(task_id, officer())
    flash(f"“{task.title}” is back with your team.")
    return redirect(url_for("worklist.show"))


@pages.get("/tasks/<task_id>/reassign")
def choose(task_id: str) -> ResponseReturnValue:
    """Who may have this task."""
    return _choose(task_id, "")


@pages.post("/tasks/<task_id>/reassign")
def reassign(task_id: str) -> ResponseReturnValue:
    to = request.form.get("to", "")
    if not to:
        return _choose(task_id, "Select who should do this task")
    casework().reassign_task(task_id, to, officer())
    flash("The task has been reassigned.")
    return redirect(url_for("tasks.show", task_id=task_id))


def _choose(task_id: str, error: str) -> ResponseReturnValue:
    task = records().task(task_id, officer())
    people = [
        person
        for person in records().officers(officer())
        if person.is_active and may_do(person, task.role)
    ]
    page = render_template(
        "worklist/reassign.html", task=task, people=people, error=error
    )
    return page, 400 if error else 200
