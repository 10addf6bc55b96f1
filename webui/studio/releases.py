"""What was published: each release, its files, and the way back to it."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from io import BytesIO

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine import DraftNotReady, InvalidAnswers
from webui.here import office, officer
from webui.studio import for_managers
from webui.studio.compare import answer_with, side_by_side
from webui.studio.files import attachment

pages = for_managers(Blueprint("studio_releases", __name__))


@pages.get("/studio/releases")
def index() -> ResponseReturnValue:
    """Every release, the newest first."""
    releases = office().drafts.releases(officer())
    return render_template("studio/releases.html", releases=releases)


@pages.get("/studio/releases/<int:number>")
def show(number: int) -> ResponseReturnValue:
    """A release and what it changed, against the one before it."""
    release = office().drafts.release(number, officer())
    comparison = None
    if number > 1:
        comparison = office().drafts.compare_releases(number - 1, number, officer())
    behind = [
        line
        for line in office().drafts.processes(officer())
        if line.on_older and line.process in release.versions
    ]
    return render_template(
        "studio/release.html",
        release=release,
        comparison=comparison,
        pairs=side_by_side(comparison, f"/studio/releases/{number}/compare"),
        behind=behind if release.is_newest else [],
    )


@pages.get("/studio/releases/<int:number>/files.zip")
def archive(number: int) -> ResponseReturnValue:
    """All files of a release, as `enforce export` writes them."""
    files = office().drafts.release_files(number, officer())
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as made:
        for name, content in sorted(files.items()):
            folder = "" if name.startswith("forms/") else "processes/"
            entry = zipfile.ZipInfo(f"{folder}{name}")
            made.writestr(entry, content, zipfile.ZIP_DEFLATED)
    return attachment(packed.getvalue(), f"release-{number}.zip")


@pages.get("/studio/releases/<int:number>/files/<path:name>")
def download(number: int, name: str) -> ResponseReturnValue:
    content = office().drafts.release_files(number, officer()).get(name)
    if content is None:
        abort(404)
    return attachment(content, name)


@pages.get("/studio/releases/<int:number>/compare/<side>/<process>.<ending>")
def diagram(number: int, side: str, process: str, ending: str) -> ResponseReturnValue:
    """One of the two diagrams that a release's page shows side by side."""
    comparison = office().drafts.compare_releases(number - 1, number, officer())
    return answer_with(comparison, side, f"{process}.bpmn", ending)


@pages.get("/studio/releases/<int:number>/roll-back")
def ask_to_roll_back(number: int) -> ResponseReturnValue:
    return _roll_back(number, {})


@pages.post("/studio/releases/<int:number>/roll-back")
def roll_back(number: int) -> ResponseReturnValue:
    """Publish the files of an older release again, with a reason."""
    note = request.form.get("note", "").strip()
    try:
        new = office().drafts.roll_back(number, note, officer())
    except InvalidAnswers as invalid:
        return _roll_back(number, invalid.errors)
    except DraftNotReady as refused:
        return _roll_back(number, {"note": " ".join(refused.needs)})
    flash(f"Release {new} has been published: the files of release {number} again.")
    return redirect(url_for("studio_releases.show", number=new))


def _roll_back(number: int, errors: Mapping[str, str]) -> ResponseReturnValue:
    release = office().drafts.release(number, officer())
    newest = office().drafts.releases(officer())[0]
    page = render_template(
        "studio/roll_back.html",
        release=release,
        newest=newest,
        wrong=errors,
        given=request.form,
    )
    return page, 400 if errors else 200
