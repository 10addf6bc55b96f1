"""The files of a draft: which are changed, choosing one to change, up and down."""

from __future__ import annotations

import re
from collections.abc import Mapping
from io import BytesIO
from urllib.parse import urlencode

from flask import (
    Blueprint,
    abort,
    flash,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from flask.typing import ResponseReturnValue

from engine import InvalidAnswers, drawing_board, file_label
from webui.here import office, officer
from webui.studio import for_managers
from webui.studio.places import KINDS, editor, file_title, kind, place_of

pages = for_managers(Blueprint("studio_files", __name__))

_ENDINGS = {"diagrams": ".bpmn", "forms": ".json", "tables": ".dmn"}
"""What can be made in an editor, and how its file ends."""
_NO_KIND = (
    "is not a diagram (.bpmn), a decision table (.dmn), a form (.json) or a story "
    "(.yaml)"
)


@pages.get("/studio/drafts/<draft_id>/files")
def index(draft_id: str) -> ResponseReturnValue:
    """What the draft changes, and the ways to change something more."""
    draft = office().drafts.get(draft_id, officer())
    return render_template(
        "studio/files.html", draft=draft, kinds=KINDS, kind=kind, editor=editor
    )


@pages.get("/studio/drafts/<draft_id>/choose/<kind_of>")
def choose(draft_id: str, kind_of: str) -> ResponseReturnValue:
    """Every file of one kind, by name."""
    if kind_of not in KINDS:
        abort(404)
    return _choose(draft_id, kind_of, {})


@pages.post("/studio/drafts/<draft_id>/choose/<kind_of>")
def begin(draft_id: str, kind_of: str) -> ResponseReturnValue:
    """Go to the editor of a diagram, form or table that does not exist yet."""
    if kind_of not in _ENDINGS:
        abort(404)
    title = request.form.get("title", "").strip()
    new = identifier(title)
    if not new:
        return _choose(draft_id, kind_of, {"title": "Enter what it is called"})
    files = office().drafts.files(draft_id, officer())
    name = place_of(f"{new}{_ENDINGS[kind_of]}", officer().council)
    if name in files:
        taken = f"“{title}” exists already. Open it, or take another name"
        return _choose(draft_id, kind_of, {"title": taken})
    return redirect(f"{editor(draft_id, name)}?{urlencode({'title': title})}")


@pages.get("/studio/drafts/<draft_id>/files/<path:name>")
def show(draft_id: str, name: str) -> ResponseReturnValue:
    """One file: where it is edited, and what else can be done with it."""
    return _file(draft_id, name, {})


@pages.get("/studio/drafts/<draft_id>/download/<path:name>")
def download(draft_id: str, name: str) -> ResponseReturnValue:
    content = office().drafts.files(draft_id, officer()).get(name)
    if content is None:
        abort(404)
    return attachment(content, name)


@pages.get("/studio/drafts/<draft_id>/upload")
def ask_to_upload(draft_id: str) -> ResponseReturnValue:
    return _upload(draft_id, {})


@pages.post("/studio/drafts/<draft_id>/upload")
def upload(draft_id: str) -> ResponseReturnValue:
    """Put a file into the draft: a new one, or in the place of its namesake."""
    given = request.files.get("file")
    if given is None or not given.filename:
        return _upload(draft_id, {"file": "Select a file"})
    name = place_of(given.filename, officer().council)
    if not name:
        wrong = f"{given.filename} {_NO_KIND}"
        return _upload(draft_id, {"file": wrong})
    try:
        _save(draft_id, name, given.read())
    except InvalidAnswers as invalid:
        return _upload(draft_id, {"file": " ".join(invalid.errors.values())})
    flash(f"{given.filename} is now part of this change. Check what it does.")
    return redirect(url_for("studio_files.index", draft_id=draft_id))


@pages.post("/studio/drafts/<draft_id>/replace/<path:name>")
def replace(draft_id: str, name: str) -> ResponseReturnValue:
    """Put another file in the place of this one, whatever it was called before."""
    given = request.files.get("file")
    if given is None or not given.filename:
        return _file(draft_id, name, {"file": "Select a file"})
    try:
        _save(draft_id, name, given.read())
    except InvalidAnswers as invalid:
        return _file(draft_id, name, {"file": " ".join(invalid.errors.values())})
    flash("The file has been replaced in this draft.")
    return redirect(url_for("studio_files.index", draft_id=draft_id))


@pages.post("/studio/drafts/<draft_id>/take-out/<path:name>")
def take_out(draft_id: str, name: str) -> ResponseReturnValue:
    _save(draft_id, name, None)
    flash("The file is taken out in this draft. You can put it back.")
    return redirect(url_for("studio_files.index", draft_id=draft_id))


@pages.post("/studio/drafts/<draft_id>/put-back/<path:name>")
def put_back(draft_id: str, name: str) -> ResponseReturnValue:
    """Undo all that the draft does to one file."""
    draft = office().drafts.get(draft_id, officer())
    before = office().drafts.release_files(draft.base_number, officer()).get(name)
    _save(draft_id, name, before)
    flash("The file is again as it was before this change.")
    return redirect(url_for("studio_files.index", draft_id=draft_id))


def attachment(content: bytes, name: str) -> ResponseReturnValue:
    """A file to keep, byte for byte."""
    return send_file(
        BytesIO(content),
        mimetype="application/octet-stream",
        as_attachment=True,
        download_name=name.rsplit("/", 1)[-1],
    )


def identifier(title: str) -> str:
    """Second site visit → second_site_visit; '' where no letter is left."""
    return re.sub(r"[^a-z0-9]+", "_", title.lower()).strip("_0123456789")[:60]


def _save(draft_id: str, name: str, content: bytes | None) -> None:
    """Into the revision that the page was made from, so that nobody is overwritten."""
    revision = request.form.get("revision", 0, type=int)
    office().drafts.save(draft_id, {name: content}, revision, officer())


def _choose(
    draft_id: str, kind_of: str, errors: Mapping[str, str]
) -> ResponseReturnValue:
    draft = office().drafts.get(draft_id, officer())
    files = office().drafts.files(draft_id, officer())
    changed = {change.name: change.kind for change in draft.changes}
    asked = request.args.get("q", "").strip()[:100]
    rows = [
        (name, file_title(name, content), changed.get(name, ""))
        for name, content in files.items()
        if kind(name) == kind_of
    ]
    wanted = asked.casefold()
    steps = _steps(files, wanted) if kind_of == "diagrams" and wanted else {}
    page = render_template(
        "studio/choose.html",
        draft=draft,
        kind=kind_of,
        editor=editor,
        rows=sorted(
            (
                row
                for row in rows
                if row[0] in steps or wanted in f"{row[0]} {row[1]}".casefold()
            ),
            key=lambda row: row[1].casefold(),
        ),
        steps=steps,
        total=len(rows),
        asked=asked,
        wrong=errors,
        given=request.form,
    )
    return page, 400 if errors else 200


def _steps(
    files: Mapping[str, bytes], wanted: str
) -> dict[str, list[drawing_board.StepLine]]:
    """The diagrams that have steps of such a name, each with these steps."""
    found = {
        name: [
            step
            for step in drawing_board.outline(name, content)
            if wanted in step.name.casefold()
        ]
        for name, content in files.items()
        if kind(name) == "diagrams"
    }
    return {name: steps for name, steps in found.items() if steps}


def _file(draft_id: str, name: str, errors: Mapping[str, str]) -> ResponseReturnValue:
    draft = office().drafts.get(draft_id, officer())
    content = office().drafts.files(draft_id, officer()).get(name)
    change = next((each for each in draft.changes if each.name == name), None)
    if content is None and change is None:
        abort(404)
    page = render_template(
        "studio/file.html",
        draft=draft,
        name=name,
        label=file_label(name, content),
        change=change,
        text=_text(name, content),
        editor="" if kind(name) == "stories" else editor(draft_id, name),
        wrong=errors,
    )
    return page, 400 if errors else 200


def _text(name: str, content: bytes | None) -> str:
    """A story is read on its page; the other kinds in their editors."""
    is_story = content is not None and kind(name) == "stories"
    return content.decode("utf-8", "replace") if content and is_story else ""


def _upload(draft_id: str, errors: Mapping[str, str]) -> ResponseReturnValue:
    draft = office().drafts.get(draft_id, officer())
    page = render_template("studio/upload.html", draft=draft, wrong=errors)
    return page, 400 if errors else 200
