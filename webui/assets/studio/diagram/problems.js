// What the check finds, shown on the elements, in a list, and read aloud.

import { reveal } from './sight.js'

const PAUSE = 700

class Problems {
  constructor (config, eventBus, overlays, canvas, elementRegistry, selection) {
    Object.assign(this, { eventBus, overlays, canvas, elementRegistry, selection })
    this.file = config?.file || ''
    this.found = []
    this.place = document.getElementById('problems')
    this.count = document.getElementById('studio-problems')
    this.spoken = document.getElementById('studio-status')
    eventBus.on('commandStack.changed', () => this.soon())
    eventBus.on('elements.changed', () => this.mark())
    eventBus.on('element.updateId', ({ element, newId }) => this.rename(element.id, newId))
    eventBus.on('studio.trouble', () => this.wait(false))
    eventBus.on('studio.tidied', () => { this.isTidied = true })
  }

  of (element) {
    const { id } = element.businessObject || {}
    const isWhole = ['bpmn:Collaboration', 'bpmn:Participant'].includes(element.type)
    const ids = isWhole
      ? ['', this.processId(), id]
      : [id]
    return this.found.filter((each) => (
      each.file === this.file && !each.drawing && ids.includes(each.element)
    ))
  }

  processId () {
    return this.file.replace(/\.bpmn$/, '')
  }

  // What was found stays in its place, greyed, until the check has answered.
  wait (isWaiting) {
    document.getElementById('studio-editor').classList.toggle('is-checking', isWaiting)
  }

  rename (old, id) {
    for (const each of this.found) {
      if (each.file === this.file && each.element === old) each.element = id
    }
  }

  soon () {
    this.isTidied = false
    this.wait(true)
    clearTimeout(this.waiting)
    this.waiting = setTimeout(() => this.eventBus.fire('studio.check'), PAUSE)
  }

  show (found) {
    const before = this.here().length
    this.found = found
    this.wait(false)
    this.mark()
    this.list()
    const now = this.here().length
    if (now !== before) this.say(now ? `${things(now)} to mend.` : 'Nothing to mend in this diagram.')
    this.eventBus.fire('propertiesPanel.providersChanged')
  }

  say (text) {
    this.spoken.textContent = text
  }

  here () {
    return this.found.filter((each) => each.file === this.file && isWrong(each))
  }

  // A mark with a number on each element that something is wrong with.
  mark () {
    this.overlays.remove({ type: 'studio-problem' })
    const counts = new Map()
    for (const each of this.found) {
      if (each.file !== this.file || each.drawing) continue
      if (!this.elementRegistry.get(each.element)) continue
      counts.set(each.element, [...(counts.get(each.element) || []), each])
    }
    for (const [id, problems] of counts) {
      const element = this.elementRegistry.get(id)
      const isAdvice = problems.every((each) => each.severity === 'advice')
      const button = document.createElement('button')
      button.type = 'button'
      button.className = `app-mark${isAdvice ? ' app-mark--advice' : ''}`
      button.tabIndex = -1
      button.textContent = problems.length
      button.title = problems.map((each) => `${each.problem} ${each.remedy}`).join('\n')
      button.setAttribute('aria-label', `${things(problems.length)} to mend: ${element.businessObject.name || id}`)
      button.addEventListener('click', () => this.go(id))
      const position = element.waypoints
        ? { top: 0, left: 0 }
        : { top: -11, right: 11 }
      this.overlays.add(id, 'studio-problem', { position, html: button })
    }
  }

  go (id) {
    const element = this.elementRegistry.get(id) || this.canvas.getRootElement()
    this.selection.select(element)
    if (this.elementRegistry.get(id)) reveal(this.canvas, element)
  }

  list () {
    const here = this.found.filter((each) => each.file === this.file)
    const wrong = here.filter(isWrong)
    const drawing = here.filter((each) => each.drawing)
    const advice = here.filter((each) => each.severity === 'advice' && !each.drawing)
    const elsewhere = this.found.filter((each) => each.file !== this.file && isWrong(each))
    this.count.textContent = wrong.length ? `${things(wrong.length)} to mend` : 'Nothing to mend'
    this.count.classList.toggle('is-wrong', wrong.length > 0)
    const parts = [heading(wrong.length ? `${things(wrong.length)} to mend` : 'Nothing to mend')]
    if (wrong.length) parts.push(this.items(wrong))
    if (drawing.length) {
      const remedy = this.isTidied
        ? 'that is what tidying left; words can be dragged to a better place'
        : 'press “Tidy the drawing”, or drag words and steps apart'
      const title = `The drawing reads badly in ${places(drawing.length)}: ${remedy}`
      parts.push(folded(title, this.items(drawing, { isShort: true })))
    }
    if (advice.length) parts.push(folded(`Worth knowing (${advice.length})`, this.items(advice)))
    if (elsewhere.length) {
      parts.push(folded(`In other files (${elsewhere.length})`, this.items(elsewhere)))
    }
    this.place.replaceChildren(...parts)
  }

  items (problems, { isShort = false } = {}) {
    const list = document.createElement('ul')
    list.className = 'app-problems__list'
    for (const each of problems) {
      const item = document.createElement('li')
      item.append(this.leading(each), ` ${each.problem} `)
      if (!isShort) {
        const remedy = document.createElement('span')
        remedy.className = 'app-problems__remedy'
        remedy.textContent = each.remedy
        item.append(remedy)
      }
      list.append(item)
    }
    return list
  }

  leading ({ file, element }) {
    const drawn = this.elementRegistry.get(element)
    if (file === this.file) {
      const button = document.createElement('button')
      button.type = 'button'
      button.className = 'app-panel-link'
      button.textContent = drawn?.businessObject.name || element || 'The diagram'
      button.addEventListener('click', () => this.go(element))
      return button
    }
    const link = document.createElement('a')
    link.className = 'govuk-link'
    link.href = this.place.dataset.files + address(file, element)
    link.textContent = file
    return link
  }
}
Problems.$inject = [
  'config.studio', 'eventBus', 'overlays', 'canvas', 'elementRegistry', 'selection',
]

const isWrong = ({ severity, drawing }) => severity !== 'advice' && !drawing
const places = (number) => (number === 1 ? '1 place' : `${number} places`)
const things = (number) => (number === 1 ? '1 thing' : `${number} things`)

function heading (text) {
  const made = document.createElement('h2')
  made.className = 'govuk-heading-s'
  made.textContent = text
  return made
}

function folded (title, content) {
  const details = document.createElement('details')
  details.className = 'govuk-details'
  const summary = document.createElement('summary')
  summary.className = 'govuk-details__summary'
  summary.textContent = title
  details.append(summary, content)
  return details
}

const PLACES = { bpmn: 'diagrams', json: 'forms', dmn: 'tables' }

// Where another file of the draft is edited.
export function address (file, element = '') {
  const [, stem, kind] = file.match(/([^/]+)\.(\w+)$/) || []
  const wanted = element ? `?element=${encodeURIComponent(element)}` : ''
  if (PLACES[kind]) return `/${PLACES[kind]}/${stem}${wanted}`
  return file.startsWith('scenarios/') ? `/files/${file}` : `/periods${wanted}`
}

export default { __init__: ['problems'], problems: ['type', Problems] }
