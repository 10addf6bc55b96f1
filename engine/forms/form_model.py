"""What a form is made of: its components, and how they nest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.forms import feel

QUESTIONS = frozenset(
    "textfield textarea number datetime select radio checkbox checklist filepicker "
    "dynamiclist".split()
)


@dataclass(frozen=True, kw_only=True)
class Option:
    """One choice of a select, radio or checklist."""

    label: str
    value: str


@dataclass(frozen=True, kw_only=True)
class Field:
    """One component of a form: a question, a container of questions, or guidance.

    ``key`` is empty for a component that is not answered (group, text, separator).
    ``record`` is "true" for a question on which nothing in the procedure depends.
    """

    type: str
    id: str
    key: str = ""
    label: str = ""
    hint: str = ""
    text: str = ""
    subtype: str = ""
    required: bool = False
    min: float | None = None
    max: float | None = None
    min_length: int | None = None
    max_length: int | None = None
    pattern: str | None = None
    decimals: int | None = None
    multiple: bool = False
    options: tuple[Option, ...] = ()
    values_key: str = ""
    default: Any = None
    default_from: str = ""
    options_from: str = ""
    must: str = ""
    must_message: str = ""
    required_message: str = ""
    unit: str = ""
    prefix: str = ""
    record: str = ""
    hide: feel.Condition | None = None
    components: tuple[Field, ...] = ()

    @property
    def is_question(self) -> bool:
        return self.type in QUESTIONS

    @property
    def fields(self) -> tuple[Field, ...]:
        """The questions inside a group or a dynamic list."""
        return tuple(f for f, _ in questions(self.components))


Conditions = tuple[feel.Condition, ...]


def questions(
    components: Sequence[Field], hides: Conditions = ()
) -> Iterator[tuple[Field, Conditions]]:
    """Each question with all that would hide it: its own conditions and its groups'."""
    for component in components:
        own = hides if component.hide is None else (*hides, component.hide)
        if component.type == "group":
            yield from questions(component.components, own)
        elif component.is_question:
            yield component, own


def within_groups(components: Sequence[Field]) -> Iterator[Field]:
    """Each component, those inside groups too, those inside lists not."""
    for component in components:
        yield component
        if component.type == "group":
            yield from within_groups(component.components)


def every(components: Sequence[Field]) -> Iterator[Field]:
    """Each component, those inside groups and lists too."""
    for component in components:
        yield component
        yield from every(component.components)


def as_options(raw: Any) -> tuple[Option, ...]:
    """Options from strings or from mappings with a label and a value."""
    found = []
    for item in raw if isinstance(raw, list | tuple) else ():
        if isinstance(item, Mapping):
            value = str(item.get("value", ""))
            found.append(Option(label=str(item.get("label") or value), value=value))
        else:
            found.append(Option(label=str(item), value=str(item)))
    return tuple(found)
