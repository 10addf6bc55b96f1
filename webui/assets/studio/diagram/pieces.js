// Ready-made pieces: a first shape, and what is drawn around it once it has its place.
import { isA } from './details.js'

const TIMER = 'bpmn:TimerEventDefinition'
const AFTER_THE_USUAL = 100
const MANAGER = 'Enforcement manager'
const ANSWER = 'respond_to_delay'
const ANSWER_IN = 'escalation_response'

export const PIECES = [
  {
    id: 'task-with-escalation',
    title: 'Task with a due date: the manager is told when it is late',
    icon: 'bpmn-icon-user',
    group: 'pieces',
    type: 'bpmn:UserTask',
    name: 'Do the new step',
    finish: escalate,
  },
  {
    id: 'statutory-period',
    title: 'Period set by law: what happens if it passes',
    icon: 'bpmn-icon-intermediate-event-catch-timer',
    group: 'pieces',
    type: 'bpmn:UserTask',
    name: 'Record what was received',
    finish: letPass,
  },
  {
    id: 'each-person',
    title: 'Serve on each person, and wait for each',
    icon: 'bpmn-icon-parallel-mi-marker',
    group: 'pieces',
    type: 'bpmn:SubProcess',
    isExpanded: true,
    size: { width: 500, height: 300 },
    name: 'Serve on each person',
    finish: serveOnEach,
  },
]

// A non-interrupting due date that leads to a task of the manager, which has a date of
// its own: both lead to one end.
export function escalate (task, { placing, modeling, details, catalogue }) {
  const due = placing.attach(
    task, { eventDefinitionType: TIMER, cancelActivity: false }, 'The step is overdue',
  )
  if (isA(task.parent, 'bpmn:SubProcess')) {
    tellManager(due, task, { placing, modeling, details })
    return
  }
  const lane = placing.laneNamed(MANAGER)
  const chase = placing.lead(due, { type: 'bpmn:UserTask' }, lane, due.x + 40)
  modeling.updateProperties(chase, { name: 'Get the overdue step moving' })
  if (catalogue.forms.some((each) => each.id === ANSWER)) {
    details.setProperty(chase, 'form', ANSWER)
  }
  const late = placing.attach(
    chase, { eventDefinitionType: TIMER, cancelActivity: false },
    'Nobody has dealt with the delay',
  )
  const end = placing.lead(
    chase, { type: 'bpmn:EndEvent' }, lane, chase.x + chase.width + 50,
  )
  modeling.updateProperties(end, { name: 'The delay was dealt with' })
  modeling.connect(late, end)
}

// Inside a part, whose steps are all of one role, the manager is told by a notification.
function tellManager (due, task, { placing, modeling, details }) {
  const told = placing.below(due, task, { type: 'bpmn:ServiceTask' })
  modeling.updateProperties(told, { name: 'Tell the manager' })
  const about = `'${task.businessObject.name.replace(/[\\']/g, '')}: overdue'`
  details.setOperator(told, {
    id: 'notify_role', parameters: { role: "'manager'", about },
  })
  const end = placing.lead(told, { type: 'bpmn:EndEvent' }, null, told.x + told.width + 50)
  modeling.updateProperties(end, { name: 'The manager was told' })
}

// When the first date is chosen, the manager's own date follows from it.
export function answerDate (expression, catalogue) {
  const isKnown = catalogue.periods.some((each) => each.key === ANSWER_IN)
  return isKnown && expression ? `deadline("${ANSWER_IN}", ${expression})` : ''
}

// An interrupting timer: when the period has passed, the case goes another way.
function letPass (task, { placing }) {
  const passed = placing.attach(
    task, { eventDefinitionType: TIMER, cancelActivity: true }, 'The period has passed',
  )
  placing.endBelow(passed, task, 'Nothing was received in time')
}

// One round for each entry of a list: serve, then wait until a day.
function serveOnEach (part, services) {
  const { modeling, details, elementFactory, elementRegistry } = services
  const inside = (type, x, name, more = {}) => {
    const shape = elementFactory.createShape({ type, ...more })
    const made = modeling.createShape(shape, { x: part.x + x, y: part.y + 80 }, part)
    modeling.updateProperties(made, { name })
    return made
  }
  const drawn = elementRegistry.find((each) => (
    each.parent === part && each.type === 'bpmn:StartEvent'
  ))
  const start = drawn || inside('bpmn:StartEvent', 55, 'A person is to be served')
  modeling.updateProperties(start, { name: 'A person is to be served' })
  const serve = inside('bpmn:UserTask', 175, 'Serve on this person')
  const wait = inside(
    'bpmn:IntermediateCatchEvent', 305, 'Time to answer passes', { eventDefinitionType: TIMER },
  )
  const end = inside('bpmn:EndEvent', 415, 'This person has had their time')
  modeling.connect(start, serve)
  modeling.connect(serve, wait)
  modeling.connect(wait, end)
  escalate(serve, services)
  details.setRepetition(part, { list: 'recipients', item: 'recipient', isSequential: false })
}

// Drawing a piece: its first shape has been placed; the rest is part of the same step.
class Pieces {
  constructor (injector, eventBus, modeling, together, placing, elementFactory) {
    Object.assign(this, { injector, modeling, together, placing, elementFactory })
    eventBus.on('commandStack.elements.create.postExecuted', AFTER_THE_USUAL, ({ context }) => {
      const [first] = context.elements
      if (isA(first, 'bpmn:FlowNode')) placing.spread(first)
      const piece = PIECES.find((each) => each.id === context.hints?.piece)
      if (piece) this.finish(piece, first)
    })
  }

  shape (piece) {
    const { type, isExpanded, size } = piece
    return this.elementFactory.createShape(isExpanded ? { type, isExpanded, ...size } : { type })
  }

  after (source, piece) {
    let made
    this.together.run(() => {
      made = this.placing.insertAfter(source, this.shape(piece))
      this.finish(piece, made)
    })
    return made
  }

  finish (piece, shape) {
    this.modeling.updateProperties(shape, { name: piece.name })
    const [modeling, placing, details, catalogue, elementFactory, elementRegistry] = [
      'modeling', 'placing', 'details', 'catalogue', 'elementFactory', 'elementRegistry',
    ].map((name) => this.injector.get(name))
    piece.finish(
      shape, { modeling, placing, details, catalogue, elementFactory, elementRegistry },
    )
  }

  addDueDate (task) {
    this.together.run(() => this.finishDueDate(task))
  }

  finishDueDate (task) {
    const names = ['modeling', 'placing', 'details', 'catalogue']
    const [modeling, placing, details, catalogue] = names.map((n) => this.injector.get(n))
    escalate(task, { modeling, placing, details, catalogue })
  }
}
Pieces.$inject = [
  'injector', 'eventBus', 'modeling', 'together', 'placing', 'elementFactory',
]

export default { __init__: ['pieces'], pieces: ['type', Pieces] }
