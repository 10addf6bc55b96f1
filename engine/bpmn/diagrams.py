"""What a BPMN file says, read once and plainly: elements, flows, lanes, properties.

Knows nothing of how a process is run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypedDict

from lxml import etree

from engine.errors import DefinitionError, Problem

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
SPIFF = "http://spiffworkflow.org/bpmn/schema/1.0/core"

TASKS = frozenset(
    {"userTask", "manualTask", "scriptTask", "serviceTask", "businessRuleTask", "task"}
)
GATEWAYS = frozenset(
    {"exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway"}
)
EVENTS = frozenset(
    {
        "startEvent",
        "endEvent",
        "intermediateCatchEvent",
        "intermediateThrowEvent",
        "boundaryEvent",
    }
)
NODES = TASKS | GATEWAYS | EVENTS | {"callActivity", "subProcess"}


@dataclass(frozen=True, kw_only=True)
class Flow:
    """A sequence flow: an arrow from one element to another."""

    id: str
    source: str
    target: str
    name: str = ""
    condition: str = ""


@dataclass(frozen=True, kw_only=True)
class Element:
    """A node of the diagram. `kind` is its BPMN tag, such as ``userTask``.

    `timer`, `message`, `payload`, `variable` describe an event; `called` a call
    activity; `decision` a business rule; `operation`, `parameters`, `result` a service
    task; `multi` is (the list, the word for its item) of a multi-instance activity;
    `parent` is the embedded sub-process that it lies in ("" for none)."""

    id: str
    kind: str
    name: str = ""
    lane: str = ""
    parent: str = ""
    properties: Mapping[str, str] = field(default_factory=dict)
    documentation: str = ""
    default: str = ""
    attached_to: str = ""
    interrupting: bool = True
    timer: str = ""
    other_timer: str = ""
    message: str = ""
    payload: str = ""
    variable: str = ""
    is_terminate: bool = False
    other_event: str = ""
    called: str = ""
    decision: str = ""
    script: str = ""
    operation: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)
    result: str = ""
    multi: tuple[str, str] | None = None
    multi_output: str = ""
    is_sequential: bool = False
    is_event_subprocess: bool = False

    @property
    def form(self) -> str:
        """The id of the form of a user task, "" for none."""
        return self.properties.get("form", "")

    @property
    def safeguard(self) -> str:
        """What the law requires here, in words; "" for nothing."""
        return self.properties.get("safeguard", "")

    @property
    def keeps_open(self) -> bool:
        return self.properties.get("keeps_open", "").lower() == "true"

    @property
    def outputs(self) -> tuple[str, ...]:
        """The facts that a call activity hands back."""
        return words_of(self.properties.get("outputs", ""))


@dataclass(frozen=True)
class Diagram:
    """One process as it is drawn."""

    process: str
    title: str
    elements: Mapping[str, Element]
    flows: Mapping[str, Flow]
    properties: Mapping[str, str] = field(default_factory=dict)
    documentation: str = ""
    file: str = ""
    lanes: tuple[str, ...] = ()

    @cached_property
    def _between(self) -> dict[tuple[str, str], str]:
        return {(f.source, f.target): f.id for f in self.flows.values()}

    def flow_between(self, source: str, target: str) -> str | None:
        """The id of the flow from one element to another."""
        return self._between.get((source, target))

    def of_kind(self, *kinds: str) -> Iterator[Element]:
        """The elements of these kinds, in the order of the file."""
        return (e for e in self.elements.values() if e.kind in kinds)

    def boundaries(self, element: str) -> Iterator[Element]:
        """The boundary events attached to an element."""
        return (e for e in self.elements.values() if e.attached_to == element)


class _Multiple(TypedDict):
    multi: tuple[str, str] | None
    multi_output: str
    is_sequential: bool


def words_of(text: str) -> tuple[str, ...]:
    """The words of a comma-separated list."""
    return tuple(word.strip() for word in text.split(",") if word.strip())


def xml(name: str, content: bytes) -> etree._Element:
    """The root of a file, with no entity resolved and no network used."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise DefinitionError(
            [
                Problem(
                    file=name,
                    element="",
                    problem=f"The file is not well-formed XML: {error.msg}.",
                    remedy="Open it in the diagram editor and save it again.",
                )
            ]
        ) from None
    if root.getroottree().docinfo.doctype:
        raise DefinitionError(
            [
                Problem(
                    file=name,
                    element="",
                    problem="The file has a document type declaration.",
                    remedy="Remove the line that begins with <!DOCTYPE.",
                )
            ]
        )
    return root


def read(name: str, content: bytes) -> Diagram:
    """The diagram in a file named ``<process>.bpmn``. DefinitionError says why not."""
    root = xml(name, content)
    stem = name.rsplit("/", 1)[-1].removesuffix(".bpmn")
    processes = root.findall(f"{{{BPMN}}}process")
    if len(processes) != 1 or processes[0].get("id") != stem:
        found = ", ".join(p.get("id") or "?" for p in processes) or "none"
        raise DefinitionError(
            [
                Problem(
                    file=name,
                    element=found,
                    problem=f"The file must hold one process with the id “{stem}”; "
                    f"it holds {found}.",
                    remedy=f"Give the process the id “{stem}”, or rename the file.",
                )
            ]
        )
    return _Reader(root, name, processes[0]).diagram()


