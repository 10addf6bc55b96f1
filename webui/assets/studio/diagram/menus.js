// The palette, the pad beside an element and the menus: only what the engine runs.
import { followers, alternatives, attributes, GROUPS, KINDS } from './kinds.js'
import { PIECES } from './pieces.js'
import { isA } from './details.js'
import { reveal } from './sight.js'

// What stands in the palette, in the few words that fit there.
const IN_PALETTE = {
  'task-with-escalation': 'Task, due date',
  'statutory-period': 'Period set by law',
  'each-person': 'Serve on each',
  task: 'Task for a person',
  letter: 'Letter or notice',
  note: 'Note a fact',
  decision: 'Decision table',
  call: 'Another process',
  part: 'Part with steps',
  question: 'Question',
  both: 'At the same time',
  first: 'Whichever is first',
  wait: 'Wait for a day',
  receive: 'Wait for message',
  send: 'Send a message',
  due: 'Due date of a task',
  'too-late': 'Time is up',
  end: 'End',
}
const entry = (words) => (
  `<div class="entry" draggable="true"><span class="app-word">${words}</span></div>`
)

// A title holds the words that are seen.
const titled = (words, title) => (title.includes(words) ? title : `${words}: ${title}`)

class Menus {
  constructor (injector, popupMenu, canvas, editorActions, keyboard, selection) {
    Object.assign(this, { injector, popupMenu, canvas, selection })
    const provide = (id, entries) => popupMenu.registerProvider(id, {
      getPopupMenuEntries: entries,
    })
    provide('studio-append', (element) => this.appendEntries(element))
    provide('studio-create', () => this.createEntries())
    editorActions.register('appendElement', () => this.openAppend())
    editorActions.register('createElement', (event) => this.openCreate(event))
    const keys = { a: 'appendElement', n: 'createElement' }
    keyboard.addListener(({ keyEvent }) => {
      const action = keys[keyEvent.key?.toLowerCase()]
      if (!action || keyboard.hasModifier(keyEvent)) return
      editorActions.trigger(action, keyEvent)
      return true
    })
  }

  openAppend (element = this.selection.get()[0]) {
    if (!element || !isA(element, 'bpmn:FlowNode') || isA(element, 'bpmn:EndEvent')) return
    this.popupMenu.open(element, 'studio-append', this.beside(element), {
      title: 'What comes next', width: 340, search: true,
    })
  }

  openCreate () {
    const { clientWidth } = this.canvas.getContainer()
    const box = this.canvas.getContainer().getBoundingClientRect()
    this.popupMenu.open(
      this.canvas.getRootElement(), 'studio-create',
      { x: box.left + clientWidth / 3, y: box.top + 60 },
      { title: 'Draw', width: 340, search: true },
    )
  }

  beside (element) {
    const { x, y, width } = this.canvas.getAbsoluteBBox(element)
    const box = this.canvas.getContainer().getBoundingClientRect()
    return { x: box.left + x + width + 10, y: box.top + y }
  }

  appendEntries (element) {
    const found = {}
    const isWaiting = isA(element, 'bpmn:EventBasedGateway')
    for (const piece of isWaiting ? [] : PIECES) {
      found[`append-${piece.id}`] = this.entry(piece, () => {
        this.select(this.injector.get('pieces').after(element, piece))
      })
    }
    for (const kind of followers(element)) {
      found[`append-${kind.id}`] = this.entry(kind, () => this.append(element, kind))
    }
    return found
  }

  append (element, kind) {
    const factory = this.injector.get('elementFactory')
    let made
    this.injector.get('together').run(() => {
      made = this.injector.get('placing').insertAfter(
        element, factory.createShape(attributes(kind)),
      )
      if (isA(made, 'bpmn:SubProcess')) this.begin(made)
    })
    this.select(made)
    if (!isA(made, 'bpmn:SubProcess')) this.injector.get('directEditing').activate(made)
  }

