"""The conditions that a form may use to hide a question: a small part of FEEL.

Comparisons, ``and``, ``or``, ``not(...)`` and ``list contains(...)`` over answers and
facts. Nothing is handed to Python's own evaluator."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

_TOKEN = re.compile(
    r"""\s*(?:
      (?P<number>-?\d+(?:\.\d+)?)
    | (?P<string>"[^"]*")
    | (?P<contains>list\s+contains(?=\s*\())
    | (?P<word>[A-Za-z_][A-Za-z0-9_.]*)
    | (?P<sign><=|>=|!=|=|<|>|\(|\)|,)
    )""",
    re.VERBOSE,
)
_COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
}
_CONSTANTS: Mapping[str, Any] = {"true": True, "false": False, "null": None}
_MAX_LENGTH = 1000

Tree = tuple[Any, ...]
"""("or", a, b), ("and", a, b), ("not", a), ("=", a, b) and its kin, ("in", item, list),
("name", "a.b") or ("value", 3)."""


class ConditionError(ValueError):
    """The condition is not one that a form may use."""


@dataclass(frozen=True)
class Condition:
    """A parsed condition: its text, and the names that it looks at."""

    text: str
    names: tuple[str, ...]
    tree: Tree = field(repr=False)

    def holds(self, values: Mapping[str, Any]) -> bool:
        """Whether it is true of these values; a missing name counts as null."""
        return _value(self.tree, values) is True

    def given(self, values: Mapping[str, Any], asked: Collection[str]) -> Tree:
        """The tree with every name but those asked for replaced by its value.

        Made of lists, text, numbers and null only: a page can work it out itself."""
        return _given(self.tree, values, asked)


def parse(text: str) -> Condition:
    """Parse ``=visit_made != "yes"``; ConditionError says what is wrong."""
    if len(text) > _MAX_LENGTH:
        raise ConditionError(f"The condition is over {_MAX_LENGTH} characters long.")
    parser = _Parser(list(_tokens(text.strip().removeprefix("="))))
    tree = parser.either()
    parser.expect_end()
    return Condition(text, tuple(dict.fromkeys(parser.names)), tree)


def _value(tree: Tree, values: Mapping[str, Any]) -> Any:
    kind, *parts = tree
    match kind:
        case "value":
            return parts[0]
        case "name":
            return _look_up(parts[0], values)
        case "or":
            return any(_value(part, values) is True for part in parts)
        case "and":
            return all(_value(part, values) is True for part in parts)
        case "not":
            return _value(parts[0], values) is not True
        case "in":
            held = _value(parts[1], values)
            return isinstance(held, list | tuple) and _value(parts[0], values) in held
    return _compare(kind, _value(parts[0], values), _value(parts[1], values))


def _compare(sign: str, first: Any, second: Any) -> bool:
    if isinstance(first, date) and isinstance(second, str):
        first = first.isoformat()
    elif isinstance(second, date) and isinstance(first, str):
        second = second.isoformat()
    try:
        return _COMPARE[sign](first, second)
    except TypeError:
        return False


def _look_up(path: str, values: Mapping[str, Any]) -> Any:
    found: Any = values
    for part in path.split("."):
        if not isinstance(found, Mapping):
            return None
        found = found.get(part)
    return found


def _given(tree: Tree, values: Mapping[str, Any], asked: Collection[str]) -> Tree:
    kind, *parts = tree
    if kind == "value":
        return tree
    if kind == "name":
        if parts[0] in asked:
            return tree
        return ("value", _plain(_look_up(parts[0], values)))
    return (kind, *(_given(part, values, asked) for part in parts))


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value if isinstance(value, str | int | float | bool) else None


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    position = 0
    text = text.rstrip()
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None or match.lastgroup is None:
            raise ConditionError(f"“{text[position:].strip()}” is not understood.")
        yield match.lastgroup, match.group(match.lastgroup)
        position = match.end()


class _Parser:
    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self._tokens = tokens
        self._depth = 0
        self.names: list[str] = []

    def either(self) -> Tree:
        return self._joined("or", self._both)

    def expect_end(self) -> None:
        if self._tokens:
            raise ConditionError(f"“{self._tokens[0][1]}” was not expected.")

    def _both(self) -> Tree:
        return self._joined("and", self._comparison)

    def _joined(self, word: str, part: Callable[[], Tree]) -> Tree:
        parts = [part()]
        while self._take("word", word):
            parts.append(part())
        return parts[0] if len(parts) == 1 else (word, *parts)

    def _comparison(self) -> Tree:
        left = self._operand()
        for sign in _COMPARE:
            if self._take("sign", sign):
                return (sign, left, self._operand())
        return left

    def _operand(self) -> Tree:
        if not self._tokens:
            raise ConditionError("The condition stops before it is finished.")
        kind, text = self._tokens.pop(0)
        match kind, text:
            case "number", _:
                return ("value", float(text) if "." in text else int(text))
            case "string", _:
                return ("value", text[1:-1])
            case "contains", _:
                return self._contains()
            case "sign", "(":
                return self._in_brackets()
            case "word", "not" if self._take("sign", "("):
                return ("not", self._in_brackets())
            case "word", _ if text not in ("and", "or", "not"):
                return self._name(text)
        raise ConditionError(f"“{text}” was not expected.")

    def _name(self, text: str) -> Tree:
        if text in _CONSTANTS:
            return ("value", _CONSTANTS[text])
        self.names.append(text.split(".")[0])
        return ("name", text)

    def _in_brackets(self) -> Tree:
        self._depth += 1
        if self._depth > 20:
            raise ConditionError("The condition has too many brackets.")
        inner = self.either()
        self._need(")")
        return inner

    def _contains(self) -> Tree:
        self._need("(")
        held = self._operand()
        self._need(",")
        item = self._operand()
        self._need(")")
        return ("in", item, held)

    def _take(self, kind: str, text: str) -> bool:
        if self._tokens and self._tokens[0] == (kind, text):
            self._tokens.pop(0)
            return True
        return False

    def _need(self, sign: str) -> None:
        if not self._take("sign", sign):
            raise ConditionError(f"A “{sign}” is missing.")
