"""Whether one marked element of a diagram still does what it did, after a change.

Strict on purpose: a date, a condition or a script of a safeguard that is written in any
other way counts as a difference. The cost of a false one is a second person's look."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from engine.bpmn.diagrams import Diagram, Element
from engine.checks import expressions, ways
from engine.checks.vocabulary import words

Drawn = Mapping[str, Diagram]
"""Diagrams by file name."""

_WORK = frozenset(
    {"userTask", "serviceTask", "scriptTask", "businessRuleTask", "callActivity"}
)


@dataclass(frozen=True, eq=False)
class Change:
    """All diagrams before and after, and which processes a case can come to in them."""

    old: Drawn
    new: Drawn

    @cached_property
    def live_before(self) -> frozenset[str]:
        return live(self.old, self.old)

    @cached_property
    def live_after(self) -> frozenset[str]:
        return live(self.new, self.old)


def differences(file: str, element: Element, change: Change) -> tuple[str, ...]:
    """In sentences, how the change weakens or removes the element; none if it stays."""
    before = change.old[file]
    after = change.new.get(file)
    if after is None:
        return ("Its diagram was taken out, or cannot be read.",)
    now = after.elements.get(element.id)
    if now is None:
        return ("It is no longer in the diagram.",)
    return tuple(
        (
            *_of_itself(before, after, element, now),
            *_of_asking(before, after, element),
            *_of_reach(before, after, element, change),
            *_of_following(before, after, element),
        )
    )


def _of_itself(
    before: Diagram, after: Diagram, was: Element, now: Element
) -> Iterator[str]:
    if not now.safeguard:
        yield "Its mark as a safeguard was removed."
    if was.kind != now.kind:
        yield f"It was a {words(was.kind)} and is now a {words(now.kind)}."
        return
    if expressions.normal(was.timer) != expressions.normal(now.timer):
        yield (
            f"Its date was “{expressions.short(was.timer)}” and is now "
            f"“{expressions.short(now.timer)}”."
        )
    if expressions.normal(was.script) != expressions.normal(now.script):
        yield "Its script was changed."
    if was.attached_to != now.attached_to:
        yield (
            f"It stood on the edge of “{_name(before, was.attached_to)}” and now "
            f"stands on that of “{_name(after, now.attached_to)}”."
        )
    if was.interrupting != now.interrupting:
        yield (
            "It no longer ends the step that it stands on."
            if was.interrupting
            else "It now ends the step that it stands on."
        )


def _of_asking(before: Diagram, after: Diagram, was: Element) -> Iterator[str]:
    asked, asks = _conditions(before, was.id), _conditions(after, was.id)
    for condition, target in asked.items():
        if condition not in asks:
            yield f"It no longer asks “{expressions.short(condition)}”."
        elif asks[condition] != target and asks[condition] in before.elements:
            yield (
                f"Its answer “{expressions.short(condition)}” led to "
                f"“{_name(before, target)}” and now leads to "
                f"“{_name(after, asks[condition])}”."
            )


def _conditions(diagram: Diagram, element: str) -> dict[str, str]:
    return {
        expressions.normal(flow.condition): flow.target
        for flow in diagram.flows.values()
        if flow.source == element and flow.condition
    }


def _of_reach(
    before: Diagram, after: Diagram, was: Element, change: Change
) -> Iterator[str]:
    if was.id not in ways.reached(ways.starts(before), ways.onward(before)):
        return
    if was.id not in ways.reached(ways.starts(after), ways.onward(after)):
        yield "No path leads to it any more."
        return
    if before.process in change.live_before - change.live_after:
        yield f"Nothing starts or calls “{before.title}” any more."
        return
    if not was.attached_to:
        yield from _skipped(before, after, was.id)
        if was.kind != "intermediateCatchEvent":
            yield from _call_skipped(before.process, change.old, change.new)


def _skipped(before: Diagram, after: Diagram, element: str) -> Iterator[str]:
    """The first of what came only after the element, and can now be had without it."""
    guarded = ways.only_after(before, element)
    around = ways.reached(ways.starts(after), ways.onward(after), without=element)
    for name in after.elements:
        if name in guarded and name in around:
            yield f"“{_name(after, name)}” can now be reached without it."
            return


def _call_skipped(process: str, old: Drawn, new: Drawn) -> Iterator[str]:
    """Whether a caller can now go past the call of the element's process."""
    for file, caller in old.items():
        now = new.get(file)
        for call in caller.of_kind("callActivity"):
            if call.called != process or now is None:
                continue
            if call.id in now.elements:
                yield from _skipped(caller, now, call.id)
            else:
                yield f"“{caller.title}” no longer calls “{call.name}”."


def _of_following(before: Diagram, after: Diagram, was: Element) -> Iterator[str]:
    if _work_after(before, was.id) and not _work_after(after, was.id):
        yield "It leads to no task any more: nobody hears of it."


def _work_after(diagram: Diagram, element: str) -> bool:
    ahead = ways.onward(diagram)
    after = ways.reached(ahead.get(element, ()), ahead)
    return any(diagram.elements[name].kind in _WORK for name in after)


def live(drawn: Drawn, at_first: Drawn) -> frozenset[str]:
    """The processes that a case can come to: those that stood on their own at first,
    those started from the case page or by a message, and what these call."""
    processes = {diagram.process: diagram for diagram in drawn.values()}
    called = {e.called for d in at_first.values() for e in d.of_kind("callActivity")}
    waiting = [
        process
        for process, diagram in processes.items()
        if process not in called
        and any(process == first.process for first in at_first.values())
        or diagram.properties.get("start_from_case")
        or any(e.message for e in diagram.of_kind("startEvent") if not e.parent)
    ]
    found: set[str] = set()
    while waiting:
        process = waiting.pop()
        if process in found or process not in processes:
            continue
        found.add(process)
        diagram = processes[process]
        near = ways.reached(ways.starts(diagram), ways.onward(diagram))
        waiting += [diagram.elements[name].called for name in near]
    return frozenset(found)


def _name(diagram: Diagram, element: str) -> str:
    found = diagram.elements.get(element)
    return found.name or element if found else element or "nothing"
