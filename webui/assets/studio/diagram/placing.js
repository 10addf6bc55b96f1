// Where new elements go: between two steps, in a role's lane, on an edge, in free space.
import { isA } from './details.js'

const GAP = 50
const EDGE = 18
const BELOW = 110

const centre = ({ x, y, width, height }) => ({ x: x + width / 2, y: y + height / 2 })

class Placing {
  constructor (modeling, elementRegistry, spaceTool, elementFactory, autoPlace, together) {
    Object.assign(
      this,
      { modeling, elementRegistry, spaceTool, elementFactory, autoPlace, together },
    )
  }

  lanes () {
    return this.elementRegistry.filter((each) => isA(each, 'bpmn:Lane'))
      .sort((a, b) => a.y - b.y)
  }

  pool () {
    return this.elementRegistry.find((each) => isA(each, 'bpmn:Participant'))
  }

  laneOf (element) {
    const { x, y } = centre(element)
    return this.lanes().find((lane) => (
      y >= lane.y && y < lane.y + lane.height && x >= lane.x - EDGE
    ))
  }

  // The lane of a role, drawn below the others if there is none yet.
  laneNamed (name) {
    const found = this.lanes().find((lane) => lane.businessObject.name === name)
    if (found) return found
    const lanes = this.lanes()
    const made = lanes.length
      ? this.modeling.addLane(lanes[lanes.length - 1], 'bottom')
      : this.modeling.addLane(this.pool(), 'bottom')
    this.modeling.updateProperties(made, { name })
    return made
  }

  moveToLane (element, name) {
    this.together.run(() => {
      const lane = this.laneNamed(name)
      const { width, height } = element
      const spot = this.freeSpot(lane, element.x, { width, height }, element)
      const delta = { x: spot.x - element.x, y: spot.y - element.y }
      this.modeling.moveElements([element], delta, element.parent, { autoResize: true })
    })
  }

  // The nearest place in a lane, from x to the right, that covers nothing; where the lane
  // ends before it, all lanes are made longer.
  freeSpot (lane, x, { width, height }, except = null) {
    const y = Math.round(lane.y + (lane.height - height) / 2)
    const others = this.elementRegistry.filter((each) => (
      each !== except && isA(each, 'bpmn:FlowNode') && !each.labelTarget && each.host !== except
    ))
    const covers = (at) => others.some((each) => (
      at < each.x + each.width + 20 && at + width + 20 > each.x &&
      y < each.y + each.height + 10 && y + height + 10 > each.y
    ))
    let at = x
    while (covers(at)) at += 25
    const over = at + width + 40 - (lane.x + lane.width)
    if (over > 0) this.makeSpace('x', lane.x + lane.width - 5, over)
    return { x: at, y }
  }

  // Put a new shape behind a step: where the step led, the new one leads now.
  insertAfter (source, shape) {
    const next = this.leadsOn(source)
    if (!next) return this.branch(source, shape)
    const at = source.x + source.width + GAP
    this.makeSpace('x', at - GAP / 2, shape.width + GAP)
    const { y } = centre(source)
    const made = this.modeling.appendShape(
      source, shape, { x: at + shape.width / 2, y }, source.parent,
    )
    if (isA(made, 'bpmn:EndEvent')) return made
    this.modeling.reconnectStart(next, made, centre(made))
    return made
  }

  // A step that was dropped on a flow gets room between its neighbours.
  spread (shape) {
    const [into, out] = [shape.incoming[0], shape.outgoing[0]]
    if (!into || !out || isA(shape.parent, 'bpmn:SubProcess')) return
    const from = into.source.x + into.source.width
    const to = out.target.x
    if (to < from) return
    const wanted = Math.max(shape.x, from + GAP)
    const missing = wanted + shape.width + GAP - to
    if (missing > 0) this.makeSpace('x', to - 1, missing)
    if (wanted > shape.x) {
      this.modeling.moveElements([shape], { x: wanted - shape.x, y: 0 }, shape.parent)
    }
  }

  // One more way out: below the ways that are there, in the same lane.
  branch (source, shape) {
    const ways = source.outgoing.length
    if (!ways) return this.autoPlace.append(source, shape) || shape
    const { y } = centre(source)
    const at = { x: source.x + source.width + GAP + shape.width / 2, y: y + ways * BELOW }
    this.roomBelow(source, at.y + shape.height / 2 + 30)
    return this.modeling.appendShape(source, shape, at, source.parent)
  }

  // The one flow out of a step that a new step would take over.
  leadsOn (source) {
    if (isA(source, 'bpmn:Gateway')) return null
    const flows = source.outgoing.filter((each) => isA(each, 'bpmn:SequenceFlow'))
    return flows.length === 1 ? flows[0] : null
  }

  makeSpace (axis, start, size) {
    const everything = this.elementRegistry.filter((each) => each.parent && !each.waypoints)
    const { movingShapes, resizingShapes } = this.spaceTool.calculateAdjustments(
      everything, axis, size, start,
    )
    const delta = axis === 'x' ? { x: size, y: 0 } : { x: 0, y: size }
    const direction = axis === 'x' ? 'e' : 's'
    this.spaceTool.makeSpace(movingShapes, resizingShapes, delta, direction, start)
  }

  // The lane of a step reaches down as far as that; what is below moves on.
  roomBelow (element, bottom) {
    const lane = this.laneOf(element)
    if (!lane || isA(element.parent, 'bpmn:SubProcess')) return
    const edge = lane.y + lane.height
    if (bottom > edge) this.makeSpace('y', edge - 5, bottom - edge)
  }

  // A timer or message on the lower edge of a step, to the right of those there already.
  attach (host, attributes, name) {
    const taken = host.attachers?.length || 0
    const shape = this.elementFactory.createShape({ type: 'bpmn:BoundaryEvent', ...attributes })
    const x = host.x + Math.max(EDGE, host.width - 20 - taken * 45)
    const made = this.modeling.createShape(
      shape, { x, y: host.y + host.height }, host, { attach: true },
    )
    this.modeling.updateProperties(made, { name })
    return made
  }

  // A new shape in a lane, near x, with a flow from another element; without a lane on
  // the height of that element.
  lead (source, attributes, lane, x) {
    const shape = this.elementFactory.createShape(attributes)
    const level = { x, y: source.y + (source.height - shape.height) / 2 }
    const spot = lane ? this.freeSpot(lane, x, shape) : level
    const place = { x: spot.x + shape.width / 2, y: spot.y + shape.height / 2 }
    const made = this.modeling.createShape(shape, place, source.parent)
    this.modeling.connect(source, made)
    return made
  }

  // What begins on the edge of a step: below the step, to the right.
  below (event, host, attributes) {
    const shape = this.elementFactory.createShape(attributes)
    const at = {
      x: event.x + 55 + shape.width / 2, y: host.y + host.height + 40 + shape.height / 2,
    }
    this.roomBelow(host, at.y + shape.height / 2 + 30)
    const made = this.modeling.createShape(shape, at, host.parent)
    this.modeling.connect(event, made)
    return made
  }

  endBelow (event, host, name) {
    const made = this.below(event, host, { type: 'bpmn:EndEvent' })
    this.modeling.updateProperties(made, { name })
    return made
  }
}
Placing.$inject = [
  'modeling', 'elementRegistry', 'spaceTool', 'elementFactory', 'autoPlace', 'together',
]

export default { __init__: ['placing'], placing: ['type', Placing] }
