"""The rules that keep the shape of this house. Each says what to do when it is broken,
and fails where it found nothing to check."""

from __future__ import annotations

import ast
import inspect
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

import engine
from engine import errors as engine_errors
from engine import forms
from engine.bpmn import scripting
from engine.checks.operations import OPERATIONS
from webui import errors as error_pages

HOME = Path(__file__).parents[1]
CODE = [
    *sorted((HOME / "engine").rglob("*.py")),
    *sorted((HOME / "webui").rglob("*.py")),
]
DIAGRAMS = sorted((HOME / "processes").rglob("*.bpmn"))
TABLES = sorted((HOME / "processes").rglob("*.dmn"))
FORMS = sorted((HOME / "forms").glob("*.json"))
COUNCIL_FORMS = sorted((HOME / "processes").rglob("forms/*.json"))
BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
SPIFF = "{http://spiffworkflow.org/bpmn/schema/1.0/core}"
LONGEST_FILE = 400
IN_ENGLISH = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")


def short(path: Path) -> str:
    return path.relative_to(HOME).as_posix()


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def calls(path: Path) -> Iterator[str]:
    """The name of everything that a module calls, with what it is called on."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func)


def processes(path: Path) -> list[Any]:
    return list(etree.parse(path).getroot().iter(f"{BPMN}process"))


def user_tasks() -> Iterator[tuple[Path, str, dict[str, str]]]:
    """(diagram, element, properties) of every user task."""
    for path in DIAGRAMS:
        for task in etree.parse(path).getroot().iter(f"{BPMN}userTask"):
            found = task.iterfind(f"{BPMN}extensionElements/*/{SPIFF}property")
            yield path, task.get("id"), {p.get("name"): p.get("value") for p in found}


# Code


def test_nothing_commits() -> None:
    """A command is one transaction, which `database.writing` commits at its end."""
    guilty = [
        f"{short(path)}: {called}"
        for path in CODE
        for called in calls(path)
        if called.split(".")[-1] == "commit"
    ]

    assert len(CODE) > 60
    assert not guilty, f"Let `Casework._command` commit: {guilty}"


def test_only_commanding_opens_a_transaction() -> None:
    """Everything else is handed a session, or reads with `database.reading`."""
    users = {
        short(path)
        for path in CODE
        if any(c.endswith("database.writing") or c == "writing" for c in calls(path))
    }

    assert users == {"engine/commanding.py"}, (
        "Write a command in engine/commanding.py; functions elsewhere take a session."
    )


def test_only_the_database_and_records_and_casework_make_sessions() -> None:
    makers = {
        short(path)
        for path in CODE
        if any(called in ("Session", "sessionmaker") for called in calls(path))
    }

    assert makers == {"engine/database.py"}, (
        "Use database.reading; only commands write."
    )


def test_every_module_says_what_its_one_job_is() -> None:
    silent = [short(path) for path in CODE if not ast.get_docstring(tree(path))]

    assert not silent, f"Begin these with a sentence on their one job: {silent}"


def test_no_file_is_too_long() -> None:
    """Past 400 lines a module does more than one job. (Migrations are history.)"""
    lengths = {
        short(path): len(path.read_text().splitlines())
        for path in CODE
        if path.parent.name != "versions"
    }

    assert lengths
    too_long = {name: n for name, n in lengths.items() if n > LONGEST_FILE}
    assert not too_long, f"Split by stage of work: {too_long}"


def test_no_module_has_a_name_without_a_job() -> None:
    vague = re.compile(r"(utils?|common|helpers?|managers?|services?|misc)")
    guilty = [short(path) for path in CODE if vague.fullmatch(path.stem)]
    classes = [
        f"{short(path)}: {node.name}"
        for path in CODE
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ClassDef)
        and node.name.endswith(("Service", "Manager", "Helper", "Utils"))
    ]

    assert CODE
    assert not guilty + classes, f"Name these after their job: {guilty + classes}"


def test_errors_are_caught_by_name_but_at_the_outer_edges() -> None:
    """What runs in a loop or speaks to a person last may catch everything."""
    edges = {
        "engine/rehearsing/rehearsal.py",
        "engine/worker.py",
        "webui/commands.py",
        "webui/errors.py",
    }
    guilty = [
        f"{short(path)}:{node.lineno}"
        for path in CODE
        if short(path) not in edges
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ExceptHandler)
        and (
            node.type is None
            or ast.unparse(node.type) in ("Exception", "BaseException")
        )
    ]

    assert CODE
    assert not guilty, f"Name the errors that you expect: {guilty}"


def test_nothing_is_imported_inside_a_function() -> None:
    """It is a sign of a cycle."""
    guilty = [
        f"{short(path)}:{inner.lineno}"
        for path in CODE
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for inner in ast.walk(node)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    ]

    assert CODE
    assert not guilty, f"Import at the top, and mend the cycle: {guilty}"


def test_only_the_clock_knows_what_time_it_is() -> None:
    asked = re.compile(
        r"(datetime\.)*(datetime\.(now|utcnow|today)|date\.today)|time\.time"
    )
    guilty = [
        f"{short(path)}: {called}"
        for path in CODE
        if path.name != "clock.py"
        for called in calls(path)
        if asked.fullmatch(called)
    ]

    assert CODE
    assert not guilty, f"Ask the clock that you are given: {guilty}"


def test_the_import_contracts_hold() -> None:
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=HOME,
        capture_output=True,
        text=True,
        check=False,
    )

    assert "KEPT" in done.stdout
    assert done.returncode == 0, done.stdout


def test_every_error_of_the_engine_has_a_page() -> None:
    kinds = [
        kind
        for _, kind in inspect.getmembers(engine_errors, inspect.isclass)
        if issubclass(kind, engine.EngineError)
    ]
    missing = [kind.__name__ for kind in kinds if kind not in error_pages.TABLE]

    assert len(kinds) > 8
    assert not missing, f"Add to the table in webui/errors.py: {missing}"


# Diagrams and forms


def test_the_id_of_every_diagram_and_table_is_its_files_name() -> None:
    wrong = [
        f"{short(path)}: {process.get('id')}"
        for path in DIAGRAMS
        for process in processes(path)
        if process.get("id") != path.stem
    ]
    for path in TABLES:
        root = etree.parse(path).getroot()
        decisions = [e for e in root if etree.QName(e).localname == "decision"]
        names = [decision.get("id") for decision in decisions]
        if names != [path.stem]:
            wrong.append(f"{short(path)}: {names}")

    assert DIAGRAMS and TABLES
    assert all(len(processes(path)) == 1 for path in DIAGRAMS), "One process a file."
    assert not wrong, f"Rename the process or decision, or its file: {wrong}"


def test_every_user_task_has_a_form_and_every_form_a_task() -> None:
    wanted = {
        properties.get("form", f"(none: {short(path)}, {element})")
        for path, element, properties in user_tasks()
    }
    drawn = {path.stem for path in FORMS}
    own = {path.stem for path in COUNCIL_FORMS}

    assert drawn and wanted
    assert not wanted - drawn, f"Add to forms/: {sorted(wanted - drawn)}"
    assert not drawn - wanted, f"Delete, no task asks for: {sorted(drawn - wanted)}"
    assert not own - drawn, f"A council's form replaces none: {sorted(own - drawn)}"


def test_every_lane_is_a_role() -> None:
    lanes = {
        (short(path), lane.get("name"))
        for path in DIAGRAMS
        for lane in etree.parse(path).getroot().iter(f"{BPMN}lane")
    }
    known = set(engine.ROLES.values())
    wrong = sorted(lane for lane in lanes if lane[1] not in known)

    assert lanes
    assert not wrong, f"Lanes are named {sorted(known)}: {wrong}"


def test_every_operation_of_a_service_task_exists() -> None:
    wanted = {
        (short(path), operator.get("id"))
        for path in DIAGRAMS
        for operator in etree.parse(path).getroot().iter(f"{SPIFF}serviceTaskOperator")
    }
    wrong = sorted(each for each in wanted if each[1] not in OPERATIONS)

    assert wanted
    assert not wrong, f"Operations are {sorted(OPERATIONS)}: {wrong}"


def test_every_called_process_exists() -> None:
    called = {
        (short(path), call.get("calledElement"))
        for path in DIAGRAMS
        for call in etree.parse(path).getroot().iter(f"{BPMN}callActivity")
    }
    known = {path.stem for path in DIAGRAMS}
    wrong = sorted(each for each in called if each[1] not in known)

    assert called
    assert not wrong, f"Draw these processes, or call others: {wrong}"


def test_ids_are_words() -> None:
    """They are read in stories, events and incidents."""
    parts = ("Task", "Event", "Gateway", "callActivity", "subProcess", "process")
    ids = [
        (short(path), element.get("id"))
        for path in DIAGRAMS
        for element in etree.parse(path).getroot().iter(etree.Element)
        if etree.QName(element).localname.endswith(parts)
        and etree.QName(element).namespace == BPMN.strip("{}")
    ]
    wrong = sorted(each for each in ids if not IN_ENGLISH.fullmatch(each[1] or ""))

    assert len(ids) > 100
    assert not wrong, f"Give these snake_case English ids: {wrong}"


def test_no_question_has_the_name_of_a_word() -> None:
    """An answer of that name would hide the word from the diagrams."""
    taken = set(scripting.WORDS) | {"case"}
    keys = [
        (short(path), question.key)
        for path in [*FORMS, *COUNCIL_FORMS]
        for question in forms.Form.parse(json.loads(path.read_text())).fields
    ]
    wrong = sorted(each for each in keys if each[1] in taken)

    assert keys and len(taken) > 20
    assert not wrong, f"Rename these questions' keys: {wrong}"


# Files


def kept_files() -> list[Path]:
    """The text files that belong to the project: what git tracks or would track."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=HOME,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("not a git checkout")
    names = [name for name in listed.stdout.split("\0") if name]
    return [HOME / name for name in names if (HOME / name).is_file()]


def test_no_file_names_a_place_outside_the_project() -> None:
    """A clone must make sense on its own, on any machine."""
    outside = [f"{os.sep}work{os.sep}", f"{os.sep}tmp{os.sep}c{os.sep}", "../shared"]
    outside += [f"shared{os.sep}{part}" for part in ("seeds", "law", "design")]
    endings = {".png", ".jpg", ".woff2", ".woff", ".docx", ".ico"}
    files = [path for path in kept_files() if path.suffix not in endings]
    guilty = []
    for path in files:
        if path == Path(__file__):
            continue
        text = path.read_bytes().decode("utf-8", errors="replace")
        guilty += [f"{short(path)}: {place}" for place in outside if place in text]

    assert len(files) > 100
    assert not guilty, f"Say it without the path: {guilty}"
