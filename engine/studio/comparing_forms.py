"""How two versions of a form differ, question by question. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from engine.studio.comparing_words import Found, is_reordered, quoted, told_changed

_TYPES = {
    "textfield": "short text",
    "textarea": "text",
    "number": "number",
    "datetime": "date or time",
    "select": "choice from a list",
    "radio": "choice of one",
    "checkbox": "tick",
    "checklist": "choice of several",
    "filepicker": "file",
    "group": "group",
    "dynamiclist": "list",
    "text": "guidance",
    "separator": "line",
}
_RULES = {
    "default_from": "The first answer of",
    "options_from": "Where the choices come from of",
    "must": "The rule of",
    "must_message": "What is said where the rule is broken of",
    "required_message": "What is said where nothing is answered to",
    "prefix": "What stands before the answer of",
    "unit": "The unit of",
}
_LIMITS = {
    "min": "The least of",
    "max": "The most of",
    "minLength": "The least length of",
    "maxLength": "The greatest length of",
    "pattern": "The pattern of",
}
Component = Mapping[str, Any]


def compare(before: bytes, after: bytes) -> Found:
    """What differs. Raises ValueError where one of the two is no form."""
    found = Found()
    old, new = _components(before), _components(after)
    for key, component in new.items():
        if key not in old:
            found.add(_id(component), _is_new(component, key, list(new)))
    for key, component in old.items():
        if key not in new:
            found.remove(_id(component), f"{_what(component)} is taken out.")
    for key, component in new.items():
        if key in old:
            for text in _differences(old[key], component):
                found.change(_id(component), text)
    if is_reordered(list(old), list(new)):
        found.say("", "The questions stand in another order.")
    if not found.words:
        found.say("", "Only the notation of the file has changed, not what it asks.")
    return found


def questions_of(content: bytes) -> list[str]:
    """The questions that a form asks. Raises ValueError where it is no form."""
    return [_label(each) for each in _components(content).values() if each.get("key")]


def _components(content: bytes) -> dict[str, Component]:
    try:
        schema = json.loads(content)
    except RecursionError:
        raise ValueError("The form is nested too deeply.") from None
    if not isinstance(schema, Mapping):
        raise ValueError("The file is not a form.")
    return dict(_flat(schema.get("components"), ""))


def _flat(components: Any, path: str) -> Iterator[tuple[str, Component]]:
    if not isinstance(components, list):
        return
    for number, component in enumerate(components):
        if not isinstance(component, Mapping):
            continue
        own = component.get("key") or component.get("path")
        key = f"{path}{own or component.get('id') or number}"
        yield key, component
        inner = f"{key}." if component.get("path") else path
        yield from _flat(component.get("components"), inner)


def _id(component: Component) -> str:
    return str(component.get("id") or component.get("key") or "")


def _what(component: Component) -> str:
    text = _label(component)
    if component.get("key"):
        return f"The question {quoted(text)}"
    kind = _TYPES.get(str(component.get("type")), "part")
    return f"The {kind} {quoted(text)}" if text else f"A {kind}"


def _label(component: Component) -> str:
    for name in ("label", "dateLabel", "text", "key", "path"):
        if component.get(name):
            return str(component[name])
    return ""


def _is_new(component: Component, key: str, order: list[str]) -> str:
    kind = _TYPES.get(str(component.get("type")), str(component.get("type")))
    if not component.get("key"):
        return f"{_what(component)} is new."
    required = " It must be answered." if _section(component).get("required") else ""
    place = " at the beginning" if order.index(key) == 0 else ""
    return f"{_what(component)} is new{place} ({kind}).{required}"


def _section(component: Component, name: str = "validate") -> Mapping[str, Any]:
    found = component.get(name)
    return found if isinstance(found, Mapping) else {}


def _differences(old: Component, new: Component) -> Iterator[str]:
    it = quoted(_label(new))
    if _label(old) != _label(new):
        yield f"{quoted(_label(old))} is now asked as {it}."
    if (before := _type(old)) != (after := _type(new)):
        yield f"{it} is now a {after}; before it was a {before}."
    if old.get("description") != new.get("description"):
        yield _changed(
            "The hint of", it, old.get("description"), new.get("description")
        )
    was, now = _section(old), _section(new)
    if bool(was.get("required")) != bool(now.get("required")):
        must = "must now" if now.get("required") else "need no longer"
        yield f"{it} {must} be answered."
    for name, what in _LIMITS.items():
        if was.get(name) != now.get(name):
            yield _changed(what, it, was.get(name), now.get(name))
    was, now = _section(old, "properties"), _section(new, "properties")
    for name, what in _RULES.items():
        if was.get(name) != now.get(name):
            yield _changed(what, it, was.get(name), now.get(name))
    yield from _choices(old, new, it)
    if (before := _hidden(old)) != (after := _hidden(new)):
        yield _changed("The condition that hides", it, before, after)


def _changed(what: str, it: str, before: Any, after: Any) -> str:
    return told_changed(f"{what} {it}", _text(before), _text(after))


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _type(component: Component) -> str:
    kind = str(component.get("type"))
    subtype = component.get("subtype")
    if kind == "datetime" and subtype:
        return {"date": "date", "time": "time"}.get(str(subtype), "date and time")
    return _TYPES.get(kind, kind)


def _hidden(component: Component) -> str:
    return _text(_section(component, "conditional").get("hide"))


def _choices(old: Component, new: Component, it: str) -> Iterator[str]:
    was, now = _options(old), _options(new)
    for value, label in now.items():
        if value not in was:
            yield f"The choice {quoted(label)} of {it} is new."
        elif was[value] != label:
            yield f"The choice {quoted(was[value])} of {it} is now {quoted(label)}."
    for value, label in was.items():
        if value not in now:
            yield f"The choice {quoted(label)} of {it} is taken out."


def _options(component: Component) -> dict[str, str]:
    values = component.get("values")
    if not isinstance(values, list):
        return {}
    return {
        str(each.get("value")): str(each.get("label"))
        for each in values
        if isinstance(each, Mapping)
    }
