// What an element says besides its shape: properties, operations, dates, messages.
// Reading takes a business object; changing goes through the command stack.

const OWN = 'spiffworkflow:'

export const isA = (element, ...types) => (
  types.some((type) => element.businessObject?.$instanceOf?.(type))
)

// Extension elements

export function extensions (bo) {
  return bo.extensionElements?.values || []
}

const extension = (bo, type) => extensions(bo).find((each) => each.$type === OWN + type)

export function properties (bo) {
  return extension(bo, 'Properties')?.values || []
}

export function property (bo, name) {
  return properties(bo).find((each) => each.name === name)?.value || ''
}

export const listed = (text) => text.split(',').map((word) => word.trim()).filter(Boolean)

// The text of an extension that holds nothing else, such as a decision's table.
export function text (bo, type) {
  return bo ? extension(bo, type)?.value || '' : ''
}

export function operator (bo) {
  const found = extension(bo, 'ServiceTaskOperator')
  const parameters = found?.parameterList?.parameters || []
  return {
    id: found?.id || '',
    result: found?.resultVariable || '',
    parameters: Object.fromEntries(parameters.map(({ id, value }) => [id, value])),
  }
}

export const eventDefinition = (bo) => bo.eventDefinitions?.[0]
export const isTimer = (element) => (
  eventDefinition(element.businessObject)?.$type === 'bpmn:TimerEventDefinition'
)
export const isMessage = (element) => (
  eventDefinition(element.businessObject)?.$type === 'bpmn:MessageEventDefinition'
)
export const date = (element) => (
  eventDefinition(element.businessObject)?.timeDate?.body || ''
)
export const documentation = (bo) => bo.documentation?.[0]?.text || ''
export const condition = (flow) => flow.businessObject.conditionExpression?.body || ''

// The process that the drawing is of, and its pool.
export function processOf (element) {
  let bo = element.businessObject
  if (bo.$instanceOf('bpmn:Collaboration')) bo = bo.participants[0]
  if (bo.$instanceOf('bpmn:Participant')) bo = bo.processRef
  return bo
}

class Details {
  constructor (modeling, moddle, bpmnFactory, together, canvas, elementRegistry) {
    Object.assign(
      this, { modeling, moddle, bpmnFactory, together, canvas, elementRegistry },
    )
  }

  make (type, values, parent) {
    const made = this.moddle.create(type, values)
    made.$parent = parent
    return made
  }

  update (element, bo, values) {
    this.modeling.updateModdleProperties(element, bo, values)
  }

  // Put one extension element into its place, or take it out (null).
  extend (element, bo, type, made) {
    const others = extensions(bo).filter((each) => each.$type !== OWN + type)
    const values = made ? [made, ...others] : others
    const holder = values.length
      ? this.make('bpmn:ExtensionElements', { values }, bo)
      : undefined
    for (const each of values) each.$parent = holder
    this.update(element, bo, { extensionElements: holder })
  }

  setProperty (element, name, value, bo = element.businessObject) {
    const old = properties(bo)
    const kept = old.filter((each) => each.name !== name || value)
      .map((each) => [each.name, each.name === name ? value : each.value])
    if (value && !old.some((each) => each.name === name)) kept.push([name, value])
    const holder = kept.length ? this.make(`${OWN}Properties`, {}, bo) : null
    if (holder) {
      holder.values = kept.map(([key, said]) => (
        this.make(`${OWN}Property`, { name: key, value: said }, holder)
      ))
    }
    this.extend(element, bo, 'Properties', holder)
  }

  setText (element, type, value, bo = element.businessObject) {
    this.extend(element, bo, type, value ? this.make(OWN + type, { value }, bo) : null)
  }

