"""Reads a form-js schema into a Form, or says what in it cannot be used."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from engine.errors import DefinitionError, Problem
from engine.forms import feel, patterns
from engine.forms.form_model import (
    QUESTIONS,
    Field,
    Option,
    as_options,
    every,
    questions,
)

CHOICES = frozenset({"select", "radio", "checklist"})
CONTAINERS = frozenset({"group", "dynamiclist"})
SUPPORTED = QUESTIONS | {"group", "text", "separator"}

# Written by the form-js editor and without a meaning on a one-column page.
_EDITOR = frozenset(
    "layout schemaVersion exporter executionPlatform executionPlatformVersion "
    "showOutline isRepeating allowAddRemove disableCollapse nonCollapsedItems "
    "defaultRepetitions use24h timeInterval timeSerializingFormat increment".split()
)
_COMPONENT_KEYS = _EDITOR | frozenset(
    "id type key path label dateLabel timeLabel description text subtype values "
    "valuesKey components validate conditional defaultValue properties appearance "
    "decimalDigits multiple accept".split()
)
_FORM_KEYS = _EDITOR | frozenset({"id", "type", "components", "title"})
_VALIDATE_KEYS = frozenset("required min max minLength maxLength pattern".split())
PROPERTIES = frozenset(
    "default_from options_from must must_message required_message unit prefix "
    "record".split()
)
PAGE_NAMES = frozenset({"action", "csrf_token", "reason"})
"""What the page of a task sends beside the answers: an answer would be taken for it."""
_KEY = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True, kw_only=True)
class Form:
    """The questions of one task, in order."""

    id: str
    components: tuple[Field, ...]
    title: str = ""

    @classmethod
    def parse(
        cls,
        schema: Mapping[str, Any],
        *,
        file: str = "",
        reserved: Collection[str] = (),
    ) -> Form:
        """Read a form-js schema; DefinitionError lists everything that is wrong.

        ``reserved`` holds the words of the expression language: no question may
        have one for its key."""
        form, problems = cls.sketch(schema, file=file, reserved=reserved)
        if problems:
            raise DefinitionError(problems)
        return form

    @classmethod
    def sketch(
        cls,
        schema: Mapping[str, Any],
        *,
        file: str = "",
        reserved: Collection[str] = (),
    ) -> tuple[Form, tuple[Problem, ...]]:
        """What of a form can be shown already, and all that is wrong with it."""
        reader = _Reader(file, frozenset(reserved) | {"case"})
        form = reader.form(schema)
        return form, tuple(reader.problems)

    @property
    def fields(self) -> tuple[Field, ...]:
        """Every question, those inside groups too, those inside lists not."""
        return tuple(f for f, _ in questions(self.components))

    @property
    def expressions(self) -> tuple[tuple[str, str, str], ...]:
        """(component id, property, expression) of the wall language, for checking."""
        names = ("default_from", "options_from", "must")
        return tuple(
            (field.id, name, getattr(field, name))
            for field in every(self.components)
            for name in names
            if getattr(field, name)
        )


class _Reader:
    """Collects every problem of one schema before it gives up."""

    def __init__(self, file: str, reserved: frozenset[str]) -> None:
        self.problems: list[Problem] = []
        self._file = file
        self._reserved = reserved

    def form(self, schema: Mapping[str, Any]) -> Form:
        if not isinstance(schema, Mapping) or not isinstance(
            schema.get("components"), list
        ):
            self._problem(
                "the form", "It is not a form-js form.", "Give it a list “components”."
            )
            return Form(id="", components=())
        self._file = self._file or f"{schema.get('id', 'form')}.json"
        for key in sorted(set(schema) - _FORM_KEYS):
            self._problem(key, "A form has no such setting.", "Take it out.")
        components = self._components(schema["components"])
        return Form(
            id=str(schema.get("id", "")),
            title=str(schema.get("title", "")),
            components=components,
        )

    def _components(self, raw: Any) -> tuple[Field, ...]:
        fields: list[Field] = []
        for number, component in enumerate(raw if isinstance(raw, list) else (), 1):
            if not isinstance(component, Mapping):
                self._problem(
                    f"component {number}", "It is not a component.", "Take it out."
                )
            elif (field := self._component(component, number)) is not None:
                fields.append(field)
        seen: set[str] = set()
        for field, _ in questions(fields):
            if field.key in seen:
                self._problem(
                    field.key, "Two questions have this key.", "Give each its own key."
                )
            seen.add(field.key)
        return tuple(fields)

    def _component(self, raw: Mapping[str, Any], number: int) -> Field | None:
        kind = str(raw.get("type", ""))
        name = str(raw.get("key") or raw.get("path") or raw.get("id") or number)
        if kind not in SUPPORTED:
            self._problem(
                name,
                f"A component of type “{kind}” cannot be shown.",
                f"Use one of: {', '.join(sorted(SUPPORTED))}.",
            )
            return None
        properties = self._mapping(name, raw, "properties")
        rules = self._mapping(name, raw, "validate")
        self._unknown(name, raw, rules, properties)
        field = Field(
            type=kind,
            id=str(raw.get("id") or name),
            key=self._key(name, kind, raw),
            label=str(raw.get("label") or raw.get("dateLabel") or ""),
            hint=str(raw.get("description") or ""),
            text=str(raw.get("text") or ""),
            subtype=self._subtype(name, kind, raw),
            required=rules.get("required") is True,
            min=self._number(name, rules, "min"),
            max=self._number(name, rules, "max"),
            min_length=_whole(self._number(name, rules, "minLength")),
            max_length=_whole(self._number(name, rules, "maxLength")),
            pattern=self._pattern(name, rules),
            decimals=raw.get("decimalDigits"),
            multiple=raw.get("multiple") is True,
            options=self._options(name, kind, raw, properties),
            values_key=str(raw.get("valuesKey") or ""),
            default=raw.get("defaultValue"),
            hide=self._hide(name, raw),
            components=self._inside(kind, raw),
            **_strings(self._mapping(name, raw, "appearance"), properties),
        )
        self._sense(name, field)
        return field

    def _inside(self, kind: str, raw: Mapping[str, Any]) -> tuple[Field, ...]:
        return self._components(raw.get("components")) if kind in CONTAINERS else ()

    def _unknown(
        self,
        name: str,
        raw: Mapping[str, Any],
        rules: Mapping[str, Any],
        properties: Mapping[str, Any],
    ) -> None:
        for key in sorted(set(raw) - _COMPONENT_KEYS):
            self._problem(name, f"The setting “{key}” has no effect.", "Take it out.")
        for part, held, known in (
            ("validate", rules, _VALIDATE_KEYS),
            ("properties", properties, PROPERTIES),
        ):
            for key in sorted(set(held) - known):
                self._problem(
                    name,
                    f"“{part}” may not hold “{key}”.",
                    f"Use one of: {', '.join(sorted(known))}.",
                )

    def _mapping(self, name: str, raw: Mapping[str, Any], key: str) -> dict[str, Any]:
        value = raw.get(key) or {}
        if isinstance(value, Mapping):
            return dict(value)
        self._problem(name, f"“{key}” is not a set of settings.", "Write it as {…}.")
        return {}

    def _key(self, name: str, kind: str, raw: Mapping[str, Any]) -> str:
        if kind not in QUESTIONS:
            if raw.get("path"):
                self._problem(name, "A group may not have a path.", "Take it out.")
            return ""
        key = str((raw.get("path") if kind == "dynamiclist" else None) or "")
        key = key or str(raw.get("key") or "")
        if not _KEY.fullmatch(key):
            self._problem(
                name,
                "The question has no usable key.",
                "Give it a key of small letters, digits and underscores.",
            )
        if key in PAGE_NAMES:
            self._problem(
                name,
                f"“{key}” is a name that the page needs for itself.",
                f"Choose another key, such as {key}_given.",
            )
        if key in self._reserved:
            self._problem(
                name, f"“{key}” is a word of the diagrams.", "Choose another key."
            )
        return key

    def _subtype(self, name: str, kind: str, raw: Mapping[str, Any]) -> str:
        if kind != "datetime":
            return ""
        subtype = str(raw.get("subtype") or "date")
        if subtype not in ("date", "datetime"):
            self._problem(
                name,
                f"A date of the subtype “{subtype}” cannot be shown.",
                "Use date or datetime.",
            )
        return subtype

    def _number(self, name: str, rules: Mapping[str, Any], key: str) -> float | None:
        value = rules.get(key)
        if value is None or value == "":
            return None
        if isinstance(value, int | float) and not isinstance(value, bool):
            return value
        self._problem(name, f"“{key}” is not a number.", "Write a number.")
        return None

    def _pattern(self, name: str, rules: Mapping[str, Any]) -> str | None:
        pattern = rules.get("pattern")
        if not pattern:
            return None
        if fault := patterns.fault(str(pattern)):
            self._problem(name, f"“pattern” {fault}.", "Mend or remove it.")
            return None
        return str(pattern)

    def _options(
        self,
        name: str,
        kind: str,
        raw: Mapping[str, Any],
        properties: Mapping[str, Any],
    ) -> tuple[Option, ...]:
        if kind not in CHOICES:
            return ()
        found = as_options(raw.get("values") or ())
        if not (found or raw.get("valuesKey") or properties.get("options_from")):
            self._problem(
                name, "There is nothing to choose from.", "Give it values to choose."
            )
        if len({option.value for option in found}) < len(found):
            self._problem(
                name, "Two choices have the same value.", "Give each its own value."
            )
        return found

    def _hide(self, name: str, raw: Mapping[str, Any]) -> feel.Condition | None:
        text = self._mapping(name, raw, "conditional").get("hide")
        if not text:
            return None
        try:
            return feel.parse(str(text))
        except feel.ConditionError as error:
            self._problem(
                name,
                f"The condition “{text}” cannot be used: {error}",
                'Write a comparison such as =visit_made != "yes".',
            )
            return None

    def _sense(self, name: str, field: Field) -> None:
        if (field.is_question or field.type == "group") and not field.label:
            self._problem(name, "It has no label.", "Give it a label.")
        if bool(field.must) != bool(field.must_message):
            self._problem(
                name,
                "“must” and “must_message” belong together.",
                "Give both: the rule, and the sentence shown where it is broken.",
            )
        if field.type == "dynamiclist" and not field.fields:
            self._problem(name, "The list asks nothing.", "Put a question inside it.")

    def _problem(self, element: str, problem: str, remedy: str) -> None:
        self.problems.append(
            Problem(file=self._file, element=element, problem=problem, remedy=remedy)
        )


def _strings(
    appearance: Mapping[str, Any], properties: Mapping[str, Any]
) -> dict[str, str]:
    strings = {key: str(properties.get(key) or "") for key in PROPERTIES}
    strings["prefix"] = strings["prefix"] or str(appearance.get("prefixAdorner") or "")
    strings["unit"] = strings["unit"] or str(appearance.get("suffixAdorner") or "")
    return strings


def _whole(number: float | None) -> int | None:
    return None if number is None else int(number)
