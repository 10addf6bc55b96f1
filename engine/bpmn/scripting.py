"""The wall: the small language that diagrams, tables and forms may use.

Expressions and scripts are parsed by Python and then walked here node by node; what
is not on the list is refused before anything runs, and nothing is ever handed to
Python's own evaluator. Dots and brackets read keys of mappings, never attributes.
The words are named here and carried out by the functions that the caller hands in."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, MutableMapping
from typing import Protocol

from engine.bpmn import scripting_sums, wall
from engine.bpmn.wall import RESERVED, WORDS
from engine.errors import ExpressionError

__all__ = [
    "RESERVED",
    "WORDS",
    "Names",
    "Store",
    "Word",
    "check_expression",
    "check_script",
    "evaluate",
    "execute",
    "is_well_formed",
    "read",
]

Word = Callable[..., object]


class Names(Protocol):
    """Where an expression finds its names. KeyError for one that is not there."""

    def __getitem__(self, name: str, /) -> object: ...


class Store(Names, Protocol):
    """Where a script keeps what it sets."""

    def __setitem__(self, name: str, value: object, /) -> None: ...

    def own(self, name: str, /) -> object:
        """The value of a name, made the script's own so that it may be changed."""


def check_expression(text: str) -> None:
    """ExpressionError, in plain words, if the expression may not be used."""
    wall.expression(text)


def check_script(text: str) -> None:
    """ExpressionError, in plain words, if the script may not be used."""
    wall.script(text)


def is_well_formed(text: str) -> bool:
    """Whether the text is an expression at all, whatever it says."""
    try:
        wall.parse(text, "eval")
    except ExpressionError:
        return False
    return True


def evaluate(text: str, names: Names, words: Mapping[str, Word]) -> object:
    """The value of an expression. ExpressionError says why it has none."""
    return _Run(names, words).value(wall.expression(text))


def execute(text: str, store: Store, words: Mapping[str, Word]) -> None:
    """Carry out a script: its assignments go to the store."""
    run = _Run(store, words)
    for statement in wall.script(text):
        _carry_out(statement, run, store)


class _Run:
    """One evaluation: the names and words that it sees."""

    def __init__(self, names: Names, words: Mapping[str, Word]) -> None:
        self.names = names
        self.words = words

    def value(self, node: ast.expr) -> object:
        return _EVALUATORS[type(node)](self, node)

    def values(self, nodes: list[ast.expr]) -> list[object]:
        return [self.value(node) for node in nodes]


def _name(run: _Run, node: ast.expr) -> object:
    assert isinstance(node, ast.Name)
    try:
        return run.names[node.id]
    except KeyError:
        pass
    if node.id in WORDS:
        raise ExpressionError(f"“{node.id}” is a word: write “{node.id}(…)”.")
    raise ExpressionError(
        f"“{node.id}” is not known here. Where it may not have been answered yet, "
        f'write known("{node.id}") or value("{node.id}", None).'
    )


def _attribute(run: _Run, node: ast.expr) -> object:
    assert isinstance(node, ast.Attribute)
    return read(run.value(node.value), node.attr, ast.unparse(node.value))


def _subscript(run: _Run, node: ast.expr) -> object:
    assert isinstance(node, ast.Subscript)
    return read(run.value(node.value), run.value(node.slice), ast.unparse(node.value))


def read(holder: object, key: object, what: str) -> object:
    """A field of a mapping (None where it has not been set) or an entry of a list."""
    if isinstance(holder, Mapping):
        if isinstance(key, str) and key.startswith("_"):
            raise ExpressionError(f"The name “{key}” may not begin with “_”.")
        return holder.get(key)
    if isinstance(holder, list | tuple):
        if not isinstance(key, int) or isinstance(key, bool):
            raise ExpressionError(f"“{what}” is a list: it has no field “{key}”.")
        try:
            return holder[key]
        except IndexError:
            raise ExpressionError(
                f"“{what}” has only {len(holder)} entries: there is no number {key}."
            ) from None
    if holder is None:
        raise ExpressionError(f"“{what}” has no value yet, so it has no “{key}”.")
    raise ExpressionError(f"“{what}” has no fields: “{what}.{key}” cannot be read.")


def _call(run: _Run, node: ast.expr) -> object:
    assert isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    word = run.words.get(node.func.id)
    if word is None:
        raise ExpressionError(f"The word “{node.func.id}” cannot be used here.")
    try:
        return word(*run.values(node.args))
    except TypeError as error:
        raise ExpressionError(
            f"“{ast.unparse(node)}” does not work: check the number and the kinds of "
            f"its values ({_reason(error)})."
        ) from error
    except (ValueError, ArithmeticError, LookupError, AttributeError) as error:
        raise ExpressionError(
            f"“{ast.unparse(node)}” does not work with these values: {error}."
        ) from error


