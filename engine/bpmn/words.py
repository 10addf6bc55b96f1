"""What the words of a diagram do: dates, lists, facts, standing orders, immunity.

`scripting.WORDS` names them; here each gets its function, bound to the surroundings of
one process: its moment, its case, its council's periods."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from engine.bpmn import scripting, scripting_sums
from engine.bpmn.scripting import Names, Word
from engine.errors import ExpressionError
from engine.law import deemed_service
from engine.law.dates import london_day
from engine.law.immunity import Immunity, first_to_expire, immunity
from engine.law.periods import CouncilPeriods
from engine.preflight import notice_defects


@dataclass
class Surroundings:
    """What a process may see besides its own facts.

    `now` is an aware moment; `counters` counts the case's notices by kind and is
    changed by `new_notice`; `held` are the ids of timers that do not fire for now."""

    now: datetime
    case: Mapping[str, object]
    periods: CouncilPeriods
    counters: dict[str, int] = field(default_factory=dict)
    held: frozenset[str] = frozenset()

    @property
    def today(self) -> date:
        return london_day(self.now)


def evaluator(
    surroundings: Surroundings,
) -> Callable[[str, Mapping[str, object]], object]:
    """A function from an expression and the facts it may see to its value."""
    table = bound_to(surroundings)

    def evaluate(text: str, facts: Mapping[str, object]) -> object:
        names = _WithCase(facts, surroundings.case)
        return scripting.evaluate(text, names, with_names(table, surroundings, names))

    return evaluate


class _WithCase:
    def __init__(self, facts: Mapping[str, object], case: Mapping[str, object]) -> None:
        self._facts = facts
        self._case = case

    def __getitem__(self, name: str) -> object:
        return self._case if name == "case" else self._facts[name]


def about_names(names: Names) -> dict[str, Word]:
    """The words that ask for facts by name: known, value."""

    def found(path: object) -> object:
        if not isinstance(path, str):
            raise ExpressionError(
                'Name the fact in quotes, such as known("served_on").'
            )
        first, *rest = path.split(".")
        try:
            value = names[first]
        except KeyError:
            return None
        for key in rest:
            if value is None:
                return None
            value = scripting.read(value, key, first)
        return value

    def value_of(path: object, otherwise: object = None) -> object:
        value = found(path)
        return otherwise if value is None else value

    return {"known": lambda path: found(path) is not None, "value": value_of}


def bound_to(surroundings: Surroundings) -> dict[str, Word]:
    """The words that need the moment, the case or the council."""
    here = surroundings
    periods = here.periods

    def limit(breach: object) -> Immunity:
        return immunity(_mapping(breach), periods)

    def new_notice(kind: object) -> str:
        if not isinstance(kind, str) or not kind.isalnum():
            raise ExpressionError('Name the kind of notice, such as new_notice("EN").')
        here.counters[kind] = here.counters.get(kind, 0) + 1
        return f"{kind}{here.counters[kind]}"

    def deemed(method: object, sent_on: object) -> date | None:
        if not isinstance(sent_on, date):
            raise ExpressionError("deemed_service needs the day a document was sent.")
        return deemed_service.served_on(
            str(method), sent_on, calendar=periods.calendar
        ).on

    def setting(key: object, otherwise: object = None) -> object:
        return periods.setting(str(key), otherwise)

    return {
        **_PURE,
        "today": lambda: here.today,
        "setting": setting,
        "authority_for": lambda action: periods.authority_for(str(action)),
        "last_day_to_issue": lambda breach: limit(breach).last_day_to_issue,
        "is_immune": lambda breach: limit(breach).immune_on(here.today),
        "immune_soon": lambda breach: limit(breach).soon_on(here.today),
        "immunity_rule": lambda breach: limit(breach).rule,
        "first_immune": lambda breaches: first_to_expire(
            [_mapping(breach) for breach in _list(breaches)], periods
        ),
        "new_notice": new_notice,
        "notice_defects": lambda draft: notice_defects(_mapping(draft), periods),
        "deemed_service": deemed,
    }


def with_names(
    table: Mapping[str, Word], surroundings: Surroundings, names: Names
) -> dict[str, Word]:
    """The table of `bound_to` and the words that look at facts by name."""
    return {
        **table,
        **about_names(names),
        "deadline": deadline_word(surroundings, names),
    }


def deadline_word(surroundings: Surroundings, names: Names) -> Word:
    """`deadline`: the case's pauses stop the clock of local targets."""

    def deadline(
        key: object, trigger: object, length: object = None, unit: object = None
    ) -> object:
        if trigger is not None and not isinstance(trigger, date):
            raise ExpressionError(
                f'deadline("{key}", …) needs a date, '
                f"not {scripting_sums.kind(trigger)}."
            )
        try:
            pauses = names["pauses"]
        except KeyError:
            pauses = None
        return surroundings.periods.deadline(
            str(key),
            trigger,
            pauses=[_mapping(pause) for pause in _list(pauses)],
            length=length if isinstance(length, int) else None,
            unit=None if unit is None else str(unit),
        )

    return deadline


