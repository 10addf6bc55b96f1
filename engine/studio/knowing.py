"""What is known when a case reaches a step: the facts that were set on the way there.

By forms, scripts, tables and called processes drawn before it, by the processes that
call this one, and by the report. What may have been set counts: a path that a case did
not take leaves a fact empty."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from lxml import etree

from engine.bpmn.diagrams import Diagram, Element, words_of
from engine.checks import facts
from engine.checks.documents import local
from engine.checks.everything import Everything
from engine.forms.form_model import Field, Option

_KINDS: Mapping[str, str] = {
    "number": "number",
    "checkbox": "flag",
    "checklist": "several",
    "select": "choice",
    "radio": "choice",
    "dynamiclist": "list",
    "filepicker": "list",
}
_OF_COLUMNS: Mapping[str, str] = {
    "number": "number",
    "boolean": "flag",
    "date": "date",
}
_REPORTED = "the report"
_SHORT_TEXT = 60


@dataclass(frozen=True, kw_only=True)
class KnownFact:
    """A fact that may be read, what kind of value it has, and what sets it.

    `kind`: text, number, date, moment, choice, several, flag, list."""

    name: str
    label: str
    kind: str = "text"
    options: tuple[Option, ...] = ()
    set_by: str = ""
    is_own: bool = True
    """It is set in this diagram, not in the report or by a caller."""


def before(everything: Everything, process: str, element: str) -> tuple[KnownFact, ...]:
    """What is known when a case comes to an element, or takes a flow, of a process."""
    known = _Known(everything)
    diagram = everything.processes.get(process)
    found: dict[str, KnownFact] = {}
    if diagram is not None:
        found |= known.within(diagram, element)
    for fact in known.from_outside(process):
        found.setdefault(fact.name, fact)
    return tuple(sorted(found.values(), key=lambda f: (not f.is_own, f.label.lower())))


class _Known:
    def __init__(self, everything: Everything) -> None:
        self._everything = everything
        self._described = _descriptions(everything)

    def within(self, diagram: Diagram, place: str) -> dict[str, KnownFact]:
        """Set in the diagram before the place, the nearest setter last."""
        found: dict[str, KnownFact] = {}
        for name in words_of(diagram.properties.get("inputs", "")):
            found[name] = self._fact(name, "what starts this process")
        for identity in _earlier(diagram, place):
            element = diagram.elements[identity]
            for name in facts.set_by_element(element, self._everything):
                found[name] = self._fact(name, f"“{element.name or identity}”")
        return found

    def from_outside(self, process: str) -> Iterator[KnownFact]:
        """Set by what calls the process, however far up, and by the report."""
        seen, waiting = {process}, [process]
        while waiting:
            called = waiting.pop()
            for diagram in self._everything.diagrams.values():
                for call in diagram.of_kind("callActivity"):
                    if call.called != called:
                        continue
                    if diagram.process not in seen:
                        seen.add(diagram.process)
                        waiting.append(diagram.process)
                    yield from self._of_caller(diagram, call)
        for name in sorted(facts.OF_THE_REPORT):
            yield replace(self._fact(name, _REPORTED), is_own=False)

    def _of_caller(self, diagram: Diagram, call: Element) -> Iterator[KnownFact]:
        given = self.within(diagram, call.id)
        for name in call.multi or ():
            given.setdefault(name, self._fact(name, f"“{diagram.title}”"))
        for fact in given.values():
            yield replace(fact, set_by=f"“{diagram.title}”", is_own=False)

    def _fact(self, name: str, set_by: str) -> KnownFact:
        return replace(self._described.get(name) or _plain(name), set_by=set_by)


def _plain(name: str) -> KnownFact:
    """A fact of which only the name is known: days end in _on, moments in _at."""
    kind = {"on": "date", "at": "moment"}.get(name.rsplit("_", 1)[-1], "text")
    label = name.replace("_", " ").capitalize()
    return KnownFact(name=name, label=label, kind=kind)


def _earlier(diagram: Diagram, place: str) -> list[str]:
    """The elements that a case may have been through, the farthest first."""
    back = _back(diagram)
    flow = diagram.flows.get(place)
    waiting = [flow.source] if flow else list(back.get(place, ()))
    seen: list[str] = []
    while waiting:
        here = waiting.pop(0)
        if here in diagram.elements and here not in seen:
            seen.append(here)
            waiting += back[here]
    return seen[::-1]


def _back(diagram: Diagram) -> dict[str, list[str]]:
    """What can come just before each element: along flows, and into and out of
    embedded sub-processes. An event on the edge of a step comes after what is before
    that step, whose answers are not known yet."""
    found: dict[str, list[str]] = {identity: [] for identity in diagram.elements}
    for flow in diagram.flows.values():
        found.setdefault(flow.target, []).append(flow.source)
    for element in diagram.elements.values():
        if element.parent and element.kind == "startEvent":
            found[element.id] += found.get(element.parent, [])
    edges = [e for e in diagram.elements.values() if e.attached_to]
    inside: dict[str, list[str]] = {}
    for element in diagram.elements.values():
        inside.setdefault(element.parent, []).append(element.id)
    for event in edges:
        found[event.id] += found.get(event.attached_to, [])
        found[event.id] += inside.get(event.attached_to, [])
    for host, children in inside.items():
        if host in found:
            found[host] = [*found[host], *children]
    return found


def _descriptions(everything: Everything) -> dict[str, KnownFact]:
    """What is known of each fact's values; a form says more than a table or script."""
    found: dict[str, KnownFact] = {}
    for diagram in everything.diagrams.values():
        for task in diagram.of_kind("scriptTask"):
            for fact in _of_script(task.script):
                _add(found, fact)
    for table in everything.tables.values():
        for fact in _of_table(table):
            _add(found, fact)
    asked: dict[str, KnownFact] = {}
    for form in everything.forms.values():
        for field in form.fields:
            _add(asked, _of_field(field))
    return found | asked


