"""A small set of files: one diagram with all that a diagram may need, and no faults.

For tests that break it, or run it."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import yaml
from lxml import etree

HOME = Path(__file__).parents[1]
BPMNDI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
DI = "http://www.omg.org/spec/DD/20100524/DI"

DIAGRAM = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
  xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI"
  xmlns:dc="http://www.omg.org/spec/DD/20100524/DC"
  xmlns:di="http://www.omg.org/spec/DD/20100524/DI"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
  xmlns:spiffworkflow="http://spiffworkflow.org/bpmn/schema/1.0/core"
  id="definitions_visit" targetNamespace="http://example.com/visit">
  <bpmn:collaboration id="collaboration_visit">
    <bpmn:participant id="pool_visit" name="Visit a site" processRef="visit"/>
  </bpmn:collaboration>
  <bpmn:process id="visit" name="Visit a site" isExecutable="true">
    <bpmn:laneSet id="lanes_visit">
      <bpmn:lane id="lane_officer" name="Enforcement officer">
        <bpmn:flowNodeRef>visit_wanted</bpmn:flowNodeRef>
        <bpmn:flowNodeRef>record_visit</bpmn:flowNodeRef>
        <bpmn:flowNodeRef>visit_late</bpmn:flowNodeRef>
        <bpmn:flowNodeRef>rate</bpmn:flowNodeRef>
        <bpmn:flowNodeRef>is_it_a_breach</bpmn:flowNodeRef>
        <bpmn:flowNodeRef>tell_people</bpmn:flowNodeRef>
        <bpmn:flowNodeRef>note_visit</bpmn:flowNodeRef>
        <bpmn:flowNodeRef>breach_seen</bpmn:flowNodeRef>
        <bpmn:flowNodeRef>nothing_seen</bpmn:flowNodeRef>
      </bpmn:lane>
      <bpmn:lane id="lane_manager" name="Enforcement manager">
        <bpmn:flowNodeRef>chase_visit</bpmn:flowNodeRef>
        <bpmn:flowNodeRef>chase_late</bpmn:flowNodeRef>
        <bpmn:flowNodeRef>visit_chased</bpmn:flowNodeRef>
      </bpmn:lane>
    </bpmn:laneSet>
    <bpmn:startEvent id="visit_wanted" name="A visit is wanted"/>
    <bpmn:userTask id="record_visit" name="Record the visit">
      <bpmn:extensionElements>
        <spiffworkflow:properties>
          <spiffworkflow:property name="form" value="record_visit"/>
        </spiffworkflow:properties>
      </bpmn:extensionElements>
    </bpmn:userTask>
    <bpmn:boundaryEvent id="visit_late" name="Target passed" cancelActivity="false"
        attachedToRef="record_visit">
      <bpmn:timerEventDefinition id="visit_late_timer">
        <bpmn:timeDate xsi:type="bpmn:tFormalExpression"
          >deadline("visit_priority_1", received_on)</bpmn:timeDate>
      </bpmn:timerEventDefinition>
    </bpmn:boundaryEvent>
    <bpmn:userTask id="chase_visit" name="Chase the visit">
      <bpmn:extensionElements>
        <spiffworkflow:properties>
          <spiffworkflow:property name="form" value="record_visit"/>
        </spiffworkflow:properties>
      </bpmn:extensionElements>
    </bpmn:userTask>
    <bpmn:boundaryEvent id="chase_late" name="Target passed again"
        attachedToRef="chase_visit">
      <bpmn:timerEventDefinition id="chase_late_timer">
        <bpmn:timeDate xsi:type="bpmn:tFormalExpression"
          >deadline("visit_priority_2", received_on)</bpmn:timeDate>
      </bpmn:timerEventDefinition>
    </bpmn:boundaryEvent>
    <bpmn:endEvent id="visit_chased" name="Chased"/>
    <bpmn:businessRuleTask id="rate" name="Rate the harm">
      <bpmn:extensionElements>
        <spiffworkflow:calledDecisionId>rating</spiffworkflow:calledDecisionId>
      </bpmn:extensionElements>
    </bpmn:businessRuleTask>
    <bpmn:exclusiveGateway id="is_it_a_breach" name="Is it a breach?"
        default="to_nothing"/>
    <bpmn:serviceTask id="tell_people" name="Tell the complainant">
      <bpmn:extensionElements>
        <spiffworkflow:serviceTaskOperator id="send_letter">
          <spiffworkflow:parameters>
            <spiffworkflow:parameter id="template" type="str" value="'visited'"/>
            <spiffworkflow:parameter id="to" type="str" value="'complainants'"/>
          </spiffworkflow:parameters>
        </spiffworkflow:serviceTaskOperator>
      </bpmn:extensionElements>
    </bpmn:serviceTask>
    <bpmn:scriptTask id="note_visit" name="Note the visit">
      <bpmn:script>visits = value("visits", 0) + 1</bpmn:script>
    </bpmn:scriptTask>
    <bpmn:endEvent id="breach_seen" name="A breach was seen"/>
    <bpmn:endEvent id="nothing_seen" name="No breach was seen"/>
    <bpmn:sequenceFlow id="f1" sourceRef="visit_wanted" targetRef="record_visit"/>
    <bpmn:sequenceFlow id="f2" sourceRef="record_visit" targetRef="rate"/>
    <bpmn:sequenceFlow id="f3" sourceRef="rate" targetRef="is_it_a_breach"/>
    <bpmn:sequenceFlow id="to_tell" name="Yes" sourceRef="is_it_a_breach"
        targetRef="tell_people">
      <bpmn:conditionExpression xsi:type="bpmn:tFormalExpression"
        >breach_found == "yes"</bpmn:conditionExpression>
    </bpmn:sequenceFlow>
    <bpmn:sequenceFlow id="to_nothing" name="No"
        sourceRef="is_it_a_breach" targetRef="nothing_seen"/>
    <bpmn:sequenceFlow id="f4" sourceRef="tell_people" targetRef="note_visit"/>
    <bpmn:sequenceFlow id="f5" sourceRef="note_visit" targetRef="breach_seen"/>
    <bpmn:sequenceFlow id="f6" sourceRef="visit_late" targetRef="chase_visit"/>
    <bpmn:sequenceFlow id="f7" sourceRef="chase_visit" targetRef="visit_chased"/>
    <bpmn:sequenceFlow id="f8" sourceRef="chase_late" targetRef="visit_chased"/>
  </bpmn:process>
</bpmn:definitions>
"""

