"""What people call a file: its kind, and the name that is written in it."""

from __future__ import annotations

import re
from functools import lru_cache
from html import unescape

_PROCESS = re.compile(rb"<(?:\w+:)?process\b[^>]*?\bname=\"([^\"]*)\"")
_POOL = re.compile(rb"<(?:\w+:)?participant\b[^>]*?\bname=\"([^\"]*)\"")
_DECISION = re.compile(rb"<(?:\w+:)?decision\b[^>]*?\bname=\"([^\"]*)\"")
_STORY = re.compile(rb"^title:[ \t]*[\"']?(.*?)[\"']?[ \t]*\r?$", re.MULTILINE)


def label(name: str, content: bytes | None) -> str:
    """For example: Diagram “Direct action”. Works for a file that cannot be read."""
    if not _is_one_of_many(name):
        return kind(name)
    return f"{kind(name)} “{title(name, content)}”"


def kind(name: str) -> str:
    """What a file of that name is."""
    if name.endswith(".bpmn"):
        return "Diagram"
    if name.endswith(".dmn"):
        return "Decision table"
    if name.endswith(".json"):
        return "Form"
    if name.startswith("scenarios/"):
        return "Story"
    if name == "periods.yaml":
        return "Periods"
    if name == "councils/defaults.yaml":
        return "Common settings"
    return "The council’s targets, standing orders and settings"


def _is_one_of_many(name: str) -> bool:
    return not name.endswith(".yaml") or name.startswith("scenarios/")


@lru_cache(maxsize=1024)
def title(name: str, content: bytes | None) -> str:
    """The name that is written in a file; else the file's own, in words."""
    patterns = {
        "Diagram": (_PROCESS, _POOL),
        "Decision table": (_DECISION,),
        "Story": (_STORY,),
    }.get(kind(name), ())
    for pattern in patterns:
        found = pattern.search(content or b"")
        if found and found[1].strip():
            return unescape(found[1].decode("utf-8", "replace"))
    return name.rsplit("/", 1)[-1].rsplit(".", 1)[0].replace("_", " ").capitalize()
