// Ids in plain words, made from names: stories and reports show them. What has been
// published keeps its id; what is new follows its name, until somebody types an id.
import BpmnFactory from 'bpmn-js/lib/features/modeling/BpmnFactory'
import { listed, processOf, properties } from './details.js'

const KEPT_BY_THE_ENGINE = /^(start|end|root)$/
const WORDS = [
  ['bpmn:Activity', 'step'], ['bpmn:Event', 'event'], ['bpmn:Gateway', 'question'],
  ['bpmn:SequenceFlow', 'flow'], ['bpmn:Association', 'link'], ['bpmn:Lane', 'lane'],
]
const PLACEHOLDER = /^(step|event|question|flow|link|lane)_\d+$/
const LONGEST = 60

export function slug (name) {
  const plain = (name || '').normalize('NFKD').replace(/[\u0300-\u036f’']/g, '')
    .toLowerCase().replace(/[^a-z0-9]+/g, '_').replace(/^_+|_+$/g, '')
  const short = plain.slice(0, LONGEST).replace(/_+$/, '')
  if (!short) return ''
  if (/^\d/.test(short)) return `step_${short}`
  return KEPT_BY_THE_ENGINE.test(short) ? `${short}_here` : short
}

class PlainFactory extends BpmnFactory {
  _ensureId (element) {
    const { ids } = this._model
    if (element.id) return ids.claim(element.id, element)
    if (!this._needsId(element)) return
    const [, found] = WORDS.find(([type]) => element.$instanceOf(type)) || []
    const word = found || element.$type.replace(/^[^:]*:/, '')
      .replace(/([a-z])([A-Z])/g, '$1_$2').toLowerCase()
    let number = 1
    while (ids.assigned(`${word}_${number}`) || ids.assigned(`${word}_${number}_di`)) {
      number += 1
    }
    element.id = `${word}_${number}`
    ids.claim(element.id, element)
  }
}
PlainFactory.$inject = ['moddle']

class Names {
  constructor (config, eventBus, modeling, details, elementRegistry, catalogue, canvas) {
    Object.assign(this, { modeling, details, elementRegistry, catalogue, canvas })
    this.published = new Set(config?.published || [])
    const after = (commands, work) => {
      for (const command of commands) {
        eventBus.on(`commandStack.${command}.postExecuted`, ({ context }) => work(context))
      }
    }
    after(['element.updateLabel'], ({ element, oldLabel }) => {
      this.follow(element.labelTarget || element, oldLabel)
    })
    after(['element.updateProperties'], ({ element, properties, oldProperties }) => {
      if ('name' in properties) this.follow(element, oldProperties.name)
      if ('calledElement' in properties) this.follow(element, element.businessObject.name)
      if ('id' in properties) this.afterRename(element, oldProperties.id)
    })
    after(['shape.create', 'shape.append'], ({ shape }) => this.follow(shape, ''))
    after(['connection.create', 'connection.reconnect'], ({ connection }) => {
      this.follow(connection, '')
    })
  }

  isNew (element) {
    return !this.published.has(element.businessObject.id)
  }

  // Whether the id was made from what the element was called before.
  isOurs (element, oldName) {
    const { id, $type } = element.businessObject
    if (PLACEHOLDER.test(id)) return true
    if ($type === 'bpmn:SequenceFlow' || $type === 'bpmn:CallActivity') return true
    const made = slug(oldName)
    return made !== '' && (id === made || id.replace(/_\d+$/, '') === made)
  }

  follow (element, oldName) {
    const bo = element.businessObject
    const isNamed = bo.$instanceOf('bpmn:FlowNode') || bo.$instanceOf('bpmn:SequenceFlow')
    if (element.labelTarget || !isNamed) return
    if (!this.isNew(element) || !this.isOurs(element, oldName)) return
    const wanted = this.wanted(bo)
    if (!wanted || wanted === bo.id || bo.id.replace(/_\d+$/, '') === wanted) return
    this.modeling.updateProperties(element, { id: this.details.freeId(wanted) })
  }

  wanted (bo) {
    if (bo.$type === 'bpmn:SequenceFlow') return `${bo.sourceRef.id}_to_${bo.targetRef.id}`
    if (bo.$type === 'bpmn:CallActivity') return bo.calledElement || slug(bo.name)
    const made = slug(bo.name)
    const isTaken = bo.$type === 'bpmn:SubProcess' && this.catalogue.taken.includes(made)
    return isTaken ? `${this.processId()}_${made}` : made
  }

  processId () {
    return processOf(this.canvas.getRootElement()).id
  }

  // What is named after the element, and what names it, goes with it.
  afterRename (element, old) {
    const { businessObject: bo, di } = element
    this.details.update(element, di, { id: `${bo.id}_di` })
    const definition = bo.eventDefinitions?.[0]
    if (definition?.$instanceOf('bpmn:TimerEventDefinition')) {
      this.details.update(element, definition, { id: `${bo.id}_timer` })
    }
    for (const flow of [...(element.incoming || []), ...(element.outgoing || [])]) {
      this.follow(flow, '')
    }
    for (const task of this.elementRegistry.filter((each) => each.type === 'bpmn:UserTask')) {
      for (const { name, value } of properties(task.businessObject)) {
        const names = listed(value)
        if (!['not_by', 'only_by'].includes(name) || !names.includes(old)) continue
        const changed = names.map((each) => (each === old ? bo.id : each))
        this.details.setProperty(task, name, changed.join(', '))
      }
    }
  }
}
Names.$inject = [
  'config.studio', 'eventBus', 'modeling', 'details', 'elementRegistry', 'catalogue',
  'canvas',
]

export default {
  __init__: ['names'],
  names: ['type', Names],
  bpmnFactory: ['type', PlainFactory],
}
