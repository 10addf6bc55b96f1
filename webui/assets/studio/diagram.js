// The studio's diagram editor: the page around the drawing.
import 'bpmn-js/dist/assets/diagram-js.css'
import 'bpmn-js/dist/assets/bpmn-js.css'
import 'bpmn-js/dist/assets/bpmn-font/css/bpmn.css'
import '@bpmn-io/properties-panel/dist/assets/properties-panel.css'
import 'bpmn-js-token-simulation/assets/css/bpmn-js-token-simulation.css'
import 'diagram-js-minimap/assets/diagram-js-minimap.css'
import './diagram/editor.css'
import { show } from './diagram/chooser.js'
import { makeModeler } from './diagram/modeler.js'
import { open, reveal, showAll } from './diagram/sight.js'

const find = (id) => document.getElementById(id)
const page = find('studio-editor')
const config = JSON.parse(page.dataset.editor)

const modeler = makeModeler(find('studio-canvas'), find('studio-panel'), config)
const service = (name) => modeler.get(name)
const office = service('studioOffice')
const eventBus = service('eventBus')
const status = find('studio-status')
const say = (text) => { status.textContent = text }

function state ({ text } = {}) {
  const stack = service('commandStack')
  const isPlaying = page.classList.contains('is-simulating')
  find('studio-undo').disabled = isPlaying || !stack.canUndo()
  find('studio-redo').disabled = isPlaying || !stack.canRedo()
  find('studio-tidy').disabled = isPlaying
  find('studio-save').disabled = config.isClosed
  if (text) find('studio-saved').textContent = text
  else if (office.isDirty) find('studio-saved').textContent = 'Not saved yet'
}

function notice (title, text, buttons) {
  const place = find('studio-notice')
  const box = document.createElement('div')
  box.className = 'app-notice'
  box.setAttribute('role', 'alert')
  const heading = document.createElement('h2')
  heading.className = 'govuk-heading-s'
  heading.textContent = title
  const said = document.createElement('p')
  said.className = 'govuk-body'
  said.textContent = text
  box.append(heading, said)
  for (const [words, work] of buttons) {
    const button = document.createElement('button')
    button.type = 'button'
    button.className = 'app-panel-button'
    button.textContent = words
    button.addEventListener('click', () => work(() => place.replaceChildren()))
    box.append(button, ' ')
  }
  place.replaceChildren(box)
}

function download (xml) {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([xml], { type: 'application/xml' }))
  link.download = config.file
  link.click()
  URL.revokeObjectURL(link.href)
}

function conflict ({ error, files }) {
  notice('Somebody else has saved this diagram', `${error.message} Your work is still here, and kept in this browser.`, [
    ['Download my diagram', () => download(files[config.file])],
    ['Save mine over theirs', async (close) => {
      office.isStopped = false
      if (await office.overwrite(error.revision)) close()
    }],
    ['Take theirs, give up mine', () => {
      office.forget()
      office.isDirty = false
      window.location.reload()
    }],
  ])
}

function offerKept () {
  const kept = office.kept()
  if (!kept) return
  const at = new Date(kept.at).toLocaleString('en-GB')
  notice('There is unsaved work in this browser', `It is from ${at}.`, [
    ['Restore it', async (close) => {
      await office.restore(kept)
      close()
    }],
    ['Throw it away', (close) => {
      office.forget()
      close()
    }],
  ])
}

async function tidy (event) {
  const button = event.currentTarget
  button.disabled = true
  find('studio-saved').textContent = 'Tidying the drawing. This can take half a minute…'
  say('Tidying the drawing.')
  try {
    await office.tidy()
    say('The drawing was tidied. Undo brings the old one back.')
  } catch (error) {
    office.tell(error)
  } finally {
    button.disabled = false
    state()
  }
}

function simulate (event) {
  const button = event.currentTarget
  const isOn = button.getAttribute('aria-pressed') !== 'true'
  button.setAttribute('aria-pressed', String(isOn))
  service('toggleMode').toggleMode(isOn)
  page.classList.toggle('is-simulating', isOn)
  state()
  say(isOn ? 'Trying the flow: press a start, then follow the dots.' : 'Drawing again.')
}

function connectButtons () {
  const on = (id, work) => find(id).addEventListener('click', work)
  on('studio-save', () => office.save())
  on('studio-undo', () => service('commandStack').undo())
  on('studio-redo', () => service('commandStack').redo())
  on('studio-tidy', tidy)
  on('studio-simulate', simulate)
  on('studio-search', (event) => {
    // A press that goes further would close the search again.
    event.stopPropagation()
    service('searchPad').toggle()
  })
  on('studio-fit', () => showAll(service('canvas')))
  on('studio-map', (event) => {
    service('minimap').toggle()
    event.currentTarget.setAttribute('aria-pressed', String(service('minimap').isOpen()))
  })
  on('studio-problems', () => {
    find('problems').scrollIntoView({ block: 'center' })
    find('problems').focus()
  })
  on('studio-keys', () => show(
    'Keys', find('studio-keys-list').content.cloneNode(true),
  ))
}

function listen () {
  eventBus.on('commandStack.changed', () => state())
  eventBus.on('studio.state', state)
  eventBus.on('studio.conflict', conflict)
  eventBus.on('studio.trouble', ({ message }) => notice('This did not work', message, [
    ['Close', (close) => close()],
  ]))
  window.addEventListener('beforeunload', (event) => {
    if (office.isDirty && !config.isClosed) event.preventDefault()
  })
  document.addEventListener('keydown', (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key === 's') {
      event.preventDefault()
      office.save()
    }
  })
}

// The drawing ends where the window ends, wherever the page above it does.
function room () {
  const stage = find('studio-canvas').parentElement
  const top = stage.getBoundingClientRect().top + window.scrollY
  stage.style.setProperty('--stage-top', `${Math.round(top)}px`)
}

// The element that the address names; the panel listens once it has been drawn.
function selectWanted () {
  const wanted = new URLSearchParams(window.location.search).get('element')
  const element = wanted && service('elementRegistry').get(wanted)
  if (!element) return
  service('canvas').zoom(1)
  reveal(service('canvas'), element)
  service('selection').select(element)
}

// In a low window the palette scrolls, so the keyboard must reach it.
function nameThePalette () {
  const palette = find('studio-canvas').querySelector('.djs-palette')
  palette.tabIndex = 0
  palette.setAttribute('role', 'region')
  palette.setAttribute('aria-label', 'What can be drawn')
}

async function start () {
  page.hidden = false
  document.querySelectorAll('[data-without-editor]').forEach((each) => { each.hidden = true })
  room()
  window.addEventListener('resize', room)
  listen()
  connectButtons()
  try {
    await modeler.importXML(config.xml)
  } catch (error) {
    page.hidden = true
    document.querySelectorAll('[data-without-editor]').forEach((each) => { each.hidden = false })
    return
  }
  open(service('canvas'))
  nameThePalette()
  state({ text: config.isNew ? 'Not saved yet' : 'Saved' })
  service('problems').show(JSON.parse(page.dataset.problems))
  offerKept()
  await office.learn().catch((error) => office.tell(error))
  selectWanted()
  office.startAutosave()
  page.dataset.ready = 'true'
}

window.studioModeler = modeler
start()
