"""A decision table as a page shows it: its columns, its rows, cell by cell.

It is more patient than the reader that runs tables: what can be shown is shown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from engine.bpmn import diagrams


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column: what people call it, which fact it reads or sets, of which type."""

    id: str
    label: str
    fact: str
    type: str


@dataclass(frozen=True, kw_only=True)
class Row:
    """One rule: its cells as written, those of the conditions first."""

    id: str
    number: int
    note: str
    conditions: tuple[str, ...]
    results: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class TableSheet:
    """A decision table, to be looked at."""

    decision: str
    name: str
    hit_policy: str
    inputs: tuple[Column, ...]
    outputs: tuple[Column, ...]
    rows: tuple[Row, ...]


def read(name: str, content: bytes) -> TableSheet:
    """What the file shows. DefinitionError where it is no XML that may be read."""
    root = diagrams.xml(name, content)
    decision = next(_all(root, "decision"), root)
    table = next(_all(root, "decisionTable"), None)
    stem = name.rsplit("/", 1)[-1].removesuffix(".dmn")
    return TableSheet(
        decision=stem,
        name=decision.get("name") or stem,
        hit_policy=_attribute(table, "hitPolicy") or "UNIQUE",
        inputs=tuple(_input(column) for column in _all(table, "input")),
        outputs=tuple(_output(column) for column in _all(table, "output")),
        rows=tuple(
            Row(
                id=rule.get("id") or f"rule_{number}",
                number=number,
                note=_text(rule, "description"),
                conditions=tuple(_text(c, "text") for c in _all(rule, "inputEntry")),
                results=tuple(_text(c, "text") for c in _all(rule, "outputEntry")),
            )
            for number, rule in enumerate(_all(table, "rule"), start=1)
        ),
    )


def _input(column: etree._Element) -> Column:
    expression = next(_all(column, "inputExpression"), None)
    fact = "" if expression is None else _text(expression, "text")
    return Column(
        id=column.get("id") or "",
        label=column.get("label") or fact,
        fact=fact,
        type=_attribute(expression, "typeRef"),
    )


def _output(column: etree._Element) -> Column:
    name = column.get("name") or ""
    return Column(
        id=column.get("id") or "",
        label=column.get("label") or name,
        fact=name,
        type=column.get("typeRef") or "",
    )


def _all(node: etree._Element | None, tag: str) -> Iterator[etree._Element]:
    found = () if node is None else node.iterdescendants(etree.Element)
    return (each for each in found if etree.QName(each).localname == tag)


def _text(node: etree._Element, tag: str) -> str:
    found = next((c for c in node if _is(c, tag)), None)
    return "" if found is None else (found.text or "").strip()


def _is(node: etree._Element, tag: str) -> bool:
    return isinstance(node.tag, str) and etree.QName(node).localname == tag


def _attribute(node: etree._Element | None, name: str) -> str:
    return "" if node is None else str(node.get(name) or "")
