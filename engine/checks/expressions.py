"""Finds what is wrong with one expression or script, and which facts it names."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import lru_cache

from engine.bpmn import scripting
from engine.errors import ExpressionError

RESERVED = frozenset(scripting.WORDS) | {"case", "dmninputexpr"}
"""Names that no fact may have."""
REMEDY = (
    "Use facts, numbers, text in double quotes, + - * /, comparisons, and, or, not, "
    "in, if … else, and the words that diagrams may use, such as deadline, today, "
    "count, any_where."
)
TIMER_REMEDY = (
    'Choose a period under “Period” (in the file: deadline("pcn_response", '
    "served_on), with a key from periods.yaml), or a fact that holds the date."
)


KEPT = 8192
"""Expressions of which the findings are kept."""
DEEPEST = 120
"""Levels of an expression that are looked into; the wall allows half as many."""


@lru_cache(maxsize=KEPT)
def fault(text: str) -> str:
    """Why the expression may not be used; empty where it may."""
    try:
        scripting.check_expression(text)
    except ExpressionError as error:
        return _sentence(str(error))
    return ""


@lru_cache(maxsize=KEPT)
def script_fault(text: str) -> str:
    """Why the script may not be used; empty where it may."""
    try:
        scripting.check_script(text)
    except ExpressionError as error:
        return _sentence(str(error))
    return ""


@lru_cache(maxsize=KEPT)
def timer_fault(text: str) -> str:
    """Why the expression may not be a timer's date; empty where it may."""
    if reason := fault(text):
        return reason
    if number := _typed_number(ast.parse(text.strip(), mode="eval").body):
        return f"it holds the number {number}: a period is named, never typed."
    return ""


def _typed_number(node: ast.expr) -> str:
    """A number that moves a date. Comparisons, defaults and places in lists may have
    numbers."""
    if isinstance(node, ast.Constant):
        is_number = type(node.value) in (int, float)
        return repr(node.value) if is_number else ""
    if isinstance(node, ast.Compare | ast.Subscript):
        return ""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        if node.func.id == "value":
            return ""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.expr) and (found := _typed_number(child)):
            return found
    return ""


def short(text: str) -> str:
    """The beginning of an expression or script, on one line."""
    line = " ".join(text.split())
    return line if len(line) <= 80 else f"{line[:79]}…"


@lru_cache(maxsize=KEPT)
def typed_period(text: str) -> str:
    """The comparison of days_between with a typed number, where there is one."""
    tree = parsed(text)
    for node in ast.walk(tree) if tree else ():
        if not isinstance(node, ast.Compare):
            continue
        sides = [node.left, *node.comparators]
        measures = any(any(True for _ in _calls(s, "days_between")) for s in sides)
        numbers = [
            s.value
            for s in sides
            if isinstance(s, ast.Constant) and isinstance(s.value, int | float)
        ]
        if measures and any(number not in (0, 1, -1) for number in numbers):
            return ast.unparse(node)
    return ""


@lru_cache(maxsize=KEPT)
def period_keys(text: str) -> tuple[tuple[str, ...], bool]:
    """The period keys that deadline(...) names, and whether one is worked out."""
    keys: list[str] = []
    unclear = False
    tree = parsed(text)
    for call in _calls(tree, "deadline", "first_reading") if tree else ():
        if not call.args:
            unclear = True
            continue
        keys += texts_in(call.args[0])
        unclear = unclear or _is_worked_out(call.args[0])
    return tuple(keys), unclear


@lru_cache(maxsize=KEPT)
def counted(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The periods whose end the text gives or asks about, and the facts that hold such
    a period's key. A period that only gives another one its first day is not among
    them: a week after the last day to answer counts the week."""
    keys: list[str] = []
    facts: list[str] = []
    waiting: list[ast.AST] = [tree] if (tree := parsed(text)) else []
    while waiting:
        node = waiting.pop()
        if not _is_call(node, "deadline", "first_reading"):
            waiting += ast.iter_child_nodes(node)
        elif isinstance(node, ast.Call) and node.args:
            keys += texts_in(node.args[0])
            facts += [n.id for n in ast.walk(node.args[0]) if isinstance(n, ast.Name)]
    return tuple(dict.fromkeys(keys)), tuple(dict.fromkeys(facts))


@lru_cache(maxsize=KEPT)
def calls(text: str, words: frozenset[str]) -> bool:
    """Whether the expression or script uses one of these words."""
    tree = parsed(text)
    return tree is not None and any(True for _ in _calls(tree, *words))


@lru_cache(maxsize=KEPT)
def normal(text: str) -> str:
    """The expression or script without what spaces and quotes differ in."""
    tree = parsed(text)
    return ast.unparse(tree) if tree else " ".join(text.split())


def texts(text: str) -> tuple[str, ...]:
    """The texts that an expression may turn out to be: "a" if x else "b"."""
    tree = parsed(text)
    if isinstance(tree, ast.Module) and len(tree.body) == 1:
        [statement] = tree.body
        if isinstance(statement, ast.Expr):
            return tuple(texts_in(statement.value))
    return ()


@lru_cache(maxsize=KEPT)
def names(text: str) -> frozenset[str]:
    """The facts that the expression or script reads by a plain name."""
    tree = parsed(text)
    if tree is None:
        return frozenset()
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    asked = {
        node.args[0].value
        for node in _calls(tree, "known", "value")
        if node.args
        and isinstance(node.args[0], ast.Constant)
        and isinstance(node.args[0].value, str)
    }
    read = {
        node.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Name)
        and isinstance(node.ctx, ast.Load)
        and id(node) not in called
    }
    return frozenset(read | asked) - RESERVED


@lru_cache(maxsize=KEPT)
def assigned(text: str) -> frozenset[str]:
    """The facts, and the fields of items, that a script sets."""
    tree = parsed(text)
    found: set[str] = set()
    for node in ast.walk(tree) if tree else ():
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            found.add(node.attr)
        elif isinstance(node, ast.Dict):
            found |= {
                key.value
                for key in node.keys
                if isinstance(key, ast.Constant) and isinstance(key.value, str)
            }
    return frozenset(found)


def is_syntax_error(text: str) -> bool:
    try:
        ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError):
        return True
    return False


@lru_cache(maxsize=KEPT)
def parsed(text: str) -> ast.AST | None:
    """The text as Python reads it; None where it cannot, or nested too deeply."""
    try:
        tree = ast.parse(text.strip())
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    level: list[ast.AST] = [tree]
    for _ in range(DEEPEST):
        level = [child for node in level for child in ast.iter_child_nodes(node)]
        if not level:
            return tree
    return None


def _calls(tree: ast.AST, *words: str) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _is_call(node, *words):
            yield node


def _is_call(node: ast.AST, *words: str) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in words
    )


def texts_in(key: ast.expr) -> Iterator[str]:
    """The texts that the first argument may turn out to be: "a" if x else "b"."""
    if isinstance(key, ast.Constant) and isinstance(key.value, str):
        yield key.value
    elif isinstance(key, ast.IfExp):
        yield from texts_in(key.body)
        yield from texts_in(key.orelse)


def _is_worked_out(key: ast.expr) -> bool:
    """Whether the key is put together, so that nobody can say which it will be.

    A fact that holds a key is fine: a decision table may choose the period."""
    if isinstance(key, ast.IfExp):
        return _is_worked_out(key.body) or _is_worked_out(key.orelse)
    return not isinstance(key, ast.Constant | ast.Name | ast.Attribute | ast.Subscript)


def _sentence(text: str) -> str:
    text = text.strip()
    return text if text.endswith(".") else text + "."
