"""One process of another tool's file, made into a diagram of ours."""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from lxml import etree

from engine.bpmn import foreign_conditions, foreign_drawing, foreign_parts
from engine.bpmn.diagrams import BPMN, SPIFF
from engine.bpmn.foreign_xml import (
    ALL_NODES,
    BPMNDI,
    DC,
    DI,
    OURS,
    XSI,
    contents,
    extend,
    identifier,
    local,
    nodes,
    remove,
    tag,
)
from engine.permissions import ROLES

_REFERENCES = frozenset(
    "sourceRef targetRef attachedToRef default dataObjectRef activityRef".split()
)
_SEEN = (
    ALL_NODES
    | {"sequenceFlow", "lane", "process", "textAnnotation"}
    | {
        "dataObject",
        "dataObjectReference",
        "dataStoreReference",
        "group",
    }
)
"""What a person sees on the diagram, and can be told of."""
_NAMES = frozenset("incoming outgoing flowNodeRef sourceRef targetRef".split())


@dataclass(frozen=True, kw_only=True)
class Note:
    """Something that is not as it was: where, what, and what to do."""

    element: str
    """Its id in the new diagram; empty for the file."""
    name: str
    says: str
    remedy: str


@dataclass
class ForeignDiagram:
    """One process of the file as a diagram of ours."""

    process: str
    title: str
    root: etree._Element
    notes: list[Note] = field(default_factory=list)
    is_drawn: bool = False
    """Whether the file's own drawing could be kept whole."""


