"""Finds what a diagram may not contain: each with what to draw instead.

Looks at the XML, element by element; how the elements hang together is for
`paths`."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from engine.checks.documents import BPMN, SPIFF, bpmn, local
from engine.checks.events import EVENTS, check_event, check_messages
from engine.checks.vocabulary import GOOD_ID, HARMLESS, INSTEAD, NODES, Finder, words
from engine.errors import Problem

RESERVED_IDS = frozenset({"Start", "End", "Root", "StartEventSplit", "StartEventJoin"})
"""Names that the engine gives to its own nodes: an element with one is lost."""


def check(name: str, root: etree._Element) -> list[Problem]:
    """Everything in the file that is unknown, unsupported, doubled or left hanging."""
    finder = Finder(name)
    processes = root.findall(bpmn("process"))
    problems = list(_one_process(finder, name, processes))
    problems += _doubled_ids(finder, root)
    for process in processes:
        problems += _contents(finder, process)
        problems += _flows(finder, process)
        problems += _lanes(finder, process)
    problems += check_messages(finder, root)
    return problems


def _one_process(
    finder: Finder, name: str, processes: list[etree._Element]
) -> Iterator[Problem]:
    stem = name.rsplit("/", 1)[-1].removesuffix(".bpmn")
    if len(processes) != 1:
        yield finder.found(
            "",
            f"The file holds {len(processes)} processes.",
            "Keep exactly one process in each file; move the others to files of "
            "their own and call them.",
        )
    for process in processes[:1]:
        identity = process.get("id", "")
        if identity != stem:
            yield finder.found(
                identity,
                f"The process id is “{identity}”, but the file is called {stem}.bpmn.",
                f"Set the process id to {stem}, or rename the file to {identity}.bpmn.",
            )
        if process.get("isExecutable") != "true":
            yield finder.found(
                identity,
                "The process is not marked as executable.",
                "Tick “Executable” in the properties of the process.",
            )
        if not process.get("name"):
            yield finder.found(
                identity,
                "The process has no name.",
                "Give it a name in plain words: it is shown on the case page.",
            )


def _doubled_ids(finder: Finder, root: etree._Element) -> Iterator[Problem]:
    seen: dict[str, str] = {}
    for element in root.iter(etree.Element):
        identity = element.get("id")
        if identity is None or etree.QName(element).namespace == SPIFF:
            continue
        if identity in seen:
            yield finder.found(
                identity,
                f"The id “{identity}” is used twice: by a {seen[identity]} and by "
                f"a {local(element)}.",
                "Give one of them another id.",
            )
        seen.setdefault(identity, local(element))


def _contents(finder: Finder, container: etree._Element) -> Iterator[Problem]:
    for element in container.iterchildren(etree.Element):
        if etree.QName(element).namespace != BPMN:
            continue
        tag = local(element)
        if tag in NODES:
            yield from _node(finder, element, tag)
        elif tag not in HARMLESS:
            yield _unsupported(finder, element, tag)


def _lanes(finder: Finder, process: etree._Element) -> Iterator[Problem]:
    """What a lane names must be there, and lie in one lane only."""
    drawn = {e.get("id") for e in process.iter(etree.Element) if local(e) in NODES}
    within: dict[str, str] = {}
    for lane in process.iter(bpmn("lane")):
        for reference in lane.findall(bpmn("flowNodeRef")):
            step = (reference.text or "").strip()
            if step not in drawn:
                yield finder.found(
                    lane.get("id", ""),
                    f"The lane “{lane.get('name', '')}” names the step “{step}”, which "
                    "is not in the diagram.",
                    "Move a step of the lane in the editor and save: that writes the "
                    "lane's list anew.",
                )
            elif within.setdefault(step, lane.get("id", "")) != lane.get("id", ""):
                yield finder.found(
                    step,
                    "It lies in two lanes, and it would not be clear who does it.",
                    "Move it in the editor and save.",
                )


def _unsupported(finder: Finder, element: etree._Element, tag: str) -> Problem:
    owner = element.get("id") or ""
    if tag in ("ioSpecification", "standardLoopCharacteristics") or not owner:
        parent = element.getparent()
        owner = parent.get("id") or owner if parent is not None else owner
    label = element.get("name")
    called = f" “{label}”" if label else ""
    return finder.found(
        owner,
        f"The {words(tag)}{called} is not supported.",
        INSTEAD.get(
            tag,
            "Remove it, or draw it with tasks, gateways, timers, messages and "
            "sub-processes.",
        ),
    )


def _node(finder: Finder, element: etree._Element, tag: str) -> Iterator[Problem]:
    identity = element.get("id", "")
    yield from _identity(finder, element, tag)
    if tag == "subProcess" and element.get("triggeredByEvent") == "true":
        yield finder.found(
            identity,
            "An event sub-process is not supported: it would not stop the main path.",
            "Draw an embedded sub-process round the steps and put a boundary event "
            "on it.",
        )
    elif tag == "subProcess":
        yield from _contents(finder, element)
    language = element.get("scriptFormat", "python") if tag == "scriptTask" else ""
    if language and "python" not in language.lower():
        yield finder.found(
            identity,
            f"The script says that it is written in {language[:40]}.",
            "Write it in the words of the diagrams, and take the language out.",
        )
    for child in element.iterchildren(etree.Element):
        name = local(child)
        if name in INSTEAD and tag != "subProcess" and not name.endswith("Definition"):
            yield _unsupported(finder, child, name)
        elif name == "multiInstanceLoopCharacteristics":
            yield from _many(finder, identity, child)
    if tag in EVENTS:
        yield from check_event(finder, element, tag)


def _identity(finder: Finder, element: etree._Element, tag: str) -> Iterator[Problem]:
    identity = element.get("id", "")
    if identity in RESERVED_IDS or identity.endswith(
        (".BoundaryEventSplit", ".BoundaryEventJoin", ".EndJoin")
    ):
        yield finder.found(
            identity,
            f"The id “{identity}” is reserved by the engine.",
            "Give the element another id, such as case_opened or case_closed.",
        )
    elif not GOOD_ID.fullmatch(identity):
        yield finder.found(
            identity,
            f"The id “{identity}” of the {words(tag)} is not in plain words.",
            "Use small letters, digits and underscores, such as record_site_visit: "
            "scenarios and reports name it.",
        )


def _many(finder: Finder, owner: str, loop: etree._Element) -> Iterator[Problem]:
    def text(tag: str) -> str:
        return (loop.findtext(bpmn(tag)) or "").strip()

    source, target = text("loopDataInputRef"), text("loopDataOutputRef")
    if loop.find(bpmn("loopCardinality")) is not None or not source:
        yield finder.found(
            owner,
            "The repetition does not say which list it goes through.",
            "Name the list, such as recipients, as the input collection; a fixed "
            "number of rounds is not supported.",
        )
        return
    if source != target:
        yield finder.found(
            owner,
            f"The repetition reads the list “{source}” and writes “{target}”.",
            f"Use {source} for both: each round hands back the item that it was given.",
        )
    item = loop.find(bpmn("inputDataItem"))
    if item is None or not item.get("name"):
        yield finder.found(
            owner,
            "The repetition does not name its item.",
            "Give the input element a name, such as recipient.",
        )
    for tag, what in (
        ("outputDataItem", "an output element"),
        ("completionCondition", "a completion condition"),
    ):
        if loop.find(bpmn(tag)) is not None:
            yield finder.found(
                owner,
                f"The repetition has {what}.",
                "Remove it: every item is gone through, and what is answered becomes "
                "a field of the item.",
            )


def _flows(finder: Finder, process: etree._Element) -> Iterator[Problem]:
    containers = {
        child.get("id"): container.get("id")
        for container in process.iter(bpmn("process"), bpmn("subProcess"))
        for child in container.iterchildren(etree.Element)
        if local(child) in NODES or local(child) in INSTEAD
    }
    drawn: dict[tuple[str, str], str] = {}
    for flow in process.iter(bpmn("sequenceFlow")):
        identity = flow.get("id", "")
        source, target = flow.get("sourceRef", ""), flow.get("targetRef", "")
        for end, side in ((source, "from"), (target, "to")):
            if end not in containers:
                yield finder.found(
                    identity,
                    f"The flow leads {side} “{end}”, which is not in the diagram.",
                    "Draw the flow again, or delete it.",
                )
        if source not in containers or target not in containers:
            continue
        if containers[source] != containers[target]:
            yield finder.found(
                identity,
                f"The flow from “{source}” to “{target}” crosses the edge of a "
                "sub-process.",
                "Lead it to the sub-process itself, or out of it by an end event and "
                "a flow from the sub-process.",
            )
        if (source, target) in drawn:
            yield finder.found(
                identity,
                f"Two flows lead from “{source}” to “{target}”.",
                "Keep one of them, with a condition that joins both (or).",
            )
        drawn.setdefault((source, target), identity)
