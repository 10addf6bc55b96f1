"""The way that a case went, step by step, and where two ways part."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.bpmn.diagrams import Diagram
from engine.clock import LONDON
from engine.law.explain import in_words

Entry = Mapping[str, Any]
"""One step of a journal: `at`, `process`, `element`, `what`, and, as the diagram has
them, `name`, `kind` and `flows` (each with `id`, `target` and `label`)."""
WAYS, INSTEAD, MISSING = 0, 1, 3
"""Of several partings at one moment the lowest is told: what led to the others."""
STOPPED = 2
_QUIET = ("scriptTask", "serviceTask", "businessRuleTask", "intermediateThrowEvent")


@dataclass(frozen=True)
class Parting:
    """Where a case would have gone another way."""

    at: datetime
    rank: int
    process: str
    element: str
    sentence: str


def entries(
    at: datetime, journal: Sequence[Any], diagrams: Mapping[str, Diagram]
) -> Iterator[Entry]:
    """The steps of one event of a journal, with what its diagrams call them."""
    for process, _scope, element, what, flows, _rules in journal:
        diagram = diagrams.get(process)
        drawn = diagram.elements.get(element) if diagram is not None else None
        if diagram is None or drawn is None or what == "cancelled":
            continue
        if what == "entered" and drawn.kind != "userTask":
            continue
        yield {
            "at": at,
            "process": process,
            "element": element,
            "what": what,
            "name": drawn.name or element,
            "kind": drawn.kind,
            "flows": [_flow(diagram, flow) for flow in flows],
        }


def _flow(diagram: Diagram, identity: str) -> Mapping[str, str]:
    flow = diagram.flows.get(identity)
    if flow is None:
        return {"id": identity, "target": "", "label": identity}
    target = diagram.elements.get(flow.target)
    label = flow.name or (target.name if target is not None else "") or flow.target
    return {"id": identity, "target": flow.target, "label": label}


def partings(
    then: Sequence[Entry],
    now: Sequence[Entry],
    *,
    before: frozenset[tuple[str, str]],
    after: frozenset[tuple[str, str]],
) -> Iterator[Parting]:
    """Where the way `now` differs from the way `then`.

    `before` and `after` are the (process, element) of the diagrams of either. Each
    element's steps are matched in their order; a step that only one of the two diagrams
    has counts where it asks somebody, passes a date or ends."""
    waiting: defaultdict[tuple[str, str, str], deque[Entry]] = defaultdict(deque)
    for entry in now:
        waiting[_key(entry)].append(entry)
    for entry in then:
        found = waiting[_key(entry)]
        if not found:
            if _place(entry) in after or _counts(entry):
                yield _missing(entry)
        elif parted := _other_way(entry, found.popleft()):
            yield parted
    for rest in waiting.values():
        for entry in rest:
            if _place(entry) in before or _counts(entry):
                yield _instead(entry)


def first(found: Sequence[Parting]) -> Parting | None:
    """The parting that led to the others: the earliest."""
    return min(found, key=lambda each: (each.at, each.rank), default=None)


def _key(entry: Entry) -> tuple[str, str, str]:
    return entry["process"], entry["element"], entry["what"]


def _place(entry: Entry) -> tuple[str, str]:
    return entry["process"], entry["element"]


def _counts(entry: Entry) -> bool:
    return entry["what"] in ("entered", "fired") or entry["kind"] == "endEvent"


def _other_way(then: Entry, now: Entry) -> Parting | None:
    if not str(then["kind"]).endswith("Gateway"):
        return None
    for part in ("id", "target"):
        if {f[part] for f in then["flows"]} == {f[part] for f in now["flows"]}:
            return None
    return _parting(
        max(then, now, key=lambda entry: entry["at"]),
        WAYS,
        f"It would have gone another way at “{now['name']}”: then → "
        f"{_labels(then)}, in the draft → {_labels(now)}.",
    )


def _labels(entry: Entry) -> str:
    labels = [f"“{flow['label']}”" for flow in entry["flows"]]
    return " and ".join(labels) or "nowhere"


def _instead(entry: Entry) -> Parting:
    name, day = entry["name"], _day(entry)
    match entry:
        case {"what": "entered"}:
            said = f"Somebody would have been asked for “{name}” on {day}, and was not."
        case {"kind": "endEvent"}:
            said = f"It would have ended at “{name}” on {day}, and did not."
        case {"what": "fired"}:
            said = f"“{name}” would have come on {day}, and did not."
        case _:
            said = f"It would have gone through “{name}” on {day}, and did not."
    return _parting(entry, INSTEAD, said)


def _missing(entry: Entry) -> Parting:
    name, day = entry["name"], _day(entry)
    match entry:
        case {"what": "entered"}:
            said = f"Nobody would have been asked for “{name}”, as on {day}."
        case {"kind": "endEvent"}:
            said = f"It would not have ended at “{name}”, as on {day}."
        case {"what": "fired"}:
            said = f"“{name}” would not have come, as on {day}."
        case _:
            said = f"It would not have gone through “{name}”, as on {day}."
    return _parting(entry, MISSING, said)


def _parting(entry: Entry, rank: int, sentence: str) -> Parting:
    return Parting(entry["at"], rank, entry["process"], entry["element"], sentence)


def _day(entry: Entry) -> str:
    return in_words(entry["at"].astimezone(LONDON).date())