  // A part has a beginning of its own.
  begin (part) {
    const shape = this.injector.get('elementFactory').createShape({ type: 'bpmn:StartEvent' })
    this.injector.get('modeling').createShape(shape, { x: part.x + 40, y: part.y + 80 }, part)
  }

  createEntries () {
    const found = {}
    for (const kind of [...PIECES, ...KINDS]) {
      const start = (event) => this.start(event, kind)
      found[`create-${kind.id}`] = { ...this.entry(kind, start), action: { click: start, dragstart: start } }
    }
    return found
  }

  // Carry a new shape on the pointer until it is put down.
  start (event, kind) {
    this.popupMenu.close()
    const [create, factory, pieces] = ['create', 'elementFactory', 'pieces']
      .map((name) => this.injector.get(name))
    if (kind.finish) {
      const shapes = [pieces.shape(kind)]
      return create.start(event, shapes, { hints: { piece: kind.id, autoSelect: shapes } })
    }
    if (kind.type !== 'bpmn:SubProcess') {
      return create.start(event, factory.createShape(attributes(kind)))
    }
    const part = factory.createShape({ ...attributes(kind), x: 0, y: 0 })
    const begin = factory.createShape({ type: 'bpmn:StartEvent', x: 40, y: 82, parent: part })
    create.start(event, [part, begin], { hints: { autoSelect: [part] } })
  }

  entry (kind, action) {
    return {
      label: kind.title,
      className: kind.icon,
      group: { id: kind.group, name: GROUPS[kind.group] },
      action,
    }
  }

  select (element) {
    this.selection.select(element)
    reveal(this.canvas, element)
  }
}
Menus.$inject = ['injector', 'popupMenu', 'canvas', 'editorActions', 'keyboard', 'selection']

class Palette {
  constructor (palette, menus, injector) {
    Object.assign(this, { menus, injector })
    palette.registerProvider(this)
  }

  getPaletteEntries () {
    const tool = (className, words, title, name, method) => ({
      group: 'tools',
      className: `${className} app-tool`,
      html: entry(words),
      title,
      action: { click: (event) => this.injector.get(name)[method](event) },
    })
    const entries = {
      'hand-tool': tool(
        'bpmn-icon-hand-tool', 'Move', 'Move the drawing (H)', 'handTool', 'activateHand',
      ),
      'lasso-tool': tool(
        'bpmn-icon-lasso-tool', 'Select', 'Select several (L)', 'lassoTool',
        'activateSelection',
      ),
      'space-tool': tool(
        'bpmn-icon-space-tool', 'Space', 'Make space (S)', 'spaceTool', 'activateSelection',
      ),
      'connect-tool': tool(
        'bpmn-icon-connection-multi', 'Connect', 'Connect two elements (C)', 'globalConnect',
        'start',
      ),
      'tool-separator': { group: 'tools', separator: true },
    }
    for (const kind of [...PIECES, ...KINDS].filter(({ id }) => id in IN_PALETTE)) {
      const start = (event) => this.menus.start(event, kind)
      entries[`create.${kind.id}`] = {
        group: kind.group,
        className: `${kind.icon}${kind.finish ? ' app-piece' : ''}`,
        html: entry(IN_PALETTE[kind.id]),
        title: titled(IN_PALETTE[kind.id], kind.title),
        action: { dragstart: start, click: start },
      }
    }
    entries['create.more'] = {
      group: 'more',
      className: 'app-more',
      html: entry('Everything else'),
      title: 'Everything else that can be drawn (N)',
      action: { click: () => this.menus.openCreate() },
    }
    return entries
  }
}
Palette.$inject = ['palette', 'menus', 'injector']

class Pad {
  constructor (contextPad, menus, injector) {
    Object.assign(this, { menus, injector })
    contextPad.registerProvider(this)
  }

