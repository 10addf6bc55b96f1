"""A manager puts one case by hand at another step."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine import InvalidAnswers, NotFound, Relocation
from webui.here import office, officer
from webui.studio import for_managers

pages = for_managers(Blueprint("studio_moving", __name__))

MAIN = "main"
"""What the process itself is called in an address, among the parts of a case."""


@pages.get("/cases/<reference:reference>/move/<instance_id>")
def ask(reference: str, instance_id: str) -> ResponseReturnValue:
    """The parts where the case stands; of one of them, where else it may be put."""
    standing = _standing(reference, instance_id)
    return _ask(standing, request.args.get("part"), {})


@pages.post("/cases/<reference:reference>/move/<instance_id>")
def move(reference: str, instance_id: str) -> ResponseReturnValue:
    standing = _standing(reference, instance_id)
    area = request.form.get("area", "")
    try:
        office().migrations.relocate(
            instance_id,
            officer(),
            area=area,
            leave=request.form.getlist("leave"),
            to=request.form.get("to", ""),
            reason=request.form.get("reason", ""),
        )
    except InvalidAnswers as invalid:
        return _ask(standing, area or MAIN, invalid.errors)
    flash("The case has been moved. The chronology says so, with your reason.")
    return redirect(url_for("cases.show", reference=reference, _anchor="tasks"))


def _standing(reference: str, instance_id: str) -> Relocation:
    found = office().migrations.standing(instance_id, officer())
    if found.reference != reference:
        raise NotFound("There is no such process on this case.")
    return found


def _ask(
    standing: Relocation, part: str | None, errors: Mapping[str, str]
) -> ResponseReturnValue:
    parts = {area.id or MAIN: area for area in standing.areas}
    if part is None and len(parts) > 1:
        return render_template("studio/move_part.html", standing=standing, parts=parts)
    area = next(iter(parts.values())) if part is None else parts.get(part)
    if area is None:
        raise NotFound("The case does not stand in that part of the process any more.")
    page = render_template(
        "studio/move_case.html",
        standing=standing,
        area=area,
        wrong=errors,
        given=request.form,
        left=request.form.getlist("leave"),
    )
    return page, 400 if errors else 200
