"""One play: where the case stands, and the next step of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine import (
    LONDON,
    EngineError,
    Form,
    InvalidAnswers,
    NotFound,
    NotPermitted,
    PlayView,
)
from webui import answers as typed_answers
from webui import questions
from webui.here import office, officer
from webui.studio import for_managers
from webui.studio.plays import facts, find
from webui.words import moment

pages = for_managers(Blueprint("studio_playing", __name__))

LENGTHS = {"day": "1 day", "week": "1 week"}


@pages.get("/studio/drafts/<draft_id>/plays/<play_id>")
def show(draft_id: str, play_id: str) -> ResponseReturnValue:
    """The diagram, the open tasks, the clock, and what happened so far."""
    return _page(find(draft_id, play_id))


@pages.post("/studio/drafts/<draft_id>/plays/<play_id>")
def answer(draft_id: str, play_id: str) -> ResponseReturnValue:
    """Complete the open task that is shown, or add and remove entries of a list."""
    play = find(draft_id, play_id)
    asked = play.scene.asked
    if asked is None or asked.key != request.form.get("task"):
        flash("That task is not open any more.")
        return _back(play)
    form = Form.parse(asked.task.form)
    typed = typed_answers.read(form.fields, request.form)
    action = request.form.get("action", "complete")
    if action not in ("complete", "keep"):
        focus = typed_answers.change_rows(typed, action)
        return _page(play, values=typed, focus=focus)
    typed = typed_answers.without_empty_rows(typed, form.fields)
    task = next(task for task in play.scene.tasks if task.key == asked.key)
    step = {**task.step, "as": request.form.get("as", ""), "answers": typed}
    try:
        office().rehearsals.act(play.id, step, officer(), keep_refusal=action == "keep")
    except InvalidAnswers as invalid:
        return _page(play, values=typed, errors=invalid.errors)
    except EngineError as refused:
        return _page(play, values=typed, refused=str(refused))
    return _back(play)


@pages.post("/studio/drafts/<draft_id>/plays/<play_id>/time")
def pass_time(draft_id: str, play_id: str) -> ResponseReturnValue:
    """Let time pass: to the next date, a day, a week, or to a day to come."""
    return _step(draft_id, play_id, _time)


def _time(play: PlayView) -> Mapping[str, Any]:
    to = request.form.get("to", "")
    if to in LENGTHS:
        return {"wait": LENGTHS[to]}
    if to == "date":
        return {"until": request.form.get("date", "")}
    due = play.scene.next_due
    if due is None:
        raise InvalidAnswers({"step": "No date is waited for."})
    at = due.due_at.astimezone(LONDON).replace(tzinfo=None)
    return {"until": max(at, _now(play)).isoformat(timespec="minutes")}


def _now(play: PlayView) -> Any:
    return play.scene.now.astimezone(LONDON).replace(tzinfo=None)


@pages.post("/studio/drafts/<draft_id>/plays/<play_id>/send")
def send(draft_id: str, play_id: str) -> ResponseReturnValue:
    """A message arrives."""

    def step(play: PlayView) -> Mapping[str, Any]:
        name, _, notice = request.form.get("message", "").partition("~")
        payload = facts(request.form.get("payload", ""), "payload")
        about = {"for": notice} if notice else {}
        return {"send": name, **about, **({"payload": payload} if payload else {})}

    return _step(draft_id, play_id, step)


@pages.post("/studio/drafts/<draft_id>/plays/<play_id>/start")
def start(draft_id: str, play_id: str) -> ResponseReturnValue:
    """A further process is started beside the case's own."""

    def step(play: PlayView) -> Mapping[str, Any]:
        process, _, role = request.form.get("process", "").partition("~")
        notice = request.form.get("notice", "")
        about = {"for": notice} if notice else {}
        return {"start": process, "as": role or "officer", **about}

    return _step(draft_id, play_id, step)


@pages.post("/studio/drafts/<draft_id>/plays/<play_id>/undo")
def undo(draft_id: str, play_id: str) -> ResponseReturnValue:
    """Take back the last step, or one with all that came after it."""
    play = find(draft_id, play_id)
    number = request.form.get("step", 0, type=int)
    try:
        office().rehearsals.undo(play.id, officer(), step=number)
    except InvalidAnswers as invalid:
        return _page(play, errors=invalid.errors)
    return _back(play)


def _step(
    draft_id: str, play_id: str, step: Callable[[PlayView], Mapping[str, Any]]
) -> ResponseReturnValue:
    play = find(draft_id, play_id)
    try:
        office().rehearsals.act(play.id, step(play), officer())
    except InvalidAnswers as invalid:
        return _page(play, errors=invalid.errors)
    except (NotFound, NotPermitted) as refused:
        return _page(play, refused=str(refused))
    except EngineError as refused:
        return _page(play, refused=str(refused))
    now = office().rehearsals.play(play.id, officer()).scene.now
    flash(f"It is now {moment(now)} in this play.")
    return _back(play)


def _back(play: PlayView) -> ResponseReturnValue:
    return redirect(
        url_for("studio_playing.show", draft_id=play.draft_id, play_id=play.id)
    )


def _page(
    play: PlayView,
    *,
    values: Mapping[str, Any] | None = None,
    errors: Mapping[str, str] | None = None,
    refused: str = "",
    focus: str | None = None,
) -> ResponseReturnValue:
    asked = play.scene.asked
    shown: tuple[questions.Shown, ...] = ()
    if asked is not None:
        task = asked.task
        shown = questions.show(
            Form.parse(task.form),
            task.initial if values is None else values,
            task.facts,
            errors=errors,
            choices=task.choices,
        )
    page = render_template(
        "studio/play.html",
        play=play,
        scene=play.scene,
        questions=shown,
        errors=summary(shown, errors or {}, refused),
        may_keep=values is not None and bool(errors or refused),
        acting=request.form.get("as", ""),
        focus=focus,
    )
    return page, 400 if errors or refused else 200


def summary(
    shown: tuple[questions.Shown, ...], errors: Mapping[str, str], refused: str
) -> list[dict[str, str]]:
    """Every error, those of no question too."""
    listed = questions.summary(shown)
    texts = {each["text"] for each in listed}
    rest = [text for text in (*errors.values(), refused) if text and text not in texts]
    return listed + [{"text": text, "href": "#next"} for text in rest]