  getMultiElementContextPadEntries () {
    return {
      delete: this.entry('edit', 'bpmn-icon-trash', 'Delete', (_, elements) => {
        this.injector.get('modeling').removeElements([...elements])
      }),
    }
  }

  getContextPadEntries (element) {
    const found = {}
    if (element.type === 'label') return found
    if (isA(element, 'bpmn:Lane', 'bpmn:Participant')) {
      this.laneEntries(element, found)
    }
    if (isA(element, 'bpmn:FlowNode') && !isA(element, 'bpmn:EndEvent')) {
      this.stepEntries(element, found)
    }
    if (isA(element, 'bpmn:UserTask')) {
      found['due-date'] = this.entry(
        'model', 'bpmn-icon-intermediate-event-catch-non-interrupting-timer',
        'Give it a due date', () => this.injector.get('pieces').addDueDate(element),
      )
    }
    if (alternatives(element).length) {
      found.replace = this.entry('edit', 'bpmn-icon-screw-wrench', 'Change what it is (R)', () => {
        this.openReplace(element)
      })
    }
    if (isA(element, 'bpmn:FlowNode', 'bpmn:SequenceFlow')) {
      found.annotate = this.entry(
        'model', 'bpmn-icon-text-annotation', 'Add a remark', (event) => this.annotate(element),
      )
    }
    if (!isA(element, 'bpmn:Participant', 'bpmn:Collaboration')) {
      found.delete = this.entry('edit', 'bpmn-icon-trash', 'Delete (Del)', () => {
        this.injector.get('modeling').removeElements([element])
      })
    }
    return found
  }

  laneEntries (element, found) {
    const modeling = this.injector.get('modeling')
    found['lane-above'] = this.entry(
      'lane', 'bpmn-icon-lane-insert-above', 'Add a lane above',
      () => modeling.addLane(element, 'top'),
    )
    found['lane-below'] = this.entry(
      'lane', 'bpmn-icon-lane-insert-below', 'Add a lane below',
      () => modeling.addLane(element, 'bottom'),
    )
  }

  stepEntries (element, found) {
    found.append = this.entry(
      'model', 'app-append', 'What comes next (A)', () => this.menus.openAppend(element),
    )
    found.append.html = '<div class="entry app-append"><span aria-hidden="true">+</span></div>'
    const connect = (event) => this.injector.get('connect').start(event, element)
    found.connect = this.entry(
      'connect', 'bpmn-icon-connection-multi', 'Lead to another element', connect,
    )
    found.connect.action.dragstart = connect
  }

  annotate (element) {
    const [factory, autoPlace] = ['elementFactory', 'autoPlace']
      .map((name) => this.injector.get(name))
    autoPlace.append(element, factory.createShape({ type: 'bpmn:TextAnnotation' }))
  }

  openReplace (element) {
    this.injector.get('popupMenu').open(element, 'bpmn-replace', this.menus.beside(element), {
      title: 'Change what it is', width: 340, search: true,
    })
  }

  entry (group, className, title, click) {
    return { group, className, title, action: { click } }
  }
}
Pad.$inject = ['contextPad', 'menus', 'injector']

class Replace {
  constructor (popupMenu, bpmnReplace, menus) {
    popupMenu.registerProvider('bpmn-replace', {
      getPopupMenuEntries: (element) => Object.fromEntries(
        alternatives(element).map((kind) => [
          `replace-${kind.id}`,
          menus.entry(kind, () => bpmnReplace.replaceElement(element, attributes(kind))),
        ]),
      ),
    })
  }
}
Replace.$inject = ['popupMenu', 'bpmnReplace', 'menus']

export default {
  __init__: ['menus', 'paletteProvider', 'contextPadProvider', 'replaceMenuProvider'],
  menus: ['type', Menus],
  paletteProvider: ['type', Palette],
  contextPadProvider: ['type', Pad],
  replaceMenuProvider: ['type', Replace],
}
