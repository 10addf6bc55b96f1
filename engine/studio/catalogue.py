"""What a manager can choose from while drawing: roles, forms, periods, tables, calls.

Everything is read from the files of a draft and from what the engine can do; nothing
is listed here that another module knows already."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from lxml import etree

from engine import rows
from engine.bpmn import scripting
from engine.bpmn.diagrams import Diagram
from engine.checks import facts, reading, tables
from engine.checks.documents import local
from engine.checks.everything import Everything
from engine.checks.operations import OPERATIONS
from engine.checks.use import PAGE_FORMS
from engine.errors import DefinitionError
from engine.forms.form_model import Field, every
from engine.forms.form_schema import Form
from engine.law import council_file, period_file, periods
from engine.law.periods import CouncilPeriods
from engine.permissions import ROLES
from engine.views import PeriodView

OPERATION_TITLES: Mapping[str, str] = {
    "send_letter": "Send a letter",
    "notify_role": "Tell the people of a role",
    "issue_notice": "Issue a notice",
    "update_notice": "Change the status of a notice",
    "enter_register": "Enter a notice in the register",
    "strike_register": "Strike a notice from the register",
    "tell_land_charges": "Tell Local Land Charges",
    "publish_outcome": "Publish the outcome",
}
"""What a manager calls each operation."""


@dataclass(frozen=True, kw_only=True)
class RoleChoice:
    """A role, with the name that its lane bears."""

    role: str
    lane: str


@dataclass(frozen=True, kw_only=True)
class FormChoice:
    """A form, by what it asks."""

    id: str
    title: str
    questions: tuple[str, ...]
    used_by: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ParameterChoice:
    """One parameter of an operation: must it be given, and what can it be."""

    name: str
    is_needed: bool
    values: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class OperationChoice:
    """Something that a service step can ask for."""

    id: str
    title: str
    parameters: tuple[ParameterChoice, ...]


@dataclass(frozen=True, kw_only=True)
class ProcessChoice:
    """A process that can be called, with the facts that it could hand back."""

    id: str
    title: str
    sets: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class TableChoice:
    """A decision table: what it is called, and the facts that it sets."""

    id: str
    title: str
    sets: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class TaskChoice:
    """A user task of any diagram, for rules about who may not do another."""

    id: str
    title: str
    process: str


@dataclass(frozen=True, kw_only=True)
class MessageChoice:
    """A message, and the diagrams in which it is sent or waited for."""

    name: str
    used_in: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Catalogue:
    """All of it, for one draft of one council."""

    roles: tuple[RoleChoice, ...]
    forms: tuple[FormChoice, ...]
    periods: tuple[PeriodView, ...]
    operations: tuple[OperationChoice, ...]
    processes: tuple[ProcessChoice, ...]
    tables: tuple[TableChoice, ...]
    tasks: tuple[TaskChoice, ...]
    messages: tuple[MessageChoice, ...]
    words: tuple[str, ...]
    """The words of the expression language."""
    taken: tuple[str, ...]
    """Ids that a new embedded sub-process may not have."""


def of(files: Mapping[str, bytes], council: str, today: date) -> Catalogue:
    """What can be chosen in these files, as the council has them."""
    everything = read(files)
    return Catalogue(
        roles=tuple(RoleChoice(role=r, lane=lane) for r, lane in ROLES.items()),
        forms=_forms(everything),
        periods=_periods(files, council, today),
        operations=operations(),
        processes=_processes(everything),
        tables=_tables(everything),
        tasks=_tasks(everything),
        messages=_messages(everything),
        words=tuple(sorted(scripting.WORDS)),
        taken=_taken(everything),
    )


def read(files: Mapping[str, bytes]) -> Everything:
    """The files that can be read; what is wrong with the others the check says."""
    looks = {name: reading.look(name, content) for name, content in files.items()}
    found = looks.get(period_file.FILE)
    return Everything(
        diagrams={n: seen.diagram for n, seen in looks.items() if seen.diagram},
        forms={seen.form.id: seen.form for seen in looks.values() if seen.form},
        tables={n: seen.table for n, seen in looks.items() if seen.table is not None},
        periods=(found.periods if found else None) or {},
    )


def operations() -> tuple[OperationChoice, ...]:
    """Every operation that a service step can ask for."""
    return tuple(
        OperationChoice(
            id=name,
            title=OPERATION_TITLES.get(name, name.replace("_", " ").capitalize()),
            parameters=tuple(
                ParameterChoice(
                    name=parameter,
                    is_needed=parameter in operation.needs,
                    values=tuple(sorted(operation.values.get(parameter, ()))),
                )
                for parameter in (
                    *sorted(operation.needs),
                    *sorted(operation.may_have),
                )
            ),
        )
        for name, operation in OPERATIONS.items()
    )


def _forms(everything: Everything) -> tuple[FormChoice, ...]:
    used: dict[str, list[str]] = {}
    for diagram in everything.diagrams.values():
        for element in diagram.of_kind("userTask"):
            used.setdefault(element.form, []).append(element.name or element.id)
    return tuple(
        FormChoice(
            id=identity,
            title=form.title or identity.replace("_", " ").capitalize(),
            questions=_questions(form),
            used_by=tuple(used.get(identity, ())),
        )
        for identity, form in sorted(everything.forms.items())
        if identity not in PAGE_FORMS
    )


def _questions(form: Form) -> tuple[str, ...]:
    def asks(field: Field) -> bool:
        return field.is_question and bool(field.label)

    return tuple(field.label for field in every(form.components) if asks(field))


def _processes(everything: Everything) -> tuple[ProcessChoice, ...]:
    return tuple(
        ProcessChoice(
            id=identity,
            title=diagram.title,
            sets=tuple(sorted(facts.set_by(identity, everything))),
        )
        for identity, diagram in sorted(everything.processes.items())
    )


def _tables(everything: Everything) -> tuple[TableChoice, ...]:
    found = {
        _stem(name): TableChoice(
            id=_stem(name), title=_title(table), sets=tables.outputs(table)
        )
        for name, table in sorted(everything.tables.items())
    }
    return tuple(found[identity] for identity in sorted(found))


def _stem(name: str) -> str:
    return name.rsplit("/", 1)[-1].removesuffix(".dmn")


def _title(table: etree._Element) -> str:
    decisions = (e for e in table.iter(etree.Element) if local(e) == "decision")
    return next((e.get("name", "") for e in decisions), "")


def _tasks(everything: Everything) -> tuple[TaskChoice, ...]:
    return tuple(
        TaskChoice(id=task.id, title=task.name or task.id, process=diagram.title)
        for diagram in _by_title(everything.diagrams.values())
        for task in diagram.of_kind("userTask")
    )


def _by_title(diagrams: Iterable[Diagram]) -> list[Diagram]:
    return sorted(diagrams, key=lambda diagram: diagram.title)


def _messages(everything: Everything) -> tuple[MessageChoice, ...]:
    used: dict[str, list[str]] = {}
    for diagram in _by_title(everything.diagrams.values()):
        for element in diagram.elements.values():
            if element.message and diagram.title not in used.get(element.message, []):
                used.setdefault(element.message, []).append(diagram.title)
    return tuple(
        MessageChoice(name=name, used_in=tuple(used[name])) for name in sorted(used)
    )


def _taken(everything: Everything) -> tuple[str, ...]:
    embedded = {
        element.id
        for diagram in everything.diagrams.values()
        for element in diagram.of_kind("subProcess")
    }
    return tuple(sorted(embedded | set(everything.processes)))


def _periods(
    files: Mapping[str, bytes], council: str, today: date
) -> tuple[PeriodView, ...]:
    """Empty where the periods of the draft cannot be read: the check says why."""
    own = f"councils/{council}/council.yaml"
    wanted = (period_file.FILE, council_file.DEFAULTS, own)
    given = tuple((name, files[name]) for name in wanted if name in files)
    try:
        counted = _counted(council, given)
    except DefinitionError:
        return ()
    found = rows.periods_shown(counted, today)
    return tuple(sorted(found, key=lambda p: (not p.is_statutory, p.group, p.title)))


@lru_cache(maxsize=32)
def _counted(council: str, files: tuple[tuple[str, bytes], ...]) -> CouncilPeriods:
    known = periods.parse(dict(files))
    return known.for_council(council if council in known.councils else None)
