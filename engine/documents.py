"""Facts as JSON text and back, with dates, times and decimals kept exactly.

A fact is text, a number, True or False, None, a date, an aware datetime, a list or a
mapping with text keys. ``plain`` makes a fact exactly what ``loads`` would give back,
so that a process cannot tell whether it was stored in between: tuples become lists,
datetimes show London's time, and no two facts share a list or a mapping."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

from engine.clock import LONDON
from engine.errors import EngineError

_DATE, _TIME, _DECIMAL, _MAPPING = "$date", "$time", "$decimal", "$mapping"
_TAGS = frozenset({_DATE, _TIME, _DECIMAL, _MAPPING})


class UnsupportedValue(EngineError):
    """A value that cannot be kept as a fact; the message names its kind."""


def plain(value: object) -> object:
    """A deep copy of a fact, as it would come back from storage.

    A datetime without a zone is London's. A subclass of date (a deadline with its
    reasons) becomes the plain date. UnsupportedValue for anything else."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return str(value)
    if isinstance(value, int | float | Decimal):
        return value
    if isinstance(value, datetime):
        return _in_london(value)
    if isinstance(value, date):
        return date(value.year, value.month, value.day)
    if isinstance(value, Mapping):
        return {_key(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    raise UnsupportedValue(
        f"A {type(value).__name__} cannot be kept as a fact. Use text, numbers, "
        "dates, yes or no, lists and mappings."
    )


def dumps(value: object) -> str:
    """Compact JSON text of a fact or of a mapping of facts."""
    return json.dumps(_encode(value), ensure_ascii=False, separators=(",", ":"))


def loads(text: str) -> object:
    """The fact that ``dumps`` wrote."""
    return _decode(json.loads(text))


def _key(key: object) -> str:
    if isinstance(key, str):
        return key
    raise UnsupportedValue(f"A mapping's keys must be text, not {key!r}.")


def _in_london(moment: datetime) -> datetime:
    """London's time of day with its offset fixed: a moment in the hour that comes
    twice would otherwise equal nothing in another zone."""
    zoned = moment if moment.tzinfo else moment.replace(tzinfo=LONDON)
    local = zoned.astimezone(LONDON)
    return local.replace(tzinfo=timezone(local.utcoffset() or timedelta()), fold=0)


def _encode(value: object) -> object:
    if value is None or isinstance(value, str | bool | int | float):
        return value
    if isinstance(value, datetime):
        return {_TIME: _in_london(value).isoformat()}
    if isinstance(value, date):
        return {_DATE: date(value.year, value.month, value.day).isoformat()}
    if isinstance(value, Decimal):
        return {_DECIMAL: str(value)}
    if isinstance(value, Mapping):
        encoded = {_key(key): _encode(item) for key, item in value.items()}
        return {_MAPPING: encoded} if _TAGS & encoded.keys() else encoded
    if isinstance(value, list | tuple):
        return [_encode(item) for item in value]
    raise UnsupportedValue(f"A {type(value).__name__} cannot be kept as a fact.")


def _decode(value: object) -> object:
    if isinstance(value, list):
        return [_decode(item) for item in value]
    if not isinstance(value, dict):
        return value
    if len(value) == 1:
        [(tag, held)] = value.items()
        if tag == _DATE:
            return date.fromisoformat(held)
        if tag == _TIME:
            return _in_london(datetime.fromisoformat(held))
        if tag == _DECIMAL:
            return Decimal(held)
        if tag == _MAPPING:
            return {key: _decode(item) for key, item in held.items()}
    return {key: _decode(item) for key, item in value.items()}
