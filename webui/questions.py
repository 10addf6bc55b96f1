"""Turns a form and its answers into what the page shows, question by question."""

from __future__ import annotations

import json
from collections import ChainMap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from engine import LONDON, Field, Form, Option, hidden_questions

Choices = Mapping[str, tuple[Option, ...]]


@dataclass(frozen=True, kw_only=True)
class Shown:
    """One component as the page shows it. `name` is also the id of its first input."""

    field: Field
    name: str
    value: Any = None
    error: str = ""
    options: tuple[Option, ...] = ()
    hide: str = ""
    """The condition as JSON that the page can work out; empty for none."""
    is_hidden: bool = False
    components: tuple[Shown, ...] = ()
    rows: tuple[Row, ...] = ()

    @property
    def label(self) -> str:
        """The question, with “(optional)” where it may be left empty."""
        optional = self.field.is_question and not self.field.required
        optional = optional and self.field.type != "checkbox"
        return f"{self.field.label} (optional)" if optional else self.field.label


@dataclass(frozen=True, kw_only=True)
class Row:
    """One entry of a list."""

    name: str
    components: tuple[Shown, ...]


@dataclass(frozen=True, kw_only=True)
class _Page:
    facts: Mapping[str, Any]
    errors: Mapping[str, str]
    choices: Choices
    asked: frozenset[str]


def show(
    form: Form,
    answers: Mapping[str, Any],
    facts: Mapping[str, Any],
    *,
    errors: Mapping[str, str] | None = None,
    choices: Choices | None = None,
) -> tuple[Shown, ...]:
    """The components of a form with what was answered and what is wrong with it.

    `choices` holds the options that the case decides, by question."""
    keys = frozenset(field.key for field in form.fields)
    page = _Page(facts=facts, errors=errors or {}, choices=choices or {}, asked=keys)
    return _show(form.components, answers, page)


def summary(components: Sequence[Shown]) -> list[dict[str, str]]:
    """The error summary: a sentence for each wrong answer, linked to its question."""
    found: list[dict[str, str]] = []
    for shown in components:
        if shown.error:
            found.append({"text": shown.error, "href": f"#{anchor(shown)}"})
        found += summary(shown.components)
        for row in shown.rows:
            found += summary(row.components)
    return found


def anchor(shown: Shown) -> str:
    """The id of the input to which an error leads."""
    match shown.field.type:
        case "datetime":
            return f"{shown.name}-day"
        case "dynamiclist":
            return f"{shown.name}-add"
    return shown.name


def _show(
    components: Sequence[Field],
    answers: Mapping[str, Any],
    page: _Page,
    prefix: str = "",
) -> tuple[Shown, ...]:
    hidden = hidden_questions(components, answers, page.facts)
    return tuple(
        _component(field, answers, page, prefix=prefix, hidden=hidden)
        for field in components
    )


def _component(
    field: Field,
    answers: Mapping[str, Any],
    page: _Page,
    *,
    prefix: str,
    hidden: frozenset[str],
) -> Shown:
    name = prefix + (field.key or field.id)
    inside: tuple[Shown, ...] = ()
    if field.type == "group":
        inside = _show(field.components, answers, page, prefix)
    value = answers.get(field.key) if field.key else None
    facts_only = field.hide is not None and not page.asked.intersection(
        field.hide.names
    )
    return Shown(
        field=field,
        name=name,
        value=_value(field, value),
        error=page.errors.get(name, ""),
        options=page.choices.get(field.key, field.options),
        hide="" if field.hide is None or facts_only else _condition(field, page),
        is_hidden=(field.key or field.id) in hidden,
        components=inside,
        rows=_rows(field, value, answers, page, name),
    )


def _condition(field: Field, page: _Page) -> str:
    assert field.hide is not None
    return json.dumps(field.hide.given(page.facts, page.asked))


def _rows(
    field: Field,
    value: Any,
    answers: Mapping[str, Any],
    page: _Page,
    name: str,
) -> tuple[Row, ...]:
    if field.type != "dynamiclist":
        return ()
    rows = value if isinstance(value, list | tuple) and value else [{}]
    inner = _Page(
        facts=ChainMap(dict(answers), dict(page.facts)),
        errors=page.errors,
        choices=page.choices,
        asked=page.asked | {inside.key for inside in field.fields},
    )
    return tuple(
        Row(
            name=f"{name}-{number}",
            components=_show(field.components, row, inner, f"{name}-{number}-"),
        )
        for number, row in enumerate(rows)
        if isinstance(row, Mapping)
    )


def _value(field: Field, value: Any) -> Any:
    if field.type in ("checklist", "filepicker"):
        return value if isinstance(value, str | list | tuple) else []
    if field.type != "datetime":
        return value
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return {}
    if isinstance(value, datetime) and value.tzinfo:
        value = value.astimezone(LONDON)
    if isinstance(value, date):
        parts = {"day": value.day, "month": value.month, "year": value.year}
        if isinstance(value, datetime) and field.subtype == "datetime":
            return {**parts, "time": f"{value:%H:%M}"}
        return parts
    return value or {}
