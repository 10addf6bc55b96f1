// The drawing laid out anew by the server, as one step that can be undone.

class Handler {
  constructor (elementRegistry, injector) {
    Object.assign(this, { elementRegistry, injector })
  }

  execute (context) {
    context.before = context.before || this.snapshot()
    return this.apply(context.after)
  }

  revert ({ before }) {
    return this.apply(before)
  }

  snapshot () {
    const found = new Map()
    this.elementRegistry.forEach((element) => {
      if (!element.parent) return
      const { id, waypoints, x, y, width, height } = element
      if (waypoints) found.set(id, { waypoints: waypoints.map(plain) })
      else if (width !== undefined) found.set(id, { bounds: { x, y, width, height } })
    })
    return found
  }

  apply (places) {
    const updater = this.injector.get('bpmnUpdater')
    const changed = []
    for (const [id, { bounds, waypoints }] of places) {
      const element = this.elementRegistry.get(id)
      if (!element?.parent) continue
      if (waypoints) {
        element.waypoints = waypoints.map(plain)
        updater.updateConnectionWaypoints(element)
      } else {
        Object.assign(element, bounds)
        updater.updateBounds(element)
      }
      changed.push(element)
    }
    return changed
  }
}
Handler.$inject = ['elementRegistry', 'injector']

const plain = ({ x, y }) => ({ x, y })
const box = ({ x, y, width, height }) => ({ x, y, width, height })

class Tidying {
  constructor (commandStack, moddle, elementRegistry) {
    Object.assign(this, { commandStack, moddle, elementRegistry })
    commandStack.registerHandler('studio.layout', Handler)
  }

  // Take over the places of everything from the same diagram, drawn anew.
  async adopt (xml) {
    const { rootElement } = await this.moddle.fromXML(xml)
    const after = new Map()
    for (const each of rootElement.diagrams[0].plane.planeElement) {
      const id = each.bpmnElement?.id
      if (!id) continue
      after.set(id, each.waypoint
        ? { waypoints: each.waypoint.map(plain) }
        : { bounds: box(each.bounds) })
      const words = this.elementRegistry.get(id)?.label
      if (words && each.label?.bounds) after.set(words.id, { bounds: box(each.label.bounds) })
    }
    this.commandStack.execute('studio.layout', { after })
  }
}
Tidying.$inject = ['commandStack', 'moddle', 'elementRegistry']

export default { __init__: ['tidying'], tidying: ['type', Tidying] }
