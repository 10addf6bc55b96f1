"""Managers ask for rehearsals and replays, and stop them."""

from __future__ import annotations

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from engine import InvalidAnswers
from webui.here import office, officer
from webui.studio import for_managers
from webui.studio.rehearsals import find
from webui.studio.replays import replays_page

pages = for_managers(Blueprint("studio_asking", __name__))


@pages.post("/studio/drafts/<draft_id>/rehearsals")
def stories(draft_id: str) -> ResponseReturnValue:
    """Have the stories told: those that the change touches, or all."""
    options = {"all": request.form.get("which") == "all"}
    asked = office().rehearsals.ask(draft_id, "stories", officer(), options)
    return redirect(
        url_for("studio_rehearsals.show", draft_id=draft_id, rehearsal_id=asked)
    )


@pages.post("/studio/drafts/<draft_id>/replays")
def replay(draft_id: str) -> ResponseReturnValue:
    """Have real cases replayed."""
    options = {key: request.form.get(key, "") for key in ("which", "limit", "process")}
    try:
        asked = office().rehearsals.ask(draft_id, "replay", officer(), options)
    except InvalidAnswers as invalid:
        return replays_page(draft_id, invalid.errors)
    return redirect(
        url_for("studio_replays.show", draft_id=draft_id, rehearsal_id=asked)
    )


@pages.post("/studio/drafts/<draft_id>/rehearsals/<rehearsal_id>/stop")
def stop(draft_id: str, rehearsal_id: str) -> ResponseReturnValue:
    """Stop a rehearsal or a replay; what it found so far stays."""
    found = find(draft_id, rehearsal_id)
    office().rehearsals.stop(found.id, officer())
    place = {"replay": "replays", "answers": "answers"}.get(found.kind, "rehearsals")
    return redirect(
        url_for(f"studio_{place}.show", draft_id=draft_id, rehearsal_id=found.id)
    )
