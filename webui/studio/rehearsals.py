"""Rehearsals of a draft: the stories told, what failed, and what no story took."""

from __future__ import annotations

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue

from engine import NotFound, RehearsalView
from webui.here import office, officer
from webui.studio import for_reviewers

pages = for_reviewers(Blueprint("studio_rehearsals", __name__))

PICTURE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"


@pages.get("/studio/drafts/<draft_id>/rehearsals")
def index(draft_id: str) -> ResponseReturnValue:
    """The three ways to rehearse a draft, and what came of each so far."""
    rehearsals = office().rehearsals
    return render_template(
        "studio/rehearsals.html",
        draft=office().drafts.get(draft_id, officer()),
        told=rehearsals.of_draft(draft_id, "stories", officer()),
        replays=rehearsals.of_draft(draft_id, "replay", officer()),
        plays=rehearsals.plays(draft_id, officer()),
    )


@pages.get("/studio/drafts/<draft_id>/rehearsals/<rehearsal_id>")
def show(draft_id: str, rehearsal_id: str) -> ResponseReturnValue:
    """One rehearsal: how far it is, then each story and each diagram."""
    return render_template(
        "studio/rehearsal.html", rehearsal=find(draft_id, rehearsal_id, "stories")
    )


@pages.get("/studio/drafts/<draft_id>/rehearsals/<rehearsal_id>/<process>.svg")
def picture(draft_id: str, rehearsal_id: str, process: str) -> ResponseReturnValue:
    """A diagram with what the stories took inked."""
    find(draft_id, rehearsal_id)
    drawn = office().rehearsals.picture(rehearsal_id, process, officer())
    return as_picture(drawn)


def as_picture(drawn: str) -> Response:
    """A picture may style itself; shown as an image, it can run and load nothing."""
    answer = Response(drawn, mimetype="image/svg+xml")
    answer.headers["Content-Security-Policy"] = PICTURE_POLICY
    return answer


def find(draft_id: str, rehearsal_id: str, kind: str = "") -> RehearsalView:
    """The rehearsal, where it is one of that draft. Raises NotFound."""
    found = office().rehearsals.get(rehearsal_id, officer())
    if found.draft_id != draft_id or kind not in ("", found.kind):
        raise NotFound("There is no such rehearsal of this draft.")
    return found
