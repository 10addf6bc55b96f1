"""How two versions of a decision table differ, row by row. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from engine.bpmn import diagrams
from engine.studio.comparing_words import (
    Found,
    instead,
    is_reordered,
    listed,
    quoted,
    told_changed,
)


@dataclass(frozen=True)
class _Row:
    id: str
    number: int
    description: str
    cells: dict[str, str]

    @property
    def called(self) -> str:
        said = f" ({quoted(self.description)})" if self.description else ""
        return f"row {self.number}{said}"


@dataclass(frozen=True)
class _Table:
    name: str
    hit_policy: str
    columns: dict[str, tuple[str, str]]
    """Column id: what it is called, and what it reads or sets."""
    rows: dict[str, _Row]


def compare(name: str, before: bytes, after: bytes) -> Found:
    """What differs. Raises DefinitionError where one of the two cannot be read."""
    old, new = _read(name, before), _read(name, after)
    found = Found()
    if old.name != new.name:
        found.say("", told_changed("The name of the table", old.name, new.name))
    if old.hit_policy != new.hit_policy:
        policies = instead(old.hit_policy, new.hit_policy)
        found.say("", f"Which rows count {policies}.")
    _compare_columns(old, new, found)
    _compare_rows(old, new, found)
    if not found.words:
        found.say("", "Only the notation of the file has changed, not what it says.")
    return found


def _compare_rows(old: _Table, new: _Table, found: Found) -> None:
    for row in new.rows.values():
        if row.id not in old.rows:
            found.add(row.id, f"{_start(row.called)} is new: {_says(row, new)}.")
    for row in old.rows.values():
        if row.id not in new.rows:
            said = _says(row, old)
            found.remove(row.id, f"{_start(row.called)} is taken out; it said {said}.")
    for row in new.rows.values():
        if row.id in old.rows:
            for text in _differences(old.rows[row.id], row, new):
                found.change(row.id, text)
    if is_reordered(list(old.rows), list(new.rows)):
        first = ", and the first that fits counts" if new.hit_policy == "FIRST" else ""
        found.say("", f"The rows stand in another order{first}.")


def _compare_columns(old: _Table, new: _Table, found: Found) -> None:
    for identity, (label, meaning) in new.columns.items():
        if identity not in old.columns:
            found.add(identity, f"The column {quoted(label)} ({meaning}) is new.")
            continue
        was_label, was_meaning = old.columns[identity]
        if was_label != label:
            found.change(
                identity, f"The column {quoted(was_label)} is now {quoted(label)}."
            )
        if was_meaning != meaning:
            what = f"What the column {quoted(label)} reads or sets"
            found.change(identity, told_changed(what, was_meaning, meaning))
    for identity, (label, _) in old.columns.items():
        if identity not in new.columns:
            found.remove(identity, f"The column {quoted(label)} is taken out.")


def _differences(old: _Row, new: _Row, table: _Table) -> Iterator[str]:
    if old.description != new.description:
        yield told_changed(
            f"The note of row {new.number}", old.description, new.description
        )
    for column, (label, _) in table.columns.items():
        was, now = old.cells.get(column), new.cells.get(column, "")
        if was is not None and was != now:
            before, after = _cell(was), _cell(now)
            yield f"In {new.called}, {quoted(label)} {instead(before, after)}."


def _cell(text: str) -> str:
    return text if text not in ("", "-") else "anything"


def _says(row: _Row, table: _Table) -> str:
    parts = [
        f"{label} {_cell(row.cells[column])}"
        for column, (label, _) in table.columns.items()
        if row.cells.get(column) not in (None, "", "-")
    ]
    return listed(parts) or "nothing"


def _start(text: str) -> str:
    return text[:1].upper() + text[1:]


def _read(name: str, content: bytes) -> _Table:
    root = diagrams.xml(name, content)
    decision = next(_all(root, "decision"), root)
    table = next(_all(root, "decisionTable"), root)
    columns = {
        column.get("id") or f"column {number}": _column(column)
        for number, column in enumerate([*_all(table, "input"), *_all(table, "output")])
    }
    rows = {}
    for number, rule in enumerate(_all(table, "rule"), start=1):
        entries = [*_all(rule, "inputEntry"), *_all(rule, "outputEntry")]
        texts = [_text(entry, "text") for entry in entries]
        identity = rule.get("id") or f"row {number}"
        rows[identity] = _Row(
            identity,
            number,
            _text(rule, "description"),
            dict(zip(columns, texts, strict=False)),
        )
    return _Table(
        decision.get("name") or "", table.get("hitPolicy") or "UNIQUE", columns, rows
    )


def _column(column: etree._Element) -> tuple[str, str]:
    meaning = column.get("name") or _text(column, "text")
    return column.get("label") or meaning, meaning


def _all(root: etree._Element, name: str) -> Iterator[etree._Element]:
    yield from root.iter(f"{{*}}{name}")


def _text(element: etree._Element, name: str) -> str:
    found = next(_all(element, name), None)
    return "" if found is None else " ".join((found.text or "").split())
