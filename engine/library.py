"""The files that managers own: read from folders, replaced one by one, written back.

A file's name is its place below `processes/`, such as `enforcement.bpmn` or
`councils/maldon/council.yaml`; forms are `forms/<id>.json`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from engine.errors import NotFound

_KINDS = frozenset({".bpmn", ".dmn", ".yaml"})
_COUNCIL = re.compile(r"councils/([^/]+)/(.+)")
_STORY_COUNCIL = re.compile(rb"^council:[ \t]*[\"']?([\w-]+)", re.MULTILINE)
_NAME = re.compile(
    r"[\w-]+\.(bpmn|dmn)|forms/[\w-]+\.json|periods\.yaml|scenarios/[\w-]+\.yaml"
    r"|councils/defaults\.yaml"
    r"|councils/[\w-]+/(council\.yaml|[\w-]+\.dmn|forms/[\w-]+\.json)",
    re.ASCII,
)
_OWN_FOLDERS = ("councils", "scenarios", "forms")


def read(processes: Path, forms: Path) -> dict[str, bytes]:
    """Every diagram, table, form, period and story: name -> content."""
    found = {
        path.relative_to(processes).as_posix(): path.read_bytes()
        for path in sorted(processes.rglob("*"))
        if path.suffix in _KINDS and path.is_file()
    }
    found |= {
        f"forms/{path.name}": path.read_bytes() for path in sorted(forms.glob("*.json"))
    }
    return found


def read_policy(processes: Path) -> dict[str, bytes]:
    """The periods, the councils' policies and the stories of a folder."""
    found = read(processes, processes / "forms")
    return {name: found[name] for name in found if name.endswith(".yaml")}


def read_folder(folder: Path) -> dict[str, bytes]:
    """The files of a folder that `write` or a person has made.

    It may hold `processes/` and `forms/`, or the diagrams with `forms/` beside them."""
    processes = folder / "processes" if (folder / "processes").is_dir() else folder
    return read(processes, folder / "forms")


def replace(files: Mapping[str, bytes], paths: Iterable[Path]) -> dict[str, bytes]:
    """The files, with each path in the place of its namesake or added to them.

    Raises NotFound where a path is no file or of an unknown kind."""
    changed = dict(files)
    for path in paths:
        if not path.is_file():
            raise NotFound(f"There is no file {path}.")
        changed[name_of(path, changed)] = path.read_bytes()
    return changed


def name_of(path: Path, files: Mapping[str, bytes]) -> str:
    """The name that a file outside the folders would have in them."""
    parts = path.resolve().parts
    for place in range(len(parts) - 2, -1, -1):
        if parts[place] in _OWN_FOLDERS:
            tail = "/".join(parts[place:])
            if tail in files or _fits(tail):
                return tail
    if path.suffix == ".json":
        return f"forms/{path.name}"
    if path.suffix in (".bpmn", ".dmn") or path.name == "periods.yaml":
        return path.name
    if path.suffix == ".yaml":
        return f"scenarios/{path.name}"
    raise NotFound(
        f"{path.name} is not a diagram (.bpmn), a table (.dmn), a form (.json) or a "
        "file of periods or stories (.yaml)."
    )


def _fits(tail: str) -> bool:
    return bool(
        re.fullmatch(
            r"forms/[^/]+\.json"
            r"|scenarios/[^/]+\.yaml"
            r"|councils/[^/]+/(council\.yaml|[^/]+\.dmn|forms/[^/]+\.json)",
            tail,
        )
    )


def for_council(files: Mapping[str, bytes], council: str) -> dict[str, bytes]:
    """The diagrams, tables and forms that one council publishes.

    The council's own tables and forms take the place of the common ones."""
    shared = {
        name: content
        for name, content in files.items()
        if not name.startswith(("councils/", "scenarios/"))
        and not name.endswith(".yaml")
    }
    own = {
        match[2]: content
        for name, content in files.items()
        if (match := _COUNCIL.fullmatch(name))
        and match[1] == council
        and not name.endswith(".yaml")
    }
    return shared | own


def of_council(files: Mapping[str, bytes], council: str) -> dict[str, bytes]:
    """All files that one council owns: the common ones, its own folder, and the stories
    that are set in it; nothing of other councils."""
    return {
        name: content
        for name, content in files.items()
        if _is_of(name, content, council)
    }


def _is_of(name: str, content: bytes, council: str) -> bool:
    if match := _COUNCIL.fullmatch(name):
        return match[1] == council
    if name.startswith("scenarios/"):
        setting = _STORY_COUNCIL.search(content)
        return setting is None or setting[1].decode() == council
    return True


def may_be_called(name: str, council: str) -> bool:
    """Whether a file of that council may have this name."""
    match = _COUNCIL.fullmatch(name)
    return bool(_NAME.fullmatch(name)) and (match is None or match[1] == council)


def councils(files: Mapping[str, bytes]) -> tuple[str, ...]:
    """The councils that have a preset."""
    return tuple(
        sorted(
            match[1]
            for name in files
            if (match := _COUNCIL.fullmatch(name)) and match[2] == "council.yaml"
        )
    )


def write(files: Mapping[str, bytes], folder: Path) -> None:
    """Write the files: forms to `forms/`, all others to `processes/`."""
    for name, content in files.items():
        parent = folder if name.startswith("forms/") else folder / "processes"
        path = parent / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
