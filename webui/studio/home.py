"""The studio's first page, and the start of a draft."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine import InvalidAnswers
from webui.here import office, officer
from webui.studio import for_managers
from webui.studio.places import KINDS, editor, kind

pages = for_managers(Blueprint("studio_home", __name__))

IN_WORK = ("open", "in_review", "approved")
COUNTED = [each for each in KINDS if each != "periods"]
"""Of periods and settings a file holds many: how many files there are tells nobody."""
MOST_EXPLAINED = 10
"""Of so many drafts the first page says what stands in their way."""


@pages.get("/studio")
def show() -> ResponseReturnValue:
    """The procedure as it runs, what is being changed, and where to go from here."""
    drafts = office().drafts.all(officer())
    releases = office().drafts.releases(officer())
    release = None
    if releases:
        release = office().drafts.release(releases[0].number, officer())
    processes = office().drafts.processes(officer())
    open_drafts = [draft for draft in drafts if draft.state in IN_WORK]
    of_kind = Counter(kind(name) for name in (release.file_names if release else ()))
    return render_template(
        "studio/home.html",
        drafts=open_drafts,
        needs={
            draft.id: office().drafts.get(draft.id, officer()).needs
            for draft in open_drafts[:MOST_EXPLAINED]
        },
        done=len(drafts) - len(open_drafts),
        in_use=[line for line in processes if line.running],
        others=[line for line in processes if not line.running],
        incidents=office().repairs.waiting(officer()),
        release=release,
        kinds={KINDS[each]: of_kind[each] for each in COUNTED if of_kind[each]},
    )


@pages.get("/studio/drafts")
def drafts() -> ResponseReturnValue:
    """Every draft that there was, the newest first."""
    return render_template("studio/drafts.html", drafts=office().drafts.all(officer()))


@pages.get("/studio/drafts/new")
def new() -> ResponseReturnValue:
    return _new({})


@pages.post("/studio/drafts")
def start() -> ResponseReturnValue:
    """Start a draft on the newest release, with an older one's files if asked."""
    title, note = _said()
    older = request.form.get("of_release", type=int)
    try:
        draft_id = office().drafts.open(title, note, officer(), of_release=older)
    except InvalidAnswers as invalid:
        return _new(invalid.errors)
    flash(f"You have started the change “{title}”. Nothing changes for any case yet.")
    if wanted := request.form.get("diagram"):
        return redirect(editor(draft_id, f"{wanted}.bpmn"))
    return redirect(url_for("studio_drafts.show", draft_id=draft_id))


@pages.get("/studio/drafts/<draft_id>/rename")
def ask_to_rename(draft_id: str) -> ResponseReturnValue:
    return _rename(draft_id, {})


@pages.post("/studio/drafts/<draft_id>/rename")
def rename(draft_id: str) -> ResponseReturnValue:
    """Say anew what changes and why."""
    title, note = _said()
    try:
        office().drafts.rename(draft_id, title, note, officer())
    except InvalidAnswers as invalid:
        return _rename(draft_id, invalid.errors)
    flash("The title and the reason have been saved.")
    return redirect(url_for("studio_drafts.show", draft_id=draft_id))


def _said() -> tuple[str, str]:
    return (
        request.form.get("title", "").strip(),
        request.form.get("note", "").strip(),
    )


def _new(errors: Mapping[str, str]) -> ResponseReturnValue:
    page = render_template(
        "studio/new.html", draft=None, given=request.values, wrong=errors
    )
    return page, 400 if errors else 200


def _rename(draft_id: str, errors: Mapping[str, str]) -> ResponseReturnValue:
    draft = office().drafts.get(draft_id, officer())
    given = request.form or {"title": draft.title, "note": draft.note}
    page = render_template("studio/new.html", draft=draft, given=given, wrong=errors)
    return page, 400 if errors else 200
