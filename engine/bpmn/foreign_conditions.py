"""Conditions of other tools in our words, where they say the same. Pure."""

from __future__ import annotations

import re

from engine.bpmn import scripting
from engine.errors import ExpressionError

_WRAPPED = re.compile(r"[$#]\{(.*)\}", re.DOTALL)
_TEXT = re.compile(r"""("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')""")
_SAME = (
    (r"&&", " and "),
    (r"\|\|", " or "),
    (r"!(?!=)", " not "),
    (r"\beq\b", "=="),
    (r"\bne\b", "!="),
    (r"\bgt\b", ">"),
    (r"\blt\b", "<"),
    (r"\bge\b", ">="),
    (r"\ble\b", "<="),
    (r"\btrue\b", "True"),
    (r"\bfalse\b", "False"),
    (r"\bnull\b", "None"),
    (r"(?<![=!<>])=(?!=)", "=="),
)


def is_ours(text: str) -> bool:
    """Whether it is a script that may run here as it is."""
    try:
        scripting.check_script(text)
    except ExpressionError:
        return False
    return True


def ours(text: str) -> str | None:
    """The condition in the words of the diagrams, None where there is no telling."""
    if _may_run(text):
        return text
    wrapped = _WRAPPED.fullmatch(text.strip())
    inner = wrapped[1] if wrapped else text.strip().removeprefix("=")
    parts = _TEXT.split(inner)
    for place in range(0, len(parts), 2):
        for sign, same in _SAME:
            parts[place] = re.sub(sign, same, parts[place])
        parts[place] = re.sub(r"\s+", " ", parts[place])
    found = "".join(parts).strip()
    return found if _may_run(found) else None


def _may_run(text: str) -> bool:
    try:
        scripting.check_expression(text)
    except ExpressionError:
        return False
    return True
