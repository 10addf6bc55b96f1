"""Which facts an expression or script needs, and which it only asks about."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from engine.checks import expressions


@dataclass(frozen=True)
class Reads:
    """The facts that a text reads by a plain name: an error where one is not there.

    `always` are read whatever happens, `perhaps` behind an `if`, an `and` or an `or`;
    `asked` are those that `known` or `value` ask about first; `sure` are those that are
    known where the text, as a condition, holds."""

    always: frozenset[str]
    perhaps: frozenset[str]
    asked: frozenset[str]
    sure: frozenset[str]

    @property
    def needed(self) -> frozenset[str]:
        return (self.always | self.perhaps) - self.asked


@lru_cache(maxsize=expressions.KEPT)
def of(text: str) -> Reads:
    """What the text reads; a script's own names only where it has not set them yet."""
    tree = expressions.parsed(text)
    found = _Finder()
    for statement in tree.body if isinstance(tree, ast.Module) else ():
        found.statement(statement, sure=True)
    words = expressions.RESERVED
    return Reads(
        frozenset(found.always - words),
        frozenset(found.perhaps - words),
        frozenset(found.asked),
        frozenset(_sure(tree)) if tree is not None else frozenset(),
    )


@lru_cache(maxsize=expressions.KEPT)
def surely_set(script: str) -> frozenset[str]:
    """The facts that a script sets whichever way it goes."""
    tree = expressions.parsed(script)
    found = _Finder()
    for statement in tree.body if isinstance(tree, ast.Module) else ():
        found.statement(statement, sure=True)
    return frozenset(found.set)


class _Finder:
    """Walks in the order in which the engine evaluates."""

    def __init__(self) -> None:
        self.always: set[str] = set()
        self.perhaps: set[str] = set()
        self.asked: set[str] = set()
        self.set: set[str] = set()

    def statement(self, node: ast.stmt, *, sure: bool) -> None:
        match node:
            case ast.If(test=test, body=body, orelse=orelse):
                self._read(test, sure=sure)
                before = set(self.set)
                ends: list[set[str]] = []
                for branch in (body, orelse):
                    self.set = set(before)
                    for inner in branch:
                        self.statement(inner, sure=False)
                    ends.append(self.set)
                self.set = ends[0] & ends[1]
            case ast.Assign(targets=targets, value=value):
                self._read(value, sure=sure)
                for target in targets:
                    self._target(target, sure=sure)
            case ast.AugAssign(target=target, value=value):
                self._read(value, sure=sure)
                if isinstance(target, ast.Name):
                    self._name(target.id, sure=sure)
                self._target(target, sure=sure)
            case ast.Expr(value=value):
                self._read(value, sure=sure)

    def _target(self, target: ast.expr, *, sure: bool) -> None:
        if isinstance(target, ast.Name):
            self.set.add(target.id)
        elif isinstance(target, ast.Attribute | ast.Subscript):
            self._read(target.value, sure=sure)

    def _read(self, node: ast.expr, *, sure: bool) -> None:
        always: Iterable[ast.AST] = ()
        perhaps: Iterable[ast.AST] = ()
        match node:
            case ast.Name(id=name):
                self._name(name, sure=sure)
            case ast.IfExp():
                always, perhaps = [node.test], [node.body, node.orelse]
            case ast.BoolOp(values=[first, *others]):
                always, perhaps = [first], others
            case ast.Call(func=ast.Name(id="known" | "value"), args=[first, *others]):
                self.asked |= set(expressions.texts_in(first))
                always = others
            case ast.Call():
                always = node.args
            case _:
                always = ast.iter_child_nodes(node)
        for nodes, is_sure in ((always, sure), (perhaps, False)):
            for child in nodes:
                if isinstance(child, ast.expr):
                    self._read(child, sure=is_sure)

    def _name(self, name: str, *, sure: bool) -> None:
        if name not in self.set:
            (self.always if sure else self.perhaps).add(name)


def _sure(tree: ast.AST) -> Iterator[str]:
    """The facts that are known where a condition holds: it says `known("…") and …`."""
    waiting = [n.value for n in ast.iter_child_nodes(tree) if isinstance(n, ast.Expr)]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.BoolOp) and isinstance(node.op, ast.And):
            waiting += node.values
        elif (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id == "known"
            and node.args
        ):
            yield from expressions.texts_in(node.args[0])
