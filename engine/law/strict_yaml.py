"""YAML of managers' files, read strictly: a key written twice is refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import yaml

from engine.errors import DefinitionError, Problem

if TYPE_CHECKING:
    _Safe = yaml.SafeLoader
else:
    _Safe = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_Safe):
    """The safe loader, but without letting the last of two equal keys win."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if str(key.value) in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"has “{key.value}” twice", key.start_mark
                )
            seen.add(str(key.value))
        return super().construct_mapping(node, deep)


def read(content: bytes, file: str) -> dict[str, Any]:
    """The named sections of a file. Raises DefinitionError with the line."""
    try:
        data = _Loader(content).get_single_data()
    except yaml.constructor.ConstructorError as error:
        problem = f"{error.problem or 'cannot be read'}."
        raise _refused(file, _line(error), problem, "Correct that line.") from error
    except (yaml.YAMLError, ValueError) as error:
        raise _refused(
            file,
            _line(error),
            "is not written as YAML.",
            "Check the indentation and the quotation marks there.",
        ) from error
    if not isinstance(data, dict):
        raise _refused(
            file,
            "the file",
            "holds no named sections.",
            "Start from the file that came with the program.",
        )
    return data


def section(data: Mapping[str, Any], name: str, file: str) -> dict[str, Any]:
    """One named section, empty where it is missing. Raises DefinitionError."""
    rows = data.get(name) or {}
    if not isinstance(rows, dict):
        raise _refused(
            file,
            name,
            "is not a list of names with what each is.",
            "Indent each entry under it as “name: ...”.",
        )
    return rows


def _line(error: Exception) -> str:
    mark = getattr(error, "problem_mark", None)
    return f"line {mark.line + 1}" if mark else "the file"


def _refused(file: str, element: str, problem: str, remedy: str) -> DefinitionError:
    return DefinitionError(
        [Problem(file=file, element=element, problem=problem, remedy=remedy)]
    )
