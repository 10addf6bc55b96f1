"""Decision tables: which rows fit, and what they say.

A cell is an expression of the wall. `-` or nothing fits anything; `>= 5` and `in [..]`
are compared with the column's value; `?` stands for that value; `"a", "b"` fits either;
anything else must equal it."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from lxml import etree

from engine.bpmn import diagrams, scripting, scripting_sums
from engine.errors import DefinitionError, ExpressionError, Problem

INPUT = "dmninputexpr"
"""The name of the column's value inside a cell."""
_QUESTION_MARK = re.compile(r"""\?(?=(?:[^'"]|"[^"]*"|'[^']*')*$)""")
HIT_POLICIES = ("UNIQUE", "FIRST", "COLLECT")

Evaluate = Callable[[str, Mapping[str, object]], object]


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A row: one cell for each column, as written."""

    id: str
    number: int
    conditions: tuple[str, ...]
    results: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Found:
    """What a table said: the facts it sets and the rules it took."""

    outputs: dict[str, object]
    rules: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class DecisionTable:
    """A DMN decision table, ready to be asked."""

    decision: str
    name: str
    hit_policy: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    rules: tuple[Rule, ...]

    def decide(self, evaluate: Evaluate) -> Found:
        """Ask the table. ExpressionError if no row fits, or two do in a UNIQUE one."""
        return self.answer([evaluate(text, {}) for text in self.inputs], evaluate)

    def fitting(self, values: list[object], evaluate: Evaluate) -> list[Rule]:
        """The rows that fit these values of the columns."""
        return [rule for rule in self.rules if self._fits(rule, values, evaluate)]

    def answer(self, values: list[object], evaluate: Evaluate) -> Found:
        """What the table says where its columns have these values."""
        fitting = self.fitting(values, evaluate)
        if self.hit_policy == "COLLECT":
            rows = [self._results(rule, evaluate) for rule in fitting]
            collected: dict[str, object] = {
                name: [row[name] for row in rows] for name in self.outputs
            }
            return Found(outputs=collected, rules=tuple(r.id for r in fitting))
        if not fitting:
            given = ", ".join(
                f"{text} = {value!r}"
                for text, value in zip(self.inputs, values, strict=True)
            )
            raise ExpressionError(
                f"No row of the table “{self.name}” fits ({given}). Add a row, or a "
                "last row that fits everything."
            )
        if self.hit_policy == "UNIQUE" and len(fitting) > 1:
            raise ExpressionError(
                f"Rows {fitting[0].number} and {fitting[1].number} of the table "
                f"“{self.name}” both fit. Change one, or set the hit policy to FIRST."
            )
        first = fitting[0]
        return Found(outputs=self._results(first, evaluate), rules=(first.id,))

    def _fits(self, rule: Rule, values: list[object], evaluate: Evaluate) -> bool:
        return all(
            _cell_fits(cell, value, evaluate)
            for cell, value in zip(rule.conditions, values, strict=True)
        )

    def _results(self, rule: Rule, evaluate: Evaluate) -> dict[str, object]:
        return {
            name: evaluate(cell, {}) if cell else None
            for name, cell in zip(self.outputs, rule.results, strict=True)
        }


def _cell_fits(cell: str, value: object, evaluate: Evaluate) -> bool:
    if cell in ("", "-"):
        return True
    given = {INPUT: value}
    test, compares = condition(cell)
    found = evaluate(test, given)
    if not compares:
        return bool(found)
    if isinstance(found, list) and _is_several(cell):
        return any(scripting_sums.compare(ast.Eq, value, each) for each in found)
    return scripting_sums.compare(ast.Eq, value, found)


def condition(cell: str) -> tuple[str, bool]:
    """The expression that a cell stands for, and whether its value is still to be
    compared with the column's."""
    asked = _QUESTION_MARK.sub(INPUT, cell)
    if asked != cell:
        return asked, False
    if scripting.is_well_formed(cell):
        return cell, True
    return f"{INPUT} {cell}", False


def _is_several(cell: str) -> bool:
    return isinstance(ast.parse(cell.strip(), mode="eval").body, ast.Tuple)


def unread(decision: str) -> DecisionTable:
    """A table without columns or rules, in the place of one that is not at hand."""
    return DecisionTable(
        decision=decision, name="", hit_policy="FIRST", inputs=(), outputs=(), rules=()
    )


def read(name: str, content: bytes) -> DecisionTable:
    """The table in a file named ``<decision>.dmn``. DefinitionError says why not."""
    root = diagrams.xml(name, content)
    stem = name.rsplit("/", 1)[-1].removesuffix(".dmn")
    found = _children(root, "decision")
    tables = _children(found[0], "decisionTable") if found else []
    if len(found) != 1 or found[0].get("id") != stem or len(tables) != 1:
        raise _wrong(
            name,
            found[0].get("id", "") if found else "",
            f"The file must hold one decision with the id “{stem}” and one table.",
            f"Give the decision the id “{stem}”, or rename the file.",
        )
    table = tables[0]
    policy = (table.get("hitPolicy") or "UNIQUE").upper()
    if policy not in HIT_POLICIES:
        raise _wrong(
            name,
            stem,
            f"The hit policy {policy} is not supported.",
            "Use UNIQUE, FIRST or COLLECT.",
        )
    inputs = tuple(_input(column) for column in _children(table, "input"))
    outputs = tuple(column.get("name") or "" for column in _children(table, "output"))
    if not outputs or not all((*inputs, *outputs)):
        raise _wrong(
            name,
            stem,
            "A column has no expression (input) or no name (output).",
            "Say in each column which fact it reads or sets.",
        )
    rules = tuple(_rules(table))
    for rule in rules:
        if (len(rule.conditions), len(rule.results)) != (len(inputs), len(outputs)):
            raise _wrong(
                name,
                rule.id,
                f"Row {rule.number} has not one cell for each column.",
                "Open the table in the editor and save it again.",
            )
    return DecisionTable(
        decision=stem,
        name=found[0].get("name") or stem,
        hit_policy=policy,
        inputs=inputs,
        outputs=outputs,
        rules=rules,
    )


def expressions(table: DecisionTable) -> Iterator[tuple[str, str]]:
    """(the rule's or decision's id, expression) of every column and cell."""
    for text in table.inputs:
        yield table.decision, text
    for rule in table.rules:
        for cell in rule.conditions:
            if cell not in ("", "-"):
                yield rule.id, condition(cell)[0]
        for cell in rule.results:
            if cell:
                yield rule.id, cell


def _wrong(name: str, element: str, problem: str, remedy: str) -> DefinitionError:
    return DefinitionError(
        [Problem(file=name, element=element, problem=problem, remedy=remedy)]
    )


def _rules(table: etree._Element) -> Iterator[Rule]:
    for number, row in enumerate(_children(table, "rule"), start=1):
        yield Rule(
            id=row.get("id") or f"rule_{number}",
            number=number,
            conditions=tuple(_cell(c) for c in _children(row, "inputEntry")),
            results=tuple(_cell(c) for c in _children(row, "outputEntry")),
        )


def _input(column: etree._Element) -> str:
    found = _children(column, "inputExpression")
    return _cell(found[0]) if found else ""


def _cell(holder: etree._Element) -> str:
    found = _children(holder, "text")
    return (found[0].text or "").strip() if found else ""


def _children(node: etree._Element, tag: str) -> list[etree._Element]:
    return [
        child
        for child in node.iterchildren(etree.Element)
        if etree.QName(child).localname == tag
    ]
