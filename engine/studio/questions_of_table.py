"""The questions with which a decision table is tried: one for each column.

A column that reads an answer is asked like the form asks it; any other by the values
that its cells name."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from engine.bpmn import decisions, wall
from engine.bpmn.decisions import DecisionTable
from engine.errors import ExpressionError
from engine.forms import Field, Form
from engine.forms.form_model import every
from engine.studio.table_sheet import TableSheet

YES, NO = "yes", "no"
_SAME = ("textfield", "textarea", "number", "datetime", "checkbox")
_BY_TYPE = {"number": "number", "date": "datetime", "boolean": "radio"}


def ask(
    table: DecisionTable, sheet: TableSheet, forms: Iterable[Form]
) -> dict[str, Any]:
    """A form-js form: a question `column_<n>` for each input, then one under its own
    name for each fact that only cells read."""
    known = _known(forms)
    asked = [
        _column(number, text, sheet, known, _cells(table, number))
        for number, text in enumerate(table.inputs)
    ]
    asked += [_fact(name, known.get(name)) for name in facts_of_cells(table)]
    return {"id": "try", "type": "default", "components": asked}


def values(
    table: DecisionTable, form: Form, given: Mapping[str, Any]
) -> tuple[list[Any], dict[str, Any]]:
    """The columns' values and the other facts, from what was answered."""
    truths = {f.key for f in form.fields if f.id.endswith("_is_true")}
    read = {k: v == YES if k in truths else v for k, v in given.items()}
    columns = [read.pop(f"column_{n}") for n in range(len(table.inputs))]
    return columns, read


def facts_of_cells(table: DecisionTable) -> list[str]:
    """The facts that cells read themselves, in order."""
    found = (name for _, text in _expressions(table) for name in _names(text))
    return list(dict.fromkeys(found))


def _column(
    number: int,
    text: str,
    sheet: TableSheet,
    known: Mapping[str, Field],
    cells: Sequence[str],
) -> dict[str, Any]:
    column = sheet.inputs[number] if number < len(sheet.inputs) else None
    label = column.label if column else text
    asked = {
        "key": f"column_{number}",
        "id": f"column_{number}",
        "label": label,
        "description": text,
    }
    question = known.get(text)
    if question is not None and (question.options or question.type in _SAME):
        return asked | _like(question, cells)
    return asked | _by_cells(asked["id"], cells, column.type if column else "")


def _like(question: Field, cells: Sequence[str]) -> dict[str, Any]:
    asked: dict[str, Any] = {"type": question.type}
    if question.type == "datetime":
        asked["subtype"] = question.subtype
    if question.options:
        choices = {option.value: option.label for option in question.options}
        choices |= {text: text for text in _texts(cells) if text not in choices}
        asked["type"] = "checklist" if question.type == "checklist" else "select"
        asked["values"] = _choices(choices)
    return asked


def _by_cells(identity: str, cells: Sequence[str], type_ref: str) -> dict[str, Any]:
    if any(cell in ("True", "False") for cell in cells):
        return _yes_or_no(identity)
    if texts := _texts(cells):
        held = any(_asks_what_is_held(cell) for cell in cells)
        choices = {text: text for text in texts}
        return {
            "type": "checklist" if held else "select",
            "values": _choices(choices if held else choices | {"?": "Something else"}),
        }
    kind = _BY_TYPE.get(type_ref, "textfield")
    if kind == "radio":
        return _yes_or_no(identity)
    if kind == "textfield" and any(_is_number(cell) for cell in cells):
        kind = "number"
    return {"type": kind}


def _yes_or_no(identity: str) -> dict[str, Any]:
    values = _choices({YES: "Yes", NO: "No"})
    return {"type": "radio", "id": f"{identity}_is_true", "values": values}


def _fact(name: str, question: Field | None) -> dict[str, Any]:
    label = question.label if question else name.replace("_", " ").capitalize()
    asked = {"key": name, "id": name, "label": label, "description": name}
    return asked | (_like(question, ()) if question else {"type": "textfield"})


def _choices(found: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"value": value, "label": label} for value, label in found.items()]


def _known(forms: Iterable[Form]) -> dict[str, Field]:
    """Questions by key; one with choices before one without."""
    found: dict[str, Field] = {}
    for form in forms:
        for question in every(form.components):
            before = found.get(question.key)
            if question.key and (before is None or not before.options):
                found[question.key] = question
    return found


def _cells(table: DecisionTable, number: int) -> list[str]:
    cells = (rule.conditions[number] for rule in table.rules)
    return [cell for cell in cells if cell not in ("", "-")]


def _texts(cells: Iterable[str]) -> list[str]:
    """Every text that the cells compare with, in order."""
    found = (
        node.value
        for cell in cells
        for node in _nodes(decisions.condition(cell)[0])
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )
    return list(dict.fromkeys(found))


def _asks_what_is_held(cell: str) -> bool:
    """Whether the cell looks for something inside the column's value."""
    return any(
        isinstance(node, ast.Compare)
        and any(
            isinstance(sign, ast.In | ast.NotIn)
            and isinstance(side, ast.Name)
            and side.id == decisions.INPUT
            for sign, side in zip(node.ops, node.comparators, strict=True)
        )
        for node in _nodes(decisions.condition(cell)[0])
    )


def _is_number(cell: str) -> bool:
    return any(
        isinstance(node, ast.Constant) and isinstance(node.value, int | float)
        for node in _nodes(decisions.condition(cell)[0])
    )


def _expressions(table: DecisionTable) -> Iterator[tuple[str, str]]:
    found = decisions.expressions(table)
    return (each for each in found if each[0] != table.decision)


def _names(text: str) -> Iterator[str]:
    called = {
        node.func.id
        for node in _nodes(text)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    for node in _nodes(text):
        if isinstance(node, ast.Name) and node.id not in called | {
            decisions.INPUT,
            "case",
        }:
            yield node.id


def _nodes(text: str) -> list[ast.AST]:
    try:
        return list(ast.walk(wall.expression(text)))
    except ExpressionError:
        return []