class Maker:
    """Makes one diagram of a process."""

    def __init__(
        self,
        root: etree._Element,
        process: etree._Element,
        made: dict[str, tuple[str, str]],
        *,
        is_alone: bool,
    ) -> None:
        self._source = root
        self._made = made
        self._is_alone = is_alone
        self.identity, self.title = made[process.get("id", "")]
        self.process = copy.deepcopy(process)
        self.notes: list[Note] = []
        self._ids: dict[str, str] = {}

    def diagram(self) -> ForeignDiagram:
        self._rename()
        for element in list(self.process.iter(etree.Element)):
            self._conditions(element)
            self._steps(element)
            self._additions(element)
        self._lanes()
        root = self._file()
        return ForeignDiagram(
            process=self.identity,
            title=self.title,
            root=root,
            notes=self.notes,
            is_drawn=self._is_alone
            and foreign_drawing.keep(self._source, root, self.identity, self._ids),
        )

    def _note(self, element: etree._Element, says: str, remedy: str) -> None:
        owner: etree._Element | None = element
        while owner is not None and local(owner) not in _SEEN:
            owner = owner.getparent()
        self.notes.append(
            Note(
                element=owner.get("id", "") if owner is not None else "",
                name=owner.get("name", "") if owner is not None else "",
                says=says,
                remedy=remedy,
            )
        )

    def _rename(self) -> None:
        """Ids become words: stories, events and incidents name them."""
        used = {self.identity}
        before = self.process.get("name") or self.title
        self.process.set("id", self.identity)
        self.process.set("name", self.title)
        if before != self.title:
            self._note(
                self.process,
                f"The process “{before}” is called like its pool.",
                "Name it as people call it.",
            )
        self.process.set("isExecutable", "true")
        inside = [e for e in self.process.iterdescendants(etree.Element) if e.get("id")]
        inside.sort(key=lambda e: local(e) not in ALL_NODES)
        for element in inside:
            before = element.get("id", "")
            words = element.get("name", "") or (
                before if re.fullmatch(r"[a-z][a-z0-9_]*", before) else ""
            )
            kind = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", local(element)).lower()
            element.set("id", identifier(words, kind, used))
            self._ids.setdefault(before, element.get("id", ""))
        for element in self.process.iter(etree.Element):
            for key in _REFERENCES & set(element.attrib):
                element.set(key, self._ids.get(element.get(key, ""), element.get(key)))
            if local(element) in _NAMES and element.text:
                element.text = self._ids.get(element.text.strip(), element.text)

    def _conditions(self, element: etree._Element) -> None:
        if local(element) != "conditionExpression" or not (element.text or "").strip():
            return
        before = (element.text or "").strip()
        element.attrib.pop("language", None)
        after = foreign_conditions.ours(before)
        if after == before:
            return
        if after is None:
            self._note(
                element,
                f"The condition “{before[:200]}” is kept, but cannot be read.",
                "Build it anew from the facts that the forms set.",
            )
            return
        element.text = after
        self._note(
            element,
            f"The condition “{before[:200]}” now reads “{after[:200]}”.",
            "Check that the facts have these names.",
        )

    def _steps(self, element: etree._Element) -> None:
        kind = local(element)
        if kind in ("task", "manualTask"):
            element.tag = tag("userTask")
            self._note(
                element,
                "A task of no kind, or done by hand, is now a user task.",
                "Choose its form, or make it a service or script step.",
            )
        elif kind == "callActivity":
            called = element.get("calledElement", "")
            if called in self._made:
                element.set("calledElement", self._made[called][0])
        elif kind == "scriptTask":
            self._script(element)
        elif kind in foreign_parts.DATA:
            what = f"“{kind}”{contents(element)} is left out."
            self._note(element, what, foreign_parts.DATA[kind])
            remove(element)
        elif kind in ("timeDuration", "timeCycle"):
            self._note(
                element,
                f"It waits “{(element.text or '').strip()[:60]}”: a length that is "
                "typed, not named.",
                "Choose a named period in the panel, with the law behind it.",
            )

    def _script(self, element: etree._Element) -> None:
        script = element.find(tag("script"))
        text = (script.text or "").strip() if script is not None else ""
        language = element.attrib.pop("scriptFormat", "")
        if not text or (not language and foreign_conditions.is_ours(text)):
            return
        self._describe(element, f"Script in {language or 'another language'}:\n{text}")
        if script is not None:
            remove(script)
        self._note(
            element,
            f"The script ({language or 'of another tool'}) does not run here. It is "
            "kept in the step's description.",
            "Write in the words of the diagrams what facts it sets.",
        )

    def _describe(self, element: etree._Element, text: str) -> None:
        """Add to what the step says of itself."""
        found = element.find(tag("documentation"))
        if found is None:
            found = etree.Element(tag("documentation"))
            element.insert(0, found)
        found.text = "\n\n".join(filter(None, [found.text, text]))

    def _additions(self, element: etree._Element) -> None:
        """What only the other tool understands."""
        if etree.QName(element).namespace not in OURS:
            return
        self._use(element)
        for key in list(element.attrib):
            if (etree.QName(key).namespace or "") not in OURS:
                said = f" (“{element.attrib.pop(key)[:200]}”)"
                self._left_out(element, key, said, foreign_parts.ATTRIBUTES)
        holder = element.find(tag("extensionElements"))
        for part in [*element, *(holder if holder is not None else ())]:
            if not isinstance(part.tag, str):
                continue
            if (etree.QName(part).namespace or "") not in OURS:
                said = contents(part)
                self._left_out(element, part.tag, said, foreign_parts.PARTS)
                remove(part)
        if holder is not None and not len(holder):
            remove(holder)

    def _left_out(
        self, element: etree._Element, what: str, said: str, known: Mapping[str, str]
    ) -> None:
        name = etree.QName(what)
        tool = foreign_parts.tool(name.namespace or "")
        self._note(
            element,
            f"“{name.localname}” of {tool}{said} is left out.",
            known.get(name.localname, foreign_parts.NOTHING),
        )

    def _use(self, element: etree._Element) -> None:
        """Take over what has the same meaning here: a table, a called process."""
        given = {etree.QName(k).localname: v for k, v in element.attrib.items()}
        for part in element.findall(f"{tag('extensionElements')}/*"):
            if isinstance(part.tag, str) and etree.QName(part).namespace not in OURS:
                given |= {
                    f"{etree.QName(part).localname}.{etree.QName(k).localname}": v
                    for k, v in part.attrib.items()
                }
        decision = given.get("decisionRef") or given.get("calledDecision.decisionId")
        if local(element) == "businessRuleTask" and decision:
            extend(element, "calledDecisionId").text = identifier(decision, "x", set())
        if called := given.get("calledElement.processId"):
            element.set("calledElement", self._made.get(called, (called, ""))[0])

    def _lanes(self) -> None:
        """Lanes are roles. Where there is none, all lies in the first."""
        known = {lane.lower(): lane for lane in ROLES.values()}
        lanes = list(self.process.iter(tag("lane")))
        for lane in lanes:
            name = " ".join((lane.get("name") or "").split())
            lane.set("name", known.get(name.lower(), name))
            if name.lower() not in known:
                self._note(
                    lane,
                    f"The lane “{name}” is no role here.",
                    f"Name it {', '.join(ROLES.values())}.",
                )
        if lanes:
            return
        first = next(iter(ROLES.values()))
        lanes_of = etree.Element(tag("laneSet"), id=f"{self.identity}_lanes")
        lane = etree.SubElement(
            lanes_of, tag("lane"), id=f"{self.identity}_lane", name=first
        )
        for node in nodes(self.process):
            etree.SubElement(lane, tag("flowNodeRef")).text = node.get("id")
        after = ("documentation", "extensionElements", "property")
        place = sum(local(child) in after for child in self.process)
        self.process.insert(place, lanes_of)
        self._note(
            self.process,
            f"The diagram has no lanes: all of it lies in the lane “{first}”.",
            "Draw a lane for each role, and drag the steps there.",
        )

    def _file(self) -> etree._Element:
        """A file with this process alone, in a pool of its own."""
        spaces = {"bpmn": BPMN, "bpmndi": BPMNDI, "dc": DC, "di": DI, "xsi": XSI}
        root = etree.Element(
            tag("definitions"),
            nsmap={**spaces, "spiffworkflow": SPIFF},
            id=f"definitions_{self.identity}",
            targetNamespace="https://planning-enforcement.example/processes",
        )
        named = {
            element.get(key, "")
            for element in self.process.iter(etree.Element)
            for key in ("messageRef", "signalRef", "errorRef", "escalationRef")
        }
        for part in self._source.iterchildren(etree.Element):
            is_named = part.get("id", "") in named - {""}
            if is_named and local(part) in (
                "message",
                "signal",
                "error",
                "escalation",
            ):
                kept = etree.SubElement(root, part.tag, id=part.get("id", ""))
                kept.set("name", part.get("name", "") or part.get("id", ""))
        both = etree.SubElement(
            root, tag("collaboration"), id=f"{self.identity}_collaboration"
        )
        etree.SubElement(
            both,
            tag("participant"),
            id=f"{self.identity}_pool",
            name=self.title,
            processRef=self.identity,
        )
        root.append(self.process)
        etree.cleanup_namespaces(root, keep_ns_prefixes=[*spaces, "spiffworkflow"])
        return root
