"""Diagrams as other tools write them, cut short."""

from __future__ import annotations

_BPMN = 'xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"'
_PICTURE = (
    'xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" '
    'xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" '
    'xmlns:di="http://www.omg.org/spec/DD/20100524/DI"'
)
_XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'

CAMUNDA_7 = f"""<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions {_BPMN} {_PICTURE} {_XSI}
  xmlns:camunda="http://camunda.org/schema/1.0/bpmn"
  xmlns:modeler="http://camunda.org/schema/modeler/1.0"
  xmlns:bioc="http://bpmn.io/schema/bpmn/biocolor/1.0"
  id="Definitions_1" targetNamespace="http://bpmn.io/schema/bpmn"
  modeler:executionPlatform="Camunda Platform">
  <bpmn:process id="Process_0a1" name="Noise complaint" isExecutable="true"
    camunda:historyTimeToLive="180">
    <bpmn:startEvent id="StartEvent_1" name="Complaint received"
      camunda:initiator="starter"><bpmn:outgoing>Flow_1</bpmn:outgoing></bpmn:startEvent>
    <bpmn:sequenceFlow id="Flow_1" sourceRef="StartEvent_1" targetRef="Activity_0x7"/>
    <bpmn:userTask id="Activity_0x7" name="Visit the house"
      camunda:formKey="embedded:app:forms/visit.html" camunda:assignee="${{starter}}"
      camunda:candidateGroups="officers">
      <bpmn:extensionElements>
        <camunda:formData><camunda:formField id="loud" label="Was it loud?"
          type="boolean"/></camunda:formData>
        <camunda:taskListener class="org.example.Tell" event="create"/>
      </bpmn:extensionElements>
      <bpmn:incoming>Flow_1</bpmn:incoming><bpmn:outgoing>Flow_2</bpmn:outgoing>
    </bpmn:userTask>
    <bpmn:boundaryEvent id="Event_9" name="Three weeks pass"
      attachedToRef="Activity_0x7" cancelActivity="false">
      <bpmn:outgoing>Flow_7</bpmn:outgoing>
      <bpmn:timerEventDefinition id="Timer_1"><bpmn:timeDuration
        xsi:type="bpmn:tFormalExpression">P21D</bpmn:timeDuration>
      </bpmn:timerEventDefinition>
    </bpmn:boundaryEvent>
    <bpmn:sequenceFlow id="Flow_7" sourceRef="Event_9" targetRef="Activity_send"/>
    <bpmn:sequenceFlow id="Flow_2" sourceRef="Activity_0x7" targetRef="Gateway_1"/>
    <bpmn:exclusiveGateway id="Gateway_1" name="Was it loud?"/>
    <bpmn:sequenceFlow id="Flow_3" name="Yes" sourceRef="Gateway_1"
      targetRef="Activity_calc"><bpmn:conditionExpression
      xsi:type="bpmn:tFormalExpression">${{loud == true &amp;&amp; level gt 3}}
      </bpmn:conditionExpression>
    </bpmn:sequenceFlow>
    <bpmn:sequenceFlow id="Flow_4" name="No" sourceRef="Gateway_1" targetRef="End_1">
      <bpmn:conditionExpression xsi:type="bpmn:tFormalExpression"
      >${{execution.getVariable('loud').isFalse()}}</bpmn:conditionExpression>
    </bpmn:sequenceFlow>
    <bpmn:scriptTask id="Activity_calc" name="Work out the score"
      scriptFormat="groovy"><bpmn:script>
        execution.setVariable("score", loud ? 5 : 1)</bpmn:script>
    </bpmn:scriptTask>
    <bpmn:sequenceFlow id="Flow_5" sourceRef="Activity_calc" targetRef="Activity_send"/>
    <bpmn:serviceTask id="Activity_send" name="Send the letter" camunda:type="external"
      camunda:topic="letters"/>
    <bpmn:sequenceFlow id="Flow_6" sourceRef="Activity_send" targetRef="End_1"/>
    <bpmn:businessRuleTask id="Activity_rule" name="Set the priority"
      camunda:decisionRef="Priority" camunda:resultVariable="priority"/>
    <bpmn:endEvent id="End_1" name="Done"><bpmn:signalEventDefinition id="Signal_d"
      signalRef="Signal_1"/></bpmn:endEvent>
    <bpmn:dataObjectReference id="Data_1" name="Diary" dataObjectRef="Data_o"/>
    <bpmn:dataObject id="Data_o"/>
  </bpmn:process>
  <bpmn:signal id="Signal_1" name="Finished"/>
  <bpmndi:BPMNDiagram id="D"><bpmndi:BPMNPlane id="P" bpmnElement="Process_0a1">
    <bpmndi:BPMNShape id="S1" bpmnElement="StartEvent_1" bioc:stroke="red">
      <dc:Bounds x="10" y="10" width="36" height="36"/></bpmndi:BPMNShape>
  </bpmndi:BPMNPlane></bpmndi:BPMNDiagram>
</bpmn:definitions>
"""

