"""Turns one answer as it was typed into one fact, or says what is wrong with it."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from engine.clock import LONDON
from engine.forms import patterns
from engine.forms.form_model import Field, Option

_NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,6})?")
_TIME = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?\s*(am|pm)?", re.IGNORECASE)
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_TEXT_LIMIT = 50_000


class Refused(ValueError):
    """A sentence for the person who typed the answer."""


Choices = Sequence[Option] | None


def coerce(question: Field, given: Any, choices: Choices) -> Any:
    """The fact, or None for an empty answer; Refused says what is wrong.

    ``choices`` of None lets any choice pass: the case that offers them is unknown."""
    if is_empty(given):
        return None
    return _COERCERS[question.type](question, given, choices)


def is_empty(value: Any) -> bool:
    """Nothing was answered: no text, no ticked box, no part of a date."""
    if value is None or value is False:
        return True
    if isinstance(value, str):
        return not value.strip()
    if isinstance(value, Mapping):
        return all(is_empty(part) for part in value.values())
    return isinstance(value, list | tuple) and all(is_empty(part) for part in value)


def empty(question: Field) -> Any:
    """What a question that was not answered answers."""
    match question.type:
        case "checkbox":
            return False
        case "checklist" | "dynamiclist":
            return []
        case "filepicker":
            return [] if question.multiple else None
    return None


def required_message(question: Field) -> str:
    """The sentence for a question that must be answered and was not."""
    if question.required_message:
        return question.required_message
    match question.type:
        case "radio" | "select":
            return f"Select an answer to “{question.label}”"
        case "checklist":
            return f"Select at least one answer to “{question.label}”"
        case "checkbox":
            return f"Tick the box to confirm “{question.label}”"
        case "datetime":
            return f"Enter a date for “{question.label}”"
        case "filepicker":
            return f"Choose a file for “{question.label}”"
        case "dynamiclist":
            return f"Add at least one entry to “{question.label}”"
    return f"Enter an answer to “{question.label}”"


def _text(question: Field, given: Any, choices: Choices) -> str:
    if not isinstance(given, str | int | float):
        raise Refused(f"“{question.label}” must be text")
    text = re.sub(r"\r\n?", "\n", str(given)).strip()
    if question.type == "textfield":
        text = " ".join(text.split())
    if any(ord(letter) < 32 and letter not in "\n\t" for letter in text):
        raise Refused(f"“{question.label}” holds a character that cannot be kept")
    longest = min(question.max_length or _TEXT_LIMIT, _TEXT_LIMIT)
    if len(text) > longest:
        raise Refused(f"“{question.label}” must be {longest} characters or fewer")
    if question.min_length and len(text) < question.min_length:
        raise Refused(
            f"“{question.label}” must be {question.min_length} characters or more"
        )
    if question.pattern and not patterns.fits(question.pattern, text):
        raise Refused(f"“{question.label}” is not in the right format")
    return text


def _number(question: Field, given: Any, choices: Choices) -> int | float:
    value = _parse_number(question, given)
    if question.decimals == 0 and not isinstance(value, int):
        raise Refused(f"“{question.label}” must be a whole number")
    if question.min is not None and value < question.min:
        raise Refused(f"“{question.label}” must be {question.min:g} or more")
    if question.max is not None and value > question.max:
        raise Refused(f"“{question.label}” must be {question.max:g} or less")
    return value


def _parse_number(question: Field, given: Any) -> int | float:
    if isinstance(given, int | float) and not isinstance(given, bool):
        if math.isfinite(given):
            return given
        raise Refused(f"“{question.label}” must be a number")
    text = re.sub(r"[,\s£]", "", str(given)).removesuffix(question.unit.strip())
    if not _NUMBER.fullmatch(text):
        raise Refused(f"“{question.label}” must be a number")
    return float(text) if "." in text else int(text)


def _datetime(question: Field, given: Any, choices: Choices) -> date | datetime:
    if question.subtype == "datetime":
        return _moment(question, given)
    if isinstance(given, datetime):
        return given.date()
    if isinstance(given, date):
        return given
    if isinstance(given, Mapping):
        return _date_of_parts(question, given)
    return _date_of_text(question, str(given))


def _moment(question: Field, given: Any) -> datetime:
    if isinstance(given, str):
        try:
            given = datetime.fromisoformat(given)
        except ValueError:
            raise Refused(f"“{question.label}” must be a date and a time") from None
    if isinstance(given, datetime):
        return given if given.tzinfo else given.replace(tzinfo=LONDON)
    if not isinstance(given, Mapping):
        raise Refused(f"“{question.label}” must include a time")
    day = _date_of_parts(question, given)
    match = _TIME.fullmatch(str(given.get("time") or "").strip())
    if match is None or not (match[2] or match[3]):
        raise Refused(f"“{question.label}” must include a time, like 14:30")
    hour, minute = int(match[1]), int(match[2] or 0)
    if match[3]:
        hour = hour % 12 + (12 if match[3].lower() == "pm" else 0)
    if hour > 23 or minute > 59:
        raise Refused(f"“{question.label}” must include a real time, like 14:30")
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=LONDON)


def _date_of_text(question: Field, text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise Refused(f"“{question.label}” must be a real date") from None


def _date_of_parts(question: Field, parts: Mapping[str, Any]) -> date:
    given = {name: str(parts.get(name) or "").strip() for name in _PARTS}
    missing = [name for name, value in given.items() if not value]
    if missing:
        raise Refused(f"“{question.label}” must include a {' and '.join(missing)}")
    if not re.fullmatch(r"\d{4}", given["year"]):
        raise Refused(f"“{question.label}”: the year must have 4 numbers")
    month = given["month"].lower()[:3]
    number = _MONTHS.index(month) + 1 if month in _MONTHS else _digits(given["month"])
    try:
        return date(int(given["year"]), number, _digits(given["day"]))
    except ValueError:
        raise Refused(f"“{question.label}” must be a real date") from None


_PARTS = ("day", "month", "year")


def _digits(text: str) -> int:
    return int(text) if re.fullmatch(r"[0-9]{1,2}", text) else 0


def _choice(question: Field, given: Any, choices: Choices) -> str:
    value = _as_value(given)
    if choices is not None and value not in {option.value for option in choices}:
        raise Refused(f"Select one of the answers offered for “{question.label}”")
    return value


def _checklist(question: Field, given: Any, choices: Choices) -> list[str]:
    items = given if isinstance(given, list | tuple) else [given]
    ticked = [_choice(question, item, choices) for item in items if not is_empty(item)]
    return list(dict.fromkeys(ticked))


def _checkbox(question: Field, given: Any, choices: Choices) -> bool:
    if given is True or str(given).lower() in ("true", "yes", "on", "1"):
        return True
    if str(given).lower() in ("false", "no", "off", "0"):
        return False
    raise Refused(f"Tick or clear the box “{question.label}”")


def _files(question: Field, given: Any, choices: Choices) -> Any:
    """A file is kept elsewhere; the answer is what names it."""
    items = given if isinstance(given, list | tuple) else [given]
    names = [item for item in items if not is_empty(item)]
    for item in names:
        if not isinstance(item, str | Mapping):
            raise Refused(f"Choose a file for “{question.label}”")
    return names if question.multiple else names[0]


def _as_value(given: Any) -> str:
    if isinstance(given, bool):
        return "yes" if given else "no"
    return str(given)


_COERCERS: Mapping[str, Callable[[Field, Any, Choices], Any]] = {
    "textfield": _text,
    "textarea": _text,
    "number": _number,
    "datetime": _datetime,
    "select": _choice,
    "radio": _choice,
    "checklist": _checklist,
    "checkbox": _checkbox,
    "filepicker": _files,
}