def _reason(error: Exception) -> str:
    return str(error).replace("<lambda>()", "it").replace("NoneType", "nothing")


def _binary(run: _Run, node: ast.expr) -> object:
    assert isinstance(node, ast.BinOp)
    return scripting_sums.binary(
        type(node.op), run.value(node.left), run.value(node.right)
    )


def _unary(run: _Run, node: ast.expr) -> object:
    assert isinstance(node, ast.UnaryOp)
    value = run.value(node.operand)
    if isinstance(node.op, ast.Not):
        return not value
    if isinstance(value, int | float):
        return -value if isinstance(node.op, ast.USub) else value
    raise ExpressionError("“-” can only stand before a number.")


def _boolean(run: _Run, node: ast.expr) -> object:
    assert isinstance(node, ast.BoolOp)
    stops_at = isinstance(node.op, ast.Or)
    value: object = None
    for part in node.values:
        value = run.value(part)
        if bool(value) is stops_at:
            return value
    return value


def _compare(run: _Run, node: ast.expr) -> object:
    assert isinstance(node, ast.Compare)
    left = run.value(node.left)
    for sign, part in zip(node.ops, node.comparators, strict=True):
        right = run.value(part)
        if not scripting_sums.compare(type(sign), left, right):
            return False
        left = right
    return True


def _either(run: _Run, node: ast.expr) -> object:
    assert isinstance(node, ast.IfExp)
    return run.value(node.body if run.value(node.test) else node.orelse)


def _list(run: _Run, node: ast.expr) -> object:
    assert isinstance(node, ast.List | ast.Tuple)
    return run.values(node.elts)


def _mapping(run: _Run, node: ast.expr) -> object:
    assert isinstance(node, ast.Dict)
    made: dict[str, object] = {}
    for key_node, value_node in zip(node.keys, node.values, strict=True):
        key = run.value(key_node) if key_node is not None else None
        if not isinstance(key, str) or key.startswith("_"):
            raise ExpressionError("The name of a field must be text, such as “name”.")
        made[key] = run.value(value_node)
    return made


def _constant(run: _Run, node: ast.expr) -> object:
    assert isinstance(node, ast.Constant)
    return node.value


_EVALUATORS: Mapping[type[ast.expr], Callable[[_Run, ast.expr], object]] = {
    ast.Constant: _constant,
    ast.Name: _name,
    ast.Attribute: _attribute,
    ast.Subscript: _subscript,
    ast.Call: _call,
    ast.BinOp: _binary,
    ast.UnaryOp: _unary,
    ast.BoolOp: _boolean,
    ast.Compare: _compare,
    ast.IfExp: _either,
    ast.List: _list,
    ast.Tuple: _list,
    ast.Dict: _mapping,
}


def _carry_out(statement: ast.stmt, run: _Run, store: Store) -> None:
    match statement:
        case ast.Assign(targets=[target], value=value):
            _set(target, run.value(value), run, store)
        case ast.AugAssign(target=target, op=sign, value=value):
            before = run.value(_as_read(target))
            after = scripting_sums.binary(type(sign), before, run.value(value))
            _set(target, after, run, store)
        case ast.If(test=test, body=body, orelse=otherwise):
            for inner in body if run.value(test) else otherwise:
                _carry_out(inner, run, store)
        case ast.Expr(value=value):
            run.value(value)


def _as_read(target: ast.expr) -> ast.expr:
    return wall.expression(ast.unparse(target))


def _set(target: ast.expr, value: object, run: _Run, store: Store) -> None:
    if isinstance(target, ast.Name):
        store[target.id] = value
        return
    if isinstance(target, ast.Attribute):
        holder, key = _own(target.value, run, store), target.attr
    elif isinstance(target, ast.Subscript):
        holder = _own(target.value, run, store)
        found = run.value(target.slice)
        if isinstance(holder, list) and isinstance(found, int):
            if not -len(holder) <= found < len(holder):
                raise ExpressionError(f"“{ast.unparse(target)}” is past the end.")
            holder[found] = scripting_sums.kept(value)
            return
        key = str(found)
    else:
        raise ExpressionError("Only a name or a field can be set.")
    if not isinstance(holder, MutableMapping) or key.startswith("_"):
        raise ExpressionError(f"“{ast.unparse(target)}” cannot be set.")
    holder[key] = scripting_sums.kept(value)


def _own(node: ast.expr, run: _Run, store: Store) -> object:
    """The list or mapping to change, reached through names that belong to the store."""
    if isinstance(node, ast.Name):
        try:
            return store.own(node.id)
        except KeyError:
            return run.value(node)
    if isinstance(node, ast.Attribute):
        return read(_own(node.value, run, store), node.attr, ast.unparse(node.value))
    if isinstance(node, ast.Subscript):
        key = run.value(node.slice)
        return read(_own(node.value, run, store), key, ast.unparse(node.value))
    raise ExpressionError("Only a name or a field can be set.")
