// The work on a process: how many cases stand at each step, tinted by number or by time,
// and how often each flow was taken. The tables below the diagram say the same in words.
import './work.css'
import NavigatedViewer from 'bpmn-js/lib/NavigatedViewer'

function badge (kind, href, text, label) {
  const link = document.createElement('a')
  link.className = `app-count ${kind}`
  link.href = href
  link.textContent = text
  link.setAttribute('aria-label', label)
  return link
}

function cases (number) { return number === 1 ? '1 case' : `${number} cases` }

function badges (step) {
  const box = document.createElement('div')
  box.className = 'app-counts'
  if (step.standing) {
    box.append(badge('', step.cases, `${step.standing}`, `${cases(step.standing)} at ${step.name}`))
  }
  if (step.overdue) {
    box.append(badge('app-count--late', step.late, `! ${step.overdue}`,
      `${cases(step.overdue)} overdue at ${step.name}`))
  }
  if (step.failed) {
    box.append(badge('app-count--failed', step.incidents, `× ${step.failed}`,
      `${cases(step.failed)} in need of repair at ${step.name}`))
  }
  return box
}

// A broad band under the flow: a thicker flow would have a thicker arrowhead too.
function tread (viewer, flow) {
  const drawn = viewer.get('elementRegistry').getGraphics(flow.id)
  const line = drawn.querySelector('.djs-visual > path')
  const band = document.createElementNS('http://www.w3.org/2000/svg', 'path')
  band.setAttribute('d', line.getAttribute('d'))
  band.setAttribute('class', `app-trodden app-trodden--${flow.level}`)
  drawn.insertBefore(band, drawn.firstChild)
}

function inWords (step) {
  const said = [`${cases(step.standing)} now`]
  if (step.overdue) said.push(`${step.overdue} overdue`)
  if (step.failed) said.push(`${step.failed} in need of repair`)
  if (step.took) said.push(step.took)
  return `${step.name}: ${said.join(', ')}.`
}

function explainSteps (work, viewer, steps) {
  const note = work.querySelector('[data-note]')
  const marked = viewer.get('canvas')
  const byElement = new Map(steps.map((step) => [step.element, step]))
  let shown = null
  const show = (id) => {
    const step = byElement.get(id)
    if (!step) return
    if (shown) marked.removeMarker(shown, 'is-shown')
    shown = id
    marked.addMarker(id, 'is-shown')
    note.textContent = inWords(step)
  }
  viewer.get('eventBus').on('element.hover', ({ element }) => show(element.id))
  for (const step of steps) {
    const drawn = viewer.get('elementRegistry').getGraphics(step.element)
    drawn.setAttribute('tabindex', '0')
    drawn.setAttribute('role', 'img')
    drawn.setAttribute('aria-label', inWords(step))
    drawn.addEventListener('focus', () => show(step.element))
  }
}

// No taller than the diagram needs: what follows on the page is worth seeing too.
function fit (canvas, picture) {
  const { inner, outer } = picture.viewbox()
  const needed = Math.max(260, outer.width * inner.height / inner.width + 60)
  if (needed < outer.height) {
    canvas.style.minHeight = '0'
    canvas.style.height = `${needed}px`
    picture.resized()
  }
  picture.zoom('fit-viewport')
}

async function start (work) {
  const canvas = work.querySelector('[data-xml]')
  const xml = await fetch(canvas.dataset.xml).then((answer) => answer.text())
  work.hidden = false
  const viewer = new NavigatedViewer({ container: canvas })
  await viewer.importXML(xml)
  const picture = viewer.get('canvas')
  const overlays = viewer.get('overlays')
  const known = (id) => viewer.get('elementRegistry').get(id) !== undefined
  const found = JSON.parse(work.dataset.work)
  const steps = found.steps.filter((step) => known(step.element))
  for (const flow of found.flows.filter((each) => known(each.id))) tread(viewer, flow)
  for (const step of steps) {
    if (step.standing || step.failed) {
      overlays.add(step.element, { position: { top: -14, left: -8 }, html: badges(step) })
    }
    if (step.down) {
      const link = badge('app-drill', step.down, 'Open', `Open the work on ${step.name}`)
      link.className = 'app-drill'
      overlays.add(step.element, { position: { bottom: 0, left: 0 }, html: link })
    }
  }
  let tinted = null
  const tint = (by) => {
    for (const step of steps) {
      if (tinted) picture.removeMarker(step.element, `heat-${step[tinted]}`)
      if (step[by]) picture.addMarker(step.element, `heat-${step[by]}`)
    }
    tinted = by
  }
  tint(work.dataset.tint)
  for (const choice of work.querySelectorAll('[name=tint-by]')) {
    choice.addEventListener('change', () => tint(choice.value))
  }
  explainSteps(work, viewer, steps)
  fit(canvas, picture)
}

// Where the viewer cannot run, the server's picture takes its place.
function fallBack (work) {
  work.hidden = true
  const picture = document.getElementById('picture')
  const image = document.createElement('img')
  image.src = picture.dataset.picture
  image.alt = 'The diagram with the work on it. The tables below say the same in words.'
  picture.hidden = false
  picture.append(image)
}

for (const work of document.querySelectorAll('[data-work]')) {
  document.getElementById('picture').hidden = true
  start(work).catch(() => fallBack(work))
}