CAMUNDA_8 = f"""<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions {_BPMN} {_XSI} xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"
  id="D8" targetNamespace="http://bpmn.io/schema/bpmn">
  <bpmn:process id="Hedges" name="High hedges" isExecutable="true">
    <bpmn:startEvent id="s"/>
    <bpmn:sequenceFlow id="f0" sourceRef="s" targetRef="t"/>
    <bpmn:userTask id="t" name="Measure the hedge"><bpmn:extensionElements>
      <zeebe:userTask/><zeebe:formDefinition formId="measure"/>
      <zeebe:assignmentDefinition candidateGroups="officers"/>
      <zeebe:taskSchedule dueDate="=now() + duration(&quot;P10D&quot;)"/>
    </bpmn:extensionElements></bpmn:userTask>
    <bpmn:sequenceFlow id="f1" sourceRef="t" targetRef="g"/>
    <bpmn:exclusiveGateway id="g" name="Is it too high?" default="f3"/>
    <bpmn:sequenceFlow id="f2" name="Yes" sourceRef="g" targetRef="c">
      <bpmn:conditionExpression xsi:type="bpmn:tFormalExpression"
      >=height &gt; 2 and evergreen = true</bpmn:conditionExpression>
    </bpmn:sequenceFlow>
    <bpmn:sequenceFlow id="f3" name="No" sourceRef="g" targetRef="e"/>
    <bpmn:callActivity id="c" name="Notify"><bpmn:extensionElements>
      <zeebe:calledElement processId="notify-owner"
      propagateAllChildVariables="false"/></bpmn:extensionElements></bpmn:callActivity>
    <bpmn:sequenceFlow id="f4" sourceRef="c" targetRef="r"/>
    <bpmn:businessRuleTask id="r" name="Decide"><bpmn:extensionElements>
      <zeebe:calledDecision decisionId="hedge_height" resultVariable="x"/>
    </bpmn:extensionElements></bpmn:businessRuleTask>
    <bpmn:sequenceFlow id="f5" sourceRef="r" targetRef="e"/>
    <bpmn:endEvent id="e" name="Done"/>
    <bpmn:subProcess id="aside" name="Cancelled" triggeredByEvent="true">
      <bpmn:startEvent id="aside_s"><bpmn:messageEventDefinition id="m"
      messageRef="Message_1"/></bpmn:startEvent></bpmn:subProcess>
  </bpmn:process>
  <bpmn:message id="Message_1" name="withdrawn"><bpmn:extensionElements>
    <zeebe:subscription correlationKey="=caseId"/></bpmn:extensionElements>
  </bpmn:message>
</bpmn:definitions>
"""

