"""How two versions of a diagram differ, element by element. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from engine.bpmn import diagrams
from engine.bpmn.diagrams import Diagram, Element
from engine.studio import comparing_flows, comparing_shapes, comparing_waits
from engine.studio.comparing_waits import Lengths
from engine.studio.comparing_words import (
    Found,
    instead,
    named,
    of_count,
    quoted,
    told_changed,
    without,
)

_KINDS = {
    "userTask": "task",
    "manualTask": "task",
    "task": "task",
    "scriptTask": "script",
    "serviceTask": "step of the product",
    "businessRuleTask": "question to a table",
    "callActivity": "called process",
    "subProcess": "sub-process",
    "exclusiveGateway": "question",
    "parallelGateway": "fork or join",
    "inclusiveGateway": "choice of several",
    "eventBasedGateway": "wait for the first of several",
    "startEvent": "start",
    "endEvent": "end",
    "intermediateThrowEvent": "message",
}
_SEEN_ELSEWHERE = ("form", "safeguard")


@dataclass(frozen=True)
class _Pair:
    """The two versions, and how long their periods are."""

    before: Diagram
    after: Diagram
    lengths_before: Lengths
    lengths_after: Lengths

    @property
    def added(self) -> dict[str, Element]:
        old = self.before.elements
        return {i: e for i, e in self.after.elements.items() if i not in old}

    @property
    def removed(self) -> dict[str, Element]:
        new = self.after.elements
        return {i: e for i, e in self.before.elements.items() if i not in new}


def compare(
    name: str,
    before: bytes,
    after: bytes,
    *,
    lengths_before: Lengths,
    lengths_after: Lengths,
) -> Found:
    """What differs. Raises DefinitionError where one of the two cannot be read."""
    pair = _Pair(
        diagrams.read(name, before),
        diagrams.read(name, after),
        lengths_before,
        lengths_after,
    )
    found = Found()
    _compare_process(pair, found)
    renamed = _renamed(pair)
    for identity, element in pair.added.items():
        if identity in renamed.values():
            continue
        found.add(identity, _is_new(pair, element))
    for identity, element in pair.removed.items():
        if identity in renamed:
            _other_id(found, identity, renamed[identity], element)
        else:
            found.remove(identity, _is_gone(pair.before, element))
    for identity, old in pair.before.elements.items():
        new = pair.after.elements.get(renamed.get(identity, identity))
        if new is not None:
            for text in _differences(pair, old, new):
                found.change(new.id, text)
    comparing_flows.compare(pair.before, pair.after, found)
    _note_moved(before, after, pair, found)
    return found


def is_new(name: str, content: bytes) -> str:
    """A diagram that was not there before, in a sentence."""
    diagram = diagrams.read(name, content)
    tasks = sum(1 for _ in diagram.of_kind("userTask"))
    elements = of_count(len(diagram.elements), "element")
    return f"This process is new: {elements}, {of_count(tasks, 'task')} for people."


def _compare_process(pair: _Pair, found: Found) -> None:
    before, after = pair.before, pair.after
    if before.title != after.title:
        found.say(
            "",
            f"The process is now called {quoted(after.title)} instead of "
            f"{quoted(before.title)}.",
        )
    if before.documentation != after.documentation:
        found.say("", "The description of the process has changed.")
    for key, old, new in _pairs(before.properties, after.properties):
        found.say("", told_changed(f"“{key}” of the process", old, new))
    for lane in after.lanes:
        if lane not in before.lanes:
            found.say("", f"The lane {quoted(lane)} is new.")
    for lane in before.lanes:
        if lane not in after.lanes:
            found.say("", f"The lane {quoted(lane)} is taken out.")


def _renamed(pair: _Pair) -> dict[str, str]:
    """Elements with another id that are plainly the same: old id to new id."""
    found: dict[str, str] = {}
    for old in pair.removed.values():
        same = [
            new.id
            for new in pair.added.values()
            if new.name and (new.kind, new.name) == (old.kind, old.name)
        ]
        if len(same) == 1 and same[0] not in found.values():
            found[old.id] = same[0]
    return found


def _other_id(found: Found, old: str, new: str, element: Element) -> None:
    found.removed.append(old)
    found.added.append(new)
    found.say(
        new,
        f"{called(element)} has the id ‘{new}’ instead of ‘{old}’. Cases that wait "
        "there do not know it under that id.",
    )


def called(element: Element) -> str:
    """An element as a sentence names it."""
    if element.name:
        return quoted(element.name)
    return f"the {kind_of(element)} ‘{element.id}’"


def kind_of(element: Element) -> str:
    """What an element is to those who read the diagram."""
    if element.kind in ("boundaryEvent", "intermediateCatchEvent"):
        return "message" if element.message else "wait"
    return _KINDS.get(element.kind, "element")


def _is_new(pair: _Pair, element: Element) -> str:
    if element.attached_to:
        host = pair.after.elements.get(element.attached_to)
        on = f" on {called(host)}" if host is not None else ""
        beside = "" if element.interrupting else " It leaves the task as it is."
        says = comparing_waits.in_words(element.timer, pair.lengths_after)
        until = f": {says}" if says else ""
        return f"The {kind_of(element)} {called(element)}{on} is new{until}.{beside}"
    where = comparing_flows.between(pair.after, element.id, called)
    who = f", for {_role(element.lane)}" if element.kind == "userTask" else ""
    text = f"{_sentence_start(called(element))} is new{who}{where}."
    return text + "".join(f" {more}" for more in _particulars(pair, element))


def _particulars(pair: _Pair, element: Element) -> Iterator[str]:
    if element.form:
        yield f"Its form is {named(element.form)}."
    if element.called:
        yield f"It calls the process {named(element.called)}."
    if element.decision:
        yield f"It asks the table {named(element.decision)}."
    if element.timer:
        until = comparing_waits.in_words(element.timer, pair.lengths_after)
        yield f"It waits for {until}."
    if element.script:
        yield f"It notes {quoted(element.script)}."
    if element.operation:
        yield f"It does ‘{element.operation}’."


def _is_gone(before: Diagram, element: Element) -> str:
    if element.attached_to:
        host = before.elements.get(element.attached_to)
        on = f" on {called(host)}" if host is not None else ""
        return f"The {kind_of(element)} {called(element)}{on} is taken out."
    where = comparing_flows.between(before, element.id, called)
    stood = f"; it stood{where.removeprefix(',')}" if where else ""
    return f"{_sentence_start(called(element))} is taken out{stood}."


def _differences(pair: _Pair, old: Element, new: Element) -> Iterator[str]:
    """Every difference of an element that both have, one sentence each."""
    it = called(new)
    start = _sentence_start(it)
    if old.name != new.name:
        yield f"{_sentence_start(called(old))} is now called {it}."
    if old.kind != new.kind:
        yield f"{start} is now a {kind_of(new)}; before it was a {kind_of(old)}."
    yield from _who(old, new, start)
    if old.timer != new.timer:
        said = comparing_waits.changed(
            old.timer, new.timer, pair.lengths_before, pair.lengths_after
        )
        yield f"The wait {it}{_on(pair.after, new)} {said}."
    elif said := comparing_waits.only_longer(
        new.timer, pair.lengths_before, pair.lengths_after
    ):
        yield f"The wait {it}{_on(pair.after, new)} is as it was, but {said}."
    if old.form != new.form:
        yield f"The form of {it} {instead(_named(old.form), _named(new.form))}."
    if old.documentation != new.documentation:
        yield f"The guidance of {it} has changed."
    if old.safeguard != new.safeguard:
        what = f"What the law requires at {it}"
        yield told_changed(what, old.safeguard, new.safeguard)
    yield from _workings(old, new, it)


def _who(old: Element, new: Element, start: str) -> Iterator[str]:
    if old.lane == new.lane:
        return
    if new.kind == "userTask":
        yield f"{start} is now for {_role(new.lane)} instead of {_role(old.lane)}."
    else:
        yield f"{start} moved from the lane {old.lane} to the lane {new.lane}."


def _role(lane: str) -> str:
    return lane if lane == "Legal" else f"the {lane}" if lane else "nobody"


def _workings(old: Element, new: Element, it: str) -> Iterator[str]:
    for what, before, after in (
        ("The message of", old.message, new.message),
        ("What is sent with", old.payload, new.payload),
        ("The name of what comes with", old.variable, new.variable),
        ("The process that is called by", old.called, new.called),
        ("The table that is asked by", old.decision, new.decision),
        ("The script of", old.script, new.script),
        ("What the product does at", old.operation, new.operation),
        ("The result of", old.result, new.result),
        ("The place of", old.attached_to, new.attached_to),
        ("The list of", _repeats(old), _repeats(new)),
    ):
        if before != after:
            yield told_changed(f"{what} {it}", before, after)
    if old.interrupting != new.interrupting:
        ends = "now ends" if new.interrupting else "no longer ends"
        yield f"{_sentence_start(it)} {ends} the task that it stands on."
    for key, was, now in _pairs(old.parameters, new.parameters):
        yield told_changed(f"“{key}” of {it}", was, now)
    for key, was, now in _pairs(
        without(old.properties, *_SEEN_ELSEWHERE),
        without(new.properties, *_SEEN_ELSEWHERE),
    ):
        yield told_changed(f"The property “{key}” of {it}", was, now)


def _repeats(element: Element) -> str:
    if element.multi is None:
        return ""
    order = "one after another" if element.is_sequential else "at once"
    return f"for each {element.multi[1]} of {element.multi[0]}, {order}"


def _pairs(
    before: Mapping[str, str], after: Mapping[str, str]
) -> Iterator[tuple[str, str, str]]:
    for key in dict.fromkeys((*before, *after)):
        was, now = before.get(key, ""), after.get(key, "")
        if was != now:
            yield key, was, now


def _named(identity: str) -> str:
    return f"‘{identity}’" if identity else ""


def _on(diagram: Diagram, element: Element) -> str:
    host = diagram.elements.get(element.attached_to)
    return f" on {called(host)}" if host is not None else ""


def _sentence_start(text: str) -> str:
    return text[:1].upper() + text[1:]


def _note_moved(before: bytes, after: bytes, pair: _Pair, found: Found) -> None:
    told = {*found.added, *found.removed, *found.changed}
    drawn = comparing_shapes.moved(before, after)
    found.moved_only = [identity for identity in drawn if identity not in told]
    if found.moved_only:
        count = of_count(len(found.moved_only), "element")
        is_are = "is" if len(found.moved_only) == 1 else "are"
        found.say("", f"{count} {is_are} only drawn elsewhere.")
    elif not found.words:
        found.say("", "Only the notation of the file has changed, not what it says.")
