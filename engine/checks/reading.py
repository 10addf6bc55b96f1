"""Each file on its own: what it holds, and what is wrong with it, looked at once.

What is found depends on the file's name and content alone, so it is kept: while a
diagram is drawn, only the file that has changed is looked at again."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from lxml import etree

from engine import outside
from engine.bpmn import decisions, definitions, refusals
from engine.bpmn import diagrams as drawn
from engine.bpmn.diagrams import Diagram
from engine.checks import (
    documents,
    elements,
    expressions,
    layout,
    overdue,
    paths,
    soundness,
    tables,
)
from engine.errors import DefinitionError, Problem
from engine.forms.form_schema import Form
from engine.law import council_file, period_file
from engine.law.period_model import Period
from engine.rehearsing import stories
from engine.rehearsing.story import Story

KEPT = 1024
"""Files of which the findings are kept: a council’s, and what is drawn meanwhile."""


@dataclass(frozen=True, kw_only=True)
class Look:
    """What a file holds (None where it cannot be read), and its own problems."""

    problems: tuple[Problem, ...] = ()
    diagram: Diagram | None = None
    table: etree._Element | None = None
    form: Form | None = None
    story: Story | None = None
    periods: Mapping[str, Period] | None = None


def forget() -> None:
    """Look at every file anew, as a restart does."""
    look.cache_clear()
    council.cache_clear()
    cannot_run.cache_clear()


@lru_cache(maxsize=KEPT)
def look(name: str, content: bytes) -> Look:
    """What one diagram, table, form, story or file of periods holds."""
    if (harm := outside.refused(name, content)) is not None:
        return Look(problems=(harm,))
    if name.endswith(".bpmn"):
        return _diagram(name, content)
    if name.endswith(".dmn"):
        return _table(name, content)
    if name.endswith(".json"):
        return _form(name, content)
    if name.startswith("scenarios/"):
        return _story(name, content)
    if name == period_file.FILE:
        return _periods(content)
    return Look()


@lru_cache(maxsize=KEPT)
def council(name: str, content: bytes, periods: bytes) -> tuple[Problem, ...]:
    """What is wrong with a council's own targets, beside these periods."""
    known = look(period_file.FILE, periods).periods
    if known is None:
        return ()
    try:
        council_file.parse_council(name, content, known)
    except DefinitionError as error:
        return error.problems
    return ()


def _diagram(name: str, content: bytes) -> Look:
    root, found = documents.read(name, content)
    if root is None:
        return Look(problems=tuple(found))
    if root.tag != documents.bpmn("definitions"):
        return Look(problems=(*found, *documents.against_schema(name, root)))
    walked = paths.check(name, root)
    found += [*elements.check(name, root), *walked]
    found += _not_said_yet(documents.against_schema(name, root), found)
    found += layout.check(name, content, root)
    try:
        diagram = drawn.read(name, content)
    except DefinitionError as error:
        found += _not_said_yet(error.problems, found)
        return Look(problems=tuple(found))
    found += overdue.check(name, diagram)
    said = [problem for problem in walked if not paths.is_about_a_label(problem)]
    found += _not_said_yet(soundness.check(name, diagram), said)
    return Look(problems=tuple(found), diagram=_whole(diagram))


def _whole(diagram: Diagram) -> Diagram:
    """Without the flows that lead nowhere, of which something is said already: what
    follows the flows of a diagram need not ask whether they lead anywhere."""
    drawn = diagram.elements.keys()
    flows = {
        name: flow
        for name, flow in diagram.flows.items()
        if flow.source in drawn and flow.target in drawn
    }
    return (
        diagram if len(flows) == len(diagram.flows) else replace(diagram, flows=flows)
    )


def _table(name: str, content: bytes) -> Look:
    root, found = documents.read(name, content)
    if root is None:
        return Look(problems=tuple(found))
    found += tables.check(name, root)
    found += _not_said_yet(documents.against_schema(name, root), found)
    return Look(problems=tuple(found), table=root)


def _form(name: str, content: bytes) -> Look:
    stem = name.rsplit("/", 1)[-1].removesuffix(".json")

    def refused(problem: str, remedy: str) -> Look:
        return Look(
            problems=(Problem(file=name, element=stem, problem=problem, remedy=remedy),)
        )

    try:
        schema = json.loads(content)
    except (ValueError, RecursionError) as error:
        return refused(
            f"The form is not valid JSON: {error}.",
            "Open it in the form editor and save it again.",
        )
    try:
        form = Form.parse(schema, file=name, reserved=expressions.RESERVED)
    except DefinitionError as error:
        return Look(problems=error.problems)
    if form.id != stem:
        return refused(
            f"The form's id is “{form.id}”, but the file is called {stem}.json.",
            f"Set the id to {stem}, or rename the file.",
        )
    return Look(problems=tuple(_expressions(name, form)), form=form)


def _expressions(name: str, form: Form) -> Iterable[Problem]:
    for component, setting, text in form.expressions:
        if reason := expressions.fault(text):
            yield Problem(
                file=name,
                element=component,
                problem=f"The expression “{text}” of “{setting}” cannot be used: "
                f"{reason}",
                remedy=expressions.REMEDY,
            )


def _story(name: str, content: bytes) -> Look:
    try:
        return Look(story=stories.read(name, content))
    except DefinitionError as error:
        return Look(problems=error.problems)


def _periods(content: bytes) -> Look:
    try:
        found, _ = period_file.parse_periods(content)
    except DefinitionError as error:
        return Look(problems=error.problems)
    return Look(periods=found)


def _not_said_yet(more: Iterable[Problem], already: Iterable[Problem]) -> list[Problem]:
    """The general problems of elements of which nothing special was said."""
    said = {(problem.file, problem.element) for problem in already}
    return [p for p in more if (p.file, p.element) not in said]


@lru_cache(maxsize=KEPT)
def cannot_run(name: str, content: bytes) -> tuple[Problem, ...]:
    """What the engine refuses in a diagram or table with which nothing else is wrong,
    whatever files it names."""
    if name.endswith(".bpmn"):
        return definitions.unrunnable(name, content)
    try:
        return tuple(refusals.of_table(decisions.read(name, content)))
    except DefinitionError as error:
        return error.problems
