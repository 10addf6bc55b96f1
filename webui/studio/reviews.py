"""Reviewing a change: sent in by its author, approved or sent back by somebody else."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine import DraftNotReady, InvalidAnswers
from webui.here import office, officer
from webui.studio import for_reviewers, require_manager

pages = for_reviewers(Blueprint("studio_reviews", __name__))


@pages.get("/studio/review")
def waiting() -> ResponseReturnValue:
    """The changes that wait for a second person."""
    drafts = office().drafts.all(officer())
    return render_template(
        "studio/waiting.html",
        drafts=[draft for draft in drafts if draft.state == "in_review"],
        approved=[draft for draft in drafts if draft.state == "approved"],
    )


@pages.get("/studio/drafts/<draft_id>/review")
def show(draft_id: str) -> ResponseReturnValue:
    """Where the review stands, and what the one who looks may do about it."""
    return _page(draft_id, {})


@pages.post("/studio/drafts/<draft_id>/submit")
def submit(draft_id: str) -> ResponseReturnValue:
    """Send the draft for review: its author's part."""
    require_manager()
    reason = request.form.get("safeguard_reason", "").strip()
    try:
        office().drafts.submit(draft_id, officer(), safeguard_reason=reason)
    except InvalidAnswers as invalid:
        return _page(draft_id, invalid.errors)
    except DraftNotReady as refused:
        return _page(draft_id, {"safeguard_reason": " ".join(refused.needs)})
    flash("The change is in review. Somebody else can now approve it or send it back.")
    return redirect(url_for("studio_drafts.show", draft_id=draft_id))


@pages.post("/studio/drafts/<draft_id>/approve")
def approve(draft_id: str) -> ResponseReturnValue:
    note = request.form.get("note", "").strip()
    try:
        office().drafts.approve(draft_id, note, officer())
    except InvalidAnswers as invalid:
        return _page(draft_id, invalid.errors)
    except DraftNotReady as refused:
        return _page(draft_id, {"note": " ".join(refused.needs)})
    flash("You have approved the change. A manager can now publish it.")
    return redirect(url_for("studio_drafts.show", draft_id=draft_id))


@pages.post("/studio/drafts/<draft_id>/send-back")
def send_back(draft_id: str) -> ResponseReturnValue:
    note = request.form.get("note", "").strip()
    try:
        office().drafts.send_back(draft_id, note, officer())
    except InvalidAnswers as invalid:
        return _page(draft_id, invalid.errors)
    except DraftNotReady as refused:
        return _page(draft_id, {"note": " ".join(refused.needs)})
    flash("You have sent the change back to its author, with your note.")
    return redirect(url_for("studio_drafts.show", draft_id=draft_id))


def _page(draft_id: str, errors: Mapping[str, str]) -> ResponseReturnValue:
    draft = office().drafts.get(draft_id, officer())
    page = render_template(
        "studio/review.html", draft=draft, wrong=errors, given=request.form
    )
    return page, 400 if errors else 200
