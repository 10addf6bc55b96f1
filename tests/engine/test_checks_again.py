"""The check, asked again while somebody draws: quick, and never out of date."""

from __future__ import annotations

import time
from collections.abc import Mapping

import pytest
from small_visit import files

import engine
from engine import checks, library
from engine.bpmn import definitions
from engine.errors import Problem


def fresh(given: Mapping[str, bytes]) -> list[Problem]:
    """What the check says when it has looked at nothing before."""
    checks.forget()
    definitions.forget()
    return checks.check(given)


def edited(name: str, old: str, new: str) -> dict[str, bytes]:
    given = files()
    text = given[name].decode()
    assert old in text
    return {**given, name: text.replace(old, new, 1).encode()}


STORY = next(name for name in files() if name.startswith("scenarios/"))
TABLE = next(name for name in files() if name.endswith(".dmn"))
EDITS = {
    "a label": lambda: edited("visit.bpmn", 'name="Chased"', 'name="Caught"'),
    "a label taken off": lambda: edited("visit.bpmn", 'name="Chased"', 'name=""'),
    "a form that a task no longer names": lambda: edited(
        "visit.bpmn", 'value="record_visit"', 'value="gone"'
    ),
    "a key of a form that a condition reads": lambda: edited(
        "forms/record_visit.json", '"breach_found"', '"breach_seen"'
    ),
    "a form that cannot be read": lambda: {**files(), "forms/record_visit.json": b"{"},
    "a diagram that cannot be read": lambda: {**files(), "visit.bpmn": b"<"},
    "a result column of a table": lambda: edited(TABLE, 'name="', 'name="other_'),
    "a period that a timer names": lambda: edited(
        "periods.yaml", "visit_priority_1:", "visit_priority_8:"
    ),
    "periods that cannot be read": lambda: {**files(), "periods.yaml": b"["},
    "periods taken out": lambda: _without("periods.yaml"),
    "a form taken out": lambda: _without("forms/record_visit.json"),
    "a table taken out": lambda: _without(TABLE),
    "a story about another task": lambda: edited(STORY, "record_visit", "record_it"),
    "a story that cannot be read": lambda: {**files(), STORY: b"steps: 3"},
    "a form added": lambda: {
        **files(),
        "forms/more.json": files()["forms/record_visit.json"],
    },
}


def _without(name: str) -> dict[str, bytes]:
    return {other: content for other, content in files().items() if other != name}


@pytest.mark.parametrize("edit", EDITS)
def test_the_answer_after_an_edit_is_the_answer_of_a_first_look(edit: str) -> None:
    checks.check(files())
    changed = EDITS[edit]()

    again = checks.check(changed)
    back = checks.check(files())

    assert again == fresh(changed)
    assert back == fresh(files())


def test_a_diagram_under_another_name_is_looked_at_anew() -> None:
    given = files()
    checks.check(given)

    renamed = {
        ("visits.bpmn" if name == "visit.bpmn" else name): content
        for name, content in given.items()
    }

    assert any("file is called visits" in p.problem for p in checks.check(renamed))


def test_one_changed_diagram_among_all_is_checked_in_a_moment() -> None:
    shipped = library.read(engine.PROCESSES, engine.FORMS)
    assert checks.check(shipped) == []
    name = "enforcement.bpmn"
    changed = shipped[name].replace(b'name="Close', b'name="Now close')
    assert changed != shipped[name]

    began = time.process_time()
    found = checks.check({**shipped, name: changed})

    assert time.process_time() - began < 0.4
    assert {problem.file for problem in found} <= {name}


def test_what_the_engine_would_refuse_is_found_one_diagram_at_a_time() -> None:
    shipped = library.read(engine.PROCESSES, engine.FORMS)
    for name, content in shipped.items():
        if name.endswith(".bpmn"):
            assert definitions.unrunnable(name, content) == ()
            process = name.removesuffix(".bpmn")
            assert definitions.load(shipped, process).process == process
