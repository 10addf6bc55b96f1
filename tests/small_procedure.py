"""A small procedure that the check finds nothing wrong with, and changes to it."""

from __future__ import annotations

from pathlib import Path

from small_office import form_file

from engine import PROCESSES

VISITS = Path(__file__).parent / "webui" / "visits"
_KEPT = ("periods.yaml", "councils/maldon/council.yaml", "councils/defaults.yaml")


def procedure() -> dict[str, bytes]:
    """A visit, chased by the manager when late."""
    diagram = {"enforcement.bpmn": (VISITS / "once.bpmn").read_bytes()}
    kept = {name: (PROCESSES / name).read_bytes() for name in _KEPT}
    return diagram | _form("visit_site") | _form("chase_visit") | kept


def second_visit() -> dict[str, bytes]:
    """The two files that a draft changes to add a second visit."""
    diagram = {"enforcement.bpmn": (VISITS / "twice.bpmn").read_bytes()}
    return diagram | _form("visit_again")


def other_question() -> dict[str, bytes]:
    """The form of the visit with another question."""
    question = {"type": "textfield", "key": "what_was_seen"}
    return {"forms/visit_site.json": form_file("visit_site", question)}


def _form(name: str) -> dict[str, bytes]:
    return {f"forms/{name}.json": form_file(name)}