def _add(found: dict[str, KnownFact], fact: KnownFact) -> None:
    """The same fact set in several places may have the values of each."""
    other = found.get(fact.name)
    if other is None:
        found[fact.name] = fact
        return
    values = {option.value: option for option in (*other.options, *fact.options)}
    found[fact.name] = replace(other, options=tuple(values.values()))


def _of_field(field: Field) -> KnownFact:
    kind = _KINDS.get(field.type, "text")
    if field.type == "datetime":
        kind = "moment" if field.subtype == "datetime" else "date"
    if field.multiple:
        kind = "list" if field.type == "filepicker" else kind
    return KnownFact(
        name=field.key,
        label=field.label or field.key,
        kind=kind,
        options=field.options,
    )


def _of_table(table: etree._Element) -> Iterator[KnownFact]:
    parts = [e for e in table.iter(etree.Element) if local(e) in ("output", "rule")]
    columns = [e for e in parts if local(e) == "output"]
    for place, column in enumerate(columns):
        cells = (_cell(rule, place) for rule in parts if local(rule) == "rule")
        options = {text: Option(label=text, value=text) for text in cells if text}
        yield KnownFact(
            name=column.get("name", ""),
            label=column.get("label") or column.get("name", ""),
            kind=_OF_COLUMNS.get(column.get("typeRef", ""), "text"),
            options=tuple(options.values()),
        )


def _cell(rule: etree._Element, place: int) -> str:
    entries = [e for e in rule.iter(etree.Element) if local(e) == "outputEntry"]
    if place >= len(entries):
        return ""
    text = "".join(entries[place].itertext()).strip()
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] == '"' else ""


def _of_script(script: str) -> Iterator[KnownFact]:
    try:
        tree = ast.parse(script.strip())
    except (SyntaxError, ValueError, RecursionError):
        return
    for node in ast.walk(tree):
        if not isinstance(node, ast.Assign):
            continue
        for target in node.targets:
            if isinstance(target, ast.Name):
                yield _of_value(target.id, node.value)


def _of_value(name: str, value: ast.expr) -> KnownFact:
    fact = _plain(name)
    match value:
        case ast.Constant(value=bool()):
            return replace(fact, kind="flag")
        case ast.Constant(value=int() | float()) | ast.BinOp():
            return replace(fact, kind="number")
        case ast.Constant(value=str(text)) if 0 < len(text) <= _SHORT_TEXT:
            return replace(fact, options=(Option(label=text, value=text),))
        case ast.List() | ast.ListComp():
            return replace(fact, kind="list")
        case ast.Call(func=ast.Name(id="today" | "deadline" | "earliest" | "latest")):
            return replace(fact, kind="date")
    return fact
