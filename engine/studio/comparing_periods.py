"""How periods, a council's policy and stories differ, entry by entry. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from engine.checks.law_changes import lengths_of
from engine.errors import DefinitionError
from engine.law import period_file, strict_yaml
from engine.law.council_file import DEFAULTS
from engine.law.explain import length_in_words
from engine.law.period_model import Period
from engine.studio.comparing_words import (
    Found,
    counted_lines,
    instead,
    of_count,
    quoted,
    told_changed,
)

_FIELDS = {
    "title": "The name",
    "section": "The section",
    "trigger": "The day that starts it",
    "rule": "How it is counted",
    "date_is": "What its date is",
    "source": "The source",
    "confidence": "How sure it is",
    "confirmed_by": "Who confirmed it",
    "bound": "Whom it binds",
    "on_expiry": "What follows",
    "not_in_force": "What is said where it does not apply",
    "kind": "What it is",
}
_SECTIONS = {
    "targets": "The council’s own target",
    "standing_orders": "Who authorises",
    "settings": "The setting",
}


def compare_periods(before: bytes, after: bytes) -> Found:
    """What differs. Raises DefinitionError where one of the two cannot be read."""
    old, new = _periods(before), _periods(after)
    found = Found()
    for key, period in new.items():
        if key not in old:
            law = "set by law" if period.statutory else "a service standard"
            found.add(
                key,
                f"{quoted(period.title)} (‘{key}’) is new: {lengths_of(period)}, "
                f"{law}, source {', '.join(period.source)}.",
            )
    for key, period in old.items():
        if key not in new:
            found.remove(key, f"{quoted(period.title)} (‘{key}’) is taken out.")
    for key, period in new.items():
        if key in old:
            for text in _differences(old[key], period):
                found.change(key, text)
    if not found.words:
        found.say("", "Only notes and the notation of the file have changed.")
    return found


def lengths(files: Mapping[str, bytes]) -> dict[str, str]:
    """How long each period is, in words: the council's own where it has one."""
    try:
        periods = _periods(files.get(period_file.FILE, b""))
    except DefinitionError:
        return {}
    found = {key: lengths_of(period) for key, period in periods.items()}
    for name in files:
        if name.startswith("councils/") and name.endswith(("council.yaml", DEFAULTS)):
            found |= _targets(name, files[name])
    return found


def _targets(name: str, content: bytes) -> dict[str, str]:
    try:
        data = strict_yaml.read(content, name)
        targets = strict_yaml.section(data, "targets", name)
    except DefinitionError:
        return {}
    return {str(key): _value(row) for key, row in targets.items()}


def _periods(content: bytes) -> dict[str, Period]:
    return period_file.parse_periods(content)[0]


def _differences(old: Period, new: Period) -> Iterator[str]:
    it = f"{quoted(new.title)} (‘{new.key}’)"
    if lengths_of(old) != lengths_of(new):
        yield f"{it} {instead(lengths_of(old), lengths_of(new))}."
    if old.readings != new.readings:
        yield f"The other ways to read {it} have changed."
    for name, what in _FIELDS.items():
        was, now = _text(getattr(old, name)), _text(getattr(new, name))
        if was != now:
            yield told_changed(f"{what} of {it}", was, now)


def _text(value: object) -> str:
    return ", ".join(value) if isinstance(value, tuple) else str(value)


def compare_policy(name: str, before: bytes, after: bytes) -> Found:
    """A council's targets, standing orders and settings."""
    old, new = strict_yaml.read(before, name), strict_yaml.read(after, name)
    found = Found()
    if old.get("title") != new.get("title"):
        names = str(old.get("title") or ""), str(new.get("title") or "")
        found.say("title", told_changed("The council’s name", *names))
    for section, what in _SECTIONS.items():
        was = strict_yaml.section(old, section, name)
        now = strict_yaml.section(new, section, name)
        for key in dict.fromkeys((*was, *now)):
            before_text = _value(was[key]) if key in was else ""
            after_text = _value(now[key]) if key in now else ""
            if before_text != after_text:
                change = instead(before_text, after_text)
                found.change(str(key), f"{what} ‘{key}’ {change}.")
    if not found.words:
        found.say("", "Only notes and the notation of the file have changed.")
    return found


def _value(value: Any) -> str:
    if isinstance(value, Mapping) and "length" in value:
        return length_in_words(value["length"], value.get("unit"))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "none" if value is None else str(value).replace("_", " ")


def compare_story(name: str, before: bytes, after: bytes) -> Found:
    """How many steps of a story are new or gone, and what else is told otherwise."""
    old, new = strict_yaml.read(before, name), strict_yaml.read(after, name)
    found = Found()
    was, now = _steps(old), _steps(new)
    added, gone = counted_lines(was, now)
    if added or gone:
        if added:
            found.say("", f"{of_count(added, 'step is', 'steps are')} new.")
        if gone:
            steps = of_count(gone, "step is", "steps are")
            found.say("", f"{steps} gone or told otherwise.")
    elif was != now:
        found.say("", "The steps stand in another order.")
    for key in dict.fromkeys((*old, *new)):
        if key != "steps" and old.get(key) != new.get(key):
            what = f"“{key}” of the story"
            found.say(
                str(key),
                told_changed(what, _plain(old.get(key)), _plain(new.get(key))),
            )
    if not found.words:
        found.say("", "Only notes and the notation of the file have changed.")
    return found


def _steps(story: Mapping[str, Any]) -> list[str]:
    steps = story.get("steps")
    return [repr(step) for step in steps] if isinstance(steps, list) else []


def _plain(value: Any) -> str:
    return "" if value is None else str(value)
