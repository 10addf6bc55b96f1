"""The diagram editor: its page, the file itself, and what the editor asks for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from flask import (
    Blueprint,
    Response,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

from engine import (
    DraftView,
    NotFound,
    Problem,
    UndrawableError,
    diagram_picture,
    drawing_board,
)
from webui.here import office, officer, today
from webui.studio import for_managers
from webui.studio.period_questions import RULES

pages = for_managers(Blueprint("studio_diagram", __name__))

_DIAGRAM = "/studio/drafts/<draft_id>/diagrams/<process>"


@pages.get(_DIAGRAM)
def show(draft_id: str, process: str) -> ResponseReturnValue:
    """The editor; without JavaScript the picture, the steps in words, and the file."""
    draft = office().drafts.get(draft_id, officer())
    files = office().drafts.files(draft_id, officer())
    name = f"{process}.bpmn"
    is_new = name not in files
    title = request.args.get("title", "").strip() or process.replace("_", " ").title()
    xml = files[name] if not is_new else drawing_board.blank(process, title)
    return render_template(
        "studio/diagram.html",
        draft=draft,
        process=process,
        title=drawing_board.title(name, xml),
        is_new=is_new,
        steps=drawing_board.outline(name, xml),
        problems=_problems_of(draft_id, {name: xml} if is_new else {}),
        file=name,
        editor=_for_the_editor(draft, process, xml, is_new=is_new),
    )


@pages.get(f"{_DIAGRAM}.bpmn")
def download(draft_id: str, process: str) -> ResponseReturnValue:
    """The file, as any BPMN editor reads it."""
    answer = Response(_file(draft_id, process), mimetype="application/xml")
    answer.headers["Content-Disposition"] = f'attachment; filename="{process}.bpmn"'
    return answer


@pages.post(f"{_DIAGRAM}.bpmn")
def upload(draft_id: str, process: str) -> ResponseReturnValue:
    """A file from another editor in the place of this one."""
    given = request.files.get("file")
    content = given.read() if given else b""
    if not content:
        flash("Choose a file to upload. Nothing was changed.")
    else:
        drafts = office().drafts
        drafts.save(
            draft_id, {f"{process}.bpmn": content}, _revision(request.form), officer()
        )
        flash("The diagram was replaced by the file that you uploaded.")
    return redirect(url_for("studio_diagram.show", draft_id=draft_id, process=process))


@pages.get(f"{_DIAGRAM}.svg")
def picture(draft_id: str, process: str) -> ResponseReturnValue:
    """The diagram as a picture, for those without the editor."""
    try:
        drawn = diagram_picture(_file(draft_id, process))
    except UndrawableError as error:
        raise NotFound(f"There is no picture of this diagram: {error}") from None
    answer = Response(drawn, mimetype="image/svg+xml")
    # A picture may style itself; shown as an image, it can run and load nothing.
    answer.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
    )
    return answer


@pages.post(f"{_DIAGRAM}/facts")
def facts(draft_id: str, process: str) -> ResponseReturnValue:
    """What is known when a case comes to an element of the diagram as it is drawn."""
    asked = _json()
    changes = _changes(asked)
    files = _with(office().drafts.files(draft_id, officer()), changes)
    found = drawing_board.facts_before(files, process, str(asked.get("element", "")))
    return {"facts": [asdict(fact) for fact in found]}


@pages.post(f"{_DIAGRAM}/tidy")
def tidy(draft_id: str, process: str) -> ResponseReturnValue:
    """The diagram as it is drawn, laid out anew. Stores nothing."""
    name = f"{process}.bpmn"
    office().drafts.get(draft_id, officer())
    xml = _changes(_json()).get(name)
    if xml is None:
        raise BadRequest
    return {"xml": drawing_board.tidy(name, xml).decode()}


@pages.post("/studio/drafts/<draft_id>/save")
def save(draft_id: str) -> ResponseReturnValue:
    """Files into the draft, unless somebody else has saved it meanwhile."""
    asked = _json()
    drafts = office().drafts
    revision = drafts.save(draft_id, _changes(asked), _revision(asked), officer())
    return {"revision": revision, "problems": _problems_of(draft_id, {})}


@pages.post("/studio/drafts/<draft_id>/check")
def check(draft_id: str) -> ResponseReturnValue:
    """What is wrong with the draft if these unsaved files were in it."""
    return {"problems": _problems_of(draft_id, _changes(_json()))}


@pages.get("/studio/drafts/<draft_id>/catalogue.json")
def catalogue(draft_id: str) -> ResponseReturnValue:
    """What can be chosen while drawing."""
    files = office().drafts.files(draft_id, officer())
    found = drawing_board.catalogue(files, officer().council, today())
    return asdict(found) | {"rules": dict(RULES)}


def _file(draft_id: str, process: str) -> bytes:
    """The diagram in the draft; one that is only begun where there is none yet."""
    files = office().drafts.files(draft_id, officer())
    found = files.get(f"{process}.bpmn")
    if found is None and "title" in request.args:
        return drawing_board.blank(process, request.args["title"])
    if found is None:
        raise NotFound(f"There is no diagram {process}.bpmn in this change.")
    return found


def _for_the_editor(
    draft: DraftView, process: str, xml: bytes, *, is_new: bool
) -> dict[str, Any]:
    """What the editor needs to begin."""
    name = f"{process}.bpmn"
    here: dict[str, Any] = {"draft_id": draft.id, "process": process}
    before = {} if is_new else _published(draft)
    return {
        "file": name,
        "process": process,
        "xml": xml.decode("utf-8", "replace"),
        "revision": draft.revision,
        "isNew": is_new,
        "isClosed": draft.is_closed,
        "published": drawing_board.ids(name, before[name]) if name in before else (),
        "urls": {
            "save": url_for("studio_diagram.save", draft_id=draft.id),
            "check": url_for("studio_diagram.check", draft_id=draft.id),
            "catalogue": url_for("studio_diagram.catalogue", draft_id=draft.id),
            "facts": url_for("studio_diagram.facts", **here),
            "tidy": url_for("studio_diagram.tidy", **here),
            "download": url_for("studio_diagram.download", **here),
            "draft": f"/studio/drafts/{draft.id}",
        },
    }


def _published(draft: DraftView) -> Mapping[str, bytes]:
    return office().drafts.release_files(draft.base_number, officer())


def _problems_of(draft_id: str, changes: Mapping[str, bytes | None]) -> list[Any]:
    found = office().drafts.check(draft_id, officer(), changes)
    return [_problem(problem) for problem in found]


def _problem(problem: Problem) -> dict[str, Any]:
    return asdict(problem) | {"drawing": drawing_board.is_of_drawing(problem)}


def _json() -> Mapping[str, Any]:
    asked = request.get_json(silent=True)
    if not isinstance(asked, Mapping):
        raise BadRequest
    return asked


def _changes(asked: Mapping[str, Any]) -> dict[str, bytes | None]:
    """The unsaved files of a request: name to content, None for one taken out."""
    files = asked.get("files", {})
    if not isinstance(files, Mapping):
        raise BadRequest
    if any(not isinstance(text, str | None) for text in files.values()):
        raise BadRequest
    return {
        str(name): None if text is None else text.encode("utf-8", "replace")
        for name, text in files.items()
    }


def _with(
    files: Mapping[str, bytes], changes: Mapping[str, bytes | None]
) -> dict[str, bytes]:
    merged = {**files, **changes}
    return {name: content for name, content in merged.items() if content is not None}


def _revision(asked: Mapping[str, Any]) -> int:
    try:
        return int(asked.get("revision", ""))
    except (TypeError, ValueError):
        raise BadRequest from None
