"""What other tools write into a diagram, and what to do instead of each. Only words."""

from __future__ import annotations

from collections.abc import Mapping

NOTHING = "It belongs to the other tool. Nothing needs to be done."
_LANE = "Who does a task is the lane that it lies in: drag it there."
_FORM = "Choose the form of the task in the panel, or make one with the same questions."
_SERVICE = (
    "The product runs no code of others: choose a service step from the list, or make "
    "it a user task."
)
_PERIOD = "Put a timer on the task's edge and choose a named period for it."
_DATA = "Facts live on the case: every form, condition and table reads them there."
_LISTENER = "Draw what it did as a step of its own."

ATTRIBUTES: Mapping[str, str] = {
    "formKey": _FORM,
    "formRef": _FORM,
    "formRefBinding": _FORM,
    "formRefVersion": _FORM,
    "formHandlerClass": _FORM,
    "assignee": _LANE,
    "candidateUsers": _LANE,
    "candidateGroups": _LANE,
    "owner": _LANE,
    "initiator": "Who began is in the chronology of the case.",
    "dueDate": _PERIOD,
    "followUpDate": _PERIOD,
    "priority": "The priority belongs to the case: a decision table sets it.",
    "class": _SERVICE,
    "expression": _SERVICE,
    "delegateExpression": _SERVICE,
    "type": _SERVICE,
    "topic": _SERVICE,
    "taskPriority": NOTHING,
    "resultVariable": "Set the fact in a script step, or in the form.",
    "decisionRef": "Choose the table in the panel of the rule step.",
    "decisionRefBinding": NOTHING,
    "mapDecisionResult": "Each output of the table becomes a fact of its name.",
    "collection": "Choose the list that the step repeats for in its panel.",
    "elementVariable": "Choose the list that the step repeats for in its panel.",
    "skipExpression": "Draw a gateway that leads past the step.",
    "calledElementBinding": "A call always takes the version published with it.",
    "calledElementVersion": "A call always takes the version published with it.",
    "candidateStarterGroups": "The property “start_roles” says who may start it.",
    "candidateStarterUsers": "The property “start_roles” says who may start it.",
}
"""By the name of the attribute, whichever tool wrote it."""

PARTS: Mapping[str, str] = {
    "formData": _FORM,
    "formProperty": _FORM,
    "formDefinition": _FORM,
    "userTaskForm": _FORM,
    "assignmentDefinition": _LANE,
    "taskSchedule": _PERIOD,
    "priorityDefinition": "The priority belongs to the case.",
    "taskDefinition": _SERVICE,
    "connector": _SERVICE,
    "field": _SERVICE,
    "script": "Write it in the words of the diagrams.",
    "calledDecision": "Choose the table in the panel of the rule step.",
    "calledElement": "Choose the called process in the panel.",
    "inputOutput": _DATA,
    "ioMapping": _DATA,
    "in": "A called process reads its caller's facts.",
    "out": "The property “outputs” of the call names the facts that come back.",
    "executionListener": _LISTENER,
    "executionListeners": _LISTENER,
    "taskListener": _LISTENER,
    "taskListeners": _LISTENER,
    "loopCharacteristics": "Choose the list that the step repeats for in its panel.",
    "failedJobRetryTimeCycle": "A step that fails waits as an incident.",
    "properties": "Keep what matters in the step's description.",
}
"""By the name of what stands among a tool's own additions."""

DATA: Mapping[str, str] = {
    "ioSpecification": _DATA,
    "dataInputAssociation": _DATA,
    "dataOutputAssociation": _DATA,
    "performer": _LANE,
    "humanPerformer": _LANE,
    "potentialOwner": _LANE,
    "resourceRole": _LANE,
    "rendering": _FORM,
    "auditing": NOTHING,
    "monitoring": NOTHING,
    "correlationSubscription": "Messages reach the processes of the same case.",
    "ioBinding": _DATA,
    "supports": NOTHING,
}
"""Parts of BPMN that no editor draws: left out, and listed."""

ROOTS: Mapping[str, str] = {
    "itemDefinition": _DATA,
    "dataStore": _DATA,
    "interface": _SERVICE,
    "resource": _LANE,
    "category": NOTHING,
    "correlationProperty": "Messages reach the processes of the same case.",
    "import": NOTHING,
    "extension": NOTHING,
    "relationship": NOTHING,
    "endPoint": _SERVICE,
    "partnerEntity": NOTHING,
    "partnerRole": NOTHING,
    "choreography": "Draw each side as a process, and messages between them.",
    "globalTask": "Draw the task where it is done.",
    "globalUserTask": "Draw the task where it is done.",
    "globalScriptTask": "Draw the task where it is done.",
}

TOOLS: Mapping[str, str] = {
    "http://camunda.org/schema/1.0/bpmn": "Camunda 7",
    "http://camunda.org/schema/zeebe/1.0": "Camunda 8",
    "http://camunda.org/schema/modeler/1.0": "Camunda Modeler",
    "http://flowable.org/bpmn": "Flowable",
    "http://activiti.org/bpmn": "Activiti",
    "http://www.signavio.com": "Signavio",
    "http://www.bizagi.com/bpmn20": "Bizagi",
    "http://bpmn.io/schema/bpmn/biocolor/1.0": "colours",
    "http://www.omg.org/spec/BPMN/non-normative/color/1.0": "colours",
    "http://www.jboss.org/drools": "jBPM",
    "http://www.trisotech.com/2014/triso/bpmn": "Trisotech",
    "http://sap.com/xi/bpm": "SAP",
}


def tool(namespace: str) -> str:
    """The tool that writes a namespace, or the namespace itself."""
    return TOOLS.get(namespace.rstrip("/"), namespace)
