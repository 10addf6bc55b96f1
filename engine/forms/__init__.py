"""Loads forms, and coerces and validates the answers to them.

Answers come from a page or from a story as plain values, lists and mappings; what
goes out are the facts: dates, numbers, booleans, text, lists. Rules and defaults are
expressions; their evaluator is handed in, so that nothing here knows the wall."""

from __future__ import annotations

import re
from collections import ChainMap
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from engine.errors import EngineError, InvalidAnswers
from engine.forms import coercion
from engine.forms.coercion import Refused, is_empty
from engine.forms.form_model import (
    Conditions,
    Field,
    Option,
    as_options,
    questions,
    within_groups,
)
from engine.forms.form_schema import Form

__all__ = [
    "Evaluate",
    "Field",
    "Form",
    "Option",
    "as_options",
    "hidden",
    "initial",
    "is_empty",
    "options",
    "validate",
]

Evaluate = Callable[[str, Mapping[str, Any]], Any]
"""An expression and the names that it may see, to its value."""


def validate(
    form: Form,
    raw: Mapping[str, Any],
    facts: Mapping[str, Any],
    *,
    evaluate: Evaluate | None = None,
) -> dict[str, Any]:
    """The answers, one for every question of the form.

    A question that is hidden or left empty answers None (a checkbox False, a list
    []), so that an earlier answer under the same key never lingers. InvalidAnswers
    carries one sentence per question; a question inside a list is named
    ``recipients-0-name``."""
    answered = _validate(form.components, raw, facts, _Context(evaluate=evaluate))
    if answered.errors:
        raise InvalidAnswers(answered.errors)
    return answered.values


def initial(
    form: Form, facts: Mapping[str, Any], *, evaluate: Evaluate | None = None
) -> dict[str, Any]:
    """What each question shows before anyone has answered: its default, if any.

    A default that the case cannot give yet is left empty for the officer."""
    found = {q.key: _default(q, facts, evaluate) for q in form.fields}
    return {key: value for key, value in found.items() if value is not None}


def _default(
    question: Field, facts: Mapping[str, Any], evaluate: Evaluate | None
) -> Any:
    if not question.default_from or evaluate is None:
        return question.default
    found = _attempt(evaluate, question.default_from, facts)
    return question.default if found is None else found


def _attempt(evaluate: Evaluate, expression: str, facts: Mapping[str, Any]) -> Any:
    """None where the case does not know enough yet."""
    try:
        return evaluate(expression, facts)
    except EngineError:
        return None


def options(
    question: Field, facts: Mapping[str, Any], *, evaluate: Evaluate | None = None
) -> tuple[Option, ...]:
    """The choices of a select, radio or checklist, from the case where it says so."""
    if question.options_from and evaluate is not None:
        return as_options(evaluate(question.options_from, facts))
    if question.values_key:
        return as_options(facts.get(question.values_key) or ())
    return question.options


def hidden(
    components: Sequence[Field], raw: Mapping[str, Any], facts: Mapping[str, Any]
) -> frozenset[str]:
    """What these answers hide: questions by key, groups and guidance by id."""
    coerced, _ = _coerce(components, raw, facts, _Context())
    shown = _visible(components, coerced, facts)
    asked = {question.key for question, _ in questions(components)}
    names = _names(coerced, shown, facts, asked)
    held = {
        component.key or component.id
        for component in within_groups(components)
        if component.hide is not None and component.hide.holds(names)
    }
    return frozenset(held | (asked - shown))


@dataclass(frozen=True, kw_only=True)
class _Context:
    evaluate: Evaluate | None = None
    path: str = ""


@dataclass(kw_only=True)
class _Answered:
    values: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)


def _validate(
    components: Sequence[Field],
    raw: Mapping[str, Any],
    facts: Mapping[str, Any],
    context: _Context,
) -> _Answered:
    coerced, refused = _coerce(components, raw, facts, context)
    visible = _visible(components, coerced, facts)
    answered = _Answered()
    for question, _ in questions(components):
        shown = question.key in visible and question.key in coerced
        value = coerced[question.key] if shown else coercion.empty(question)
        answered.values[question.key] = value
        if question.key in visible and question.key in refused:
            answered.errors.update(refused[question.key])
        elif shown and question.required and is_empty(value):
            name = context.path + question.key
            answered.errors[name] = coercion.required_message(question)
    _apply_rules(components, answered, facts, context)
    return answered


