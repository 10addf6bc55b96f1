"""Changes what managers may change in periods.yaml and council.yaml, and nothing else.

Each function takes the files of a draft and gives the one that changed. The law gets a
new version from a day on; the old one stays. InvalidAnswers says what is missing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from engine.errors import InvalidAnswers
from engine.law import council_file, period_file
from engine.law.dates import DAY, RULES, UNITS, WITHOUT_ARITHMETIC
from engine.law.day_by_day import in_words
from engine.law.period_file import LONGEST
from engine.law.period_model import Period, Version
from engine.law.periods import Periods
from engine.law.yaml_editing import YamlText

Files = Mapping[str, bytes]
_KEY = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")


@dataclass(frozen=True, kw_only=True)
class NewLaw:
    """What a statutory period is from a day on, and who says so."""

    from_on: date | None
    length: int | None
    unit: str
    note: str
    section: str
    instrument: str
    """What was read, such as “SI 2027/123 regulation 4”."""
    link: str
    entered_by: str
    entered_on: date


@dataclass(frozen=True, kw_only=True)
class NewStandard:
    """A service standard that the council sets itself."""

    key: str
    title: str
    group: str
    trigger: str
    rule: str
    date_is: str
    length: int | None
    unit: str
    on_expiry: str
    policy: str
    """Where the council says so, such as “Enforcement policy 2027, paragraph 4.2”."""
    link: str


def set_target(
    files: Files,
    council: str,
    period: Period,
    *,
    length: int | None,
    unit: str,
    note: str,
) -> dict[str, bytes]:
    """The council's own length for a service standard."""
    if period.statutory:
        raise InvalidAnswers({"length": "The law sets this period, not the council."})
    _require(_length_faults(length, unit))
    name, text = _council(files, council)
    path = ("targets", period.key)
    text = text.put((*path, "length"), length).put((*path, "unit"), unit)
    text = text.put((*path, "note"), note) if note else text.take_out((*path, "note"))
    return {name: text.content}


def use_common_target(files: Files, council: str, key: str) -> dict[str, bytes]:
    """Without a length of its own the council keeps to that of periods.yaml."""
    name, text = _council(files, council)
    return {name: text.take_out(("targets", key)).content}


def change_law(files: Files, period: Period, new: NewLaw) -> dict[str, bytes]:
    """A statutory period from a day on. What held before ends on the day before."""
    errors = dict(_length_faults(new.length, new.unit))
    for name, sentence in (
        ("section", "Enter the section, such as TCPA 1990 s171C"),
        ("instrument", "Enter what you read, such as SI 2027/123 regulation 4"),
        ("link", "Enter where it can be read, such as legislation.gov.uk/…"),
    ):
        if not getattr(new, name).strip():
            errors[name] = sentence
    if why := why_no_new_version(period):
        errors["length"] = why
    errors |= _span_faults(period, new.from_on)
    _require(errors)
    assert new.from_on is not None
    text = _text(files, period_file.FILE)
    source = _source_key(new.instrument, text)
    text = text.put(("sources", source), _source(new))
    row = ("statutory", period.key)
    text = text.put((*row, "versions"), _versions(period, new, new.from_on))
    if new.section != period.section:
        text = text.put((*row, "section"), new.section)
    text = text.put((*row, "source"), [source, *period.source])
    if period.confidence == "verified":
        text = text.put((*row, "confidence"), "partly_verified")
    return {period_file.FILE: text.take_out((*row, "confirmed_by")).content}


def why_no_new_version(period: Period) -> str:
    """Why a period has no length that could change; '' where it has one."""
    if period.rule in WITHOUT_ARITHMETIC or all(
        version.length is None for version in period.versions
    ):
        return (
            "This period has no length of its own: "
            + (period.reason or "it is the date that is written down.")
            + " Change the file itself if that is no longer so."
        )
    return ""


