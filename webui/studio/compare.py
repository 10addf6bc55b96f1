"""What is different, in words first, then on the two diagrams side by side."""

from __future__ import annotations

import json
from dataclasses import dataclass

from flask import Blueprint, Response, abort, render_template
from flask.typing import ResponseReturnValue

from engine import Comparison, FileComparison, UndrawableError, diagram_picture
from webui.diagrams import as_picture
from webui.here import office, officer
from webui.studio import for_reviewers

pages = for_reviewers(Blueprint("studio_compare", __name__))

SIDES = ("before", "after")


@dataclass(frozen=True, kw_only=True)
class Side:
    """One of the two diagrams: where its file and its picture are fetched."""

    name: str
    xml: str
    picture: str


@dataclass(frozen=True, kw_only=True)
class Pair:
    """A diagram before and after; one of them only where it is new or taken out."""

    sides: tuple[Side, ...]
    marks: str
    """JSON for the viewers: element to added, removed or changed."""


@pages.get("/studio/drafts/<draft_id>/compare")
def show(draft_id: str) -> ResponseReturnValue:
    """The draft against the release that it changes."""
    draft = office().drafts.get(draft_id, officer())
    comparison = office().drafts.compare(draft_id, officer())
    return render_template(
        "studio/compare.html",
        draft=draft,
        comparison=comparison,
        pairs=side_by_side(comparison, f"/studio/drafts/{draft_id}/compare"),
    )


@pages.get("/studio/drafts/<draft_id>/compare/<side>/<process>.<ending>")
def diagram(draft_id: str, side: str, process: str, ending: str) -> ResponseReturnValue:
    """One of the two diagrams: its file, or its picture with what differs marked."""
    comparison = office().drafts.compare(draft_id, officer())
    return answer_with(comparison, side, f"{process}.bpmn", ending)


def side_by_side(comparison: Comparison | None, address: str) -> dict[str, Pair]:
    """The diagrams that differ, by file name, with where their two sides are found."""
    files = comparison.files if comparison is not None else ()
    return {
        file.name: Pair(
            sides=tuple(
                Side(
                    name=side,
                    xml=f"{address}/{side}/{file.name}",
                    picture=f"{address}/{side}/{file.name.removesuffix('.bpmn')}.svg",
                )
                for side in SIDES
                if getattr(file, side) is not None
            ),
            marks=json.dumps(marks(file)),
        )
        for file in files
        if file.name.endswith(".bpmn")
    }


def marks(file: FileComparison) -> dict[str, str]:
    """How each element differs that is not merely drawn elsewhere."""
    return {
        **dict.fromkeys(file.changed, "changed"),
        **dict.fromkeys(file.removed, "removed"),
        **dict.fromkeys(file.added, "added"),
    }


def answer_with(
    comparison: Comparison, side: str, name: str, ending: str
) -> ResponseReturnValue:
    """A diagram's file or picture on one side of a comparison."""
    file = next((each for each in comparison.files if each.name == name), None)
    if file is None or side not in SIDES or ending not in ("bpmn", "svg"):
        abort(404)
    text = file.before if side == "before" else file.after
    if text is None:
        abort(404)
    if ending == "bpmn":
        return Response(text, mimetype="application/xml")
    try:
        drawn = diagram_picture(text.encode(), changes=marks(file))
    except UndrawableError:
        abort(404)
    return as_picture(drawn)
