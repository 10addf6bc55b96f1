"""A diagram to begin with, a drawing tidied, and a diagram told as a list of steps."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

from engine.bpmn.diagrams import Diagram, Element
from engine.checks import reading
from engine.checks.vocabulary import GOOD_ID, words
from engine.errors import DefinitionError, NotFound, Problem
from engine.permissions import ROLES

HOME = Path(__file__).resolve().parents[2]
LONGEST_S = 180
"""What tidying may take: half a minute is usual for the largest diagrams."""
_BLANK = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" \
xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" \
xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" \
xmlns:di="http://www.omg.org/spec/DD/20100524/DI" \
xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" \
xmlns:spiffworkflow="http://spiffworkflow.org/bpmn/schema/1.0/core" \
id="definitions_{id}" \
targetNamespace="https://planning-enforcement.example/processes">
  <bpmn:collaboration id="{id}_collaboration">
    <bpmn:participant id="{id}_pool" name="{title}" processRef="{id}" />
  </bpmn:collaboration>
  <bpmn:process id="{id}" name="{title}" isExecutable="true">
    <bpmn:laneSet id="{id}_lanes">
      <bpmn:lane id="{id}_{role}" name="{lane}">
        <bpmn:flowNodeRef>{id}_begun</bpmn:flowNodeRef>
        <bpmn:flowNodeRef>{id}_done</bpmn:flowNodeRef>
      </bpmn:lane>
    </bpmn:laneSet>
    <bpmn:startEvent id="{id}_begun" name="Begun">
      <bpmn:outgoing>{id}_begun_to_{id}_done</bpmn:outgoing>
    </bpmn:startEvent>
    <bpmn:endEvent id="{id}_done" name="Done">
      <bpmn:incoming>{id}_begun_to_{id}_done</bpmn:incoming>
    </bpmn:endEvent>
    <bpmn:sequenceFlow id="{id}_begun_to_{id}_done" sourceRef="{id}_begun" \
targetRef="{id}_done" />
  </bpmn:process>
  <bpmndi:BPMNDiagram id="{id}_diagram">
    <bpmndi:BPMNPlane id="{id}_plane" bpmnElement="{id}_collaboration">
      <bpmndi:BPMNShape id="{id}_pool_di" bpmnElement="{id}_pool" isHorizontal="true">
        <dc:Bounds x="0" y="0" width="900" height="180" />
      </bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="{id}_{role}_di" bpmnElement="{id}_{role}" \
isHorizontal="true">
        <dc:Bounds x="30" y="0" width="870" height="180" />
      </bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="{id}_begun_di" bpmnElement="{id}_begun">
        <dc:Bounds x="92" y="72" width="36" height="36" />
        <bpmndi:BPMNLabel>
          <dc:Bounds x="94" y="112" width="32" height="13" />
        </bpmndi:BPMNLabel>
      </bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="{id}_done_di" bpmnElement="{id}_done">
        <dc:Bounds x="802" y="72" width="36" height="36" />
        <bpmndi:BPMNLabel>
          <dc:Bounds x="806" y="112" width="28" height="13" />
        </bpmndi:BPMNLabel>
      </bpmndi:BPMNShape>
      <bpmndi:BPMNEdge id="{id}_begun_to_{id}_done_di" \
bpmnElement="{id}_begun_to_{id}_done">
        <di:waypoint x="128" y="90" />
        <di:waypoint x="802" y="90" />
      </bpmndi:BPMNEdge>
    </bpmndi:BPMNPlane>
  </bpmndi:BPMNDiagram>
</bpmn:definitions>
"""


@dataclass(frozen=True, kw_only=True)
class StepLine:
    """One element of a diagram, in words."""

    element: str
    name: str
    kind: str
    lane: str
    details: tuple[str, ...]
    leads_to: tuple[str, ...]


def blank(process: str, title: str) -> bytes:
    """A new diagram: a pool, the officer's lane, a start and an end.

    Raises NotFound where the process's id is not in plain words."""
    if not GOOD_ID.fullmatch(process):
        raise NotFound(
            f"“{process}” cannot be the id of a process. Use small letters, digits and "
            "underscores, such as site_clearance."
        )
    role = next(iter(ROLES))
    said = escape(" ".join(title.split()), {'"': "&quot;"})
    return _BLANK.format(id=process, title=said, role=role, lane=ROLES[role]).encode()


def tidy(name: str, xml: bytes) -> bytes:
    """The diagram laid out anew; nothing else of it changes.

    A process of its own does it, so that no page waits for it. Raises DefinitionError
    where it cannot be drawn."""
    try:
        done = subprocess.run(
            [sys.executable, "-m", "engine.drawing", "-"],
            input=xml,
            capture_output=True,
            cwd=HOME,
            env={},
            timeout=LONGEST_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise _untidy(name, f"it took more than {LONGEST_S} seconds.") from None
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip()
        is_sentence = said and not said.startswith("Traceback")
        raise _untidy(name, said if is_sentence else "its shapes cannot be placed.")
    return done.stdout


def _untidy(name: str, why: str) -> DefinitionError:
    return DefinitionError(
        [
            Problem(
                file=name,
                element="",
                problem=f"The drawing cannot be tidied: {why}",
                remedy="Mend what the list of problems says about it first, or move "
                "the elements by hand.",
            )
        ]
    )


def outline(name: str, xml: bytes) -> tuple[StepLine, ...]:
    """The elements in the order of the file; none where it cannot be read."""
    diagram = reading.look(name, xml).diagram
    if diagram is None:
        return ()
    return tuple(_line(diagram, element) for element in diagram.elements.values())


def ids(name: str, xml: bytes) -> tuple[str, ...]:
    """The ids of the elements and flows of a diagram; none where it cannot be read."""
    diagram = reading.look(name, xml).diagram
    return (*diagram.elements, *diagram.flows) if diagram else ()


def _line(diagram: Diagram, element: Element) -> StepLine:
    return StepLine(
        element=element.id,
        name=element.name or element.id,
        kind=words(element.kind),
        lane=element.lane,
        details=_details(diagram, element),
        leads_to=tuple(
            _way(diagram, flow.name, flow.target)
            for flow in diagram.flows.values()
            if flow.source == element.id
        ),
    )


def _way(diagram: Diagram, label: str, target: str) -> str:
    name = diagram.elements[target].name if target in diagram.elements else target
    return f"{label}: {name}" if label else name


def _details(diagram: Diagram, element: Element) -> tuple[str, ...]:
    host = diagram.elements.get(element.attached_to)
    said = {
        "form": element.form,
        "date": element.timer,
        "message": element.message,
        "calls": element.called,
        "table": element.decision,
        "operation": element.operation,
        "script": element.script,
        "on the edge of": (host.name or host.id) if host else "",
        "for each of": element.multi[0] if element.multi else "",
    }
    return tuple(f"{word}: {text}" for word, text in said.items() if text)
