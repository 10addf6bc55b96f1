"""Steps that failed: what waits for repair, why, and trying it again after the mend."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine import NotFound, Tried
from webui.here import office, officer

pages = Blueprint("incidents", __name__)


@pages.get("/incidents")
def index() -> ResponseReturnValue:
    """The steps that failed, those of the same kind together."""
    return _index("")


@pages.post("/incidents/retry")
def retry_many() -> ResponseReturnValue:
    """Try again those that were selected, or all of one kind."""
    repairs = office().repairs
    like = request.form.get("like", "")
    selected: Sequence[str] = request.form.getlist("incident")
    chosen = repairs.alike(like, officer()) if like else selected
    if not chosen:
        return _index("Select the cases in which the step should be tried again")
    return _results(repairs.try_again(chosen, officer()))


@pages.post("/incidents/<incident_id>/retry")
def retry(incident_id: str) -> ResponseReturnValue:
    """Try one step again, and go back to its case."""
    tried = office().repairs.try_again([incident_id], officer())
    if not tried:
        raise NotFound("There is no such incident.")
    if not tried[0].is_done:
        return _results(tried)
    flash(f"“{tried[0].step}”: {tried[0].says}")
    return redirect(url_for("cases.show", reference=tried[0].reference))


def _index(error: str) -> ResponseReturnValue:
    failed = office().repairs.failed_steps(officer())
    page = render_template("incidents/index.html", failed=failed, error=error)
    return page, 400 if error else 200


def _results(tried: Sequence[Tried]) -> ResponseReturnValue:
    """What came of each. To send the same form again is harmless."""
    return render_template(
        "incidents/tried.html",
        tried=tried,
        done=sum(each.is_done for each in tried),
        waiting=office().repairs.waiting(officer()),
    )


@pages.app_template_global()
def incidents_waiting() -> int:
    """How many steps wait for repair; only managers are told."""
    return office().repairs.waiting(officer())
