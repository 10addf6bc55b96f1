"""What the files of the procedure are called on a page, and where each is edited."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import PurePosixPath

from engine import file_label

KINDS: Mapping[str, str] = {
    "diagrams": "Diagrams",
    "forms": "Forms",
    "tables": "Decision tables",
    "periods": "Periods and settings",
    "stories": "Stories",
}
"""The kinds of files, as they are said on a page."""


def kind(name: str) -> str:
    """Which of the kinds a file is, by its name."""
    if name.endswith(".bpmn"):
        return "diagrams"
    if name.endswith(".dmn"):
        return "tables"
    if name.startswith("scenarios/"):
        return "stories"
    return "periods" if name.endswith(".yaml") else "forms"


def stem(name: str) -> str:
    """`forms/record_costs.json` → `record_costs`."""
    return PurePosixPath(name).stem


def file_title(name: str, content: bytes) -> str:
    """What people call a file, without its kind: “Direct action”."""
    named = file_label(name, content)
    quoted = re.search("“(.+)”", named)
    return quoted[1] if quoted else named


def place_of(file_name: str, council: str) -> str:
    """The name that a file from outside takes in the procedure; '' for another kind.

    `Second visit.bpmn` becomes `Second_visit.bpmn`, as ids have no blanks."""
    base = re.sub(r"[^\w.-]+", "_", re.split(r"[/\\]", file_name)[-1], flags=re.ASCII)
    ending = PurePosixPath(base).suffix
    if base == "periods.yaml":
        return base
    if base == "council.yaml":
        return f"councils/{council}/{base}"
    folder = {".bpmn": "", ".dmn": "", ".json": "forms/", ".yaml": "scenarios/"}
    return f"{folder[ending]}{base}" if ending in folder else ""


def editor(draft_id: str, name: str, element: str = "") -> str:
    """The address of a file's editor in a draft, at one element where one is named.

    Stories have none: their place is the page of the file itself."""
    here = f"/studio/drafts/{draft_id}"
    places = {
        "diagrams": f"{here}/diagrams/{stem(name)}",
        "forms": f"{here}/forms/{stem(name)}",
        "tables": f"{here}/tables/{stem(name)}",
        "periods": f"{here}/periods",
        "stories": f"{here}/files/{name}",
    }
    place = places[kind(name)]
    return f"{place}?element={element}" if element else place
