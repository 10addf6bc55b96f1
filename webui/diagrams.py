"""Where a case stands on its diagrams: a page, and what its viewer fetches."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine import DiagramView, diagram_picture
from webui.here import officer, records
from webui.words import moment

pages = Blueprint("diagrams", __name__)


@pages.get("/diagrams/<instance_id>")
def show(instance_id: str) -> ResponseReturnValue:
    """The diagram, where the case is on it in words, and the ways down."""
    return render_template("cases/diagram.html", diagram=_asked(instance_id))


@pages.get("/diagrams/<instance_id>.bpmn")
def xml(instance_id: str) -> ResponseReturnValue:
    return Response(_asked(instance_id).xml, mimetype="application/xml")


@pages.get("/diagrams/<instance_id>.json")
def state(instance_id: str) -> ResponseReturnValue:
    """Where the tokens are, for the viewer."""
    diagram = _asked(instance_id)
    return {
        "current": diagram.current,
        "done": diagram.done,
        "flows_taken": diagram.flows_taken,
        "passed": _passed(diagram),
        "called": [_called(diagram, each) for each in diagram.called],
    }


@pages.get("/diagrams/<instance_id>.svg")
def picture(instance_id: str) -> ResponseReturnValue:
    """The same as a picture, for those without the viewer."""
    diagram = _asked(instance_id)
    drawn = diagram_picture(
        diagram.xml.encode(),
        current=diagram.current,
        done=diagram.done,
        taken=diagram.flows_taken,
    )
    return as_picture(drawn)


def as_picture(drawn: str) -> Response:
    """A picture may style itself; shown as an image, it can run and load nothing."""
    answer = Response(drawn, mimetype="image/svg+xml")
    answer.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
    )
    return answer


def _asked(instance_id: str) -> DiagramView:
    return records().diagram(instance_id, officer(), request.args.get("scope", ""))


def _passed(diagram: DiagramView) -> dict[str, str]:
    """When each element was passed and by whom, in words, by element."""
    said: dict[str, list[str]] = {}
    for step in diagram.steps:
        by = f" by {step.by}" if step.by else ""
        answer = f": {step.answer}" if step.answer else ""
        said.setdefault(step.element, []).append(f"{moment(step.at)}{by}{answer}")
    names = {step.element: step.name for step in diagram.steps}
    return {
        element: f"{names[element]}, passed on {'; again on '.join(times)}."
        for element, times in said.items()
    }


def _called(diagram: DiagramView, called: Any) -> dict[str, str]:
    """A way down exists only where the case has been."""
    href = ""
    if called.scope:
        href = url_for(
            "diagrams.show", instance_id=diagram.instance_id, scope=called.scope
        )
    return {"element": called.element, "title": called.title, "href": href}
