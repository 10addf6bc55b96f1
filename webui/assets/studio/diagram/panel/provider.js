// Which groups the panel has for an element, in the order in which a manager asks.
import { Group } from '@bpmn-io/properties-panel'
import { eventDefinition, isA, isMessage, isTimer, property } from '../details.js'
import { DueDates, Edge, Period } from './time.jsx'
import { Condition, Neighbours, isAnswer } from './ways.jsx'
import {
  About, Guidance, Identity, LaneRole, Mending, Name, Repeat, Safeguard, Starting, Title, Who,
} from './whole.jsx'
import { Called, Decision, Form, Message, Script, Service, Signatures } from './work.jsx'

const group = (id, label, ...components) => ({
  id,
  label,
  component: Group,
  shouldOpen: true,
  entries: components.map((component) => ({ component })),
})
const closed = (made) => ({ ...made, shouldOpen: false })

const WHOLE = ['bpmn:Participant', 'bpmn:Collaboration', 'bpmn:Process']

const WORK = {
  'bpmn:CallActivity': ['Called process', Called],
  'bpmn:BusinessRuleTask': ['Decision table', Decision],
  'bpmn:ServiceTask': ['What it does', Service],
  'bpmn:ScriptTask': ['What it notes', Script],
}

function ofStep (element) {
  const found = [group('general', 'General', Name, Identity)]
  if (isA(element, 'bpmn:Activity')) found[0].entries.push({ component: Guidance })
  if (property(element.businessObject, 'safeguard')) {
    found[0].entries.push({ component: Safeguard })
  }
  if (!isA(element.parent, 'bpmn:SubProcess')) found.push(group('who', 'Who', Who))
  if (isA(element, 'bpmn:UserTask')) {
    found.push(group('form', 'Form', Form), group('due', 'When it is due', DueDates))
    found.push(closed(group('signatures', 'Second signature', Signatures)))
  }
  const work = WORK[element.type]
  if (work) found.push(group('work', ...work))
  if (eventDefinition(element.businessObject)) {
    if (isTimer(element)) found.push(group('period', 'Period', Period))
    if (isMessage(element)) found.push(group('message', 'Message', Message))
  }
  if (isA(element, 'bpmn:BoundaryEvent')) found.push(group('edge', 'What it does', Edge))
  const repeats = ['bpmn:UserTask', 'bpmn:SubProcess', 'bpmn:CallActivity']
  if (repeats.includes(element.type)) {
    const made = group('repeat', 'Repeat for each', Repeat)
    found.push(element.businessObject.loopCharacteristics ? made : closed(made))
  }
  found.push(group('next', 'What comes before and next', Neighbours))
  return found
}

function ofElement (element) {
  if (isA(element, ...WHOLE)) {
    return [group('process', 'The process', Title, About), group('starting', 'How it starts', Starting)]
  }
  if (isA(element, 'bpmn:Lane')) return [group('lane', 'Lane', LaneRole)]
  if (isA(element, 'bpmn:SequenceFlow')) {
    const ways = isAnswer(element) ? [group('way', 'When a case goes this way', Condition)] : []
    return [group('general', 'General', Name, Identity), ...ways]
  }
  return isA(element, 'bpmn:FlowNode') ? ofStep(element) : []
}

// The fields of one element are not those of the next, whatever its id becomes.
const numbers = new WeakMap()
let counted = 0

function numbered (groups, element) {
  if (!numbers.has(element)) numbers.set(element, counted += 1)
  for (const { id, entries } of groups) {
    entries.forEach((each, place) => { each.id = `${id}-${place}-${numbers.get(element)}` })
  }
  return groups
}

class Provider {
  constructor (propertiesPanel, problems) {
    this.getGroups = (element) => () => {
      const mending = problems.of(element).length
        ? [group('mending', 'To mend', Mending)]
        : []
      return numbered([...mending, ...ofElement(element)], element)
    }
    propertiesPanel.registerProvider(this)
  }
}
Provider.$inject = ['propertiesPanel', 'problems']

export default { __init__: ['studioPanel'], studioPanel: ['type', Provider] }
