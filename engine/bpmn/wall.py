"""Reads an expression or a script and refuses what is not on the list, unrun.

Parsed by Python, then inspected node by node: kinds of node, names, size and depth."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from functools import lru_cache

from engine.bpmn import scripting_sums
from engine.errors import ExpressionError

WORDS: frozenset[str] = frozenset(
    "deadline today earliest latest days_between count count_where any_where "
    "every_where where pick sum_of append known value text number round authority_for "
    "setting last_day_to_issue is_immune immune_soon immunity_rule first_immune "
    "notice_defects deemed_service new_notice max min len abs".split()
)
"""Every word that a diagram may call; no fact may have one of these names."""
RESERVED: frozenset[str] = WORDS | {"case"}

MAX_LENGTH = 4_000
MAX_NODES = 1_000
MAX_DEPTH = 60


@lru_cache(maxsize=4096)
def expression(text: str) -> ast.expr:
    """The tree of an expression of the wall. ExpressionError."""
    tree = parse(text, "eval")
    if not isinstance(tree, ast.Expression):
        raise ExpressionError("This is not an expression.")
    _inspect(tree, _EXPRESSION_NODES)
    return tree.body


@lru_cache(maxsize=1024)
def script(text: str) -> tuple[ast.stmt, ...]:
    """The statements of a script of the wall. ExpressionError."""
    tree = parse(text, "exec")
    if not isinstance(tree, ast.Module):
        raise ExpressionError("This is not a script.")
    _inspect(tree, _EXPRESSION_NODES | _SCRIPT_NODES)
    return tuple(tree.body)


def parse(text: str, mode: str) -> ast.AST:
    """What Python reads in the text, not inspected. ExpressionError."""
    if not text or not text.strip():
        raise ExpressionError("There is nothing here: write an expression.")
    if len(text) > MAX_LENGTH:
        raise ExpressionError(
            f"This is {len(text)} characters long; at most {MAX_LENGTH} are allowed."
        )
    try:
        return ast.parse(text.strip() if mode == "eval" else text, mode=mode)
    except SyntaxError as error:
        raise ExpressionError(
            f"“{_short(text)}” cannot be read: {error.msg} (line {error.lineno or 1})."
        ) from None
    except (RecursionError, MemoryError):
        raise ExpressionError("This is nested too deeply.") from None
    except ValueError:
        raise ExpressionError("This holds a character that cannot be used.") from None


_EXPRESSION_NODES: frozenset[type[ast.AST]] = frozenset(
    {
        ast.Expression,
        ast.Constant,
        ast.Name,
        ast.Load,
        ast.Attribute,
        ast.Subscript,
        ast.Call,
        ast.BinOp,
        ast.Add,
        ast.Sub,
        ast.Mult,
        ast.Div,
        ast.FloorDiv,
        ast.Mod,
        ast.UnaryOp,
        ast.Not,
        ast.USub,
        ast.UAdd,
        ast.BoolOp,
        ast.And,
        ast.Or,
        ast.Compare,
        ast.Eq,
        ast.NotEq,
        ast.Lt,
        ast.LtE,
        ast.Gt,
        ast.GtE,
        ast.In,
        ast.NotIn,
        ast.Is,
        ast.IsNot,
        ast.IfExp,
        ast.List,
        ast.Tuple,
        ast.Dict,
    }
)
_SCRIPT_NODES: frozenset[type[ast.AST]] = frozenset(
    {ast.Module, ast.Assign, ast.AugAssign, ast.If, ast.Expr, ast.Pass, ast.Store}
)
_REFUSED: Mapping[type[ast.AST], str] = {
    ast.ListComp: "a comprehension",
    ast.SetComp: "a comprehension",
    ast.DictComp: "a comprehension",
    ast.GeneratorExp: "a comprehension",
    ast.Lambda: "a function (lambda)",
    ast.FunctionDef: "a function",
    ast.ClassDef: "a class",
    ast.JoinedStr: "a format string",
    ast.NamedExpr: "the sign “:=”",
    ast.Starred: "the sign “*” before a list",
    ast.Pow: "the sign “**”",
    ast.Slice: "a slice",
    ast.Set: "a set",
    ast.For: "a loop",
    ast.While: "a loop",
    ast.Import: "an import",
    ast.ImportFrom: "an import",
    ast.Delete: "“del”",
    ast.Try: "“try”",
    ast.With: "“with”",
    ast.Await: "“await”",
    ast.Yield: "“yield”",
    ast.Return: "“return”",
    ast.Global: "“global”",
    ast.MatMult: "the sign “@”",
    ast.LShift: "the sign “<<”",
    ast.RShift: "the sign “>>”",
    ast.BitAnd: "the sign “&” (write “and”)",
    ast.BitOr: "the sign “|” (write “or”)",
    ast.BitXor: "the sign “^”",
    ast.Invert: "the sign “~” (write “not”)",
}


def _inspect(tree: ast.AST, allowed: frozenset[type[ast.AST]]) -> None:
    """Refuse a tree that is too large, too deep, or holds a node not on the list."""
    waiting = [(tree, 0)]
    seen = 0
    while waiting:
        node, depth = waiting.pop()
        seen += 1
        if seen > MAX_NODES:
            raise ExpressionError("This is too long: divide it into several steps.")
        if depth > MAX_DEPTH:
            raise ExpressionError("This is nested too deeply: divide it into steps.")
        if type(node) not in allowed:
            found = _REFUSED.get(type(node), f"“{type(node).__name__}”")
            raise ExpressionError(f"A diagram may not use {found}.")
        _inspect_node(node)
        waiting.extend((child, depth + 1) for child in ast.iter_child_nodes(node))


def _inspect_node(node: ast.AST) -> None:
    match node:
        case ast.Constant(value=value):
            _inspect_constant(value)
        case ast.Name(id=name) | ast.Attribute(attr=name) if name.startswith("_"):
            raise ExpressionError(f"The name “{name}” may not begin with “_”.")
        case ast.Name(id=name, ctx=ast.Store()) if name in RESERVED:
            raise ExpressionError(f"“{name}” is a word: choose another name to set.")
        case ast.Call():
            _inspect_call(node)
        case ast.Dict(keys=keys) if None in keys:
            raise ExpressionError("A diagram may not use the sign “**”.")
        case ast.Assign(targets=[_, _, *_] | [ast.Tuple() | ast.List()]):
            raise ExpressionError("Set one name at a time.")
        case ast.Expr(value=value) if not isinstance(value, ast.Call):
            raise ExpressionError(
                f"“{_short(ast.unparse(value))}” does nothing. Set a name with “=”."
            )


def _inspect_constant(value: object) -> None:
    if value is None or isinstance(value, bool):
        return
    if isinstance(value, str):
        return
    if isinstance(value, int | float):
        scripting_sums.in_bounds(value)
        return
    raise ExpressionError(f"“{value!r}” is neither text nor a number.")


def _inspect_call(call: ast.Call) -> None:
    if not isinstance(call.func, ast.Name):
        raise ExpressionError(
            f"“{_short(ast.unparse(call.func))}(…)” cannot be called: only the words "
            "of the product can, and nothing with a dot."
        )
    if call.func.id not in WORDS:
        raise ExpressionError(f"“{call.func.id}” is not a word that a diagram knows.")
    if call.keywords:
        raise ExpressionError(
            f"“{call.func.id}” takes its values in order, without names and “=”."
        )


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 60 else text[:57] + "…"
