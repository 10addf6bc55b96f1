"""What a diagram may be made of, what it may not with what to draw instead, and how to
speak of it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from engine.errors import Problem

GOOD_ID = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
NODES = frozenset(
    {
        "startEvent",
        "endEvent",
        "userTask",
        "scriptTask",
        "serviceTask",
        "businessRuleTask",
        "callActivity",
        "subProcess",
        "exclusiveGateway",
        "parallelGateway",
        "inclusiveGateway",
        "eventBasedGateway",
        "boundaryEvent",
        "intermediateCatchEvent",
        "intermediateThrowEvent",
    }
)
HARMLESS = frozenset(
    {
        "sequenceFlow",
        "laneSet",
        "documentation",
        "extensionElements",
        "incoming",
        "outgoing",
        "multiInstanceLoopCharacteristics",
        "textAnnotation",
        "association",
        "group",
        "script",
        "property",
    }
)
INSTEAD = {
    "task": "Say what kind of task it is: a user task for a person, a script task for "
    "a calculation, a service task for a letter or a register entry.",
    "manualTask": "Make it a user task with a form, so that the product knows when it "
    "has been done.",
    "sendTask": "Use a service task with the operation send_letter, or a message throw "
    "event.",
    "receiveTask": "Use an intermediate message catch event.",
    "complexGateway": "Use an exclusive, inclusive or parallel gateway, or two of them "
    "in a row.",
    "adHocSubProcess": "Draw the tasks as parallel branches, or let a gateway lead "
    "back to a choice.",
    "transaction": "Use an embedded sub-process with boundary events.",
    "dataObject": "Remove it: facts live on the case, and every form, condition and "
    "table reads them there.",
    "dataObjectReference": "Remove it: facts live on the case, and every form, "
    "condition and table reads them there.",
    "dataStoreReference": "Remove it: facts live on the case.",
    "dataStore": "Remove it: facts live on the case.",
    "ioSpecification": "Remove it: a called process reads its caller's facts, and "
    "hands back those that the property “outputs” names.",
    "dataInputAssociation": "Remove it: facts live on the case.",
    "dataOutputAssociation": "Remove it: facts live on the case.",
    "standardLoopCharacteristics": "Draw the loop: an exclusive gateway after the "
    "task, with a flow that leads back.",
    "callChoreography": "Use a call activity.",
    "subChoreography": "Use an embedded sub-process.",
    "signalEventDefinition": "Use a message: it reaches the same case and notice.",
    "errorEventDefinition": "End with a fact that says what went wrong, and an "
    "exclusive gateway that asks about it.",
    "escalationEventDefinition": "Use a non-interrupting timer on the task, with a "
    "user task in the manager's or legal's lane.",
    "compensateEventDefinition": "Draw the steps that put things right.",
    "conditionalEventDefinition": "Use an exclusive gateway, or a message event.",
    "linkEventDefinition": "Draw the sequence flow, or move the part to a called "
    "process.",
    "cancelEventDefinition": "Use an interrupting boundary event on the sub-process.",
}


@dataclass(frozen=True)
class Finder:
    """Makes problems that all belong to one file."""

    file: str

    def found(self, element: str, problem: str, remedy: str) -> Problem:
        return Problem(file=self.file, element=element, problem=problem, remedy=remedy)


def words(tag: str) -> str:
    """`dataObjectReference` as people read it: data object reference."""
    tag = tag.removesuffix("EventDefinition") or tag
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", tag).lower()
