"""Finds everything that is wrong with the files that managers own.

Looks at files only: no database, no running cases. Each problem names the file and the
element, says in plain words what is wrong, and what to do about it."""

from __future__ import annotations

import json
from collections.abc import Mapping

from lxml import etree

from engine.bpmn import definitions
from engine.bpmn import diagrams as drawn
from engine.bpmn.diagrams import Diagram
from engine.checks import (
    documents,
    elements,
    expressions,
    facts,
    layout,
    paths,
    stories,
    tables,
    use,
)
from engine.checks.everything import Everything
from engine.errors import DefinitionError, Problem
from engine.forms.form_schema import Form
from engine.law import council_file, period_file
from engine.library import councils

__all__ = ["check"]


def check(files: Mapping[str, bytes]) -> list[Problem]:
    """Every problem of the files, named as `library` names them, sorted by file."""
    problems: list[Problem] = []
    diagrams: dict[str, Diagram] = {}
    decision_tables: dict[str, etree._Element] = {}
    forms: dict[str, Form] = {}
    unread: set[str] = set()
    for name, content in files.items():
        if name.endswith(".bpmn"):
            diagram = _diagram(name, content, problems)
            if diagram is None:
                unread.add(name)
            else:
                diagrams[name] = diagram
        elif name.endswith(".dmn"):
            table = _table(name, content, problems)
            if table is None:
                unread.add(name)
            else:
                decision_tables[name] = table
        elif name.endswith(".json"):
            form = _form(name, content, problems)
            if form is None:
                unread.add(name)
            else:
                forms[form.id] = form
    periods = _periods(files, problems)
    everything = Everything(
        diagrams=diagrams,
        forms=forms,
        tables=decision_tables,
        periods=periods,
        unread=frozenset(unread),
    )
    problems += use.check(everything)
    problems += _cannot_run(files, everything, problems)
    problems += facts.check(everything)
    problems += stories.check(files, everything)
    return _sorted(problems)


def _diagram(name: str, content: bytes, problems: list[Problem]) -> Diagram | None:
    root, found = documents.read(name, content)
    problems += found
    if root is None:
        return None
    if root.tag != documents.bpmn("definitions"):
        problems += documents.against_schema(name, root)
        return None
    specific = [*elements.check(name, root), *paths.check(name, root)]
    problems += specific
    problems += _not_said_yet(documents.against_schema(name, root), specific)
    problems += layout.check(name, content, root)
    try:
        return drawn.read(name, content)
    except DefinitionError as error:
        problems += _not_said_yet(error.problems, problems)
        return None


def _cannot_run(
    files: Mapping[str, bytes], everything: Everything, already: list[Problem]
) -> list[Problem]:
    """What the engine refuses although nothing above was found wrong with it."""
    if any(p.file.endswith((".bpmn", ".dmn", ".json")) for p in already):
        return []
    found: list[Problem] = []
    for process in everything.processes:
        try:
            definitions.load(files, process)
        except DefinitionError as error:
            found += error.problems
    return found


def _table(name: str, content: bytes, problems: list[Problem]) -> etree._Element | None:
    root, found = documents.read(name, content)
    problems += found
    if root is None:
        return None
    specific = tables.check(name, root)
    problems += specific
    problems += _not_said_yet(documents.against_schema(name, root), specific)
    return root


def _form(name: str, content: bytes, problems: list[Problem]) -> Form | None:
    stem = name.rsplit("/", 1)[-1].removesuffix(".json")

    def found(problem: str, remedy: str) -> None:
        problems.append(
            Problem(file=name, element=stem, problem=problem, remedy=remedy)
        )

    try:
        schema = json.loads(content)
    except (ValueError, RecursionError) as error:
        found(
            f"The form is not valid JSON: {error}.",
            "Open it in the form editor and save it again.",
        )
        return None
    try:
        form = Form.parse(schema, file=name, reserved=expressions.RESERVED)
    except DefinitionError as error:
        problems += error.problems
        return None
    if form.id != stem:
        found(
            f"The form's id is “{form.id}”, but the file is called {stem}.json.",
            f"Set the id to {stem}, or rename the file.",
        )
        return None
    for component, setting, text in form.expressions:
        if reason := expressions.fault(text):
            problems.append(
                Problem(
                    file=name,
                    element=component,
                    problem=f"The expression “{text}” of “{setting}” cannot be used: "
                    f"{reason}",
                    remedy=expressions.REMEDY,
                )
            )
    return form


def _periods(files: Mapping[str, bytes], problems: list[Problem]) -> frozenset[str]:
    content = files.get("periods.yaml")
    if content is None:
        problems.append(
            Problem(
                file="periods.yaml",
                element="",
                problem="The file of periods is missing.",
                remedy="Put periods.yaml back into processes.",
            )
        )
        return frozenset()
    try:
        found, _ = period_file.parse_periods(content)
    except DefinitionError as error:
        problems += error.problems
        return frozenset()
    for council in councils(files):
        try:
            council_file.parse_council(
                council, files[f"councils/{council}/council.yaml"], found
            )
        except DefinitionError as error:
            problems += error.problems
    return frozenset(found)


def _not_said_yet(
    more: tuple[Problem, ...] | list[Problem], already: list[Problem]
) -> list[Problem]:
    """The general problems of elements of which nothing special was said."""
    said = {(problem.file, problem.element) for problem in already}
    return [p for p in more if (p.file, p.element) not in said]


def _sorted(problems: list[Problem]) -> list[Problem]:
    once = dict.fromkeys(problems)
    return sorted(once, key=lambda p: p.file)
