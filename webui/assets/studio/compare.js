// Two versions of a diagram side by side: what differs is coloured and signed, both move
// together, and each sentence of the list leads to its element. Without this script the
// page shows the same as pictures.
import NavigatedViewer from 'bpmn-js/lib/NavigatedViewer'

const SIGNS = {
  added: ['+', 'Added'], removed: ['−', 'Taken out'], changed: ['≠', 'Changed'],
}

async function open (canvas, marks) {
  const xml = await fetch(canvas.dataset.xml).then((answer) => {
    if (!answer.ok) throw new Error(answer.statusText)
    return answer.text()
  })
  canvas.hidden = false
  const viewer = new NavigatedViewer({
    container: canvas, canvas: { deferUpdate: false },
  })
  await viewer.importXML(xml)
  const elements = registry(viewer)
  const overlays = viewer.get('overlays')
  for (const [id, how] of Object.entries(marks)) {
    const element = elements.get(id)
    if (!element) continue
    viewer.get('canvas').addMarker(id, `is-${how}`)
    const sign = document.createElement('span')
    sign.className = `app-sign app-sign--${how}`
    sign.textContent = SIGNS[how][0]
    sign.title = SIGNS[how][1]
    overlays.add(id, { position: placed(element), html: sign })
  }
  return viewer
}

// A sign sits on a shape's upper left corner, or in the middle of a flow's first stretch.
function placed (element) {
  if (!element.waypoints) return { top: -12, left: -12 }
  const [from, to] = element.waypoints
  const left = Math.min(...element.waypoints.map((point) => point.x))
  const top = Math.min(...element.waypoints.map((point) => point.y))
  return { top: (from.y + to.y) / 2 - top - 11, left: (from.x + to.x) / 2 - left - 11 }
}

// Each follows the other's movement from where it stands: the same step may be drawn in
// another place in the two versions.
function moveTogether (viewers) {
  const last = new Map(viewers.map((viewer) => [viewer, seenBy(viewer)]))
  let isFollowing = false
  for (const viewer of viewers) {
    viewer.on('canvas.viewbox.changed', () => {
      const before = last.get(viewer)
      const now = seenBy(viewer)
      last.set(viewer, now)
      if (isFollowing) return
      isFollowing = true
      for (const other of viewers.filter((each) => each !== viewer)) {
        const { x, y } = seenBy(other)
        other.get('canvas').viewbox({
          ...now, x: x + now.x - before.x, y: y + now.y - before.y,
        })
        last.set(other, seenBy(other))
      }
      isFollowing = false
    })
  }
  return (work) => {
    isFollowing = true
    work()
    isFollowing = false
  }
}

function seenBy (viewer) {
  const { x, y, width, height } = viewer.get('canvas').viewbox()
  return { x, y, width, height }
}

function middle (element) {
  if (!element.waypoints) {
    return { x: element.x + element.width / 2, y: element.y + element.height / 2 }
  }
  const [from, to] = element.waypoints
  return { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 }
}

// Brings the element into the middle of both diagrams. Where one of them has no such
// element, it shows the place: as far from the nearest step that both have.
function show (viewers, id) {
  const holder = viewers.find((viewer) => registry(viewer).get(id))
  const wanted = middle(registry(holder).get(id))
  for (const viewer of viewers) {
    const canvas = viewer.get('canvas')
    for (const shown of registry(viewer).filter((each) => canvas.hasMarker(each, 'is-shown'))) {
      canvas.removeMarker(shown, 'is-shown')
    }
    const own = registry(viewer).get(id)
    const { x, y } = own ? middle(own) : place(holder, viewer, wanted)
    const { outer } = canvas.viewbox()
    const scale = Math.max(canvas.zoom(), 0.8)
    const [width, height] = [outer.width / scale, outer.height / scale]
    canvas.viewbox({ x: x - width / 2, y: y - height / 2, width, height })
    if (own) canvas.addMarker(id, 'is-shown')
  }
}

function place (holder, viewer, wanted) {
  const far = (element) => {
    const { x, y } = middle(element)
    return Math.hypot(x - wanted.x, y - wanted.y)
  }
  const both = registry(holder)
    .filter((each) => each.businessObject?.$instanceOf?.('bpmn:FlowNode') && !each.labelTarget)
    .filter((each) => registry(viewer).get(each.id))
    .sort((one, two) => far(one) - far(two))
  if (!both.length) return wanted
  const [here, there] = [middle(both[0]), middle(registry(viewer).get(both[0].id))]
  return { x: wanted.x + there.x - here.x, y: wanted.y + there.y - here.y }
}

function registry (viewer) {
  return viewer.get('elementRegistry')
}

function holds (viewers, id) {
  return viewers.some((viewer) => registry(viewer).get(id))
}

// Unless both fit at a readable size, start with the first difference.
function begin (viewers, marks) {
  for (const viewer of viewers) viewer.get('canvas').zoom('fit-viewport')
  const first = Object.keys(marks).find((id) => holds(viewers, id))
  if (first && viewers[0].get('canvas').zoom() < 0.5) show(viewers, first)
}

async function compare (section) {
  const marks = JSON.parse(section.dataset.compare)
  const canvases = [...section.querySelectorAll('[data-side]')]
  const viewers = await Promise.all(canvases.map((canvas) => open(canvas, marks)))
  for (const picture of section.querySelectorAll('.app-picture')) picture.hidden = true
  begin(viewers, marks)
  const apart = moveTogether(viewers)
  for (const button of section.querySelectorAll('[data-element]')) {
    const id = button.dataset.element
    if (!holds(viewers, id)) continue
    button.hidden = false
    button.addEventListener('click', () => {
      apart(() => show(viewers, id))
      canvases[0].scrollIntoView({ block: 'nearest' })
    })
  }
}

function pictures (section) {
  for (const canvas of section.querySelectorAll('[data-side]')) canvas.hidden = true
  for (const picture of section.querySelectorAll('.app-picture')) picture.hidden = false
}

const seen = new IntersectionObserver((entries) => {
  for (const entry of entries) {
    if (!entry.isIntersecting) continue
    seen.unobserve(entry.target)
    compare(entry.target).catch(() => pictures(entry.target))
  }
}, { rootMargin: '400px' })
for (const section of document.querySelectorAll('[data-compare]')) seen.observe(section)