def add_standard(files: Files, periods: Periods, new: NewStandard) -> dict[str, bytes]:
    """A service standard that did not exist yet."""
    errors = dict(_length_faults(new.length, new.unit))
    if not _KEY.fullmatch(new.key):
        errors["key"] = "Enter a name of small letters and underscores: first_reply"
    elif new.key in periods.periods:
        errors["key"] = f"There is a period {new.key} already. Choose another name"
    for name, sentence in (
        ("title", "Enter what people call it"),
        ("trigger", "Say which day starts it, such as “the day the report arrived”"),
        ("policy", "Say where the council has decided this"),
    ):
        if not getattr(new, name).strip():
            errors[name] = sentence
    if new.rule not in RULES or new.rule in WITHOUT_ARITHMETIC:
        errors["rule"] = "Choose how it is counted"
    _require(errors)
    text = _text(files, period_file.FILE)
    source = _source_key(new.policy, text)
    text = text.put(
        ("sources", source),
        {
            "what": new.policy,
            "where": new.link or "the council",
            "version": "as entered",
            "kind": "local_policy",
            "seen": "In full.",
        },
    )
    row: dict[str, Any] = {
        "title": new.title,
        "group": new.group or "Service standards",
        "section": new.policy,
        "trigger": new.trigger,
        "rule": new.rule,
        "date_is": new.date_is,
        "bound": "the council",
        "on_expiry": new.on_expiry or "the target is missed",
        "source": [source],
        "confidence": "local_policy",
        "versions": [{"length": new.length, "unit": new.unit}],
    }
    return {period_file.FILE: text.put(("service_standards", new.key), row).content}


def set_order(
    files: Files, council: str, action: str, decider: str
) -> dict[str, bytes]:
    """Who authorises an action in this council."""
    if decider not in council_file.DECIDERS:
        raise InvalidAnswers({action: "Choose who authorises it"})
    name, text = _council(files, council)
    return {name: text.put(("standing_orders", action), decider).content}


def set_setting(files: Files, council: str, key: str, value: Any) -> dict[str, bytes]:
    """One setting of this council."""
    name, text = _council(files, council)
    return {name: text.put(("settings", key), value).content}


def _require(errors: Mapping[str, str]) -> None:
    if errors:
        raise InvalidAnswers(errors)


def _length_faults(length: int | None, unit: str) -> dict[str, str]:
    errors = {}
    if length is None or not 0 <= length <= LONGEST:
        errors["length"] = f"Enter a whole number from 0 to {LONGEST}"
    if unit not in UNITS:
        errors["unit"] = "Choose what is counted"
    return errors


def _span_faults(period: Period, from_on: date | None) -> dict[str, str]:
    if from_on is None:
        return {"from_on": "Enter the day from which it is the law"}
    for version in period.versions:
        if version.from_on is not None and version.from_on >= from_on:
            begins = in_words(version.from_on)
            return {"from_on": f"Enter a day after {begins}, when the last one began"}
    return {}


def _versions(period: Period, new: NewLaw, from_on: date) -> list[dict[str, Any]]:
    note = new.note or f"From {in_words(from_on)}: {new.instrument}."
    newest = {
        "from": from_on,
        "length": new.length,
        "unit": new.unit,
        "note": note,
    }
    return [newest, *(_ended(version, from_on) for version in period.versions)]


def _ended(version: Version, from_on: date) -> dict[str, Any]:
    until = version.until_on
    if until is None or until >= from_on:
        until = from_on - DAY
    written = {
        "from": version.from_on,
        "until": until,
        "length": version.length,
        "unit": version.unit,
        "note": version.note,
    }
    return {name: value for name, value in written.items() if value not in (None, "")}


def _source(new: NewLaw) -> dict[str, str]:
    return {
        "what": new.instrument,
        "where": new.link,
        "version": f"as read on {new.entered_on.isoformat()}",
        "kind": "primary",
        "seen": f"Entered by {new.entered_by}; no solicitor has confirmed it yet.",
    }


def _source_key(what: str, text: YamlText) -> str:
    words = re.sub(r"[^a-z0-9]+", "_", what.lower()).strip("_")[:40].strip("_")
    stem = words if words[:1].isalpha() else f"source_{words}".rstrip("_")
    key, number = stem, 1
    while text.has(("sources", key)):
        number += 1
        key = f"{stem}_{number}"
    return key


def _text(files: Files, name: str) -> YamlText:
    return YamlText.of(files.get(name, b"{}"), name)


def _council(files: Files, council: str) -> tuple[str, YamlText]:
    name = f"councils/{council}/council.yaml"
    return name, YamlText.of(files.get(name, b"targets:\n"), name)
