"""Demonstration only: a bar that shows the date and moves it forward.

`create_app` registers these routes in demonstration mode and nowhere else."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from urllib.parse import urlsplit

from flask import Blueprint, Flask, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from engine import LONDON
from engine.rehearsing import demonstration
from webui.here import casework, clock, records
from webui.words import day, moment

pages = Blueprint("demo", __name__, url_prefix="/demonstration")

FARTHEST = timedelta(days=366 * 5)


def init_app(app: Flask) -> None:
    app.register_blueprint(pages)
    app.extensions["demonstration_accounts"] = demonstration.accounts()

    @app.context_processor
    def bar() -> dict[str, object]:
        return {"demo_today": clock().today()}


@pages.post("/day")
def next_day() -> ResponseReturnValue:
    """To nine in the morning of tomorrow."""
    return _move(_morning(clock().today() + timedelta(days=1)))


@pages.post("/deadline")
def next_deadline() -> ResponseReturnValue:
    due = records().next_due()
    if due is None:
        flash("No deadline is waiting.")
        return redirect(_back())
    return _move(max(due, clock().now()))


@pages.post("/date")
def to_date() -> ResponseReturnValue:
    """To nine in the morning of a day to come."""
    try:
        wanted = date.fromisoformat(request.form.get("date", ""))
    except ValueError:
        flash("Enter a date to move to, for example 2026-12-24.")
        return redirect(_back())
    today = clock().today()
    if not today < wanted <= today + FARTHEST:
        flash(f"Enter a date after {day(today)}, at most five years ahead.")
        return redirect(_back())
    return _move(_morning(wanted))


def _move(to: datetime) -> ResponseReturnValue:
    fired = casework().move_clock(to)
    events = "1 deadline passed" if fired == 1 else f"{fired} deadlines passed"
    flash(f"It is now {moment(clock().now())}. On the way, {events}.")
    return redirect(_back())


def _morning(on: date) -> datetime:
    return datetime.combine(on, time(9), LONDON)


def _back() -> str:
    """The page that the bar was on."""
    page = urlsplit(request.form.get("page", ""))
    if page.path.startswith("/") and not page.path.startswith("//"):
        return page.path + (f"?{page.query}" if page.query else "")
    return url_for("worklist.show")
