"""Finds what is wrong with a decision table (DMN)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from lxml import etree

from engine.checks import expressions
from engine.checks.documents import local
from engine.errors import Problem

KEPT = 256
"""Tables of which what they read and set is kept."""
_POLICIES = ("UNIQUE", "FIRST", "COLLECT")
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_QUESTION_MARK = re.compile(r"(\?)(?=(?:[^'\"]|['\"][^'\"]*['\"])*$)")


class _Table:
    """One decision table of a file, and how to speak of its parts."""

    def __init__(self, file: str, table: etree._Element) -> None:
        self.file = file
        self.inputs = _children(table, "input")
        self.outputs = _children(table, "output")
        self.rules = _children(table, "rule")
        self.element = table

    def found(self, element: str, problem: str, remedy: str) -> Problem:
        return Problem(file=self.file, element=element, problem=problem, remedy=remedy)


def check(name: str, root: etree._Element) -> list[Problem]:
    """Everything that is wrong with the table of one file."""
    stem = name.rsplit("/", 1)[-1].removesuffix(".dmn")
    decisions = _children(root, "decision")
    if len(decisions) != 1:
        return [
            Problem(
                file=name,
                element="",
                problem=f"The file holds {len(decisions)} decisions.",
                remedy="Keep exactly one decision in each file.",
            )
        ]
    decision = decisions[0]
    identity = decision.get("id", "")
    problems = []
    if identity != stem:
        problems.append(
            Problem(
                file=name,
                element=identity,
                problem=f"The decision id is “{identity}”, but the file is called "
                f"{stem}.dmn.",
                remedy=f"Set the id to {stem}, or rename the file to {identity}.dmn.",
            )
        )
    tables = _children(decision, "decisionTable")
    if len(tables) != 1:
        problems.append(
            Problem(
                file=name,
                element=identity,
                problem=f"The decision holds {len(tables)} tables.",
                remedy="Give it exactly one table of rules.",
            )
        )
        return problems
    table = _Table(name, tables[0])
    problems += _policy(table)
    problems += _columns(table)
    problems += _rules(table)
    return problems


@lru_cache(maxsize=KEPT)
def outputs(root: etree._Element) -> tuple[str, ...]:
    """The facts that the table sets."""
    return tuple(
        output.get("name", "")
        for output in root.iter(etree.Element)
        if local(output) == "output" and output.get("name")
    )


def rules(root: etree._Element) -> tuple[str, ...]:
    """The ids of the table's rules, in order."""
    return tuple(
        rule.get("id", "") for rule in root.iter(etree.Element) if local(rule) == "rule"
    )


def texts(root: etree._Element) -> Iterator[str]:
    """Every text that a result cell gives."""
    for entry in root.iter(etree.Element):
        if local(entry) == "outputEntry":
            yield from expressions.texts(_text(entry))


@lru_cache(maxsize=KEPT)
def texts_of(root: etree._Element, fact: str) -> tuple[str, ...]:
    """Every text that the table may set a fact to."""
    return tuple(_texts_of(root, fact))


def _texts_of(root: etree._Element, fact: str) -> Iterator[str]:
    places = [place for place, name in enumerate(outputs(root)) if name == fact]
    for rule in root.iter(etree.Element):
        if local(rule) == "rule" and places:
            results = _children(rule, "outputEntry")
            for place in places:
                if place < len(results):
                    yield from expressions.texts(_text(results[place]))


@lru_cache(maxsize=KEPT)
def read_by(root: etree._Element) -> tuple[tuple[str, str], ...]:
    """(element id, expression) of every input and every cell that is filled in."""
    found = []
    for element in root.iter(etree.Element):
        if local(element) not in ("inputExpression", "inputEntry", "outputEntry"):
            continue
        if (text := _text(element)) and text != "-":
            owner = element if element.get("id") else element.getparent()
            is_cell = local(element) == "inputEntry"
            found.append((owner.get("id", ""), _whole(text) if is_cell else text))
    return tuple(found)


