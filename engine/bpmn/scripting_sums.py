"""Arithmetic and comparison behind the wall: only what is safe, bounded and clear."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from datetime import date, datetime

from engine import documents
from engine.errors import ExpressionError

LARGEST = 10**15
"""No number that a case needs is larger; beyond it floats stop counting in ones."""
LONGEST_TEXT = 100_000
LONGEST_LIST = 10_000

_ON_NUMBERS: Mapping[type[ast.operator], Callable[..., int | float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
}
_SIGNS: Mapping[type[ast.AST], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.FloorDiv: "//",
    ast.Mod: "%",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
}
_ORDER: Mapping[type[ast.cmpop], Callable[..., bool]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}


def in_bounds(number: int | float) -> int | float:
    """The number itself; ExpressionError if it is too large to be meant."""
    if not (abs(number) <= LARGEST):
        raise ExpressionError("A number is too large.")
    return number


def binary(sign: type[ast.operator], left: object, right: object) -> object:
    """``left sign right`` for numbers; ``+`` also joins two texts or two lists."""
    if isinstance(left, int | float) and isinstance(right, int | float):
        try:
            return in_bounds(_ON_NUMBERS[sign](left, right))
        except ZeroDivisionError:
            raise ExpressionError("A number cannot be divided by nothing.") from None
        except KeyError:
            raise ExpressionError("A diagram may not use this sign.") from None
    if sign is ast.Add and isinstance(left, str) and isinstance(right, str):
        return _bounded_text(left, right)
    if sign is ast.Add and isinstance(left, list) and isinstance(right, list):
        if len(left) + len(right) > LONGEST_LIST:
            raise ExpressionError(f"A list may have at most {LONGEST_LIST} entries.")
        return [*left, *right]
    shown = _SIGNS.get(sign, "this sign")
    if isinstance(left, date) or isinstance(right, date):
        raise ExpressionError(
            f"“{shown}” does not work with a date. Name the period, such as "
            'deadline("pcn_response", served_on), or use days_between(a, b).'
        )
    raise ExpressionError(
        f"“{shown}” does not work between {kind(left)} and {kind(right)}."
    )


def _bounded_text(left: str, right: str) -> str:
    if len(left) + len(right) > LONGEST_TEXT:
        raise ExpressionError(f"A text may have at most {LONGEST_TEXT} characters.")
    return left + right


def compare(sign: type[ast.cmpop], left: object, right: object) -> bool:
    """``left sign right``, a moment counting as its London day beside a date."""
    if sign is ast.Eq or sign is ast.NotEq:
        left, right = _alike(left, right)
        return (left == right) is (sign is ast.Eq)
    if sign is ast.Is or sign is ast.IsNot:
        return (left is right) is (sign is ast.Is)
    if sign is ast.In or sign is ast.NotIn:
        return _contains(right, left) is (sign is ast.In)
    left, right = _alike(left, right)
    try:
        return bool(_ORDER[sign](left, right))
    except TypeError:
        raise ExpressionError(
            f"“{_SIGNS[sign]}” cannot compare {kind(left)} with {kind(right)}."
        ) from None


def _alike(left: object, right: object) -> tuple[object, object]:
    if isinstance(left, datetime) is isinstance(right, datetime):
        return left, right
    if isinstance(left, date) and isinstance(right, date):
        return _day(left), _day(right)
    return left, right


def _day(moment: date) -> date:
    if not isinstance(moment, datetime):
        return moment
    held = documents.plain(moment)
    return held.date() if isinstance(held, datetime) else moment


def _contains(holder: object, item: object) -> bool:
    if isinstance(holder, str) and isinstance(item, str):
        return item in holder
    if isinstance(holder, list | tuple | Mapping):
        return item in holder
    if holder is None:
        return False
    raise ExpressionError(
        f"“in” needs a list or a text on its right, not {kind(holder)}."
    )


def kept(value: object) -> object:
    """The value as a fact of its own. ExpressionError where it cannot be one."""
    try:
        return documents.plain(value)
    except documents.UnsupportedValue as error:
        raise ExpressionError(str(error)) from None


def kind(value: object) -> str:
    """What sort of thing a value is, in words."""
    match value:
        case None:
            return "nothing (it has no value yet)"
        case bool():
            return "yes or no"
        case int() | float():
            return "a number"
        case str():
            return "a text"
        case datetime():
            return "a date and time"
        case date():
            return "a date"
        case list() | tuple():
            return "a list"
        case Mapping():
            return "a group of fields"
    return "something else"
