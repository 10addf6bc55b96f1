// What can be drawn: exactly what the engine runs, named as a manager calls it.

const TIMER = 'bpmn:TimerEventDefinition'
const MESSAGE = 'bpmn:MessageEventDefinition'
const TERMINATE = 'bpmn:TerminateEventDefinition'

const kind = (id, title, icon, group, type, more = {}) => (
  { id, title, icon: `bpmn-icon-${icon}`, group, type, ...more }
)

export const GROUPS = {
  pieces: 'Ready-made pieces',
  steps: 'Steps',
  questions: 'Questions and branches',
  waiting: 'Waiting and messages',
  ends: 'Beginning and end',
  edge: 'On the edge of a step',
}

export const KINDS = [
  kind('task', 'Task for a person', 'user', 'steps', 'bpmn:UserTask'),
  kind('letter', 'Letter, notice or register entry', 'service', 'steps', 'bpmn:ServiceTask'),
  kind('note', 'Note a fact', 'script', 'steps', 'bpmn:ScriptTask'),
  kind('decision', 'Ask a decision table', 'business-rule', 'steps', 'bpmn:BusinessRuleTask'),
  kind('call', 'Call another process', 'call-activity', 'steps', 'bpmn:CallActivity'),
  kind('part', 'Part with steps of its own', 'subprocess-expanded', 'steps', 'bpmn:SubProcess',
    { isExpanded: true }),

  kind('question', 'Question: one answer', 'gateway-xor', 'questions', 'bpmn:ExclusiveGateway'),
  kind('several', 'Question: several answers', 'gateway-or', 'questions', 'bpmn:InclusiveGateway'),
  kind('both', 'At the same time', 'gateway-parallel', 'questions', 'bpmn:ParallelGateway'),
  kind('first', 'Whichever happens first', 'gateway-eventbased', 'questions',
    'bpmn:EventBasedGateway'),

  kind('wait', 'Wait for a day', 'intermediate-event-catch-timer', 'waiting',
    'bpmn:IntermediateCatchEvent', { eventDefinitionType: TIMER }),
  kind('receive', 'Wait for a message', 'intermediate-event-catch-message', 'waiting',
    'bpmn:IntermediateCatchEvent', { eventDefinitionType: MESSAGE }),
  kind('send', 'Send a message', 'intermediate-event-throw-message', 'waiting',
    'bpmn:IntermediateThrowEvent', { eventDefinitionType: MESSAGE }),

  kind('end', 'End', 'end-event-none', 'ends', 'bpmn:EndEvent'),
  kind('end-all', 'End everything that is open', 'end-event-terminate', 'ends', 'bpmn:EndEvent',
    { eventDefinitionType: TERMINATE }),
  kind('end-message', 'End with a message', 'end-event-message', 'ends', 'bpmn:EndEvent',
    { eventDefinitionType: MESSAGE }),
  kind('start', 'Start', 'start-event-none', 'ends', 'bpmn:StartEvent'),
  kind('start-message', 'Start by a message', 'start-event-message', 'ends', 'bpmn:StartEvent',
    { eventDefinitionType: MESSAGE }),

  kind('due', 'Due date: the task stays open', 'intermediate-event-catch-non-interrupting-timer',
    'edge', 'bpmn:BoundaryEvent', { eventDefinitionType: TIMER, cancelActivity: false }),
  kind('too-late', 'Time is up: the step goes away', 'intermediate-event-catch-timer', 'edge',
    'bpmn:BoundaryEvent', { eventDefinitionType: TIMER, cancelActivity: true }),
  kind('heard', 'A message: the step stays open',
    'intermediate-event-catch-non-interrupting-message', 'edge', 'bpmn:BoundaryEvent',
    { eventDefinitionType: MESSAGE, cancelActivity: false }),
  kind('stopped', 'A message: the step goes away', 'intermediate-event-catch-message', 'edge',
    'bpmn:BoundaryEvent', { eventDefinitionType: MESSAGE, cancelActivity: true }),
]

const FAMILIES = [
  (type) => /Task$|CallActivity$/.test(type),
  (type) => /Gateway$/.test(type),
  (type) => /Intermediate(Catch|Throw)Event$/.test(type),
  (type) => type === 'bpmn:EndEvent',
  (type) => type === 'bpmn:StartEvent',
  (type) => type === 'bpmn:BoundaryEvent',
]

function isOf (kind, element) {
  const { eventDefinitions = [], cancelActivity } = element.businessObject
  const definition = eventDefinitions[0]?.$type
  return kind.type === element.type && kind.eventDefinitionType === definition &&
    (kind.type !== 'bpmn:BoundaryEvent' || kind.cancelActivity === cancelActivity)
}

// What an element can be turned into.
export function alternatives (element) {
  const family = FAMILIES.find((belongs) => belongs(element.type))
  if (!family) return []
  const inPart = element.type === 'bpmn:StartEvent' && element.parent?.type === 'bpmn:SubProcess'
  return KINDS.filter((each) => family(each.type) && !isOf(each, element) &&
    !(inPart && each.eventDefinitionType))
}

// What can follow an element.
export function followers (element) {
  if (element.type === 'bpmn:EventBasedGateway') {
    return KINDS.filter((each) => each.type === 'bpmn:IntermediateCatchEvent')
  }
  return KINDS.filter((each) => each.group !== 'edge' && each.type !== 'bpmn:StartEvent')
}

export function attributes (kind) {
  const { type, eventDefinitionType, cancelActivity, isExpanded } = kind
  const found = { type }
  if (eventDefinitionType) found.eventDefinitionType = eventDefinitionType
  if (cancelActivity !== undefined) found.cancelActivity = cancelActivity
  if (isExpanded) found.isExpanded = true
  return found
}
