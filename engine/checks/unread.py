"""Finds questions with a choice of answers on which nothing depends.

Text, dates, numbers, files and lists are kept for whoever reads the case. A choice is
asked so that something follows from it; if nothing does, somebody forgot to draw it, or
it is asked for the record: then the question says so."""

from __future__ import annotations

from collections.abc import Iterator

from engine.checks import expressions, facts, tables
from engine.checks.everything import Everything
from engine.errors import Problem
from engine.forms.form_model import every

_CHOICES = frozenset({"radio", "select", "checkbox"})


def check(everything: Everything) -> Iterator[Problem]:
    """Every such question that does not say that it is asked for the record."""
    if everything.unread:
        return
    known = _read(everything)
    for identity, form in everything.forms.items():
        for question in form.fields:
            forgotten = question.type in _CHOICES and question.key not in known
            if forgotten and question.record != "true":
                yield Problem(
                    file=f"forms/{identity}.json",
                    element=question.id,
                    problem=f"Nothing depends on the answer to “{question.label}”: no "
                    f"condition, timer, table, script, letter or form reads "
                    f"“{question.key}”.",
                    remedy="Draw what follows from it, such as a gateway that asks "
                    f"{question.key} == “…”; or give the question the property record "
                    "= true, if it is asked for the record.",
                    severity="advice",
                )


def _read(everything: Everything) -> frozenset[str]:
    """Every name that anything reads."""
    found: set[str] = set()
    for diagram in everything.diagrams.values():
        for _, text in facts.read_by(diagram):
            found |= expressions.names(text)
    for table in everything.tables.values():
        for _, text in tables.read_by(table):
            found |= expressions.names(text)
    for form in everything.forms.values():
        for _, _, text in form.expressions:
            found |= expressions.names(text)
        for component in every(form.components):
            if component.hide is not None:
                found |= {part for n in component.hide.names for part in n.split(".")}
            found.add(component.values_key)
    return frozenset(found)
