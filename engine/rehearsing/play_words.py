"""Says the steps of a story in words: who did what, what time passed, what arrived."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from engine.bpmn import definitions
from engine.bpmn.diagrams import Diagram, Element
from engine.clock import LONDON
from engine.errors import DefinitionError
from engine.forms import Form
from engine.law.explain import at_in_words
from engine.law.explain import in_words as day_in_words
from engine.permissions import ROLES
from engine.rehearsing.story import Length, Person, Step

_drawn = lru_cache(maxsize=512)(definitions.read_diagram)


def player(person: Person) -> str:
    """Enforcement officer; Enforcement officer 2."""
    number = f" {person.number}" if person.number > 1 else ""
    return f"{ROLES[person.role]}{number}"


@dataclass
class Speaker:
    """Knows what the diagrams and forms of a set of files call things."""

    files: Mapping[str, bytes]
    diagrams: list[Diagram] = field(default_factory=list)
    titles: dict[str, str] = field(default_factory=dict)
    elements: dict[str, Element] = field(default_factory=dict)
    _questions: dict[str, Mapping[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in sorted(self.files):
            if not name.endswith(".bpmn"):
                continue
            try:
                diagram = _drawn(name, self.files[name])
            except DefinitionError:
                continue
            self.diagrams.append(diagram)
            self.titles[diagram.process] = diagram.title
            for element in diagram.elements.values():
                self.elements.setdefault(element.id, element)

    def name(self, element: str) -> str:
        """What an element is called."""
        found = self.elements.get(element)
        return found.name if found is not None and found.name else _phrase(element)

    def title(self, process: str) -> str:
        return self.titles.get(process, _phrase(process))

    def step(self, step: Step) -> str:
        """The step as one sentence."""
        who = player(step.person) if step.person else "The system"
        about = f" ({step.item})" if step.item else ""
        text = {
            "do": f"{who} completed “{self.name(str(step.what))}”{about}",
            "correct": f"{who} corrected “{self.name(str(step.what))}”{about}",
            "send": f"The message “{_phrase(str(step.what))}” arrived{about}",
            "start": f"{who} started “{self.title(str(step.what))}”{about}",
            "reopen": f"{who} opened the case again",
            "expect": "The story was checked",
        }.get(step.verb) or _time_in_words(step.what)
        if step.refused is None:
            return text
        return f"{who} tried “{self.name(str(step.what))}”{about} and was refused"

    def detail(self, step: Step) -> tuple[str, ...]:
        """What was answered, question by question, or why it was refused."""
        labels = self._labels(str(step.what)) if step.verb in ("do", "correct") else {}
        said = [
            f"{labels.get(key, _phrase(key))}: {_said(value)}"
            for key, value in step.answers.items()
            if value not in (None, "", [], False)
        ]
        if step.refused is not None:
            refused = step.refused
            said += [refused] if isinstance(refused, str) else list(refused.values())
        if step.reason:
            said.append(f"Reason: {step.reason}")
        return tuple(said)

    def _labels(self, element: str) -> Mapping[str, str]:
        if element not in self._questions:
            found = self.elements.get(element)
            self._questions[element] = self._read(found.form if found else "")
        return self._questions[element]

    def _read(self, form: str) -> Mapping[str, str]:
        content = self.files.get(f"forms/{form}.json")
        if content is None:
            return {}
        try:
            fields = Form.parse(json.loads(content)).fields
        except (DefinitionError, ValueError):
            return {}
        return {field.key: field.label for field in fields}


def _time_in_words(what: Any) -> str:
    if isinstance(what, Length):
        plural = "" if what.number == 1 else "s"
        verb = "passes" if what.number == 1 else "pass"
        return f"{what.number} {what.unit}{plural} {verb}"
    if isinstance(what, datetime):
        return f"Time passes until {at_in_words(what)}"
    return "Time passes"


def _said(value: Any) -> str:
    if isinstance(value, datetime):
        return at_in_words(value if value.tzinfo else value.replace(tzinfo=LONDON))
    if isinstance(value, date):
        return day_in_words(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return ", ".join(f"{_phrase(k)} {_said(v)}" for k, v in value.items() if v)
    if isinstance(value, list):
        return "; ".join(_said(entry) for entry in value)
    return str(value)


def _phrase(word: str) -> str:
    return word.replace("_", " ").capitalize()
