"""Definitions: the files that make up a process, parsed once and shared.

A definition is addressed by the hash of its files: a process's diagram, the diagrams it
calls, its decision tables and forms. What would not run is refused here, naming file,
element and remedy; the fuller check of a draft is `engine.checks`."""

from __future__ import annotations

import hashlib
import json
import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from lxml import etree
from SpiffWorkflow.bpmn.parser.ValidationException import ValidationException
from SpiffWorkflow.exceptions import SpiffWorkflowException
from SpiffWorkflow.spiff.parser import SpiffBpmnParser

from engine.bpmn import branches, decisions, diagrams, nodes, refusals
from engine.bpmn.decisions import DecisionTable
from engine.bpmn.diagrams import Diagram, Element, Flow
from engine.errors import DefinitionError, Problem

__all__ = [
    "Definition",
    "Diagram",
    "Element",
    "Flow",
    "closure",
    "forget",
    "load",
    "read_diagram",
]

read_diagram = diagrams.read
"""A diagram from (file name, content); DefinitionError."""


@dataclass(frozen=True)
class Definition:
    """A process with all that it needs, ready to run. Shared by all its instances."""

    hash: str
    process: str
    title: str
    files: Mapping[str, bytes]
    forms: Mapping[str, Mapping[str, object]]
    diagrams: Mapping[str, Diagram]
    tables: Mapping[str, DecisionTable] = field(repr=False)
    parsed: Parsed = field(repr=False)
    _branches: dict[tuple[str, str], frozenset[str]] = field(
        default_factory=dict, repr=False
    )

    def process_of(self, spec_name: str) -> str:
        """The process that a (sub-)process specification is drawn in."""
        return self.parsed.processes[spec_name]

    def branch_of(self, process: str, event: str) -> frozenset[str]:
        """The elements that can only be reached through a boundary event."""
        key = (process, event)
        if key not in self._branches:
            self._branches[key] = branches.only_through(self.diagrams[process], event)
        return self._branches[key]


@dataclass(frozen=True)
class Parsed:
    """What SpiffWorkflow made of the diagrams: for the modules that run it alone."""

    main: Any
    inner: Mapping[str, Any]
    processes: Mapping[str, str]


class _Parser(SpiffBpmnParser):  # type: ignore[misc]
    def get_engine(self, decision_ref: str, node: Any) -> None:
        """Nothing: decision tables are read and asked by `decisions`."""


MOST_LOADED = 144
"""Definitions kept, those used last: each change of a draft makes new ones, of which
whoever runs one holds it."""
_loaded: OrderedDict[str, Definition] = OrderedDict()
_lock = threading.Lock()


_drawn = lru_cache(maxsize=1024)(diagrams.read)


def forget() -> None:
    """Drop every parsed definition, as a restart does."""
    with _lock:
        _loaded.clear()
    _drawn.cache_clear()


def closure(files: Mapping[str, bytes], process: str) -> dict[str, bytes]:
    """The files that a process needs: its diagram, those it calls, their tables and
    forms. Files that are missing or unreadable are left for `load` to refuse."""
    needed: dict[str, bytes] = {}
    waiting = [process]
    seen: set[str] = set()
    while waiting:
        name = f"{waiting.pop()}.bpmn"
        if name in seen or name not in files:
            continue
        seen.add(name)
        needed[name] = files[name]
        try:
            diagram = _drawn(name, files[name])
        except DefinitionError:
            continue
        for element in diagram.elements.values():
            if element.called:
                waiting.append(element.called)
            for other in _files_of(element):
                if other in files:
                    needed[other] = files[other]
    return dict(sorted(needed.items()))


def _files_of(element: Element) -> Iterator[str]:
    if element.decision:
        yield f"{element.decision}.dmn"
    if element.form:
        yield f"forms/{element.form}.json"


def load(files: Mapping[str, bytes], process: str) -> Definition:
    """The definition of a process, parsed at most once per content.

    `files` maps names (``enforcement.bpmn``, ``priority.dmn``, ``forms/<id>.json``) to
    contents and may hold more than the process needs. Raises DefinitionError with
    every problem found."""
    needed = closure(files, process)
    content_hash = _hash(process, needed)
    with _lock:
        found = _loaded.get(content_hash)
        if found is not None:
            _loaded.move_to_end(content_hash)
            return found
    found = _read(content_hash, needed, process)
    with _lock:
        _loaded[content_hash] = found
        while len(_loaded) > MOST_LOADED:
            _loaded.popitem(last=False)
    return found


