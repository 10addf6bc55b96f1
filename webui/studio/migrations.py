"""Running cases move to a newer version: who is affected, the dry run, the move."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine import InvalidAnswers
from webui.here import office, officer
from webui.studio import for_managers

pages = for_managers(Blueprint("studio_migrations", __name__))

AT_ONCE = 50
"""The cases that one request from an open page moves on."""
IN_WORDS: Mapping[str, tuple[str, str]] = {
    "unchecked": ("Not looked at yet", "grey"),
    "can_move": ("Can move", "blue"),
    "cannot_move": ("Cannot move", "red"),
    "unchanged": ("No date changes", "grey"),
    "moved": ("Moved", "green"),
    "failed": ("Failed", "red"),
    "undone": ("Moved back", "yellow"),
    "cannot_undo": ("Cannot move back", "red"),
    "ended": ("Has ended", "grey"),
}
"""What became of a case, and the colour of its tag."""
STATES: Mapping[str, tuple[str, str]] = {
    "checking": ("Dry run under way", "light-blue"),
    "checked": ("Dry run finished", "blue"),
    "running": ("Under way", "light-blue"),
    "stopped": ("Stopped", "yellow"),
    "finished": ("Finished", "green"),
    "undoing": ("Moving back", "light-blue"),
    "undo_stopped": ("Moving back stopped", "yellow"),
    "undone": ("Moved back", "grey"),
}
OF_MANY: Mapping[str, str] = {
    "It stands at": "They stand at",
    "It is on": "They are on",
    "It has come": "They have come",
    "Its branches": "Their branches",
    "this case": "these cases",
}
"""How a reason is said of several cases."""
STAYING = ("cannot_move", "failed", "cannot_undo")
"""The states of cases that somebody should look at."""


@pages.get("/studio/processes/<process>/migrate")
def affected(process: str) -> ResponseReturnValue:
    """How many running cases follow which version."""
    return _affected(process, {})


def _affected(process: str, errors: Mapping[str, str]) -> ResponseReturnValue:
    page = render_template(
        "studio/migrate.html",
        affected=office().migrations.affected(process, officer()),
        error=" ".join(errors.values()),
    )
    return page, 400 if errors else 200


@pages.post("/studio/processes/<process>/migrate")
def plan(process: str) -> ResponseReturnValue:
    """Begin a dry run over every running case."""
    kind = request.form.get("kind", "version")
    try:
        migration = office().migrations.plan(process, officer(), kind=kind)
    except InvalidAnswers as invalid:
        return _affected(process, invalid.errors)
    return redirect(url_for("studio_migrations.show", migration_id=migration))


@pages.get("/studio/migrations")
def index() -> ResponseReturnValue:
    """Every move of running cases that there was, the newest first."""
    found = office().migrations.all(officer())
    return render_template("studio/migrations.html", migrations=found, states=STATES)


@pages.get("/studio/migrations/<migration_id>")
def show(migration_id: str) -> ResponseReturnValue:
    """How far it is, which cases cannot move and why, and what can be done now."""
    return _show(migration_id, {})


def _show(migration_id: str, errors: Mapping[str, str]) -> ResponseReturnValue:
    migrations = office().migrations
    page = render_template(
        "studio/migration.html",
        migration=migrations.get(migration_id, officer()),
        staying=migrations.cases(migration_id, officer(), STAYING),
        states=STATES,
        in_words=IN_WORDS,
        of_many=_of_many,
        given=request.form.get("reason", ""),
        error=" ".join(errors.values()),
    )
    return page, 400 if errors else 200


def _of_many(reason: str) -> str:
    for one, many in OF_MANY.items():
        reason = reason.replace(one, many)
    return " ".join(reason.splitlines())


@pages.get("/studio/migrations/<migration_id>/cases")
def cases(migration_id: str) -> ResponseReturnValue:
    """The cases, or those of one state."""
    state = request.args.get("state", "")
    return render_template(
        "studio/migration_cases.html",
        migration=office().migrations.get(migration_id, officer()),
        page=office().migrations.cases(
            migration_id,
            officer(),
            (state,) if state in IN_WORDS else (),
            page=request.args.get("page", 1, type=int),
        ),
        state=state if state in IN_WORDS else "",
        in_words=IN_WORDS,
    )


@pages.post("/studio/migrations/<migration_id>/start")
def start(migration_id: str) -> ResponseReturnValue:
    """Begin to move the cases that can."""
    try:
        office().migrations.start(
            migration_id, request.form.get("reason", ""), officer()
        )
    except InvalidAnswers as invalid:
        return _show(migration_id, invalid.errors)
    flash("The cases are being moved now. You may leave this page: it goes on.")
    return _back(migration_id)


@pages.post("/studio/migrations/<migration_id>/stop")
def stop(migration_id: str) -> ResponseReturnValue:
    office().migrations.stop(migration_id, officer())
    flash("It has been stopped. Cases that have moved stay where they are.")
    return _back(migration_id)


@pages.post("/studio/migrations/<migration_id>/resume")
def resume(migration_id: str) -> ResponseReturnValue:
    office().migrations.resume(migration_id, officer())
    flash("It goes on where it was stopped.")
    return _back(migration_id)


@pages.post("/studio/migrations/<migration_id>/undo")
def undo(migration_id: str) -> ResponseReturnValue:
    """Begin to move back the cases that have moved."""
    office().migrations.undo(migration_id, officer())
    flash("The cases are being moved back now.")
    return _back(migration_id)


@pages.post("/studio/migrations/<migration_id>/carry-on")
def carry_on(migration_id: str) -> ResponseReturnValue:
    """The next cases: an open page drives it on where no worker does."""
    office().migrations.get(migration_id, officer())
    done = office().migrations.carry_on(AT_ONCE, migration_id)
    migration = office().migrations.get(migration_id, officer())
    return {"done": done, "has_work": migration.has_work}


def _back(migration_id: str) -> ResponseReturnValue:
    return redirect(url_for("studio_migrations.show", migration_id=migration_id))