def _list(value: object) -> list[object]:
    if value is None:
        return []
    if isinstance(value, list | tuple):
        return list(value)
    raise ExpressionError(f"A list is needed here, not {scripting_sums.kind(value)}.")


def _mapping(value: object) -> Mapping[str, object]:
    if isinstance(value, Mapping):
        return value
    raise ExpressionError(
        f"A group of fields is needed here, not {scripting_sums.kind(value)}."
    )


def _field_of(item: object, field_name: object) -> object:
    return _mapping(item).get(str(field_name))


def _where(
    items: object, field_name: object, wanted: object
) -> Iterable[Mapping[str, object]]:
    for item in _list(items):
        if _field_of(item, field_name) == wanted:
            yield _mapping(item)


def _every(items: object, field_name: object, wanted: object) -> bool:
    return all(_field_of(item, field_name) == wanted for item in _list(items))


def _dates(given: tuple[object, ...]) -> list[date]:
    flat: list[object] = []
    for value in given:
        flat.extend(_list(value) if isinstance(value, list | tuple) else [value])
    found = []
    for value in flat:
        if isinstance(value, date):
            found.append(value)
        elif value is not None:
            raise ExpressionError(
                f"Only dates can be compared here, not {scripting_sums.kind(value)}."
            )
    return found


def _moment(value: date) -> tuple[date, float]:
    """Orders dates and moments together: a moment counts within its London day."""
    if isinstance(value, datetime):
        return london_day(value), value.timestamp()
    return value, 0.0


def _earliest(*given: object) -> date | None:
    return min(_dates(given), key=_moment, default=None)


def _latest(*given: object) -> date | None:
    return max(_dates(given), key=_moment, default=None)


def _days_between(first: object, second: object) -> int | None:
    if first is None or second is None:
        return None
    if not (isinstance(first, date) and isinstance(second, date)):
        raise ExpressionError("days_between needs two dates.")
    return (london_day(second) - london_day(first)).days


def _sum_of(items: object, field_name: object = None) -> object:
    """The sum of a field of the entries, or of the entries themselves."""
    total: int | float = 0
    for item in _list(items):
        found = item if field_name is None else _field_of(item, field_name)
        if found is None:
            continue
        if not isinstance(found, int | float):
            raise ExpressionError(f"“{field_name or item}” is not a number.")
        total = scripting_sums.in_bounds(total + found)
    return total


def _append(items: object, item: object) -> list[object]:
    made = [*_list(items), item]
    if len(made) > scripting_sums.LONGEST_LIST:
        raise ExpressionError("The list is too long.")
    return made


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        day = london_day(value)
        return f"{day.day} {day:%B %Y}"
    if isinstance(value, str | int | float):
        return str(value)
    raise ExpressionError(f"{scripting_sums.kind(value)} cannot become a text.")


def _number(value: object) -> int | float:
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, int | float):
        return value
    try:
        found = float(str(value))
        whole = int(found)
    except (ValueError, OverflowError):
        raise ExpressionError(f"“{value}” is not a number.") from None
    scripting_sums.in_bounds(found)
    return whole if whole == found and "." not in str(value) else found


def _round(value: object, places: object = 0) -> int | float:
    number = _number(value)
    if not isinstance(places, int) or not 0 <= places <= 10:
        raise ExpressionError("round takes a number and how many places, 0 to 10.")
    return round(number, places) if places else round(number)


def _length(value: object) -> int:
    if value is None:
        return 0
    if isinstance(value, str | list | tuple | Mapping):
        return len(value)
    raise ExpressionError(f"{scripting_sums.kind(value)} has no length.")


def _extreme(choose: Callable[..., object], given: tuple[object, ...]) -> object:
    values = _list(given[0]) if len(given) == 1 else list(given)
    values = [value for value in values if value is not None]
    if not values:
        return None
    if all(isinstance(value, date) for value in values):
        return choose(values, key=_moment)
    return choose(values)


def _absolute(value: object) -> int | float:
    return abs(_number(value))


_PURE: Mapping[str, Word] = {
    "earliest": _earliest,
    "latest": _latest,
    "days_between": _days_between,
    "count": _length,
    "len": _length,
    "count_where": lambda *given: len(list(_where(*given))),
    "any_where": lambda *given: any(True for _ in _where(*given)),
    "every_where": _every,
    "where": lambda *given: list(_where(*given)),
    "pick": lambda items, name: [_field_of(item, name) for item in _list(items)],
    "sum_of": _sum_of,
    "append": _append,
    "text": _text,
    "number": _number,
    "round": _round,
    "max": lambda *given: _extreme(max, given),
    "min": lambda *given: _extreme(min, given),
    "abs": _absolute,
}