def _hash(process: str, files: Mapping[str, bytes]) -> str:
    digest = hashlib.sha256(process.encode())
    for name in sorted(files):
        digest.update(hashlib.sha256(name.encode()).digest())
        digest.update(hashlib.sha256(files[name]).digest())
    return digest.hexdigest()


def _read(content_hash: str, files: Mapping[str, bytes], process: str) -> Definition:
    problems: list[Problem] = []
    if f"{process}.bpmn" not in files:
        raise DefinitionError(
            [
                Problem(
                    file=f"{process}.bpmn",
                    element=process,
                    problem=f"There is no diagram of the process “{process}”.",
                    remedy=f"Add a file named {process}.bpmn.",
                )
            ]
        )
    drawn: dict[str, Diagram] = {}
    tables: dict[str, DecisionTable] = {}
    forms: dict[str, Mapping[str, object]] = {}
    for name, content in files.items():
        try:
            if name.endswith(".bpmn"):
                diagram = _drawn(name, content)
                drawn[diagram.process] = diagram
            elif name.endswith(".dmn"):
                table = decisions.read(name, content)
                tables[table.decision] = table
            else:
                stem = name.removeprefix("forms/").removesuffix(".json")
                forms[stem] = _form(name, content)
        except DefinitionError as error:
            problems.extend(error.problems)
    unread = {f for f in files if any(problem.file == f for problem in problems)}
    for diagram in drawn.values():
        problems.extend(refusals.of_diagram(diagram, files.keys(), unread))
    for table in tables.values():
        problems.extend(refusals.of_table(table))
    problems.extend(refusals.of_names(drawn.values()))
    if problems:
        raise DefinitionError(problems)
    return Definition(
        hash=content_hash,
        process=process,
        title=drawn[process].title,
        files=files,
        forms=forms,
        diagrams=drawn,
        tables=tables,
        parsed=_parse(files, process, drawn, tables),
    )


def _form(name: str, content: bytes) -> Mapping[str, object]:
    try:
        schema = json.loads(content)
    except (ValueError, RecursionError):
        schema = None
    if not isinstance(schema, dict):
        raise DefinitionError(
            [
                Problem(
                    file=name,
                    element="",
                    problem="The form is not valid JSON.",
                    remedy="Open it in the form editor and save it again.",
                )
            ]
        )
    return schema


def _parse(
    files: Mapping[str, bytes],
    process: str,
    drawn: Mapping[str, Diagram],
    tables: Mapping[str, DecisionTable],
) -> Parsed:
    parser = _Parser()
    file = ""
    try:
        for name in files:
            if name.endswith(".bpmn"):
                file = name
                root = diagrams.xml(name, files[name])
                parser.add_bpmn_xml(etree.ElementTree(root), name)
        main = parser.get_spec(process)
        inner = parser.get_subprocess_specs(process)
    except ValidationException as error:
        raise _unparsed(error.file_name or file, error.id or "", str(error)) from error
    except SpiffWorkflowException as error:
        raise _unparsed(file, "", str(error)) from error
    processes = dict(_processes(drawn.values()))
    for name, spec in ((process, main), *inner.items()):
        nodes.adapt(spec, drawn[processes[name]], dict(tables))
    return Parsed(main, inner, processes)


def unrunnable(name: str, content: bytes) -> tuple[Problem, ...]:
    """What SpiffWorkflow itself refuses in one diagram, whatever it calls or asks."""
    parser = _Parser()
    try:
        diagram = _drawn(name, content)
        parser.add_bpmn_xml(etree.ElementTree(diagrams.xml(name, content)), name)
        specs = [parser.get_spec(process) for process, _ in _processes([diagram])]
    except DefinitionError as error:
        return error.problems
    except ValidationException as error:
        return _unparsed(error.file_name or name, error.id or "", str(error)).problems
    except SpiffWorkflowException as error:
        return _unparsed(name, "", str(error)).problems
    asked = {element.decision for element in diagram.of_kind("businessRuleTask")}
    for spec in specs:
        nodes.adapt(spec, diagram, {name: decisions.unread(name) for name in asked})
    return ()


def _processes(drawn: Iterable[Diagram]) -> Iterator[tuple[str, str]]:
    """(the process or embedded sub-process, the process it is drawn in)."""
    for diagram in drawn:
        yield diagram.process, diagram.process
        for element in diagram.of_kind("subProcess"):
            yield element.id, diagram.process


def _unparsed(file: str, element: str, message: str) -> DefinitionError:
    return DefinitionError(
        [
            Problem(
                file=file,
                element=element,
                problem=f"The diagram cannot be run: {message}.",
                remedy="Redraw this element, or ask whoever maintains the diagrams.",
            )
        ]
    )
