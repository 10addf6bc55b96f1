"""The list of cases, one case, and what may be started on it."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine import CaseView, InvalidAnswers, NotFound, StartableProcess
from webui.here import casework, officer, records
from webui.words import STATUSES

pages = Blueprint("cases", __name__)

PLACE = ("process", "element")
FILTERS = (
    "q",
    "status",
    "priority",
    "officer",
    "immune",
    "overdue",
    *PLACE,
)


@pages.get("/cases")
def index() -> ResponseReturnValue:
    """Search by reference, address, postcode or description; filters narrow it."""
    asked = {name: request.args.get(name, "").strip()[:200] for name in FILTERS}
    priority = asked["priority"]
    found = records().cases(
        officer(),
        asked["q"],
        status=asked["status"] if asked["status"] in STATUSES else "",
        priority=int(priority) if priority in ("1", "2", "3") else None,
        assignee=asked["officer"],
        immune_soon=bool(asked["immune"]),
        overdue=bool(asked["overdue"]),
        process=asked["process"],
        element=asked["element"],
        page=request.args.get("page", 1, type=int),
    )
    step = ""
    if asked["process"]:
        step = records().step_name(asked["process"], asked["element"], officer())
    return render_template(
        "cases/index.html",
        page=found,
        asked=asked,
        step=step,
        without_place={k: v for k, v in asked.items() if v and k not in PLACE},
        officers=records().officers(officer()),
        statuses=STATUSES,
    )


@pages.get("/cases/<reference:reference>")
def show(reference: str) -> ResponseReturnValue:
    """A case with all that is known of it."""
    case = records().case(reference, officer())
    return render_template("cases/case.html", case=case)


@pages.get("/cases/<reference:reference>/start/<process>")
def choose(reference: str, process: str) -> ResponseReturnValue:
    """Before another process starts: what it is, and for which notice."""
    case = records().case(reference, officer())
    return _choose(case, _startable(case, process), "")


@pages.post("/cases/<reference:reference>/start/<process>")
def start(reference: str, process: str) -> ResponseReturnValue:
    case = records().case(reference, officer())
    wanted = _startable(case, process)
    notice = request.form.get("notice", "")
    if wanted.needs_notice and notice not in wanted.notices:
        return _choose(case, wanted, "Select the notice that it is about")
    casework().start_process(reference, process, officer(), notice=notice or None)
    flash(f"“{wanted.title}” has been started.")
    return redirect(url_for("cases.show", reference=reference, _anchor="tasks"))


@pages.get("/cases/<reference:reference>/reopen")
def ask_to_reopen(reference: str) -> ResponseReturnValue:
    return _reopen(records().case(reference, officer()), "")


@pages.post("/cases/<reference:reference>/reopen")
def reopen(reference: str) -> ResponseReturnValue:
    reason = request.form.get("reason", "")
    try:
        casework().reopen_case(reference, reason, officer())
    except InvalidAnswers as invalid:
        case = records().case(reference, officer())
        return _reopen(case, " ".join(invalid.errors.values()))
    flash("The case is open again.")
    return redirect(url_for("cases.show", reference=reference))


def _startable(case: CaseView, process: str) -> StartableProcess:
    for startable in case.startable:
        if startable.process == process:
            return startable
    raise NotFound("That process cannot be started on this case.")


def _choose(
    case: CaseView, wanted: StartableProcess, error: str
) -> ResponseReturnValue:
    page = render_template("cases/start.html", case=case, wanted=wanted, error=error)
    return page, 400 if error else 200


def _reopen(case: CaseView, error: str) -> ResponseReturnValue:
    page = render_template("cases/reopen.html", case=case, error=error)
    return page, 400 if error else 200
