"""Finds what is wrong with the events of a diagram: kinds, timers and messages."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from engine.checks.documents import bpmn, local, spiff
from engine.checks.vocabulary import GOOD_ID, INSTEAD, Finder, words
from engine.errors import Problem

EVENTS = {
    "startEvent": {"messageEventDefinition"},
    "endEvent": {"messageEventDefinition", "terminateEventDefinition"},
    "boundaryEvent": {"timerEventDefinition", "messageEventDefinition"},
    "intermediateCatchEvent": {"timerEventDefinition", "messageEventDefinition"},
    "intermediateThrowEvent": {"messageEventDefinition"},
}
_NEEDS_DEFINITION = frozenset(EVENTS) - {"startEvent", "endEvent"}
_PLAIN = {
    "startEvent": "start event",
    "endEvent": "end event",
    "boundaryEvent": "boundary event",
    "intermediateCatchEvent": "catch event",
    "intermediateThrowEvent": "throw event",
}


def check_event(finder: Finder, element: etree._Element, tag: str) -> Iterator[Problem]:
    identity = element.get("id", "")
    definitions = [
        child
        for child in element.iterchildren(etree.Element)
        if local(child).endswith("EventDefinition")
    ]
    if len(definitions) > 1:
        yield finder.found(
            identity,
            "The event waits for several things at once.",
            "Draw one event for each, after an event-based gateway or on the same "
            "task.",
        )
    if not definitions and tag in _NEEDS_DEFINITION:
        yield finder.found(
            identity,
            f"The {_PLAIN[tag]} does not say what it is for.",
            "Make it a message event."
            if tag == "intermediateThrowEvent"
            else "Make it a timer or a message event.",
        )
    for definition in definitions:
        kind = local(definition)
        if kind not in EVENTS[tag]:
            yield finder.found(
                identity,
                f"A {_PLAIN[tag]} of the kind “{words(kind)}” is not supported.",
                INSTEAD.get(kind)
                or "Start the process by a message, from the case page or from a "
                "caller, and let a timer catch event follow.",
            )
        elif kind == "timerEventDefinition":
            yield from _timer(finder, identity, definition)


def _timer(
    finder: Finder, identity: str, definition: etree._Element
) -> Iterator[Problem]:
    for tag, what in (("timeDuration", "length"), ("timeCycle", "repetition")):
        found = definition.find(bpmn(tag))
        if found is not None:
            yield finder.found(
                identity,
                f"The timer holds a {what}, “{(found.text or '').strip()}”.",
                "Choose a period under “Period” instead (in the file: "
                'deadline("pcn_response", served_on), with a key from periods.yaml).'
                + (
                    " Draw a reminder that repeats as a loop." if "Cycle" in tag else ""
                ),
            )
    date = definition.find(bpmn("timeDate"))
    if date is not None and not (date.text or "").strip():
        date = None
    if date is None and not len(definition):
        yield finder.found(
            identity,
            "The timer has no date.",
            "Choose a period, and the day that it counts from, under “Period” (in "
            'the file: deadline("pcn_response", served_on)).',
        )


def check_messages(finder: Finder, root: etree._Element) -> Iterator[Problem]:
    known = {
        message.get("id"): message.get("name")
        for message in root.iterchildren(bpmn("message"))
    }
    for definition in root.iter(bpmn("messageEventDefinition")):
        parent = definition.getparent()
        owner = parent.get("id", "") if parent is not None else ""
        reference = definition.get("messageRef")
        if not reference or not known.get(reference):
            yield finder.found(
                owner,
                "The event does not say which message it is about.",
                "Choose a message under “Message”, or make one with a name such as "
                "appeal_lodged.",
            )
    for message in root.iterchildren(bpmn("message")):
        name = message.get("name") or ""
        if name and not GOOD_ID.fullmatch(name):
            yield finder.found(
                message.get("id", ""),
                f"The message name “{name}” is not in plain words.",
                "Use small letters, digits and underscores, such as appeal_lodged.",
            )
        for tag in ("messagePayload", "messageVariable"):
            if message.find(f".//{spiff(tag)}") is not None:
                yield finder.found(
                    message.get("id", ""),
                    f"The message holds a {tag}, where the engine does not look.",
                    "Move it to the event that throws or catches the message.",
                )
    for tag in ("preScript", "postScript", "unitTests"):
        for element in root.iter(spiff(tag)):
            holder = element.getparent()
            owner = holder.getparent() if holder is not None else None
            yield finder.found(
                owner.get("id", "") if owner is not None else "",
                f"The element holds a {tag}, which the diagram does not show.",
                "Draw a script task before or after it instead.",
            )
