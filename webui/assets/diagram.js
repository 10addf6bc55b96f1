// The case page's diagram: bpmn.io's viewer, a token where the case stands, and a way
// down into each called process. The page shows a picture where this does not run.
import NavigatedViewer from 'bpmn-js/lib/NavigatedViewer'

async function show (canvas) {
  const [xml, state] = await Promise.all([
    fetch(canvas.dataset.xml).then((answer) => answer.text()),
    fetch(canvas.dataset.state).then((answer) => answer.json()),
  ])
  const viewer = new NavigatedViewer({ container: canvas })
  await viewer.importXML(xml)
  const picture = viewer.get('canvas')
  const overlays = viewer.get('overlays')
  const elements = viewer.get('elementRegistry')
  const known = (id) => elements.get(id) !== undefined
  for (const id of state.done.filter(known)) picture.addMarker(id, 'is-done')
  for (const id of state.flows_taken.filter(known)) picture.addMarker(id, 'is-taken')
  for (const id of state.current.filter(known)) {
    picture.addMarker(id, 'is-current')
    const token = document.createElement('div')
    token.className = 'app-token'
    token.title = 'The case is here'
    overlays.add(id, { position: { top: -12, left: -12 }, html: token })
  }
  for (const called of state.called.filter((each) => known(each.element) && each.href)) {
    const link = document.createElement('a')
    link.className = 'app-drill'
    link.href = called.href
    link.textContent = 'Open'
    link.setAttribute('aria-label', `Open the diagram of ${called.title}`)
    overlays.add(called.element, { position: { bottom: 0, left: 0 }, html: link })
  }
  explain(canvas, viewer, state.passed)
  picture.zoom('fit-viewport')
  const start = state.current.find(known)
  if (picture.zoom() < 0.5 && start) {
    const { x, y, width, height } = elements.get(start)
    picture.zoom(0.8, { x: 0, y: 0 })
    const view = picture.viewbox()
    picture.viewbox({
      ...view, x: x + width / 2 - view.width / 2, y: y + height / 2 - view.height / 2,
    })
  }
}

// Says below the diagram when a step was passed and by whom: on pointing, and on focus.
function explain (canvas, viewer, passed) {
  const note = document.querySelector(`[data-note="${canvas.dataset.diagram}"]`)
  const elements = viewer.get('elementRegistry')
  if (!note || !passed) return
  note.hidden = false
  const say = (id) => { if (passed[id]) note.textContent = passed[id] }
  viewer.get('eventBus').on('element.hover', ({ element }) => say(element.id))
  for (const [id, words] of Object.entries(passed)) {
    const drawn = elements.get(id) && elements.getGraphics(id)
    if (!drawn) continue
    drawn.setAttribute('tabindex', '0')
    drawn.setAttribute('role', 'img')
    drawn.setAttribute('aria-label', words)
    drawn.addEventListener('focus', () => say(id))
  }
}

for (const canvas of document.querySelectorAll('[data-diagram]')) {
  canvas.hidden = false
  show(canvas).then(() => {
    const picture = document.getElementById(canvas.dataset.diagram)
    if (picture) picture.hidden = true
  }).catch(() => { canvas.hidden = true })
}
