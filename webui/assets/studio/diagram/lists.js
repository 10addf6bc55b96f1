// Repetitions name a fact, where BPMN wants something declared in the file: what is not
// declared would be lost. Each such list is kept as a property of the process.

class Lists {
  constructor (eventBus) {
    eventBus.on('import.parse.complete', ({ definitions, references, elementsById }) => {
      const process = definitions?.rootElements?.find((each) => each.$type === 'bpmn:Process')
      if (!process) return
      for (const { element, property, id } of references) {
        const name = property.replace(/^bpmn:/, '')
        const isList = name === 'loopDataInputRef' || name === 'loopDataOutputRef'
        if (isList && !elementsById[id]) element[name] = declared(process, id)
      }
    })
  }
}
Lists.$inject = ['eventBus']

function declared (process, id) {
  const known = process.properties?.find((each) => each.id === id)
  if (known) return known
  const made = process.$model.create('bpmn:Property', { id, name: id })
  made.$parent = process
  process.properties = [...(process.properties || []), made]
  return made
}

export default { __init__: ['lists'], lists: ['type', Lists] }
