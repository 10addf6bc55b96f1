"""Where a name is looked up and where a fact is kept.

A process has its own facts; so has each called process. Seen from one place of a
process they form a chain, innermost first: the item of a multi-instance activity, the
facts of the called process, its caller's item and facts, and so on out to the case's
main process. Names are looked up along the chain; what is set goes to its first link.
An item is reached in place, so that a correction of it is seen at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from engine.bpmn import scripting_sums
from engine.errors import ExpressionError

Facts = dict[str, object]


@dataclass(frozen=True)
class Link:
    """One link of the chain: facts, or an item together with the word for it.

    `scope` and `path` say where it is kept: the scope's key, and inside it the way to
    the item, such as ``recipients/0``."""

    values: Facts
    scope: str
    path: str = ""
    word: str = ""


class View:
    """The names visible from one place, and where a script there keeps its facts."""

    def __init__(
        self,
        links: Sequence[Link],
        case: Mapping[str, object],
        extra: Mapping[str, object] | None = None,
    ) -> None:
        self._links = links
        self._case = case
        self._extra = extra or {}

    def __getitem__(self, name: str) -> object:
        if name == "case":
            return self._case
        if name in self._extra:
            return self._extra[name]
        for link in self._links:
            if name == link.word:
                return link.values
            if name in link.values:
                return link.values[name]
        raise KeyError(name)

    def __setitem__(self, name: str, value: object) -> None:
        first = self._links[0]
        kept = scripting_sums.kept(value)
        if name != first.word:
            first.values[name] = kept
        elif isinstance(kept, dict):
            first.values.clear()
            first.values.update(kept)
        else:
            raise ExpressionError(f"“{name}” can only be set to a group of fields.")

    def own(self, name: str) -> object:
        """The value of a name, copied into the first link if it lies further out."""
        first = self._links[0]
        if name == first.word:
            return first.values
        if name not in first.values:
            if name == "case" or name in self._extra:
                raise ExpressionError(f"“{name}” can be read but not changed.")
            first.values[name] = scripting_sums.kept(self[name])
        return first.values[name]

    def everything(self) -> Facts:
        """All facts visible here by name, the innermost winning."""
        seen: Facts = {}
        for link in reversed(self._links):
            seen.update(link.values)
            if link.word:
                seen[link.word] = link.values
        return seen


def item_of(holder: Link, collection: str, index: int, word: str) -> Link:
    """The link of an item of a list that lies in `holder`. ExpressionError if it is
    not there any more."""
    items = holder.values.get(collection)
    if not isinstance(items, list) or not 0 <= index < len(items):
        raise ExpressionError(
            f"Entry {index + 1} of “{collection}” is no longer there: entries may be "
            "added to a list but not removed while work on each of them is open."
        )
    path = f"{collection}/{index}"
    return Link(
        values=cast(Facts, items[index]),
        scope=holder.scope,
        path=f"{holder.path}/{path}" if holder.path else path,
        word=word,
    )


def begin_items(links: Sequence[Link], collection: str) -> int:
    """Make a list ready to be worked through: how many items it has.

    A list that lies further out is copied into the first link. A list that is missing
    or empty has none. ExpressionError if it is not a list of groups of fields."""
    view = View(links, {})
    try:
        found = view[collection]
    except KeyError:
        return 0
    if found is None:
        return 0
    if not isinstance(found, list) or not all(isinstance(i, dict) for i in found):
        raise ExpressionError(
            f"“{collection}” must be a list whose entries are groups of fields, such "
            "as the answers to a list question."
        )
    if not found:
        return 0
    owned = view.own(collection)
    return len(cast(list[object], owned))


def at_path(values: Facts, path: str) -> Facts:
    """The item at a path such as ``recipients/0``, or the facts themselves for "".
    KeyError if it is not there."""
    found: object = values
    for part in path.split("/") if path else ():
        if isinstance(found, dict):
            found = found[part]
        elif isinstance(found, list) and part.isdigit() and int(part) < len(found):
            found = found[int(part)]
        else:
            raise KeyError(path)
    if not isinstance(found, dict):
        raise KeyError(path)
    return found
