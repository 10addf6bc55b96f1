"""Read and check the councils' council.yaml files and the defaults they start from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from engine.errors import DefinitionError, Problem
from engine.law import strict_yaml
from engine.law.period_file import length_fault, read_version
from engine.law.period_model import Council, Period

DEFAULTS = "councils/defaults.yaml"
DECIDERS = ("authorising_officer", "committee")
_SECTIONS = frozenset(("title", "targets", "standing_orders", "settings"))


def parse_council(name: str, content: bytes, periods: Mapping[str, Period]) -> Council:
    """One council's file; without a name the defaults that every council starts from.
    Raises DefinitionError naming each fault."""
    file = f"councils/{name}/council.yaml" if name else DEFAULTS
    data = strict_yaml.read(content, file)
    targets = strict_yaml.section(data, "targets", file)
    orders = strict_yaml.section(data, "standing_orders", file)
    problems = [
        Problem(file=file, element=element, problem=problem, remedy=remedy)
        for element, problem, remedy in (
            *_section_faults(data),
            *_target_faults(targets, periods),
            *_order_faults(orders),
        )
    ]
    if problems:
        raise DefinitionError(problems)
    return Council(
        name=name,
        title=str(data.get("title") or name),
        targets={str(key): read_version(row) for key, row in targets.items()},
        standing_orders={str(act): str(decider) for act, decider in orders.items()},
        settings=strict_yaml.section(data, "settings", file),
    )


def _section_faults(data: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    for name in sorted(str(key) for key in set(data) - _SECTIONS):
        yield name, "is not a section of this file.", "Correct its name."


def _target_faults(
    targets: Mapping[str, Any], periods: Mapping[str, Period]
) -> Iterator[tuple[str, str, str]]:
    for key, row in targets.items():
        period = periods.get(str(key))
        fault = length_fault(row)
        if period is None:
            yield (
                f"targets: {key}",
                "is not a service standard of periods.yaml.",
                "Correct the name, or add the period there first.",
            )
        elif period.statutory:
            yield (
                f"targets: {key}",
                "is set by law, and a council cannot change it.",
                "Remove it here.",
            )
        elif fault or row.get("length") is None:
            yield (
                f"targets: {key}",
                fault or "has no length.",
                "Write it as {length: 10, unit: working_days}.",
            )


def _order_faults(orders: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    for action, decider in orders.items():
        if decider not in DECIDERS:
            yield (
                f"standing_orders: {action}",
                f"“{decider}” cannot authorise.",
                "Write authorising_officer or committee.",
            )
