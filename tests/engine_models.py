"""Small BPMN diagrams for the tests of the engine, written in a few words each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from xml.sax.saxutils import escape, quoteattr

from engine.bpmn import definitions
from engine.bpmn.definitions import Definition
from engine.bpmn.workflow import Flow, Surroundings
from engine.law import periods

NAMESPACES = (
    'xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" '
    'xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" '
    'xmlns:di="http://www.omg.org/spec/DD/20100524/DI" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xmlns:spiffworkflow="http://spiffworkflow.org/bpmn/schema/1.0/core"'
)


@dataclass
class Node:
    """One element: its tag, its attributes, what is inside it."""

    tag: str
    id: str
    inside: str = ""
    attributes: dict[str, str] = field(default_factory=dict)
    messages: set[str] = field(default_factory=set)

    def xml(self) -> str:
        attributes = "".join(
            f" {name}={quoteattr(value)}" for name, value in self.attributes.items()
        )
        title = self.id.replace("_", " ").capitalize()
        return (
            f'<bpmn:{self.tag} id="{self.id}" name="{title}"{attributes}>'
            f"{self.inside}</bpmn:{self.tag}>"
        )


def start(name: str = "begin", *, message: str = "", variable: str = "") -> Node:
    if message:
        return _message(Node("startEvent", name), message, variable=variable)
    return Node("startEvent", name)


def end(name: str = "done", *, message: str = "", payload: str = "") -> Node:
    if message:
        return _message(Node("endEvent", name), message, payload=payload)
    return Node("endEvent", name)


def terminate(name: str) -> Node:
    return Node("endEvent", name, "<bpmn:terminateEventDefinition />")


def user(name: str, *, many: str = "", **properties: str) -> Node:
    return Node("userTask", name, _properties(properties) + _many(many))


def script(name: str, text: str) -> Node:
    return Node("scriptTask", name, f"<bpmn:script>{escape(text)}</bpmn:script>")


def service(name: str, operation: str, result: str = "", **given: str) -> Node:
    parameters = "".join(
        f'<spiffworkflow:parameter id="{key}" type="str" value={quoteattr(value)} />'
        for key, value in given.items()
    )
    return Node(
        "serviceTask",
        name,
        "<bpmn:extensionElements><spiffworkflow:serviceTaskOperator "
        f'id="{operation}" resultVariable="{result}"><spiffworkflow:parameters>'
        f"{parameters}</spiffworkflow:parameters></spiffworkflow:serviceTaskOperator>"
        "</bpmn:extensionElements>",
    )


def rule(name: str, decision: str) -> Node:
    return Node(
        "businessRuleTask",
        name,
        f"<bpmn:extensionElements><spiffworkflow:calledDecisionId>{decision}"
        "</spiffworkflow:calledDecisionId></bpmn:extensionElements>",
    )


def xor(name: str, default: str = "") -> Node:
    return _gateway("exclusiveGateway", name, default)


def parallel(name: str) -> Node:
    return _gateway("parallelGateway", name, "")


def inclusive(name: str, default: str = "") -> Node:
    return _gateway("inclusiveGateway", name, default)


def events(name: str) -> Node:
    return _gateway("eventBasedGateway", name, "")


def call(name: str, *, called: str = "", many: str = "", outputs: str = "") -> Node:
    inside = _properties({"outputs": outputs} if outputs else {}) + _many(many)
    return Node("callActivity", name, inside, {"calledElement": called or name})


def sub(
    name: str, nodes: Sequence[Node], flows: Sequence[str], *, many: str = ""
) -> Node:
    made = Node("subProcess", name, _many(many) + _contents(name, nodes, flows))
    made.messages = set().union(*(node.messages for node in nodes))
    return made


def boundary(
    name: str,
    on: str,
    *,
    timer: str = "",
    message: str = "",
    variable: str = "",
    interrupting: bool = False,
    **properties: str,
) -> Node:
    node = Node(
        "boundaryEvent",
        name,
        _properties(properties),
        {"attachedToRef": on, "cancelActivity": str(interrupting).lower()},
    )
    if message:
        return _message(node, message, variable=variable)
    node.inside += _timer(timer)
    return node


def catch(name: str, *, timer: str = "", message: str = "", variable: str = "") -> Node:
    node = Node("intermediateCatchEvent", name)
    if message:
        return _message(node, message, variable=variable)
    node.inside = _timer(timer)
    return node


def throw(name: str, message: str, payload: str = "") -> Node:
    return _message(Node("intermediateThrowEvent", name), message, payload=payload)


def _gateway(tag: str, name: str, default: str) -> Node:
    attributes = {"default": f"{name}__{default}"} if default else {}
    return Node(tag, name, "", attributes)


def _message(
    node: Node, message: str, *, variable: str = "", payload: str = ""
) -> Node:
    extension = ""
    if payload:
        extension += (
            f"<spiffworkflow:messagePayload>{escape(payload)}"
            "</spiffworkflow:messagePayload>"
        )
    if variable:
        extension += (
            f"<spiffworkflow:messageVariable>{variable}</spiffworkflow:messageVariable>"
        )
    node.inside += (
        f'<bpmn:messageEventDefinition messageRef="{message}">'
        f"<bpmn:extensionElements>{extension}</bpmn:extensionElements>"
        "</bpmn:messageEventDefinition>"
    )
    node.messages.add(message)
    return node


def _timer(expression: str) -> str:
    return (
        '<bpmn:timerEventDefinition><bpmn:timeDate xsi:type="bpmn:tFormalExpression">'
        f"{escape(expression)}</bpmn:timeDate></bpmn:timerEventDefinition>"
    )


def _properties(properties: Mapping[str, str]) -> str:
    if not properties:
        return ""
    listed = "".join(
        f"<spiffworkflow:property name={quoteattr(name)} value={quoteattr(value)} />"
        for name, value in properties.items()
    )
    return (
        "<bpmn:extensionElements><spiffworkflow:properties>"
        f"{listed}</spiffworkflow:properties></bpmn:extensionElements>"
    )


def _many(many: str) -> str:
    """``recipients recipient`` or ``recipients recipient in turn``."""
    if not many:
        return ""
    collection, item, *turn = many.split()
    return (
        "<bpmn:multiInstanceLoopCharacteristics "
        f'isSequential="{"true" if turn else "false"}">'
        f"<bpmn:loopDataInputRef>{collection}</bpmn:loopDataInputRef>"
        f"<bpmn:loopDataOutputRef>{collection}</bpmn:loopDataOutputRef>"
        f'<bpmn:inputDataItem id="item_{id(many)}" name="{item}" />'
        "</bpmn:multiInstanceLoopCharacteristics>"
    )


def _contents(where: str, nodes: Sequence[Node], flows: Sequence[str]) -> str:
    """Flows are chains such as ``begin > ask > done``; the last one of a chain may have
    a condition: ``is_ok > ask : ok == "no"``."""
    arrows = []
    for chain in flows:
        path, _, condition = chain.partition(" : ")
        steps = [step.strip() for step in path.split(">")]
        for place, (source, target) in enumerate(zip(steps, steps[1:], strict=False)):
            last = place == len(steps) - 2
            inside = (
                '<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">'
                f"{escape(condition)}</bpmn:conditionExpression>"
                if condition and last
                else ""
            )
            arrows.append(
                f'<bpmn:sequenceFlow id="{source}__{target}" sourceRef="{source}" '
                f'targetRef="{target}">{inside}</bpmn:sequenceFlow>'
            )
    return "".join(node.xml() for node in nodes) + "".join(arrows)


def diagram(
    process: str, nodes: Sequence[Node], flows: Sequence[str], **properties: str
) -> bytes:
    """A BPMN file. Elements lie below one another in the order given."""
    messages = sorted(set().union(*(node.messages for node in nodes)))
    shapes = "".join(
        f'<bpmndi:BPMNShape id="{node.id}_di" bpmnElement="{node.id}">'
        f'<dc:Bounds x="0" y="{place}" width="1" height="1" /></bpmndi:BPMNShape>'
        for place, node in enumerate(nodes)
    )
    lane = "".join(f"<bpmn:flowNodeRef>{n.id}</bpmn:flowNodeRef>" for n in nodes)
    text = (
        f'<bpmn:definitions {NAMESPACES} id="{process}_file" '
        'targetNamespace="http://bpmn.io/schema/bpmn">'
        + "".join(f'<bpmn:message id="{m}" name="{m}" />' for m in messages)
        + f'<bpmn:process id="{process}" name="{process.capitalize()}" '
        f'isExecutable="true">{_properties(properties)}'
        f'<bpmn:laneSet id="{process}_lanes"><bpmn:lane id="{process}_lane" '
        f'name="Enforcement officer">{lane}</bpmn:lane></bpmn:laneSet>'
        f"{_contents(process, nodes, flows)}</bpmn:process>"
        f'<bpmndi:BPMNDiagram id="{process}_dia"><bpmndi:BPMNPlane '
        f'id="{process}_plane" bpmnElement="{process}">{shapes}</bpmndi:BPMNPlane>'
        "</bpmndi:BPMNDiagram></bpmn:definitions>"
    )
    return text.encode()


def files(**diagrams: tuple[Sequence[Node], Sequence[str]]) -> dict[str, bytes]:
    """Files from process ids and their nodes and flows."""
    return {
        f"{process}.bpmn": diagram(process, nodes, flows)
        for process, (nodes, flows) in diagrams.items()
    }


PERIODS = periods.load().for_council(None)
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def surroundings(now: datetime = NOON, **case: object) -> Surroundings:
    return Surroundings(now=now, case=case, periods=PERIODS, counters={})


class Running:
    """A flow that can be saved and restored in the middle of a test."""

    def __init__(
        self,
        drawn: Mapping[str, bytes],
        process: str = "",
        now: datetime = NOON,
        **given: object,
    ) -> None:
        self.files = dict(drawn)
        self.process = process or next(iter(drawn)).removesuffix(".bpmn")
        self.around = surroundings(now)
        self.flow = Flow.start(self.definition, given, self.around)
        self.flow.run()

    @property
    def definition(self) -> Definition:
        return definitions.load(self.files, self.process)

    def restart(self) -> None:
        """Store, forget every parsed definition, and bring the flow back."""
        before = self.flow
        state, facts = before.dump()
        definitions.forget()
        self.flow = Flow.restore(self.definition, state, facts, self.around)
        self.flow.journal.extend(before.journal)
        self.flow.effects.extend(before.effects)
        self.flow.thrown.extend(before.thrown)

    def open(self) -> list[str]:
        """The elements of the open tasks, sorted."""
        return sorted(task.element for task in self.flow.open_tasks())

    def do(self, element: str, at: str | None = None, **answers: object) -> None:
        """Complete the open task of that element (and item)."""
        [task] = [
            t
            for t in self.flow.open_tasks()
            if t.element == element and at in (None, t.item_index)
        ]
        self.flow.complete(task.id, answers)

    def until(self, now: datetime) -> None:
        """Let time pass and due timers fire."""
        self.around.now = now
        self.flow.fire()

    def due(self) -> dict[str, datetime]:
        return {timer.element: timer.due_at for timer in self.flow.timers()}

    def send(self, name: str, payload: Mapping[str, object] | None = None) -> None:
        [first, *_] = [m for m in self.flow.awaited() if m.name == name]
        self.flow.deliver(first.id, name, payload or {})

    def went(self) -> list[tuple[str, str]]:
        """(element, what) of every step so far."""
        return [(step.element, step.what) for step in self.flow.journal]

    def flows_taken(self) -> set[str]:
        return {flow for step in self.flow.journal for flow in step.flows}
