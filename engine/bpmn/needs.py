"""Which facts another drawing asks for, further on, that a case will not have."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.bpmn import wall
from engine.bpmn.diagrams import Element
from engine.bpmn.standing import Part, Parts, Tree
from engine.errors import ExpressionError

Facts = Mapping[str, Any]
KEPT = 1_000
"""The places of which it is known what lies before them."""
_ASKING = frozenset({"known", "value"})
"""The words that say what to do where a fact is not there."""


@dataclass(frozen=True)
class _Ahead:
    """What lies before a case: the facts read there for the first time, each with the
    name of the step that reads it, and the facts that something there sets."""

    read: tuple[tuple[str, str], ...]
    given: frozenset[str]


class Needs:
    """What another definition reads and sets, looked at once for many cases."""

    def __init__(self, before: Parts, after: Parts) -> None:
        self._before, self._after = before, after
        self._found: dict[tuple[str, frozenset[str]], _Ahead] = {}

    def lacking(
        self, pairs: Iterable[tuple[Tree, Part]], facts: Mapping[str, Facts]
    ) -> Iterator[str]:
        """Sentences on what the new drawing reads and nothing sets."""
        known: dict[int, set[str]] = {}
        for tree, part in pairs:
            here = set(_own(tree, facts)) | known.get(id(tree.outer), set())
            tokens = frozenset(element.id for _, element in tree.tokens())
            ahead = self._ahead(part, tokens)
            known[id(tree)] = here | ahead.given
            for title, name in ahead.read:
                if name not in here and name not in ahead.given:
                    yield (
                        f"“{title}” reads the fact “{name}”, which this case does "
                        "not have."
                    )

    def _ahead(self, part: Part, tokens: frozenset[str]) -> _Ahead:
        key = (part.name, tokens)
        found = self._found.get(key)
        if found is None:
            found = self._look(part, tokens)
            if len(self._found) >= KEPT:
                self._found.clear()
            self._found[key] = found
        return found

    def _look(self, part: Part, tokens: frozenset[str]) -> _Ahead:
        standing = [(part, part.diagram.elements[each]) for each in tokens]
        reached: set[str] = set()
        for token in tokens:
            for way in part.ways.after(token) + part.ways.edge(token):
                reached |= part.ways.reached(way)
        ahead = list(self._with_inside(part, reached, {part.name}))
        read: dict[tuple[str, str], None] = {}
        for place, element in [*standing, *ahead]:
            for name in sorted(self._new_names(place, element)):
                read[place.title(element.id), name] = None
        given = {n for p, e in [*standing, *ahead] for n in _set_by(p, e)}
        return _Ahead(tuple(read), frozenset(given))

    def _with_inside(
        self, part: Part, names: Iterable[str], seen: set[str]
    ) -> Iterator[tuple[Part, Element]]:
        """Elements, and all that lies in the calls and sub-processes among them."""
        for name in names:
            element = part.diagram.elements[name]
            yield part, element
            inner = element.called or (name if element.kind == "subProcess" else "")
            there = self._after.get(inner) if inner and inner not in seen else None
            if there is not None:
                seen.add(inner)
                yield from self._with_inside(there, there.ways.elements, seen)

    def _new_names(self, part: Part, element: Element) -> frozenset[str]:
        """The facts read at an element by what the old drawing does not say there."""
        old = self._before.get(part.name)
        texts = _texts(part, element.id)
        if old is not None and element.id in old.diagram.elements:
            texts = texts - _texts(old, element.id)
        found = frozenset().union(*(_read(text) for text in texts))
        return found - set(element.multi or ())


def _own(tree: Tree, facts: Mapping[str, Facts]) -> Iterator[str]:
    """The names that a part of the case adds to those of what surrounds it."""
    if tree.owner is None or tree.outer is None:
        yield from facts.get("", {})
        return
    yield from facts.get(tree.owner.id, {})
    if not tree.owner.is_item:
        return
    element = tree.outer.part.element(tree.owner)
    collection, word = element.multi if element and element.multi else ("", "")
    yield word
    for scope in facts.values():
        for entry in _entries(scope.get(collection)):
            yield from entry


def _entries(found: object) -> Iterator[Mapping[str, Any]]:
    if isinstance(found, list):
        yield from (entry for entry in found if isinstance(entry, Mapping))


def _texts(part: Part, name: str) -> frozenset[str]:
    """The expressions and scripts at an element, and on the flows out of it."""
    element = part.diagram.elements[name]
    found = {element.timer, element.script, element.payload}
    found |= set(element.parameters.values())
    found |= {f.condition for f in part.diagram.flows.values() if f.source == name}
    table = part.definition.tables.get(element.decision)
    if table is not None:
        found |= set(table.inputs)
    return frozenset(found - {""})


def _read(text: str) -> frozenset[str]:
    """The facts that must be there for an expression or a script to work."""
    walked = [node for tree in _parsed(text) for node in ast.walk(tree)]
    read = {n.id for n in walked if isinstance(n, ast.Name)}
    read -= {n.id for n in walked if isinstance(n, ast.Name) and _is_set(n)}
    for node in walked:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            asked = node.args[0] if node.args else None
            if node.func.id in _ASKING and isinstance(asked, ast.Constant):
                read.discard(str(asked.value))
    return frozenset(read - wall.RESERVED)


def _parsed(text: str) -> Sequence[ast.AST]:
    try:
        return (wall.expression(text),)
    except ExpressionError:
        return wall.script(text)


def _is_set(name: ast.Name) -> bool:
    return isinstance(name.ctx, ast.Store)


def _set_by(part: Part, element: Element) -> Iterator[str]:
    """The facts that an element may set."""
    yield from (element.variable, element.result, *element.outputs)
    yield from element.multi or ()
    form = part.definition.forms.get(element.form)
    if form is not None:
        yield from _keys(form)
    table = part.definition.tables.get(element.decision)
    if table is not None:
        yield from table.outputs
    if element.script:
        for statement in wall.script(element.script):
            yield from (
                n.id
                for n in ast.walk(statement)
                if isinstance(n, ast.Name) and _is_set(n)
            )


def _keys(form: Mapping[str, object]) -> Iterator[str]:
    """The keys of a form's questions, those in groups too."""
    components = form.get("components")
    for component in components if isinstance(components, list) else ():
        if isinstance(component, Mapping):
            yield str(component.get("key") or component.get("path") or "")
            yield from _keys(component)
