"""What a BPMN file says is to be drawn: nodes, flows and lanes with their sizes."""

from dataclasses import dataclass, field

from lxml import etree

from engine.drawing.lettering import LABEL_FONT, TASK_FONT, block_size, text_width, wrap
from engine.errors import EngineError

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
EVENT_SIZE = 36.0
GATEWAY_SIZE = 50.0
TASK_WIDTHS = (100.0, 110.0, 120.0, 130.0, 140.0)
TASK_HEIGHTS = (80.0, 90.0, 100.0)
SIGN = 23.0  # how far a task's sign reaches from the corner
LABEL_WRAP = 90.0  # bpmn-js wraps outside labels at 90 pixels

TASKS = {
    "task",
    "userTask",
    "manualTask",
    "serviceTask",
    "scriptTask",
    "businessRuleTask",
    "sendTask",
    "receiveTask",
    "callActivity",
}
SIGNED = TASKS - {"task", "callActivity"}
SUBPROCESSES = {"subProcess", "transaction", "adHocSubProcess"}
GATEWAYS = {
    "exclusiveGateway",
    "parallelGateway",
    "inclusiveGateway",
    "eventBasedGateway",
    "complexGateway",
}
EVENTS = {
    "startEvent",
    "endEvent",
    "intermediateCatchEvent",
    "intermediateThrowEvent",
    "boundaryEvent",
}
DEFINITIONS = {
    "timerEventDefinition": "timer",
    "messageEventDefinition": "message",
    "terminateEventDefinition": "terminate",
    "errorEventDefinition": "error",
    "signalEventDefinition": "signal",
    "escalationEventDefinition": "escalation",
    "conditionalEventDefinition": "conditional",
}


@dataclass(frozen=True)
class Node:
    """One flow node. Sizes in pixels; `label` is the wrapped text outside it."""

    id: str
    kind: str
    name: str
    lane: str
    width: float
    height: float
    label: tuple[str, ...] = ()
    host: str = ""
    inner: "Scope | None" = None

    @property
    def is_event(self) -> bool:
        return self.kind in EVENTS

    @property
    def is_gateway(self) -> bool:
        return self.kind in GATEWAYS

    @property
    def label_size(self) -> tuple[float, float]:
        return block_size(self.label, LABEL_FONT)


@dataclass(frozen=True)
class Arrow:
    """One sequence flow; `label` is its wrapped text."""

    id: str
    source: str
    target: str
    name: str
    label: tuple[str, ...] = ()
    default: bool = False

    @property
    def label_size(self) -> tuple[float, float]:
        return block_size(self.label, LABEL_FONT)


@dataclass(frozen=True)
class Lane:
    id: str
    name: str


@dataclass
class Scope:
    """A process or the inside of a sub-process."""

    id: str
    nodes: dict[str, Node] = field(default_factory=dict)
    arrows: list[Arrow] = field(default_factory=list)
    lanes: list[Lane] = field(default_factory=list)


@dataclass(frozen=True)
class Drawing:
    """A whole file: the participant (may be absent) and its process."""

    pool: str
    pool_name: str
    plane: str
    process: Scope


class UndrawableError(EngineError):
    """The file holds nothing that can be drawn; the message says what is missing."""


def local(element: etree._Element) -> str:
    """Tag without its namespace; empty for comments."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def children(element: etree._Element, tag: str) -> list[etree._Element]:
    return list(element.findall(f"{{{BPMN}}}{tag}"))


def parse(xml: bytes) -> etree._Element:
    """The root element, comments and blanks kept, no network and no entities."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    try:
        return etree.fromstring(xml, parser)
    except etree.XMLSyntaxError as error:
        raise UndrawableError(f"The file is not XML: {error}.") from error


def read(root: etree._Element) -> Drawing:
    """Read what is to be drawn; raises UndrawableError without a process."""
    processes = children(root, "process")
    if not processes:
        raise UndrawableError("The file has no process to draw. Add one.")
    collaborations = children(root, "collaboration")
    for collaboration in collaborations:
        for participant in children(collaboration, "participant"):
            wanted = participant.get("processRef", "")
            for process in processes:
                if process.get("id", "") == wanted:
                    return Drawing(
                        participant.get("id", ""),
                        participant.get("name", ""),
                        collaboration.get("id", ""),
                        _scope(process),
                    )
    process = processes[0]
    return Drawing("", "", process.get("id", ""), _scope(process))


