"""The operations that a service task may ask for, with their parameters.

A service task only records that something is wanted; what carries it out is for
`worker`."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from engine.bpmn.diagrams import Element
from engine.checks import expressions
from engine.errors import Problem

RECIPIENTS = frozenset(
    {
        "complainants",
        "owners",
        "recipients",
        "recipient",
        "appellant",
        "planning_inspectorate",
        "legal",
        "land_charges",
        "court",
        "defendant",
    }
)
STATUSES = frozenset(
    {
        "draft",
        "authorised",
        "issued",
        "served",
        "in_effect",
        "suspended",
        "varied",
        "withdrawn",
        "quashed",
        "complied",
        "not_complied",
        "discharged",
    }
)


@dataclass(frozen=True)
class Operation:
    """What an operation must be told, may be told, and the values that it knows."""

    needs: frozenset[str]
    may_have: frozenset[str] = frozenset()
    values: Mapping[str, frozenset[str]] = field(default_factory=dict)


OPERATIONS: Mapping[str, Operation] = {
    "send_letter": Operation(
        frozenset({"template", "to"}), frozenset({"about"}), {"to": RECIPIENTS}
    ),
    "enter_register": Operation(frozenset({"notice", "entry"})),
    "strike_register": Operation(frozenset({"notice", "reason"})),
    "tell_land_charges": Operation(frozenset({"notice", "what"})),
    "issue_notice": Operation(
        frozenset({"notice", "kind", "issued_on", "effective_on"})
    ),
    "update_notice": Operation(
        frozenset({"notice", "status"}), frozenset({"date"}), {"status": STATUSES}
    ),
    "notify_role": Operation(frozenset({"role", "about"})),
    "publish_outcome": Operation(frozenset({"outcome"})),
}


def check(file: str, element: Element) -> Iterator[Problem]:
    """What is wrong with the operation of one service task."""

    def found(problem: str, remedy: str) -> Problem:
        return Problem(file=file, element=element.id, problem=problem, remedy=remedy)

    if not element.operation:
        yield found(
            f"The service task “{element.name}” does not say what it does.",
            f"Choose an operation: {_list(OPERATIONS)}.",
        )
        return
    known = OPERATIONS.get(element.operation)
    if known is None:
        yield found(
            f"There is no operation “{element.operation}”.",
            f"Choose one of: {_list(OPERATIONS)}.",
        )
        return
    given = set(element.parameters)
    for name in sorted(known.needs - given):
        yield found(
            f"The operation {element.operation} is not told “{name}”.",
            f"Add the parameter {name}.",
        )
    for name in sorted(given - known.needs - known.may_have):
        yield found(
            f"The operation {element.operation} does not know “{name}”.",
            f"Remove it; it knows {_list(known.needs | known.may_have)}.",
        )
    for name, text in element.parameters.items():
        yield from _value(file, element, name, text, known.values.get(name))


def _value(
    file: str, element: Element, name: str, text: str, allowed: frozenset[str] | None
) -> Iterator[Problem]:
    if reason := expressions.fault(text):
        yield Problem(
            file=file,
            element=element.id,
            problem=f"The value “{text}” of “{name}” cannot be used: {reason}",
            remedy="Write text in quotes, such as 'acknowledgement', the name of a "
            "fact, or an expression.",
        )
    elif allowed is not None:
        for value in _texts(text):
            if value not in allowed:
                yield Problem(
                    file=file,
                    element=element.id,
                    problem=f"“{value}” is not something that “{name}” can be.",
                    remedy=f"Use one of: {_list(allowed)}.",
                )


def _texts(expression: str) -> Iterator[str]:
    def walk(node: ast.expr) -> Iterator[str]:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
        elif isinstance(node, ast.IfExp):
            yield from walk(node.body)
            yield from walk(node.orelse)

    yield from walk(ast.parse(expression.strip(), mode="eval").body)


def _list(words: Iterator[str] | Mapping[str, Operation] | frozenset[str]) -> str:
    return ", ".join(sorted(words))