def _coerce(
    components: Sequence[Field],
    raw: Mapping[str, Any],
    facts: Mapping[str, Any],
    context: _Context,
) -> tuple[dict[str, Any], dict[str, dict[str, str]]]:
    """(value by key, errors by the key of the question that has them)."""
    values: dict[str, Any] = {}
    refused: dict[str, dict[str, str]] = {}
    for question, _ in questions(components):
        given = raw.get(question.key)
        try:
            if question.type == "dynamiclist":
                value = _coerce_list(question, given, raw, facts, context)
            else:
                choices = _choices(question, facts, context)
                value = coercion.coerce(question, given, choices)
            values[question.key] = coercion.empty(question) if value is None else value
        except Refused as error:
            refused[question.key] = {context.path + question.key: str(error)}
        except InvalidAnswers as error:
            refused[question.key] = error.errors
    return values, refused


def _choices(
    question: Field, facts: Mapping[str, Any], context: _Context
) -> tuple[Option, ...] | None:
    """None where the choices come from the case and nobody can work them out."""
    if question.options_from and context.evaluate is None:
        return None
    return options(question, facts, evaluate=context.evaluate)


def _coerce_list(
    question: Field,
    given: Any,
    raw: Mapping[str, Any],
    facts: Mapping[str, Any],
    context: _Context,
) -> list[dict[str, Any]]:
    if is_empty(given):
        return []
    if not isinstance(given, list | tuple):
        raise Refused(f"“{question.label}” must be a list")
    items: list[dict[str, Any]] = []
    errors: dict[str, str] = {}
    outer = ChainMap(dict(raw), dict(facts))
    for item in given:
        if not isinstance(item, Mapping):
            raise Refused(f"“{question.label}” must be a list of answers")
        if all(is_empty(value) for value in item.values()):
            continue
        path = f"{context.path}{question.key}-{len(items)}-"
        inner = _Context(evaluate=context.evaluate, path=path)
        answered = _validate(question.components, item, outer, inner)
        errors.update(answered.errors)
        items.append(answered.values)
    if errors:
        raise InvalidAnswers(errors)
    return items


def _visible(
    components: Sequence[Field], values: Mapping[str, Any], facts: Mapping[str, Any]
) -> frozenset[str]:
    """The keys of the questions shown: repeated, as hiding one may hide another."""
    hides: dict[str, Conditions] = {q.key: h for q, h in questions(components)}
    shown = frozenset(hides)
    for _ in range(len(hides) + 1):
        names = _names(values, shown, facts, hides)
        now = frozenset(
            key
            for key, conditions in hides.items()
            if not any(condition.holds(names) for condition in conditions)
        )
        if now == shown:
            break
        shown = now
    return shown


def _names(
    values: Mapping[str, Any],
    shown: Collection[str],
    facts: Mapping[str, Any],
    asked: Iterable[str],
) -> Mapping[str, Any]:
    """What a condition sees: a hidden answer is null, whatever was known before."""
    kept = {key: value for key, value in values.items() if key in shown}
    return ChainMap(kept, dict.fromkeys(asked, None), dict(facts))


def _apply_rules(
    components: Sequence[Field],
    answered: _Answered,
    facts: Mapping[str, Any],
    context: _Context,
) -> None:
    """Ask the `must` of each answered question, unless something is wrong already."""
    if answered.errors or context.evaluate is None:
        return
    names = ChainMap(answered.values, dict(facts))
    for question, _ in questions(components):
        if not question.must or is_empty(answered.values.get(question.key)):
            continue
        if context.evaluate(question.must, names) is not True:
            name = context.path + question.key
            answered.errors[name] = re.sub(r"\s+", " ", question.must_message)
