"""Finds what is wrong with how the elements of a diagram hang together.

Labels, the flows out of gateways and tasks, and whether every element can be reached
and leads to an end. Takes the XML, so that a diagram too broken to run can be told
what it lacks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from lxml import etree

from engine.checks.documents import bpmn, local
from engine.checks.vocabulary import NODES
from engine.errors import Problem

_ASKING = frozenset({"exclusiveGateway", "inclusiveGateway"})
_GATEWAYS = _ASKING | {"parallelGateway", "eventBasedGateway"}
_NO_LABEL = "has no label."
_KIND = {
    "startEvent": "start event",
    "endEvent": "end event",
    "userTask": "user task",
    "scriptTask": "script task",
    "serviceTask": "service task",
    "businessRuleTask": "decision",
    "callActivity": "call activity",
    "subProcess": "sub-process",
    "exclusiveGateway": "gateway",
    "parallelGateway": "parallel gateway",
    "inclusiveGateway": "inclusive gateway",
    "eventBasedGateway": "event-based gateway",
    "boundaryEvent": "boundary event",
    "intermediateCatchEvent": "event",
    "intermediateThrowEvent": "event",
}


@dataclass(frozen=True)
class _Drawing:
    """The nodes and flows of one process or sub-process."""

    file: str
    owner: str
    nodes: Mapping[str, etree._Element]
    flows: tuple[etree._Element, ...]
    out: Mapping[str, list[etree._Element]] = field(default_factory=dict)
    into: Mapping[str, list[etree._Element]] = field(default_factory=dict)

    def found(self, element: str, problem: str, remedy: str) -> Problem:
        return Problem(file=self.file, element=element, problem=problem, remedy=remedy)

    def kind(self, identity: str) -> str:
        return local(self.nodes[identity])

    def title(self, identity: str) -> str:
        name = " ".join((self.nodes[identity].get("name") or "").split())
        return f"{_KIND[self.kind(identity)]} “{name or identity}”"


def check(name: str, root: etree._Element) -> list[Problem]:
    """Everything that is wrong with the paths through the diagram."""
    problems: list[Problem] = []
    for process in root.findall(bpmn("process")):
        for container in process.iter(bpmn("process"), bpmn("subProcess")):
            drawing = _drawing(name, container)
            if not drawing.nodes:
                problems.append(
                    drawing.found(
                        drawing.owner,
                        "There is nothing in it.",
                        "Draw a start event, the steps and an end event.",
                    )
                )
                continue
            problems += _labels(drawing)
            problems += _starts_and_ends(drawing)
            for identity in drawing.nodes:
                problems += _outgoing(drawing, identity)
            problems += _reachable(drawing)
    return problems


def is_about_a_label(problem: Problem) -> bool:
    """Whether the element is only not named, and hangs together with the rest."""
    return problem.problem.endswith(_NO_LABEL)


def _drawing(name: str, container: etree._Element) -> _Drawing:
    nodes = {
        child.get("id", ""): child
        for child in container.iterchildren(etree.Element)
        if local(child) in NODES
    }
    flows = tuple(
        flow
        for flow in container.iterchildren(bpmn("sequenceFlow"))
        if flow.get("sourceRef") in nodes and flow.get("targetRef") in nodes
    )
    out: defaultdict[str, list[etree._Element]] = defaultdict(list)
    into: defaultdict[str, list[etree._Element]] = defaultdict(list)
    for flow in flows:
        out[flow.get("sourceRef", "")].append(flow)
        into[flow.get("targetRef", "")].append(flow)
    return _Drawing(name, container.get("id", ""), nodes, flows, out, into)


def _labels(drawing: _Drawing) -> Iterator[Problem]:
    for identity, node in drawing.nodes.items():
        if not (node.get("name") or "").strip():
            kind = _KIND[local(node)]
            yield drawing.found(
                identity,
                f"The {kind} {_NO_LABEL}",
                f"Write on it, in a few words, what it {_asks(local(node))}.",
            )
        if local(node) in _ASKING and len(drawing.out.get(identity, ())) > 1:
            yield from _split_labels(drawing, identity)


def _asks(kind: str) -> str:
    if kind in _ASKING:
        return "asks, as a question"
    return "waits for or marks" if kind.endswith("Event") else "is for"


def _split_labels(drawing: _Drawing, identity: str) -> Iterator[Problem]:
    for flow in drawing.out[identity]:
        if not (flow.get("name") or "").strip():
            yield drawing.found(
                flow.get("id", ""),
                f"The flow from the {drawing.title(identity)} to the "
                f"{drawing.title(flow.get('targetRef', ''))} {_NO_LABEL}",
                "Write the answer on it, such as Yes or No.",
            )


def _starts_and_ends(drawing: _Drawing) -> Iterator[Problem]:
    starts = [i for i in drawing.nodes if drawing.kind(i) == "startEvent"]
    if not starts:
        yield drawing.found(
            drawing.owner,
            "There is no start event.",
            "Draw one, with a flow to the first step.",
        )
    if len(starts) > 1:
        yield drawing.found(
            starts[1],
            f"There are {len(starts)} start events.",
            "Keep one; what differs between them can be asked by a gateway behind it.",
        )
    if not any(drawing.kind(i) == "endEvent" for i in drawing.nodes):
        yield drawing.found(
            drawing.owner,
            "There is no end event.",
            "Draw one for each way in which it can end.",
        )
    for identity, node in drawing.nodes.items():
        host = node.get("attachedToRef", "")
        if local(node) == "boundaryEvent" and host not in drawing.nodes:
            yield drawing.found(
                identity,
                "The boundary event is not attached to a step of the same diagram.",
                "Drag it on to the edge of the task that it belongs to.",
            )


def _outgoing(drawing: _Drawing, identity: str) -> Iterator[Problem]:
    kind, flows = drawing.kind(identity), drawing.out.get(identity, [])
    if kind == "endEvent":
        if flows:
            yield drawing.found(
                identity,
                f"A flow leads out of the {drawing.title(identity)}.",
                "Make it an intermediate event, or delete the flow.",
            )
        return
    if kind in ("startEvent", "boundaryEvent") and drawing.into.get(identity):
        yield drawing.found(
            identity,
            f"A flow leads into the {drawing.title(identity)}.",
            "Lead it to the step behind it.",
        )
    if not flows:
        yield drawing.found(
            identity,
            f"The {drawing.title(identity)} leads nowhere.",
            "Draw a flow to the next step or to an end event.",
        )
    if kind in _ASKING:
        yield from _choices(drawing, identity)
        return
    if kind == "eventBasedGateway":
        yield from _waits(drawing, identity)
    elif kind not in _GATEWAYS and len(flows) > 1:
        yield drawing.found(
            identity,
            f"{len(flows)} flows lead out of the {drawing.title(identity)}.",
            "Draw one flow to a gateway, and let the gateway split: exclusive for a "
            "choice, parallel for both.",
        )
    for flow in flows:
        if flow.find(bpmn("conditionExpression")) is not None:
            yield drawing.found(
                flow.get("id", ""),
                f"The flow out of the {drawing.title(identity)} has a condition.",
                "Conditions belong on the flows out of an exclusive or inclusive "
                "gateway: draw one.",
            )


def _choices(drawing: _Drawing, identity: str) -> Iterator[Problem]:
    flows = drawing.out.get(identity, [])
    default = drawing.nodes[identity].get("default")
    if len(flows) < 2:
        return
    if not any(flow.get("id") == default for flow in flows):
        yield drawing.found(
            identity,
            f"The {drawing.title(identity)} has no default flow: a case for which no "
            "condition holds would stop there.",
            "Mark one of its flows as the default.",
        )
    for flow in flows:
        condition = (flow.findtext(bpmn("conditionExpression")) or "").strip()
        is_default = flow.get("id") == default
        target = drawing.title(flow.get("targetRef", ""))
        if is_default and condition:
            yield drawing.found(
                flow.get("id", ""),
                f"The default flow to the {target} has a condition, which is never "
                "asked.",
                "Remove the condition, or make another flow the default.",
            )
        if not is_default and not condition:
            yield drawing.found(
                flow.get("id", ""),
                f"The flow from the {drawing.title(identity)} to the {target} has no "
                "condition.",
                'Give it one, such as  breach_found == "yes", or make it the default.',
            )


def _waits(drawing: _Drawing, identity: str) -> Iterator[Problem]:
    flows = drawing.out.get(identity, [])
    for flow in flows:
        target = flow.get("targetRef", "")
        if drawing.kind(target) != "intermediateCatchEvent":
            yield drawing.found(
                identity,
                f"The {drawing.title(identity)} leads to the {drawing.title(target)}.",
                "Let it lead only to timer and message catch events.",
            )
        elif len(drawing.into.get(target, ())) > 1:
            yield drawing.found(
                target,
                f"Several flows lead to the {drawing.title(target)}, which an "
                "event-based gateway waits for.",
                "Lead the others to the gateway, or draw a second event.",
            )


def _reachable(drawing: _Drawing) -> Iterator[Problem]:
    forward = {
        i: {f.get("targetRef", "") for f in drawing.out.get(i, ())}
        for i in drawing.nodes
    }
    for identity, node in drawing.nodes.items():
        if (host := node.get("attachedToRef")) in forward:
            forward[host].add(identity)
    reached = _closure(
        (i for i in drawing.nodes if drawing.kind(i) == "startEvent"), forward
    )
    for identity in drawing.nodes:
        if identity not in reached and drawing.kind(identity) != "startEvent":
            yield drawing.found(
                identity,
                f"Nothing leads to the {drawing.title(identity)}.",
                "Draw a flow to it from the step before, or delete it.",
            )
    backward: defaultdict[str, set[str]] = defaultdict(set)
    for flow in drawing.flows:
        backward[flow.get("targetRef", "")].add(flow.get("sourceRef", ""))
    ending = _closure(
        (i for i in drawing.nodes if drawing.kind(i) == "endEvent"), backward
    )
    for identity in drawing.nodes:
        if identity not in ending and drawing.out.get(identity):
            yield drawing.found(
                identity,
                f"No path leads from the {drawing.title(identity)} to an end event.",
                "Draw a way out of the loop.",
            )


def _closure(start: Iterable[str], edges: Mapping[str, set[str]]) -> set[str]:
    reached: set[str] = set()
    waiting = list(start)
    while waiting:
        current = waiting.pop()
        if current not in reached:
            reached.add(current)
            waiting += edges.get(current, ())
    return reached
