"""A draft: what stands between it and its publication, step by step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from engine import Problem, file_label
from webui.here import office, officer
from webui.studio import for_reviewers
from webui.studio.places import editor
from webui.studio.steps import steps

pages = for_reviewers(Blueprint("studio_drafts", __name__))


@pages.get("/studio/drafts/<draft_id>")
def show(draft_id: str) -> ResponseReturnValue:
    """The draft as a list of steps, each with how it stands."""
    draft = office().drafts.get(draft_id, officer())
    found = office().drafts.check(draft_id, officer())
    wrong = sum(not each.is_advice for each in found)
    return render_template(
        "studio/draft.html",
        draft=draft,
        problems=wrong,
        steps=steps(draft, wrong, officer()),
    )


@pages.get("/studio/drafts/<draft_id>/problems")
def problems(draft_id: str) -> ResponseReturnValue:
    """What the check finds, by file, each with its remedy and the way to it."""
    draft = office().drafts.get(draft_id, officer())
    files = office().drafts.files(draft_id, officer())
    found = sorted(office().drafts.check(draft_id, officer()), key=lambda p: p.file)
    wrong = [each for each in found if not each.is_advice]
    advice = [each for each in found if each.is_advice]
    return render_template(
        "studio/problems.html",
        draft=draft,
        count=len(wrong),
        by_file=_by_file(wrong, files),
        advice=_by_file(advice, files),
        editor=editor,
    )


@pages.get("/studio/drafts/<draft_id>/history")
def history(draft_id: str) -> ResponseReturnValue:
    """What happened to the draft, the latest first."""
    draft = office().drafts.get(draft_id, officer())
    return render_template("studio/history.html", draft=draft)


def _by_file(
    found: Sequence[Problem], files: Mapping[str, bytes]
) -> list[tuple[str, str, list[Problem]]]:
    """The problems of each file, with what the file is called."""
    return [
        (name, file_label(name, files.get(name)), list(rows))
        for name, rows in groupby(found, key=lambda problem: problem.file)
    ]