TABLE = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/"
  id="definitions_rating"
  name="Rating" namespace="http://example.com/rating">
  <decision id="rating" name="How bad it is">
    <decisionTable id="rating_table" hitPolicy="FIRST">
      <input id="rating_harm" label="Harm">
        <inputExpression id="rating_harm_expression" typeRef="string">
          <text>harm_seen</text>
        </inputExpression>
      </input>
      <output id="rating_result" name="rating" typeRef="number"/>
      <rule id="rating_high">
        <inputEntry id="rating_high_in"
          ><text>? in ["severe", "high"]</text></inputEntry>
        <outputEntry id="rating_high_out"><text>1</text></outputEntry>
      </rule>
      <rule id="rating_low">
        <inputEntry id="rating_low_in"><text>-</text></inputEntry>
        <outputEntry id="rating_low_out"><text>3</text></outputEntry>
      </rule>
    </decisionTable>
  </decision>
</definitions>
"""

FORM = {
    "type": "default",
    "id": "record_visit",
    "schemaVersion": 18,
    "components": [
        {
            "id": "breach_found",
            "type": "radio",
            "key": "breach_found",
            "label": "Did you find a breach?",
            "values": [
                {"label": "Yes", "value": "yes"},
                {"label": "No", "value": "no"},
            ],
            "validate": {"required": True},
        },
        {
            "id": "harm_seen",
            "type": "textfield",
            "key": "harm_seen",
            "label": "What harm does it cause?",
            "properties": {"default_from": "harm_described"},
        },
    ],
}

COUNCIL = """
title: Maldon District Council
targets:
  visit_priority_1: {length: 3, unit: working_days}
standing_orders: {}
settings: {}
"""

STORY = """
title: A visit finds a breach
process: visit
starts: 2026-03-02T09:00
case:
  address: 1 Mill Lane
  breach_type: changeOfUse
  description: A shop
  harm_described: Noise
steps:
  - do: record_visit
    as: officer
    answers: {breach_found: "yes"}
  - expect: {ended: true, data: {visits: 1}}
ends: breach_seen
"""


def drawn(text: str) -> bytes:
    """The diagram with a shape or line for everything in it."""
    root = etree.fromstring(text.encode())
    picture = etree.SubElement(root, f"{{{BPMNDI}}}BPMNDiagram", id="picture")
    plane = etree.SubElement(
        picture, f"{{{BPMNDI}}}BPMNPlane", id="plane", bpmnElement="collaboration_visit"
    )
    for element in list(root.iter(etree.Element)):
        tag, identity = etree.QName(element).localname, element.get("id")
        if tag == "sequenceFlow":
            edge = etree.SubElement(
                plane,
                f"{{{BPMNDI}}}BPMNEdge",
                id=f"{identity}_di",
                bpmnElement=identity,
            )
            for x in ("0", "9"):
                etree.SubElement(edge, f"{{{DI}}}waypoint", x=x, y="0")
        elif identity and tag.endswith(
            (
                "Event",
                "Task",
                "Gateway",
                "lane",
                "Activity",
                "subProcess",
                "participant",
            )
        ):
            shape = etree.SubElement(
                plane,
                f"{{{BPMNDI}}}BPMNShape",
                id=f"{identity}_di",
                bpmnElement=identity,
            )
            etree.SubElement(
                shape, f"{{{DC}}}Bounds", x="0", y="0", width="9", height="9"
            )
    return etree.tostring(root)


@cache
def few_periods() -> bytes:
    """The real file of periods, cut down to the two that the diagram names."""
    whole = yaml.safe_load((HOME / "processes" / "periods.yaml").read_bytes())
    wanted = ("visit_priority_1", "visit_priority_2")
    whole["statutory"] = {"pcn_response": whole["statutory"]["pcn_response"]}
    whole["service_standards"] = {
        key: whole["service_standards"][key] for key in wanted
    }
    return yaml.safe_dump(whole).encode()


def files() -> dict[str, bytes]:
    return {
        "visit.bpmn": drawn(DIAGRAM),
        "rating.dmn": TABLE.encode(),
        "forms/record_visit.json": json.dumps(FORM).encode(),
        "periods.yaml": few_periods(),
        "councils/maldon/council.yaml": COUNCIL.encode(),
        "scenarios/visit_finds_breach.yaml": STORY.encode(),
    }
