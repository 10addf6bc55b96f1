"""Read and check processes/periods.yaml."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from itertools import pairwise
from typing import Any

from engine.errors import DefinitionError, Problem
from engine.law import strict_yaml
from engine.law.dates import DATE_IS, RULES, UNITS, WITHOUT_ARITHMETIC
from engine.law.period_model import Period, Reading, Source, Version

FILE = "periods.yaml"
KINDS = ("statutory", "service_standard")
CONFIDENCES = ("verified", "partly_verified", "general_knowledge", "local_policy")
LONGEST = 1000
_PERIOD_FIELDS = frozenset(
    (
        *("title", "group", "section", "trigger", "rule", "date_is", "bound"),
        *("on_expiry", "counting", "source", "confidence", "confirmed_by", "kind"),
        *("versions", "readings", "not_in_force", "reason"),
    )
)
_LENGTHLESS = WITHOUT_ARITHMETIC | {"before_event", "after"}
_NEEDED = ("title", "group", "section", "trigger", "rule", "source", "confidence")


def parse_periods(content: bytes) -> tuple[dict[str, Period], dict[str, Source]]:
    """The periods and sources of the file. Raises DefinitionError naming each fault."""
    data = strict_yaml.read(content, FILE)
    problems: list[Problem] = []
    sources = {
        str(key): Source(
            key=str(key),
            what=str(row.get("what", "")),
            where=str(row.get("where", "")),
            version=str(row.get("version", "")),
            kind=str(row.get("kind", "")),
            seen=str(row.get("seen", "")),
        )
        for key, row in strict_yaml.section(data, "sources", FILE).items()
        if isinstance(row, Mapping)
    }
    periods: dict[str, Period] = {}
    for section, kind in (
        ("statutory", "statutory"),
        ("service_standards", "service_standard"),
    ):
        for key, row in strict_yaml.section(data, section, FILE).items():
            found = list(_faults(str(key), row, sources))
            if str(key) in periods:
                found.append(_problem(key, "appears twice.", "Keep one of the two."))
            problems.extend(found)
            if not found:
                periods[str(key)] = _period(str(key), row, kind)
    if problems:
        raise DefinitionError(problems)
    return periods, sources


def _faults(key: str, row: Any, sources: Mapping[str, Source]) -> Iterable[Problem]:
    if not isinstance(row, Mapping):
        yield _problem(key, "is empty.", "Give it a title, a rule and a length.")
        return
    for name in sorted(set(row) - _PERIOD_FIELDS):
        yield _problem(key, f"has an unknown field “{name}”.", "Correct its name.")
    for name in _NEEDED:
        if not row.get(name):
            yield _problem(key, f"has no {name}.", f"Add {name}.")
    yield from _word_faults(key, row)
    named = row.get("source")
    for source in named if isinstance(named, list) else [named]:
        if source not in sources:
            yield _problem(
                key,
                f"names a source “{source}” that is not listed.",
                "Add it to the sources at the head of the file.",
            )
    yield from _version_faults(key, row)


def _word_faults(key: str, row: Mapping[str, Any]) -> Iterable[Problem]:
    for name, allowed in (
        ("rule", RULES),
        ("date_is", DATE_IS),
        ("confidence", CONFIDENCES),
        ("kind", KINDS),
    ):
        value = row.get(name)
        if value is not None and value not in allowed:
            yield _problem(
                key,
                f"has the {name} “{value}”.",
                f"Use one of: {', '.join(allowed)}.",
            )
    if not row.get("date_is"):
        yield _problem(key, "has no date_is.", "Write last_day or first_day.")


def _version_faults(key: str, row: Mapping[str, Any]) -> Iterable[Problem]:
    lengthless = row.get("rule") in _LENGTHLESS
    versions = row.get("versions") or ([{}] if lengthless else None)
    readings = row.get("readings") or []
    if not isinstance(versions, list) or not isinstance(readings, list):
        yield _problem(key, "has no list of versions.", "Add one, with its length.")
        return
    for each in (*versions, *readings):
        fault = length_fault(each) or _span_fault(each)
        if fault:
            yield _problem(key, fault, "Write it as {length: 21, unit: calendar_days}.")
            return
    if not lengthless and any("length" not in version for version in versions):
        yield _problem(key, "has a version without a length.", "Add its length.")
    for reading in readings:
        if reading.get("rule", row.get("rule")) not in RULES or not reading.get("why"):
            yield _problem(key, "has a reading without a rule or a why.", "Add both.")
    spans = sorted(
        (each.get("from") or date.min, each.get("until") or date.max)
        for each in versions
    )
    if any(end >= start for (_, end), (start, _) in pairwise(spans)):
        yield _problem(
            key,
            "has two versions for the same day.",
            "End the older one on the day before the newer one starts.",
        )


def _span_fault(row: Mapping[str, Any]) -> str | None:
    for name in ("from", "until"):
        value = row.get(name)
        if value is not None and (
            not isinstance(value, date) or isinstance(value, datetime)
        ):
            return f"has the {name} “{value}”, which is not a date like 2024-04-25."
    return None


def length_fault(row: Any) -> str | None:
    """What is wrong with a `length` and `unit` as written, or None."""
    if not isinstance(row, Mapping):
        return "has a length that is not written as a length and a unit."
    length: Any = row.get("length")
    unit = row.get("unit")
    if length is None and unit is None:
        return None
    whole = isinstance(length, int) and not isinstance(length, bool)
    if not whole or not 0 <= length <= LONGEST:
        return f"has the length “{length}”, not a whole number from 0 to {LONGEST}."
    if unit not in UNITS:
        return f"has the unit “{unit}”, which is not one of {', '.join(UNITS)}."
    return None


def _problem(key: object, problem: str, remedy: str) -> Problem:
    return Problem(file=FILE, element=str(key), problem=problem, remedy=remedy)


def read_version(row: Mapping[str, Any]) -> Version:
    """One version of a period, or a council's own target, without fault."""
    return Version(
        from_on=row.get("from"),
        until_on=row.get("until"),
        length=row.get("length"),
        unit=row.get("unit"),
        note=str(row.get("note") or "").strip(),
    )


def _period(key: str, row: Mapping[str, Any], kind: str) -> Period:
    texts = ("bound", "on_expiry", "counting", "not_in_force", "reason", "confirmed_by")
    return Period(
        key=key,
        title=str(row["title"]),
        group=str(row["group"]),
        section=str(row["section"]),
        trigger=str(row["trigger"]),
        rule=str(row["rule"]),
        date_is=str(row["date_is"]),
        source=tuple(str(source) for source in row["source"]),
        confidence=str(row["confidence"]),
        kind=str(row.get("kind") or kind),
        versions=tuple(read_version(each) for each in row.get("versions") or [{}]),
        readings=tuple(
            Reading(
                rule=str(reading.get("rule") or row["rule"]),
                length=reading.get("length"),
                unit=reading.get("unit"),
                why=str(reading.get("why") or "").strip(),
                otherwise=str(reading.get("otherwise") or "").strip(),
                calendar=str(reading.get("calendar") or ""),
                main=bool(reading.get("main")),
            )
            for reading in row.get("readings") or ()
        ),
        **{name: str(row.get(name) or "").strip() for name in texts},
    )
