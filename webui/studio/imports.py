"""A diagram of another tool becomes a draft; the page says what was lost and why."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from engine import (
    DefinitionError,
    ImportedDiagram,
    Problem,
    drawing_board,
    read_foreign,
)
from webui.here import office, officer
from webui.studio import for_managers

pages = for_managers(Blueprint("studio_imports", __name__))


@pages.get("/studio/import")
def ask() -> ResponseReturnValue:
    return _ask("", ())


@pages.post("/studio/import")
def read() -> ResponseReturnValue:
    """Open a draft with what the file holds, and tell what is not as it was."""
    given = request.files.get("file")
    content = given.read() if given is not None else b""
    if given is None or not given.filename or not content:
        return _ask("Select a file", ())
    drafts = office().drafts
    newest = drafts.releases(officer())[0]
    taken = [
        name.removesuffix(".bpmn")
        for name in drafts.release(newest.number, officer()).file_names
        if name.endswith(".bpmn")
    ]
    try:
        diagrams = read_foreign(given.filename[:100], content, taken)
    except DefinitionError as error:
        return _ask("", error.problems)
    title = f"Import “{diagrams[0].title}”"[:200]
    draft_id = drafts.open(title, _in_words(given.filename, diagrams), officer())
    drafts.save(draft_id, {d.file: d.content for d in diagrams}, 1, officer())
    problems = drafts.check(draft_id, officer())
    return render_template(
        "studio/imported.html",
        draft_id=draft_id,
        name=given.filename,
        found=[(d, _of(d, problems), _names(d)) for d in diagrams],
    )


def _of(diagram: ImportedDiagram, problems: Sequence[Problem]) -> list[Problem]:
    """What cannot run: not what is only drawn badly, which tidying mends."""
    return [
        problem
        for problem in problems
        if problem.file == diagram.file
        and not problem.is_advice
        and not drawing_board.is_of_drawing(problem)
    ]


def _names(diagram: ImportedDiagram) -> dict[str, str]:
    steps = drawing_board.outline(diagram.file, diagram.content)
    return {step.element: step.name for step in steps if step.name}


def _in_words(name: str, diagrams: Sequence[ImportedDiagram]) -> str:
    """The same list, kept with the draft."""
    lines = [f"From the file {name[:100]}. What is not as it was:"]
    for diagram in diagrams:
        for note in diagram.notes:
            about = note.name or note.element
            lines.append(f"- {f'{about}: ' if about else ''}{note.says} {note.remedy}")
    return "\n".join(lines)


def _ask(error: str, problems: Sequence[Problem]) -> ResponseReturnValue:
    page = render_template("studio/import.html", error=error, problems=problems)
    return page, 400 if error or problems else 200
