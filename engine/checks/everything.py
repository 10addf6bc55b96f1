"""All the files, read and parsed: what the checks between files look at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from lxml import etree

from engine.bpmn.diagrams import Diagram
from engine.forms.form_schema import Form
from engine.law.period_model import Period
from engine.rehearsing.story import Story


@dataclass(frozen=True, kw_only=True, eq=False)
class Everything:
    """All files that can be read; those that cannot are only named."""

    diagrams: Mapping[str, Diagram]
    """By file name."""
    forms: Mapping[str, Form]
    """By id."""
    tables: Mapping[str, etree._Element]
    """By file name: a council may have its own."""
    periods: Mapping[str, Period]
    """By key; empty where the periods themselves cannot be read."""
    stories: Mapping[str, Story] = field(default_factory=dict)
    """By file name."""
    unread: frozenset[str] = frozenset()
    """Files that could not be read: what they hold is not called missing."""

    @cached_property
    def processes(self) -> Mapping[str, Diagram]:
        """The diagrams by process id."""
        return {diagram.process: diagram for diagram in self.diagrams.values()}

    @cached_property
    def decisions(self) -> frozenset[str]:
        """The ids of the decision tables, a council's own among them."""
        return frozenset(
            name.rsplit("/", 1)[-1].removesuffix(".dmn") for name in self.tables
        )

    @cached_property
    def forms_of_tasks(self) -> Mapping[str, str]:
        """The form of every user task of every diagram."""
        return {
            element.id: element.form
            for diagram in self.diagrams.values()
            for element in diagram.of_kind("userTask")
        }

    @cached_property
    def user_tasks(self) -> frozenset[str]:
        """The ids of the user tasks of all diagrams."""
        return frozenset(self.forms_of_tasks)

    @cached_property
    def questions(self) -> Mapping[str, frozenset[str]]:
        """The keys of the questions of each form, those inside lists not."""
        return {
            form.id: frozenset(asked.key for asked in form.fields)
            for form in self.forms.values()
        }

    @cached_property
    def entries(self) -> Mapping[str, frozenset[str]]:
        """The keys that forms ask of each entry of a list, by the list's key."""
        found: dict[str, set[str]] = {}
        for form in self.forms.values():
            for asked in form.fields:
                inner = {each.key for each in asked.fields}
                if inner:
                    found.setdefault(asked.key, set()).update(inner)
        return {key: frozenset(inner) for key, inner in found.items()}

    def is_unread(self, name: str) -> bool:
        return name in self.unread