  setOperator (element, { id, result, parameters }) {
    const bo = element.businessObject
    const holder = this.make(
      `${OWN}ServiceTaskOperator`, { id, resultVariable: result || `${id}_result` }, bo,
    )
    const list = this.make(`${OWN}Parameters`, {}, holder)
    list.parameters = Object.entries(parameters).map(([key, value]) => (
      this.make(`${OWN}Parameter`, { id: key, type: 'str', value }, list)
    ))
    holder.parameterList = list
    this.extend(element, bo, 'ServiceTaskOperator', id ? holder : null)
  }

  setDocumentation (element, said, bo = element.businessObject) {
    const made = said ? [this.make('bpmn:Documentation', { text: said }, bo)] : []
    this.update(element, bo, { documentation: made })
  }

  setDate (element, body) {
    const definition = eventDefinition(element.businessObject)
    const timeDate = body
      ? this.make('bpmn:FormalExpression', { body }, definition)
      : undefined
    this.update(element, definition, { timeDate })
  }

  setCondition (flow, body) {
    const made = body
      ? this.make('bpmn:FormalExpression', { body }, flow.businessObject)
      : undefined
    this.modeling.updateProperties(flow, { conditionExpression: made })
  }

  setDefault (flow, isDefault) {
    this.together.run(() => {
      const wanted = isDefault ? flow.businessObject : undefined
      this.modeling.updateProperties(flow.source, { default: wanted })
      if (isDefault) this.setCondition(flow, '')
    })
  }

  // Messages

  messages () {
    return this.canvas.getRootElement().businessObject.$parent.rootElements
      .filter((each) => each.$type === 'bpmn:Message')
  }

  setMessage (element, name) {
    const definition = eventDefinition(element.businessObject)
    const root = this.canvas.getRootElement().businessObject.$parent
    this.together.run(() => {
      let message = this.messages().find((each) => each.name === name)
      if (name && !message) {
        const id = this.freeId(name)
        message = this.bpmnFactory.create('bpmn:Message', { id, name })
        message.$parent = root
        this.update(element, root, { rootElements: [...root.rootElements, message] })
      }
      this.update(element, definition, { messageRef: name ? message : undefined })
    })
  }

  // An id that nothing in the file has; names that the engine keeps for itself are not
  // given either.
  freeId (wanted) {
    const taken = (id) => this.moddle.ids.assigned(id) || this.moddle.ids.assigned(`${id}_di`)
    if (!taken(wanted)) return wanted
    let number = 2
    while (taken(`${wanted}_${number}`)) number += 1
    return `${wanted}_${number}`
  }

  // Repetition

  repetition (bo) {
    const found = bo.loopCharacteristics
    if (!found) return null
    return {
      list: found.loopDataInputRef?.id || '',
      item: found.inputDataItem?.name || '',
      isSequential: found.isSequential || false,
    }
  }

  setRepetition (element, wanted) {
    const bo = element.businessObject
    this.together.run(() => {
      let made
      if (wanted) {
        const { list, item, isSequential } = wanted
        const source = list ? this.listOf(element, list) : undefined
        made = this.make('bpmn:MultiInstanceLoopCharacteristics', { isSequential }, bo)
        if (source) Object.assign(made, { loopDataInputRef: source, loopDataOutputRef: source })
        made.inputDataItem = this.make(
          'bpmn:DataInput', { id: bo.loopCharacteristics?.inputDataItem?.id || this.freeId(`${bo.id}_item`), name: item }, made,
        )
      }
      this.modeling.updateProperties(element, { loopCharacteristics: made })
    })
  }

  // A list that is gone through is declared in the process: other editors lose what
  // refers to nothing.
  listOf (element, name) {
    const process = processOf(this.canvas.getRootElement())
    const known = (process.properties || []).find((each) => each.id === name)
    if (known) return known
    const made = this.make('bpmn:Property', { id: name, name }, process)
    this.moddle.ids.claim(name, made)
    this.update(element, process, { properties: [...(process.properties || []), made] })
    return made
  }
}
Details.$inject = [
  'modeling', 'moddle', 'bpmnFactory', 'together', 'canvas', 'elementRegistry',
]

export default { __init__: ['details'], details: ['type', Details] }