class _Reader:
    def __init__(
        self, root: etree._Element, file: str, process: etree._Element
    ) -> None:
        self._file = file
        self._process = process
        self._messages = {
            message.get("id", ""): message.get("name") or message.get("id", "")
            for message in root.iter(f"{{{BPMN}}}message")
        }
        self._pools = [p.get("name") or "" for p in root.iter(f"{{{BPMN}}}participant")]
        self._lanes: dict[str, str] = {}
        self._lane_names: list[str] = []
        for lane in process.iter(f"{{{BPMN}}}lane"):
            self._lane_names.append(lane.get("name") or "")
            for ref in lane.findall(f"{{{BPMN}}}flowNodeRef"):
                self._lanes[(ref.text or "").strip()] = lane.get("name") or ""

    def diagram(self) -> Diagram:
        process = self._process
        elements: dict[str, Element] = {}
        flows: dict[str, Flow] = {}
        self._read_into(process, "", "", elements, flows)
        title = process.get("name") or next((p for p in self._pools if p), "")
        return Diagram(
            process=process.get("id", ""),
            title=title or process.get("id", ""),
            elements=elements,
            flows=flows,
            properties=_properties(process),
            documentation=_text(process, "documentation"),
            file=self._file,
            lanes=tuple(self._lane_names),
        )

    def _read_into(
        self,
        container: etree._Element,
        parent: str,
        lane: str,
        elements: dict[str, Element],
        flows: dict[str, Flow],
    ) -> None:
        for node in container.iterchildren(etree.Element):
            kind = _local(node)
            if kind == "sequenceFlow":
                flow = Flow(
                    id=node.get("id", ""),
                    source=node.get("sourceRef", ""),
                    target=node.get("targetRef", ""),
                    name=_one_line(node.get("name")),
                    condition=_text(node, "conditionExpression"),
                )
                flows[flow.id] = flow
            elif kind in NODES:
                element = self._element(node, kind, parent, lane)
                elements[element.id] = element
                if kind == "subProcess":
                    self._read_into(node, element.id, element.lane, elements, flows)

    def _element(
        self, node: etree._Element, kind: str, parent: str, lane: str
    ) -> Element:
        identity = node.get("id", "")
        event = self._event(node)
        operator = node.find(
            f"{{{BPMN}}}extensionElements/{{{SPIFF}}}serviceTaskOperator"
        )
        return Element(
            id=identity,
            kind=kind,
            name=_one_line(node.get("name")),
            lane=self._lanes.get(identity, lane),
            parent=parent,
            properties=_properties(node),
            documentation=_text(node, "documentation"),
            default=node.get("default", ""),
            attached_to=node.get("attachedToRef", ""),
            interrupting=node.get("cancelActivity", "true") == "true",
            called=node.get("calledElement", ""),
            decision=_extension(node, "calledDecisionId"),
            script=_text(node, "script"),
            operation="" if operator is None else operator.get("id", ""),
            parameters=_parameters(operator),
            result="" if operator is None else operator.get("resultVariable", ""),
            **_multiple(node),
            is_event_subprocess=node.get("triggeredByEvent") == "true",
            timer=event.get("timer", ""),
            other_timer=event.get("other_timer", ""),
            message=event.get("message", ""),
            payload=event.get("payload", ""),
            variable=event.get("variable", ""),
            is_terminate="terminate" in event,
            other_event=event.get("other", ""),
        )

    def _event(self, node: etree._Element) -> dict[str, str]:
        found: dict[str, str] = {}
        for child in node.iterchildren(etree.Element):
            match _local(child):
                case "timerEventDefinition":
                    found["timer"] = _text(child, "timeDate")
                    for other in ("timeDuration", "timeCycle"):
                        if child.find(f"{{{BPMN}}}{other}") is not None:
                            found["other_timer"] = other
                    if not found["timer"]:
                        found.setdefault("other_timer", "none")
                case "messageEventDefinition":
                    reference = child.get("messageRef", "")
                    found["message"] = self._messages.get(reference, reference)
                    found["payload"] = _extension(child, "messagePayload")
                    found["variable"] = _extension(child, "messageVariable")
                case "terminateEventDefinition":
                    found["terminate"] = "true"
                case kind if kind.endswith("EventDefinition"):
                    found["other"] = kind
        return found


def _local(node: etree._Element) -> str:
    tag = node.tag
    if isinstance(tag, str) and tag.startswith(f"{{{BPMN}}}"):
        return tag[len(BPMN) + 2 :]
    return ""


def _one_line(text: str | None) -> str:
    return " ".join((text or "").split())


def _text(node: etree._Element, child: str) -> str:
    found = node.find(f"{{{BPMN}}}{child}")
    return "" if found is None else (found.text or "").strip()


def _extension(node: etree._Element, name: str) -> str:
    found = node.find(f"{{{BPMN}}}extensionElements/{{{SPIFF}}}{name}")
    return "" if found is None else (found.text or "").strip()


def _properties(node: etree._Element) -> dict[str, str]:
    path = f"{{{BPMN}}}extensionElements/{{{SPIFF}}}properties/{{{SPIFF}}}property"
    return {p.get("name", ""): p.get("value", "") for p in node.findall(path)}


def _parameters(operator: etree._Element | None) -> dict[str, str]:
    if operator is None:
        return {}
    return {
        p.get("id", ""): p.get("value", "")
        for p in operator.iter(f"{{{SPIFF}}}parameter")
    }


def _multiple(node: etree._Element) -> _Multiple:
    found = node.find(f"{{{BPMN}}}multiInstanceLoopCharacteristics")
    if found is None:
        return _Multiple(multi=None, multi_output="", is_sequential=False)
    item = found.find(f"{{{BPMN}}}inputDataItem")
    word = "" if item is None else item.get("name") or item.get("id", "")
    return _Multiple(
        multi=(_text(found, "loopDataInputRef"), word),
        multi_output=_text(found, "loopDataOutputRef"),
        is_sequential=found.get("isSequential") == "true",
    )
