// Elements keep the order of their file: flows out of a question are tried in it, and a
// small change stays a small difference. Drawing libraries move what is touched to the end.

const LISTS = ['flowElements', 'flowNodeRef', 'incoming', 'outgoing', 'planeElement']

class Order {
  constructor (eventBus, bpmnjs) {
    this.known = new Map()
    eventBus.on('import.render.start', () => this.learn(bpmnjs.getDefinitions()))
    eventBus.on('saveXML.start', ({ definitions }) => this.restore(definitions))
  }

  learn (definitions) {
    this.known.clear()
    walk(definitions, (owner, list) => {
      this.known.set(`${owner.id}.${list}`, owner[list].map(({ id }) => id))
    })
  }

  restore (definitions) {
    walk(definitions, (owner, list) => {
      const before = this.known.get(`${owner.id}.${list}`) || []
      const place = new Map(before.map((id, at) => [id, at]))
      const old = owner[list].filter(({ id }) => place.has(id))
      const added = owner[list].filter(({ id }) => !place.has(id))
      old.sort((a, b) => place.get(a.id) - place.get(b.id))
      for (const each of added) insert(old, each)
      owner[list].splice(0, owner[list].length, ...old)
    })
  }
}
Order.$inject = ['eventBus', 'bpmnjs']

// A new step stands behind the step that leads to it; anything else at the end.
function insert (list, added) {
  const first = added.incoming?.[0]?.sourceRef || added.attachedToRef
  const at = first ? list.indexOf(first) : -1
  list.splice(at < 0 ? list.length : at + 1, 0, added)
}

function walk (owner, visit) {
  for (const list of LISTS) {
    if (Array.isArray(owner[list]) && owner[list].length) visit(owner, list)
  }
  const parts = [
    ...(owner.rootElements || []), ...(owner.flowElements || []), ...(owner.laneSets || []),
    ...(owner.lanes || []), ...(owner.diagrams || []), ...(owner.plane ? [owner.plane] : []),
  ]
  for (const part of parts) walk(part, visit)
}

export default { __init__: ['order'], order: ['type', Order] }