SIGNAVIO = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
  xmlns:signavio="http://www.signavio.com" exporter="Signavio Process Editor"
  id="sid-1" targetNamespace="http://www.signavio.com">
  <collaboration id="sid-2">
    <participant id="sid-3" name="Council" processRef="sid-4"/>
    <participant id="sid-5" name="Owner"/>
    <messageFlow id="sid-6" name="Letter" sourceRef="sid-10" targetRef="sid-5"/>
    <textAnnotation id="sid-7"><text>By post only</text></textAnnotation>
  </collaboration>
  <process id="sid-4" isExecutable="false" processType="None">
    <extensionElements><signavio:signavioDiagramMetaData metaKey="revisionid"
      metaValue="abc"/></extensionElements>
    <laneSet id="sid-8"><lane id="sid-9" name="Clerk">
      <flowNodeRef>sid-10</flowNodeRef><flowNodeRef>sid-11</flowNodeRef>
      <flowNodeRef>sid-12</flowNodeRef></lane></laneSet>
    <startEvent id="sid-11" name=""/>
    <task completionQuantity="1" id="sid-10" isForCompensation="false"
      name="Write to the owner&#10;again" startQuantity="1">
      <ioSpecification id="io"><inputSet id="in"/><outputSet id="out"/>
      </ioSpecification>
      <potentialOwner id="po"><resourceAssignmentExpression id="re">
      <formalExpression id="fe">clerks</formalExpression>
      </resourceAssignmentExpression></potentialOwner></task>
    <endEvent id="sid-12" name="Written"/>
    <sequenceFlow id="sid-13" sourceRef="sid-11" targetRef="sid-10"/>
    <sequenceFlow id="sid-14" sourceRef="sid-10" targetRef="sid-12"/>
  </process>
</definitions>
"""

BIZAGI = """<?xml version="1.0" encoding="utf-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
  xmlns:bizagi="http://www.bizagi.com/bpmn20" id="_1"
  targetNamespace="http://www.bizagi.com/definitions/_1">
  <itemDefinition id="item" structureRef="xs:string"/>
  <process id="Id_a" name="Council">
    <extensionElements><bizagi:BizagiExtensions xmlns="http://www.bizagi.com/bpmn20">
      <BizagiProperties><BizagiProperty name="textColor" value="Black"/>
      </BizagiProperties></bizagi:BizagiExtensions></extensionElements>
    <startEvent id="Id_b" name="Begun"/>
    <sendTask id="Id_c" name="Send the request"/>
    <complexGateway id="Id_d" name="Enough?"/>
    <endEvent id="Id_e" name="Done"><escalationEventDefinition id="esc"/></endEvent>
    <sequenceFlow id="Id_f" sourceRef="Id_b" targetRef="Id_c"/>
    <sequenceFlow id="Id_g" sourceRef="Id_c" targetRef="Id_d"/>
    <sequenceFlow id="Id_h" sourceRef="Id_d" targetRef="Id_e"/>
  </process>
  <process id="Id_z" name="Inspector">
    <startEvent id="Id_y" name="Asked"/><manualTask id="Id_x" name="Answer"/>
    <endEvent id="Id_w" name="Answered"/>
    <sequenceFlow id="Id_v" sourceRef="Id_y" targetRef="Id_x"/>
    <sequenceFlow id="Id_u" sourceRef="Id_x" targetRef="Id_w"/>
  </process>
  <collaboration id="Id_k">
    <participant id="Id_l" name="The council" processRef="Id_a"/>
    <participant id="Id_m" name="The inspector" processRef="Id_z"/>
    <messageFlow id="Id_n" sourceRef="Id_c" targetRef="Id_y"/>
  </collaboration>
</definitions>
"""

FLOWABLE = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
  xmlns:flowable="http://flowable.org/bpmn"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
  targetNamespace="http://www.flowable.org/processdef"
  exporter="Flowable Open Source Modeler">
  <process id="treeWork" name="Tree work" isExecutable="true"
    flowable:candidateStarterGroups="officers">
    <startEvent id="startEvent1" flowable:formFieldValidation="true"/>
    <userTask id="sid-A" name="Look at the tree" flowable:formKey="tree"
      flowable:dueDate="P10D"><multiInstanceLoopCharacteristics isSequential="false"
      flowable:collection="trees" flowable:elementVariable="tree"/></userTask>
    <serviceTask id="sid-B" name="Ring the owner" flowable:class="org.example.Ring">
      <extensionElements><flowable:field name="number">
      <flowable:string>1</flowable:string></flowable:field></extensionElements></serviceTask>
    <endEvent id="sid-C" name="Done"/>
    <sequenceFlow id="a" sourceRef="startEvent1" targetRef="sid-A"/>
    <sequenceFlow id="b" sourceRef="sid-A" targetRef="sid-B">
      <conditionExpression xsi:type="tFormalExpression"><![CDATA[${approved}]]>
      </conditionExpression>
    </sequenceFlow>
    <sequenceFlow id="c" sourceRef="sid-B" targetRef="sid-C"/>
  </process>
</definitions>
"""
