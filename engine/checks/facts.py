"""Which facts each process sets and reads; finds names that nothing ever sets."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from engine.bpmn.diagrams import Diagram, Element, words_of
from engine.checks import expressions, tables
from engine.checks.everything import Everything
from engine.errors import Problem
from engine.forms.form_model import Field

OF_THE_REPORT = frozenset(
    {
        "address",
        "ward",
        "uprn",
        "breach_type",
        "description",
        "harm_described",
        "how_known",
        "complainant_relation",
        "anonymous",
        "received_on",
        "report_channel",
        "reopened",
        "opening",
        "breaches",
        "pauses",
        "notice",
    }
)
"""What every case starts with, from its report, and the notice a process is for."""


def set_by(process: str, everything: Everything) -> frozenset[str]:
    """The facts that may be set in the scope of a process while it runs."""
    found: set[str] = set()
    diagram = everything.processes[process]
    found |= set(words_of(diagram.properties.get("inputs", "")))
    for element in diagram.elements.values():
        found |= set_by_element(element, everything)
    return frozenset(found)


def lacks_forms(process: str, everything: Everything) -> bool:
    """Whether a form or table of the process is missing, so that nobody can say what
    it sets."""
    return any(
        (element.form and element.form not in everything.forms)
        or (element.decision and element.decision not in everything.decisions)
        or (element.called and element.called not in everything.processes)
        for element in everything.processes[process].elements.values()
    )


def set_by_element(element: Element, everything: Everything) -> set[str]:
    """The facts that one element may set."""
    found: set[str] = set()
    if element.kind == "userTask" and element.form in everything.forms:
        found |= everything.questions[element.form]
    elif element.kind == "scriptTask" and element.script:
        found |= expressions.assigned(element.script)
    elif element.kind == "callActivity":
        found |= set(element.outputs)
    elif element.kind == "businessRuleTask" and element.decision:
        for name, table in everything.tables.items():
            if name.rsplit("/", 1)[-1] == f"{element.decision}.dmn":
                found |= set(tables.outputs(table))
    if element.variable:
        found.add(element.variable)
    if element.result:
        found.add(element.result)
    if element.multi:
        found |= set(element.multi)
    return found


def check(everything: Everything) -> Iterator[Problem]:
    """Names that a diagram, form or table reads and that nothing sets."""
    if everything.unread or any(
        lacks_forms(process, everything) for process in everything.processes
    ):
        return
    names = known(everything)
    for file, diagram in everything.diagrams.items():
        for element, text in read_by(diagram):
            yield from _unknown(file, element, text, names)
    for identity, form in everything.forms.items():
        for component, _, text in form.expressions:
            inside = names | {field.key for field in _all_fields(form.components)}
            yield from _unknown(f"forms/{identity}.json", component, text, inside)
    for file, table in everything.tables.items():
        for element, text in tables.read_by(table):
            yield from _unknown(file, element, text, names)


def read_by(diagram: Diagram) -> Iterator[tuple[str, str]]:
    """(element id, expression or script) of everything that the diagram evaluates."""
    for element in diagram.elements.values():
        texts = [element.timer, element.script, element.payload]
        texts += element.multi[:1] if element.multi else ()
        texts += element.parameters.values()
        for text in texts:
            if text:
                yield element.id, text
    for flow in diagram.flows.values():
        if flow.condition:
            yield flow.id, flow.condition


def _unknown(
    file: str, element: str, text: str, known: frozenset[str]
) -> Iterator[Problem]:
    for name in sorted(expressions.names(text) - known):
        yield Problem(
            file=file,
            element=element,
            problem=f"“{expressions.short(text)}” reads “{name}”, which nothing sets.",
            remedy="Correct the name, or ask for it in a form, or set it in a script "
            "or a table.",
        )


@lru_cache(maxsize=2)
def known(everything: Everything) -> frozenset[str]:
    """Every fact that anything sets."""
    found: set[str] = set(OF_THE_REPORT)
    for process in everything.processes:
        found |= set_by(process, everything)
    for form in everything.forms.values():
        found |= {field.key for field in _all_fields(form.components)}
    return frozenset(found) - {""}


def _all_fields(components: tuple[Field, ...]) -> Iterator[Field]:
    for component in components:
        yield component
        yield from _all_fields(component.components)
