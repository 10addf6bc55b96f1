"""Tries what is not saved yet: a form as officers would see it, a table on one case.

Both are read and worked out by what runs them on real cases; nothing is kept."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from engine import forms
from engine.bpmn import decisions, scripting, words
from engine.bpmn.words import Surroundings
from engine.errors import (
    DefinitionError,
    EngineError,
    ExpressionError,
    InvalidAnswers,
    Problem,
)
from engine.forms import Form, Option
from engine.forms.form_schema import PAGE_NAMES
from engine.law.periods import CouncilPeriods
from engine.studio import questions_of_table, table_sheet
from engine.studio.table_sheet import TableSheet

LARGEST_FORM = 1_000_000


@dataclass(frozen=True, kw_only=True)
class FormPreview:
    """A form with what it would show on a case of which nothing is known."""

    form: Form
    answers: Mapping[str, Any] = field(default_factory=dict)
    choices: Mapping[str, tuple[Option, ...]] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    is_accepted: bool = False
    """The answers that were tried would be taken."""
    note: str = ""
    """Why the form, or the answers, cannot be shown as they would be."""
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, kw_only=True)
class TriedTable:
    """What a table says to the values tried."""

    form: Form
    errors: Mapping[str, str] = field(default_factory=dict)
    fitting: tuple[str, ...] = ()
    """The ids of the rules that fit."""
    counted: tuple[str, ...] = ()
    """Those of them that decide."""
    outputs: tuple[tuple[str, Any], ...] = ()
    """What each result column is called, and what it says."""
    why_not: str = ""
    """Why there is no answer, where there is none."""


def reserved_names() -> frozenset[str]:
    """The names that no question may have for its key."""
    return scripting.RESERVED | PAGE_NAMES


def evaluator(periods: CouncilPeriods, now: datetime) -> forms.Evaluate:
    """Expressions on a case of which nothing is known."""
    return words.evaluator(Surroundings(now, {}, periods))


def preview(
    name: str,
    text: str,
    evaluate: forms.Evaluate,
    answers: Mapping[str, Any] | None = None,
) -> FormPreview:
    """The form in the text, with these answers tried if there are any."""
    form, problems = read_form(name, text)
    if answers is None:
        shown = FormPreview(
            form=form, answers=forms.initial(form, {}, evaluate=evaluate)
        )
    else:
        shown = _tried(form, answers, evaluate)
    return FormPreview(
        form=form,
        answers=shown.answers,
        choices=_choices(form, evaluate),
        errors=shown.errors,
        is_accepted=shown.is_accepted,
        note=shown.note,
        problems=problems,
    )


def read_form(name: str, text: str) -> tuple[Form, tuple[Problem, ...]]:
    """What of the text can be shown, and what is wrong with it."""
    try:
        schema = json.loads(text[:LARGEST_FORM])
        return Form.sketch(schema, file=name, reserved=scripting.WORDS)
    except (ValueError, RecursionError) as error:
        reason = "nested too deeply" if isinstance(error, RecursionError) else error
        problem = Problem(
            file=name,
            element="",
            problem=f"It cannot be read: {reason}.",
            remedy="Take the last form that worked, or put it right in the file.",
        )
        return Form(id="", components=()), (problem,)


def _tried(
    form: Form, answers: Mapping[str, Any], evaluate: forms.Evaluate
) -> FormPreview:
    try:
        forms.validate(form, answers, {}, evaluate=evaluate)
    except InvalidAnswers as invalid:
        return FormPreview(form=form, answers=answers, errors=invalid.errors)
    except EngineError as error:
        return FormPreview(
            form=form,
            answers=answers,
            note=f"A rule could not be tried without a case: {error}",
        )
    return FormPreview(form=form, answers=answers, is_accepted=True)


def _choices(form: Form, evaluate: forms.Evaluate) -> dict[str, tuple[Option, ...]]:
    found = {}
    for question in form.fields:
        if not (question.options_from or question.values_key):
            continue
        try:
            choices = forms.options(question, {}, evaluate=evaluate)
        except EngineError:
            choices = ()
        source = question.options_from or question.values_key
        found[question.key] = choices or (
            Option(label=f"(from the case: {source})", value=""),
        )
    return found


def ask_table(name: str, content: bytes, files: Mapping[str, bytes]) -> TriedTable:
    """The questions with which a table is tried. DefinitionError if it has none."""
    _, _, form = _read_table(name, content, _forms(files))
    return TriedTable(form=form)


def try_table(
    name: str,
    content: bytes,
    files: Mapping[str, bytes],
    answers: Mapping[str, Any],
    evaluate: forms.Evaluate,
) -> TriedTable:
    """What the table says to these answers, and which rules fit."""
    table, sheet, form = _read_table(name, content, _forms(files))
    try:
        given = forms.validate(form, answers, {})
    except InvalidAnswers as invalid:
        return TriedTable(form=form, errors=invalid.errors)
    columns, facts = questions_of_table.values(table, form, given)

    def ask(text: str, names: Mapping[str, object]) -> object:
        return evaluate(text, {**facts, **names})

    fitting: tuple[str, ...] = ()
    try:
        fitting = tuple(rule.id for rule in table.fitting(columns, ask))
        found = table.answer(columns, ask)
    except ExpressionError as error:
        return TriedTable(form=form, fitting=fitting, why_not=str(error))
    labels = {column.fact: column.label for column in sheet.outputs}
    return TriedTable(
        form=form,
        fitting=fitting,
        counted=found.rules,
        outputs=tuple((labels.get(k, k), v) for k, v in found.outputs.items()),
        why_not="" if found.rules else "No row fits, so every result is an empty list.",
    )


def _read_table(
    name: str, content: bytes, known: Iterable[Form]
) -> tuple[decisions.DecisionTable, TableSheet, Form]:
    table = decisions.read(name, content)
    sheet = table_sheet.read(name, content)
    return table, sheet, Form.parse(questions_of_table.ask(table, sheet, known))


def _forms(files: Mapping[str, bytes]) -> list[Form]:
    found = []
    for name, content in files.items():
        if name.endswith(".json"):
            try:
                found.append(Form.parse(json.loads(content)))
            except (ValueError, RecursionError, DefinitionError):
                continue
    return found
