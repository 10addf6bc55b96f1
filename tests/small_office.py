"""An office with a few small diagrams of a test's own, and short ways to work in it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime

import engine_models as draw
from conftest import STARTS

import engine
from engine.views import Officer, TaskLine

MANAGER = "Enforcement manager"
Nodes = Sequence[draw.Node]
Flows = Sequence[str]
LATE = 'deadline("validate_report", case.received_on)'
"""Two working days after the report: over at 00:00 on Thursday 5 March 2026."""


def drawn(
    process: str,
    nodes: Nodes,
    flows: Flows,
    *,
    managers: Sequence[str] = (),
    **properties: str,
) -> dict[str, bytes]:
    """A diagram's file; `managers` names the elements in the manager's lane."""
    text = draw.diagram(process, nodes, flows, **properties).decode()
    moved = ""
    for element in managers:
        reference = f"<bpmn:flowNodeRef>{element}</bpmn:flowNodeRef>"
        text = text.replace(reference, "")
        moved += reference
    if moved:
        lane = (
            f'<bpmn:lane id="{process}_managers" name="{MANAGER}">{moved}</bpmn:lane>'
        )
        text = text.replace("</bpmn:laneSet>", f"{lane}</bpmn:laneSet>")
    return {f"{process}.bpmn": text.encode()} | _forms(text)


def _forms(text: str) -> dict[str, bytes]:
    """Every form that a diagram names: one optional text question."""
    return {
        f"forms/{form}.json": form_file(form)
        for form in re.findall(r'name="form" value="(\w+)"', text)
    }


def form_file(form: str, *questions: Mapping[str, object]) -> bytes:
    """A form with these questions, or with one optional text."""
    given = questions or ({"type": "textfield", "key": f"{form}_note"},)
    components = [{"id": q["key"], "label": q["key"], **q} for q in given]
    return json.dumps(
        {"type": "default", "id": form, "schemaVersion": 18, "components": components}
    ).encode()


def visits() -> dict[str, bytes]:
    """A visit, chased by the manager when late, then its review by somebody else."""
    return drawn(
        "visits",
        [
            draw.start(),
            draw.user("record_visit", form="record_visit"),
            draw.boundary("visit_late", "record_visit", timer=LATE),
            draw.user("chase_visit", form="chase_visit"),
            draw.user("review_visit", form="review_visit", not_by="record_visit"),
            draw.end("chased"),
            draw.end(),
        ],
        [
            "begin > record_visit > review_visit > done",
            "visit_late > chase_visit > chased",
        ],
        managers=["chase_visit", "chased"],
    )


def open_small(url: str, files: Mapping[str, bytes]) -> engine.Office:
    """Maldon's office on a database with every table, with only these diagrams."""
    office = engine.connect(url, clock=engine.VirtualClock(STARTS), migrate=False)
    office.casework.add_council("maldon")
    office.casework.publish(files, "maldon")
    return office


def hire(
    office: engine.Office,
    name: str,
    *roles: str,
    council: str = "maldon",
    password: str | None = None,
) -> Officer:
    """Somebody with these roles; an officer where none is given.

    Without a password, which takes a quarter of a second to hash, nobody signs in."""
    username = f"{name.lower().replace(' ', '.')}.{council}"
    return office.casework.add_officer(
        council,
        username,
        name,
        email=f"{username}@council.example",
        roles=roles or ("officer",),
        password=password,
    )


def report(office: engine.Office, process: str, **changes: object) -> str:
    """A new case that runs a process. Returns its reference."""
    given: dict[str, object] = {
        "address": "Saltings Barn, Creek Lane, Goldhanger",
        "description": "A timber building has been put up.",
        "breach_type": "outbuilding",
        "harm_described": "It blocks the light of the next house.",
        "process": process,
        **changes,
    }
    return office.casework.report_breach(engine.Report(**given))  # type: ignore[arg-type]


def tasks(office: engine.Office, reference: str, officer: Officer) -> list[str]:
    """The elements of the tasks that wait on a case, sorted."""
    return sorted(t.element for t in office.records.case(reference, officer).tasks)


def task(
    office: engine.Office, reference: str, officer: Officer, element: str
) -> TaskLine:
    """The one task of that element that waits on a case."""
    found = office.records.case(reference, officer).tasks
    [line] = [t for t in found if t.element == element]
    return line


def do(
    office: engine.Office,
    reference: str,
    officer: Officer,
    element: str,
    **answers: object,
) -> None:
    """Complete the one task of that element."""
    line = task(office, reference, officer, element)
    office.casework.complete_task(line.id, answers, officer)


def go_to(office: engine.Office, day: date, hour: int = 0) -> None:
    """Move the office's clock to a day, without sweeping."""
    assert isinstance(office.clock, engine.VirtualClock)
    office.clock.move_to(datetime(day.year, day.month, day.day, hour, tzinfo=UTC))
