"""Finds periods that nobody knows, and lengths of time typed as numbers, wherever an
expression or script of a diagram, a form or a table has one."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator

from engine.checks import expressions, facts, tables
from engine.checks.everything import Everything
from engine.errors import Problem
from engine.forms.form_model import every

_DATES = ("today", "deadline", "earliest", "latest", "deemed_service")
_REMEDY = (
    "Choose a period instead, or make one under “Periods” (in the file: "
    'deadline("…", …), with a key from periods.yaml).'
)


def check(everything: Everything) -> Iterator[Problem]:
    """Every such period or number."""
    days = frozenset(
        field.key
        for form in everything.forms.values()
        for field in every(form.components)
        if field.type == "datetime"
    )
    for file, element, text in _texts(everything):
        yield from _keys(file, element, text, everything.periods)
        if typed := expressions.typed_period(text) or _typed_sum(text, days):
            yield Problem(
                file=file,
                element=element,
                problem=f"“{expressions.short(text)}” types a period as a number: "
                f"“{typed}”.",
                remedy=_REMEDY,
            )


def _texts(everything: Everything) -> Iterator[tuple[str, str, str]]:
    """(file, element, text) of everything that is evaluated."""
    for file, diagram in everything.diagrams.items():
        timers = {each.id: each.timer for each in diagram.elements.values()}
        for element, text in facts.read_by(diagram):
            if not (timers.get(element) == text and expressions.timer_fault(text)):
                yield file, element, text
    for identity, form in everything.forms.items():
        for component, _, text in form.expressions:
            yield f"forms/{identity}.json", component, text
    for file, table in everything.tables.items():
        for element, text in tables.read_by(table):
            yield file, element, text


def _keys(
    file: str, element: str, text: str, periods: Collection[str]
) -> Iterator[Problem]:
    keys, unclear = expressions.period_keys(text)
    if unclear:
        yield Problem(
            file=file,
            element=element,
            problem=f"The name of the period in “{expressions.short(text)}” is worked "
            "out, so that it cannot be checked.",
            remedy='Write the key in quotes: deadline("a" if … else "b", …).',
        )
    for key in keys:
        if periods and key not in periods:
            yield Problem(
                file=file,
                element=element,
                problem=f"There is no period “{key}”.",
                remedy="Use a key from periods.yaml, or add the period there with its "
                "source.",
            )


def _typed_sum(text: str, days: frozenset[str]) -> str:
    """A number that is added to a date, or taken from one; "" where there is none."""
    tree = expressions.parsed(text)
    for node in ast.walk(tree) if tree else ():
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub):
            sides = (node.left, node.right)
            if any(_is_number(s) for s in sides) and any(
                _is_day(s, days) for s in sides
            ):
                return ast.unparse(node)
    return ""


def _is_number(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and type(node.value) in (int, float)


def _is_day(node: ast.expr, days: frozenset[str]) -> bool:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name in days or name.endswith("_on")
        case ast.Call(func=ast.Name(id=word)):
            return word in _DATES
    return False
