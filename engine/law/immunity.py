"""Until when the council may issue an enforcement notice for one alleged breach.

Section 171B as it stands since 25 April 2024: ten years, but four where operations were
substantially completed, or a building was changed to a single dwelling, before that day
(SI 2024/452 reg 5). What counts is the day a notice is issued, not served."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from engine.errors import NotInForce
from engine.law.dates import london_day
from engine.law.day_by_day import in_words
from engine.law.periods import CouncilPeriods
from engine.law.reckoning import Alternative

GENERAL = "immunity_general_england"
LEGACY_OPERATIONS = "immunity_legacy_operational"
LEGACY_DWELLING = "immunity_legacy_dwelling"
CONDITION = "immunity_condition_other"
SECOND_BITE = "second_bite"
IMMINENT = "imminent_immunity_flag"
LEGAL = "legal"

_NEVER = {
    "listed_building": (
        "immunity_none_listed_building",
        "Works to a listed building never become immune. Their age still matters to "
        "whether it is expedient to act.",
    ),
    "relevant_demolition": (
        "immunity_none_relevant_demolition",
        "Demolition in a conservation area without permission never becomes immune.",
    ),
    "advertisement": (
        None,
        "The time limits of section 171B do not protect advertisements: displaying one "
        "without consent goes on being an offence for as long as it is displayed.",
    ),
    "tree": (
        None,
        "The time limits of section 171B do not apply to trees. A tree replacement "
        "notice must be served within four years of the failure to replant, and a "
        "prosecution has its own time limit.",
    ),
    "untidy_land": (
        None,
        "The time limits of section 171B do not apply to the condition of land "
        "(section 215): what counts is its condition now.",
    ),
}
_QUESTIONS = {
    "nature": "Record what kind of breach it is.",
    "substantially_completed_on": "The time limit for building or other operations "
    "starts when they are substantially completed. Record that day. While work goes "
    "on the time limit has not started.",
    "began_on": "Record the day on which the breach began.",
}


@dataclass(frozen=True, kw_only=True)
class Immunity:
    """When one alleged breach becomes immune, and why.

    `last_day_to_issue` is None where there is no limit (`never`) or where a date is
    missing (`missing` names the facts). Where `needs_legal`, it is the earlier of the
    two readings in `alternatives`. `rule` is a key of periods.yaml, "legal", or None
    where section 171B does not apply."""

    last_day_to_issue: date | None = None
    rule: str | None = None
    lines: tuple[str, ...] = ()
    alternatives: tuple[Alternative, ...] = ()
    needs_legal: bool = False
    never: bool = False
    missing: tuple[str, ...] = ()
    soon_from: date | None = None

    @property
    def certain_last_day(self) -> date | None:
        """The last day on every reading: after it the breach is immune for certain."""
        days = [other.date for other in self.alternatives if self.needs_legal]
        last = self.last_day_to_issue
        return max((last, *days)) if last else None

    def immune_on(self, day: date) -> bool:
        """Whether it is too late, on that day, to issue a notice."""
        return self.certain_last_day is not None and day > self.certain_last_day

    def soon_on(self, day: date) -> bool:
        """Whether it becomes immune within six months of that day, and is not yet. A
        breach on which two readings differ stays flagged until the later has passed."""
        last = self.certain_last_day
        return bool(self.soon_from and last and self.soon_from <= day <= last)


def immunity(breach: Mapping[str, Any], periods: CouncilPeriods) -> Immunity:
    """The time limit for one alleged breach.

    Reads `nature`, `substantially_completed_on` and `began_on`; `resumed_on` where a
    use stopped and started again; `earlier_action_on` where an earlier notice was
    issued for the same breach."""
    nature = breach.get("nature")
    if not nature:
        return _missing("nature")
    if nature in _NEVER:
        rule, why = _NEVER[nature]
        return Immunity(rule=rule, never=True, lines=(why,))
    fact = "substantially_completed_on" if nature == "operations" else "began_on"
    start = _day(breach.get(fact))
    if nature != "operations":
        start = _day(breach.get("resumed_on")) or start
    if start is None:
        return _missing(fact)
    if nature == "occupancy_condition":
        found = _occupancy_condition(start, periods)
    else:
        found = _limit(str(nature), start, periods)
    return _second_bite(found, _day(breach.get("earlier_action_on")), periods)


def first_to_expire(
    breaches: Iterable[Mapping[str, Any]], periods: CouncilPeriods
) -> date | None:
    """The earliest last day to issue among several breaches, or None."""
    days = [immunity(breach, periods).last_day_to_issue for breach in breaches]
    return min((day for day in days if day), default=None)


def _missing(fact: str) -> Immunity:
    return Immunity(missing=(fact,), lines=(_QUESTIONS[fact],))


def _limit(nature: str, start: date, periods: CouncilPeriods) -> Immunity:
    legacy = {
        "operations": LEGACY_OPERATIONS,
        "change_to_single_dwelling": LEGACY_DWELLING,
    }.get(nature)
    rule = CONDITION if nature == "condition" else GENERAL
    if legacy and periods.period(legacy).version_on(start):
        rule = legacy
    last = _last_day(rule, start, periods)
    explained = periods.explain(rule, start)
    lines = list(explained.lines)
    lines.append(f"A notice must be issued, not only drafted, by {in_words(last)}.")
    if nature in ("change_of_use", "change_to_single_dwelling"):
        lines.append(
            "This holds only if the use went on throughout. If it stopped, record the "
            "day on which it started again."
        )
    lines.append(
        "If the breach was deliberately concealed, a planning enforcement order may "
        "still be possible after that day (sections 171BA to 171BC)."
    )
    return Immunity(
        last_day_to_issue=last,
        rule=rule,
        lines=tuple(lines),
        alternatives=explained.alternatives,
        soon_from=_soon_from(last, periods),
    )


def _occupancy_condition(start: date, periods: CouncilPeriods) -> Immunity:
    ten = _last_day(CONDITION, start, periods)
    readings = [Alternative(ten, "ten years, as for any other condition")]
    try:
        four = _last_day(LEGACY_DWELLING, start, periods)
        readings.insert(
            0,
            Alternative(
                four,
                "four years, if breaking the condition amounted to a change to a "
                "single dwelling before 25 April 2024",
            ),
        )
    except NotInForce:
        pass
    earliest = min(reading.date for reading in readings)
    lines = [
        "Which time limit applies to a condition on who may occupy a dwelling is a "
        "question for legal. Work to the earlier date until they answer.",
        *(f"{in_words(each.date)}: {each.why}." for each in readings),
    ]
    return Immunity(
        last_day_to_issue=earliest,
        rule=LEGAL,
        lines=tuple(lines),
        alternatives=tuple(readings),
        needs_legal=True,
        soon_from=_soon_from(earliest, periods),
    )


def _second_bite(
    found: Immunity, earlier_on: date | None, periods: CouncilPeriods
) -> Immunity:
    """Section 171B(4)(b): four more years from an earlier action that was in time."""
    first = found.last_day_to_issue
    if earlier_on is None or first is None or found.needs_legal or earlier_on > first:
        return found
    again = _last_day(SECOND_BITE, earlier_on, periods)
    if again <= first:
        return found
    line = (
        f"The council took action on {in_words(earlier_on)}, in time, so it may act "
        f"again until {in_words(again)} (section 171B(4)(b))."
    )
    return Immunity(
        last_day_to_issue=again,
        rule=SECOND_BITE,
        lines=(*found.lines, line),
        alternatives=(Alternative(first, "without the earlier action"),),
        soon_from=_soon_from(again, periods),
    )


def _last_day(key: str, start: date, periods: CouncilPeriods) -> date:
    """The earlier of the readings: what the council can safely work to."""
    found = periods.deadline(key, start)
    if found is None or isinstance(found, datetime):
        raise TypeError(f"{key} does not give a day")
    return date(found.year, found.month, found.day)


def _soon_from(last: date, periods: CouncilPeriods) -> date:
    return _last_day(IMMINENT, last, periods)


def _day(value: Any) -> date | None:
    return london_day(value) if isinstance(value, date) else None