def _scope(element: etree._Element) -> Scope:
    scope = Scope(element.get("id", ""))
    lane_of: dict[str, str] = {}
    for lane_set in children(element, "laneSet"):
        for lane in children(lane_set, "lane"):
            lane_id = lane.get("id", "")
            scope.lanes.append(Lane(lane_id, lane.get("name", "")))
            for ref in children(lane, "flowNodeRef"):
                lane_of[(ref.text or "").strip()] = lane_id
    guests: dict[str, int] = {}
    for child in children(element, "boundaryEvent"):
        host = child.get("attachedToRef", "")
        guests[host] = guests.get(host, 0) + 1
        lane_of[child.get("id", "")] = lane_of.get(host, "")
    known = {lane.id for lane in scope.lanes}
    defaults = {child.get("default", "") for child in element}
    for child in element:
        kind, name = local(child), child.get("id", "")
        if kind in TASKS | SUBPROCESSES | GATEWAYS | EVENTS:
            lane_id = lane_of.get(name, "")
            if known and lane_id not in known:
                lane_id = scope.lanes[0].id
            node = _node(child, kind, lane_id if known else "", guests.get(name, 0))
            scope.nodes[name] = node
        elif kind == "sequenceFlow":
            scope.arrows.append(_arrow(child, name in defaults))
    return scope


def _arrow(element: etree._Element, default: bool) -> Arrow:
    name = element.get("name", "")
    return Arrow(
        element.get("id", ""),
        element.get("sourceRef", ""),
        element.get("targetRef", ""),
        name,
        tuple(wrap(name, LABEL_WRAP, LABEL_FONT)),
        default,
    )


def _node(element: etree._Element, kind: str, lane: str, guests: int) -> Node:
    node_id, name = element.get("id", ""), element.get("name", "")
    if kind in EVENTS or kind in GATEWAYS:
        size = EVENT_SIZE if kind in EVENTS else GATEWAY_SIZE
        label = tuple(wrap(name, LABEL_WRAP, LABEL_FONT))
        host = element.get("attachedToRef", "")
        return Node(node_id, kind, name, lane, size, size, label, host)
    if kind in SUBPROCESSES:
        return Node(node_id, kind, name, lane, 0, 0, inner=_scope(element))
    marked = kind == "callActivity" or bool(
        children(element, "multiInstanceLoopCharacteristics")
    )
    width, height = task_size(name, kind in SIGNED, marked, guests)
    return Node(node_id, kind, name, lane, width, height)


def task_size(
    name: str, signed: bool, marked: bool, guests: int
) -> tuple[float, float]:
    """Smallest box whose name keeps clear of its signs.

    `signed` has the task's sign in the upper left corner, `marked` a marker at
    the foot; two or more boundary events (`guests`) need an edge long enough to
    leave the sign's corner free.
    """
    least = 0.0 if guests < 2 else 50.0 + 44 * guests
    for height in TASK_HEIGHTS:
        for width in TASK_WIDTHS:
            if width < least:
                continue
            lines = wrap(name, width - 12, TASK_FONT)
            widest, high = block_size(lines, TASK_FONT)
            top = height / 2 - high / 2
            first = text_width(lines[0], TASK_FONT) if lines else 0.0
            clear = not signed or top >= SIGN or first / 2 <= width / 2 - SIGN
            foot = 20.0 if marked else 17.0 if guests else 8.0
            if clear and widest <= width - 10 and top >= foot:
                return width, height
    width = max(TASK_WIDTHS[-1], least)
    lines = wrap(name, width - 12, TASK_FONT)
    widest, high = block_size(lines, TASK_FONT)
    return max(width, widest + 12), max(TASK_HEIGHTS[-1], high + 48)


def definition(element: etree._Element) -> str:
    """Which sign an event carries: timer, message, terminate ... or none."""
    for child in element:
        sign = DEFINITIONS.get(local(child))
        if sign:
            return sign
    return ""