def _policy(table: _Table) -> Iterator[Problem]:
    policy = table.element.get("hitPolicy", "UNIQUE")
    if policy not in _POLICIES:
        yield table.found(
            table.element.get("id", ""),
            f"The hit policy “{policy}” is not supported.",
            "Use UNIQUE where one rule fits, FIRST where the first that fits counts, "
            "or COLLECT for a list of all.",
        )
    if table.element.get("aggregation"):
        yield table.found(
            table.element.get("id", ""),
            f"The table adds its results up ({table.element.get('aggregation')}).",
            "Collect a list, and use sum_of, max, min or count in a script task.",
        )
    if not table.rules:
        yield table.found(
            table.element.get("id", ""), "The table has no rules.", "Add a rule."
        )


def _columns(table: _Table) -> Iterator[Problem]:
    for column in table.inputs:
        identity = column.get("id", "")
        holders = _children(column, "inputExpression")
        text = _text(holders[0]) if holders else ""
        if not text:
            yield table.found(
                identity,
                f"The column “{column.get('label') or identity}” does not say which "
                "fact it looks at.",
                "Write the fact's name as its expression, such as breach_type.",
            )
        elif reason := expressions.fault(text):
            yield table.found(
                identity,
                f"The expression “{text}” of the column cannot be used: {reason}",
                expressions.REMEDY,
            )
    if not table.outputs:
        yield table.found(
            table.element.get("id", ""),
            "The table has no result column.",
            "Add an output with the name of the fact that it sets.",
        )
    seen: set[str] = set()
    for column in table.outputs:
        name, identity = column.get("name", ""), column.get("id", "")
        if not _NAME.fullmatch(name) or name in expressions.RESERVED:
            yield table.found(
                identity,
                f"The result column's name “{name}” cannot be the name of a fact.",
                "Use small letters, digits and underscores, and no word of the "
                "expression language.",
            )
        if name in seen:
            yield table.found(
                identity,
                f"Two result columns have the name “{name}”.",
                "Give each its own name.",
            )
        seen.add(name)


def _rules(table: _Table) -> Iterator[Problem]:
    for number, rule in enumerate(table.rules, start=1):
        identity = rule.get("id", "")
        entries = _children(rule, "inputEntry")
        results = _children(rule, "outputEntry")
        if not identity:
            yield table.found(
                table.element.get("id", ""),
                f"Rule {number} has no id.",
                "Give it one: the rehearsal reports which rules were used.",
            )
        for what, cells, columns in (
            ("conditions", entries, table.inputs),
            ("results", results, table.outputs),
        ):
            if len(cells) != len(columns):
                yield table.found(
                    identity,
                    f"Rule {number} has {len(cells)} {what} for {len(columns)} "
                    "columns.",
                    "Open the table in the editor and fill in the row.",
                )
        for cell in entries:
            yield from _cell(table, number, cell, is_result=False)
        for cell in results:
            yield from _cell(table, number, cell, is_result=True)


def _cell(
    table: _Table, number: int, cell: etree._Element, *, is_result: bool
) -> Iterator[Problem]:
    text = _text(cell)
    identity = cell.get("id", "")
    if not text and is_result:
        yield table.found(
            identity,
            f"Rule {number} has an empty result.",
            "Write a value, such as 1 or “text” in double quotes.",
        )
    if not text or (text == "-" and not is_result):
        return
    if reason := expressions.fault(text if is_result else _whole(text)):
        yield table.found(
            identity,
            f"The cell “{text}” of rule {number} cannot be used: {reason}",
            "Write a value, a comparison such as < 5, or an expression with ? for the "
            'value of the column, such as ? in ["a", "b"].',
        )


def _whole(cell: str) -> str:
    """A condition cell as an expression that stands by itself."""
    text = _QUESTION_MARK.sub("dmninputexpr", cell)
    if "dmninputexpr" in text or not expressions.is_syntax_error(text):
        return text
    return f"dmninputexpr {text}"


def _children(element: etree._Element, tag: str) -> list[etree._Element]:
    return [c for c in element.iterchildren(etree.Element) if local(c) == tag]


def _text(element: etree._Element) -> str:
    for child in _children(element, "text"):
        return (child.text or "").strip()
    return ""
