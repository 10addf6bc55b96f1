"""Publishing a change, now or at a time; bringing it up to date; withdrawing it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine import (
    DraftConflict,
    DraftNotReady,
    DraftView,
    Form,
    InvalidAnswers,
    validate_answers,
)
from webui import answers as typed_answers
from webui import questions
from webui.here import clock, office, officer
from webui.studio import for_managers
from webui.studio.places import kind, stem
from webui.words import moment

pages = for_managers(Blueprint("studio_publishing", __name__))

CHOICE = "choice:"
"""Before the name of a file that both the draft and a newer release change."""

FORM = Form.parse(
    {
        "id": "publish",
        "components": [
            {
                "id": "when",
                "key": "when",
                "type": "radio",
                "label": "When should it be published?",
                "values": [
                    {"value": "now", "label": "Now"},
                    {"value": "later", "label": "On a day, by itself"},
                ],
                "validate": {"required": True},
                "properties": {"required_message": "Select when to publish it"},
            },
            {
                "id": "at",
                "key": "at",
                "type": "datetime",
                "subtype": "datetime",
                "label": "On which day, and at what time?",
                "description": "For example, 27 3 2026 at 06:00, before work begins",
                "validate": {"required": True},
                "properties": {"required_message": "Enter the day and the time"},
                "conditional": {"hide": '=when != "later"'},
            },
        ],
    },
    file="the publish page",
)


@pages.get("/studio/drafts/<draft_id>/publish")
def ask(draft_id: str) -> ResponseReturnValue:
    """What publishing would mean, and what still stands in its way."""
    draft = office().drafts.get(draft_id, officer())
    return _page(draft, {"when": "now"})


@pages.post("/studio/drafts/<draft_id>/publish")
def publish(draft_id: str) -> ResponseReturnValue:
    draft = office().drafts.get(draft_id, officer())
    typed = typed_answers.read(FORM.fields, request.form)
    try:
        at: datetime | None = validate_answers(FORM, typed, {})["at"]
        if at is not None and at <= clock().now():
            raise InvalidAnswers({"at": "The day and time must be in the future"})
        number = office().drafts.publish(draft_id, officer(), at=at)
    except InvalidAnswers as invalid:
        return _page(draft, typed, invalid.errors)
    except DraftNotReady:
        flash("It cannot be published yet: see below what is still missing.")
        return redirect(url_for("studio_publishing.ask", draft_id=draft_id))
    if number is None:
        flash(f"The change will be published by itself on {moment(at)}.")
        return redirect(url_for("studio_drafts.show", draft_id=draft_id))
    flash(f"Release {number} has been published. New cases follow it from now on.")
    return redirect(url_for("studio_releases.show", number=number))


@pages.post("/studio/drafts/<draft_id>/unschedule")
def unschedule(draft_id: str) -> ResponseReturnValue:
    office().drafts.unschedule(draft_id, officer())
    flash("The change will not be published by itself any more.")
    return redirect(url_for("studio_drafts.show", draft_id=draft_id))


@pages.get("/studio/drafts/<draft_id>/withdraw")
def ask_to_withdraw(draft_id: str) -> ResponseReturnValue:
    draft = office().drafts.get(draft_id, officer())
    return render_template("studio/withdraw.html", draft=draft)


@pages.post("/studio/drafts/<draft_id>/withdraw")
def withdraw(draft_id: str) -> ResponseReturnValue:
    office().drafts.withdraw(draft_id, officer())
    flash("The change has been withdrawn. Nothing of it takes effect.")
    return redirect(url_for("studio_home.show"))


@pages.get("/studio/drafts/<draft_id>/rebase")
def ask_to_rebase(draft_id: str) -> ResponseReturnValue:
    """What bringing the draft up to date would do."""
    return _rebase(draft_id, "")


@pages.post("/studio/drafts/<draft_id>/rebase")
def rebase(draft_id: str) -> ResponseReturnValue:
    """Start the draft from the newest release; where both changed a file, one wins."""
    choices = {
        name.removeprefix(CHOICE): chosen
        for name, chosen in request.form.items()
        if name.startswith(CHOICE)
    }
    try:
        office().drafts.rebase(draft_id, officer(), choices)
    except DraftConflict as conflict:
        return _rebase(draft_id, str(conflict))
    flash("The draft now starts from the newest release. Check and rehearse it again.")
    return redirect(url_for("studio_drafts.show", draft_id=draft_id))


def _rebase(draft_id: str, error: str) -> ResponseReturnValue:
    draft = office().drafts.get(draft_id, officer())
    page = render_template(
        "studio/rebase.html", draft=draft, error=error, prefix=CHOICE
    )
    return page, 400 if error else 200


def _page(
    draft: DraftView, values: Mapping[str, Any], errors: Mapping[str, str] | None = None
) -> ResponseReturnValue:
    shown = questions.show(FORM, values, {}, errors=errors)
    changed = {stem(c.name) for c in draft.changes if kind(c.name) == "diagrams"}
    published = {line.process for line in office().drafts.processes(officer())}
    affected = [
        office().migrations.affected(process, officer())
        for process in sorted(changed & published)
    ]
    found = office().drafts.check(draft.id, officer())
    page = render_template(
        "studio/publish.html",
        draft=draft,
        problems=sum(not problem.is_advice for problem in found),
        affected=affected,
        questions=shown,
        errors=questions.summary(shown),
    )
    return page, 400 if errors else 200
