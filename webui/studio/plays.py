"""Cases played by hand on a draft: begun, looked at, recorded as stories."""

from __future__ import annotations

from collections.abc import Mapping

import yaml
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

from engine import (
    CannotPlay,
    InvalidAnswers,
    NotFound,
    PlayView,
    diagram_picture,
    file_label,
)
from webui.here import office, officer
from webui.studio import for_managers
from webui.studio.places import stem
from webui.studio.rehearsals import as_picture
from webui.words import BREACH_TYPES

pages = for_managers(Blueprint("studio_plays", __name__))

REPORTED = ("address", "breach_type", "description", "harm_described")
EXAMPLE: Mapping[str, str] = {
    "process": "enforcement",
    "address": "1 Example Lane",
    "breach_type": "alter.boundary",
    "description": "A fence two and a half metres high beside the road.",
    "harm_described": "Drivers cannot see who comes.",
}
"""A report to begin with at once; everything in it can be changed."""


@pages.get("/studio/drafts/<draft_id>/plays")
def index(draft_id: str) -> ResponseReturnValue:
    """The plays of a draft, and the report with which a new one begins."""
    return _index(draft_id, {}, EXAMPLE)


@pages.post("/studio/drafts/<draft_id>/plays")
def begin(draft_id: str) -> ResponseReturnValue:
    given = request.form.to_dict()
    try:
        play_id = office().rehearsals.start_play(
            draft_id,
            given.get("title", ""),
            given.get("process", ""),
            {key: given.get(key, "") for key in REPORTED},
            officer(),
            given=facts(given.get("given", ""), "given"),
        )
    except InvalidAnswers as invalid:
        return _index(draft_id, invalid.errors, given)
    return redirect(url_for("studio_playing.show", draft_id=draft_id, play_id=play_id))


def _index(
    draft_id: str, wrong: Mapping[str, str], given: Mapping[str, str]
) -> ResponseReturnValue:
    files = office().drafts.files(draft_id, officer())
    page = render_template(
        "studio/plays.html",
        draft=office().drafts.get(draft_id, officer()),
        plays=office().rehearsals.plays(draft_id, officer()),
        processes=_processes(files),
        breach_types=BREACH_TYPES,
        given=given,
        wrong=wrong,
    )
    return page, 400 if wrong else 200


def _processes(files: Mapping[str, bytes]) -> list[tuple[str, str]]:
    """Every process of the draft with its title, by title."""
    named = [
        (stem(name), file_label(name, content).partition("“")[2].rstrip("”"))
        for name, content in files.items()
        if name.endswith(".bpmn")
    ]
    return sorted(named, key=lambda each: each[1])


@pages.get("/studio/drafts/<draft_id>/plays/<play_id>/picture.svg")
def picture(draft_id: str, play_id: str) -> ResponseReturnValue:
    """The diagram with where the case stands, for those without the viewer."""
    drawn = find(draft_id, play_id).scene.diagram
    if drawn is None:
        raise NotFound("The play stands on no diagram.")
    return as_picture(
        diagram_picture(
            drawn.xml.encode(),
            current=drawn.current,
            done=drawn.done,
            taken=drawn.flows_taken,
        )
    )


@pages.get("/studio/drafts/<draft_id>/plays/<play_id>/diagram.bpmn")
def xml(draft_id: str, play_id: str) -> ResponseReturnValue:
    drawn = find(draft_id, play_id).scene.diagram
    if drawn is None:
        raise NotFound("The play stands on no diagram.")
    return Response(drawn.xml, mimetype="application/xml")


@pages.get("/studio/drafts/<draft_id>/plays/<play_id>/diagram.json")
def state(draft_id: str, play_id: str) -> ResponseReturnValue:
    """Where the tokens are, for the viewer."""
    play = find(draft_id, play_id)
    drawn = play.scene.diagram
    if drawn is None:
        raise NotFound("The play stands on no diagram.")
    return {
        "current": drawn.current,
        "done": drawn.done,
        "flows_taken": drawn.flows_taken,
        "called": [
            {
                "element": called.element,
                "title": called.title,
                "href": _way_down(play, called.scope),
            }
            for called in drawn.called
        ],
    }


def _way_down(play: PlayView, scope: str) -> str:
    """A way down exists only where the case has been."""
    for each in play.scene.diagrams:
        if scope and each.scope == scope:
            return url_for(
                "studio_playing.show",
                draft_id=play.draft_id,
                play_id=play.id,
                diagram=each.number,
            )
    return ""


@pages.get("/studio/drafts/<draft_id>/plays/<play_id>/record")
def ask_to_record(draft_id: str, play_id: str) -> ResponseReturnValue:
    play = find(draft_id, play_id)
    return _record(play, {}, {"title": play.title})


@pages.post("/studio/drafts/<draft_id>/plays/<play_id>/record")
def record(draft_id: str, play_id: str) -> ResponseReturnValue:
    """Save the play among the draft's stories."""
    play = find(draft_id, play_id)
    given = request.form.to_dict()
    try:
        name = office().rehearsals.record(
            play.id, given.get("file_name", ""), given.get("title", ""), officer()
        )
    except InvalidAnswers as invalid:
        return _record(play, invalid.errors, given)
    except CannotPlay as stopped:
        return _record(play, {"title": str(stopped)}, given)
    flash(f"The play is now the story {name} of this change. Rehearse it.")
    return redirect(url_for("studio_rehearsals.index", draft_id=draft_id))


def _record(
    play: PlayView, wrong: Mapping[str, str], given: Mapping[str, str]
) -> ResponseReturnValue:
    page = render_template("studio/record.html", play=play, wrong=wrong, given=given)
    return page, 400 if wrong else 200


@pages.post("/studio/drafts/<draft_id>/plays/<play_id>/discard")
def discard(draft_id: str, play_id: str) -> ResponseReturnValue:
    find(draft_id, play_id)
    office().rehearsals.discard_play(play_id, officer())
    flash("The play is thrown away.")
    return redirect(url_for("studio_plays.index", draft_id=draft_id))


def find(draft_id: str, play_id: str) -> PlayView:
    """The play, showing what the address asks for. Raises NotFound."""
    play = office().rehearsals.play(
        play_id,
        officer(),
        task=request.values.get("task", ""),
        diagram=request.values.get("diagram", 0, type=int),
    )
    if play.draft_id != draft_id:
        raise NotFound("There is no such play of this draft.")
    return play


def facts(text: str, question: str) -> dict[str, object]:
    """Lines such as `served_on: 2026-03-02`. Raises InvalidAnswers."""
    try:
        tokens = list(yaml.scan(text))
        repeats = any(isinstance(t, yaml.AnchorToken | yaml.AliasToken) for t in tokens)
        found = None if repeats else yaml.safe_load(text) or {}
    except (yaml.YAMLError, RecursionError, ValueError):
        found = None
    if not isinstance(found, dict):
        raise InvalidAnswers(
            {question: "Write one fact on each line, such as  served_on: 2026-03-02."}
        )
    return {str(key): value for key, value in found.items()}
