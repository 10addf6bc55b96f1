"""Replays: real cases' answers given again to a draft, and which would have gone
another way."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from webui.here import office, officer
from webui.studio import for_reviewers
from webui.studio.rehearsals import find

pages = for_reviewers(Blueprint("studio_replays", __name__))


@pages.get("/studio/drafts/<draft_id>/replays")
def index(draft_id: str) -> ResponseReturnValue:
    """Which cases to replay, and the replays so far."""
    return replays_page(draft_id, {})


@pages.get("/studio/drafts/<draft_id>/replays/<rehearsal_id>")
def show(draft_id: str, rehearsal_id: str) -> ResponseReturnValue:
    """One replay: how far it is, and the cases that would have gone another way."""
    replay = find(draft_id, rehearsal_id, "replay")
    of = {
        state: [case for case in replay.cases if case.state == state]
        for state in ("differs", "same", "skipped")
    }
    return render_template("studio/replay.html", rehearsal=replay, of=of)


def replays_page(draft_id: str, wrong: Mapping[str, str]) -> ResponseReturnValue:
    """What there is to choose from, with what was wrong with the choice."""
    page = render_template(
        "studio/replays.html",
        draft=office().drafts.get(draft_id, officer()),
        replays=office().rehearsals.of_draft(draft_id, "replay", officer()),
        processes=office().drafts.processes(officer()),
        given=request.form,
        wrong=wrong,
    )
    return page, 400 if wrong else 200
